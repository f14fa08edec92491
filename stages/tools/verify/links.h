/* links: all links of the state, to be found by either of their records. */
#ifndef VERIFY_LINKS_H
#define VERIFY_LINKS_H

#include "common/activity.h"
#include "common/store.h"

/* The kinds that the command line names; none: all. */
struct kinds {
    const char *const *names;
    size_t n;
};
bool kinds_has(const struct kinds *kinds, const char *kind);

struct linked {
    char *key, *target; /* ours */
    char kind[32];
    enum activity activity; /* of the activity sync; ACTIVITY_NONE: of the
                               timeline */
    bool is_wanted;         /* of a kind that is to be checked */
    bool is_wrong;          /* it leads to a record of another pair */
};

struct links {
    struct linked *v; /* by key */
    struct linked **by_target;
    size_t n, size;
    const struct kinds *kinds;
};

/* Read them all; `kinds` has to outlive it. Caller ends with links_fini(), also
 * after -1. */
int links_read(struct store *store, const struct kinds *kinds,
               struct links *out, struct error *err);
void links_fini(struct links *links);
/* NULL: there is none. */
struct linked *links_by_key(const struct links *links, const char *key);
/* One of those that lead to a target. */
struct linked *links_by_target(const struct links *links, const char *target);

/* "512" of "hubspot:call:512", "00T..." of a target; "" of what is neither. */
const char *links_id(const char *key);
/* "call" of "hubspot:call:512". Returns buf. */
const char *links_type(const char *key, char *buf, size_t size);

#endif
