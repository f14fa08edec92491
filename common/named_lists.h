/* named_lists: the contact lists of HubSpot that the config's `only` name. */
#ifndef COMMON_NAMED_LISTS_H
#define COMMON_NAMED_LISTS_H

#include "common/conf.h"
#include "common/only.h"

typedef void named_lists_fn(void *ctx, const char *section,
                            const struct only_value *list);

/* Those of one section, if it is on. */
void named_lists_of(const struct conf *conf, const char *section,
                    named_lists_fn *fn, void *ctx);
/* Those of all sections that are on: of the timeline, then of the activity
 * sync; as often as they are named. */
void named_lists_each(const struct conf *conf, named_lists_fn *fn, void *ctx);

#endif
