/* backoff: how long to wait before the next try. Pure: chance is an argument.
 *
 * The n-th pause lies anywhere between min_ms and min_ms * 2^n, at most max_ms
 * ("full jitter": many clients that failed together do not come back
 * together). When the service has said how long, that is never undercut, also
 * when it is longer than max_ms. */
#ifndef COMMON_BACKOFF_H
#define COMMON_BACKOFF_H

#include <stdint.h>

/* A service that asks for a longer rest than this gets it: the call is given up
 * for now instead of waited for. */
#define BACKOFF_LONG_MS 120000
/* A service whose calls of the day are spent is asked again after this. */
#define BACKOFF_SPENT_MS 3600000

struct backoff {
    int64_t min_ms; /* >= 0 */
    int64_t max_ms; /* >= min_ms */
};

/* `tries`: how often it has failed, from 1. `random`: any 32 bits.
 * `retry_after_ms`: what the service asked for, < 0: nothing. */
int64_t backoff_ms(const struct backoff *b, int tries, uint32_t random,
                   int64_t retry_after_ms);

#endif
