/* salesforce_load: the control API's dump and load. */
#include "tests/sandbox/salesforce.h"

#include <stdio.h>
#include <string.h>

/* All fields of the object, null where there is nothing. */
static cJSON *
dump_record(const struct sf_record *rec)
{
    cJSON *out = cJSON_CreateObject();

    for (size_t i = 0; i < rec->object->n_fields; i++) {
        const struct sf_field *f = &rec->object->fields[i];

        if (!sf_field_is_hidden(f))
            sf_add_copy(out, f->name, sf_value(rec, f));
    }
    return out;
}

cJSON *
sf_dump(struct service *service, const char *type)
{
    struct salesforce *sf = service->data;
    cJSON *doc = cJSON_CreateObject();

    for (size_t i = 0; i < SF_N_OBJECTS; i++) {
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

/* What would be derived may be given, too. */
static void
put_given(struct sf_record *rec, const cJSON *row)
{
    const cJSON *value;

    cJSON_ArrayForEach(value, row)
    {
        const struct sf_field *f = sf_field_find(rec->object, value->string);

        if (f != NULL && (f->flags & SF_CU) == 0 && f->type != SF_ID &&
            !cJSON_IsNull(value))
            sf_put(rec, f->name, sf_kept(f, value));
    }
}

/* false: its Id is none, or is another object's. */
static bool
load_record(struct salesforce *sf, const struct sf_object *object,
            const cJSON *row)
{
    const cJSON *deleted = cJSON_GetObjectItemCaseSensitive(row, "IsDeleted");
    const char *id =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(row, "Id"));
    struct sf_record *rec = id != NULL ? sf_find(sf, id) : NULL;
    bool is_new = rec == NULL;
    char id18[SF_ID_SIZE];
    int64_t at;

    if (id != NULL &&
        (!sf_id_normalise(id, id18) || (rec != NULL && rec->object != object)))
        return false;
    if (is_new) {
        rec = sf_new(sf, object, id);
        sf_put_text(rec, "CreatedById", SF_PERSON);
    }
    sf_touch(rec, SF_PERSON);
    sf_index(sf, rec, false);
    rec->is_deleted = deleted != NULL ? cJSON_IsTrue(deleted) : rec->is_deleted;
    /* Our own word: the recycle bin was emptied. */
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "IsPurged")))
        rec->is_deleted = rec->is_purged = true;
    sf_set(sf, rec, row);
    sf_derive(sf, rec, is_new);
    put_given(rec, row);
    if (sf_time_of(rec, "SystemModstamp", &at))
        rec->modstamp = at;
    return true;
}

static cJSON *
load_error(cJSON *answer, const char *what, const char *of)
{
    char text[200];

    snprintf(text, sizeof(text), "%s: %.80s", what, of);
    cJSON_AddStringToObject(answer, "error", text);
    return answer;
}

cJSON *
sf_load(struct service *service, const cJSON *records)
{
    struct salesforce *sf = service->data;
    cJSON *answer = cJSON_CreateObject();
    const cJSON *list, *row;
    int n = 0;

    if (!cJSON_IsObject(records))
        return load_error(answer, "an object is wanted", "{\"Task\": [...]}");
    cJSON_ArrayForEach(list, records)
    {
        const struct sf_object *object = sf_object_find(list->string);

        if (object == NULL)
            return load_error(answer, "no such object", list->string);
        if (!cJSON_IsArray(list))
            return load_error(answer, "an array is wanted", list->string);
        cJSON_ArrayForEach(row, list)
        {
            if (!cJSON_IsObject(row) || !load_record(sf, object, row))
                return load_error(answer, "a record or its Id is no good",
                                  list->string);
            n++;
        }
    }
    cJSON_AddNumberToObject(answer, "loaded", n);
    return answer;
}
