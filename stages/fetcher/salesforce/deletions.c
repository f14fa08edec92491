/* deletions: see deletions.h. */
#include "stages/fetcher/salesforce/deletions.h"
#include "common/json.h"
#include "common/timetext.h"

#include <stdio.h>
#include <string.h>

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define LATE   (2 * HOUR)
/* An hour less than it may be: the two clocks may differ. */
#define KNOWN (15 * 24 * HOUR - HOUR)

void
deletions_read(struct deletions *d, const cJSON *cursor)
{
    const cJSON *own = cJSON_GetObjectItemCaseSensitive(cursor, "deletions");

    if (!json_i64(own, "covered", &d->covered) ||
        !json_i64(own, "asked_at", &d->asked_at))
        *d = (struct deletions){0};
}

void
deletions_write(const struct deletions *d, cJSON *cursor)
{
    cJSON *own = cJSON_CreateObject();

    cJSON_AddNumberToObject(own, "covered", (double)d->covered);
    cJSON_AddNumberToObject(own, "asked_at", (double)d->asked_at);
    cJSON_DeleteItemFromObjectCaseSensitive(cursor, "deletions");
    cJSON_AddItemToObject(cursor, "deletions", own);
}

void
deletions_begin(struct deletions *d, int64_t now)
{
    *d = (struct deletions){now, now};
}

bool
deletions_are_due(const struct deletions *d, int64_t now)
{
    return now - d->asked_at >= DELETIONS_EVERY_MS;
}

static int64_t
minute(int64_t ms)
{
    return ms / MINUTE * MINUTE;
}

void
deletions_span(const struct deletions *d, int64_t now,
               struct deletions_span *out)
{
    int64_t oldest = now - KNOWN;
    int64_t start = d->covered - LATE;

    out->has_gap = d->covered < oldest;
    out->start = minute(start < oldest ? oldest : start);
    out->end = minute(now);
}

char *
deletions_path(const char *object, const struct deletions_span *span,
               char buf[DELETIONS_PATH])
{
    char start[TIMETEXT_SIZE], end[TIMETEXT_SIZE];

    /* As the guide writes it; the last character is a Z. */
    timetext_s(span->start, start);
    timetext_s(span->end, end);
    snprintf(buf, DELETIONS_PATH,
             "/sobjects/%.40s/deleted/?start=%.19s%%2B00:00&end=%.19s%%2B00:00",
             object, start, end);
    return buf;
}

static bool
time_at(const cJSON *answer, const char *key, int64_t *ms)
{
    const char *text = json_str(answer, key);

    return text != NULL && timetext_parse(text, strlen(text), ms) == 0;
}

bool
deletions_asked(struct deletions *d, int64_t now,
                const struct deletions_span *span, const cJSON *answer)
{
    int64_t before = d->covered, latest, earliest;

    d->asked_at = now;
    d->covered = span->end;
    if (time_at(answer, "latestDateCovered", &latest) && latest < span->end)
        d->covered = latest;
    return !time_at(answer, "earliestDateAvailable", &earliest) ||
           earliest <= before || earliest <= span->start;
}
