/* activity: decides the events of the activity sync. Keeps them in hand and
 * works through them some at a time: their links in one read transaction, then
 * what the other side says in as few calls as there are kinds among them.
 *
 * A service that does not answer holds back only what needs its answer. */
#ifndef CONFLICT_RESOLVER_ACTIVITY_H
#define CONFLICT_RESOLVER_ACTIVITY_H

#include "common/stage.h"
#include "common/store.h"

#define ACTIVITY_N_STATS 3

struct activity_sync;

/* Connects to nobody yet; asks for no credentials when no kind is on. -1:
 * EX_CONFIG. */
int activity_open(struct stage_ctx *ctx, const struct conf *conf,
                  struct activity_sync **out, struct error *err);
/* What is in hand stays; a call may be under way, so the new config is put in
 * force in the next turn of work. */
int activity_reload(struct activity_sync *sync, const struct conf *conf,
                    struct error *err);
/* Fails the stage when events of a file are left over. */
void activity_close(struct activity_sync *sync);

/* Is it an event of the activity sync? */
bool activity_is_one(const struct event *ev);
/* From the hook `event`. */
void activity_take(struct activity_sync *sync, struct event *ev);
/* As the hooks, outside of a transaction. `store` NULL: there is no state yet.
 */
int activity_work(struct activity_sync *sync, struct store *store);
bool activity_drain(struct activity_sync *sync);
void activity_stats(const struct activity_sync *sync, msgpack_packer *pk);

#endif
