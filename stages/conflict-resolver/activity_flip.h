/* activity_flip: a person takes the other value of a conflict. Pure.
 *
 * The event names the pair and has `flip` (event.h), and
 * nothing of the record itself: both sides are read before it is decided. It is
 * written to both of them, in one decision, and only where both still have the
 * value that is to go (or already the one that is to come: a crash came between
 * the two writes). Anything else was changed since, and stays. */
#ifndef CONFLICT_RESOLVER_ACTIVITY_FLIP_H
#define CONFLICT_RESOLVER_ACTIVITY_FLIP_H

#include "stages/conflict-resolver/activity_decide.h"

bool activity_is_flip(const struct event *ev);

/* The event's own record as its side says now goes into the event. false: it is
 * not there, `o` says so. */
bool activity_flip_read(const struct current *own, struct event *ev,
                        struct outcome *o);

/* Change the merge of both living sides (by enum side). *to is what it borrows:
 * caller frees. false: `o` says why not. */
bool activity_flip(const struct transform_env *env, const struct mapping *map,
                   const struct merge_side *side, const struct event *ev,
                   struct merge *m, char **to, struct outcome *o);

/* As the member "flip" {number, is_back} of the decision. */
void activity_flip_put(const struct event *ev, cJSON *decision);

#endif
