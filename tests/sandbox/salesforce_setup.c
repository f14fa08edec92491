/* salesforce_setup: what an org is set up by: custom fields of Activity over
 * the Tooling API, permission sets and what they let the user see
 * (salesforce-api.md, 6). */
#include "tests/sandbox/salesforce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NO_ACCESS                                                              \
    "insufficient access rights on entity: %s. You need the permission to "    \
    "make it."

/* ---- permissions of the user ---- */

static struct permission {
    const char *name;
    bool is_taken;
} permissions[] = {{"CustomizeApplication", false},
                   {"ManageProfilesPermissionsets", false},
                   {"AssignPermissionSets", false},
                   {"ViewSetup", false}};

bool
sf_permit(struct service *service, const char *name, bool may)
{
    (void)service;
    for (size_t i = 0; i < sizeof(permissions) / sizeof(permissions[0]); i++) {
        if (strcmp(permissions[i].name, name) != 0)
            continue;
        permissions[i].is_taken = !may;
        return true;
    }
    return false;
}

static bool
may(const char *name)
{
    size_t i = 0;

    while (strcmp(permissions[i].name, name) != 0)
        i++;
    return !permissions[i].is_taken;
}

/* ---- who sees which custom field ---- */

static bool
is_a(const struct sf_record *rec, const char *object)
{
    return strcasecmp(rec->object->name, object) == 0;
}

static bool
is_text(const struct sf_record *rec, const char *field, const char *text)
{
    const char *has = sf_text(rec, field);

    return has != NULL && strcasecmp(has, text) == 0;
}

/* The next living record of an object from *i on; NULL: there is none. */
static struct sf_record *
next(struct salesforce *sf, const char *object, size_t *i)
{
    const struct hs_list *list = sf_list(sf, sf_object_find(object));

    while (*i < list->n) {
        struct sf_record *rec = list->v[(*i)++];

        if (!rec->is_deleted)
            return rec;
    }
    return NULL;
}

static bool
is_assigned(struct salesforce *sf, const char *set)
{
    const struct sf_record *rec;

    for (size_t i = 0; (rec = next(sf, "PermissionSetAssignment", &i));)
        if (is_text(rec, "AssigneeId", SF_USER) &&
            is_text(rec, "PermissionSetId", set))
            return true;
    return false;
}

/* What the user's permission sets make of "Task.X__c": flags. */
static int
flags_of(struct salesforce *sf, const char *field)
{
    const struct sf_record *rec;
    int flags = SF_HIDDEN;

    for (size_t i = 0; (rec = next(sf, "FieldPermissions", &i));) {
        if (!is_text(rec, "Field", field) ||
            !is_assigned(sf, sf_text(rec, "ParentId")))
            continue;
        if (sf_true(rec, "PermissionsRead"))
            flags &= ~SF_HIDDEN;
        if (sf_true(rec, "PermissionsEdit"))
            flags |= SF_CU;
    }
    return flags;
}

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
                  flags_of(sf, full);
        has_room = sf_field_put(i, &f) && has_room;
    }
    return has_room;
}

/* ---- rows of permission sets ---- */

static bool
is_setup(const struct sf_object *object)
{
    return strcmp(object->name, "PermissionSet") == 0 ||
           strcmp(object->name, "FieldPermissions") == 0 ||
           strcmp(object->name, "PermissionSetAssignment") == 0;
}

/* Is there another record with the same texts in both fields? */
static bool
is_doubled(struct salesforce *sf, const struct sf_object *object,
           const struct sf_record *rec, const cJSON *row,
           const char *const fields[2])
{
    const struct sf_record *other;

    for (size_t i = 0; (other = next(sf, object->name, &i));) {
        bool is_same = other != rec;

        for (int k = 0; k < 2 && fields[k] != NULL; k++) {
            const char *s =
                cJSON_GetStringValue(cJSON_GetObjectItem(row, fields[k]));

            is_same = is_same && s != NULL && is_text(other, fields[k], s);
        }
        if (is_same)
            return true;
    }
    return false;
}

/* A new row's Field is one of SobjectType, hidden or not. */
static bool
check_grant(const cJSON *row, struct sf_error *err)
{
    const char *object =
        cJSON_GetStringValue(cJSON_GetObjectItem(row, "SobjectType"));
    const char *field = cJSON_GetStringValue(cJSON_GetObjectItem(row, "Field"));
    const struct sf_object *of = object != NULL ? sf_object_find(object) : NULL;
    const char *dot = field != NULL ? strchr(field, '.') : NULL;

    for (size_t i = 0; of != NULL && dot != NULL && i < of->n_fields; i++)
        if (strlen(object) == (size_t)(dot - field) &&
            strncasecmp(field, object, (size_t)(dot - field)) == 0 &&
            strcasecmp(of->fields[i].name, dot + 1) == 0)
            return true;
    return sf_refuse(err, "FIELD_INTEGRITY_EXCEPTION", "Field",
                     "Field Name: bad value for restricted picklist field: "
                     "%.100s",
                     field != NULL ? field : "");
}

bool
sf_check_setup(struct salesforce *sf, const struct sf_object *object,
               const struct sf_record *rec, const cJSON *row,
               struct sf_error *err)
{
    static const char *const keys[][2] = {{"Name", NULL},
                                          {"ParentId", "Field"},
                                          {"AssigneeId", "PermissionSetId"}};
    bool is_assignment = strcmp(object->name, "PermissionSetAssignment") == 0;
    bool is_grant = strcmp(object->name, "FieldPermissions") == 0;
    const cJSON *edit = cJSON_GetObjectItem(row, "PermissionsEdit");
    const cJSON *read = cJSON_GetObjectItem(row, "PermissionsRead");

    if (!is_setup(object))
        return true;
    if (!may(is_assignment ? "AssignPermissionSets"
                           : "ManageProfilesPermissionsets"))
        return sf_refuse(err, "INSUFFICIENT_ACCESS_OR_READONLY", "", NO_ACCESS,
                         object->name);
    if (is_doubled(sf, object, rec, row,
                   keys[is_assignment ? 2
                        : is_grant    ? 1
                                      : 0]))
        return sf_refuse(err,
                         is_assignment || is_grant ? "DUPLICATE_VALUE"
                                                   : "DUPLICATE_DEVELOPER_NAME",
                         "", "Duplicate %s", object->name);
    if (is_grant && cJSON_IsTrue(edit) && !cJSON_IsTrue(read))
        return sf_refuse(err, "FIELD_INTEGRITY_EXCEPTION", "PermissionsEdit",
                         "Edit Field depends on Read Field");
    return !is_grant || rec != NULL || check_grant(row, err);
}

/* What a grant on Task is, it is on Event, and the other way round. */
static void
mirror(struct salesforce *sf, const struct sf_record *grant)
{
    bool is_task = is_text(grant, "SobjectType", "Task");
    const char *dot = strchr(sf_text(grant, "Field"), '.');
    const char *set = sf_text(grant, "ParentId");
    const char *twin = is_task ? "Event" : "Task";
    struct sf_record *rec;
    char field[300];

    if (!is_task && !is_text(grant, "SobjectType", "Event"))
        return;
    snprintf(field, sizeof(field), "%s%.255s", twin, dot);
    for (size_t i = 0; (rec = next(sf, "FieldPermissions", &i));)
        if (is_text(rec, "Field", field) && is_text(rec, "ParentId", set))
            break;
    if (rec == NULL)
        rec = sf_new(sf, grant->object, NULL);
    sf_put_text(rec, "ParentId", set);
    sf_put_text(rec, "SobjectType", twin);
    sf_put_text(rec, "Field", field);
    sf_put(rec, "PermissionsRead",
           cJSON_CreateBool(sf_true(grant, "PermissionsRead")));
    sf_put(rec, "PermissionsEdit",
           cJSON_CreateBool(sf_true(grant, "PermissionsEdit")));
}

void
sf_setup_changed(struct salesforce *sf, struct sf_record *rec)
{
    const struct sf_record *custom;

    if (!is_setup(rec->object))
        return;
    if (is_a(rec, "FieldPermissions") && !rec->is_deleted)
        mirror(sf, rec);
    for (size_t i = 0; (custom = next(sf, "CustomField", &i));)
        show_field(sf, custom);
}

/* ---- the Tooling API ---- */

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

    if (!may("CustomizeApplication"))
        return sf_refuse(err, "INSUFFICIENT_ACCESS", "", NO_ACCESS,
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

    if (!may("ViewSetup"))
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
