/* batch_read: see batch_read.h. */
#include "common/batch_read.h"

#include <stdio.h>

cJSON *
batch_read_body(const char *id_property, const char *const *properties,
                const char *const *ids, size_t n)
{
    cJSON *body = cJSON_CreateObject();
    cJSON *inputs = cJSON_AddArrayToObject(body, "inputs");
    cJSON *names = cJSON_AddArrayToObject(body, "properties");

    for (size_t i = 0; i < n; i++) {
        cJSON *input = cJSON_CreateObject();

        cJSON_AddStringToObject(input, "id", ids[i]);
        cJSON_AddItemToArray(inputs, input);
    }
    for (size_t i = 0; properties[i] != NULL; i++)
        cJSON_AddItemToArray(names, cJSON_CreateString(properties[i]));
    if (id_property != NULL)
        cJSON_AddStringToObject(body, "idProperty", id_property);
    return body;
}

int
batch_read(struct hubspot *hs, const char *type, const char *id_property,
           const char *const *properties, const char *const *ids, size_t n,
           int (*fn)(void *ctx, const cJSON *object, struct error *err),
           void *ctx, struct error *err)
{
    char tail[64];

    snprintf(tail, sizeof(tail), "/%s/batch/read", type);
    for (size_t at = 0; at < n; at += BATCH_READ_MAX) {
        size_t part = n - at < BATCH_READ_MAX ? n - at : BATCH_READ_MAX;
        cJSON *body = batch_read_body(id_property, properties, ids + at, part);
        const cJSON *object;
        cJSON *answer;
        int rv = hubspot_read(hs, HUBSPOT_OBJECTS, tail, body, &answer, err);

        cJSON_Delete(body);
        if (rv < 0)
            return -1;
        cJSON_ArrayForEach(object,
                           cJSON_GetObjectItemCaseSensitive(answer, "results"))
        {
            if (rv == 0)
                rv = fn(ctx, object, err);
        }
        cJSON_Delete(answer);
        if (rv < 0)
            return -1;
    }
    return 0;
}
