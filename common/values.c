/* values: see values.h. */
#include "common/values.h"

#include "common/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SNAPSHOT_NAME (2 * MAPPING_NAME_MAX + 2)

bool
value_is_alone(const char *value)
{
    return value != NULL && value[0] == VALUE_ALONE;
}

void
values_fini(struct values *v)
{
    for (size_t i = 0; i < MAPPING_MAX; i++)
        free(v->v[i]);
    memset(v, 0, sizeof(*v));
}

bool
values_differ(const struct values *a, const struct values *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(a->v[i] != NULL ? a->v[i] : "",
                   b->v[i] != NULL ? b->v[i] : "") != 0)
            return true;
    return false;
}

static char *
copy(const char *s, size_t len)
{
    char *p = malloc(len + 1);

    if (p == NULL)
        abort();
    memcpy(p, s, len);
    p[len] = '\0';
    return p;
}

void
values_set(struct values *v, size_t i, const char *value)
{
    free(v->v[i]);
    v->v[i] = value != NULL ? copy(value, strlen(value)) : NULL;
}

/* A JSON value as text; NULL: null, absent, or no single value. */
static const char *
text_of(const cJSON *value, char buf[40])
{
    if (cJSON_IsString(value))
        return value->valuestring;
    if (cJSON_IsBool(value))
        return cJSON_IsTrue(value) ? "true" : "false";
    if (!cJSON_IsNumber(value))
        return NULL;
    snprintf(buf, 40, "%.15g", value->valuedouble);
    return buf;
}

int
values_read(const struct transform_env *env, const struct mapping *map,
            enum side side, const cJSON *fields, struct values *out,
            struct error *err)
{
    struct text t;
    char buf[40];
    int rv = 0;

    memset(out, 0, sizeof(*out));
    text_init(&t);
    for (size_t i = 0; i < map->n && rv >= 0; i++) {
        const struct mapping_pair *pair = &map->pairs[i];
        const char *s = text_of(
            cJSON_GetObjectItemCaseSensitive(fields, pair->name[side]), buf);

        if (mapping_tie_of(pair) != MAPPING_NO_TIE)
            continue;
        t.len = 0;
        rv = transform_canon(env, pair, side, s, s != NULL ? strlen(s) : 0, &t,
                             err);
        if (rv == 1)
            out->v[i] = copy(t.data, t.len);
    }
    text_fini(&t);
    if (rv < 0)
        values_fini(out);
    return rv < 0 ? -1 : 0;
}

void
snapshot_fini(struct snapshot *s)
{
    values_fini(&s->base[SIDE_HUBSPOT]);
    values_fini(&s->base[SIDE_SALESFORCE]);
}

/* By what a pair's value is found in a snapshot. Another field has never been
 * agreed with, whatever the property was agreed on with the old one. */
static const char *
name_in_snapshot(const struct mapping_pair *pair, char buf[SNAPSHOT_NAME])
{
    if (mapping_is_shipped(pair))
        return pair->name[SIDE_HUBSPOT];
    snprintf(buf, SNAPSHOT_NAME, "%s=%s", pair->name[SIDE_HUBSPOT],
             pair->name[SIDE_SALESFORCE]);
    return buf;
}

static void
read_side(struct span map_of_values, const struct mapping *map,
          struct values *out)
{
    char buf[SNAPSHOT_NAME];
    struct span s;

    for (size_t i = 0; i < map->n; i++)
        if (map_of_values.data != NULL &&
            mp_str(mp_get(map_of_values, name_in_snapshot(&map->pairs[i], buf)),
                   &s))
            out->v[i] = copy((const char *)s.data, s.len);
}

void
snapshot_read(struct span bytes, const struct mapping *map,
              struct snapshot *out)
{
    memset(out, 0, sizeof(*out));
    for (int side = 0; side < SIDE_COUNT && bytes.data != NULL; side++) {
        const char *name = side_name((enum side)side);
        struct span deleted = mp_get(bytes, "deleted");
        struct span seen = mp_get(bytes, "seen");
        struct merge_life *life = &out->life[side];

        read_side(mp_get(bytes, name), map, &out->base[side]);
        life->is_deleted = deleted.data != NULL &&
                           mp_bool(mp_get(deleted, name), &life->by_sync);
        if (seen.data != NULL)
            out->seen[side] = mp_get_i64(seen, name, 0);
    }
    out->is_activity = bytes.data != NULL &&
                       mp_get(bytes, side_name(SIDE_HUBSPOT)).data != NULL;
}

static cJSON *
json_of(const struct mapping *map, const char *const *base)
{
    cJSON *json = cJSON_CreateObject();
    char buf[SNAPSHOT_NAME];

    for (size_t i = 0; i < map->n; i++)
        if (base[i] != NULL && base[i][0] != '\0')
            cJSON_AddStringToObject(json, name_in_snapshot(&map->pairs[i], buf),
                                    base[i]);
    return json;
}

void
snapshot_put(const struct mapping *map, const char **const base[SIDE_COUNT],
             const struct merge_life life[SIDE_COUNT], cJSON *decision)
{
    cJSON *both = cJSON_AddObjectToObject(decision, "base");
    cJSON *deleted = NULL;

    for (int side = 0; side < SIDE_COUNT; side++) {
        const char *name = side_name((enum side)side);

        cJSON_AddItemToObject(both, name, json_of(map, base[side]));
        if (!life[side].is_deleted)
            continue;
        if (deleted == NULL)
            deleted = cJSON_AddObjectToObject(decision, "deleted");
        cJSON_AddBoolToObject(deleted, name, life[side].by_sync);
    }
}
