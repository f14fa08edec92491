/* collect: all that the state knows of a record, as one JSON document.
 *
 * {"id": TEXT, "found": bool,
 *  "records": [{"key", "kind", "occurred_at",
 *     "versions": [{"id", "outcome", "reason", "words", "stage", "target",
 *                   "detail", "tries", "at", "trace"}],   newest first
 *     "link": {...} | null}],
 *  "dead": [{...}], "contacts": [{...}]} */
#ifndef EXPLAIN_COLLECT_H
#define EXPLAIN_COLLECT_H

#include "common/store.h"
#include <cJSON.h>

/* NULL on an error of the store. Caller frees with cJSON_Delete(). */
cJSON *collect(struct store *store, const char *text, struct error *err);

#endif
