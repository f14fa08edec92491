/* object: what a Salesforce object itself has to have, whatever is mapped: the
 * external id, and nothing required that nobody fills. Pure. */
#ifndef CHECK_OBJECT_H
#define CHECK_OBJECT_H

#include "common/activity.h"
#include "common/mapping.h"
#include "stages/tools/check/finding.h"

/* The field of describe's `fields` that new records are known by. Codes:
 * missing, not-external, not-unique, read-only, type; all are errors. */
void object_check_key(const cJSON *fields, const char *object, const char *name,
                      struct findings *out);

/* Fields that a new record has to have and that neither the mapping nor crmpipe
 * itself fills. Code: required (error). */
void object_check_required(const cJSON *fields, enum activity activity,
                           const struct mapping *map, const char *external_id,
                           struct findings *out);

#endif
