/* hubspot_forms: forms and their submissions (hubspot-api.md, 5). */
#include "tests/sandbox/hubspot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cJSON *
get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static const char *
form_type(const cJSON *form)
{
    const char *type = cJSON_GetStringValue(get(form, "formType"));

    return type ? type : "hubspot";
}

/* types NULL: only those of type hubspot. */
static bool
is_wanted(const cJSON *form, const cJSON *types)
{
    const cJSON *one;

    if (types == NULL)
        return strcmp(form_type(form), "hubspot") == 0;
    cJSON_ArrayForEach(one, types)
    {
        if (strcmp(one->valuestring, "all") == 0 ||
            strcmp(one->valuestring, form_type(form)) == 0)
            return true;
    }
    return false;
}

static void
list_forms(struct hs_call *call)
{
    const char *after = request_query(call->req, "after");
    const char *archived = request_query(call->req, "archived");
    bool is_archived = archived != NULL && strcmp(archived, "true") == 0;
    long limit, at = 0, from = after ? strtol(after, NULL, 10) : 0;
    cJSON *types, *answer, *results;
    const cJSON *form;
    char next[24];

    if (!hs_query_limit(call, 20, 1000, &limit))
        return;
    types = hs_query_list(call, "formTypes");
    answer = cJSON_CreateObject();
    results = cJSON_AddArrayToObject(answer, "results");
    cJSON_ArrayForEach(form, call->hs->forms)
    {
        if (cJSON_IsTrue(get(form, "archived")) != is_archived ||
            !is_wanted(form, types) || at++ < from)
            continue;
        if (limit-- == 0) {
            snprintf(next, sizeof(next), "%ld", at - 1);
            hs_add_paging(call, answer, next, true);
            break;
        }
        cJSON_AddItemToArray(results, cJSON_Duplicate(form, true));
    }
    cJSON_Delete(types);
    response_json(call->res, 200, answer);
}

static const cJSON *
find_form(const struct hubspot *hs, const char *id)
{
    const cJSON *form;

    cJSON_ArrayForEach(form, hs->forms)
    {
        const char *have = cJSON_GetStringValue(get(form, "id"));

        if (have != NULL && strcmp(have, id) == 0)
            return form;
    }
    return NULL;
}

void
hs_forms(struct hs_call *call)
{
    const cJSON *form;

    hs_pattern(call, "%s", call->n > 0 ? "/{id}" : "");
    if (!hs_is(call, "GET")) {
        hs_method_not_allowed(call);
    } else if (call->n == 0) {
        list_forms(call);
    } else {
        form = call->n == 1 ? find_form(call->hs, call->parts[0]) : NULL;
        if (form == NULL)
            hs_not_found(call);
        else
            response_json(call->res, 200, cJSON_Duplicate(form, true));
    }
}

/* What the form's feed holds, without the formId that load has. */
static cJSON *
shown(const cJSON *page)
{
    static const char *const keys[] = {"conversionId", "submittedAt", "values",
                                       "pageUrl", "pageName"};
    cJSON *out = cJSON_CreateArray();
    const cJSON *item;

    cJSON_ArrayForEach(item, page)
    {
        cJSON *one = cJSON_CreateObject();

        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
            if (get(item, keys[i]) != NULL)
                cJSON_AddItemToObject(
                    one, keys[i], cJSON_Duplicate(get(item, keys[i]), true));
        cJSON_AddItemToArray(out, one);
    }
    return out;
}

void
hs_submissions(struct hs_call *call)
{
    const cJSON *form =
        call->n == 1 ? find_form(call->hs, call->parts[0]) : NULL;
    struct hs_page page = {
        .from = INT64_MIN, .to = INT64_MAX, .newest_first = true};
    cJSON *items, *answer;
    long limit;

    hs_pattern(call, "/{id}");
    if (form == NULL || !hs_is(call, "GET")) {
        hs_not_found(call);
        return;
    }
    if (strcmp(form_type(form), "blog_comment") == 0) {
        hs_answer_error(call, 400, "FORM_TYPE_NOT_ALLOWED",
                        "Form type not allowed: blog_comment "
                        "(FORM_TYPE_NOT_ALLOWED)");
        return;
    }
    if (!hs_query_limit(call, 20, 50, &limit))
        return;
    page.limit = (size_t)limit;
    page.after = request_query(call->req, "after");
    items = hs_feed_page(&call->hs->submissions, call->parts[0], &page);
    if (items == NULL) {
        hs_answer_error(call, 400, "VALIDATION_ERROR",
                        "after makes no sense: %.80s", page.after);
        return;
    }
    answer = cJSON_CreateObject();
    cJSON_AddItemToObject(answer, "results", shown(items));
    cJSON_Delete(items);
    if (page.next[0] != '\0')
        hs_add_paging(call, answer, page.next, true);
    response_json(call->res, 200, answer);
}

bool
hs_load_submission(struct hubspot *hs, const cJSON *in, char *why)
{
    const char *form = cJSON_GetStringValue(get(in, "formId"));
    const char *given = cJSON_GetStringValue(get(in, "conversionId"));
    char *at = hs_text_of(NULL, get(in, "submittedAt"));
    char uuid[37], key[128];
    int64_t ms = sandbox_now_ms();
    cJSON *json;
    bool is_good = form != NULL && find_form(hs, form) != NULL &&
                   (at == NULL || timetext_parse(at, strlen(at), &ms) == 0);

    free(at);
    if (!is_good) {
        snprintf(why, HS_WHY_SIZE,
                 "a form submission's form %.60s is not there, or its time "
                 "cannot be read",
                 form ? form : "(none)");
        return false;
    }
    hs_uuid(hs, uuid);
    json = cJSON_Duplicate(in, true);
    if (given == NULL)
        cJSON_AddStringToObject(json, "conversionId", uuid);
    cJSON_DeleteItemFromObjectCaseSensitive(json, "submittedAt");
    cJSON_AddItemToObject(json, "submittedAt", cJSON_CreateNumber((double)ms));
    if (get(json, "values") == NULL)
        cJSON_AddArrayToObject(json, "values");
    snprintf(key, sizeof(key), "%s/%s", form, given ? given : uuid);
    hs_feed_put(&hs->submissions, ms, key, "submission", form, json);
    return true;
}
