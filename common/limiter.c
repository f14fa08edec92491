/* limiter: see limiter.h. */
#include "common/limiter.h"

#include <assert.h>
#include <stdlib.h>

static int64_t *
ring_new(size_t calls)
{
    int64_t *ring = calloc(calls, sizeof(*ring));

    if (ring == NULL)
        abort();
    return ring;
}

void
limiter_init(struct limiter *l, size_t calls, int64_t window_ms)
{
    assert(calls > 0 && window_ms >= 0);
    *l = (struct limiter){
        .starts = ring_new(calls), .calls = calls, .window_ms = window_ms};
}

void
limiter_fini(struct limiter *l)
{
    free(l->starts);
    *l = (struct limiter){0};
}

void
limiter_set(struct limiter *l, size_t calls, int64_t window_ms)
{
    struct limiter old = *l;
    size_t keep = old.n < calls ? old.n : calls;

    limiter_init(l, calls, window_ms);
    for (size_t i = 0; i < keep; i++) /* the newest ones, oldest first */
        l->starts[i] = old.starts[(old.at + old.n - keep + i) % old.calls];
    l->n = keep;
    limiter_fini(&old);
}

int64_t
limiter_left_ms(int64_t oldest_ms, int64_t window_ms, int64_t now_ms)
{
    int64_t wait = oldest_ms + window_ms - now_ms;

    if (wait > window_ms)
        return window_ms;
    return wait > 0 ? wait : 0;
}

int64_t
limiter_wait_ms(const struct limiter *l, int64_t now_ms)
{
    return l->n < l->calls
               ? 0
               : limiter_left_ms(l->starts[l->at], l->window_ms, now_ms);
}

void
limiter_take(struct limiter *l, int64_t now_ms)
{
    l->starts[(l->at + l->n) % l->calls] = now_ms;
    if (l->n < l->calls)
        l->n++;
    else
        l->at = (l->at + 1) % l->calls;
}
