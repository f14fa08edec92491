/* activity_private: what activity.c (when to work, when to wait),
 * activity_turn.c (one turn), activity_match.c (what an import finds on the
 * other side), activity_twins.c (mail and meetings that both sides have made),
 * activity_opportunities.c (what new Salesforce records may be related to) and
 * activity_outage.c (services that do not answer) share. */
#ifndef CONFLICT_RESOLVER_ACTIVITY_PRIVATE_H
#define CONFLICT_RESOLVER_ACTIVITY_PRIVATE_H

#include "common/current.h"
#include "common/outage.h"
#include "stages/conflict-resolver/activity.h"
#include "stages/conflict-resolver/claims.h"
#include "stages/conflict-resolver/held.h"
#include "stages/conflict-resolver/pool.h"
#include "stages/conflict-resolver/setup.h"
#include "stages/conflict-resolver/twin.h"

struct activity_sync {
    struct stage_ctx *ctx;
    struct store *accounts; /* of calls and tokens, the one thing that this
                               stage writes; NULL: it keeps none */
    struct setup *setup;
    struct setup *next; /* of a reload; NULL: none */
    struct hand hand;
    struct claims claims; /* of imports, as the pool */
    struct pool pool;
    size_t n_new; /* came since the last turn */
    struct outage outage[SIDE_COUNT];
    int64_t calls_before[SIDE_COUNT]; /* of clients that a reload replaced */
    bool has_failed;                  /* stage_fail() was called */
    bool told_waiting;
    bool told_twins; /* that they cannot be looked for */
};

/* One event in a turn. */
struct item {
    struct held *held;
    struct event ev;
    struct activity_case c;
    struct store_link link;
    uint8_t *snapshot; /* the link's, ours */
    char id[64], other_id[64];
    bool wants_own; /* its own record, as it is now */
    struct ties own_ties;
    bool wants_match; /* is it there on the other side already? */
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
    struct matching *matching; /* activity_match.c's own */
};

void activity_fail(struct activity_sync *sync, const struct error *err);

/* Decide chosen[0..n), n <= CURRENT_MAX. What waits for a service gets its
 * due_at. */
void activity_turn(struct activity_sync *sync, struct store *store,
                   struct held *const *chosen, size_t n);

/* ---- activity_outage.c ---- */

void outages_init(struct activity_sync *sync);
/* A service could not be read: what needs it waits. What a person has to mend
 * ends the stage. */
void side_is_away(struct activity_sync *sync, enum side side,
                  const struct error *err);
/* It has answered. */
void side_is_back(struct activity_sync *sync, enum side side);
/* One of these two, by how a reading call has ended: has it answered? A refusal
 * is an answer, too. */
bool side_has_answered(struct activity_sync *sync, enum side side, int rv,
                       const struct error *err);

/* ---- activity_turn.c, for activity_match.c and activity_twins.c ---- */

/* The event waits until the side is asked again. */
void turn_leave(struct turn *t, struct item *it, enum side side);
/* What a step has come to. */
void turn_settle(struct turn *t, struct item *it, enum activity_step step,
                 struct outcome *o);
/* The event has the record that it names as `other` for its own. */
void turn_claim(struct turn *t, const struct item *it);
/* One side has been read for these: did it answer? If not they are left for
 * later, or end if it never will. `rv` and `err` are the reading's. */
bool turn_has_answer(struct turn *t, enum side side, struct item *const *group,
                     size_t n, int rv, const struct error *err);
/* Whose record is read for which events. */
enum turn_group {
    TURN_OWN,   /* flips, which say nothing of it, and those that want what it
                   hangs on: their own */
    TURN_MATCH, /* those that want a match: the other side's */
    TURN_OTHER  /* all others: the other side's */
};
/* Call fn with all such items of one kind and one side that are not done; those
 * whose side is away are left. */
void turn_each_group(struct turn *t, enum turn_group which,
                     void (*fn)(struct turn *t, struct item **group, size_t n));

/* ---- activity_opportunities.c ---- */

/* Look for the opportunities that new Salesforce records may be related to. */
void turn_find_opportunities(struct turn *t);

/* ---- activity_twins.c ---- */

/* Set what is to be looked for, of events without a link. */
void turn_want_twins(struct turn *t);
/* Look for it, and set `other` of what is found. A record of Salesforce that is
 * so young that HubSpot's index may not have its twin waits. */
void turn_find_twins(struct turn *t);

/* ---- activity_match.c ---- */

/* Look for what the events of an import are on the other side already: they get
 * its id, or are created, or end. -1: the links cannot be read. */
int turn_match(struct turn *t, struct error *err);

#endif
