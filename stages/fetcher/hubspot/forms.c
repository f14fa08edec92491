/* forms: see forms.h. */
#include "stages/fetcher/hubspot/forms.h"

#include "common/json.h"
#include "common/log.h"
#include "common/paging.h"
#include "stages/fetcher/hubspot/moments.h"
#include "stages/fetcher/hubspot/query.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORM_ID_MAX 64   /* a GUID has 36 */
#define LIST_MAX    1000 /* pages of the list: no list is longer */

/* The dated path of forms is a beta: an account may not have it. */
static int
read_list_page(const struct feed_env *env, const char *after, cJSON **out,
               struct error *err)
{
    static bool is_old; /* the dated path is not there */
    struct text tail;
    int r = -1;

    text_init(&tail);
    query_put(&tail, "limit", "100");
    query_put(&tail, "formTypes", "all");
    if (after[0] != '\0')
        query_put(&tail, "after", after);
    if (!is_old)
        r = hubspot_read(env->hubspot, HUBSPOT_FORMS, query_text(&tail), NULL,
                         out, err);
    if (is_old || (r < 0 && err->code == EX_DATAERR)) {
        struct text old;

        text_init(&old);
        text_puts(&old, "/marketing/v3/forms");
        text_puts(&old, query_text(&tail));
        r = hubspot_read(env->hubspot, HUBSPOT_ROOT, query_text(&old), NULL,
                         out, err);
        is_old = r == 0;
        text_fini(&old);
    }
    text_fini(&tail);
    return r;
}

static void
take_form(cJSON *forms, const cJSON *form)
{
    static const char *const names[] = {"name", "formType"};
    const char *type = json_str(form, "formType");
    char id[FORM_ID_MAX];
    cJSON *kept;

    if (!json_id(form, "id", id, sizeof(id))) {
        moment_skip("hubspot.forms", "", "a form without an id");
        return;
    }
    /* The API has no submissions of these (FORM_TYPE_NOT_ALLOWED). */
    if (type != NULL && strcmp(type, "blog_comment") == 0)
        return;
    /* A list that changes while it is read may give a form twice. Where a
     * walk through the forms stands is kept as an id: at its second place it
     * would go on behind the first, and so for ever. */
    if (forms_find(forms, id) < cJSON_GetArraySize(forms))
        return;
    kept = cJSON_CreateObject();
    cJSON_AddStringToObject(kept, "id", id);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = json_str(form, names[i]);

        if (value != NULL)
            cJSON_AddStringToObject(kept, names[i], value);
    }
    cJSON_AddItemToArray(forms, kept);
}

int
forms_list(const struct feed_env *env, cJSON **out, struct error *err)
{
    char after[256] = "";
    struct paging paging = {0};
    cJSON *forms = cJSON_CreateArray();

    for (int i = 0; i < LIST_MAX; i++) {
        cJSON *answer = NULL;
        const cJSON *form, *next;

        if (read_list_page(env, after, &answer, err) < 0) {
            cJSON_Delete(forms);
            return error_wrap(err, "list of forms");
        }
        cJSON_ArrayForEach(form,
                           cJSON_GetObjectItemCaseSensitive(answer, "results"))
            take_form(forms, form);
        next = json_at(answer, "paging.next");
        json_id(next, "after", after, sizeof(after));
        cJSON_Delete(answer);
        if (after[0] == '\0' || !paging_goes_on(&paging, after))
            break;
    }
    *out = forms;
    return 0;
}

int
forms_find(const cJSON *forms, const char *id)
{
    const cJSON *form;
    int i = 0;

    cJSON_ArrayForEach(form, forms)
    {
        if (id != NULL && strcmp(json_str(form, "id"), id) == 0)
            break;
        i++;
    }
    return i;
}

int
forms_read(const struct feed_env *env, const char *form_id, const char *after,
           cJSON **out, const char **next, struct error *err)
{
    struct text tail;
    int r;

    *next = NULL;
    text_init(&tail);
    text_puts(&tail, "/form-integrations/v1/submissions/forms/");
    query_encode(&tail, form_id);
    query_put(&tail, "limit", "50");
    if (after != NULL && after[0] != '\0')
        query_put(&tail, "after", after);
    r = hubspot_read(env->hubspot, HUBSPOT_ROOT, query_text(&tail), NULL, out,
                     err);
    text_fini(&tail);
    if (r < 0 && err->code == EX_DATAERR) {
        log_write(LOG_DEBUG, "a form's submissions cannot be read", "id",
                  form_id, "reason", err->text, NULL);
        return 1;
    }
    if (r < 0)
        return error_wrap(err, "submissions of form %s", form_id);
    *next = json_str(json_at(*out, "paging.next"), "after");
    if (*next != NULL &&
        (**next == '\0' || (after != NULL && strcmp(*next, after) == 0)))
        *next = NULL;
    return 0;
}

int64_t
forms_submitted_at(const cJSON *submission)
{
    int64_t at;

    return json_time(submission, "submittedAt", &at) && at > 0 ? at : 0;
}

const char *
forms_address(const cJSON *submission)
{
    const cJSON *value;

    cJSON_ArrayForEach(value,
                       cJSON_GetObjectItemCaseSensitive(submission, "values"))
    {
        const char *name = json_str(value, "name");

        if (name != NULL && strcmp(name, "email") == 0 &&
            json_str(value, "value") != NULL)
            return json_str(value, "value");
    }
    return NULL;
}

/* Old submissions may have no id: one that is the same at each reading. */
static void
id_of(const cJSON *submission, char *buf, size_t size)
{
    char *values;
    uint64_t hash = UINT64_C(14695981039346656037);

    if (json_id(submission, "conversionId", buf, size))
        return;
    values = cJSON_PrintUnformatted(
        cJSON_GetObjectItemCaseSensitive(submission, "values"));
    for (const char *p = values; p != NULL && *p != '\0'; p++)
        hash = (hash ^ (unsigned char)*p) * UINT64_C(1099511628211);
    free(values);
    snprintf(buf, size, "%" PRId64 "-%016" PRIx64,
             forms_submitted_at(submission), hash);
}

int
forms_emit(const struct feed_env *env, const char *feed, const cJSON *form,
           cJSON *submission, const struct store_contact *contact,
           struct error *err)
{
    struct store_contact found;
    struct moment m;
    char id[MOMENT_ID_MAX];
    int r;

    if (!cJSON_IsObject(submission)) {
        moment_skip(feed, json_str(form, "id"), "a submission is no object");
        return 0;
    }
    id_of(submission, id, sizeof(id));
    if (!moment_name(&m, forms_submitted_at(submission),
                     "form_submission:%s:%s", json_str(form, "id"), id)) {
        moment_skip(feed, id, "a submission without a time");
        return 0;
    }
    if (feed_has_ended(env, m.id, FEED_CHANGED))
        return 0;
    if (contact == NULL) {
        r = moment_contact(env, forms_address(submission), &found, err);
        if (r < 0)
            return -1;
        contact = r > 0 ? &found : NULL;
    }
    cJSON_DeleteItemFromObjectCaseSensitive(submission, "form");
    cJSON_AddItemToObject(submission, "form", cJSON_Duplicate(form, true));
    return moment_emit(env, &m, contact, submission, err);
}
