/* ties_know: who the people and accounts are on the other side, by what the
 * state knows of them. To be called in a transaction. */
#ifndef CONFLICT_RESOLVER_TIES_KNOW_H
#define CONFLICT_RESOLVER_TIES_KNOW_H

#include "stages/conflict-resolver/activity_decide.h"

/* Complete what a record that was read hangs on: of HubSpot the ids in its
 * lists, of Salesforce the fields WhoId, WhatId and AccountId. `store` NULL:
 * nobody is known. */
int ties_know(struct store *store, enum side side, struct current *record,
              struct error *err);

/* Fill the case's became and who_is_gone, which are empty, from its link. */
void ties_know_agreed(struct store *store, struct activity_case *c);

#endif
