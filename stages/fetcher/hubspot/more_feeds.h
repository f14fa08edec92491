/* more_feeds: HubSpot's feeds that follow moments, not records. Each stands in
 * the file of its name. */
#ifndef FETCHER_HUBSPOT_MORE_FEEDS_H
#define FETCHER_HUBSPOT_MORE_FEEDS_H

#include "stages/fetcher/feed.h"

extern const struct feed lookback_feed;     /* "hubspot.lookback" */
extern const struct feed email_events_feed; /* "hubspot.email_events" */
extern const struct feed forms_feed;        /* "hubspot.forms" */
extern const struct feed occurrences_feed;  /* "hubspot.occurrences" */
extern const struct feed counters_feed;     /* "hubspot.counters" */

#endif
