/* ties: who in Salesforce a HubSpot contact or company is, and how an event
 * tells it (event.h). For the feeds of both services. */
#ifndef FETCHER_TIES_H
#define FETCHER_TIES_H

#include "stages/fetcher/feed.h"

/* A person of Salesforce as of now: converted and merged ones followed to what
 * they became (at most 8 steps). false: it is deleted. A person that the store
 * does not know is taken as it is. `id` is 18 characters. */
bool ties_follow(const struct feed_env *env, char id[20], char type[16]);
/* Is the contact tied to a living person? */
bool ties_is_tied(const struct feed_env *env, const struct store_contact *c);

/* Pack the event's contact map: salesforce_id, salesforce_type and synced_at
 * only when it is tied to a living person. */
void ties_pack_contact(const struct feed_env *env, msgpack_packer *pk,
                       const struct store_contact *c);
/* Set the event's contact to that map. */
void ties_set_contact(const struct feed_env *env, struct event *ev,
                      const struct store_contact *c);
/* Pack {hubspot_id, salesforce_id}; the latter only when it has an account. */
void ties_pack_company(msgpack_packer *pk, const char *hubspot_id,
                       const char *salesforce_id);

#endif
