/* conflict: a conflict of activity sync as JSON and as a person reads it. Pure.
 *
 * As JSON it is an object {number, at, kind, key, target, is_linked, property,
 * kept, kept_side, lost, lost_side, flipped_at}. Times: ms since 1970 UTC. */
#ifndef COMMON_CONFLICT_H
#define COMMON_CONFLICT_H

#include "common/store.h"
#include "common/text.h"
#include <cJSON.h>

/* `target`: the Salesforce record's key; "": the two are linked no more. Caller
 * frees with cJSON_Delete(). */
cJSON *conflict_json(const struct store_conflict *c, const char *target);
/* Append two lines of about `width` columns; a third when it is flipped. */
void conflict_line(const cJSON *conflict, size_t width, struct text *out);
/* Append all of it, whole values. */
void conflict_whole(const cJSON *conflict, struct text *out);

#endif
