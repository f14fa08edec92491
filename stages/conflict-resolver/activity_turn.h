/* activity_turn: what the files of one turn of the activity sync share. */
#ifndef CONFLICT_RESOLVER_ACTIVITY_TURN_H
#define CONFLICT_RESOLVER_ACTIVITY_TURN_H

#include "stages/conflict-resolver/activity_private.h"
#include "stages/conflict-resolver/twin.h"

/* One event in a turn. */
struct item {
    struct held *held;
    struct event ev;
    struct activity_case c;
    struct store_link link;
    uint8_t *snapshot; /* the link's, ours */
    char id[64], other_id[64];
    bool is_done;     /* passed, ended, or left for a later turn */
    struct twin twin; /* what is looked for; without a uid: nothing */
    bool is_looked_for;
};

struct turn {
    struct activity_sync *sync;
    struct store *store; /* NULL: there is no state yet */
    struct activity_world world;
    struct item *item;
    size_t n;
};

/* ---- activity_turn.c ---- */

/* A side does not answer, or a person has to mend something: that ends the
 * stage. */
void turn_wait_or_fail(struct activity_sync *sync, enum side side,
                       const struct error *err);
/* The side answers. */
void turn_outage_end(struct activity_sync *sync, enum side side);
/* The event waits until the side is asked again. */
void turn_leave(struct turn *t, struct item *it, enum side side);

/* ---- activity_twins.c ---- */

/* Set what is to be looked for, of events without a link. */
void turn_want_twins(struct turn *t);
/* Look for it, and set `other` of what is found. A record of Salesforce that is
 * so young that HubSpot's index may not have its twin waits. */
void turn_find_twins(struct turn *t);

#endif
