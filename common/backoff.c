/* backoff: see backoff.h. */
#include "common/backoff.h"

/* A point in [low, high] that `random` chooses. */
static int64_t
between(int64_t low, int64_t high, uint32_t random)
{
    return low + (int64_t)((double)(high - low) * random / UINT32_MAX);
}

int64_t
backoff_ms(const struct backoff *b, int tries, uint32_t random,
           int64_t retry_after_ms)
{
    int64_t ceiling = b->min_ms;

    if (retry_after_ms >= 0)
        return between(retry_after_ms, retry_after_ms + b->min_ms, random);
    for (int i = 0; i < tries && ceiling < b->max_ms; i++)
        ceiling = ceiling > b->max_ms / 2 ? b->max_ms : 2 * ceiling;
    return between(b->min_ms, ceiling, random);
}
