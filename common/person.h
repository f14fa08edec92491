/* person: whom a person of Salesforce has become. */
#ifndef COMMON_PERSON_H
#define COMMON_PERSON_H

#include "common/store.h"

/* A person as of now: converted and merged ones followed to what they became
 * (at most 8 steps). false: it is deleted. A person that the store does not
 * know is taken as it is. `id` is 18 characters; `type` "Contact" | "Lead", may
 * be NULL. */
bool person_follow(struct store *store, char id[20], char type[16]);

#endif
