/* deleted: the feed of what was deleted in HubSpot. Cursor: round.h. */
#ifndef FETCHER_HUBSPOT_DELETED_H
#define FETCHER_HUBSPOT_DELETED_H

#include "stages/fetcher/feed.h"

extern const struct feed deleted_feed; /* "hubspot.deleted" */

#endif
