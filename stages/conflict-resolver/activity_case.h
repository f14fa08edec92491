/* activity_case: how an event's record hangs together with its link, and how an
 * event ends; between the files that decide. Pure. */
#ifndef CONFLICT_RESOLVER_ACTIVITY_CASE_H
#define CONFLICT_RESOLVER_ACTIVITY_CASE_H

#include "stages/conflict-resolver/activity_decide.h"

/* How an event's record hangs together with one of the other side. */
enum relation {
    RELATION_NONE,     /* it is alone */
    RELATION_NAMED,    /* it names the other, or is its twin, and no link says
                          so yet */
    RELATION_TIMELINE, /* by a link of the timeline sync */
    RELATION_LINK
};

/* Fill the outcome; `detail` may be NULL. ACTIVITY_END. */
enum activity_step activity_end(struct outcome *o, const char *outcome,
                                const char *reason, const char *detail);

/* Does the link lead to another record of its side than the event's? */
bool activity_leads_elsewhere(const struct activity_case *c,
                              const struct event *ev);

enum relation activity_relation(const struct activity_case *c,
                                const struct event *ev,
                                const struct snapshot *snapshot);

bool activity_is_delete(const struct event *ev);

/* Has the link seen a later version of this record? */
bool activity_is_old(const struct activity_case *c, const struct event *ev,
                     enum relation relation, const struct snapshot *snapshot);
/* Is it a version of Salesforce that a decision has seen within its second? It
 * may have been written over since (activity_put.c), or be of a later change:
 * only the record itself tells. */
bool activity_may_be_old(const struct activity_case *c, const struct event *ev,
                         const struct snapshot *snapshot);

#endif
