/* calls: what of each service's API was used, and what is left. */
#ifndef STATUS_CALLS_H
#define STATUS_CALLS_H

#include "common/conf.h"
#include "common/store.h"
#include <cJSON.h>

/* Adds api_calls, api_limits and api_slowness: by service, calls that we have
 * made today (UTC), how many we may, and how many times less often than usual
 * news is asked for; and api_accounts: what the service says of all apps of the
 * account, `used`, `allowed`, `at` (ms since 1970 UTC), or null. Empty without
 * a state (`store` NULL). -1: the state failed. */
int calls_gather(cJSON *doc, const struct conf *conf, struct store *store,
                 struct error *err);
void calls_print(const cJSON *doc);

#endif
