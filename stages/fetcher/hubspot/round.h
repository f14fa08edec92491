/* round: how far the look-up of all linked records has come, and how many of
 * them are next. Pure.
 *
 * A round goes through all of them once, kind after kind, each in the order of
 * the links' keys. In a cursor: {"kind": "call", "after": "hubspot:call:512",
 * "left": n, "asked_at": ms}. */
#ifndef FETCHER_HUBSPOT_ROUND_H
#define FETCHER_HUBSPOT_ROUND_H

#include "common/activity.h"
#include "common/event.h"
#include <cJSON.h>
#include <stdbool.h>

#define ROUND_LEAST 1000 /* records that a poll looks at */

struct round {
    enum activity activity;
    char after[EVENT_ID_MAX]; /* link's key; "": at the kind's beginning */
    int64_t left;             /* of the share that is under way */
    int64_t asked_at;         /* when the last share began; 0: never */
};

/* Read it from a cursor; what is missing or wrong is at its beginning. */
void round_read(struct round *r, const cJSON *cursor);
/* For the cursor. Caller frees with cJSON_Delete(). */
cJSON *round_write(const struct round *r);

/* If no share is under way, begin one: of `total` records as many as fit the
 * time since the last one, when a round takes sweep_ms (0: all); ROUND_LEAST at
 * least, and none twice. */
void round_begin(struct round *r, int64_t total, int64_t now, int64_t sweep_ms);
/* The kind is through: on to the next that is wanted, maybe the same. `wanted`:
 * by kind, at least one. */
void round_next_kind(struct round *r, const bool wanted[ACTIVITY_COUNT]);

/* Where the keys of a kind lie: between these two. size: EVENT_ID_MAX. */
void round_keys(const struct round *r, char *after, char *before, size_t size);

#endif
