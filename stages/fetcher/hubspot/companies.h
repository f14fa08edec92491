/* companies: which account of Salesforce a HubSpot company is. Kept in the
 * state and read again after a day. */
#ifndef FETCHER_HUBSPOT_COMPANIES_H
#define FETCHER_HUBSPOT_COMPANIES_H

#include "stages/fetcher/feed.h"

/* Make sure that the store knows these, none older than a day. Without the
 * right to read companies they all have no account (noted once as
 * "hubspot.companies"). */
int companies_know(const struct feed_env *env, const char *const *ids, size_t n,
                   struct error *err);
/* Pack a company that is known (ties.h). */
void companies_pack(const struct feed_env *env, msgpack_packer *pk,
                    const char *id);

#endif
