/* held: the events that wait here for what the other side says, from when they
 * came until they are passed on or ended. One that comes again (a resend) joins
 * the one that is there: both go together, each with its own seq. */
#ifndef CONFLICT_RESOLVER_HELD_H
#define CONFLICT_RESOLVER_HELD_H

#include "common/event.h"
#include "common/stage.h"

struct held {
    char *id, *key;
    uint64_t key_hash, id_hash;
    uint8_t *bytes; /* the encoded event */
    size_t len;
    uint64_t *seqs; /* of the event and of those that joined it; none: done */
    size_t n_seqs, seqs_size;
    int64_t due_at; /* monotonic ms; 0: at once */
};

struct hand {
    struct held **held; /* in the order of their arrival */
    size_t n, size;
};

/* Take an event over: a copy, or joined to what is there. */
void hand_take(struct hand *hand, const struct event *ev);
/* Those that may be worked on now: at most `max`, never two of one record, none
 * before an earlier one of its record. Returns how many; *next_due: when the
 * first of the others may, -1: none waits. */
size_t hand_choose(struct hand *hand, int64_t now, struct held **chosen,
                   size_t max, int64_t *next_due);
/* Index of the event's bytes; end with event_fini(). */
void held_event(const struct held *h, struct event *ev);
/* Pass on `ev`, which is the event as it was decided. */
void held_pass(struct stage_ctx *ctx, struct held *h, struct event *ev);
/* End it with what `o` says (outcome, reason, target, detail). */
void held_end(struct stage_ctx *ctx, struct held *h, struct outcome *o);
/* Free those that are done. */
void hand_sweep(struct hand *hand);
void hand_fini(struct hand *hand);

#endif
