/* owners: who a record belongs to, by owner id. */
#ifndef FETCHER_HUBSPOT_OWNERS_H
#define FETCHER_HUBSPOT_OWNERS_H

#include "stages/fetcher/feed.h"

/* {id, email, firstName, lastName} of an owner. All are listed at the first
 * call, and again for an id that is not among them, at most every 5 minutes.
 * *out NULL: there is none, or the account does not let us see them (noted once
 * as "hubspot.owners"). Borrowed: valid until the next call. -1: EX_TEMPFAIL,
 * EX_CONFIG. */
int owners_find(const struct feed_env *env, const char *id, const cJSON **out,
                struct error *err);

#endif
