/* ties_know: who the people and accounts are on the other side, by what the
 * state knows of them. To be called in a transaction. */
#ifndef COMMON_TIES_KNOW_H
#define COMMON_TIES_KNOW_H

#include "common/current.h"
#include "common/linked_pair.h"
#include "common/store.h"

/* Complete what a record that was read hangs on: of HubSpot the ids in its
 * lists, of Salesforce the fields WhoId, WhatId and AccountId. `store` NULL:
 * nobody is known. */
int ties_know(struct store *store, enum side side, struct current *record,
              struct error *err);

/* What has become of the people of a link's snapshot. */
void ties_know_agreed(struct store *store, struct span snapshot,
                      struct ties_agreed *out);

#endif
