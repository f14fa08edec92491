/* clock: the sandbox's time: the real one, moved by /__sandbox/clock. */
#include "tests/sandbox/sandbox.h"
#include "common/clock.h"
#include "common/timetext.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Neither side of a move goes further than this from 1970. */
#define FAR_MS TIMETEXT_MAX

static int64_t offset_ms;

int64_t
sandbox_now_ms(void)
{
    return clock_now_ms() + offset_ms;
}

bool
clock_duration(const cJSON *value, int64_t *ms)
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {{"", 1},      {"ms", 1},      {"s", 1000},
                 {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
    long long n;
    char *end;

    if (cJSON_IsNumber(value)) {
        if (!(fabs(value->valuedouble) <= (double)FAR_MS))
            return false;
        *ms = (int64_t)value->valuedouble;
        return true;
    }
    if (!cJSON_IsString(value))
        return false;
    errno = 0;
    n = strtoll(value->valuestring, &end, 10);
    if (end == value->valuestring || errno != 0)
        return false;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(end, units[i].name) != 0)
            continue;
        if (n > FAR_MS / units[i].ms || n < -FAR_MS / units[i].ms)
            return false;
        *ms = n * units[i].ms;
        return true;
    }
    return false;
}

/* ms since 1970, or a text that timetext_parse() reads. */
static bool
point(const cJSON *value, int64_t *ms)
{
    if (cJSON_IsString(value))
        return timetext_parse(value->valuestring, strlen(value->valuestring),
                              ms) == 0;
    return cJSON_IsNumber(value) && clock_duration(value, ms);
}

bool
clock_set(const cJSON *body, const char **why)
{
    const cJSON *set = cJSON_GetObjectItemCaseSensitive(body, "set");
    const cJSON *by = cJSON_GetObjectItemCaseSensitive(body, "advance");
    int64_t now, ms;

    if (by == NULL)
        by = cJSON_GetObjectItemCaseSensitive(body, "advance_ms");
    *why = "one is wanted: {\"advance\": \"10m\" or ms}, {\"advance_ms\": n} "
           "or {\"set\": ms or \"2026-01-31T10:00:00Z\"}";
    if ((set == NULL) == (by == NULL))
        return false;
    if (by != NULL) {
        *why = "an advance is ms, or a text like 500ms 90s 10m 2h 1d";
        if (!clock_duration(by, &ms))
            return false;
        now = sandbox_now_ms() + ms;
    } else {
        *why = "a time is ms since 1970, or a text like 2026-01-31T10:00:00Z";
        if (!point(set, &now))
            return false;
    }
    *why = "the clock does not go there: 1970 to 9999";
    if (now < 0 || now > FAR_MS)
        return false;
    offset_ms = now - clock_now_ms();
    return true;
}
