/* engagements: calls, e-mails, meetings, notes and tasks, followed by their
 * time of change. Cursor: keyset.h. Key "hubspot:call:ID", id KEY@MODIFIED;
 * `native` is the record as HubSpot gives it, with its owner and, for a call,
 * the label of its disposition. */
#ifndef FETCHER_HUBSPOT_ENGAGEMENTS_H
#define FETCHER_HUBSPOT_ENGAGEMENTS_H

#include "common/activity.h"
#include "common/batch_read.h"
#include "stages/fetcher/feed.h"
#include "stages/fetcher/hubspot/keyset.h"

extern const struct feed calls_feed;    /* "hubspot.calls" */
extern const struct feed emails_feed;   /* "hubspot.emails" */
extern const struct feed meetings_feed; /* "hubspot.meetings" */
extern const struct feed notes_feed;    /* "hubspot.notes" */
extern const struct feed tasks_feed;    /* "hubspot.tasks" */

/* Give the records of these ids as the feed of their kind would, each as of the
 * version `t` that is named with it; at most KEYSET_PAGE. What is not there any
 * more is left out. -1: as hubspot_read(). */
int engagements_give(const struct feed_env *env, enum activity activity,
                     const struct keyset_record *wanted, size_t n,
                     struct error *err);

/* Which of those that were asked for are there. */
struct engagements_found {
    char id[BATCH_READ_MAX][KEYSET_ID];
    size_t n;
    bool is_held; /* that version of one of them is on its way */
};
/* Is there such a type ("call")? */
bool engagements_has(const char *type);
/* Read n <= BATCH_READ_MAX records of a type that engagements_has(), and give
 * each that is there, and is not on its way, as an event that was asked for.
 * -1: as hubspot_read(). */
int engagements_ask(const struct feed_env *env, const char *type,
                    const char *const *ids, size_t n,
                    struct engagements_found *found, struct error *err);

#endif
