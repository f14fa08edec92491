/* candidates: what there is on one side that events of an import may be
 * already, read in batches. */
#ifndef CONFLICT_RESOLVER_CANDIDATES_H
#define CONFLICT_RESOLVER_CANDIDATES_H

#include "common/transform.h"
#include "stages/conflict-resolver/pool.h"
#include "common/services.h"

/* Events of one kind and one side. */
struct candidates_ask {
    enum activity activity;
    const struct mapping *map;
    const struct transform_env *env;
    const char *external_id; /* [salesforce] external_id_field */
    const struct pairing_event *events;
    size_t n;
    struct pool *pool; /* what is known of HubSpot's contacts */
};

/* Read what may be theirs on `side` (the other one) to found[0..n), each zeroed
 * at first; the caller ends each with pairing_fini(), also after a failure. -1:
 * as current_read(). */
int candidates_read(const struct services *services, enum side side,
                    const struct candidates_ask *ask, struct pairing *found,
                    struct error *err);

#endif
