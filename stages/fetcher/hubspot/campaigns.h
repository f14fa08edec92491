/* campaigns: what the campaign of a marketing e-mail event is called. Most
 * events bear its id only. Asked once for each, and remembered. */
#ifndef FETCHER_HUBSPOT_CAMPAIGNS_H
#define FETCHER_HUBSPOT_CAMPAIGNS_H

#include "stages/fetcher/feed.h"

/* {"name", "subject"} of the campaign that an event names by emailCampaignId
 * and appId; NULL when it names none or the service does not say (asked again
 * later). Not being told is no error. Caller frees with cJSON_Delete(). */
cJSON *campaigns_of(const struct feed_env *env, const cJSON *event);

#endif
