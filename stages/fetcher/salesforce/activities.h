/* activities: Salesforce's Tasks and Events, for the kinds that are kept equal
 * on both sides. Nothing is asked while no such kind is switched on. */
#ifndef FETCHER_SALESFORCE_ACTIVITIES_H
#define FETCHER_SALESFORCE_ACTIVITIES_H

#include "stages/fetcher/feed.h"

extern const struct feed sf_tasks_feed;  /* "salesforce.tasks" */
extern const struct feed sf_events_feed; /* "salesforce.events" */

#endif
