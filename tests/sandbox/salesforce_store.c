/* salesforce_store: records with their indexes, and the control API's load and
 * dump. */
#include "tests/sandbox/salesforce.h"

#include "common/sf_id.h"
#include "common/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_FIELD "HubSpot_Id__c"

struct hs_list *
sf_list(struct salesforce *sf, const struct sf_object *object)
{
    return &sf->lists[object - sf_objects];
}

struct sf_record *
sf_find(struct salesforce *sf, const char *id)
{
    char key[16];

    snprintf(key, sizeof(key), "%.15s", id);
    return hs_map_get(&sf->by_id, key);
}

static char *
key_of(const struct sf_object *object, const char *key)
{
    char *lower = hs_lower(key);
    size_t n = strlen(lower) + strlen(object->name) + 2;
    char *out = hs_alloc(n);

    snprintf(out, n, "%s:%s", object->name, lower);
    free(lower);
    return out;
}

struct sf_record *
sf_find_key(struct salesforce *sf, const struct sf_object *object,
            const char *key)
{
    char *name = key_of(object, key);
    struct sf_record *rec = hs_map_get(&sf->by_key, name);

    free(name);
    return rec;
}

const char *
sf_text(const struct sf_record *rec, const char *field)
{
    return cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(rec->fields, field));
}

static void
set_time(struct sf_record *rec, const char *field, int64_t ms)
{
    char at[TIMETEXT_SIZE + 8];

    timetext_s(ms, at);
    snprintf(at + 19, 10, ".000+0000");
    cJSON_DeleteItemFromObjectCaseSensitive(rec->fields, field);
    cJSON_AddStringToObject(rec->fields, field, at);
}

void
sf_touch(struct sf_record *rec)
{
    rec->modstamp = sandbox_now_ms() / 1000 * 1000;
    set_time(rec, "SystemModstamp", rec->modstamp);
    set_time(rec, "LastModifiedDate", rec->modstamp);
}

struct sf_record *
sf_new(struct salesforce *sf, const struct sf_object *object, const char *id)
{
    struct sf_record *rec = hs_alloc(sizeof(*rec));
    char id15[40];

    if (id != NULL) {
        snprintf(id15, sizeof(id15), "%.15s", id);
    } else {
        do
            snprintf(id15, sizeof(id15), "%s%012lld", object->prefix,
                     (long long)++sf->next_number);
        while (sf_find(sf, id15) != NULL);
    }
    rec->object = object;
    salesforce_id18(id15, rec->id);
    rec->fields = cJSON_CreateObject();
    cJSON_AddStringToObject(rec->fields, "Id", rec->id);
    set_time(rec, "CreatedDate", sandbox_now_ms());
    cJSON_AddStringToObject(rec->fields, "CreatedById", SF_USER);
    cJSON_AddStringToObject(rec->fields, "LastModifiedById", SF_USER);
    sf_touch(rec);
    hs_list_add(sf_list(sf, object), rec);
    hs_map_put(&sf->by_id, id15, rec);
    return rec;
}

/* As Salesforce keeps a text: blanks at both ends gone, "" is null, an id of 18
 * characters. */
static cJSON *
kept(const struct sf_field *f, const cJSON *value)
{
    char id[SF_ID_SIZE];
    const char *s;
    size_t len;
    char *text;
    cJSON *out;

    if (!cJSON_IsString(value))
        return cJSON_Duplicate(value, true);
    s = value->valuestring;
    len = strlen(s);
    text_trim(&s, &len);
    if (len == 0)
        return cJSON_CreateNull();
    if (f != NULL && f->type == SF_REF &&
        sf_id_normalise(value->valuestring, id))
        return cJSON_CreateString(id);
    text = hs_alloc(len + 1);
    memcpy(text, s, len);
    out = cJSON_CreateString(text);
    free(text);
    return out;
}

void
sf_set(struct salesforce *sf, struct sf_record *rec, const cJSON *row)
{
    const char *old = sf_text(rec, KEY_FIELD);
    const cJSON *value;
    char *key;

    if (old != NULL) {
        key = key_of(rec->object, old);
        hs_map_put(&sf->by_key, key, NULL);
        free(key);
    }
    cJSON_ArrayForEach(value, row)
    {
        const struct sf_field *f = sf_field_find(rec->object, value->string);
        const char *name = f != NULL ? f->name : value->string;

        if (strcmp(name, "attributes") == 0 || strcmp(name, "Id") == 0)
            continue;
        cJSON_DeleteItemFromObjectCaseSensitive(rec->fields, name);
        cJSON_AddItemToObject(rec->fields, name, kept(f, value));
    }
    old = sf_text(rec, KEY_FIELD);
    if (old != NULL && !rec->is_deleted) {
        key = key_of(rec->object, old);
        hs_map_put(&sf->by_key, key, rec);
        free(key);
    }
}

/* All fields of the object, null where there is nothing. */
static cJSON *
dump_record(const struct sf_record *rec)
{
    cJSON *out = cJSON_CreateObject();

    for (size_t i = 0; i < rec->object->n_fields; i++) {
        const char *name = rec->object->fields[i].name;
        const cJSON *v = cJSON_GetObjectItemCaseSensitive(rec->fields, name);

        if (strcmp(name, "IsDeleted") == 0)
            cJSON_AddBoolToObject(out, name, rec->is_deleted);
        else
            cJSON_AddItemToObject(out, name,
                                  v != NULL ? cJSON_Duplicate(v, true)
                                            : cJSON_CreateNull());
    }
    return out;
}

cJSON *
sf_dump(struct service *service, const char *type)
{
    struct salesforce *sf = service->data;
    cJSON *doc = cJSON_CreateObject();

    for (size_t i = 0; i < sf_n_objects; i++) {
        struct hs_list *list = &sf->lists[i];
        cJSON *rows;

        if (type != NULL && strcmp(type, sf_objects[i].name) != 0)
            continue;
        rows = cJSON_AddArrayToObject(doc, sf_objects[i].name);
        for (size_t k = 0; k < list->n; k++)
            cJSON_AddItemToArray(rows, dump_record(list->v[k]));
    }
    return doc;
}

static void
load_record(struct salesforce *sf, const struct sf_object *object,
            const cJSON *row)
{
    const cJSON *deleted = cJSON_GetObjectItemCaseSensitive(row, "IsDeleted");
    const char *id =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(row, "Id"));
    const char *at;
    struct sf_record *rec = id != NULL ? sf_find(sf, id) : NULL;
    bool is_new = rec == NULL;

    if (is_new)
        rec = sf_new(sf, object, id);
    sf_touch(rec);
    rec->is_deleted = deleted != NULL ? cJSON_IsTrue(deleted) : rec->is_deleted;
    sf_set(sf, rec, row);
    sf_derive(sf, rec, is_new);
    at = sf_text(rec, "SystemModstamp");
    if (at != NULL)
        timetext_parse(at, strlen(at), &rec->modstamp);
}

cJSON *
sf_load(struct service *service, const cJSON *records)
{
    struct salesforce *sf = service->data;
    cJSON *answer = cJSON_CreateObject();
    const cJSON *list, *row;
    int n = 0;

    cJSON_ArrayForEach(list, records)
    {
        const struct sf_object *object = sf_object_find(list->string);

        if (object == NULL || !cJSON_IsArray(list)) {
            cJSON_AddStringToObject(answer, "error",
                                    "an object's name and an array of records "
                                    "are wanted");
            return answer;
        }
        cJSON_ArrayForEach(row, list)
        {
            load_record(sf, object, row);
            n++;
        }
    }
    cJSON_AddNumberToObject(answer, "loaded", n);
    return answer;
}

static void
free_json(void *value)
{
    cJSON_Delete(value);
}

void
sf_store_fini(struct salesforce *sf)
{
    for (size_t i = 0; i < sf_n_objects; i++) {
        for (size_t k = 0; k < sf->lists[i].n; k++) {
            struct sf_record *rec = sf->lists[i].v[k];

            cJSON_Delete(rec->fields);
            free(rec);
        }
        free(sf->lists[i].v);
    }
    hs_map_fini(&sf->by_id, NULL);
    hs_map_fini(&sf->by_key, NULL);
    hs_map_fini(&sf->locators, free_json);
}
