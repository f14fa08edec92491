/* guard: which deletions may be sent on, and which wait for a person. Pure.
 *
 * A deletion that the rules would carry to the other side is counted before it
 * is sent, together with those of the last GUARD_WINDOW_MS. Too many of them
 * are a mistake, until a person says otherwise. */
#ifndef FETCHER_GUARD_H
#define FETCHER_GUARD_H

#include "common/activity.h"
#include "common/mapping.h"
#include "common/store.h"

#define GUARD_WINDOW_MS INT64_C(600000)

/* By kind and by the side that the record was deleted on: is the kind kept
 * equal, and deleted_in_SIDE = delete? */
struct guard_rules {
    bool carries[ACTIVITY_COUNT][SIDE_COUNT];
};
void guard_rules_read(const struct conf *conf, struct guard_rules *out);
/* Of any kind? */
bool guard_rules_any(const struct guard_rules *rules, enum side side);

/* What a link says of its two records' lives. */
struct guard_link {
    enum activity activity; /* ACTIVITY_NONE: no pair of the activity sync */
    bool is_gone[SIDE_COUNT];
    int64_t seen[SIDE_COUNT]; /* last version of each that it knows; 0: none */
};
void guard_link_read(const struct store_link *link, struct guard_link *out);

/* May the deletion of the record of `side` delete the other one? Not when the
 * link knows of it: then it is our own, or it was decided before. */
bool guard_carries(const struct guard_rules *rules,
                   const struct guard_link *link, enum side side);

/* How many deletions are sent without asking: `max`, or `percent` of the links,
 * whichever is more. */
int64_t guard_limit(int64_t max, int64_t percent, int64_t links);

enum guard_verdict {
    GUARD_NOTHING, /* there is none to be judged */
    GUARD_RELEASE,
    GUARD_HOLD
};
/* `pending` of this source; `held` and `released` (lately) of both. As long as
 * any are held the next ones are, too: who looks at them sees them all. */
enum guard_verdict guard_judge(int64_t pending, int64_t held, int64_t released,
                               int64_t limit);

#endif
