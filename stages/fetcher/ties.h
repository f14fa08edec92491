/* ties: who in Salesforce a HubSpot contact or company is, and how an event
 * tells it (event.h). For the feeds of both services. */
#ifndef FETCHER_TIES_H
#define FETCHER_TIES_H

#include "stages/fetcher/feed.h"

/* Is the contact tied to a living person? */
bool ties_is_tied(const struct feed_env *env, const struct store_contact *c);

/* Does an event's contact (absent: data NULL) say that it is? */
bool ties_says_tied(struct span contact);

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
