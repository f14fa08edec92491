/* counters: opens, clicks and document views of an account whose tier has no
 * events API. */
#ifndef FETCHER_HUBSPOT_COUNTERS_H
#define FETCHER_HUBSPOT_COUNTERS_H

#include "stages/fetcher/feed.h"

/* A contact's hs_document_last_revisited is `at` now (ms since 1970 UTC); `c`
 * is what the state knew of it before. Emits a document view when the date is a
 * new one and the events API does not tell of it. A date that is known already
 * may be told again, as its event may have been lost with the process. */
int counters_document_viewed(const struct feed_env *env,
                             const struct store_contact *c, int64_t at,
                             struct error *err);

#endif
