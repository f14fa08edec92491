/* current: what one side says of some records now, in one call; of HubSpot
 * another one a kind of association that is kept equal. */
#ifndef COMMON_CURRENT_H
#define COMMON_CURRENT_H

#include "common/activity.h"
#include "common/mapping.h"
#include "common/services.h"
#include "common/ties.h"

#define CURRENT_MAX            100 /* HubSpot's batch (hubspot-api.md, 9) */
#define CURRENT_SALESFORCE_MAX 200 /* ids that fit into a query's path */

/* What a side says of a record now. */
enum current_state {
    CURRENT_MISSING, /* not there for us, which is no deletion */
    CURRENT_DELETED,
    CURRENT_ALIVE
};
struct current {
    enum current_state state;
    cJSON *fields;       /* of the mapping; NULL: it is not alive */
    struct ties ties;    /* what it hangs on, as far as that is kept equal; ids
                            of its own side only */
    int64_t modified_at; /* 0: not known */
};

/* Read n <= CURRENT_MAX records of one kind (of Salesforce,
 * CURRENT_SALESFORCE_MAX), with the fields of the mapping, to out[0..n); the
 * caller ends each with current_fini(), also after a failure. What the side
 * does not know is CURRENT_MISSING. -1: EX_TEMPFAIL, EX_CONFIG, or EX_NOPERM,
 * EX_DATAERR, ... : the call is refused for good. */
int current_read(const struct services *services, enum side side,
                 enum activity activity, const struct mapping *map,
                 const char *const *ids, size_t n, struct current *out,
                 struct error *err);
/* Which of those that HubSpot does not know, if any, are in its recycle bin?
 * They become CURRENT_DELETED. `out` is as current_read() has left it. -1:
 * likewise. */
int current_find_deleted(const struct services *services,
                         enum activity activity, const struct mapping *map,
                         const char *const *ids, size_t n, struct current *out,
                         struct error *err);
void current_fini(struct current *c);

#endif
