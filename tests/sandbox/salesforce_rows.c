/* salesforce_rows: writing, one record or a collection (salesforce-api.md, 5).
 */
#include "tests/sandbox/salesforce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ROWS_MAX 200

static cJSON *
row_error(const struct sf_error *err)
{
    cJSON *row = cJSON_CreateObject(), *e = cJSON_CreateObject(), *list;

    cJSON_AddBoolToObject(row, "success", false);
    list = cJSON_AddArrayToObject(row, "errors");
    cJSON_AddStringToObject(e, "statusCode", err->code);
    cJSON_AddStringToObject(e, "message", err->message);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(e, "fields"),
                         cJSON_CreateString(err->field));
    if (err->field[0] == '\0')
        cJSON_ReplaceItemInObject(e, "fields", cJSON_CreateArray());
    cJSON_AddItemToArray(list, e);
    return row;
}

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
fail(struct sf_error *err, const char *code, const char *message)
{
    *err = (struct sf_error){.field = ""};
    snprintf(err->code, sizeof(err->code), "%s", code);
    snprintf(err->message, sizeof(err->message), "%s", message);
    return false;
}

/* A unique key that another record has. */
static bool
check_key(struct salesforce *sf, const struct sf_object *object,
          const struct sf_record *rec, const cJSON *row, struct sf_error *err)
{
    const char *key =
        cJSON_GetStringValue(cJSON_GetObjectItem(row, "HubSpot_Id__c"));
    const struct sf_record *other =
        key != NULL ? sf_find_key(sf, object, key) : NULL;
    char text[128];

    if (other == NULL || other == rec || other->is_deleted)
        return true;
    snprintf(text, sizeof(text),
             "duplicate value found: HubSpot_Id__c duplicates value on record "
             "with id: %.15s",
             other->id);
    return fail(err, "DUPLICATE_VALUE", text);
}

/* Write a row; rec NULL: create. NULL: *err. */
static struct sf_record *
write_row(struct salesforce *sf, const struct sf_object *object,
          struct sf_record *rec, const cJSON *row, struct sf_error *err)
{
    bool is_new = rec == NULL;

    if (!sf_check(sf, object, rec, row, err) ||
        !check_key(sf, object, rec, row, err))
        return NULL;
    if (is_new)
        rec = sf_new(sf, object, NULL);
    sf_set(sf, rec, row);
    sf_derive(sf, rec, is_new);
    sf_touch(rec);
    return rec;
}

static const struct sf_object *
object_of(const cJSON *row)
{
    const char *type = cJSON_GetStringValue(cJSON_GetObjectItem(
        cJSON_GetObjectItemCaseSensitive(row, "attributes"), "type"));

    return type != NULL ? sf_object_find(type) : NULL;
}

/* One row of a collection. `field`: upsert by it; is_update: by its id. */
static cJSON *
collect_row(struct salesforce *sf, const cJSON *row, const char *field,
            bool is_update)
{
    const struct sf_object *object = object_of(row);
    const char *id = cJSON_GetStringValue(cJSON_GetObjectItem(row, "Id"));
    const char *key =
        field != NULL ? cJSON_GetStringValue(cJSON_GetObjectItem(row, field))
                      : NULL;
    struct sf_record *rec = NULL;
    struct sf_error err = {.code = ""};
    bool created;

    if (object == NULL) {
        fail(&err, "INVALID_TYPE", "attributes.type is missing or unknown");
        return row_error(&err);
    }
    if (is_update && (id == NULL || (rec = sf_find(sf, id)) == NULL)) {
        fail(&err, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
        return row_error(&err);
    }
    if (rec != NULL && rec->is_deleted) {
        fail(&err, "ENTITY_IS_DELETED", "entity is deleted");
        return row_error(&err);
    }
    if (field != NULL && key == NULL) {
        fail(&err, "MISSING_ARGUMENT", "external id is missing");
        return row_error(&err);
    }
    if (key != NULL)
        rec = sf_find_key(sf, object, key);
    created = rec == NULL;
    rec = write_row(sf, object, rec, row, &err);
    if (rec == NULL)
        return row_error(&err);
    return row_done(rec, field != NULL ? &created : NULL);
}

/* Is the external id of row i in another row too? */
static bool
is_twice(const cJSON *records, const cJSON *row, const char *field)
{
    const char *key =
        field != NULL ? cJSON_GetStringValue(cJSON_GetObjectItem(row, field))
                      : NULL;
    const cJSON *other;

    if (key == NULL)
        return false;
    cJSON_ArrayForEach(other, records)
    {
        const char *k = cJSON_GetStringValue(cJSON_GetObjectItem(other, field));

        if (other != row && k != NULL && strcasecmp(k, key) == 0)
            return true;
    }
    return false;
}

static cJSON *
collect(struct salesforce *sf, const cJSON *records, const char *field,
        bool is_update)
{
    cJSON *out = cJSON_CreateArray();
    const cJSON *row;
    struct sf_error err;
    char text[300];
    int i = 0;

    cJSON_ArrayForEach(row, records)
    {
        const struct sandbox_row_fault *fault = sandbox_partial(i++);

        if (fault != NULL) {
            fail(&err, fault->code, fault->message);
            cJSON_AddItemToArray(out, row_error(&err));
        } else if (is_twice(records, row, field)) {
            snprintf(text, sizeof(text), "Duplicate external id specified: %s",
                     cJSON_GetObjectItem(row, field)->valuestring);
            fail(&err, "DUPLICATE_VALUE", text);
            cJSON_AddItemToArray(out, row_error(&err));
        } else {
            cJSON_AddItemToArray(out, collect_row(sf, row, field, is_update));
        }
    }
    return out;
}

static void
delete_record(struct salesforce *sf, struct sf_record *rec)
{
    rec->is_deleted = true;
    sf_set(sf, rec, NULL);
    sf_touch(rec);
}

static void
delete_collection(struct sf_call *call)
{
    const char *ids = request_query(call->req, "ids");
    cJSON *out = cJSON_CreateArray();
    struct sf_error err;

    while (ids != NULL && *ids != '\0') {
        char id[64];
        size_t n = strcspn(ids, ",");
        struct sf_record *rec;

        snprintf(id, sizeof(id), "%.*s", (int)n, ids);
        rec = sf_find(call->sf, id);
        if (rec == NULL || rec->is_deleted) {
            fail(&err,
                 rec == NULL ? "INVALID_CROSS_REFERENCE_KEY"
                             : "ENTITY_IS_DELETED",
                 rec == NULL ? "invalid cross reference id"
                             : "entity is deleted");
            cJSON_AddItemToArray(out, row_error(&err));
        } else {
            delete_record(call->sf, rec);
            cJSON_AddItemToArray(out, row_done(rec, NULL));
        }
        ids += n + (ids[n] == ',');
    }
    response_json(call->res, 200, out);
}

/* /composite/sobjects[/Type/Field] */
void
sf_collections(struct sf_call *call)
{
    cJSON *body = cJSON_Parse(call->req->body);
    const cJSON *records = cJSON_GetObjectItemCaseSensitive(body, "records");
    const struct sf_object *object =
        call->n > 2 ? sf_object_find(call->parts[2]) : NULL;
    const char *field = call->n > 3 ? call->parts[3] : NULL;
    const struct sf_field *f =
        object != NULL && field != NULL ? sf_field_find(object, field) : NULL;
    char text[256];

    if (strcmp(call->req->method, "DELETE") == 0) {
        delete_collection(call);
    } else if (!cJSON_IsArray(records)) {
        sf_answer_error(call->res, 400, "JSON_PARSER_ERROR",
                        "The HTTP entity body is required: records");
    } else if (cJSON_GetArraySize(records) > ROWS_MAX) {
        sf_answer_error(call->res, 400, "EXCEEDED_ID_LIMIT",
                        "record limit reached. cannot submit more than 200 "
                        "records into this call");
    } else if (field != NULL && f == NULL) {
        snprintf(text, sizeof(text),
                 "Provided external ID field does not exist or is not "
                 "accessible: %.100s",
                 field);
        sf_answer_error(call->res, 404, "NOT_FOUND", text);
    } else {
        response_json(
            call->res, 200,
            collect(call->sf, records, field,
                    field == NULL && strcmp(call->req->method, "PATCH") == 0));
    }
    cJSON_Delete(body);
}

static void
answer_row_error(struct response *res, const struct sf_error *err)
{
    sf_answer_error(res, 400, err->code, err->message);
}

static void
write_single(struct sf_call *call, const struct sf_object *object,
             struct sf_record *rec, bool is_upsert)
{
    cJSON *body = cJSON_Parse(call->req->body);
    bool created = rec == NULL;
    struct sf_error err;
    cJSON *done;

    if (!cJSON_IsObject(body)) {
        sf_answer_error(call->res, 400, "JSON_PARSER_ERROR",
                        "The HTTP entity body is required");
        cJSON_Delete(body);
        return;
    }
    if (is_upsert)
        cJSON_AddStringToObject(body, call->parts[2], call->parts[3]);
    rec = write_row(call->sf, object, rec, body, &err);
    cJSON_Delete(body);
    if (rec == NULL) {
        answer_row_error(call->res, &err);
    } else if (!created && !is_upsert) {
        sf_answer_empty(call->res, 204);
    } else {
        done = row_done(rec, is_upsert ? &created : NULL);
        response_json(call->res, created ? 201 : 200, done);
    }
}

static void
get_single(struct sf_call *call, const struct sf_record *rec)
{
    cJSON *out = cJSON_Duplicate(rec->fields, true);
    cJSON *attributes = cJSON_CreateObject();

    cJSON_AddStringToObject(attributes, "type", rec->object->name);
    cJSON_AddItemToObject(out, "attributes", attributes);
    response_json(call->res, 200, out);
}

/* /sobjects/Type[/Id | /Field/Value] */
void
sf_sobjects(struct sf_call *call)
{
    const struct sf_object *object = sf_object_find(call->parts[1]);
    const char *method = call->req->method;
    bool by_key = call->n == 4;
    struct sf_record *rec = NULL;

    if (object == NULL) {
        sf_answer_error(call->res, 404, "NOT_FOUND",
                        "The requested resource does not exist");
        return;
    }
    if (call->n == 2 && strcmp(method, "POST") == 0) {
        write_single(call, object, NULL, false);
        return;
    }
    if (strcmp(call->parts[2], "describe") == 0) {
        sf_describe(call, object);
        return;
    }
    if (strcmp(call->parts[2], "updated") == 0 ||
        strcmp(call->parts[2], "deleted") == 0) {
        sf_changes(call, object);
        return;
    }
    rec = by_key ? sf_find_key(call->sf, object, call->parts[3])
                 : sf_find(call->sf, call->parts[2]);
    if (by_key && strcmp(method, "PATCH") == 0)
        write_single(call, object, rec, true);
    else if (rec == NULL)
        sf_answer_error(call->res, 404, "NOT_FOUND",
                        "Provided external ID field does not exist or is not "
                        "accessible: Id");
    else if (rec->is_deleted)
        sf_answer_error(call->res, 404, "ENTITY_IS_DELETED",
                        "entity is deleted");
    else if (strcmp(method, "PATCH") == 0)
        write_single(call, object, rec, false);
    else if (strcmp(method, "DELETE") == 0) {
        delete_record(call->sf, rec);
        sf_answer_empty(call->res, 204);
    } else
        get_single(call, rec);
}
