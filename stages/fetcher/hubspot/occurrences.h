/* occurrences: events of the events API: opens and clicks of sales e-mails,
 * documents viewed, other apps' events. */
#ifndef FETCHER_HUBSPOT_OCCURRENCES_H
#define FETCHER_HUBSPOT_OCCURRENCES_H

#include "stages/fetcher/feed.h"

/* Does the account refuse the events API, so that counters have to do? What
 * this process was told last, else what the state says. */
bool occurrences_refused(const struct feed_env *env);
/* Keep it in the state ("hubspot.occurrences.refused"). The poll that finds it
 * out fails, and so does what it puts there; another one has to say it. */
int occurrences_keep_refused(const struct feed_env *env, struct error *err);

#endif
