/* pair: see pair.h. */
#include "stages/tools/explain/pair.h"

#include "common/conflict.h"
#include "common/json.h"
#include "common/mapping.h"
#include "common/sf_id.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct finding {
    struct store *store;
    const struct conf *conf;
    cJSON *pairs;
    struct error *err;
};

static const char *
who_deleted(struct span deleted, enum side side)
{
    bool by_sync;

    if (deleted.data == NULL ||
        !mp_bool(mp_get(deleted, side_name(side)), &by_sync))
        return NULL;
    return by_sync ? "crmpipe" : "user";
}

static void
add_deleted(struct span snapshot, cJSON *pair)
{
    cJSON *o = cJSON_AddObjectToObject(pair, "deleted");
    struct span deleted = mp_get(snapshot, "deleted");

    for (enum side s = 0; s < SIDE_COUNT; s++) {
        const char *who = who_deleted(deleted, s);

        cJSON_AddItemToObject(o, side_name(s),
                              who != NULL ? cJSON_CreateString(who)
                                          : cJSON_CreateNull());
    }
}

/* That a record is gone, if the other one's deletion waits for something. */
static int
add_waiting(struct store *store, const char *key, cJSON *pair,
            struct error *err)
{
    cJSON *list = cJSON_GetObjectItemCaseSensitive(pair, "deletions");
    struct store_deletion d;
    int rv = store_deletion_get(store, key, &d, err);
    cJSON *o;

    if (rv != 1 || strcmp(d.verdict, STORE_CARRIED) == 0)
        return rv < 0 ? -1 : 0;
    o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "record", d.key);
    cJSON_AddStringToObject(o, "verdict", d.verdict);
    cJSON_AddNumberToObject(o, "found_at", (double)d.found_at);
    cJSON_AddItemToArray(list, o);
    return 0;
}

/* What a side has of a property, "" when nothing. */
static cJSON *
value_of(struct span snapshot, enum side side, const char *property)
{
    struct span values = mp_get(snapshot, side_name(side));
    cJSON *value = values.data != NULL && mp_get(values, property).data != NULL
                       ? json_from_mp(mp_get(values, property))
                       : NULL;

    if (!cJSON_IsString(value)) {
        cJSON_Delete(value);
        value = cJSON_CreateString("");
    }
    return value;
}

static void
add_properties(const struct mapping *map, struct span snapshot, cJSON *pair)
{
    cJSON *list = cJSON_AddArrayToObject(pair, "properties");

    for (size_t i = 0; i < map->n; i++) {
        const char *property = map->pairs[i].name[SIDE_HUBSPOT];
        cJSON *a = value_of(snapshot, SIDE_HUBSPOT, property);
        cJSON *b = value_of(snapshot, SIDE_SALESFORCE, property);
        cJSON *item = cJSON_CreateObject();

        cJSON_AddStringToObject(item, "property", property);
        cJSON_AddStringToObject(item, "field",
                                map->pairs[i].name[SIDE_SALESFORCE]);
        cJSON_AddBoolToObject(item, "differs",
                              strcmp(a->valuestring, b->valuestring) != 0);
        cJSON_AddItemToObject(item, side_name(SIDE_HUBSPOT), a);
        cJSON_AddItemToObject(item, side_name(SIDE_SALESFORCE), b);
        cJSON_AddItemToArray(list, item);
    }
}

static int
add_conflict(void *ctx, const struct store_conflict *c)
{
    cJSON *pair = ctx;

    cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(pair, "conflicts"),
                         conflict_json(c, json_str(pair, "target")));
    return 0;
}

static cJSON *
pair_of(const struct finding *f, const struct store_link *link,
        enum activity activity, const struct mapping *map)
{
    cJSON *pair = cJSON_CreateObject();

    cJSON_AddStringToObject(pair, "key", link->key);
    cJSON_AddStringToObject(pair, "target", link->target);
    cJSON_AddStringToObject(pair, "kind", activity_facts(activity)->name);
    cJSON_AddNumberToObject(pair, "version", (double)link->version);
    cJSON_AddNumberToObject(pair, "written_at", (double)link->written_at);
    cJSON_AddStringToObject(
        pair, "prefer", conf_str(f->conf, conf_activity(activity), "prefer"));
    add_deleted(link->snapshot, pair);
    cJSON_AddArrayToObject(pair, "deletions");
    add_properties(map, link->snapshot, pair);
    cJSON_AddArrayToObject(pair, "conflicts");
    return pair;
}

static bool
has_pair(const cJSON *pairs, const char *key)
{
    const cJSON *p;

    cJSON_ArrayForEach(p, pairs) if (strcmp(json_str(p, "key"), key) ==
                                     0) return true;
    return false;
}

/* A link of the timeline is none of a pair. */
static int
add_pair(struct finding *f, const struct store_link *link)
{
    enum activity activity = activity_parse(link->kind, strlen(link->kind));
    struct mapping *map;
    cJSON *pair;
    int rv;

    if (activity == ACTIVITY_NONE || link->snapshot.data == NULL ||
        mp_get(link->snapshot, side_name(SIDE_HUBSPOT)).data == NULL ||
        has_pair(f->pairs, link->key))
        return 0;
    map = malloc(sizeof(*map));
    if (map == NULL)
        abort();
    rv = mapping_read(f->conf, activity, map, f->err);
    if (rv == 0) {
        pair = pair_of(f, link, activity, map);
        cJSON_AddItemToArray(f->pairs, pair);
        rv = store_conflict_each(f->store, json_str(pair, "key"), add_conflict,
                                 pair, f->err);
        if (rv == 0)
            rv = add_waiting(f->store, json_str(pair, "key"), pair, f->err);
        if (rv == 0)
            rv = add_waiting(f->store, json_str(pair, "target"), pair, f->err);
    }
    free(map);
    return rv;
}

static int
add_by_key(struct finding *f, const char *key)
{
    struct store_link link;
    int rv = store_link_get(f->store, key, &link, f->err);

    return rv == 1 ? add_pair(f, &link) : rv;
}

static int
add_by_target(struct finding *f, const char *target)
{
    struct store_link link;
    int rv = store_link_by_target(f->store, target, &link, f->err);

    return rv == 1 ? add_pair(f, &link) : rv;
}

int
pair_find(struct store *store, const struct conf *conf, const char *text,
          cJSON *pairs, struct error *err)
{
    struct finding f = {store, conf, pairs, err};
    char key[EVENT_ID_MAX], id[SF_ID_SIZE];
    const char *object = NULL;
    int rv = add_by_key(&f, text);

    if (rv == 0)
        rv = add_by_target(&f, text);
    for (int a = 0; a < ACTIVITY_COUNT && rv == 0; a++) {
        snprintf(key, sizeof(key), "hubspot:%s:%s",
                 activity_facts((enum activity)a)->name, text);
        rv = add_by_key(&f, key);
    }
    if (rv == 0 && sf_id_normalise(text, id))
        object = sf_id_object(id);
    if (object != NULL) {
        snprintf(key, sizeof(key), "salesforce:%s:%s", object, id);
        rv = add_by_target(&f, key);
    }
    return rv;
}
