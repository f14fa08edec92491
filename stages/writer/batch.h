/* batch: which of the records in hand go into the next call. Pure.
 *
 * At most so many rows and bytes a call, all of one group: what one call can
 * do, "salesforce update Event". Never two operations on one key in one batch:
 * of several versions of a record in hand the oldest goes, the others wait
 * until it has ended, also when it is waiting for another try itself.
 *
 * A lane is what may be closed while others are open: a service that takes
 * nothing now. */
#ifndef WRITER_BATCH_H
#define WRITER_BATCH_H

#include "common/mapping.h"
#include <stddef.h>
#include <stdint.h>

#define BATCH_ROWS_MAX  200                    /* of any lane, a call */
#define BATCH_BYTES_MAX (3u * 1024 * 1024 / 2) /* of one call's body */

#define BATCH_NO_SERVICE SIDE_COUNT /* the lane of what calls nobody */
#define BATCH_LANES      (SIDE_COUNT + 1)

struct batch_item {
    const char *key;     /* the record */
    const char *group;   /* what is done with it */
    int lane;            /* of its group; enum side, or BATCH_NO_SERVICE */
    uint64_t hash;       /* batch_hash(key) */
    int64_t modified_at; /* the version */
    int64_t due_at;      /* monotonic ms: not before */
    size_t size;         /* about so many bytes in the body */
};

struct batch_limits {
    size_t rows;          /* >= 1 */
    size_t bytes;         /* a single record larger than this goes alone */
    int64_t closed_until; /* monotonic ms: none before */
};

/* FNV-1a of a text. */
uint64_t batch_hash(const char *text);

/* Choose from items[0..n), which stand in the order of their arrival. Fills
 * chosen[] (room for the rows of any lane) with indices in that order; returns
 * how many. When none may go, *next_due is when the next may, or -1: there is
 * none; else it is untouched. `limits`: one a lane. */
size_t batch_choose(const struct batch_item *const *items, size_t n,
                    int64_t now, const struct batch_limits *limits,
                    size_t *chosen, int64_t *next_due);

#endif
