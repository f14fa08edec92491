/* calls: are there API calls enough for what is to be done? */
#ifndef CHECK_CALLS_H
#define CHECK_CALLS_H

#include "common/budget.h"
#include <cJSON.h>

/* A line of what was spent of a service's daily_api_limit, and of what all apps
 * of the account may spend, where it has said so. Pure but for `lines`. */
void calls_check(const struct budget *b, int64_t now_ms, cJSON *lines);

#endif
