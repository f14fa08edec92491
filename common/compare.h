/* compare: are the two records of a link equal, as its rules want it? Pure.
 *
 * A side's value is what was agreed on when it is that of its own snapshot. The
 * two snapshots may differ where the rules, or the services, would have it so.
 */
#ifndef COMMON_COMPARE_H
#define COMMON_COMPARE_H

#include "common/mapping.h"
#include <stdbool.h>

enum compare_verdict {
    COMPARE_EQUAL,   /* or different as the rules would have it */
    COMPARE_CHANGED, /* a value is not what was agreed on, and may go over; or
                        both say the same, and the link does not know */
    COMPARE_APART    /* both are what was agreed on, and differ although either
                        may go over: the link is wrong */
};

/* One pair. `carries`: updated_in_SIDE = update. `now`, `base`: the canonical
 * values of both sides and those of the link, by enum side; NULL: empty. */
enum compare_verdict compare_pair(const struct mapping_pair *pair,
                                  const bool carries[SIDE_COUNT],
                                  const char *const now[SIDE_COUNT],
                                  const char *const base[SIDE_COUNT]);

#endif
