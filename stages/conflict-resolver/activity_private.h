/* activity_private: what activity.c (when to work, when to wait) and
 * activity_turn.c (one turn) share. */
#ifndef CONFLICT_RESOLVER_ACTIVITY_PRIVATE_H
#define CONFLICT_RESOLVER_ACTIVITY_PRIVATE_H

#include "stages/conflict-resolver/activity.h"
#include "stages/conflict-resolver/held.h"
#include "stages/conflict-resolver/setup.h"

/* A service that does not answer. */
struct outage {
    int failures;  /* in a row */
    int64_t since; /* monotonic ms */
    int64_t until; /* no call before */
};

struct activity_sync {
    struct stage_ctx *ctx;
    struct setup *setup;
    struct setup *next; /* of a reload; NULL: none */
    struct hand hand;
    size_t n_new; /* came since the last turn */
    struct outage outage[SIDE_COUNT];
    int64_t calls_before[SIDE_COUNT]; /* of clients that a reload replaced */
    bool has_failed;                  /* stage_fail() was called */
    bool told_waiting;
    bool told_twins; /* that they cannot be looked for */
};

void activity_fail(struct activity_sync *sync, const struct error *err);

/* Decide chosen[0..n), n <= CURRENT_MAX. What waits for a service gets its
 * due_at. */
void activity_turn(struct activity_sync *sync, struct store *store,
                   struct held *const *chosen, size_t n);

#endif
