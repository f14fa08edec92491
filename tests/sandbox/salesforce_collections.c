/* salesforce_collections: writing and reading records: one, up to 200 in a
 * collection, several calls in a composite (salesforce-api.md, 5). */
#include "tests/sandbox/salesforce.h"

#include "common/sf_id.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ROWS_MAX   200
#define CHUNKS_MAX 10
#define CALLS_MAX  25 /* of a composite */
#define COSTLY_MAX 5  /* of them collections or queries */
#define TOO_MANY                                                               \
    "record limit reached. cannot submit more than 200 records into this call"
#define BODY_WANTED                                                            \
    "The HTTP entity body is required, and has to be a JSON object"

/* ---- one row ---- */

/* A unique key that another record has. */
static bool
check_keys(struct salesforce *sf, const struct sf_object *object,
           const struct sf_record *rec, const cJSON *row, struct sf_error *err)
{
    for (size_t i = 0; i < object->n_fields; i++) {
        const struct sf_field *f = &object->fields[i];
        const char *value =
            (f->flags & SF_KEY) != 0
                ? cJSON_GetStringValue(cJSON_GetObjectItem(row, f->name))
                : NULL;
        struct sf_record *other, *unused;

        if (value == NULL)
            continue;
        other = sf_find_by(sf, object, f, value, &unused);
        if (other != NULL && other != rec)
            return sf_refuse(err, "DUPLICATE_VALUE", "",
                             "duplicate value found: %s duplicates value on "
                             "record with id: %.15s",
                             f->name, other->id);
    }
    return true;
}

/* rec NULL: create. NULL: *err. */
static struct sf_record *
write_row(struct salesforce *sf, const struct sf_object *object,
          struct sf_record *rec, const cJSON *row, struct sf_error *err)
{
    bool is_new = rec == NULL;

    if (!sf_check(sf, object, rec, row, err) ||
        !check_keys(sf, object, rec, row, err))
        return NULL;
    if (is_new)
        rec = sf_new(sf, object, NULL);
    sf_set(sf, rec, row);
    sf_derive(sf, rec, is_new);
    sf_touch(rec);
    return rec;
}

/* The record that an upsert by this field means; *rec NULL: none yet. false:
 * *err. */
static bool
find_for_upsert(struct salesforce *sf, const struct sf_object *object,
                const struct sf_field *f, const char *value,
                struct sf_record **rec, struct sf_error *err)
{
    struct sf_record *other;

    *rec = sf_find_by(sf, object, f, value, &other);
    if (other != NULL)
        return sf_refuse(err, "DUPLICATE_EXTERNAL_ID", f->name,
                         "more than one record found for external id field: "
                         "[%s, %s]",
                         (*rec)->id, other->id);
    if (f->type == SF_ID && *rec == NULL)
        return sf_refuse(err, "INVALID_CROSS_REFERENCE_KEY", "Id",
                         "invalid cross reference id");
    if (*rec != NULL && (*rec)->is_deleted)
        return sf_refuse(err, "ENTITY_IS_DELETED", "", SF_DELETED);
    return true;
}

/* By its id, to be changed; NULL: *err. */
static struct sf_record *
find_living(struct salesforce *sf, const struct sf_object *object,
            const char *id, struct sf_error *err)
{
    char id18[SF_ID_SIZE];
    struct sf_record *rec;

    if (!sf_id_normalise(id, id18)) {
        sf_refuse(err, "MALFORMED_ID", "Id",
                  "%s ID: id value of incorrect type: %.40s", object->name, id);
        return NULL;
    }
    rec = sf_find(sf, id18);
    if (rec == NULL || rec->object != object)
        sf_refuse(err, "INVALID_CROSS_REFERENCE_KEY", "Id",
                  "invalid cross reference id");
    else if (rec->is_deleted)
        sf_refuse(err, "ENTITY_IS_DELETED", "", SF_DELETED);
    else
        return rec;
    return NULL;
}

/* ---- results ---- */

static cJSON *
row_error(const struct sf_error *err)
{
    cJSON *row = cJSON_CreateObject(), *e = cJSON_CreateObject(), *fields;

    cJSON_AddBoolToObject(row, "success", false);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(row, "errors"), e);
    cJSON_AddStringToObject(e, "statusCode", err->code);
    cJSON_AddStringToObject(e, "message", err->message);
    fields = cJSON_AddArrayToObject(e, "fields");
    for (const char *at = err->field; *at != '\0';) {
        size_t n = strcspn(at, ",");
        char name[64];

        snprintf(name, sizeof(name), "%.*s", (int)n, at);
        cJSON_AddItemToArray(fields, cJSON_CreateString(name));
        at += n + (at[n] == ',');
    }
    return row;
}

/* created NULL: no upsert. */
static cJSON *
row_done(const struct sf_record *rec, const bool *created)
{
    cJSON *row = cJSON_CreateObject();

    cJSON_AddStringToObject(row, "id", rec->id);
    cJSON_AddBoolToObject(row, "success", true);
    cJSON_AddArrayToObject(row, "errors");
    if (created != NULL)
        cJSON_AddBoolToObject(row, "created", *created);
    return row;
}

static bool
is_good(const cJSON *result)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(result, "success"));
}

/* One row failed, and it was all or none. */
static void
roll_back(cJSON *results)
{
    struct sf_error err;
    int n = cJSON_GetArraySize(results);

    sf_refuse(&err, "ALL_OR_NONE_OPERATION_ROLLED_BACK", "",
              "Record rolled back because not all records were valid and the "
              "request was using AllOrNone header");
    for (int i = 0; i < n; i++)
        if (is_good(cJSON_GetArrayItem(results, i)))
            cJSON_ReplaceItemInArray(results, i, row_error(&err));
}

/* ---- collections ---- */

struct batch {
    struct salesforce *sf;
    const struct sf_object *object; /* of an upsert, otherwise by the row */
    const struct sf_field *field;   /* upsert by it; NULL: no upsert */
    bool is_update;
    struct hs_map seen; /* key -> this many times, less than a pointer's size */
};

static const struct sf_object *
object_of(const cJSON *row)
{
    const char *type = cJSON_GetStringValue(cJSON_GetObjectItem(
        cJSON_GetObjectItemCaseSensitive(row, "attributes"), "type"));

    return type != NULL ? sf_object_find(type) : NULL;
}

/* What a row goes by, in small letters for an external id; NULL: by nothing. */
static char *
row_key(const struct batch *b, const cJSON *row)
{
    const char *name = b->field != NULL ? b->field->name : "Id";
    const char *value =
        b->field != NULL || b->is_update
            ? cJSON_GetStringValue(cJSON_GetObjectItem(row, name))
            : NULL;
    char id[SF_ID_SIZE];

    if (value == NULL)
        return NULL;
    if (strcmp(name, "Id") == 0 && sf_id_normalise(value, id))
        return hs_strdup(id);
    return hs_lower(value);
}

static void
count_keys(struct batch *b, const cJSON *records)
{
    const cJSON *row;

    cJSON_ArrayForEach(row, records)
    {
        char *key = row_key(b, row);

        if (key != NULL)
            hs_map_put(&b->seen, key,
                       (void *)((uintptr_t)hs_map_get(&b->seen, key) + 1));
        free(key);
    }
}

static bool
is_twice(const struct batch *b, const cJSON *row, struct sf_error *err)
{
    char *key = row_key(b, row);
    bool twice = key != NULL && (uintptr_t)hs_map_get(&b->seen, key) > 1;
    const char *value;

    free(key);
    if (!twice)
        return false;
    value = cJSON_GetStringValue(
        cJSON_GetObjectItem(row, b->field != NULL ? b->field->name : "Id"));
    sf_refuse(err, "DUPLICATE_VALUE", b->field != NULL ? b->field->name : "Id",
              "Duplicate %s specified: %.255s",
              b->field != NULL && b->field->type != SF_ID ? "external id"
                                                          : "id",
              value);
    return true;
}

static cJSON *
upsert_row(const struct batch *b, const cJSON *row)
{
    const cJSON *value = cJSON_GetObjectItem(row, b->field->name);
    const char *key = cJSON_GetStringValue(value);
    bool by_id = b->field->type == SF_ID;
    struct sf_error err = {.code = ""};
    struct sf_record *rec = NULL;
    bool created;

    if (!by_id && cJSON_GetObjectItem(row, "Id") != NULL)
        sf_refuse(&err, "INVALID_FIELD", "",
                  "cannot specify both an external ID reference %s and a "
                  "salesforce id, Id",
                  b->field->name);
    else if (!by_id && (key == NULL || *key == '\0'))
        sf_refuse(&err, "MISSING_ARGUMENT", b->field->name, "%s not specified",
                  b->field->name);
    else if (key != NULL)
        find_for_upsert(b->sf, b->object, b->field, key, &rec, &err);
    if (err.code[0] != '\0')
        return row_error(&err);
    created = rec == NULL;
    rec = write_row(b->sf, b->object, rec, row, &err);
    return rec != NULL ? row_done(rec, &created) : row_error(&err);
}

static cJSON *
do_row(const struct batch *b, const cJSON *row, int i)
{
    const struct sandbox_row_fault *fault = sandbox_partial(i);
    const struct sf_object *object = object_of(row);
    const char *id = cJSON_GetStringValue(cJSON_GetObjectItem(row, "Id"));
    struct sf_error err = {.code = ""};
    struct sf_record *rec = NULL;

    if (fault != NULL) {
        sf_refuse(&err, fault->code, "", "%s", fault->message);
    } else if (object == NULL || (b->object != NULL && b->object != object)) {
        sf_refuse(&err, "INVALID_TYPE", "",
                  "attributes.type is missing, unknown or not that of the "
                  "request");
    } else if (!is_twice(b, row, &err)) {
        if (b->field != NULL)
            return upsert_row(b, row);
        if (b->is_update && id == NULL)
            sf_refuse(&err, "MISSING_ARGUMENT", "Id",
                      "Id not specified in an update call");
        else if (b->is_update)
            rec = find_living(b->sf, object, id, &err);
        else if (id != NULL)
            sf_refuse(&err, "INVALID_FIELD_FOR_INSERT_UPDATE", "Id",
                      "cannot specify Id in an insert call");
    }
    if (err.code[0] == '\0')
        rec = write_row(b->sf, object, rec, row, &err);
    return err.code[0] == '\0' ? row_done(rec, NULL) : row_error(&err);
}

/* Consecutive rows of one type are a chunk. */
static int
count_chunks(const cJSON *records)
{
    const struct sf_object *last = NULL;
    const cJSON *row;
    int n = 0;

    cJSON_ArrayForEach(row, records)
    {
        const struct sf_object *object = object_of(row);

        n += object != last;
        last = object;
    }
    return n;
}

/* Are the records fit to be looked at? false: answered. */
static bool
check_records(struct sf_call *call, const cJSON *records)
{
    const cJSON *row;
    const char *wrong = NULL;
    int n = cJSON_GetArraySize(records);

    if (!cJSON_IsArray(records))
        wrong = "The HTTP entity body is required: records";
    cJSON_ArrayForEach(row, records) if (!cJSON_IsObject(row)) wrong =
        "Unexpected value in records: an object is wanted";
    if (wrong != NULL)
        sf_answer_error(call->res, 400, "JSON_PARSER_ERROR", wrong);
    else if (n == 0)
        sf_answer_error(call->res, 400, "REQUIRED_FIELD_MISSING",
                        "The 'records' field is required");
    else if (n > ROWS_MAX)
        sf_answer_error(call->res, 400, "EXCEEDED_ID_LIMIT", TOO_MANY);
    else if (count_chunks(records) > CHUNKS_MAX)
        sf_answer_error(call->res, 400, "LIMIT_EXCEEDED",
                        "cannot process more than 10 chunks of different "
                        "types: sort the records by type");
    else
        return true;
    return false;
}

static void
write_batch(struct sf_call *call, struct batch *b, const cJSON *body)
{
    const cJSON *records = cJSON_GetObjectItemCaseSensitive(body, "records");
    bool all_or_none =
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(body, "allOrNone"));
    bool is_begun = all_or_none && sf_begin(call->sf), failed = false;
    cJSON *results = cJSON_CreateArray();
    const cJSON *row;
    int i = 0;

    b->sf = call->sf;
    count_keys(b, records);
    cJSON_ArrayForEach(row, records)
    {
        cJSON *result = do_row(b, row, i++);

        failed |= !is_good(result);
        cJSON_AddItemToArray(results, result);
    }
    hs_map_fini(&b->seen, NULL);
    sf_end(call->sf, is_begun, !failed);
    if (all_or_none && failed)
        roll_back(results);
    response_json(call->res, 200, results);
}

static cJSON *
delete_one(struct salesforce *sf, const char *id)
{
    const struct sf_object *object = sf_object_of_id(id);
    struct sf_error err;
    struct sf_record *rec;

    if (object == NULL)
        object = &sf_objects[0];
    rec = find_living(sf, object, id, &err);
    if (rec == NULL)
        return row_error(&err);
    sf_delete(sf, rec);
    return row_done(rec, NULL);
}

static void
delete_ids(struct sf_call *call, char *ids, bool all_or_none)
{
    bool is_begun = all_or_none && sf_begin(call->sf), failed = false;
    cJSON *results = cJSON_CreateArray();
    char *rest = NULL, *id = strtok_r(ids, ",", &rest);

    for (int n = 0; id != NULL; id = strtok_r(NULL, ",", &rest), n++) {
        const struct sandbox_row_fault *fault = sandbox_partial(n);
        struct sf_error err;
        cJSON *result;

        if (fault != NULL)
            sf_refuse(&err, fault->code, "", "%s", fault->message);
        result = fault != NULL ? row_error(&err) : delete_one(call->sf, id);
        failed |= !is_good(result);
        cJSON_AddItemToArray(results, result);
    }
    sf_end(call->sf, is_begun, !failed);
    if (all_or_none && failed)
        roll_back(results);
    response_json(call->res, 200, results);
}

/* ?ids=a,b,c&allOrNone=false */
static void
delete_batch(struct sf_call *call)
{
    char *ids = sf_param(call, "ids"), *flag = sf_param(call, "allOrNone");
    int n = 1;

    for (const char *at = ids; at != NULL && *at != '\0'; at++)
        n += *at == ',';
    if (ids == NULL || *ids == '\0')
        sf_answer_error(call->res, 400, "REQUIRED_FIELD_MISSING",
                        "The 'ids' parameter is required");
    else if (n > ROWS_MAX)
        sf_answer_error(call->res, 400, "EXCEEDED_ID_LIMIT", TOO_MANY);
    else
        delete_ids(call, ids, flag != NULL && strcasecmp(flag, "true") == 0);
    free(ids);
    free(flag);
}

/* ---- reading ---- */

/* The fields of this name are in the record's object; false: *err. */
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

/* names NULL: all fields. */
static cJSON *
record_json(const struct sf_call *call, const struct sf_record *rec,
            const cJSON *names)
{
    cJSON *out = cJSON_CreateObject();
    const struct sf_object *object = rec->object;

    cJSON_AddItemToObject(out, "attributes", sf_attributes(call, rec));
    for (size_t i = 0; i < object->n_fields; i++) {
        const struct sf_field *f = &object->fields[i];
        const cJSON *name = NULL, *v = sf_value(rec, f);
        bool is_wanted = names == NULL || f->type == SF_ID;

        cJSON_ArrayForEach(name, names) is_wanted |=
            strcasecmp(name->valuestring, f->name) == 0;
        if (is_wanted && !sf_field_is_hidden(f))
            cJSON_AddItemToObject(out, f->name,
                                  v != NULL ? cJSON_Duplicate(v, true)
                                            : cJSON_CreateNull());
    }
    return out;
}

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
    if (cJSON_GetArraySize(ids) > 2000) {
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

static void
retrieve_by_query(struct sf_call *call, const struct sf_object *object)
{
    char *ids = sf_param(call, "ids"), *names = sf_param(call, "fields");
    cJSON *id_list = split(ids), *name_list = split(names);

    retrieve(call, object, id_list, name_list);
    cJSON_Delete(id_list);
    cJSON_Delete(name_list);
    free(ids);
    free(names);
}

/* A field that upserts may go by; NULL: answered. */
static const struct sf_field *
upsert_field(struct sf_call *call, const struct sf_object *object,
             const char *name)
{
    const struct sf_field *f = sf_field_find(object, name);
    struct sf_error err;

    if (f != NULL && (f->flags & (SF_KEY | SF_LOOKUP)) != 0)
        return f;
    sf_refuse(&err, "NOT_FOUND", "",
              "Provided external ID field does not exist or is not "
              "accessible: %.100s",
              name);
    sf_answer_error(call->res, 404, err.code, err.message);
    return NULL;
}

static void
batch_of_type(struct sf_call *call, struct batch *b, const cJSON *body)
{
    bool is_upsert = call->n == 4 && sf_is_method(call, "PATCH");

    if (b->object == NULL)
        sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
    else if (call->n == 3 && sf_is_method(call, "GET"))
        retrieve_by_query(call, b->object);
    else if (call->n == 3 && sf_is_method(call, "POST"))
        retrieve(call, b->object, cJSON_GetObjectItemCaseSensitive(body, "ids"),
                 cJSON_GetObjectItemCaseSensitive(body, "fields"));
    else if (!is_upsert)
        sf_answer_method(call, call->n == 3 ? "GET,POST" : "PATCH");
    else if ((b->field = upsert_field(call, b->object, call->parts[3])) !=
                 NULL &&
             check_records(call,
                           cJSON_GetObjectItemCaseSensitive(body, "records")))
        write_batch(call, b, body);
}

void
sf_batches(struct sf_call *call)
{
    struct batch b = {.is_update = sf_is_method(call, "PATCH") && call->n == 2};
    cJSON *body = NULL;

    if (!sf_is_method(call, "GET") && !sf_is_method(call, "DELETE"))
        body = cJSON_Parse(call->req->body);
    b.object = call->n > 2 ? sf_object_find(call->parts[2]) : NULL;
    if (call->n > 2)
        batch_of_type(call, &b, body);
    else if (sf_is_method(call, "DELETE"))
        delete_batch(call);
    else if (!b.is_update && !sf_is_method(call, "POST"))
        sf_answer_method(call, "POST,PATCH,DELETE");
    else if (check_records(call,
                           cJSON_GetObjectItemCaseSensitive(body, "records")))
        write_batch(call, &b, body);
    cJSON_Delete(body);
}

/* ---- single records ---- */

/* What may not stand in a body: the id, and the field that the path names. */
static bool
check_body(const cJSON *body, const struct sf_field *by, struct sf_error *err)
{
    const char *name = by != NULL ? by->name : "Id";

    if (cJSON_GetObjectItem(body, name) == NULL)
        name = "Id";
    if (cJSON_GetObjectItem(body, name) == NULL)
        return true;
    return sf_refuse(err, "INVALID_FIELD", "",
                     "The %s field should not be specified in the sobject "
                     "data.",
                     name);
}

static void
answer_written(struct sf_call *call, const struct sf_record *rec, bool created,
               bool is_upsert)
{
    char url[128];

    if (!created && !is_upsert) {
        sf_answer_empty(call->res, 204);
        return;
    }
    snprintf(url, sizeof(url), "/services/data/%s/sobjects/%s/%s",
             call->version, rec->object->name, rec->id);
    if (created)
        response_header(call->res, "Location", url);
    response_json(call->res, created ? 201 : 200,
                  row_done(rec, is_upsert ? &created : NULL));
}

/* rec NULL: create; `by`: the upsert's field, its value in the path. */
static void
write_single(struct sf_call *call, const struct sf_object *object,
             struct sf_record *rec, const struct sf_field *by)
{
    cJSON *body = cJSON_Parse(call->req->body);
    bool created = rec == NULL;
    struct sf_error err;

    if (!cJSON_IsObject(body)) {
        sf_answer_error(call->res, 400, "JSON_PARSER_ERROR", BODY_WANTED);
        cJSON_Delete(body);
        return;
    }
    if (!check_body(body, by, &err)) {
        sf_answer_row_error(call->res, 400, &err);
        cJSON_Delete(body);
        return;
    }
    if (by != NULL && created)
        cJSON_AddStringToObject(body, by->name, call->parts[3]);
    rec = write_row(call->sf, object, rec, body, &err);
    cJSON_Delete(body);
    if (rec == NULL)
        sf_answer_row_error(call->res, 400, &err);
    else
        answer_written(call, rec, created, by != NULL);
}

static void
get_single(struct sf_call *call, const struct sf_record *rec)
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

/* A record that is there: GET, PATCH, DELETE. */
static void
do_single(struct sf_call *call, const struct sf_object *object,
          struct sf_record *rec)
{
    struct sf_error err;

    if (rec == NULL) {
        sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
    } else if (rec->is_deleted) {
        sf_refuse(&err, "ENTITY_IS_DELETED", "", SF_DELETED);
        sf_answer_row_error(call->res, 404, &err);
    } else if (sf_is_method(call, "PATCH")) {
        write_single(call, object, rec, NULL);
    } else if (sf_is_method(call, "DELETE")) {
        sf_delete(call->sf, rec);
        sf_answer_empty(call->res, 204);
    } else if (sf_is_method(call, "GET")) {
        get_single(call, rec);
    } else {
        sf_answer_method(call, "GET,HEAD,PATCH,DELETE");
    }
}

/* /sobjects/Type/Field/Value */
static void
do_by_key(struct sf_call *call, const struct sf_object *object)
{
    const struct sf_field *f = upsert_field(call, object, call->parts[2]);
    char *only = sf_param(call, "updateOnly");
    bool may_create = only == NULL || strcasecmp(only, "true") != 0;
    struct sf_record *rec, *other;
    struct sf_error err;

    free(only);
    if (f == NULL)
        return;
    if (!sf_is_method(call, "PATCH")) {
        rec = sf_find_by(call->sf, object, f, call->parts[3], &other);
        do_single(call, object, rec);
    } else if (!find_for_upsert(call->sf, object, f, call->parts[3], &rec,
                                &err)) {
        sf_answer_row_error(call->res, 400, &err);
    } else if (rec == NULL && !may_create) {
        sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
    } else {
        write_single(call, object, rec, f);
    }
}

void
sf_records(struct sf_call *call, const struct sf_object *object)
{
    char id[SF_ID_SIZE];
    struct sf_record *rec;

    if (call->n == 2 && sf_is_method(call, "POST")) {
        write_single(call, object, NULL, NULL);
    } else if (call->n == 2) {
        sf_answer_method(call, "GET,HEAD,POST");
    } else if (call->n == 4) {
        do_by_key(call, object);
    } else if (call->n > 4) {
        sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
    } else if (!sf_id_normalise(call->parts[2], id)) {
        upsert_field(call, object, call->parts[2]); /* so it says */
        if (call->res->status == 0)
            sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
    } else {
        rec = sf_find(call->sf, id);
        do_single(call, object,
                  rec != NULL && rec->object == object ? rec : NULL);
    }
}

/* ---- composite ---- */

/* What @{ref.path} stands for; NULL: nothing. "records[0].Id" is a path. */
static const cJSON *
look_up(const cJSON *bodies, const char *path, size_t len)
{
    const cJSON *at = bodies;
    char name[64];

    for (size_t i = 0; i < len && at != NULL;) {
        size_t n = strcspn(path + i, ".[]}");

        if (n >= sizeof(name))
            return NULL;
        snprintf(name, sizeof(name), "%.*s", (int)n, path + i);
        if (n > 0 && i > 0 && path[i - 1] == '[')
            at = cJSON_GetArrayItem(at, atoi(name));
        else if (n > 0)
            at = cJSON_GetObjectItemCaseSensitive(at, name);
        i += n + 1;
    }
    return at;
}

/* A copy with its references replaced; NULL: one leads to nothing. */
static char *
replace_refs(const char *s, const cJSON *bodies)
{
    char *out = hs_strdup(""), *more;
    const cJSON *v;
    const char *ref, *end;

    while ((ref = strstr(s, "@{")) != NULL &&
           (end = strchr(ref, '}')) != NULL) {
        v = look_up(bodies, ref + 2, (size_t)(end - ref - 2));
        if (!cJSON_IsString(v) && !cJSON_IsNumber(v)) {
            free(out);
            return NULL;
        }
        if (cJSON_IsString(v)) {
            if (asprintf(&more, "%s%.*s%s", out, (int)(ref - s), s,
                         v->valuestring) < 0)
                abort();
        } else if (asprintf(&more, "%s%.*s%.0f", out, (int)(ref - s), s,
                            v->valuedouble) < 0) {
            abort();
        }
        free(out);
        out = more;
        s = end + 1;
    }
    if (asprintf(&more, "%s%s", out, s) < 0)
        abort();
    free(out);
    return more;
}

static const char *
string_of(const cJSON *item, const char *name)
{
    const char *s =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, name));

    return s != NULL ? s : "";
}

/* Have a call of the composite answered. url and body are its own. */
static void
sub_call(struct sf_call *outer, const char *method, char *url, const char *body,
         struct response *res)
{
    struct request req = {.method = method,
                          .path = url,
                          .body = body,
                          .body_len = strlen(body),
                          .connection = outer->req->connection};
    struct sf_call call = {.sf = outer->sf, .req = &req, .res = res};
    char *query = strchr(url, '?');

    call.version = outer->version;
    call.query = query != NULL ? query + 1 : "";
    if (query != NULL)
        *query = '\0';
    sf_read_parts(&call);
    if (strncmp(url, "/services/data/v", 16) != 0 ||
        (strcmp(call.parts[0], "composite") == 0 && call.n == 1))
        sf_answer_error(res, 400, "INVALID_FIELD",
                        "url is no resource that a composite can call");
    else
        sf_route(&call);
}

static cJSON *
sub_result(const cJSON *item, const struct response *res)
{
    cJSON *out = cJSON_CreateObject(), *headers;

    cJSON_AddItemToObject(out, "body",
                          res->body != NULL
                              ? cJSON_ParseWithLength(res->body, res->body_len)
                              : cJSON_CreateNull());
    headers = cJSON_AddObjectToObject(out, "httpHeaders");
    for (int i = 0; i < res->n_headers; i++)
        if (strcmp(res->headers[i][0], "Location") == 0)
            cJSON_AddStringToObject(headers, "Location", res->headers[i][1]);
    cJSON_AddNumberToObject(out, "httpStatusCode", res->status);
    cJSON_AddStringToObject(out, "referenceId", string_of(item, "referenceId"));
    return out;
}

static cJSON *
do_sub_call(struct sf_call *call, const cJSON *item, const cJSON *bodies)
{
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(item, "body");
    char *plain = data != NULL ? cJSON_PrintUnformatted(data) : hs_strdup("");
    char *url = replace_refs(string_of(item, "url"), bodies);
    char *body = replace_refs(plain, bodies);
    struct response res = {.status = 0};
    cJSON *out;

    if (url != NULL && body != NULL)
        sub_call(call, string_of(item, "method"), url, body, &res);
    else
        sf_answer_error(&res, 400, "PROCESSING_HALTED",
                        "Invalid reference specified. No value for the "
                        "reference found");
    out = sub_result(item, &res);
    free(res.body);
    free(plain);
    free(url);
    free(body);
    return out;
}

/* All or none: who did not fail did not happen. */
static void
halt(cJSON *results, const cJSON *items, int failed_at)
{
    int n = cJSON_GetArraySize(items);

    for (int i = 0; i < n; i++) {
        struct response res = {.status = 0};
        cJSON *result;

        if (i == failed_at)
            continue;
        sf_answer_error(&res, 400, "PROCESSING_HALTED",
                        "The transaction was rolled back since another "
                        "operation in the same transaction failed.");
        result = sub_result(cJSON_GetArrayItem(items, i), &res);
        free(res.body);
        if (i < cJSON_GetArraySize(results))
            cJSON_ReplaceItemInArray(results, i, result);
        else
            cJSON_AddItemToArray(results, result);
    }
}

static void
run_composite(struct sf_call *call, const cJSON *items, bool all_or_none)
{
    bool is_begun = all_or_none && sf_begin(call->sf);
    cJSON *doc = cJSON_CreateObject(), *bodies = cJSON_CreateObject();
    cJSON *results = cJSON_AddArrayToObject(doc, "compositeResponse");
    const cJSON *item;
    int failed_at = -1, n = 0;

    cJSON_ArrayForEach(item, items)
    {
        cJSON *result = do_sub_call(call, item, bodies);
        const cJSON *status =
            cJSON_GetObjectItemCaseSensitive(result, "httpStatusCode");

        cJSON_AddItemToArray(results, result);
        cJSON_AddItemReferenceToObject(
            bodies, string_of(item, "referenceId"),
            cJSON_GetObjectItemCaseSensitive(result, "body"));
        if (all_or_none && status->valuedouble >= 400) {
            failed_at = n;
            break;
        }
        n++;
    }
    cJSON_Delete(bodies);
    sf_end(call->sf, is_begun, failed_at < 0);
    if (failed_at >= 0)
        halt(results, items, failed_at);
    response_json(call->res, 200, doc);
}

static int
count_costly(const cJSON *items)
{
    const cJSON *item;
    int n = 0;

    cJSON_ArrayForEach(item, items)
    {
        const char *url = string_of(item, "url");

        n +=
            strstr(url, "/query") != NULL || strstr(url, "/composite/") != NULL;
    }
    return n;
}

void
sf_composite(struct sf_call *call)
{
    cJSON *body =
        sf_is_method(call, "POST") ? cJSON_Parse(call->req->body) : NULL;
    const cJSON *items =
        cJSON_GetObjectItemCaseSensitive(body, "compositeRequest");
    int n = cJSON_GetArraySize(items);

    if (!sf_is_method(call, "POST"))
        sf_answer_method(call, "POST");
    else if (!cJSON_IsArray(items) || n == 0)
        sf_answer_error(call->res, 400, "JSON_PARSER_ERROR",
                        "The HTTP entity body is required: compositeRequest");
    else if (n > CALLS_MAX || count_costly(items) > COSTLY_MAX)
        sf_answer_error(call->res, 400, "LIMIT_EXCEEDED",
                        "a composite takes up to 25 subrequests, of which up "
                        "to 5 are collections or queries");
    else
        run_composite(
            call, items,
            cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(body, "allOrNone")));
    cJSON_Delete(body);
}
