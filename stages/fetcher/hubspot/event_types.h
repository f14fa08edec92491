/* event_types: which of the account's event types the config asks for. */
#ifndef FETCHER_HUBSPOT_EVENT_TYPES_H
#define FETCHER_HUBSPOT_EVENT_TYPES_H

#include "stages/fetcher/feed.h"

#define EVENT_TYPES_AGAIN_MS INT64_C(3600000) /* the list is read anew */

/* Those that match, {NAME: kind's name}; read at most once an hour. Borrowed:
 * valid until the next call. */
int event_types_get(const struct feed_env *env, const cJSON **out,
                    struct error *err);

#endif
