/* current: what one side says of some records now, in one call; of HubSpot
 * another one a kind of association that is kept equal. */
#ifndef CONFLICT_RESOLVER_CURRENT_H
#define CONFLICT_RESOLVER_CURRENT_H

#include "stages/conflict-resolver/activity_decide.h"
#include "stages/conflict-resolver/services.h"

#define CURRENT_MAX 100 /* HubSpot's batch (hubspot-api.md, 9) */

/* Read n <= CURRENT_MAX records of one kind, with the fields of the mapping, to
 * out[0..n); the caller ends each with current_fini(), also after a failure.
 * What the side does not know is CURRENT_MISSING. What they hang on has the ids
 * of that side only (ties_know.h). -1: EX_TEMPFAIL, EX_CONFIG, or EX_NOPERM,
 * EX_DATAERR, ... : the call is refused for good. */
int current_read(const struct services *services, enum side side,
                 enum activity activity, const struct mapping *map,
                 const char *const *ids, size_t n, struct current *out,
                 struct error *err);
void current_fini(struct current *c);

#endif
