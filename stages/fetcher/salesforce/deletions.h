/* deletions: when Salesforce is asked for the ids of what was deleted, and for
 * which span (salesforce-api.md, 7). Pure.
 *
 * It knows 15 days, tells by the minute, and may tell 2 hours late. Less often
 * than polls: those see nearly all deletions by themselves. */
#ifndef FETCHER_SALESFORCE_DELETIONS_H
#define FETCHER_SALESFORCE_DELETIONS_H

#include <cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#define DELETIONS_EVERY_MS INT64_C(3600000)
#define DELETIONS_PATH     160

struct deletions {
    int64_t covered; /* what was deleted before this has been told, ms */
    int64_t asked_at;
};

struct deletions_span {
    int64_t start, end; /* whole minutes, ms */
    bool has_gap;       /* what was deleted before it nobody tells any more */
};

/* Read and write "deletions" of a cursor (NULL: it has none). */
void deletions_read(struct deletions *d, const cJSON *cursor);
void deletions_write(const struct deletions *d, cJSON *cursor);

/* Nothing that was deleted before this moment matters. */
void deletions_begin(struct deletions *d, int64_t now);
/* Is it time to ask? */
bool deletions_are_due(const struct deletions *d, int64_t now);
void deletions_span(const struct deletions *d, int64_t now,
                    struct deletions_span *out);
/* The path of the call. Returns buf. */
char *deletions_path(const char *object, const struct deletions_span *span,
                     char buf[DELETIONS_PATH]);
/* It was answered: go on from latestDateCovered. false: the service knows less
 * far back (earliestDateAvailable) than it was asked for, and than was told. */
bool deletions_asked(struct deletions *d, int64_t now,
                     const struct deletions_span *span, const cJSON *answer);

#endif
