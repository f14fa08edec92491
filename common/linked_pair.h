/* linked_pair: both records of a link as the values that are compared and
 * merged, what they hang on included, and the snapshots of the link. Pure. */
#ifndef COMMON_LINKED_PAIR_H
#define COMMON_LINKED_PAIR_H

#include "common/ties.h"
#include "common/values.h"

struct linked_pair {
    const struct mapping *map;
    bool prefers_opportunity; /* related_to = opportunity */
    bool who_is_gone;         /* Salesforce's person is deleted there */
    struct ties ties[SIDE_COUNT];
    struct values now[SIDE_COUNT];
    struct snapshot snapshot;
};

/* What has become of the person that the link says each side hung on. */
struct ties_agreed {
    char became[SIDE_COUNT][20]; /* who it is now; "": still the same */
    bool who_is_gone;            /* Salesforce's: it is deleted there */
};

/* Nothing is known of the records yet. `map` (with its associations, see
 * mapping_add_ties()) has to outlive it; end with linked_pair_fini(). */
void linked_pair_init(struct linked_pair *p, const struct mapping *map,
                      bool prefers_opportunity, struct span snapshot);
void linked_pair_fini(struct linked_pair *p);
/* The snapshots' person, who may have become another since. */
void linked_pair_follow(struct linked_pair *p,
                        const struct ties_agreed *agreed);

/* The values of one side's associations, from p->ties. */
void linked_pair_tie(struct linked_pair *p, enum side side);
/* What one side's associations mean for the other's, when both are known. */
void linked_pair_fit(struct linked_pair *p);
/* Does the Salesforce record hang on a lead? */
bool linked_pair_is_leads(const struct linked_pair *p);
/* Beside a lead Salesforce refuses an account: HubSpot's may not go over.
 * false: there is none that could. */
bool linked_pair_hold_account(struct linked_pair *p);
/* What both hang on stays as it was agreed, whatever was read of it. */
void linked_pair_keep_ties(struct linked_pair *p);

#endif
