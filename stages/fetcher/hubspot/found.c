/* found: see found.h. */
#include "stages/fetcher/hubspot/found.h"

#include "common/json.h"

#include <string.h>

struct asked {
    const char *const *ids;
    size_t n;
    struct found *out;
};

static void
set(const struct asked *a, const char *id, size_t len, struct found found)
{
    for (size_t i = 0; i < a->n; i++)
        if (strlen(a->ids[i]) == len && memcmp(a->ids[i], id, len) == 0)
            a->out[i] = found;
}

static void
take_result(const struct asked *a, const cJSON *object)
{
    const cJSON *properties =
        cJSON_GetObjectItemCaseSensitive(object, "properties");
    struct found found = {FOUND_ALIVE, 0};
    char id[32];

    if (!json_id(object, "id", id, sizeof(id)))
        return;
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, "archived"))) {
        found.state = FOUND_ARCHIVED;
        json_time(object, "archivedAt", &found.at);
    } else if (!json_time(properties, FOUND_CHANGED, &found.at)) {
        json_time(object, "updatedAt", &found.at);
    }
    set(a, id, strlen(id), found);
}

static void
take_missing(const struct asked *a, const cJSON *error)
{
    const char *category = json_str(error, "category");
    const cJSON *id;

    if (category == NULL || strcmp(category, "OBJECT_NOT_FOUND") != 0)
        return;
    cJSON_ArrayForEach(id, json_at(error, "context.ids"))
    {
        if (cJSON_IsString(id))
            set(a, id->valuestring, strlen(id->valuestring),
                (struct found){FOUND_MISSING, 0});
    }
}

/* What has become part of this one is not gone. */
static void
take_merged(const struct asked *a, const cJSON *object)
{
    const char *ids = json_str(
        cJSON_GetObjectItemCaseSensitive(object, "properties"), FOUND_MERGED);

    while (ids != NULL && *ids != '\0') {
        size_t len = strcspn(ids, "; ,");

        set(a, ids, len, (struct found){FOUND_UNCLEAR, 0});
        ids += len + (ids[len] != '\0');
    }
}

void
found_read(const cJSON *answer, const char *const *ids, size_t n,
           struct found *out)
{
    const cJSON *results = cJSON_GetObjectItemCaseSensitive(answer, "results");
    const struct asked a = {ids, n, out};
    const cJSON *item;

    memset(out, 0, n * sizeof(*out));
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(answer, "errors"))
    {
        take_missing(&a, item);
    }
    cJSON_ArrayForEach(item, results)
    {
        take_merged(&a, item);
    }
    cJSON_ArrayForEach(item, results)
    {
        take_result(&a, item);
    }
}
