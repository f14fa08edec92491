/* values: does each side's list have what the other side's values become? Pure.
 */
#ifndef CHECK_VALUES_H
#define CHECK_VALUES_H

#include "common/mapping.h"
#include "stages/tools/check/finding.h"

/* `definition` of both sides, by side. Only for lists: where a side is no list,
 * or its list lies elsewhere, it takes and has anything. */
void values_check(const struct mapping_pair *pair,
                  const cJSON *const definition[SIDE_COUNT],
                  struct findings *out);

#endif
