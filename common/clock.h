/* clock: the two clocks, in ms. */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <stdint.h>

/* ms since 1970 UTC. */
int64_t clock_now_ms(void);
/* A clock that never jumps; the same for all processes of this machine. */
int64_t clock_monotonic_ms(void);

#endif
