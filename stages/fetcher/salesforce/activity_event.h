/* activity_event: a Task or Event of Salesforce as an event, with whom it hangs
 * on in HubSpot as far as the state knows. */
#ifndef FETCHER_SALESFORCE_ACTIVITY_EVENT_H
#define FETCHER_SALESFORCE_ACTIVITY_EVENT_H

#include "stages/fetcher/feed.h"
#include "stages/fetcher/salesforce/place.h"

/* Has this version ("Task" | "Event", its Id and stamp) ended, or is it on its
 * way? In an import: feed_import_has_ended(). */
bool activity_event_is_known(const struct feed_env *env, const char *object,
                             const struct place *version, bool is_import);
/* Give it to the engine: a delete when IsDeleted says so, else an upsert. `at`
 * is its Id and stamp. 0, or -1: the state cannot be read. One that is too
 * large becomes a dead letter. */
int activity_event_emit(const struct feed_env *env, const char *object,
                        const struct place *version, const cJSON *record,
                        bool is_import, struct error *err);

#endif
