/* dead_letter: a dead letter as JSON. Pure.
 *
 * It is an object {number, id, key, kind, source, stage, reason, detail, class,
 * means, mend, tries, first_at, at, is_retrying}, and `event` on demand. Times:
 * ms since 1970 UTC. */
#ifndef COMMON_DEAD_LETTER_H
#define COMMON_DEAD_LETTER_H

#include "common/store.h"
#include <cJSON.h>

/* Caller frees with cJSON_Delete(). */
cJSON *dead_letter_json(const struct store_dead *d, bool with_event);

#endif
