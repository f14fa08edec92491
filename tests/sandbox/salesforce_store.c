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
    if (f != NULL && f->type == SF_REF && sf_id_normalise(s, id))
        return cJSON_CreateString(id);
    if (f != NULL && f->type == SF_DATETIME && timetext_parse(s, len, &ms) == 0)
        return cJSON_CreateString(sf_print_time(ms, at));
    text = hs_alloc(len + 1);
    memcpy(text, s, len);
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
    char key[16];

    snprintf(key, sizeof(key), "%.15s", id);
    return hs_map_get(&sf->by_id, key);
}

static char *
key_of(const struct sf_object *object, const struct sf_field *f,
       const char *value)
{
    size_t len = strlen(value), n;
    char *out;

    text_trim(&value, &len);
    n = len + strlen(object->name) + strlen(f->name) + 3;
    out = hs_alloc(n);
    snprintf(out, n, "%s:%s:%.*s", object->name, f->name, (int)len, value);
    for (char *p = out; *p != '\0'; p++)
        *p = (char)tolower((unsigned char)*p);
    return out;
}

void
sf_index(struct salesforce *sf, struct sf_record *rec, bool is_in)
{
    for (size_t i = 0; i < rec->object->n_fields; i++) {
        const struct sf_field *f = &rec->object->fields[i];
        const char *value =
            (f->flags & SF_KEY) != 0 ? sf_text(rec, f->name) : NULL;
        char *key;

        if (value == NULL)
            continue;
        key = key_of(rec->object, f, value);
        if (is_in && !rec->is_deleted)
            hs_map_put(&sf->by_key, key, rec);
        else if (hs_map_get(&sf->by_key, key) == rec)
            hs_map_put(&sf->by_key, key, NULL);
        free(key);
    }
}

struct sf_record *
sf_find_by(struct salesforce *sf, const struct sf_object *object,
           const struct sf_field *field, const char *value,
           struct sf_record **other)
{
    struct hs_list *list = sf_list(sf, object);
    struct sf_record *found = NULL;
    char *key;

    *other = NULL;
    if (field->type == SF_ID) {
        found = sf_find(sf, value);
        return found != NULL && found->object == object ? found : NULL;
    }
    if ((field->flags & SF_KEY) != 0) {
        key = key_of(object, field, value);
        found = hs_map_get(&sf->by_key, key);
        free(key);
        return found;
    }
    for (size_t i = 0; i < list->n && *other == NULL; i++) {
        struct sf_record *rec = list->v[i];
        const char *text = sf_text(rec, field->name);

        if (rec->is_deleted || text == NULL || strcasecmp(text, value) != 0)
            continue;
        if (found == NULL)
            found = rec;
        else
            *other = rec;
    }
    return found;
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
    sf_id_normalise(id15, rec->id);
    rec->fields = cJSON_CreateObject();
    sf_put_text(rec, "Id", rec->id);
    sf_put_time(rec, "CreatedDate", sandbox_now_ms());
    sf_put_text(rec, "CreatedById", SF_USER);
    sf_touch(rec, SF_USER);
    sf_remember(sf, rec, true);
    hs_list_add(sf_list(sf, object), rec);
    hs_map_put(&sf->by_id, id15, rec);
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
            strcmp(name, "IsDeleted") != 0)
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
    hs_map_fini(&sf->by_key, NULL);
}
