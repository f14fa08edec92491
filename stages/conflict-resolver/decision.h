/* decision: what is to be written of an activity, given what was written of it
 * before. Pure.
 *
 * Timeline sync goes one way: no link yet, it is created; the same content as
 * at the last agreement, nothing; else what HubSpot says now is written.
 * Two-way kinds get their three-way merge beside this (merge.h). */
#ifndef CONFLICT_RESOLVER_DECISION_H
#define CONFLICT_RESOLVER_DECISION_H

#include "common/event.h"
#include "common/store.h"
#include <stdbool.h>

#define DECISION_DIGEST_SIZE 17 /* 16 hex digits and NUL */

enum decision_verdict {
    DECISION_CREATE,
    DECISION_UPDATE,
    DECISION_ALREADY_WRITTEN, /* nothing that matters has changed */
    DECISION_SUPERSEDED,      /* a newer version was written meanwhile */
    DECISION_DUPLICATE,       /* [timeline.KIND] deduplicate: another of its
                                 group is written */
    DECISION_NOT_LINKED       /* it is unless_linked, and has not come over: the
                                 event has the reason */
};

/* Whom and what the task hangs on. */
struct decision_parents {
    struct span who_id, who_type; /* texts; absent: nobody */
    struct span what_id;          /* the first company's account; never with a
                                     Lead, Salesforce refuses that */
};
void decision_parents(const struct event *ev, struct decision_parents *out);

/* A fingerprint of all that a task is made of: equal content, equal digest. */
void decision_digest(const struct event *ev, const struct decision_parents *p,
                     char out[DECISION_DIGEST_SIZE]);

/* Opens and clicks of one message by one contact (clicks: of one link) share a
 * group. false: the kind knows no repetition, or the message is not named. */
bool decision_group(const struct event *ev, char *key, size_t size);

/* `link` NULL: there is none. `is_group`: the link is of a group. */
enum decision_verdict decision_make(const struct event *ev,
                                    const struct store_link *link,
                                    const char *digest, bool is_group);
/* "already-written"; NULL for create, update and not linked.
 * Borrowed for ever. */
const char *decision_reason(enum decision_verdict verdict);

/* Put the decision into the event:
 *   target "salesforce", object "Task", action "create" | "update",
 *   version  the link's, 0: no link        digest
 *   who_id who_type what_id                as far as there are
 *   group    the group's key, if `group` is not NULL: the link is of this key
 *            instead of the event's, and it is written only if there is none */
void decision_put(struct event *ev, enum decision_verdict verdict,
                  int64_t version, const struct decision_parents *p,
                  const char *digest, const char *group);

#endif
