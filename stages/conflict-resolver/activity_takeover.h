/* activity_takeover: a Task that the timeline sync has made of a HubSpot record
 * becomes half of a pair: what was agreed, by what was written then. Pure. */
#ifndef CONFLICT_RESOLVER_ACTIVITY_TAKEOVER_H
#define CONFLICT_RESOLVER_ACTIVITY_TAKEOVER_H

#include "stages/conflict-resolver/activity_pair.h"

/* Both records are alive and known; their link is of the timeline sync. Sets
 * the snapshots so that the merge
 *   brings HubSpot's value to what stands in the Task as it was written,
 *   brings back what a user has made of it since, against HubSpot's value if
 *   HubSpot's record has changed since as well: a conflict,
 *   brings back what the timeline sync does not write and a user has filled.
 * `hubspot_at`: version of HubSpot's record, ms since 1970 UTC. */
void activity_take_over(const struct activity_world *world,
                        const struct activity_case *c, int64_t hubspot_at,
                        struct activity_pair *p);

#endif
