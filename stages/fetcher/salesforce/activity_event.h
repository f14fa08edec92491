/* activity_event: a Task or Event of Salesforce as an event, with whom it hangs
 * on in HubSpot as far as the state knows. */
#ifndef FETCHER_SALESFORCE_ACTIVITY_EVENT_H
#define FETCHER_SALESFORCE_ACTIVITY_EVENT_H

#include "stages/fetcher/feed.h"
#include "stages/fetcher/salesforce/place.h"

/* feed_has_ended() of this version ("Task" | "Event", its Id and stamp). */
bool activity_event_is_known(const struct feed_env *env, const char *object,
                             const struct place *version, enum feed_why why);
/* Give it to the engine: a delete when IsDeleted says so, else an upsert. `at`
 * is its Id and stamp. 0, or -1: the state cannot be read. One that is too
 * large becomes a dead letter. */
int activity_event_emit(const struct feed_env *env, const char *object,
                        const struct place *version, const cJSON *record,
                        enum feed_why why, struct error *err);

#endif
