/* salesforce_store: records with their indexes: finding, making, changing and
 * deleting them, and what stands in their fields. */
#include "tests/sandbox/salesforce.h"

#include "common/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- values ---- */

const char *
sf_text(const struct sf_record *rec, const char *field)
{
    return cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(rec->fields, field));
}

bool
sf_true(const struct sf_record *rec, const char *field)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(rec->fields, field));
}

const cJSON *
sf_value(const struct sf_record *rec, const struct sf_field *f)
{
    static const cJSON yes = {.type = cJSON_True}, no = {.type = cJSON_False};
    const cJSON *v;

    if (f->type == SF_BOOL && strcmp(f->name, "IsDeleted") == 0)
        return rec->is_deleted ? &yes : &no;
    v = cJSON_GetObjectItemCaseSensitive(rec->fields, f->name);
    if (v == NULL || cJSON_IsNull(v))
        return f->type == SF_BOOL ? &no : NULL;
    return v;
}

void
sf_put(struct sf_record *rec, const char *name, cJSON *value)
{
    if (cJSON_GetObjectItemCaseSensitive(rec->fields, name) != NULL)
        cJSON_ReplaceItemInObjectCaseSensitive(rec->fields, name, value);
    else
        cJSON_AddItemToObject(rec->fields, name, value);
}

void
sf_put_text(struct sf_record *rec, const char *name, const char *value)
{
    sf_put(rec, name,
           value != NULL ? cJSON_CreateString(value) : cJSON_CreateNull());
}

char *
sf_print_time(int64_t ms, char buf[SF_TIME_SIZE])
{
    timetext_s(ms, buf);
    strcpy(buf + strlen("2026-01-31T10:00:00"), ".000+0000");
    return buf;
}

void
sf_put_time(struct sf_record *rec, const char *field, int64_t ms)
{
    char at[SF_TIME_SIZE];

    sf_put_text(rec, field, sf_print_time(ms, at));
}

cJSON *
sf_kept(const struct sf_field *f, const cJSON *value)
{
    const char *s = cJSON_GetStringValue(value);
    size_t len = s != NULL ? strlen(s) : 0;
    char id[SF_ID_SIZE], at[SF_TIME_SIZE], *text;
    int64_t ms;
    cJSON *out;

    if (s == NULL)
        return cJSON_Duplicate(value, true);
    text_trim(&s, &len);
    if (len == 0)
        return cJSON_CreateNull();
    text = hs_alloc(len + 1);
    memcpy(text, s, len);
    if (f != NULL && f->type == SF_REF && sf_id_normalise(text, id))
        out = cJSON_CreateString(id);
    else if (f != NULL && f->type == SF_DATETIME &&
             timetext_parse(s, len, &ms) == 0)
        out = cJSON_CreateString(sf_print_time(ms, at));
    else
        out = cJSON_CreateString(text);
    free(text);
    return out;
}

/* ---- finding ---- */

struct hs_list *
sf_list(struct salesforce *sf, const struct sf_object *object)
{
    return &sf->lists[object - sf_objects];
}

struct sf_record *
sf_find(struct salesforce *sf, const char *id)
{
    char id18[SF_ID_SIZE];

    return sf_id_normalise(id, id18) ? hs_map_get(&sf->by_id, id18) : NULL;
}

char *
sf_key(const struct sf_object *object, const struct sf_field *f,
       const char *value)
{
    size_t len = strlen(value), n;
    char *out;

    text_trim(&value, &len);
    if (len == 0)
        return NULL;
    n = len + strlen(object->name) + strlen(f->name) + 3;
    out = hs_alloc(n);
    snprintf(out, n, "%s:%s:%.*s", object->name, f->name, (int)len, value);
    for (char *p = out; *p != '\0'; p++)
        *p = (char)tolower((unsigned char)*p);
    return out;
}

static void
free_list(void *list)
{
    free(((struct hs_list *)list)->v);
    free(list);
}

static void
index_key(struct salesforce *sf, const char *key, struct sf_record *rec,
          bool is_in)
{
    struct hs_list *list = hs_map_get(&sf->by_key, key);

    if (list == NULL && !is_in)
        return;
    if (list == NULL) {
        list = hs_alloc(sizeof(*list));
        hs_map_put(&sf->by_key, key, list);
    }
    if (is_in)
        hs_list_add(list, rec);
    else
        hs_list_drop(list, rec);
    if (list->n == 0) {
        hs_map_put(&sf->by_key, key, NULL);
        free_list(list);
    }
}

void
sf_index(struct salesforce *sf, struct sf_record *rec, bool is_in)
{
    if (is_in && rec->is_deleted)
        return;
    for (size_t i = 0; i < rec->object->n_fields; i++) {
        const struct sf_field *f = &rec->object->fields[i];
        const char *value = (f->flags & (SF_KEY | SF_LOOKUP)) != 0
                                ? sf_text(rec, f->name)
                                : NULL;
        char *key = value != NULL && f->type != SF_ID
                        ? sf_key(rec->object, f, value)
                        : NULL;

        if (key != NULL)
            index_key(sf, key, rec, is_in);
        free(key);
    }
}

const struct hs_list *
sf_find_all(struct salesforce *sf, const struct sf_object *object,
            const struct sf_field *f, const char *value)
{
    static const struct hs_list none;
    char *key = sf_key(object, f, value);
    const struct hs_list *list =
        key != NULL ? hs_map_get(&sf->by_key, key) : NULL;

    free(key);
    return list != NULL ? list : &none;
}

/* ---- changing ---- */

void
sf_touch(struct sf_record *rec, const char *by)
{
    rec->touched = sandbox_now_ms();
    rec->modstamp = rec->touched / 1000 * 1000;
    sf_put_time(rec, "SystemModstamp", rec->modstamp);
    sf_put_time(rec, "LastModifiedDate", rec->modstamp);
    sf_put_text(rec, "LastModifiedById", by);
}

struct sf_record *
sf_new(struct salesforce *sf, const struct sf_object *object, const char *id)
{
    struct sf_record *rec = hs_alloc(sizeof(*rec));
    char next[40];

    while (id == NULL || sf_find(sf, id) != NULL) {
        snprintf(next, sizeof(next), "%s%012lld", object->prefix,
                 (long long)++sf->next_number);
        id = next;
    }
    rec->object = object;
    sf_id_normalise(id, rec->id);
    rec->fields = cJSON_CreateObject();
    sf_put_text(rec, "Id", rec->id);
    sf_put_time(rec, "CreatedDate", sandbox_now_ms());
    sf_put_text(rec, "CreatedById", SF_USER);
    sf_touch(rec, SF_USER);
    sf_remember(sf, rec, true);
    hs_list_add(sf_list(sf, object), rec);
    hs_map_put(&sf->by_id, rec->id, rec);
    return rec;
}

void
sf_set(struct salesforce *sf, struct sf_record *rec, const cJSON *row)
{
    const cJSON *value;

    sf_remember(sf, rec, false);
    sf_index(sf, rec, false);
    sf_loosen(rec, row);
    cJSON_ArrayForEach(value, row)
    {
        const struct sf_field *f = sf_field_find(rec->object, value->string);
        const char *name = f != NULL ? f->name : value->string;

        if (strcmp(name, "attributes") != 0 && strcasecmp(name, "Id") != 0 &&
            strcmp(name, "IsDeleted") != 0 && strcmp(name, "IsPurged") != 0)
            sf_put(rec, name, sf_kept(f, value));
    }
    sf_index(sf, rec, true);
}

void
sf_delete(struct salesforce *sf, struct sf_record *rec)
{
    sf_remember(sf, rec, false);
    sf_index(sf, rec, false);
    rec->is_deleted = true;
    sf_touch(rec, SF_USER);
}

static void
free_records(struct hs_list *list)
{
    for (size_t k = 0; k < list->n; k++) {
        struct sf_record *rec = list->v[k];

        cJSON_Delete(rec->fields);
        free(rec);
    }
    free(list->v);
    *list = (struct hs_list){0};
}

void
sf_store_fini(struct salesforce *sf)
{
    for (size_t i = 0; i < SF_N_OBJECTS; i++)
        free_records(&sf->lists[i]);
    free_records(&sf->dropped);
    free(sf->journal.v);
    sf->journal = (struct hs_list){0};
    hs_map_fini(&sf->by_id, NULL);
    hs_map_fini(&sf->by_key, free_list);
}
