/* salesforce_read: records as JSON, with the fields that are asked for: one, or
 * many in a collection. */
#include "tests/sandbox/salesforce.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define IDS_MAX 2000

/* Has the object these fields? false: *err. */
static bool
check_names(const struct sf_object *object, const cJSON *names,
            struct sf_error *err)
{
    const cJSON *name;

    cJSON_ArrayForEach(name, names)
    {
        const char *s = cJSON_GetStringValue(name);

        if (s == NULL || sf_field_find(object, s) == NULL)
            return sf_refuse(err, "INVALID_FIELD", "",
                             "No such column '%.80s' on sobject of type %s",
                             s != NULL ? s : "", object->name);
    }
    return true;
}

/* names NULL: all. */
static bool
is_wanted(const struct sf_field *f, const cJSON *names)
{
    const cJSON *name;

    if (names == NULL || f->type == SF_ID)
        return true;
    cJSON_ArrayForEach(name, names)
    {
        if (strcasecmp(name->valuestring, f->name) == 0)
            return true;
    }
    return false;
}

static cJSON *
record_json(const struct sf_call *call, const struct sf_record *rec,
            const cJSON *names)
{
    cJSON *out = cJSON_CreateObject();

    cJSON_AddItemToObject(out, "attributes", sf_attributes(call, rec));
    for (size_t i = 0; i < rec->object->n_fields; i++) {
        const struct sf_field *f = &rec->object->fields[i];

        if (is_wanted(f, names) && !sf_field_is_hidden(f))
            sf_add_copy(out, f->name, sf_value(rec, f));
    }
    return out;
}

/* "A,B" -> ["A", "B"]; changes the list, which may be NULL. */
static cJSON *
split(char *list)
{
    cJSON *out = cJSON_CreateArray();
    char *rest = NULL;

    for (char *s = list != NULL ? strtok_r(list, ", ", &rest) : NULL; s != NULL;
         s = strtok_r(NULL, ", ", &rest))
        cJSON_AddItemToArray(out, cJSON_CreateString(s));
    return out;
}

void
sf_answer_record(struct sf_call *call, const struct sf_record *rec)
{
    char *fields = sf_param(call, "fields");
    cJSON *names = fields != NULL ? split(fields) : NULL;
    struct sf_error err;

    if (check_names(rec->object, names, &err))
        response_json(call->res, 200, record_json(call, rec, names));
    else
        sf_answer_row_error(call->res, 400, &err);
    cJSON_Delete(names);
    free(fields);
}

static void
retrieve(struct sf_call *call, const struct sf_object *object, const cJSON *ids,
         const cJSON *names)
{
    cJSON *out;
    const cJSON *item;
    struct sf_error err;

    if (cJSON_GetArraySize(ids) == 0 || cJSON_GetArraySize(names) == 0) {
        sf_answer_error(call->res, 400, "JSON_PARSER_ERROR",
                        "ids and fields are required");
        return;
    }
    if (cJSON_GetArraySize(ids) > IDS_MAX) {
        sf_answer_error(call->res, 400, "EXCEEDED_ID_LIMIT",
                        "cannot retrieve more than 2000 records in this call");
        return;
    }
    if (!check_names(object, names, &err)) {
        sf_answer_row_error(call->res, 400, &err);
        return;
    }
    out = cJSON_CreateArray();
    cJSON_ArrayForEach(item, ids)
    {
        const char *id = cJSON_GetStringValue(item);
        const struct sf_record *rec = id != NULL ? sf_find(call->sf, id) : NULL;
        bool is_there =
            rec != NULL && rec->object == object && !rec->is_deleted;

        cJSON_AddItemToArray(out, is_there ? record_json(call, rec, names)
                                           : cJSON_CreateNull());
    }
    response_json(call->res, 200, out);
}

void
sf_answer_records(struct sf_call *call, const struct sf_object *object,
                  const cJSON *body)
{
    char *ids = sf_param(call, "ids"), *names = sf_param(call, "fields");
    cJSON *id_list = split(ids), *name_list = split(names);

    if (sf_is_method(call, "GET"))
        retrieve(call, object, id_list, name_list);
    else
        retrieve(call, object, cJSON_GetObjectItemCaseSensitive(body, "ids"),
                 cJSON_GetObjectItemCaseSensitive(body, "fields"));
    cJSON_Delete(id_list);
    cJSON_Delete(name_list);
    free(ids);
    free(names);
}
