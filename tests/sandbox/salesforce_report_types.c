/* salesforce_report_types: the report types of activities with their columns,
 * and what an activity shows in them (salesforce-api.md, 8). */
#include "tests/sandbox/salesforce_reports.h"

#include <stdio.h>
#include <string.h>

#define CUSTOM_COLUMN "Activity."

/* A column, and where its value stands: a field, or the name of what a
 * reference leads to. */
struct column {
    const char *token, *label, *type, *field;
};

static const struct column columns[] = {
    {"SUBJECT", "Subject", "string", "Subject"},
    {"DUE_DATE", "Date", "date", "ActivityDate"},
    {"ASSIGNED", "Assigned", "string", "OwnerId"},
    {"PRIORITY", "Priority", "picklist", "Priority"},
    {"STATUS", "Status", "picklist", "Status"},
    {"ACCOUNT", "Company / Account", "string", "AccountId"},
    {"TASK_TYPE", "Type", "picklist", "Type"},
    {"CREATED_DATE", "Created Date", "datetime", "CreatedDate"},
    {"CREATED_BY", "Created By", "string", "CreatedById"},
};

static const struct sf_report_type types[] = {
    {"ContactActivity", "Activities with Contacts", "Contact", "CONTACT"},
    {"LeadActivity", "Activities with Leads", "Lead", "LEAD"},
};

const struct sf_report_type *
sf_report_type_find(const char *type)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (type != NULL && strcmp(types[i].type, type) == 0)
            return &types[i];
    return NULL;
}

/* A field of Activity is there in both Task and Event. */
static const struct sf_field *
custom_field(const char *token)
{
    size_t n = strlen(CUSTOM_COLUMN), len = strlen(token);
    const char *name = token + n;

    if (strncmp(token, CUSTOM_COLUMN, n) != 0 || len < n + 3 ||
        strcmp(token + len - 3, "__c") != 0 ||
        sf_field_find(sf_object_find("Event"), name) == NULL)
        return NULL;
    return sf_field_find(sf_object_find("Task"), name);
}

/* The field behind a column; NULL: the type has no such column. */
static const char *
field_of(const struct sf_report_type *type, const char *token)
{
    const struct sf_field *f = custom_field(token);

    if (f != NULL)
        return f->name;
    if (strcmp(token, type->who_column) == 0)
        return "WhoId";
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
        if (strcmp(columns[i].token, token) == 0)
            return columns[i].field;
    return NULL;
}

bool
sf_report_has_column(const struct sf_report_type *type, const char *token)
{
    return field_of(type, token) != NULL;
}

const char *
sf_report_cell(struct salesforce *sf, const struct sf_report_type *type,
               const struct sf_record *activity, const char *token)
{
    const char *name = field_of(type, token);
    const char *text = name != NULL ? sf_text(activity, name) : NULL;
    const struct sf_field *f =
        name != NULL ? sf_field_find(activity->object, name) : NULL;
    const struct sf_record *to;

    if (text == NULL || f == NULL)
        return "";
    if (f->type != SF_REF)
        return text;
    to = sf_find(sf, text);
    text = to != NULL ? sf_text(to, "Name") : NULL;
    return text != NULL ? text : "";
}

/* ---- the catalogue ---- */

static void
add_column(cJSON *to, const char *token, const char *label, const char *type)
{
    cJSON *column = cJSON_AddObjectToObject(to, token);

    cJSON_AddStringToObject(column, "label", label);
    cJSON_AddStringToObject(column, "dataType", type);
    cJSON_AddBoolToObject(column, "filterable", true);
    cJSON_AddArrayToObject(column, "filterValues");
}

static void
add_columns(cJSON *to, const struct sf_report_type *type)
{
    const struct sf_object *task = sf_object_find("Task");
    cJSON *category = cJSON_CreateObject(), *all;
    char token[80];

    cJSON_AddStringToObject(category, "label", "Activity");
    all = cJSON_AddObjectToObject(category, "columns");
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
        add_column(all, columns[i].token, columns[i].label, columns[i].type);
    add_column(all, type->who_column, type->who, "string");
    for (size_t i = 0; i < task->n_fields; i++) {
        snprintf(token, sizeof(token), CUSTOM_COLUMN "%s",
                 task->fields[i].name);
        if (custom_field(token) != NULL)
            add_column(all, token, task->fields[i].label, "string");
    }
    cJSON_AddItemToArray(to, category);
}

/* "a;b" as [{label, KEY}] */
static void
add_values(cJSON *to, const char *list, const char *key, const char *values)
{
    cJSON *array = cJSON_AddArrayToObject(to, list);

    for (const char *at = values; *at != '\0';) {
        size_t n = strcspn(at, ";");
        cJSON *item = cJSON_CreateObject();
        char value[32];

        snprintf(value, sizeof(value), "%.*s", (int)n, at);
        cJSON_AddStringToObject(item, "label", value);
        cJSON_AddStringToObject(item, key, value);
        cJSON_AddItemToArray(array, item);
        at += n + (at[n] == ';');
    }
}

static void
add_standard(cJSON *to, const char *name, const char *values)
{
    cJSON *info = cJSON_AddObjectToObject(to, name);

    cJSON_AddStringToObject(info, "label", name);
    cJSON_AddStringToObject(info, "type", "PICKLIST");
    add_values(info, "filterValues", "name", values);
}

cJSON *
sf_report_catalogue(const struct sf_report_type *type)
{
    cJSON *doc = cJSON_CreateObject(), *item;

    add_columns(cJSON_AddArrayToObject(doc, "categories"), type);
    item = cJSON_AddObjectToObject(doc, "standardFilterInfos");
    add_standard(item, "closed", "open;closed;all");
    add_standard(item, "type", "t;e;te");
    item = cJSON_CreateObject();
    add_values(item, "standardDateFilterDurations", "value",
               "CUSTOM;THIS_FISCAL_QUARTER;LAST_N_DAYS:90");
    cJSON_AddItemToArray(
        cJSON_AddArrayToObject(doc, "standardDateFilterDurationGroups"), item);
    item = cJSON_AddObjectToObject(doc, "scopeInfo");
    cJSON_AddStringToObject(item, "defaultValue", "user");
    add_values(item, "values", "value", "user;organization");
    item = cJSON_AddObjectToObject(doc, "dataTypeFilterOperatorMap");
    add_values(item, "string", "name", "equals;notEqual;contains");
    return doc;
}

void
sf_report_types(struct sf_call *call)
{
    const struct sf_report_type *type = sf_report_type_find(call->parts[2]);
    cJSON *doc, *list, *item;

    if (!sf_is_method(call, "GET")) {
        sf_answer_method(call, "GET,HEAD");
    } else if (call->n > 3 || (call->n == 3 && type == NULL)) {
        sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
    } else if (call->n == 3) {
        doc = cJSON_CreateObject();
        cJSON_AddItemToObject(doc, "reportTypeMetadata",
                              sf_report_catalogue(type));
        response_json(call->res, 200, doc);
    } else {
        doc = cJSON_CreateArray();
        item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "label", "Activities");
        list = cJSON_AddArrayToObject(item, "reportTypes");
        cJSON_AddItemToArray(doc, item);
        for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
            char url[128];

            item = cJSON_CreateObject();
            snprintf(url, sizeof(url),
                     "/services/data/%s/analytics/reportTypes/%s",
                     call->version, types[i].type);
            cJSON_AddStringToObject(item, "describeUrl", url);
            cJSON_AddStringToObject(item, "label", types[i].label);
            cJSON_AddStringToObject(item, "type", types[i].type);
            cJSON_AddItemToArray(list, item);
        }
        response_json(call->res, 200, doc);
    }
}
