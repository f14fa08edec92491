/* complaint: what a stranger sends is refused with a line in the log, but not
 * with so many that they push all else out of it: after COMPLAINT_MAX of a
 * minute they are counted, and the number is told with the next one. */
#ifndef COMMON_COMPLAINT_H
#define COMMON_COMPLAINT_H

#include <stdbool.h>
#include <stdint.h>

#define COMPLAINT_MAX 200

struct complaint {
    int64_t since_ms; /* this minute's begin, monotonic */
    int n;            /* of this minute */
    uint64_t untold;  /* counted, not logged */
};

/* One more, at `now_ms` (monotonic): is it to be logged? Logs when it begins to
 * count instead, and how many it has counted when it ends. */
bool complaint_told(struct complaint *c, int64_t now_ms);

#endif
