/* purged: the safety net under the polls: what was deleted, but was gone from
 * the recycle bin before a poll has seen it there. */
#ifndef FETCHER_SALESFORCE_PURGED_H
#define FETCHER_SALESFORCE_PURGED_H

#include "stages/fetcher/feed.h"
#include "stages/fetcher/salesforce/deletions.h"

/* Ask for the deletions of an object ("Task" | "Event") when it is time to, and
 * give a delete event for each that is not known. A refusal is noted as
 * FEED.deleted, and the feed goes on. 0, or -1: it could not be read. */
int purged_read(const struct feed_env *env, const struct feed *feed,
                const char *object, struct deletions *d, struct error *err);

#endif
