/* salesforce_answer: error bodies, and what a row of a collection came to
 * (salesforce-api.md, 5.2 and 10). */
#include "tests/sandbox/salesforce.h"

#include <stdio.h>
#include <string.h>

void
sf_answer_error(struct response *res, int status, const char *code,
                const char *message)
{
    cJSON *list = cJSON_CreateArray(), *e = cJSON_CreateObject();

    cJSON_AddStringToObject(e, "message", message);
    cJSON_AddStringToObject(e, "errorCode", code);
    cJSON_AddItemToArray(list, e);
    response_json(res, status, list);
}

static void
add_fields(cJSON *e, const struct sf_error *err)
{
    cJSON *fields = cJSON_AddArrayToObject(e, "fields");

    for (const char *at = err->field; *at != '\0';) {
        size_t n = strcspn(at, ",");
        char name[64];

        snprintf(name, sizeof(name), "%.*s", (int)n, at);
        cJSON_AddItemToArray(fields, cJSON_CreateString(name));
        at += n + (at[n] == ',');
    }
}

void
sf_answer_row_error(struct response *res, int status,
                    const struct sf_error *err)
{
    cJSON *list = cJSON_CreateArray(), *e = cJSON_CreateObject();

    cJSON_AddStringToObject(e, "message", err->message);
    cJSON_AddStringToObject(e, "errorCode", err->code);
    add_fields(e, err);
    cJSON_AddItemToArray(list, e);
    response_json(res, status, list);
}

void
sf_answer_empty(struct response *res, int status)
{
    res->status = status;
}

void
sf_answer_method(struct sf_call *call, const char *allowed)
{
    char text[160];

    snprintf(text, sizeof(text),
             "HTTP Method '%.10s' not allowed. Allowed are %s",
             call->req->method, allowed);
    response_header(call->res, "Allow", allowed);
    sf_answer_error(call->res, 405, "METHOD_NOT_ALLOWED", text);
}

void
sf_record_url(const struct sf_call *call, const struct sf_record *rec,
              char buf[SF_URL_SIZE])
{
    snprintf(buf, SF_URL_SIZE, "/services/data/%s/sobjects/%s/%s",
             call->version, rec->object->name, rec->id);
}

cJSON *
sf_attributes(const struct sf_call *call, const struct sf_record *rec)
{
    cJSON *a = cJSON_CreateObject();
    char url[SF_URL_SIZE];

    sf_record_url(call, rec, url);
    cJSON_AddStringToObject(a, "type", rec->object->name);
    cJSON_AddStringToObject(a, "url", url);
    return a;
}

void
sf_add_copy(cJSON *to, const char *name, const cJSON *value)
{
    cJSON_AddItemToObject(to, name,
                          value != NULL ? cJSON_Duplicate(value, true)
                                        : cJSON_CreateNull());
}

cJSON *
sf_row_error(const struct sf_error *err)
{
    cJSON *row = cJSON_CreateObject(), *e = cJSON_CreateObject();

    cJSON_AddBoolToObject(row, "success", false);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(row, "errors"), e);
    cJSON_AddStringToObject(e, "statusCode", err->code);
    cJSON_AddStringToObject(e, "message", err->message);
    add_fields(e, err);
    return row;
}

cJSON *
sf_row_done(const struct sf_record *rec, const bool *created)
{
    cJSON *row = cJSON_CreateObject();

    cJSON_AddStringToObject(row, "id", rec->id);
    cJSON_AddBoolToObject(row, "success", true);
    cJSON_AddArrayToObject(row, "errors");
    if (created != NULL)
        cJSON_AddBoolToObject(row, "created", *created);
    return row;
}

const char *
sf_json_text(const cJSON *object, const char *key)
{
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));

    return text != NULL ? text : "";
}
