/* salesforce_tooling: the Tooling API, as far as it makes custom fields of
 * Activity and tells of them (salesforce-api.md, 6.1). */
#include "tests/sandbox/salesforce.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- a field on Task and Event ---- */

static const struct {
    const char *name; /* of the Metadata API */
    enum sf_type type;
    int flags;
} types[] = {{"Text", SF_STRING, 0},   {"TextArea", SF_TEXTAREA, 0},
             {"Number", SF_DOUBLE, 0}, {"Checkbox", SF_BOOL, SF_FILLED},
             {"Date", SF_DATE, 0},     {"DateTime", SF_DATETIME, 0}};
#define N_TYPES (sizeof(types) / sizeof(types[0]))

/* The place of the metadata's type; N_TYPES: Activity takes no such field. */
static size_t
type_of(const cJSON *meta)
{
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItem(meta, "type"));
    size_t i = 0;

    while (i < N_TYPES && (name == NULL || strcmp(types[i].name, name) != 0))
        i++;
    return i;
}

/* Bring Task and Event in line with a CustomField. false: there is no room. */
static bool
show_field(struct salesforce *sf, const struct sf_record *custom)
{
    const cJSON *meta =
        cJSON_GetObjectItemCaseSensitive(custom->fields, "Metadata");
    const cJSON *length = cJSON_GetObjectItem(meta, "length");
    bool is_key = cJSON_IsTrue(cJSON_GetObjectItem(meta, "externalId")) &&
                  cJSON_IsTrue(cJSON_GetObjectItem(meta, "unique"));
    size_t t = type_of(meta);
    struct sf_field f = {
        .name = sf_text(custom, "ApiName"),
        .label = cJSON_GetStringValue(cJSON_GetObjectItem(meta, "label")),
        .type = types[t].type,
        .length = cJSON_IsNumber(length)         ? length->valueint
                  : types[t].type == SF_TEXTAREA ? 255
                                                 : 0};
    char full[64];
    bool has_room = true;

    for (size_t i = 0; i < SF_N_ACTIVITIES; i++) {
        snprintf(full, sizeof(full), "%s.%s", sf_objects[i].name, f.name);
        f.flags = types[t].flags | (is_key ? SF_KEY | SF_LOOKUP : 0) |
                  sf_flags_of(sf, full);
        has_room = sf_field_put(i, &f) && has_room;
    }
    return has_room;
}

void
sf_show_fields(struct salesforce *sf)
{
    const struct sf_record *custom;

    for (size_t i = 0; (custom = sf_next_living(sf, "CustomField", &i));)
        show_field(sf, custom);
}

/* ---- calls ---- */

bool
sf_is_tooling(const struct sf_object *object)
{
    return strcmp(object->name, "CustomField") == 0;
}

/* What stands before "__c" of "Activity.X__c", to buf. */
static bool
read_full_name(const char *full, char *buf, size_t size)
{
    size_t n = full != NULL ? strlen(full) : 0;

    if (n < 14 || strncmp(full, "Activity.", 9) != 0 ||
        strcmp(full + n - 3, "__c") != 0 || n - 12 >= size)
        return false;
    snprintf(buf, size, "%.*s", (int)(n - 12), full + 9);
    return buf[strspn(buf, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
                           "yz0123456789_")] == '\0' &&
           strstr(buf, "__") == NULL;
}

/* May the field be made? Its name, without "__c", to buf. */
static bool
check_custom(const cJSON *body, char *buf, size_t size, struct sf_error *err)
{
    const cJSON *meta = cJSON_GetObjectItem(body, "Metadata");
    const cJSON *length = cJSON_GetObjectItem(meta, "length");
    size_t t = type_of(meta);
    char api[64];

    if (!sf_may("CustomizeApplication"))
        return sf_refuse(err, "INSUFFICIENT_ACCESS", "", SF_NO_ACCESS,
                         "CustomField");
    if (!read_full_name(
            cJSON_GetStringValue(cJSON_GetObjectItem(body, "FullName")), buf,
            size))
        return sf_refuse(err, "FIELD_INTEGRITY_EXCEPTION", "FullName",
                         "Custom Object Definition ID or Name: bad value");
    if (!cJSON_IsString(cJSON_GetObjectItem(meta, "label")) || t == N_TYPES)
        return sf_refuse(err, "FIELD_INTEGRITY_EXCEPTION", "Metadata",
                         "Type: an activity can have no such field");
    if (types[t].type == SF_STRING &&
        (!cJSON_IsNumber(length) || length->valuedouble < 1 ||
         length->valuedouble > 255))
        return sf_refuse(err, "FIELD_INTEGRITY_EXCEPTION", "Metadata",
                         "Length: has to be 1 to 255");
    snprintf(api, sizeof(api), "%.40s__c", buf);
    for (size_t i = 0; i < sf_objects[0].n_fields; i++)
        if (strcasecmp(sf_objects[0].fields[i].name, api) == 0)
            return sf_refuse(err, "DUPLICATE_DEVELOPER_NAME", "DeveloperName",
                             "There is already a field named %s on Activity.",
                             buf);
    return true;
}

static void
create_custom(struct sf_call *call)
{
    cJSON *body = cJSON_Parse(call->req->body), *doc;
    struct sf_record *rec;
    struct sf_error err;
    char name[41], api[48];

    if (!check_custom(body, name, sizeof(name), &err)) {
        sf_answer_row_error(
            call->res, strcmp(err.code, "INSUFFICIENT_ACCESS") == 0 ? 403 : 400,
            &err);
        cJSON_Delete(body);
        return;
    }
    rec = sf_new(call->sf, sf_object_find("CustomField"), NULL);
    sf_put_text(rec, "DeveloperName", name);
    sf_put_text(rec, "TableEnumOrId", "Activity");
    snprintf(api, sizeof(api), "%s__c", name);
    sf_put_text(rec, "ApiName", api);
    sf_put(rec, "Metadata",
           cJSON_DetachItemFromObjectCaseSensitive(body, "Metadata"));
    cJSON_Delete(body);
    if (!show_field(call->sf, rec)) {
        sf_delete(call->sf, rec);
        sf_answer_error(call->res, 400, "LIMIT_EXCEEDED",
                        "the number of custom fields is exceeded");
        return;
    }
    doc = sf_row_done(rec, NULL);
    cJSON_AddArrayToObject(doc, "warnings");
    cJSON_AddArrayToObject(doc, "infos");
    response_json(call->res, 201, doc);
}

static void
answer_custom(struct sf_call *call)
{
    struct sf_record *rec = sf_find(call->sf, call->parts[2]);
    cJSON *doc;
    char full[64];

    if (rec == NULL || rec->is_deleted || !sf_is_tooling(rec->object)) {
        sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
        return;
    }
    doc = cJSON_CreateObject();
    cJSON_AddItemToObject(doc, "attributes", sf_attributes(call, rec));
    cJSON_AddStringToObject(doc, "Id", rec->id);
    sf_add_copy(doc, "DeveloperName",
                cJSON_GetObjectItem(rec->fields, "DeveloperName"));
    sf_add_copy(doc, "TableEnumOrId",
                cJSON_GetObjectItem(rec->fields, "TableEnumOrId"));
    snprintf(full, sizeof(full), "Activity.%s", sf_text(rec, "ApiName"));
    cJSON_AddStringToObject(doc, "FullName", full);
    sf_add_copy(doc, "Metadata", cJSON_GetObjectItem(rec->fields, "Metadata"));
    response_json(call->res, 200, doc);
}

void
sf_tooling(struct sf_call *call)
{
    bool is_custom = strcmp(call->parts[0], "sobjects") == 0 &&
                     strcmp(call->parts[1], "CustomField") == 0;

    if (!sf_may("ViewSetup"))
        sf_answer_error(call->res, 400, "INVALID_TYPE",
                        "sObject type 'CustomField' is not supported.");
    else if (strcmp(call->parts[0], "query") == 0)
        sf_query(call);
    else if (is_custom && call->n == 2 && sf_is_method(call, "POST"))
        create_custom(call);
    else if (is_custom && call->n == 3 && sf_is_method(call, "GET"))
        answer_custom(call);
    else
        sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
}
