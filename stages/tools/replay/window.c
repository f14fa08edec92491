/* window: see window.h. */
#include "stages/tools/replay/window.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void
window_init(struct window *w, uint64_t size)
{
    *w = (struct window){.size = size, .last_seq = 0};
    w->slots = calloc(size, sizeof(*w->slots));
    if (w->slots == NULL)
        abort();
}

void
window_fini(struct window *w)
{
    for (uint64_t i = 0; i < w->size; i++)
        free(w->slots[i].bytes);
    free(w->slots);
}

bool
window_is_full(const struct window *w)
{
    return w->n_used == w->size;
}

/* The next number above the last whose place is free. */
uint64_t
window_next_seq(struct window *w)
{
    uint64_t seq = w->last_seq + 1;

    assert(!window_is_full(w));
    while (w->slots[seq % w->size].seq != 0)
        seq++;
    return seq;
}

struct window_slot *
window_add(struct window *w, struct span event, int64_t now_ms)
{
    uint64_t seq = window_next_seq(w);
    struct window_slot *slot = &w->slots[seq % w->size];

    slot->bytes = malloc(event.len);
    if (slot->bytes == NULL)
        abort();
    memcpy(slot->bytes, event.data, event.len);
    slot->len = event.len;
    slot->seq = seq;
    slot->sent_ms = now_ms;
    w->last_seq = seq;
    w->n_used++;
    return slot;
}

struct window_slot *
window_find(struct window *w, uint64_t seq)
{
    struct window_slot *slot = &w->slots[seq % w->size];

    return seq != 0 && slot->seq == seq ? slot : NULL;
}

void
window_take(struct window *w, struct window_slot *slot)
{
    free(slot->bytes);
    *slot = (struct window_slot){0};
    w->n_used--;
}
