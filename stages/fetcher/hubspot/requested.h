/* requested: HubSpot's records that somebody wants to see again. */
#ifndef FETCHER_HUBSPOT_REQUESTED_H
#define FETCHER_HUBSPOT_REQUESTED_H

#include "stages/fetcher/feed.h"

extern const struct feed requested_feed; /* "hubspot.requested" */

#endif
