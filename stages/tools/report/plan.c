/* plan: see plan.h. */
#include "stages/tools/report/plan.h"

#include "common/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TOKENS_MAX 3

const struct plan_kind plan_kinds[PLAN_REPORTS] = {
    {"ContactActivity", "Activities with Contacts",
     "crmpipe_Activities_with_Contacts"},
    {"LeadActivity", "Activities with Leads", "crmpipe_Activities_with_Leads"},
};

/* A column, and what a report type may call it. */
struct column {
    const char *type; /* of this report type alone; NULL: of both */
    const char *words;
    const char *tokens[TOKENS_MAX]; /* the first one that is there is taken */
};

static const struct column columns[] = {
    {NULL, "date", {"DUE_DATE"}},
    {NULL, "subject", {"SUBJECT"}},
    {NULL, "assigned", {"ASSIGNED"}},
    {"ContactActivity", "contact", {"CONTACT", "CONTACT_NAME"}},
    {"LeadActivity", "lead", {"LEAD", "LEAD_NAME"}},
    {NULL, "type", {"TASK_TYPE"}},
    {NULL, "status", {"STATUS"}},
    {NULL, "created date", {"CREATED_DATE"}},
};

/* What a report shows of all activities, where its type lets one choose. */
static const struct standard {
    const char *words, *name, *value;
} standards[] = {
    {"open and closed activities", "closed", "all"},
    {"tasks and events", "type", "te"},
};

const char *
plan_action_name(enum plan_action action)
{
    static const char *const names[] = {
        [PLAN_CREATE] = "create",
        [PLAN_UPDATE] = "update",
        [PLAN_KEEP] = "keep",
        [PLAN_CANNOT] = "none",
    };

    return names[action];
}

void
plan_init(struct plan *plan)
{
    memset(plan, 0, sizeof(*plan));
    for (int i = 0; i < PLAN_REPORTS; i++) {
        plan->reports[i].kind = &plan_kinds[i];
        plan->reports[i].missing = cJSON_CreateArray();
    }
}

void
plan_fini(struct plan *plan)
{
    for (int i = 0; i < PLAN_REPORTS; i++) {
        cJSON_Delete(plan->reports[i].want);
        cJSON_Delete(plan->reports[i].missing);
        cJSON_Delete(plan->reports[i].change);
    }
}

bool
plan_is_due(const struct plan *plan)
{
    for (int i = 0; i < PLAN_REPORTS; i++)
        if (plan->reports[i].action == PLAN_CREATE ||
            plan->reports[i].action == PLAN_UPDATE)
            return true;
    return false;
}

/* ---- what the catalogue has ---- */

static bool
has_column(const cJSON *catalogue, const char *token)
{
    const cJSON *category;

    cJSON_ArrayForEach(category,
                       json_at(catalogue, "reportTypeMetadata.categories"))
    {
        const cJSON *all =
            cJSON_GetObjectItemCaseSensitive(category, "columns");

        if (cJSON_GetObjectItemCaseSensitive(all, token) != NULL)
            return true;
    }
    return false;
}

static bool
has_standard(const cJSON *catalogue, const struct standard *s)
{
    const cJSON *infos =
        json_at(catalogue, "reportTypeMetadata.standardFilterInfos");
    const cJSON *values = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(infos, s->name), "filterValues");

    return json_find(values, "name", s->value) != NULL ||
           json_find(values, "value", s->value) != NULL;
}

static bool
has_duration(const cJSON *catalogue, const char *value)
{
    const cJSON *group;

    cJSON_ArrayForEach(
        group, json_at(catalogue,
                       "reportTypeMetadata.standardDateFilterDurationGroups"))
    {
        if (json_find(cJSON_GetObjectItemCaseSensitive(
                          group, "standardDateFilterDurations"),
                      "value", value) != NULL)
            return true;
    }
    return false;
}

/* ---- what a report is to be ---- */

static void
miss(struct plan_report *report, const char *words)
{
    cJSON_AddItemToArray(report->missing, cJSON_CreateString(words));
}

static void
add_columns(struct plan_report *report, const char *own, const cJSON *catalogue)
{
    cJSON *list = cJSON_AddArrayToObject(report->want, "detailColumns");

    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        const struct column *c = &columns[i];
        int k = 0;

        if (c->type != NULL && strcmp(c->type, report->kind->type) != 0)
            continue;
        while (k < TOKENS_MAX && c->tokens[k] != NULL &&
               !has_column(catalogue, c->tokens[k]))
            k++;
        if (k < TOKENS_MAX && c->tokens[k] != NULL)
            cJSON_AddItemToArray(list, cJSON_CreateString(c->tokens[k]));
        else
            miss(report, c->words);
    }
    cJSON_AddItemToArray(list, cJSON_CreateString(own));
}

static void
add_filter(cJSON *want, const char *own)
{
    cJSON *filter = cJSON_CreateObject();

    cJSON_AddStringToObject(filter, "column", own);
    cJSON_AddStringToObject(filter, "operator", "notEqual");
    cJSON_AddStringToObject(filter, "value", "");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(want, "reportFilters"), filter);
}

static void
add_standards(struct plan_report *report, const cJSON *catalogue)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < sizeof(standards) / sizeof(standards[0]); i++) {
        cJSON *item;

        if (!has_standard(catalogue, &standards[i])) {
            miss(report, standards[i].words);
            continue;
        }
        item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "name", standards[i].name);
        cJSON_AddStringToObject(item, "value", standards[i].value);
        cJSON_AddItemToArray(list, item);
    }
    if (list->child != NULL)
        cJSON_AddItemToObject(report->want, "standardFilters", list);
    else
        cJSON_Delete(list);
}

/* All time, all owners; without a word a new report may show those of this
 * month, and the user's own. */
static void
add_bounds(struct plan_report *report, const cJSON *catalogue)
{
    const cJSON *scopes =
        json_at(catalogue, "reportTypeMetadata.scopeInfo.values");
    const char *date =
        has_column(catalogue, "DUE_DATE") ? "DUE_DATE" : "CREATED_DATE";
    cJSON *item;

    if (has_column(catalogue, date) && has_duration(catalogue, "CUSTOM")) {
        item = cJSON_AddObjectToObject(report->want, "standardDateFilter");
        cJSON_AddStringToObject(item, "column", date);
        cJSON_AddStringToObject(item, "durationValue", "CUSTOM");
        cJSON_AddNullToObject(item, "startDate");
        cJSON_AddNullToObject(item, "endDate");
    } else {
        miss(report, "activities of all time");
    }
    if (json_find(scopes, "value", "organization") != NULL)
        cJSON_AddStringToObject(report->want, "scope", "organization");
    else
        miss(report, "activities of all users");
    if (!has_column(catalogue, date))
        return;
    item = cJSON_CreateObject();
    cJSON_AddStringToObject(item, "sortColumn", date);
    cJSON_AddStringToObject(item, "sortOrder", "Desc");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(report->want, "sortBy"), item);
}

int
plan_want(struct plan_report *report, const char *field, const cJSON *catalogue,
          struct error *err)
{
    char own[128];

    snprintf(own, sizeof(own), "Activity.%.100s", field);
    if (!has_column(catalogue, own))
        return error_set(
            err, EX_CONFIG,
            "the report type %s has no column %s: there is no field %s on "
            "Activity, or field-level security hides it from the user that "
            "crmpipe signs in as; ./run.sh setup makes the field visible, or "
            "tick it in Setup > Object Manager > Activity > Fields > %s > Set "
            "Field-Level Security",
            report->kind->type, own, field, field);
    report->want = cJSON_CreateObject();
    cJSON_AddStringToObject(report->want, "name", report->kind->name);
    cJSON_AddStringToObject(report->want, "developerName",
                            report->kind->developer_name);
    cJSON_AddStringToObject(cJSON_AddObjectToObject(report->want, "reportType"),
                            "type", report->kind->type);
    cJSON_AddStringToObject(report->want, "reportFormat", "TABULAR");
    add_columns(report, own, catalogue);
    add_filter(report->want, own);
    add_standards(report, catalogue);
    add_bounds(report, catalogue);
    return 0;
}

/* ---- what is there ---- */

/* Absent, null and "" are one. */
static bool
is_nothing(const cJSON *value)
{
    return value == NULL || cJSON_IsNull(value) ||
           (cJSON_IsString(value) && value->valuestring[0] == '\0');
}

/* Does `have` say what `want` does? What only `have` has in an object is the
 * service's own; lists have to be equal. */
static bool
says(const cJSON *want, const cJSON *have)
{
    const cJSON *item, *other;

    if (is_nothing(want))
        return is_nothing(have);
    if (cJSON_IsString(want))
        return cJSON_IsString(have) &&
               strcmp(want->valuestring, have->valuestring) == 0;
    if (cJSON_IsArray(want)) {
        if (cJSON_GetArraySize(want) != cJSON_GetArraySize(have))
            return false;
        other = have->child;
        cJSON_ArrayForEach(item, want)
        {
            if (!says(item, other))
                return false;
            other = other->next;
        }
        return true;
    }
    cJSON_ArrayForEach(item, want)
    {
        if (!says(item, cJSON_GetObjectItemCaseSensitive(have, item->string)))
            return false;
    }
    return true;
}

/* Of the standard filters only ours count: a report type may have more. */
static bool
says_standards(const cJSON *want, const cJSON *have)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, want)
    {
        if (!says(item, json_find(have, "name", json_str(item, "name"))))
            return false;
    }
    return true;
}

cJSON *
plan_difference(const cJSON *want, const cJSON *have)
{
    static const char *const keys[] = {"detailColumns", "reportFilters",
                                       "standardFilters", "standardDateFilter",
                                       "scope"};
    cJSON *out = cJSON_CreateObject();

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const cJSON *w = cJSON_GetObjectItemCaseSensitive(want, keys[i]);
        const cJSON *h = cJSON_GetObjectItemCaseSensitive(have, keys[i]);
        bool is_standards = strcmp(keys[i], "standardFilters") == 0;

        if (w != NULL && !(is_standards ? says_standards(w, h) : says(w, h)))
            cJSON_AddItemToObject(out, keys[i], cJSON_Duplicate(w, true));
    }
    /* It names filters by their place, which are to be one. */
    if (!is_nothing(
            cJSON_GetObjectItemCaseSensitive(have, "reportBooleanFilter")))
        cJSON_AddNullToObject(out, "reportBooleanFilter");
    if (out->child != NULL)
        return out;
    cJSON_Delete(out);
    return NULL;
}

bool
plan_find_folder(const cJSON *answer, char id[SF_ID_SIZE])
{
    const cJSON *folder,
        *list = cJSON_IsArray(answer)
                    ? answer
                    : cJSON_GetObjectItemCaseSensitive(answer, "folders");

    cJSON_ArrayForEach(folder, list)
    {
        const char *name = json_str(folder, "name");
        const char *type = json_str(folder, "type");
        const char *own = json_str(folder, "id");

        /* "report", "Report" or "Reports": releases differ */
        if (name != NULL && type != NULL && own != NULL &&
            strcasecmp(name, PLAN_FOLDER) == 0 &&
            strncasecmp(type, "report", 6) == 0 && sf_id_normalise(own, id))
            return true;
    }
    return false;
}

bool
plan_is_ours(const struct plan_kind *kind, const char *folder,
             const cJSON *metadata)
{
    const char *type = json_str(
        cJSON_GetObjectItemCaseSensitive(metadata, "reportType"), "type");
    const char *in = json_str(metadata, "folderId");
    char id[SF_ID_SIZE];

    return type != NULL && in != NULL && strcmp(type, kind->type) == 0 &&
           sf_id_normalise(in, id) && strcmp(id, folder) == 0;
}
