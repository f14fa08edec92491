/* collect: all that the state knows of a record, as one JSON document.
 *
 * {"id": TEXT, "found": bool,
 *  "records": [{"key", "kind", "occurred_at",
 *     "versions": [{"id", "outcome", "reason", "words", "stage", "target",
 *                   "detail", "tries", "at", "trace"}],   newest first
 *     "link": {...} | null}],
 *  "pairs": [{...}],   of activity sync, see pair.h
 *  "dead": [{...}], "contacts": [{...}]} */
#ifndef EXPLAIN_COLLECT_H
#define EXPLAIN_COLLECT_H

#include "common/conf.h"
#include "common/store.h"
#include <cJSON.h>

/* NULL on an error of the store or the config. Caller frees with
 * cJSON_Delete(). */
cJSON *collect(struct store *store, const struct conf *conf, const char *text,
               struct error *err);

#endif
