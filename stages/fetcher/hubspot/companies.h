/* companies: which account of Salesforce a HubSpot company is. Kept in the
 * state: those that records hang on are read again after a day, and where a
 * Salesforce account is to become a company all of them are followed. */
#ifndef FETCHER_HUBSPOT_COMPANIES_H
#define FETCHER_HUBSPOT_COMPANIES_H

#include "stages/fetcher/feed.h"

extern const struct feed companies_feed; /* "hubspot.companies": no events */

/* Make sure that the store knows these, none older than a day. Without the
 * right to read companies they all have no account (noted once as
 * "hubspot.companies"). */
int companies_know(const struct feed_env *env, const char *const *ids, size_t n,
                   struct error *err);
/* Pack a company that is known (ties.h). */
void companies_pack(const struct feed_env *env, msgpack_packer *pk,
                    const char *id);

#endif
