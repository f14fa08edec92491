/* sweep: reading all of a stretch of time, page by page. Pure.
 *
 * Where the order of an API's records is not promised, "the newest seen" is no
 * watermark. So a sweep fixes a stretch [start, end] before its first page,
 * pages through it by the service's opaque offset, and only then begins the
 * next one, a little before its end. What the service shows later than that is
 * found by a second look: now and then a stretch begins further back. In a
 * cursor: {"start": ms, "looked_at": ms, "end": ms, "looks": true, "offset":
 * "..."}, the last three only while it is under way. */
#ifndef FETCHER_HUBSPOT_SWEEP_H
#define FETCHER_HUBSPOT_SWEEP_H

#include "common/error.h"
#include <cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#define SWEEP_OFFSET_MAX 4096 /* bytes of a service's offset */

struct sweep {
    int64_t start, end;            /* ms since 1970 UTC, both in it */
    int64_t looked_at;             /* end of the last second look */
    bool is_second_look;           /* the stretch that is under way is one */
    char offset[SWEEP_OFFSET_MAX]; /* "": at its beginning */
};

/* Read it from a cursor; what is missing or wrong begins at `fallback`. */
void sweep_read(struct sweep *s, const cJSON *entry, int64_t fallback);
/* Before a page: when the sweep is at its beginning, fix its end; when the last
 * second look is second_look_ms ago (0: never), go back to what was younger
 * than that then. */
void sweep_begin(struct sweep *s, int64_t now, int64_t second_look_ms);
/* After a page. `next` is the offset of the following one, NULL: this was the
 * last, and the sweep stands before the next stretch, which begins `overlap_ms`
 * before the end of this one. -1 (EX_PROTOCOL): the offset is too long, or the
 * same again. */
int sweep_turn(struct sweep *s, const char *next, int64_t overlap_ms,
               struct error *err);
/* For the cursor. Caller frees with cJSON_Delete(). */
cJSON *sweep_write(const struct sweep *s);

#endif
