/* contacts_private: what contacts.c and contacts_feed.c share. */
#ifndef FETCHER_HUBSPOT_CONTACTS_PRIVATE_H
#define FETCHER_HUBSPOT_CONTACTS_PRIVATE_H

#include "stages/fetcher/hubspot/contacts.h"

extern const char *const contact_properties[]; /* NULL-terminated */

/* A time of a property, ms; 0: none. */
int64_t contacts_time(const cJSON *properties, const char *name);
/* Is [contacts] match = email? */
bool contacts_match_by_email(const struct feed_env *env);
/* Look anew for the person with its address, and keep what changed. */
int contacts_tie_again(const struct feed_env *env, struct store_contact *c,
                       struct error *err);

#endif
