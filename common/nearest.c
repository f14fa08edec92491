/* nearest: see nearest.h. */
#include "common/nearest.h"

#include <string.h>

/* Levenshtein distance, both names cut to 63 characters. */
static size_t
distance(const char *a, const char *b)
{
    size_t row[64];
    size_t la = strnlen(a, 63), lb = strnlen(b, 63);

    for (size_t j = 0; j <= lb; j++)
        row[j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t up = row[j];
            size_t best = diagonal + (a[i - 1] != b[j - 1]);

            if (up + 1 < best)
                best = up + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
            diagonal = up;
        }
    }
    return row[lb];
}

void
nearest_consider(struct nearest *best, const char *wrong, const char *name)
{
    size_t d = distance(wrong, name);

    if (best->name == NULL || d < best->distance)
        *best = (struct nearest){name, d};
}
