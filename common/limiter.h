/* limiter: at most N calls in any window of W ms. Pure: the clock is an
 * argument.
 *
 * Exact: it remembers when the last N calls began and allows the next one only
 * when the oldest of them is W ms old, so that no stretch of W ms, wherever it
 * begins, holds more than N starts. (A token bucket would allow up to 2N.) */
#ifndef COMMON_LIMITER_H
#define COMMON_LIMITER_H

#include <stddef.h>
#include <stdint.h>

#define LIMITER_CALLS_MAX 100000

struct limiter {
    int64_t *starts; /* ring of the last `n` starts; `at` is the oldest */
    size_t calls, n, at;
    int64_t window_ms;
};

/* `calls` >= 1. The caller ends with limiter_fini(). */
void limiter_init(struct limiter *l, size_t calls, int64_t window_ms);
void limiter_fini(struct limiter *l);
/* Take over new figures; what has begun still counts. */
void limiter_set(struct limiter *l, size_t calls, int64_t window_ms);

/* How long until a call is allowed, 0: now. `now_ms` is a monotonic clock; if
 * it is set back nevertheless, the wait is never longer than one window. */
int64_t limiter_wait_ms(const struct limiter *l, int64_t now_ms);
/* The same of a full ring, whose oldest start is that. */
int64_t limiter_left_ms(int64_t oldest_ms, int64_t window_ms, int64_t now_ms);
/* A call begins. To be asked for with limiter_wait_ms() before. */
void limiter_take(struct limiter *l, int64_t now_ms);

#endif
