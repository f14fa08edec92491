/* rights: see rights.h. */
#include "stages/tools/check/rights.h"

#include "common/activity.h"
#include "common/json.h"
#include "common/kind.h"
#include "stages/tools/check/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOURCE_FROM 64 /* API version that has EmailMessage.Source */

/* What makes use of it. */
enum use {
    USE_NEVER, /* ends a list */
    USE_ALWAYS,
    USE_TASKS,         /* a kind of activity that is a Task */
    USE_MEETING,       /* activity.meeting */
    USE_ACTIVITY_MAIL, /* activity.email */
    USE_SOURCE,        /* the same, where the API tells the source */
    USE_CALL,          /* timeline.call */
    USE_TYPE,          /* a task_type is set */
    USE_OWNERS,
    USE_OPPORTUNITY,
};

enum access { READ, CREATE, WRITE };

struct field {
    const char *name, *label; /* as the screens have it */
    enum access access;
    enum use use;
};

/* What a new task has, and what is read of both whatever is mapped. */
static const struct field task[] = {
    {"Subject", "Subject", WRITE, USE_ALWAYS},
    {"Description", "Comments", WRITE, USE_ALWAYS},
    {"Status", "Status", WRITE, USE_ALWAYS},
    {"Priority", "Priority", WRITE, USE_ALWAYS},
    {"ActivityDate", "Due Date", WRITE, USE_ALWAYS},
    {"TaskSubtype", "Task Subtype", CREATE, USE_ALWAYS},
    {"WhoId", "Name", WRITE, USE_ALWAYS},
    {"WhatId", "Related To", WRITE, USE_ALWAYS},
    {"Type", "Type", WRITE, USE_TYPE},
    {"CallType", "Call Type", WRITE, USE_CALL},
    {"CallDurationInSeconds", "Call Duration", WRITE, USE_CALL},
    {"CallDisposition", "Call Result", WRITE, USE_CALL},
    {"AccountId", "Account", READ, USE_TASKS},
    {NULL, NULL, READ, USE_NEVER},
};
static const struct field event[] = {
    {"WhoId", "Name", WRITE, USE_ALWAYS},
    {"WhatId", "Related To", WRITE, USE_ALWAYS},
    {"AccountId", "Account", READ, USE_ALWAYS},
    {NULL, NULL, READ, USE_NEVER},
};
static const struct field person[] = {
    {"Email", "Email", READ, USE_ALWAYS},
    {NULL, NULL, READ, USE_NEVER},
};
static const struct field opportunity[] = {
    {"AccountId", "Account Name", READ, USE_ALWAYS},
    {NULL, NULL, READ, USE_NEVER},
};
static const struct field mail[] = {
    {"ActivityId", "Activity", READ, USE_ALWAYS},
    {"MessageIdentifier", "Message Identifier", READ, USE_ALWAYS},
    {"Source", "Source", READ, USE_SOURCE},
    {NULL, NULL, READ, USE_NEVER},
};
static const struct field nothing[] = {{NULL, NULL, READ, USE_NEVER}};

static const struct object {
    const char *name, *plural;
    const char *edit; /* permission; NULL: it is only read */
    enum use use;
    const struct field *fields;
    const char *loss; /* without it */
} objects[] = {
    {"Task", "Tasks", "Edit Tasks", USE_ALWAYS, task, "nothing can be synced"},
    {"Event", "Events", "Edit Events", USE_MEETING, event,
     "meetings cannot be synced"},
    {"Contact", "Contacts", NULL, USE_ALWAYS, person,
     "nobody in HubSpot is tied to a contact"},
    {"Lead", "Leads", NULL, USE_ALWAYS, person,
     "nobody in HubSpot is tied to a lead"},
    {"Account", "Accounts", NULL, USE_ALWAYS, nothing,
     "a task that belongs to an account is refused"},
    {"Opportunity", "Opportunities", NULL, USE_OPPORTUNITY, opportunity,
     "related_to = opportunity finds none"},
    {"User", "Users", NULL, USE_OWNERS, person, "no owner is matched"},
    {"EmailMessage", "Email Messages", NULL, USE_ACTIVITY_MAIL, mail,
     "it cannot be told which e-mails Einstein Activity Capture has made"},
};
#define N_OBJECTS (sizeof(objects) / sizeof(objects[0]))

/* ---- what is used ---- */

static bool
is_activity(const struct conf *conf, enum activity activity)
{
    return conf_bool(conf, conf_activity(activity), "sync");
}

static bool
any_type(const struct conf *conf)
{
    for (int k = 0; k < KIND_COUNT; k++)
        if (conf_str(conf, conf_timeline((enum kind)k), "task_type")[0] != '\0')
            return true;
    return false;
}

static bool
any_opportunity(const struct conf *conf)
{
    for (int k = 0; k < ACTIVITY_COUNT; k++) {
        const char *section = conf_activity((enum activity)k);

        if (conf_bool(conf, section, "sync") &&
            strcmp(conf_str(conf, section, "related_to"), "opportunity") == 0)
            return true;
    }
    return false;
}

static bool
is_used(const struct conf *conf, enum use use)
{
    switch (use) {
    case USE_NEVER:
        return false;
    case USE_ALWAYS:
        return true;
    case USE_TASKS:
        return is_activity(conf, ACTIVITY_TASK) ||
               is_activity(conf, ACTIVITY_CALL) ||
               is_activity(conf, ACTIVITY_EMAIL);
    case USE_MEETING:
        return is_activity(conf, ACTIVITY_MEETING);
    case USE_ACTIVITY_MAIL:
        return is_activity(conf, ACTIVITY_EMAIL);
    case USE_SOURCE:
        return atoi(conf_str(conf, "salesforce", "api_version")) >= SOURCE_FROM;
    case USE_CALL:
        return conf_bool(conf, conf_timeline(KIND_CALL), "sync");
    case USE_TYPE:
        return any_type(conf);
    case USE_OWNERS:
        return conf_bool(conf, "owners", "sync");
    case USE_OPPORTUNITY:
        return any_opportunity(conf);
    }
    return false;
}

/* What lacks is a fault; but that nobody knows of captured e-mails is none
 * where they stay away. */
static enum line_state
state_of(const struct asking *a, const struct object *o)
{
    bool is_mail = o->use == USE_ACTIVITY_MAIL;

    return is_mail && strcmp(conf_str(a->conf, "salesforce", "eac"), "sync")
               ? LINE_WARNING
               : LINE_WRONG;
}

/* ---- an object ---- */

static bool
is_true(const cJSON *object, const char *key)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, key));
}

/* 1 when something was said of the field, else 0. */
static size_t
check_field(struct asking *a, const struct object *o, const struct field *f,
            const cJSON *fields)
{
    const cJSON *field = json_find(fields, "name", f->name);
    bool may_create = f->access == READ || is_true(field, "createable");
    bool may_update = f->access != WRITE || is_true(field, "updateable");
    char line[96], detail[256], mend[400];

    if (field != NULL && may_create && may_update)
        return 0;
    snprintf(line, sizeof(line), "salesforce %s.%s", o->name, f->name);
    snprintf(detail, sizeof(detail),
             "crmpipe's user may not %s the field %s (%s) of %s",
             field == NULL ? "see" : "edit", f->label, f->name, o->name);
    snprintf(mend, sizeof(mend),
             SCREEN_FIELDS " > %s: tick Read Access%s (or Setup > Object "
                           "Manager > %s > Fields & Relationships > %s > Set "
                           "Field-Level Security)",
             o->plural, f->label, f->access != READ ? " and Edit Access" : "",
             o->edit != NULL ? "Activity" : o->name, f->label);
    line_add(a->lines, line, state_of(a, o), detail, mend);
    return 1;
}

static void
check_object(struct asking *a, const struct object *o, const cJSON *describe)
{
    const cJSON *fields = cJSON_GetObjectItemCaseSensitive(describe, "fields");
    char line[64], detail[160], mend[256];
    size_t n = 0;

    snprintf(line, sizeof(line), "salesforce %s", o->name);
    if (o->edit != NULL &&
        !(is_true(describe, "createable") && is_true(describe, "updateable"))) {
        snprintf(detail, sizeof(detail),
                 "crmpipe's user may see %s, but not make and change them: the "
                 "permission \"%s\" is missing",
                 o->plural, o->edit);
        snprintf(mend, sizeof(mend), SCREEN_SYSTEM " > tick \"%s\"", o->edit);
        line_add(a->lines, line, LINE_WRONG, detail, mend);
        return;
    }
    for (const struct field *f = o->fields; f->use != USE_NEVER; f++)
        if (is_used(a->conf, f->use))
            n += check_field(a, o, f, fields);
    if (n == 0)
        line_add(a->lines, line, LINE_OK,
                 o->edit != NULL ? "can be read and written" : "can be read",
                 NULL);
}

/* It is not there, for this user at least. */
static void
tell_unread(struct asking *a, const struct object *o, const char *line,
            struct error *err)
{
    char mend[400];

    if (!asking_is_away(err))
        error_wrap(err, "crmpipe's user may not see %s, and so %s", o->plural,
                   o->loss);
    if (o->edit != NULL)
        snprintf(mend, sizeof(mend),
                 SCREEN_SYSTEM " > tick \"Access "
                               "Activities\" and \"%s\"",
                 o->edit);
    else if (o->use == USE_OWNERS)
        snprintf(mend, sizeof(mend),
                 SCREEN_SYSTEM " > tick \"View All "
                               "Users\"");
    else if (o->use == USE_ACTIVITY_MAIL)
        snprintf(mend, sizeof(mend),
                 SCREEN_SYSTEM
                 " > tick \"Access "
                 "Activities\"; and Setup > Enhanced Email has to "
                 "be on");
    else
        snprintf(mend, sizeof(mend), SCREEN_OBJECT " > tick Read", o->plural);
    asking_tell(a, &a->salesforce, line, state_of(a, o), err, mend);
}

/* The user may sign in, but not use the API: nothing else can be told. */
static bool
is_shut_out(struct asking *a, const struct error *err)
{
    if (strstr(err->text, "API_DISABLED_FOR_ORG") == NULL &&
        strstr(err->text, "API_CURRENTLY_DISABLED") == NULL)
        return false;
    line_add(a->lines, "salesforce API", LINE_WRONG, err->text,
             SCREEN_SYSTEM " > tick \"API Enabled\" "
                           "(an org below Enterprise Edition may have no API)");
    snprintf(a->salesforce.why, sizeof(a->salesforce.why), "%s", err->text);
    return true;
}

/* What describe says of an object; NULL: it was told why not. */
static cJSON *
read_object(struct asking *a, const struct object *o)
{
    struct asked *s = &a->salesforce;
    cJSON *answer = NULL;
    char path[64], line[64];
    struct error err;
    int rv;

    if (s->why[0] != '\0')
        return NULL;
    snprintf(path, sizeof(path), "/sobjects/%s/describe", o->name);
    snprintf(line, sizeof(line), "salesforce %s", o->name);
    rv = salesforce_get(a->sf, path, &answer, &err);
    if (rv == 0 &&
        !cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(answer, "fields"))) {
        rv = error_set(&err, EX_PROTOCOL, "%s gave an answer without fields",
                       s->name);
        cJSON_Delete(answer);
        answer = NULL;
    }
    asking_take(a, s, rv, &err);
    if (rv < 0 && !is_shut_out(a, &err))
        tell_unread(a, o, line, &err);
    return answer;
}

/* ---- all records, or those that are shared ---- */

static int
take_view(void *ctx, const cJSON *record)
{
    const cJSON *may =
        cJSON_GetObjectItemCaseSensitive(record, "PermissionsViewAllData");

    if (cJSON_IsBool(may))
        *(int *)ctx = cJSON_IsTrue(may);
    return 0;
}

/* An org that does not tell is let be. */
static void
check_view(struct asking *a)
{
    struct error err;
    int may = -1;

    if (a->salesforce.why[0] != '\0' ||
        salesforce_query(a->sf,
                         "SELECT PermissionsViewAllData FROM "
                         "UserPermissionAccess",
                         false, take_view, &may, &err) < 0 ||
        may < 0)
        return;
    if (may == 1)
        line_add(a->lines, "salesforce sharing", LINE_OK,
                 "crmpipe's user sees all records (View All Data)", NULL);
    else
        line_add(a->lines, "salesforce sharing", LINE_WARNING,
                 "crmpipe's user has no \"View All Data\": it sees, and so "
                 "syncs, only what sharing shows it",
                 SCREEN_SYSTEM
                 " > tick \"View All "
                 "Data\"; or leave it, if Setup > Sharing Settings "
                 "or View All of Contacts, Leads and Accounts show "
                 "it all that is to be synced");
}

void
rights_check(struct asking *a, cJSON **task_out, cJSON **event_out)
{
    *task_out = *event_out = NULL;
    for (size_t i = 0; i < N_OBJECTS; i++) {
        cJSON *describe;

        if (!is_used(a->conf, objects[i].use))
            continue;
        describe = read_object(a, &objects[i]);
        if (describe == NULL)
            continue;
        check_object(a, &objects[i], describe);
        if (i < 2)
            *(i == 0 ? task_out : event_out) = describe;
        else
            cJSON_Delete(describe);
    }
    check_view(a);
}
