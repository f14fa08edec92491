/* input: the fuzzer's bytes, taken off one after the other to decide things.
 *
 * Behind them comes a tail of made-up ones, the same for the same bytes, so
 * that a short input leads far too. When all are used up, every decision is 0:
 * what is usual. */
#ifndef FUZZ_ANSWERS_INPUT_H
#define FUZZ_ANSWERS_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct input {
    const uint8_t *p;
    size_t len;
    size_t tail;     /* bytes left of it */
    uint64_t chance; /* of the tail */
};

/* The first two bytes choose the tail. */
struct input input_of(const uint8_t *bytes, size_t len);
uint8_t input_byte(struct input *in);
/* At most `n` of the fuzzer's own bytes as they are; returns how many. */
size_t input_take(struct input *in, size_t n, const char **bytes);
bool input_is_over(const struct input *in);

/* What does not hold is a finding. */
#define check(holds)                                                           \
    ((holds) ? (void)0 : input_finding(__FILE__, __LINE__, #holds))
_Noreturn void input_finding(const char *file, int line, const char *what);

#endif
