/* opportunities: what a new Salesforce record is to be related to with
 * [activity.KIND] related_to = opportunity: the newest open opportunity of its
 * account in which its contact has a role. */
#ifndef CONFLICT_RESOLVER_OPPORTUNITIES_H
#define CONFLICT_RESOLVER_OPPORTUNITIES_H

#include "common/salesforce.h"
#include "stages/conflict-resolver/activity_decide.h"

/* Find those of n > 0 cases in one call: by wanted_who and wanted_account, to
 * opportunity; "" when there is none. -1: as salesforce_query(). */
int opportunities_find(struct salesforce *sf,
                       struct activity_case *const *cases, size_t n,
                       struct error *err);

#endif
