/* hubspot_answer: the shapes that the areas' answers share: error bodies, the
 * envelope of a batch, paging, ids and times. */
#include "tests/sandbox/hubspot.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- refusing ---- */

static void
fail_set(struct hs_fail *fail, int status, const char *category,
         const char *fmt, va_list ap)
{
    hs_fail_fini(fail);
    fail->status = status;
    fail->category = category;
    if (vasprintf(&fail->message, fmt, ap) < 0)
        abort();
}

void
hs_fail(struct hs_fail *fail, int status, const char *category, const char *fmt,
        ...)
{
    va_list ap;

    va_start(ap, fmt);
    fail_set(fail, status, category, fmt, ap);
    va_end(ap);
}

void
hs_fail_fini(struct hs_fail *fail)
{
    free(fail->message);
    cJSON_Delete(fail->errors);
    *fail = (struct hs_fail){0};
}

void
hs_answer_fail(struct hs_call *call, struct hs_fail *fail)
{
    cJSON *body = cJSON_CreateObject();

    cJSON_AddStringToObject(body, "status", "error");
    cJSON_AddStringToObject(body, "message", fail->message);
    cJSON_AddStringToObject(body, "correlationId", call->correlation);
    if (fail->errors != NULL) {
        cJSON_AddItemToObject(body, "errors", fail->errors);
        fail->errors = NULL;
    }
    cJSON_AddStringToObject(body, "category", fail->category);
    response_json(call->res, fail->status, body);
    hs_fail_fini(fail);
}

void
hs_answer_error(struct hs_call *call, int status, const char *category,
                const char *fmt, ...)
{
    struct hs_fail fail = {0};
    va_list ap;

    va_start(ap, fmt);
    fail_set(&fail, status, category, fmt, ap);
    va_end(ap);
    hs_answer_fail(call, &fail);
}

void
hs_not_found(struct hs_call *call)
{
    hs_answer_error(call, 404, "OBJECT_NOT_FOUND", "resource not found");
}

void
hs_method_not_allowed(struct hs_call *call)
{
    hs_answer_error(call, 405, "METHOD_NOT_ALLOWED", "Method not allowed: %s",
                    call->req->method);
}

void
hs_answer_scope(struct hs_call *call, const char *scope)
{
    struct hs_fail fail = {0};
    cJSON *error = cJSON_CreateObject();
    cJSON *scopes = cJSON_AddArrayToObject(
        cJSON_AddObjectToObject(error, "context"), "requiredGranularScopes");

    cJSON_AddStringToObject(
        error, "message", "One or more of the following scopes are required.");
    cJSON_AddItemToArray(scopes, cJSON_CreateString(scope));
    hs_fail(&fail, 403, "MISSING_SCOPES",
            "This app hasn't been granted all required scopes to make this "
            "call. Read more about required scopes here: "
            "https://developers.hubspot.com/scopes.");
    fail.errors = cJSON_CreateArray();
    cJSON_AddItemToArray(fail.errors, error);
    hs_answer_fail(call, &fail);
}

void
hs_empty(struct hs_call *call, int status)
{
    call->res->status = status;
    call->res->body = NULL;
    call->res->body_len = 0;
}

/* ---- values ---- */

void
hs_uuid(struct hubspot *hs, char out[37])
{
    uint64_t a = ++hs->n_ids * UINT64_C(0x9E3779B97F4A7C15), b;

    a ^= a >> 29;
    b = (a + 1) * UINT64_C(0xBF58476D1CE4E5B9);
    b ^= b >> 32;
    snprintf(out, 37, "%08x-%04x-4%03x-a%03x-%012" PRIx64, (unsigned)(a >> 32),
             (unsigned)(a >> 16) & 0xffff, (unsigned)a & 0xfff,
             (unsigned)(b >> 48) & 0xfff, b & UINT64_C(0xffffffffffff));
}

cJSON *
hs_iso(int64_t ms)
{
    char buf[TIMETEXT_SIZE];

    return cJSON_CreateString(timetext_ms(ms, buf));
}

cJSON *
hs_id(int64_t id)
{
    char buf[24];

    snprintf(buf, sizeof(buf), "%" PRId64, id);
    return cJSON_CreateString(buf);
}

cJSON *
hs_number(int64_t id)
{
    char buf[24];

    snprintf(buf, sizeof(buf), "%" PRId64, id);
    return cJSON_CreateRaw(buf);
}

int64_t
hs_i64(double number)
{
    if (number >= 9e18)
        return INT64_MAX;
    if (number <= -9e18)
        return INT64_MIN;
    return number == number ? (int64_t)number : 0;
}

bool
hs_json_id(const cJSON *object, const char *key, int64_t *id)
{
    const cJSON *value =
        key == NULL ? object : cJSON_GetObjectItemCaseSensitive(object, key);

    if (cJSON_IsNumber(value)) {
        *id = hs_i64(value->valuedouble);
        return *id > 0 && *id < (INT64_C(1) << 53);
    }
    return hs_parse_id(cJSON_GetStringValue(value), id);
}

void
hs_put_default(cJSON *object, const char *key, cJSON *value)
{
    if (cJSON_GetObjectItemCaseSensitive(object, key) == NULL)
        cJSON_AddItemToObject(object, key, value);
    else
        cJSON_Delete(value);
}

/* ---- envelopes ---- */

void
hs_add_paging(struct hs_call *call, cJSON *answer, const char *after,
              bool with_link)
{
    cJSON *next = cJSON_AddObjectToObject(
        cJSON_AddObjectToObject(answer, "paging"), "next");
    char link[256];

    cJSON_AddStringToObject(next, "after", after);
    if (!with_link)
        return;
    snprintf(link, sizeof(link), "https://api.hubapi.com%.120s?after=%.80s",
             call->req->path, after);
    cJSON_AddStringToObject(next, "link", link);
}

void
hs_answer_batch(struct hs_call *call, int status, cJSON *results, cJSON *errors,
                int64_t started_ms)
{
    cJSON *answer = cJSON_CreateObject();
    int n_errors = cJSON_GetArraySize(errors);

    cJSON_AddStringToObject(answer, "status", "COMPLETE");
    cJSON_AddItemToObject(answer, "results", results);
    if (n_errors > 0) {
        cJSON_AddNumberToObject(answer, "numErrors", n_errors);
        cJSON_AddItemToObject(answer, "errors", errors);
        status = 207;
    } else {
        cJSON_Delete(errors);
    }
    cJSON_AddItemToObject(answer, "startedAt", hs_iso(started_ms));
    cJSON_AddItemToObject(answer, "completedAt", hs_iso(sandbox_now_ms()));
    response_json(call->res, status, answer);
}

const cJSON *
hs_batch_inputs(struct hs_call *call, int max)
{
    const cJSON *inputs =
        cJSON_GetObjectItemCaseSensitive(call->body, "inputs");
    int n = cJSON_GetArraySize(inputs);

    if (!cJSON_IsArray(inputs)) {
        hs_answer_error(call, 400, "VALIDATION_ERROR",
                        "Invalid input JSON: required field 'inputs' is not "
                        "set");
    } else if (n > max) {
        hs_answer_error(call, 400, "VALIDATION_ERROR",
                        "The maximum number of inputs supported in a batch "
                        "request is %d, %d were sent",
                        max, n);
    } else if (n == 0) {
        hs_answer_error(call, 400, "VALIDATION_ERROR",
                        "The batch request holds no inputs");
    } else {
        return inputs;
    }
    return NULL;
}
