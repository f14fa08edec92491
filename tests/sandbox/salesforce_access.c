/* salesforce_access: what can be taken away from the user (POST
 * /__sandbox/permissions), by name: a permission ("EditTask"), an object
 * ("Contact"), a field ("Task.Description"), or only the writing of it
 * ("Task.Description.edit"). What is hidden is as if it were not there
 * (salesforce-api.md, 6.2). */
#include "tests/sandbox/salesforce.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define TAKEN_MAX 32
#define ACCESS    "UserPermissionAccess"

static const char *const permissions[] = {"CustomizeApplication",
                                          "ManageProfilesPermissionsets",
                                          "AssignPermissionSets",
                                          "ViewSetup",
                                          "ApiEnabled",
                                          "ActivitiesAccess",
                                          "EditTask",
                                          "EditEvent",
                                          "ViewAllData"};

static struct taken {
    char name[96];
    const struct sf_field *field; /* NULL: no field */
    bool is_edit;
} taken[TAKEN_MAX];
static size_t n_taken;

/* ---- what there is to take ---- */

/* "Task.Description" or "Task.Description.edit" into *out. */
static bool
find_field(const char *name, struct taken *out)
{
    const struct sf_object *object;
    char words[2][64], rest[8] = "";
    int n = sscanf(name, "%63[^.].%63[^.].%7s", words[0], words[1], rest);

    out->is_edit = strcmp(rest, "edit") == 0;
    object = n >= 2 ? sf_object_find(words[0]) : NULL;
    for (size_t i = 0; object != NULL && i < object->n_fields; i++)
        if (strcasecmp(object->fields[i].name, words[1]) == 0)
            out->field = &object->fields[i];
    return out->field != NULL && (n == 2 || out->is_edit) &&
           sf_field_is_permissionable(out->field);
}

static bool
is_there(const char *name, struct taken *out)
{
    for (size_t i = 0; i < sizeof(permissions) / sizeof(permissions[0]); i++)
        if (strcmp(permissions[i], name) == 0)
            return true;
    return sf_object_find(name) != NULL || find_field(name, out);
}

/* The row by which a user asks for the own permissions. */
static void
tell(struct salesforce *sf)
{
    char name[96];
    struct sf_record *rec;

    for (size_t i = 0; (rec = sf_next_living(sf, ACCESS, &i));)
        for (size_t k = 0; k < sizeof(permissions) / sizeof(permissions[0]);
             k++) {
            snprintf(name, sizeof(name), "Permissions%s", permissions[k]);
            if (sf_field_find(rec->object, name) != NULL)
                sf_put(rec, name, cJSON_CreateBool(sf_may(permissions[k])));
        }
}

bool
sf_permit(struct service *service, const char *name, bool may)
{
    struct taken t = {.field = NULL};
    size_t i = 0;

    if (strlen(name) >= sizeof(t.name) || !is_there(name, &t))
        return false;
    snprintf(t.name, sizeof(t.name), "%s", name);
    while (i < n_taken && strcasecmp(taken[i].name, name) != 0)
        i++;
    if (may && i < n_taken)
        taken[i] = taken[--n_taken];
    else if (!may && i == n_taken && n_taken < TAKEN_MAX)
        taken[n_taken++] = t;
    tell(service->data);
    return true;
}

/* ---- what is left ---- */

bool
sf_may(const char *name)
{
    for (size_t i = 0; i < n_taken; i++)
        if (strcasecmp(taken[i].name, name) == 0)
            return false;
    return true;
}

/* Task and Event share what security says of their fields. */
static bool
is_same(const struct sf_field *a, const struct sf_field *b)
{
    bool is_shared[2] = {false, false};

    for (size_t i = 0; a != b && i < SF_N_ACTIVITIES; i++)
        for (size_t k = 0; k < sf_objects[i].n_fields; k++) {
            is_shared[0] |= a == &sf_objects[i].fields[k];
            is_shared[1] |= b == &sf_objects[i].fields[k];
        }
    return a == b ||
           (is_shared[0] && is_shared[1] && strcasecmp(a->name, b->name) == 0);
}

static bool
is_taken(const struct sf_field *f, bool is_edit)
{
    for (size_t i = 0; i < n_taken; i++)
        if (taken[i].field != NULL && taken[i].is_edit == is_edit &&
            is_same(taken[i].field, f))
            return true;
    return false;
}

bool
sf_field_is_hidden(const struct sf_field *f)
{
    return (f->flags & SF_HIDDEN) != 0 || is_taken(f, false);
}

int
sf_field_flags(const struct sf_field *f)
{
    return is_taken(f, true) ? f->flags & ~SF_CU : f->flags;
}

bool
sf_field_is_permissionable(const struct sf_field *f)
{
    return (f->flags & (SF_FILLED | SF_REQUIRED)) == 0 &&
           strcmp(f->name, "Subject") != 0 &&
           strcmp(f->name, "CallDurationInSeconds") != 0;
}

static bool
is_activity(const struct sf_object *object)
{
    return object < sf_objects + SF_N_ACTIVITIES;
}

const struct sf_object *
sf_object_seen(const char *name)
{
    const struct sf_object *object = sf_object_find(name);

    return object == NULL || !sf_may(object->name) ||
                   (is_activity(object) && !sf_may("ActivitiesAccess"))
               ? NULL
               : object;
}

bool
sf_object_is_editable(const struct sf_object *object)
{
    return !is_activity(object) ||
           sf_may(strcmp(object->name, "Task") == 0 ? "EditTask" : "EditEvent");
}

bool
sf_check_access(const struct sf_object *object, struct sf_error *err)
{
    return sf_object_is_editable(object) ||
           sf_refuse(err, "INSUFFICIENT_ACCESS_OR_READONLY", "", SF_NO_ACCESS,
                     object->name);
}
