/* requested: Salesforce's Tasks and Events that somebody wants to see again. */
#ifndef FETCHER_SALESFORCE_REQUESTED_H
#define FETCHER_SALESFORCE_REQUESTED_H

#include "stages/fetcher/feed.h"

extern const struct feed sf_requested_feed; /* "salesforce.requested" */

#endif
