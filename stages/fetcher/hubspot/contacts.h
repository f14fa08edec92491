/* contacts: who an activity hangs on, and whom that is in Salesforce.
 *
 * A contact's tie comes from its properties salesforcecontactid or
 * salesforceleadid ([contacts] match = salesforce_id), or from the one living
 * person of Salesforce with one of its addresses (match = email). The first
 * time that it is tied, synced_at is set for ever and its look-back becomes
 * due. */
#ifndef FETCHER_HUBSPOT_CONTACTS_H
#define FETCHER_HUBSPOT_CONTACTS_H

#include "stages/fetcher/feed.h"

extern const struct feed contacts_feed; /* "hubspot.contacts": no events but
                                           document views, see counters.c */

/* Take a contact as HubSpot gives it ({id, properties}) into the store, tie it.
 * *out (may be NULL) is what is stored now. */
int contacts_take(const struct feed_env *env, const cJSON *object,
                  struct store_contact *out, struct error *err);
/* Make sure that the store knows these contacts: those it lacks are read in
 * batches of 100. What HubSpot does not know either stays unknown. */
int contacts_know(const struct feed_env *env, const char *const *ids, size_t n,
                  struct error *err);
/* An address as it is compared: trimmed, lower case. false: there is none, or
 * it is longer than any can be. `email` may be NULL. */
bool contacts_address(const char *email, char out[256]);
/* By an e-mail address; asks HubSpot (a batch read by e-mail) when the store
 * has none. 1/0/-1. */
int contacts_by_email(const struct feed_env *env, const char *email,
                      struct store_contact *out, struct error *err);

#endif
