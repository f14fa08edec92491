/* email_contacts: whose open or click it is, when the counter of an e-mail has
 * grown: the contact that the e-mail was sent to. */
#ifndef FETCHER_HUBSPOT_EMAIL_CONTACTS_H
#define FETCHER_HUBSPOT_EMAIL_CONTACTS_H

#include "common/associations.h"
#include "stages/fetcher/feed.h"

/* The contacts of e-mails; the store knows them afterwards. Caller ends with
 * associations_fini(), also after -1. */
int email_contacts_read(const struct feed_env *env, const char *const *ids,
                        size_t n, struct associations *out, struct error *err);
/* Of one e-mail's contacts the one that is among its recipients, else the first
 * that is known. `email` is the object with its id. 1/0/-1 */
int email_contacts_choose(const struct feed_env *env,
                          const struct associations *contacts,
                          const char *email_id, const cJSON *email,
                          struct store_contact *out, struct error *err);

#endif
