/* input: see input.h. */
#include "tests/fuzz/answers/input.h"

#include <stdio.h>

#define TAIL_STEP 8

static uint64_t
mix(uint64_t x)
{
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    return x;
}

struct input
input_of(const uint8_t *bytes, size_t len)
{
    struct input in = {.p = bytes, .len = len};

    in.tail = (size_t)input_byte(&in) * TAIL_STEP;
    in.chance = mix(input_byte(&in) + UINT64_C(0x9e3779b97f4a7c15));
    return in;
}

uint8_t
input_byte(struct input *in)
{
    if (in->len > 0) {
        in->len--;
        return *in->p++;
    }
    if (in->tail == 0)
        return 0;
    in->tail--;
    in->chance = mix(in->chance);
    return (uint8_t)(in->chance * UINT64_C(2685821657736338717) >> 56);
}

size_t
input_take(struct input *in, size_t n, const char **bytes)
{
    *bytes = (const char *)in->p;
    if (n > in->len)
        n = in->len;
    in->p += n;
    in->len -= n;
    return n;
}

bool
input_is_over(const struct input *in)
{
    return in->len == 0 && in->tail == 0;
}

void
input_finding(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}
