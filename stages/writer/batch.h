/* batch: which of the records in hand go into the next call. Pure.
 *
 * At most so many rows and bytes a call, all of one object type, packed across
 * kinds. Never two operations on one key in one batch: of several versions of a
 * record in hand the oldest goes, the others wait until it has ended, also when
 * it is waiting for another try itself. */
#ifndef WRITER_BATCH_H
#define WRITER_BATCH_H

#include <stddef.h>
#include <stdint.h>

#define BATCH_ROWS_MAX  200                    /* Salesforce, a call */
#define BATCH_BYTES_MAX (3u * 1024 * 1024 / 2) /* of one call's body */

struct batch_item {
    const char *key;     /* the record */
    const char *object;  /* "Task" */
    uint64_t hash;       /* batch_hash(key) */
    int64_t modified_at; /* the version */
    int64_t due_at;      /* monotonic ms: not before */
    size_t size;         /* about so many bytes in the body */
};

struct batch_limits {
    size_t rows;  /* >= 1 */
    size_t bytes; /* a single record larger than this goes alone */
};

/* FNV-1a of a text. */
uint64_t batch_hash(const char *text);

/* Choose from items[0..n), which stand in the order of their arrival. Fills
 * chosen[] (room for limits->rows) with indices in that order; returns how
 * many. When none may go, *next_due is when the next may, or -1: there is none;
 * else it is untouched. */
size_t batch_choose(const struct batch_item *const *items, size_t n,
                    int64_t now, const struct batch_limits *limits,
                    size_t *chosen, int64_t *next_due);

#endif
