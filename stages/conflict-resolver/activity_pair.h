/* activity_pair: both records of a pair, their snapshots, and what becomes of
 * them: what an event, its link and the other side's record are to the merge.
 * Pure. */
#ifndef CONFLICT_RESOLVER_ACTIVITY_PAIR_H
#define CONFLICT_RESOLVER_ACTIVITY_PAIR_H

#include "stages/conflict-resolver/activity_decide.h"

struct activity_pair {
    struct linked_pair both;
    struct merge_side side[SIDE_COUNT];
    struct merge merge;
    char *flipped_to; /* NULL: it is no flip */
};

/* The snapshots of the case's link, if it is this pair's; nothing is known of
 * the records yet. It must not move; end with activity_pair_fini(). */
void activity_pair_init(struct activity_pair *p,
                        const struct activity_world *world,
                        const struct activity_case *c, bool is_linked);
void activity_pair_fini(struct activity_pair *p);

/* Read the event's own record, with what it hangs on. -1 (EX_DATAERR). */
int activity_pair_read(const struct activity_world *world,
                       const struct activity_case *c, const struct event *ev,
                       struct activity_pair *p, struct error *err);
/* Does an event of HubSpot say that its record hangs on another than was agreed
 * on? */
bool activity_pair_hangs_anew(const struct activity_case *c,
                              const struct activity_pair *p);
/* Merge both, but for an account that Salesforce refuses beside the lead it
 * then hangs on: that stays in HubSpot, and goes over when the lead gives way
 * to a contact. */
void activity_pair_merge(const struct merge_rules *rules,
                         struct activity_pair *p);
/* Will the Salesforce record hang on a lead when that is carried out? */
bool activity_pair_is_leads_then(const struct activity_pair *p);

#endif
