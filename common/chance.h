/* chance: random bits for pauses between tries: other ones in each process, so
 * that those that failed together do not come back together. */
#ifndef COMMON_CHANCE_H
#define COMMON_CHANCE_H

#include <stdint.h>

/* Any 32 bits; the middle when the system has none. Not for secrets. */
uint32_t chance_bits(void);

#endif
