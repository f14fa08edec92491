/* window: is an activity in scope, or why not (design: what is in scope). Pure.
 *
 * A kind that is switched off, an activity without a contact or whose contact
 * is tied to nobody or to several people stays out; so does what happened
 * before the contact's sync began, less the look-back of its kind.
 *
 * Of the activity sync, a record comes when it is created or changed: what
 * counts is that this was not before the contact's sync began. A deletion is
 * always in: it matters only to what has come over. So is what is linked
 * already, whoever it hangs on now; whether it is, a later stage has to see. In
 * an import it does not count when something happened or was changed: it was
 * asked for. */
#ifndef WINDOW_FILTER_WINDOW_H
#define WINDOW_FILTER_WINDOW_H

#include "common/activity.h"
#include "common/event.h"
#include "common/kind.h"
#include <stdbool.h>
#include <stdint.h>

enum window_verdict {
    WINDOW_IN,
    WINDOW_UNKNOWN_KIND,
    WINDOW_KIND_OFF,
    WINDOW_NO_CONTACT,
    WINDOW_NOT_SYNCED,
    WINDOW_AMBIGUOUS,
    WINDOW_BEFORE_SYNC,
    WINDOW_BEFORE_LOOKBACK
};

struct window_rules {
    struct window_rule {
        bool is_on;
        int64_t lookback_ms; /* >= 0; 0: nothing from before the sync, ever */
    } timeline[KIND_COUNT];
    bool activity[ACTIVITY_COUNT]; /* is it on? */
};

/* What is known of an activity. */
struct window_facts {
    enum kind kind; /* of a timeline event; KIND_NONE: unknown */
    int64_t at;     /* when it happened, of an activity when it was changed; ms
                       since 1970 UTC */
    bool has_contact;
    bool is_tied;           /* to a person in Salesforce */
    int64_t synced_at;      /* of its contact, ms since 1970 UTC; 0: never */
    int64_t matches;        /* people in Salesforce that fit its contact */
    bool is_activity;       /* of the activity sync */
    enum activity activity; /* ACTIVITY_NONE: unknown */
    bool is_delete;
    bool is_import; /* a person asked for what is already there */
};

/* Read the facts of an event. -1 (EX_DATAERR): it lacks what a rule needs. */
int window_facts(const struct event *ev, struct window_facts *out,
                 struct error *err);

/* The window is closed at its start: an activity of exactly that millisecond is
 * in. */
enum window_verdict window_decide(const struct window_facts *facts,
                                  const struct window_rules *rules);

/* Is it in nevertheless, if its record is linked? */
bool window_is_in_if_linked(const struct window_facts *facts,
                            enum window_verdict verdict);

/* "before-lookback"; NULL for WINDOW_IN. Borrowed for ever. */
const char *window_reason(enum window_verdict verdict);

#endif
