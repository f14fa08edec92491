/* activity_decide: what is to become of an event of the activity sync, from its
 * link and what the other side says now. Pure.
 *
 * An event is decided in two steps, so that the other side is only asked for
 * what has changed: activity_begin(), and if that wants it activity_finish()
 * with the other record.
 *
 * The link is that of the same pair of records. A link that the timeline sync
 * made of the same HubSpot record is adopted (activity_takeover.h). A
 * Salesforce record that names its HubSpot record, but has no link yet (a crash
 * came between), is merged with it from an empty base. So is one that an import
 * has found on the other side: the event's `other` says so. So are two records
 * that both sides have made of one thing (twin.h).
 *
 * What the window-filter has marked as out of scope (event.h, unless_linked)
 * does not come over newly; a record that has its pair by link or name goes on.
 *
 * HubSpot keeps a record's version when what it hangs on changes, so an event
 * may be older in that than what was agreed on, or newer, and nothing tells
 * which: where it says that an association has changed, that is read once more.
 *
 * An event that was asked for (event.h) is always compared with the other
 * record, and where a Salesforce record names its HubSpot record, but the link
 * leads to another one, the link is made anew, from an empty base. If the other
 * record is missing it is made anew as the rules for a creation have
 * it; values that the link calls agreed, and that differ, are a conflict. */
#ifndef CONFLICT_RESOLVER_ACTIVITY_DECIDE_H
#define CONFLICT_RESOLVER_ACTIVITY_DECIDE_H

#include "common/current.h"
#include "common/event.h"
#include "common/linked_pair.h"
#include "common/store.h"
#include "stages/conflict-resolver/merge.h"

/* [activity.KIND] */
struct activity_rules {
    bool is_on;
    bool creates_from[SIDE_COUNT]; /* created_in_SIDE = create */
    bool prefers_opportunity;      /* related_to = opportunity */
    struct merge_rules merge;
    struct mapping map;
};

/* What holds for all events of a turn. */
struct activity_world {
    const struct activity_rules *rules; /* by enum activity */
    const struct transform_env *env;
    const char *fallback; /* [owners] fallback, lower case; "": none */
    const char *user;     /* Salesforce user id that we sign in as; "": not
                             known */
    int64_t now;          /* before the other side is read, ms since 1970 UTC */
    int64_t over;         /* by Salesforce's clock, ms: seconds before this are
                             over */
};

/* An event and what is known of it. */
struct activity_case {
    enum activity activity;
    enum side side;          /* where it comes from */
    const char *id;          /* its record's, on that side */
    struct ties *own_ties;   /* what its record hangs on, read just now; NULL:
                                what the event says. Taken by
                                activity_finish() */
    struct store_link *link; /* NULL: none */
    bool is_twin; /* the event's `other` is what was found to be the same */
    struct ties_agreed agreed;
    char successor[EVENT_ID_MAX]; /* of a HubSpot record that was made anew; ""
                                   */
    /* A new Salesforce record may be related to an opportunity of these: */
    char wanted_who[20], wanted_account[20];
    char opportunity[20]; /* ""; there is none */
};

enum activity_step {
    ACTIVITY_READ,      /* the other side's record is wanted */
    ACTIVITY_READ_BOTH, /* and the event's own record as it is now */
    ACTIVITY_MATCH, /* of an import: is it there on the other side already? */
    ACTIVITY_PASS,  /* the decision is in the event */
    ACTIVITY_END    /* `o` has outcome, reason, detail and target */
};

/* Read the rules of all kinds. -1: EX_CONFIG. */
int activity_rules_read(const struct conf *conf,
                        struct activity_rules rules[ACTIVITY_COUNT],
                        struct error *err);

/* The kind, the side and (copied to `id`) the record's own id. false: the event
 * is none of ours; `o` says so. */
bool activity_case_of(const struct event *ev, struct activity_case *c, char *id,
                      size_t size, struct outcome *o);

/* May the link be of this event's pair? false: it belongs to another record,
 * `o` says so. */
bool activity_fits(const struct activity_case *c, const struct event *ev,
                   struct outcome *o);

/* Is an opportunity to be looked for, before activity_begin()? Fills wanted_who
 * and wanted_account. */
bool activity_wants_opportunity(const struct activity_world *world,
                                const struct event *ev,
                                struct activity_case *c);

enum activity_step activity_begin(const struct activity_world *world,
                                  const struct activity_case *c,
                                  struct event *ev, struct outcome *o);
/* After ACTIVITY_READ_BOTH, with the event's own record. What that hangs on
 * moves from `own` to `taken`, for activity_finish(); the caller frees both.
 * ACTIVITY_READ or ACTIVITY_END. */
enum activity_step activity_own(struct activity_case *c, struct current *own,
                                struct ties *taken, const struct event *ev,
                                struct outcome *o);
/* After ACTIVITY_MATCH: it is not there, so it is created. ACTIVITY_PASS or
 * ACTIVITY_END. */
enum activity_step activity_create(const struct activity_world *world,
                                   const struct activity_case *c,
                                   struct event *ev, struct outcome *o);
/* The other record that activity_begin() wants, by its id. */
void activity_other_id(const struct activity_case *c, const struct event *ev,
                       char *buf, size_t size);
/* ACTIVITY_PASS or ACTIVITY_END. Takes what `other` hangs on out of it. */
enum activity_step activity_finish(const struct activity_world *world,
                                   const struct activity_case *c,
                                   struct current *other, struct event *ev,
                                   struct outcome *o);

#endif
