/* people: Salesforce's contacts and leads, as far as HubSpot's contacts are
 * tied to them. */
#ifndef FETCHER_SALESFORCE_PEOPLE_H
#define FETCHER_SALESFORCE_PEOPLE_H

#include "stages/fetcher/feed.h"

extern const struct feed people_feed; /* "salesforce.people": no events */

#endif
