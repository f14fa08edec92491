/* generate: sample data that looks like a real account, on both sides, and new
 * activities as of now. The same seed gives the same data, but for the times,
 * which are counted back from now. */
#include "tests/sandbox/generate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAST 400 /* days that the sample data goes back */

/* Takes ownership of `records`. */
static bool
load(struct service *service, cJSON *records)
{
    cJSON *answer = service->load(service, records);
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(answer, "error");
    bool ok = error == NULL;

    if (!ok)
        fprintf(stderr, "sandbox: sample data for %s: %s\n", service->name,
                cJSON_GetStringValue(error));
    cJSON_Delete(answer);
    cJSON_Delete(records);
    return ok;
}

static void
make(cJSON *hs, int i, const struct gen_person *who, int64_t at, int64_t logged)
{
    static gen_maker *const kinds[GEN_N_KINDS] = {
        gen_call, gen_email,       gen_meeting,    gen_note, gen_task,
        gen_sent, gen_open,        gen_click,      gen_form, gen_sales_open,
        gen_view, gen_sales_click, gen_integration};
    struct gen_what what = {
        .n = i / GEN_N_KINDS, .who = who, .at = at, .logged = logged};

    kinds[i % GEN_N_KINDS](hs, &what);
}

void
generate(struct service *hubspot, struct service *salesforce)
{
    cJSON *hs = cJSON_CreateObject(), *sf = cJSON_CreateObject();
    int64_t now = sandbox_now_ms();
    struct gen_people people;

    gen_seed(sandbox_options.seed);
    gen_owners(hs, sf);
    gen_forms(hs);
    gen_people(hs, sf, sandbox_options.contacts, now, &people);
    for (int i = 0; i < sandbox_options.activities && people.n > 0; i++) {
        int64_t at = now - (int64_t)gen_random(PAST * GEN_DAY_MS) - 60000;

        make(hs, i, &people.v[gen_random(people.n)], at, at + 1500);
    }
    gen_salesforce(sf, &people, sandbox_options.activities / 5, now);
    free(people.v);
    load(salesforce, sf);
    load(hubspot, hs);
}

/* ---- as of now ---- */

static const char *
text(const cJSON *json, const char *name)
{
    const char *s =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));

    return s != NULL ? s : "";
}

static bool
read_person(const cJSON *contact, struct gen_person *p)
{
    const cJSON *props =
        cJSON_GetObjectItemCaseSensitive(contact, "properties");
    const cJSON *companies = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(contact, "associations"), "companies");
    const char *company =
        cJSON_GetStringValue(cJSON_GetArrayItem(companies, 0));

    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(contact, "archived")))
        return false;
    memset(p, 0, sizeof(*p));
    snprintf(p->id, sizeof(p->id), "%s", text(contact, "id"));
    snprintf(p->email, sizeof(p->email), "%s", text(props, "email"));
    snprintf(p->sf_id, sizeof(p->sf_id), "%s%s",
             text(props, "salesforcecontactid"),
             text(props, "salesforcecontactid")[0] == '\0'
                 ? text(props, "salesforceleadid")
                 : "");
    snprintf(p->company, sizeof(p->company), "%s",
             company != NULL ? company : "");
    return true;
}

/* The contacts that the service has, those that are tied first: *n_tied. */
static void
read_people(struct service *hubspot, struct gen_people *people, size_t *n_tied)
{
    cJSON *doc = hubspot->dump(hubspot, "contacts"), *contact;
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(doc, "contacts");
    struct gen_person p;

    people->n = *n_tied = 0;
    people->v = calloc((size_t)cJSON_GetArraySize(list) + 1, sizeof(p));
    if (people->v == NULL)
        abort();
    cJSON_ArrayForEach(contact, list)
    {
        if (!read_person(contact, &p))
            continue;
        people->v[people->n++] = p;
        if (p.sf_id[0] != '\0') {
            people->v[people->n - 1] = people->v[*n_tied];
            people->v[(*n_tied)++] = p;
        }
    }
    cJSON_Delete(doc);
}

/* Without them no form can have been filled in. */
static void
want_forms(struct service *hubspot, cJSON *hs)
{
    cJSON *doc = hubspot->dump(hubspot, "forms"), *form;
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(doc, "forms");
    cJSON *made = cJSON_CreateObject();
    bool is_there = false;

    gen_forms(made);
    cJSON_ArrayForEach(form, list) is_there |=
        strcmp(text(form, "id"),
               text(cJSON_GetArrayItem(
                        cJSON_GetObjectItemCaseSensitive(made, "forms"), 0),
                    "id")) == 0;
    while (!is_there && made->child != NULL) {
        cJSON *item = cJSON_DetachItemViaPointer(made, made->child);

        cJSON_AddItemToObject(hs, item->string, item);
    }
    cJSON_Delete(made);
    cJSON_Delete(doc);
}

/* Two of each kind on people whom Salesforce knows; after that every sixth is
 * somebody's whom it does not know, every sixth has happened two days ago. */
int
simulate(struct service *hubspot, int n)
{
    cJSON *hs = cJSON_CreateObject();
    int64_t now = sandbox_now_ms();
    struct gen_people people;
    size_t n_tied;

    read_people(hubspot, &people, &n_tied);
    if (people.n == 0)
        n = 0;
    if (n > 0)
        want_forms(hubspot, hs);
    for (int i = 0; i < n; i++) {
        bool may_drop = i >= 2 * GEN_N_KINDS;
        bool is_tied = n_tied > 0 && !(may_drop && i % 6 == 2);
        size_t from = is_tied || n_tied == people.n ? 0 : n_tied;
        size_t to = is_tied ? n_tied : people.n;
        int64_t at = now - 5 + 5 * (int64_t)i / n;

        make(hs, i, &people.v[from + gen_random(to - from)],
             may_drop && i % 6 == 3 ? at - 2 * GEN_DAY_MS : at, at);
    }
    free(people.v);
    return load(hubspot, hs) ? n : -1;
}
