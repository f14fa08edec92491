/* salesforce_describe: what objects and fields there are, and which records
 * changed or were deleted (salesforce-api.md, 6.3 and 7). */
#include "tests/sandbox/salesforce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS       (INT64_C(24) * 3600 * 1000)
#define UPDATED_DAYS 30
#define DELETED_DAYS 15

/* ---- describe ---- */

static const struct {
    const char *name, *soap;
} types[] = {[SF_STRING] = {"string", "xsd:string"},
             [SF_TEXTAREA] = {"textarea", "xsd:string"},
             [SF_COMBO] = {"combobox", "xsd:string"},
             [SF_EMAIL] = {"email", "xsd:string"},
             [SF_PHONE] = {"phone", "xsd:string"},
             [SF_URL] = {"url", "xsd:string"},
             [SF_PICKLIST] = {"picklist", "xsd:string"},
             [SF_RESTRICTED] = {"picklist", "xsd:string"},
             [SF_BOOL] = {"boolean", "xsd:boolean"},
             [SF_INT] = {"int", "xsd:int"},
             [SF_DOUBLE] = {"double", "xsd:double"},
             [SF_DATE] = {"date", "xsd:date"},
             [SF_DATETIME] = {"datetime", "xsd:dateTime"},
             [SF_ID] = {"id", "tns:ID"},
             [SF_REF] = {"reference", "tns:ID"}};

static bool
is_default(const struct sf_field *f, const char *value)
{
    static const char *const pairs[][2] = {
        {"Status", "Not Started"}, {"Priority", "Normal"},
        {"TaskSubtype", "Task"},   {"EventSubtype", "Event"},
        {"ShowAs", "Busy"},        {"Status", "Open - Not Contacted"}};

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        if (strcmp(f->name, pairs[i][0]) == 0 &&
            strcmp(value, pairs[i][1]) == 0)
            return true;
    return false;
}

static cJSON *
describe_value(const struct sf_field *f, const char *value)
{
    cJSON *v = cJSON_CreateObject();

    cJSON_AddBoolToObject(v, "active", true);
    cJSON_AddBoolToObject(v, "defaultValue", is_default(f, value));
    cJSON_AddStringToObject(
        v, "label", strcmp(value, "ListEmail") == 0 ? "List Email" : value);
    cJSON_AddNullToObject(v, "validFor");
    cJSON_AddStringToObject(v, "value", value);
    return v;
}

/* picklistValues and referenceTo, one of them empty. */
static void
describe_values(cJSON *d, const struct sf_field *f)
{
    cJSON *values = cJSON_AddArrayToObject(d, "picklistValues");
    cJSON *kinds = cJSON_AddArrayToObject(d, "referenceTo");

    for (const char *at = f->values; at != NULL && *at != '\0';) {
        size_t n = strcspn(at, ";");
        char text[64];

        snprintf(text, sizeof(text), "%.*s", (int)n, at);
        if (f->type == SF_REF)
            cJSON_AddItemToArray(kinds, cJSON_CreateString(text));
        else
            cJSON_AddItemToArray(values, describe_value(f, text));
        at += n + (at[n] == ';');
    }
}

static void
describe_relation(cJSON *d, const struct sf_field *f)
{
    bool is_poly = f->type == SF_REF && strchr(f->values, ';') != NULL;
    char name[64];

    snprintf(name, sizeof(name), "%.*s", (int)strlen(f->name) - 2, f->name);
    if (f->type == SF_REF)
        cJSON_AddStringToObject(d, "relationshipName", name);
    else
        cJSON_AddNullToObject(d, "relationshipName");
    cJSON_AddBoolToObject(d, "polymorphicForeignKey", is_poly);
    cJSON_AddBoolToObject(d, "namePointing", is_poly);
}

static cJSON *
describe_field(const struct sf_field *f)
{
    cJSON *d = cJSON_CreateObject();
    bool is_text = f->type != SF_TEXTAREA;
    bool is_open = is_text && strcmp(f->name, "Subject") != 0;
    bool is_filled = (f->flags & SF_FILLED) != 0;
    int flags = sf_field_flags(f);

    cJSON_AddStringToObject(d, "name", f->name);
    cJSON_AddStringToObject(d, "label", f->label);
    cJSON_AddStringToObject(d, "type", types[f->type].name);
    cJSON_AddStringToObject(d, "soapType", types[f->type].soap);
    cJSON_AddNumberToObject(d, "length", f->length);
    cJSON_AddNumberToObject(
        d, "byteLength",
        f->type == SF_ID || f->type == SF_REF ? f->length : 3 * f->length);
    cJSON_AddBoolToObject(d, "nillable",
                          (f->flags & (SF_FILLED | SF_REQUIRED)) == 0);
    cJSON_AddBoolToObject(d, "createable", (flags & SF_CREATE) != 0);
    cJSON_AddBoolToObject(d, "updateable", (flags & SF_UPDATE) != 0);
    cJSON_AddBoolToObject(d, "defaultedOnCreate", is_filled);
    cJSON_AddBoolToObject(d, "filterable", is_text);
    cJSON_AddBoolToObject(d, "sortable", is_text);
    cJSON_AddBoolToObject(d, "groupable", is_open && f->type != SF_DATETIME);
    cJSON_AddBoolToObject(d, "aggregatable", is_text);
    cJSON_AddBoolToObject(d, "externalId", (f->flags & SF_KEY) != 0);
    cJSON_AddBoolToObject(d, "idLookup", (f->flags & SF_LOOKUP) != 0);
    cJSON_AddBoolToObject(d, "unique", (f->flags & SF_KEY) != 0);
    cJSON_AddBoolToObject(d, "caseSensitive", false);
    cJSON_AddBoolToObject(d, "custom", strstr(f->name, "__c") != NULL);
    cJSON_AddBoolToObject(d, "restrictedPicklist", f->type == SF_RESTRICTED);
    cJSON_AddBoolToObject(d, "permissionable", sf_field_is_permissionable(f));
    cJSON_AddBoolToObject(d, "htmlFormatted", strcmp(f->name, "HtmlBody") == 0);
    cJSON_AddBoolToObject(d, "calculated", false);
    cJSON_AddBoolToObject(d, "nameField",
                          strcmp(f->name, "Name") == 0 ||
                              strcmp(f->name, "Subject") == 0);
    cJSON_AddNullToObject(d, "inlineHelpText");
    describe_relation(d, f);
    describe_values(d, f);
    return d;
}

static void
add_url(const struct sf_call *call, cJSON *urls, const char *name,
        const struct sf_object *object, const char *rest)
{
    char text[128];

    snprintf(text, sizeof(text), "/services/data/%s/sobjects/%s%s",
             call->version, object->name, rest);
    cJSON_AddStringToObject(urls, name, text);
}

/* What the list of objects and describe both say. */
static cJSON *
about(const struct sf_call *call, const struct sf_object *object)
{
    cJSON *doc = cJSON_CreateObject(), *urls;
    bool is_setup = strcmp(object->name, "Organization") == 0 ||
                    strcmp(object->name, "TaskStatus") == 0 ||
                    strcmp(object->name, "UserPermissionAccess") == 0;
    bool may = !is_setup && sf_object_is_editable(object);
    bool is_user = strcmp(object->name, "User") == 0;
    char plural[64];

    snprintf(plural, sizeof(plural), "%ss", object->name);
    cJSON_AddStringToObject(doc, "name", object->name);
    cJSON_AddStringToObject(doc, "label", object->name);
    cJSON_AddStringToObject(doc, "labelPlural", plural);
    cJSON_AddStringToObject(doc, "keyPrefix", object->prefix);
    cJSON_AddBoolToObject(doc, "custom", false);
    cJSON_AddBoolToObject(doc, "createable", may);
    cJSON_AddBoolToObject(doc, "updateable", may);
    cJSON_AddBoolToObject(doc, "deletable", may && !is_user);
    cJSON_AddBoolToObject(doc, "undeletable", may && !is_user);
    cJSON_AddBoolToObject(doc, "queryable", true);
    cJSON_AddBoolToObject(doc, "retrieveable", true);
    cJSON_AddBoolToObject(doc, "replicateable", !is_setup);
    cJSON_AddBoolToObject(doc, "searchable", !is_setup);
    urls = cJSON_AddObjectToObject(doc, "urls");
    add_url(call, urls, "sobject", object, "");
    add_url(call, urls, "describe", object, "/describe");
    add_url(call, urls, "rowTemplate", object, "/{ID}");
    return doc;
}

static void
add_record_types(const struct sf_call *call, cJSON *doc,
                 const struct sf_object *object)
{
    cJSON *list = cJSON_AddArrayToObject(doc, "recordTypeInfos");
    cJSON *master = cJSON_CreateObject();

    cJSON_AddBoolToObject(master, "active", true);
    cJSON_AddBoolToObject(master, "available", true);
    cJSON_AddBoolToObject(master, "defaultRecordTypeMapping", true);
    cJSON_AddStringToObject(master, "developerName", "Master");
    cJSON_AddBoolToObject(master, "master", true);
    cJSON_AddStringToObject(master, "name", "Master");
    cJSON_AddStringToObject(master, "recordTypeId", "012000000000000AAA");
    add_url(call, cJSON_AddObjectToObject(master, "urls"), "layout", object,
            "/describe/layouts/012000000000000AAA");
    cJSON_AddItemToArray(list, master);
}

void
sf_describe(struct sf_call *call, const struct sf_object *object)
{
    cJSON *doc = about(call, object), *fields;

    fields = cJSON_AddArrayToObject(doc, "fields");
    for (size_t i = 0; i < object->n_fields; i++)
        if (!sf_field_is_hidden(&object->fields[i]))
            cJSON_AddItemToArray(fields, describe_field(&object->fields[i]));
    cJSON_AddArrayToObject(doc, "childRelationships");
    add_record_types(call, doc, object);
    response_json(call->res, 200, doc);
}

void
sf_objects_list(struct sf_call *call)
{
    cJSON *doc = cJSON_CreateObject(), *list;

    cJSON_AddStringToObject(doc, "encoding", "UTF-8");
    cJSON_AddNumberToObject(doc, "maxBatchSize", 200);
    list = cJSON_AddArrayToObject(doc, "sobjects");
    for (size_t i = 0; i < SF_N_OBJECTS; i++)
        if (!sf_is_tooling(&sf_objects[i]) &&
            sf_object_seen(sf_objects[i].name) != NULL)
            cJSON_AddItemToArray(list, about(call, &sf_objects[i]));
    response_json(call->res, 200, doc);
}

void
sf_object_about(struct sf_call *call, const struct sf_object *object)
{
    cJSON *doc = cJSON_CreateObject();

    cJSON_AddItemToObject(doc, "objectDescribe", about(call, object));
    cJSON_AddArrayToObject(doc, "recentItems");
    response_json(call->res, 200, doc);
}

/* ---- updated and deleted ---- */

static void
add_time(cJSON *doc, const char *name, int64_t ms)
{
    char at[SF_TIME_SIZE];

    cJSON_AddStringToObject(doc, name, sf_print_time(ms, at));
}

/* A parameter's time, without its seconds. */
static bool
minute(const struct sf_call *call, const char *name, int64_t *ms)
{
    char *s = sf_param(call, name);
    bool is_good = s != NULL && timetext_parse(s, strlen(s), ms) == 0;

    /* A '+' that was not encoded came as a blank. */
    if (!is_good && s != NULL && strlen(s) > 19 && strrchr(s, ' ') != NULL) {
        *strrchr(s, ' ') = '+';
        is_good = timetext_parse(s, strlen(s), ms) == 0;
    }
    free(s);
    if (is_good)
        *ms = *ms / 60000 * 60000;
    return is_good;
}

/* The span that is asked for; false: answered. */
static bool
span(struct sf_call *call, int days, int64_t *from, int64_t *to)
{
    int64_t now = sandbox_now_ms();

    if (!minute(call, "start", from) || !minute(call, "end", to)) {
        sf_answer_error(call->res, 400, "INVALID_REPLICATION_DATE",
                        "start and end have to be dates of ISO 8601");
        return false;
    }
    if (*to <= *from || *to - *from < 60000) {
        sf_answer_error(call->res, 400, "INVALID_REPLICATION_DATE",
                        "startDate: must be before endDate");
        return false;
    }
    if (*from < now - days * DAY_MS - 60000) {
        sf_answer_error(call->res, 400, "INVALID_REPLICATION_DATE",
                        "startDate before org replication enabled date");
        return false;
    }
    if (*to > now)
        *to = now / 60000 * 60000;
    return true;
}

static cJSON *
change(const struct sf_record *rec, bool deleted)
{
    cJSON *item;

    if (!deleted)
        return cJSON_CreateString(rec->id);
    item = cJSON_CreateObject();
    cJSON_AddStringToObject(item, "id", rec->id);
    add_time(item, "deletedDate", rec->modstamp);
    return item;
}

/* /sobjects/Type/{updated,deleted}/?start=&end= */
void
sf_changes(struct sf_call *call, const struct sf_object *object)
{
    bool deleted = strcmp(call->parts[2], "deleted") == 0;
    int days = deleted ? DELETED_DAYS : UPDATED_DAYS;
    struct hs_list *list = sf_list(call->sf, object);
    cJSON *doc, *out;
    int64_t now = sandbox_now_ms(), from, to;
    int64_t committed = now - sandbox_lag_ms(call->sf->service);

    if (!span(call, days, &from, &to))
        return;
    doc = cJSON_CreateObject();
    out = cJSON_AddArrayToObject(doc, deleted ? "deletedRecords" : "ids");
    for (size_t i = 0; i < list->n; i++) {
        const struct sf_record *rec = list->v[i];

        if (rec->is_deleted == deleted && rec->modstamp >= from &&
            rec->modstamp < to && rec->touched <= committed)
            cJSON_AddItemToArray(out, change(rec, deleted));
    }
    if (deleted)
        add_time(doc, "earliestDateAvailable", now - days * DAY_MS);
    add_time(doc, "latestDateCovered", to);
    response_json(call->res, 200, doc);
}
