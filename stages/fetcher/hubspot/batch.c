/* batch: see batch.h. */
#include "stages/fetcher/hubspot/batch.h"

#include "common/json.h"

#include <stdlib.h>
#include <string.h>

void
batch_set_i64(cJSON *object, const char *name, int64_t value)
{
    cJSON_DeleteItemFromObjectCaseSensitive(object, name);
    cJSON_AddNumberToObject(object, name, (double)value);
}

void
batch_set_str(cJSON *object, const char *name, const char *value)
{
    cJSON_DeleteItemFromObjectCaseSensitive(object, name);
    if (value != NULL)
        cJSON_AddStringToObject(object, name, value);
}

int64_t
batch_i64(const cJSON *object, const char *name)
{
    int64_t value;

    return json_i64(object, name, &value) ? value : 0;
}

void
batch_finish(cJSON *cursor)
{
    static const char *const names[] = {
        "ids", "end", "phase", "at", "offset", "form", "email", "again", NULL};
    cJSON *done = cJSON_GetObjectItemCaseSensitive(cursor, "done");
    const cJSON *id;

    if (!cJSON_IsArray(done)) {
        cJSON_DeleteItemFromObjectCaseSensitive(cursor, "done");
        done = cJSON_AddArrayToObject(cursor, "done");
    }
    cJSON_ArrayForEach(id, cJSON_GetObjectItemCaseSensitive(cursor, "ids"))
    {
        cJSON *entry = cJSON_CreateObject();

        cJSON_AddItemToObject(entry, "id", cJSON_Duplicate(id, true));
        batch_set_i64(entry, "serial", batch_i64(cursor, "serial"));
        cJSON_AddItemToArray(done, entry);
    }
    for (size_t i = 0; names[i] != NULL; i++)
        cJSON_DeleteItemFromObjectCaseSensitive(cursor, names[i]);
}

/* The serial of the batch that the checkpoint has reached. */
static int
reached(const struct feed_env *env, const struct feed *feed, int64_t *serial,
        struct error *err)
{
    char *text = NULL;
    cJSON *cursor;
    int r = store_checkpoint_get(env->store, feed->name, &text, err);

    *serial = 0;
    if (r <= 0)
        return r;
    cursor = cJSON_Parse(text);
    *serial = batch_i64(cursor, "serial");
    cJSON_Delete(cursor);
    free(text);
    return 0;
}

int
batch_unmark(const struct feed_env *env, const struct feed *feed, cJSON *cursor,
             bool *is_changed, struct error *err)
{
    cJSON *done = cJSON_GetObjectItemCaseSensitive(cursor, "done");
    cJSON *entry = cJSON_IsArray(done) ? done->child : NULL;
    int64_t serial;

    if (entry == NULL)
        return 0;
    if (reached(env, feed, &serial, err) < 0)
        return -1;
    while (entry != NULL) {
        cJSON *next = entry->next;
        const char *id = json_str(entry, "id");
        struct store_contact c;
        int r = 0;

        if (batch_i64(entry, "serial") <= serial) {
            r = id != NULL ? store_contact_get(env->store, id, &c, err) : 0;
            c.lookback_due = false;
            if (r > 0)
                r = store_contact_put(env->store, &c, err);
            cJSON_Delete(cJSON_DetachItemViaPointer(done, entry));
            *is_changed = true;
        }
        if (r < 0)
            return -1;
        entry = next;
    }
    return 0;
}

struct choice {
    const cJSON *done;
    cJSON *ids;
};

static int
choose_one(void *ctx, const struct store_contact *c)
{
    struct choice *choice = ctx;
    const cJSON *entry;

    cJSON_ArrayForEach(entry, choice->done)
    {
        const char *id = json_str(entry, "id");

        if (id != NULL && strcmp(id, c->hubspot_id) == 0)
            return 0;
    }
    cJSON_AddItemToArray(choice->ids, cJSON_CreateString(c->hubspot_id));
    return cJSON_GetArraySize(choice->ids) >= BATCH_MAX;
}

int
batch_choose(const struct feed_env *env, cJSON *cursor, struct error *err)
{
    struct choice choice = {
        .done = cJSON_GetObjectItemCaseSensitive(cursor, "done"),
        .ids = cJSON_CreateArray()};
    int limit = BATCH_MAX + cJSON_GetArraySize(choice.done);
    int r = store_contacts_due(env->store, limit, choose_one, &choice, err);
    int n = cJSON_GetArraySize(choice.ids);

    if (r < 0 || n == 0) {
        cJSON_Delete(choice.ids);
        return r < 0 ? -1 : 0;
    }
    batch_set_i64(cursor, "serial", batch_i64(cursor, "serial") + 1);
    batch_set_i64(cursor, "end", hubspot_now_ms(env->hubspot));
    batch_set_str(cursor, "phase", n <= BATCH_EACH_MAX ? "each" : "range");
    cJSON_AddItemToObject(cursor, "ids", choice.ids);
    return 1;
}
