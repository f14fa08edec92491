/* create: see create.h. */
#include "stages/tools/report/create.h"

#include "common/json.h"
#include "common/paging.h"
#include "common/step.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CANDIDATES_MAX 50 /* reports of one name, in all folders */
#define WHERE_TO_GIVE                                                          \
    "give it in Setup > Permission Sets > one of the user that crmpipe signs " \
    "in as > System Permissions"

/* ---- what is there ---- */

/* The service has refused to show `what`: say which permission that wants. */
static int
blame(const char *what, const char *right, struct error *err)
{
    char why[200];

    if (err->code != EX_NOPERM && err->code != EX_DATAERR)
        return -1;
    snprintf(why, sizeof(why), "%.190s", err->text);
    return error_set(err, EX_NOPERM,
                     "Salesforce does not show crmpipe %s: the permission %s "
                     "may be missing; " WHERE_TO_GIVE ": %s",
                     what, right, why);
}

/* The path of the next page, which the caller frees; NULL: this was the last.
 * false: it makes no sense. */
static bool
next_page(const cJSON *answer, struct paging *paging, char **path)
{
    const char *next = json_str(answer, "nextPageUrl");

    free(*path);
    *path = NULL;
    if (next == NULL)
        return true;
    if (strncmp(next, "/services/data/", 15) != 0 ||
        !paging_goes_on(paging, next))
        return false;
    *path = strdup(next);
    if (*path == NULL)
        abort();
    return true;
}

static int
look_for_folder(struct salesforce *sf, struct plan *plan, struct error *err)
{
    struct paging paging = {0};
    char *path = strdup("/folders");
    int rv = 0;

    while (path != NULL && rv == 0 && !plan->has_folder) {
        cJSON *answer;

        rv = salesforce_get(sf, path, &answer, err);
        if (rv < 0) {
            blame("the report folders", "Create Report Folders", err);
            break;
        }
        plan->has_folder = plan_find_folder(answer, plan->folder);
        if (!next_page(answer, &paging, &path))
            rv = error_set(err, EX_TEMPFAIL,
                           "Salesforce: a list of folders whose next page is "
                           "none; try again");
        cJSON_Delete(answer);
    }
    free(path);
    return rv;
}

struct candidates {
    char ids[CANDIDATES_MAX][SF_ID_SIZE];
    int n;
};

static int
take_candidate(void *ctx, const cJSON *record)
{
    struct candidates *c = ctx;

    if (sf_id_normalise(json_str(record, "Id"), c->ids[c->n]))
        c->n++;
    return c->n == CANDIDATES_MAX;
}

/* By its name, too: Salesforce may not keep the developer name that was asked
 * for. The oldest first: what a person has copied is not ours. Which folder it
 * lies in, its metadata say: SOQL has only a name that people may change. */
static int
look_for_candidates(struct salesforce *sf, const struct plan_kind *kind,
                    struct candidates *c, struct error *err)
{
    char soql[512];

    snprintf(soql, sizeof(soql),
             "SELECT Id FROM Report WHERE DeveloperName = '%s' OR Name = '%s' "
             "ORDER BY CreatedDate",
             kind->developer_name, kind->name);
    return salesforce_query(sf, soql, false, take_candidate, c, err);
}

static int
look_for_report(struct salesforce *sf, const struct plan *plan,
                struct plan_report *report, struct error *err)
{
    struct candidates c = {.n = 0};

    report->action = PLAN_CREATE;
    if (!plan->has_folder)
        return 0;
    if (look_for_candidates(sf, report->kind, &c, err) < 0)
        return blame("its reports", "Run Reports", err);
    for (int i = 0; i < c.n && report->action == PLAN_CREATE; i++) {
        const cJSON *have;
        char path[96];
        cJSON *answer;

        snprintf(path, sizeof(path), "/analytics/reports/%s/describe",
                 c.ids[i]);
        if (salesforce_get(sf, path, &answer, err) < 0)
            return blame("a report", "Run Reports", err);
        have = cJSON_GetObjectItemCaseSensitive(answer, "reportMetadata");
        if (plan_is_ours(report->kind, plan->folder, have)) {
            snprintf(report->id, sizeof(report->id), "%s", c.ids[i]);
            report->change = plan_difference(report->want, have);
            report->action = report->change != NULL ? PLAN_UPDATE : PLAN_KEEP;
        }
        cJSON_Delete(answer);
    }
    return 0;
}

/* 1: this report cannot be, which its problem says; the other may. */
static int
look_at_type(struct salesforce *sf, const char *field,
             struct plan_report *report, struct error *err)
{
    cJSON *catalogue;
    char path[96], why[200];
    int rv;

    snprintf(path, sizeof(path), "/analytics/reportTypes/%s",
             report->kind->type);
    if (salesforce_get(sf, path, &catalogue, err) == 0) {
        rv = plan_want(report, field, catalogue, &report->problem);
        cJSON_Delete(catalogue);
        return rv < 0;
    }
    if (err->code != EX_NOPERM && err->code != EX_DATAERR)
        return -1;
    snprintf(why, sizeof(why), "%.190s", err->text);
    error_set(
        &report->problem, EX_NOPERM,
        "the report type %s (%s) is hidden from crmpipe's user, who needs "
        "Run Reports, and to see these records (Setup > Permission "
        "Sets); a hidden type is shown again where a report is made (New "
        "Report > Select Report Types to Hide): %s",
        report->kind->type, report->kind->name, why);
    return 1;
}

int
create_look(struct salesforce *sf, const char *field, struct plan *plan,
            struct error *err)
{
    bool is_any = false;

    for (int i = 0; i < PLAN_REPORTS; i++) {
        struct plan_report *report = &plan->reports[i];
        int rv = look_at_type(sf, field, report, err);

        if (rv < 0)
            return -1;
        if (rv > 0)
            report->action = PLAN_CANNOT;
        is_any = is_any || rv == 0;
    }
    if (is_any && look_for_folder(sf, plan, err) < 0)
        return -1;
    for (int i = 0; i < PLAN_REPORTS; i++)
        if (plan->reports[i].action != PLAN_CANNOT &&
            look_for_report(sf, plan, &plan->reports[i], err) < 0)
            return -1;
    return 0;
}

/* ---- making it ---- */

static bool
is_not_allowed(const struct salesforce_answer *a)
{
    return a->status == 403 ||
           strcmp(a->code, "FUNCTIONALITY_NOT_ENABLED") == 0 ||
           strncmp(a->code, "INSUFFICIENT_ACCESS", 19) == 0;
}

/* What a call has come to that was to do `what`, for which one needs the
 * permission `right`. */
static int
judge(const struct salesforce_answer *a, const char *what, const char *right,
      struct error *err)
{
    switch (a->end) {
    case SALESFORCE_OK:
        return 0;
    case SALESFORCE_CONFIG:
        return error_set(err, EX_CONFIG, "Salesforce: %s: %.300s", a->code,
                         a->message);
    case SALESFORCE_REFUSED:
        if (is_not_allowed(a))
            return error_set(err, EX_NOPERM,
                             "Salesforce does not let crmpipe %s (%s): the "
                             "permission %s is missing; " WHERE_TO_GIVE,
                             what, a->code, right);
        return error_set(err, EX_DATAERR,
                         "Salesforce does not let crmpipe %s: %s: %.300s", what,
                         a->code, a->message);
    case SALESFORCE_RETRY:
    case SALESFORCE_PAUSE:
        break;
    }
    /* It may have been done. */
    return error_set(err, EX_TEMPFAIL,
                     "Salesforce was to %s: %s: %.200s; the same command looks "
                     "what came of it, and goes on",
                     what, a->code, a->message);
}

static int
take_id(const cJSON *object, char id[SF_ID_SIZE], struct error *err)
{
    if (sf_id_normalise(json_str(object, "id"), id))
        return 0;
    return error_set(err, EX_PROTOCOL,
                     "Salesforce has made something and gave it no id; the "
                     "same command looks what came of it, and goes on");
}

static int
make_folder(struct salesforce *sf, struct plan *plan, struct error *err)
{
    cJSON *body = cJSON_CreateObject();
    struct salesforce_answer answer;
    int rv;

    cJSON_AddStringToObject(body, "label", PLAN_FOLDER);
    cJSON_AddStringToObject(body, "name", PLAN_FOLDER);
    cJSON_AddStringToObject(body, "type", "report");
    salesforce_call(sf, "POST", "/folders", body, &answer);
    rv = judge(&answer, "make the report folder " PLAN_FOLDER,
               "Create Report Folders", err);
    if (rv == 0)
        rv = take_id(answer.json, plan->folder, err);
    salesforce_answer_fini(&answer);
    cJSON_Delete(body);
    step("after-folder");
    return rv;
}

static int
make_report(struct salesforce *sf, const struct plan *plan,
            struct plan_report *report, struct error *err)
{
    bool is_new = report->action == PLAN_CREATE;
    cJSON *body = cJSON_CreateObject();
    cJSON *metadata =
        cJSON_Duplicate(is_new ? report->want : report->change, true);
    struct salesforce_answer answer;
    char path[96], what[128];
    int rv;

    cJSON_AddItemToObject(body, "reportMetadata", metadata);
    if (is_new)
        cJSON_AddStringToObject(metadata, "folderId", plan->folder);
    snprintf(path, sizeof(path), "/analytics/reports%s%s", is_new ? "" : "/",
             report->id);
    snprintf(what, sizeof(what), "%s the report %s", is_new ? "make" : "change",
             report->kind->name);
    salesforce_call(sf, is_new ? "POST" : "PATCH", path, body, &answer);
    rv = judge(&answer, what, "Create and Customize Reports", err);
    if (rv == 0 && is_new)
        rv = take_id(
            cJSON_GetObjectItemCaseSensitive(answer.json, "reportMetadata"),
            report->id, err);
    salesforce_answer_fini(&answer);
    cJSON_Delete(body);
    step("after-report");
    return rv;
}

int
create_make(struct salesforce *sf, struct plan *plan, struct error *err)
{
    if (plan_is_due(plan) && !plan->has_folder &&
        make_folder(sf, plan, err) < 0)
        return -1;
    for (int i = 0; i < PLAN_REPORTS; i++) {
        struct plan_report *report = &plan->reports[i];

        if ((report->action == PLAN_CREATE || report->action == PLAN_UPDATE) &&
            make_report(sf, plan, report, err) < 0)
            return -1;
    }
    return 0;
}
