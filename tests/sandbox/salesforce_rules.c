/* salesforce_rules: the fields of each object and what may be written
 * (salesforce-api.md, 4 and 5.5). */
#include "tests/sandbox/salesforce.h"

#include "common/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define F(name, type, length, flags)                                           \
    {                                                                          \
        name, name, type, length, flags, NULL                                  \
    }
#define SYSTEM                                                                 \
    F("Id", SF_ID, 18, 0), F("IsDeleted", SF_BOOL, 0, 0),                      \
        F("CreatedDate", SF_DATETIME, 0, 0),                                   \
        F("LastModifiedDate", SF_DATETIME, 0, 0),                              \
        F("SystemModstamp", SF_DATETIME, 0, 0),                                \
        {"CreatedById", "Created By ID", SF_REF, 18, 0, "User"},               \
    {                                                                          \
        "LastModifiedById", "Last Modified By ID", SF_REF, 18, 0, "User"       \
    }
#define OWNER                                                                  \
    {                                                                          \
        "OwnerId", "Assigned To ID", SF_REF, 18, SF_CU, "User"                 \
    }
#define ACTIVITY                                                               \
    F("Subject", SF_STRING, 255, SF_CU),                                       \
        {"Description", "Description", SF_TEXTAREA, 32000, SF_CU, NULL},       \
        {"Type", "Type", SF_PICKLIST, 255, SF_CU, "Call;Email;Meeting;Other"}, \
        {"WhoId", "Name ID", SF_REF, 18, SF_CU, "Contact;Lead"},               \
        {"WhatId", "Related To ID", SF_REF, 18, SF_CU, "Account;Opportunity"}, \
        {"AccountId", "Account ID", SF_REF, 18, 0, "Account"},                 \
        F("IsReminderSet", SF_BOOL, 0, SF_CU),                                 \
        F("ReminderDateTime", SF_DATETIME, 0, SF_CU),                          \
        F("IsArchived", SF_BOOL, 0, 0),                                        \
    {                                                                          \
        "HubSpot_Id__c", "HubSpot Id", SF_STRING, 255, SF_CU, "external id"    \
    }

static const struct sf_field task_fields[] = {
    SYSTEM,
    OWNER,
    ACTIVITY,
    {"Status", "Status", SF_PICKLIST, 255, SF_CU,
     "Not Started;In Progress;Completed;Waiting on someone else;Deferred"},
    {"Priority", "Priority", SF_PICKLIST, 255, SF_CU, "High;Normal;Low"},
    {"ActivityDate", "Due Date Only", SF_DATE, 0, SF_CU, NULL},
    {"TaskSubtype", "Task Subtype", SF_RESTRICTED, 40, SF_CREATE,
     "Task;Email;Call;LinkedIn;ListEmail"},
    {"CallType", "Call Type", SF_RESTRICTED, 40, SF_CU,
     "Inbound;Outbound;Internal"},
    {"CallDurationInSeconds", "Call Duration", SF_INT, 0, SF_CU, NULL},
    {"CallDisposition", "Call Result", SF_STRING, 255, SF_CU, NULL},
    {"CallObject", "Call Object Identifier", SF_STRING, 255, SF_CU, NULL},
    F("IsClosed", SF_BOOL, 0, 0),
    F("IsHighPriority", SF_BOOL, 0, 0),
    F("CompletedDateTime", SF_DATETIME, 0, 0),
    F("IsRecurrence", SF_BOOL, 0, SF_CREATE),
};
static const struct sf_field event_fields[] = {
    SYSTEM,
    OWNER,
    ACTIVITY,
    F("Location", SF_STRING, 255, SF_CU),
    F("StartDateTime", SF_DATETIME, 0, SF_CU),
    F("EndDateTime", SF_DATETIME, 0, SF_CU),
    F("ActivityDateTime", SF_DATETIME, 0, SF_CU),
    F("ActivityDate", SF_DATE, 0, SF_CU),
    F("DurationInMinutes", SF_INT, 0, SF_CU),
    F("IsAllDayEvent", SF_BOOL, 0, SF_CU),
    F("IsPrivate", SF_BOOL, 0, SF_CU),
    {"ShowAs", "Show Time As", SF_RESTRICTED, 40, SF_CU,
     "Busy;OutOfOffice;Free"},
    {"EventSubtype", "Event Subtype", SF_RESTRICTED, 40, SF_CREATE, "Event"},
    F("IsChild", SF_BOOL, 0, 0),
    F("IsRecurrence", SF_BOOL, 0, SF_CREATE),
};
#define PERSON                                                                 \
    F("FirstName", SF_STRING, 40, SF_CU), F("LastName", SF_STRING, 80, SF_CU), \
        F("Name", SF_STRING, 121, 0), F("Email", SF_STRING, 80, SF_CU),        \
        F("Phone", SF_STRING, 40, SF_CU), F("Title", SF_STRING, 128, SF_CU),   \
    {                                                                          \
        "MasterRecordId", "Master Record ID", SF_REF, 18, 0, "Contact;Lead"    \
    }
static const struct sf_field contact_fields[] = {
    SYSTEM,
    OWNER,
    PERSON,
    {"AccountId", "Account ID", SF_REF, 18, SF_CU, "Account"},
    F("MobilePhone", SF_STRING, 40, SF_CU),
    F("Description", SF_TEXTAREA, 32000, SF_CU),
};
static const struct sf_field lead_fields[] = {
    SYSTEM,
    OWNER,
    PERSON,
    F("Company", SF_STRING, 255, SF_CU),
    {"Status", "Lead Status", SF_PICKLIST, 255, SF_CU,
     "Open - Not Contacted;Working - Contacted;Closed - Converted"},
    F("IsConverted", SF_BOOL, 0, 0),
    {"ConvertedContactId", "Converted Contact ID", SF_REF, 18, 0, "Contact"},
    {"ConvertedAccountId", "Converted Account ID", SF_REF, 18, 0, "Account"},
    F("ConvertedDate", SF_DATE, 0, 0),
};
static const struct sf_field account_fields[] = {
    SYSTEM,
    OWNER,
    F("Name", SF_STRING, 255, SF_CU),
    F("Website", SF_STRING, 255, SF_CU),
    F("Phone", SF_STRING, 40, SF_CU),
    {"MasterRecordId", "Master Record ID", SF_REF, 18, 0, "Account"},
};
static const struct sf_field opportunity_fields[] = {
    SYSTEM,
    OWNER,
    F("Name", SF_STRING, 120, SF_CU),
    F("StageName", SF_STRING, 255, SF_CU),
    F("CloseDate", SF_DATE, 0, SF_CU),
    {"AccountId", "Account ID", SF_REF, 18, SF_CU, "Account"},
};
static const struct sf_field user_fields[] = {
    SYSTEM,
    F("Username", SF_STRING, 80, SF_CU),
    F("Email", SF_STRING, 128, SF_CU),
    F("Name", SF_STRING, 121, 0),
    F("FirstName", SF_STRING, 40, SF_CU),
    F("LastName", SF_STRING, 80, SF_CU),
    F("IsActive", SF_BOOL, 0, SF_CU),
    F("UserType", SF_STRING, 40, 0),
    F("TimeZoneSidKey", SF_STRING, 40, SF_CU),
};
static const struct sf_field organization_fields[] = {
    SYSTEM,
    F("Name", SF_STRING, 80, 0),
    F("TimeZoneSidKey", SF_STRING, 40, 0),
    F("IsSandbox", SF_BOOL, 0, 0),
};
static const struct sf_field status_fields[] = {
    SYSTEM,
    F("ApiName", SF_STRING, 255, 0),
    F("MasterLabel", SF_STRING, 255, 0),
    F("IsClosed", SF_BOOL, 0, 0),
    F("IsDefault", SF_BOOL, 0, 0),
    F("SortOrder", SF_INT, 0, 0),
};

#define OBJECT(name, prefix, fields)                                           \
    {                                                                          \
        name, prefix, fields, sizeof(fields) / sizeof((fields)[0])             \
    }
const struct sf_object sf_objects[] = {
    OBJECT("Task", "00T", task_fields),
    OBJECT("Event", "00U", event_fields),
    OBJECT("Contact", "003", contact_fields),
    OBJECT("Lead", "00Q", lead_fields),
    OBJECT("Account", "001", account_fields),
    OBJECT("Opportunity", "006", opportunity_fields),
    OBJECT("User", "005", user_fields),
    OBJECT("Organization", "00D", organization_fields),
    OBJECT("TaskStatus", "01J", status_fields),
};
const size_t sf_n_objects = sizeof(sf_objects) / sizeof(sf_objects[0]);

const struct sf_object *
sf_object_find(const char *name)
{
    for (size_t i = 0; i < sf_n_objects; i++)
        if (strcasecmp(sf_objects[i].name, name) == 0)
            return &sf_objects[i];
    return NULL;
}

const struct sf_field *
sf_field_find(const struct sf_object *object, const char *name)
{
    for (size_t i = 0; i < object->n_fields; i++) {
        const struct sf_field *f = &object->fields[i];

        if (strcasecmp(f->name, name) == 0)
            return sandbox_options.bare && strstr(f->name, "__c") != NULL ? NULL
                                                                          : f;
    }
    return NULL;
}

static bool
refuse(struct sf_error *err, const char *code, const char *field,
       const char *message)
{
    snprintf(err->code, sizeof(err->code), "%s", code);
    snprintf(err->field, sizeof(err->field), "%s", field);
    snprintf(err->message, sizeof(err->message), "%s", message);
    return false;
}

static bool
listed(const char *values, const char *value)
{
    size_t n = strlen(value);
    const char *at = values;

    while (at != NULL && *at != '\0') {
        size_t len = strcspn(at, ";");

        if (len == n && strncasecmp(at, value, n) == 0)
            return true;
        at += len + (at[len] == ';');
    }
    return false;
}

/* A reference has to point to what lives and is of a right kind. */
static bool
check_reference(struct salesforce *sf, const struct sf_field *f, const char *id,
                struct sf_error *err)
{
    const struct sf_record *to = sf_find(sf, id);
    char text[128];

    if (to == NULL || !listed(f->values, to->object->name)) {
        snprintf(text, sizeof(text), "%s: id value of incorrect type: %.40s",
                 f->label, id);
        if (strlen(id) != 15 && strlen(id) != 18)
            return refuse(err, "MALFORMED_ID", f->name, text);
        return refuse(err, "INVALID_CROSS_REFERENCE_KEY", f->name,
                      "invalid cross reference id");
    }
    if (to->is_deleted)
        return refuse(err, "ENTITY_IS_DELETED", f->name, "entity is deleted");
    if (strcmp(f->name, "WhoId") == 0 &&
        cJSON_IsTrue(
            cJSON_GetObjectItemCaseSensitive(to->fields, "IsConverted")))
        return refuse(err, "CANNOT_UPDATE_CONVERTED_LEAD", "WhoId",
                      "cannot reference converted lead");
    return true;
}

static bool
check_text(struct salesforce *sf, const struct sf_field *f, const char *value,
           struct sf_error *err)
{
    char text[400];
    int64_t ms;

    if (f->type == SF_REF)
        return check_reference(sf, f, value, err);
    if (f->length > 0 && text_units(value, strlen(value)) > (size_t)f->length) {
        snprintf(text, sizeof(text),
                 "%s: data value too large: %.100s (max length=%d)", f->label,
                 value, f->length);
        return refuse(err, "STRING_TOO_LONG", f->name, text);
    }
    if (f->type == SF_RESTRICTED && !listed(f->values, value)) {
        snprintf(text, sizeof(text),
                 "%s: bad value for restricted picklist field: %.100s",
                 f->label, value);
        return refuse(err, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", f->name,
                      text);
    }
    if ((f->type == SF_DATE &&
         (strlen(value) != 10 || timetext_parse(value, 10, &ms) < 0)) ||
        (f->type == SF_DATETIME &&
         (strlen(value) < 16 || timetext_parse(value, strlen(value), &ms) < 0)))
        return refuse(err, "JSON_PARSER_ERROR", f->name,
                      "Cannot deserialize instance of date from VALUE_STRING");
    return true;
}

static bool
check_value(struct salesforce *sf, const struct sf_field *f, const cJSON *value,
            struct sf_error *err)
{
    if (cJSON_IsNull(value))
        return true;
    if ((f->type == SF_BOOL && !cJSON_IsBool(value)) ||
        (f->type == SF_INT && !cJSON_IsNumber(value)) ||
        (f->type != SF_BOOL && f->type != SF_INT && !cJSON_IsString(value)))
        return refuse(err, "INVALID_TYPE_ON_FIELD_IN_RECORD", f->name,
                      "value not of required type");
    return !cJSON_IsString(value) || check_text(sf, f, value->valuestring, err);
}

static bool
check_required(const struct sf_object *object, const struct sf_record *rec,
               const cJSON *row, struct sf_error *err)
{
    static const char *const needed[][2] = {{"Contact", "LastName"},
                                            {"Lead", "LastName"},
                                            {"Lead", "Company"},
                                            {"Account", "Name"}};
    char text[128];

    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        const cJSON *v = cJSON_GetObjectItem(row, needed[i][1]);

        if (strcmp(object->name, needed[i][0]) != 0 ||
            (v == NULL && rec != NULL) ||
            (cJSON_IsString(v) && v->valuestring[0] != '\0'))
            continue;
        snprintf(text, sizeof(text), "Required fields are missing: [%s]",
                 needed[i][1]);
        return refuse(err, "REQUIRED_FIELD_MISSING", needed[i][1], text);
    }
    return true;
}

/* A lead's activity relates to nothing else. */
static bool
check_parents(struct salesforce *sf, const struct sf_record *rec,
              const cJSON *row, struct sf_error *err)
{
    const cJSON *who = cJSON_GetObjectItem(row, "WhoId");
    const cJSON *what = cJSON_GetObjectItem(row, "WhatId");
    const char *who_id = cJSON_IsString(who)          ? who->valuestring
                         : who == NULL && rec != NULL ? sf_text(rec, "WhoId")
                                                      : NULL;
    const char *what_id = cJSON_IsString(what)          ? what->valuestring
                          : what == NULL && rec != NULL ? sf_text(rec, "WhatId")
                                                        : NULL;
    const struct sf_record *person =
        who_id != NULL ? sf_find(sf, who_id) : NULL;

    if (person == NULL || what_id == NULL ||
        strcmp(person->object->name, "Lead") != 0)
        return true;
    return refuse(err, "FIELD_INTEGRITY_EXCEPTION", "WhatId",
                  "A lead cannot be associated with a related record (WhatId)");
}

bool
sf_check(struct salesforce *sf, const struct sf_object *object,
         const struct sf_record *rec, const cJSON *row, struct sf_error *err)
{
    const cJSON *value;
    char text[300];

    cJSON_ArrayForEach(value, row)
    {
        const struct sf_field *f;

        if (strcasecmp(value->string, "attributes") == 0 ||
            strcasecmp(value->string, "Id") == 0)
            continue;
        f = sf_field_find(object, value->string);
        if (f == NULL) {
            snprintf(text, sizeof(text),
                     "No such column '%.80s' on sobject of type %s",
                     value->string, object->name);
            return refuse(err, "INVALID_FIELD", value->string, text);
        }
        if ((f->flags & (rec == NULL ? SF_CREATE : SF_UPDATE)) == 0) {
            snprintf(text, sizeof(text),
                     "Unable to create/update fields: %s. Please check the "
                     "security settings of this field and verify that it is "
                     "read/write for your profile or permission set.",
                     f->name);
            return refuse(err, "INVALID_FIELD_FOR_INSERT_UPDATE", f->name,
                          text);
        }
        if (!check_value(sf, f, value, err))
            return false;
    }
    return check_required(object, rec, row, err) &&
           check_parents(sf, rec, row, err);
}

static void
put(struct sf_record *rec, const char *name, cJSON *value)
{
    cJSON_DeleteItemFromObjectCaseSensitive(rec->fields, name);
    cJSON_AddItemToObject(rec->fields, name, value);
}

static void
put_default(struct sf_record *rec, const char *name, const char *value)
{
    if (sf_text(rec, name) == NULL)
        put(rec, name, cJSON_CreateString(value));
}

static void
derive_account(struct salesforce *sf, struct sf_record *rec)
{
    const char *what = sf_text(rec, "WhatId"), *who = sf_text(rec, "WhoId");
    const struct sf_record *to = what != NULL  ? sf_find(sf, what)
                                 : who != NULL ? sf_find(sf, who)
                                               : NULL;
    const char *account = NULL;

    if (to != NULL)
        account = strcmp(to->object->name, "Account") == 0
                      ? to->id
                      : sf_text(to, "AccountId");
    put(rec, "AccountId",
        account != NULL ? cJSON_CreateString(account) : cJSON_CreateNull());
}

static void
derive_task(struct sf_record *rec)
{
    bool was_closed =
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(rec->fields, "IsClosed"));
    bool is_closed;
    char at[TIMETEXT_SIZE + 8];

    put_default(rec, "Status", "Not Started");
    put_default(rec, "Priority", "Normal");
    put_default(rec, "TaskSubtype", "Task");
    is_closed = strcmp(sf_text(rec, "Status"), "Completed") == 0;
    put(rec, "IsClosed", cJSON_CreateBool(is_closed));
    put(rec, "IsHighPriority",
        cJSON_CreateBool(strcmp(sf_text(rec, "Priority"), "High") == 0));
    if (is_closed && !was_closed) {
        timetext_s(sandbox_now_ms(), at);
        snprintf(at + 19, 10, ".000+0000");
        put(rec, "CompletedDateTime", cJSON_CreateString(at));
    } else if (!is_closed) {
        put(rec, "CompletedDateTime", cJSON_CreateNull());
    }
}

void
sf_derive(struct salesforce *sf, struct sf_record *rec, bool is_new)
{
    const char *name = rec->object->name;
    char full[300];

    if (is_new && sf_field_find(rec->object, "OwnerId") != NULL)
        put_default(rec, "OwnerId", SF_USER);
    if (strcmp(name, "Task") == 0)
        derive_task(rec);
    if (strcmp(name, "Task") == 0 || strcmp(name, "Event") == 0)
        derive_account(sf, rec);
    if (sf_text(rec, "LastName") != NULL) {
        const char *first = sf_text(rec, "FirstName");

        snprintf(full, sizeof(full), "%s%s%s", first != NULL ? first : "",
                 first != NULL ? " " : "", sf_text(rec, "LastName"));
        put(rec, "Name", cJSON_CreateString(full));
    }
}
