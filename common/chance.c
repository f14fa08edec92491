/* chance: see chance.h. */
#include "common/chance.h"

#include <sys/random.h>

uint32_t
chance_bits(void)
{
    uint32_t bits;

    if (getrandom(&bits, sizeof(bits), 0) != sizeof(bits))
        bits = 0x80000000u;
    return bits;
}
