/* salesforce_setup: permission sets and what they let the user see
 * (salesforce-api.md, 6.2). */
#include "tests/sandbox/salesforce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

struct sf_record *
sf_next_living(struct salesforce *sf, const char *object, size_t *i)
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

    for (size_t i = 0;
         (rec = sf_next_living(sf, "PermissionSetAssignment", &i));)
        if (is_text(rec, "AssigneeId", SF_USER) &&
            is_text(rec, "PermissionSetId", set))
            return true;
    return false;
}

int
sf_flags_of(struct salesforce *sf, const char *field)
{
    const struct sf_record *rec;
    int flags = SF_HIDDEN;

    for (size_t i = 0; (rec = sf_next_living(sf, "FieldPermissions", &i));) {
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

    for (size_t i = 0; (other = sf_next_living(sf, object->name, &i));) {
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
    if (!sf_may(is_assignment ? "AssignPermissionSets"
                              : "ManageProfilesPermissionsets"))
        return sf_refuse(err, "INSUFFICIENT_ACCESS_OR_READONLY", "",
                         SF_NO_ACCESS, object->name);
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
    for (size_t i = 0; (rec = sf_next_living(sf, "FieldPermissions", &i));)
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
    if (!is_setup(rec->object))
        return;
    if (is_a(rec, "FieldPermissions") && !rec->is_deleted)
        mirror(sf, rec);
    sf_show_fields(sf);
}
