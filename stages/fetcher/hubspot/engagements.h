/* engagements: calls, e-mails, meetings, notes and tasks, followed by their
 * time of change. Cursor: keyset.h. Key "hubspot:call:ID", id KEY@MODIFIED;
 * `native` is the record as HubSpot gives it, with its owner and, for a call,
 * the label of its disposition. */
#ifndef FETCHER_HUBSPOT_ENGAGEMENTS_H
#define FETCHER_HUBSPOT_ENGAGEMENTS_H

#include "stages/fetcher/feed.h"

extern const struct feed calls_feed;    /* "hubspot.calls" */
extern const struct feed emails_feed;   /* "hubspot.emails" */
extern const struct feed meetings_feed; /* "hubspot.meetings" */
extern const struct feed notes_feed;    /* "hubspot.notes" */
extern const struct feed tasks_feed;    /* "hubspot.tasks" */

#endif
