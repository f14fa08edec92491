/* salesforce_collections: up to 200 rows in one call: create, update, upsert,
 * delete (salesforce-api.md, 5.2 and 5.3). */
#include "tests/sandbox/salesforce.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ROWS_MAX   200
#define CHUNKS_MAX 10
#define TOO_MANY                                                               \
    "record limit reached. cannot submit more than 200 records into this call"

static bool
is_good(const cJSON *result)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(result, "success"));
}

/* What the good rows become when another one failed, and it was all or none. */
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
            cJSON_ReplaceItemInArray(results, i, sf_row_error(&err));
}

/* All or none? Within a composite that is, every collection is, too. */
struct transaction {
    bool all_or_none;
    bool is_begun; /* and not the composite's */
};

static struct transaction
begin(struct sf_call *call, bool all_or_none)
{
    struct transaction t = {all_or_none || call->sf->is_journaling, false};

    t.is_begun = t.all_or_none && sf_begin(call->sf);
    return t;
}

static void
end(struct sf_call *call, const struct transaction *t, cJSON *results)
{
    bool all_good = true;
    const cJSON *row;

    cJSON_ArrayForEach(row, results)
    {
        all_good = all_good && is_good(row);
    }
    sf_end(call->sf, t->is_begun, all_good);
    if (t->all_or_none && !all_good)
        roll_back(results);
    response_json(call->res, 200, results);
}

/* ---- one row ---- */

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

    return type != NULL ? sf_object_seen(type) : NULL;
}

/* What a row goes by; NULL: by nothing. */
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
    if (b->field != NULL && b->field->type != SF_ID)
        return sf_key(b->object, b->field, value);
    return hs_strdup(sf_id_normalise(value, id) ? id : value);
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
    const char *value =
        cJSON_GetStringValue(cJSON_GetObjectItem(row, b->field->name));
    bool by_id = b->field->type == SF_ID;
    struct sf_error err = {.code = ""};
    struct sf_record *rec = NULL;
    bool created;

    if (!by_id && cJSON_GetObjectItem(row, "Id") != NULL)
        sf_refuse(&err, "INVALID_FIELD", "",
                  "cannot specify both an external ID reference %s and a "
                  "salesforce id, Id",
                  b->field->name);
    else if (!by_id || value != NULL)
        sf_find_for_upsert(b->sf, b->object, b->field,
                           value != NULL ? value : "", &rec, &err);
    if (err.code[0] != '\0')
        return sf_row_error(&err);
    created = rec == NULL;
    rec = sf_write_row(b->sf, b->object, rec, row, &err);
    return rec != NULL ? sf_row_done(rec, &created) : sf_row_error(&err);
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
            rec = sf_find_living(b->sf, object, id, &err);
        else if (id != NULL)
            sf_refuse(&err, "INVALID_FIELD_FOR_INSERT_UPDATE", "Id",
                      "cannot specify Id in an insert call");
    }
    if (err.code[0] == '\0')
        rec = sf_write_row(b->sf, object, rec, row, &err);
    return err.code[0] == '\0' ? sf_row_done(rec, NULL) : sf_row_error(&err);
}

/* ---- all of them ---- */

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
    cJSON_ArrayForEach(row, records)
    {
        if (!cJSON_IsObject(row))
            wrong = "Unexpected value in records: an object is wanted";
    }
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
write_rows(struct sf_call *call, struct batch *b, const cJSON *records,
           bool all_or_none)
{
    struct transaction t = begin(call, all_or_none);
    cJSON *results = cJSON_CreateArray();
    const cJSON *row;
    int i = 0;

    b->sf = call->sf;
    count_keys(b, records);
    cJSON_ArrayForEach(row, records)
    {
        cJSON_AddItemToArray(results, do_row(b, row, i++));
    }
    hs_map_fini(&b->seen, NULL);
    end(call, &t, results);
}

static void
write_batch(struct sf_call *call, struct batch *b, const cJSON *body)
{
    const cJSON *records = cJSON_GetObjectItemCaseSensitive(body, "records");

    if (check_records(call, records))
        write_rows(
            call, b, records,
            cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(body, "allOrNone")));
}

/* ---- deleting ---- */

static cJSON *
delete_one(struct salesforce *sf, const char *id, int i)
{
    const struct sandbox_row_fault *fault = sandbox_partial(i);
    const struct sf_object *object = sf_object_of_id(id);
    struct sf_error err;
    struct sf_record *rec = NULL;

    if (fault != NULL)
        sf_refuse(&err, fault->code, "", "%s", fault->message);
    else
        rec = sf_find_living(sf, object != NULL ? object : &sf_objects[0], id,
                             &err);
    if (rec == NULL || !sf_check_access(rec->object, &err))
        return sf_row_error(&err);
    sf_delete(sf, rec);
    return sf_row_done(rec, NULL);
}

static void
delete_ids(struct sf_call *call, char *ids, bool all_or_none)
{
    struct transaction t = begin(call, all_or_none);
    cJSON *results = cJSON_CreateArray();
    char *rest = NULL, *id = strtok_r(ids, ",", &rest);

    for (int i = 0; id != NULL; id = strtok_r(NULL, ",", &rest), i++)
        cJSON_AddItemToArray(results, delete_one(call->sf, id, i));
    end(call, &t, results);
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

/* ---- which of them ---- */

static void
batch_of_type(struct sf_call *call, struct batch *b, const cJSON *body)
{
    bool is_upsert = call->n == 4 && sf_is_method(call, "PATCH");
    bool is_read = call->n == 3 &&
                   (sf_is_method(call, "GET") || sf_is_method(call, "POST"));

    if (b->object == NULL || call->n > 4) {
        sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
    } else if (is_read) {
        sf_answer_records(call, b->object, body);
    } else if (!is_upsert) {
        sf_answer_method(call, call->n == 3 ? "GET,POST" : "PATCH");
    } else {
        b->field = sf_upsert_field(call, b->object, call->parts[3]);
        if (b->field != NULL)
            write_batch(call, b, body);
    }
}

void
sf_batches(struct sf_call *call)
{
    struct batch b = {.is_update = sf_is_method(call, "PATCH") && call->n == 2};
    cJSON *body = NULL;

    if (!sf_is_method(call, "GET") && !sf_is_method(call, "DELETE"))
        body = cJSON_Parse(call->req->body);
    b.object = call->n > 2 ? sf_object_seen(call->parts[2]) : NULL;
    if (call->n > 2)
        batch_of_type(call, &b, body);
    else if (sf_is_method(call, "DELETE"))
        delete_batch(call);
    else if (b.is_update || sf_is_method(call, "POST"))
        write_batch(call, &b, body);
    else
        sf_answer_method(call, "POST,PATCH,DELETE");
    cJSON_Delete(body);
}
