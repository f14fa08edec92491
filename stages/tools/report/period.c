/* period: see period.h. */
#include "stages/tools/report/period.h"

#include "common/timetext.h"

#include <stdio.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

static const char *const names[] = {"day", "week", "month"};

const char *
period_name(enum period period)
{
    return names[period];
}

enum period
period_parse(const char *name)
{
    for (int i = 0; i < (int)(sizeof(names) / sizeof(names[0])); i++)
        if (strcmp(names[i], name) == 0)
            return (enum period)i;
    return PERIOD_NONE;
}

/* Dates are counted as if they were UTC's: no clock changes among them. */
static void
monday_of(const char *day, char out[PERIOD_SIZE])
{
    char text[TIMETEXT_SIZE];
    int64_t ms, since_monday;

    if (timetext_parse(day, strlen(day), &ms) < 0)
        return;
    /* The 5th of January 1970 was one. */
    since_monday = ((ms / DAY_MS - 4) % 7 + 7) % 7;
    snprintf(out, PERIOD_SIZE, "%.10s",
             timetext_s(ms - since_monday * DAY_MS, text));
}

void
period_of(enum period period, const char *day, char out[PERIOD_SIZE])
{
    snprintf(out, PERIOD_SIZE, "%.*s", period == PERIOD_MONTH ? 7 : 10, day);
    if (period == PERIOD_WEEK)
        monday_of(day, out);
}
