/* window: the events that are under way, each with a number of its own. Pure.
 *
 * A number names its place (number modulo size), so that an outcome finds its
 * event at once; a number is used once. */
#ifndef REPLAY_WINDOW_H
#define REPLAY_WINDOW_H

#include "common/event.h"

struct window_slot {
    uint64_t seq; /* 0: free */
    uint8_t *bytes;
    size_t len;
    int64_t sent_ms;
};

struct window {
    struct window_slot *slots;
    uint64_t size, n_used, last_seq;
};

/* `size` >= 1 events at a time. */
void window_init(struct window *w, uint64_t size);
void window_fini(struct window *w);
bool window_is_full(const struct window *w);
/* The number that the next event gets; the window must not be full. */
uint64_t window_next_seq(struct window *w);
/* Keep a copy of the event that bears window_next_seq(). Borrowed. */
struct window_slot *window_add(struct window *w, struct span event,
                               int64_t now_ms);
/* The event of that number; NULL: none is under way. Borrowed. */
struct window_slot *window_find(struct window *w, uint64_t seq);
void window_take(struct window *w, struct window_slot *slot);

#endif
