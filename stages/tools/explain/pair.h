/* pair: what is known of two records that are kept equal. As JSON:
 *
 * {"key", "target", "kind", "version", "written_at",
 *  "prefer": "salesforce" | "hubspot",
 *  "deleted": {"hubspot": null | "user" | "crmpipe", "salesforce": ...},
 *  "deletions": [{"record", "verdict", "found_at"}],   that wait; verdict as
 *                                                   struct store_deletion's
 *  "properties": [{"property", "field", "hubspot", "salesforce", "differs"}],
 *  "conflicts": [...]}   conflict.h
 *
 * Values as of the last agreement, in the form that both are compared in. */
#ifndef EXPLAIN_PAIR_H
#define EXPLAIN_PAIR_H

#include "common/conf.h"
#include "common/store.h"
#include "common/text.h"
#include <cJSON.h>

/* Add the pairs that `text` names (a key or id of either record) to `pairs`,
 * each once. -1: an error of the store or the config. */
int pair_find(struct store *store, const struct conf *conf, const char *text,
              cJSON *pairs, struct error *err);

/* Append it in words. Pure. */
void pair_words(const cJSON *pair, struct text *out);

#endif
