/* salesforce_composite: several calls in one, each of which may refer to what
 * those before it answered (salesforce-api.md, 5.4). */
#include "tests/sandbox/salesforce.h"

#include "common/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALLS_MAX  25
#define COSTLY_MAX 5 /* of them collections or queries */

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

static bool
put_value(struct text *out, const cJSON *v)
{
    char *number;

    if (cJSON_IsString(v)) {
        text_puts(out, v->valuestring);
        return true;
    }
    if (!cJSON_IsNumber(v))
        return false;
    number = cJSON_PrintUnformatted(v);
    text_puts(out, number);
    free(number);
    return true;
}

/* A copy with its references replaced; NULL: one leads to nothing. */
static char *
replace_refs(const char *s, const cJSON *bodies)
{
    struct text out;
    const char *ref, *end;

    text_init(&out);
    while ((ref = strstr(s, "@{")) != NULL &&
           (end = strchr(ref, '}')) != NULL) {
        text_putn(&out, s, (size_t)(ref - s));
        if (!put_value(&out,
                       look_up(bodies, ref + 2, (size_t)(end - ref - 2)))) {
            text_fini(&out);
            return NULL;
        }
        s = end + 1;
    }
    text_puts(&out, s);
    text_putc(&out, '\0');
    return out.data;
}

/* Replace the references in all texts of a body; false: one leads to nothing.
 */
static bool
replace_in(cJSON *item, const cJSON *bodies)
{
    cJSON *child;
    char *text;

    if (cJSON_IsString(item)) {
        text = replace_refs(item->valuestring, bodies);
        if (text != NULL)
            cJSON_SetValuestring(item, text);
        free(text);
        return text != NULL;
    }
    cJSON_ArrayForEach(child, item)
    {
        if (!replace_in(child, bodies))
            return false;
    }
    return true;
}

/* The text of a call's body; NULL: a reference leads to nothing. */
static char *
body_of(const cJSON *item, const cJSON *bodies)
{
    cJSON *body =
        cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(item, "body"), true);
    char *text = NULL;

    if (body == NULL)
        return hs_strdup("");
    if (replace_in(body, bodies))
        text = cJSON_PrintUnformatted(body);
    cJSON_Delete(body);
    return text;
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
    char *url = replace_refs(string_of(item, "url"), bodies);
    char *body = body_of(item, bodies);
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
    free(url);
    free(body);
    return out;
}

/* Has the call failed, or any row of it? */
static bool
has_failed(const cJSON *result)
{
    const cJSON *row;

    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(result, "body"))
    {
        if (cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(row, "success")))
            return true;
    }
    return cJSON_GetObjectItemCaseSensitive(result, "httpStatusCode")
               ->valuedouble >= 400;
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

        cJSON_AddItemToArray(results, result);
        cJSON_AddItemReferenceToObject(
            bodies, string_of(item, "referenceId"),
            cJSON_GetObjectItemCaseSensitive(result, "body"));
        if (all_or_none && has_failed(result)) {
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
