/* batch_read: records by their ids, 100 a call. */
#ifndef COMMON_BATCH_READ_H
#define COMMON_BATCH_READ_H

#include "common/hubspot.h"

#define BATCH_READ_MAX 100

/* The body of such a call for ids[0..n), n <= BATCH_READ_MAX. `properties` ends
 * with NULL; `id_property` NULL: by id. Caller frees with cJSON_Delete(). */
cJSON *batch_read_body(const char *id_property, const char *const *properties,
                       const char *const *ids, size_t n);

/* Read records of a type ("contacts"); `id_property` NULL: by id. fn gets each
 * that is there, in no order; what is not there is left out without an error.
 * -1: as hubspot_read(), or what fn has said. */
int batch_read(struct hubspot *hs, const char *type, const char *id_property,
               const char *const *properties, const char *const *ids, size_t n,
               int (*fn)(void *ctx, const cJSON *object, struct error *err),
               void *ctx, struct error *err);

#endif
