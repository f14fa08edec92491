/* clock: the two clocks, in ms. */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <stdint.h>

/* ms since 1970 UTC. */
int64_t clock_now_ms(void);
/* A clock that never jumps; the same for all processes of this machine. */
int64_t clock_monotonic_ms(void);

/* How far a service's clock is ahead of ours, ms, by the Date header of an
 * answer that came at `now`. 0: the two agree to 2 s; Date has whole seconds,
 * so it tells nothing of a smaller difference. */
static inline int64_t
clock_ahead_ms(int64_t date_ms, int64_t now)
{
    int64_t ahead = date_ms - now;

    return ahead > 2000 || ahead < -2000 ? ahead : 0;
}

#endif
