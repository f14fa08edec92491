/* nearest: "did you mean": the known name that is nearest to a wrong one. Pure.
 *
 *   struct nearest best = {NULL, 0};
 *   for each known name: nearest_consider(&best, wrong, name);
 *   best.name */
#ifndef COMMON_NEAREST_H
#define COMMON_NEAREST_H

#include <stddef.h>

struct nearest {
    const char *name; /* borrowed; NULL: none was considered */
    size_t distance;  /* single edits between the two (Levenshtein) */
};

/* Take `name` when it is nearer to `wrong` than the best so far; of equally
 * near ones the first stays. Only the first 63 characters of each count. */
void nearest_consider(struct nearest *best, const char *wrong,
                      const char *name);

#endif
