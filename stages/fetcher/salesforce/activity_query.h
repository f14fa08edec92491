/* activity_query: which Tasks or Events are read, and which of their fields.
 * Pure. */
#ifndef FETCHER_SALESFORCE_ACTIVITY_QUERY_H
#define FETCHER_SALESFORCE_ACTIVITY_QUERY_H

#include "common/conf.h"
#include "stages/fetcher/salesforce/place.h"

/* Is there a kind that is kept equal on both sides and is of this object
 * ("Task" | "Event")? */
bool activity_query_is_wanted(const struct conf *conf, const char *object);
/* Put the query for the next page, NUL-terminated: `place` has a t. All fields
 * that the mappings of the wanted kinds name are in it, none twice. -1
 * (EX_CONFIG): a mapping is no good. */
int activity_query_put(struct text *q, const struct conf *conf,
                       const char *object, const struct place *place,
                       struct error *err);
/* The same for the records of these ids, at most some hundred; `q` stays empty
 * when none is an id. */
int activity_query_put_ids(struct text *q, const struct conf *conf,
                           const char *object, const char *const *ids, size_t n,
                           struct error *err);

/* The same for an import: what there is of one kind and happened at since_ms or
 * later (INT64_MIN: whenever), in the order of the ids, behind `after` ("":
 * from the first on). */
int activity_query_put_existing(struct text *q, const struct conf *conf,
                                enum activity activity, int64_t since_ms,
                                const char *after, struct error *err);
/* How many that are, all pages. NUL-terminated, too. */
void activity_query_put_count(struct text *q, enum activity activity,
                              int64_t since_ms, const char *after);

#endif
