/* ties_put: what a decision does to what a record hangs on. Pure.
 *
 * Salesforce: WhoId and WhatId among the fields of a write; never a WhatId
 * beside a Lead, which Salesforce refuses (salesforce-api.md, 4). HubSpot: the
 * ids to tie the record to and those to untie it from; only what was agreed
 * before is taken away, and whatever else it hangs on stays. */
#ifndef CONFLICT_RESOLVER_TIES_PUT_H
#define CONFLICT_RESOLVER_TIES_PUT_H

#include "stages/conflict-resolver/activity_put.h"

/* Both: what the side says of itself when the write is done goes to `given`,
 * for the pairs that are associations; what that needs is kept in `back`. */
void ties_put_salesforce(const struct activity_draft *draft, bool is_new,
                         cJSON *fields, const char **given);
/* Adds contacts, companies, untie_contacts, untie_companies and without to the
 * write, as far as there are any. */
void ties_put_hubspot(const struct activity_draft *draft, bool is_new,
                      cJSON *write, struct values *back, const char **given);

#endif
