/* fits: which transform can read and write what. Pure. */
#ifndef CHECK_FITS_H
#define CHECK_FITS_H

#include "stages/tools/check/class.h"

enum fit {
    FIT_NO,
    FIT_SOME, /* values of the right form only */
    FIT_ALL
};

/* Can the transform read what is of that class on a side, can it write it? */
enum fit fits_read(enum transform transform, enum class class);
enum fit fits_write(enum transform transform, enum side side, enum class class);
/* Both at once, for a pair: what the side is used for by its direction.
 * `class` of both sides, by side. */
enum fit fits_side(const struct mapping_pair *pair, enum side side,
                   const enum class class[SIDE_COUNT]);
/* The transform that fits both sides of a pair in its direction; false: none
 * does. */
bool fits_suggest(const struct mapping_pair *pair,
                  const enum class class[SIDE_COUNT], enum transform *out);

#endif
