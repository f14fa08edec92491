/* lists: the contact lists of HubSpot that an `only` names. */
#ifndef CHECK_LISTS_H
#define CHECK_LISTS_H

#include "common/conf.h"
#include <cJSON.h>

/* Those of the kinds that are on, each once: [{"name", "where"}], where the
 * first place that names it is. Caller frees with cJSON_Delete(). */
cJSON *lists_named(const struct conf *conf);

#endif
