/* salesforce_fields: which objects there are, with which fields
 * (salesforce-api.md, 4). */
#include "tests/sandbox/salesforce.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define F(name, label, type, length, flags)                                    \
    {                                                                          \
        name, label, type, length, flags, NULL                                 \
    }
#define LIST(name, label, type, length, flags, values)                         \
    {                                                                          \
        name, label, type, length, flags, values                               \
    }
#define REF(name, label, flags, to) LIST(name, label, SF_REF, 18, flags, to)
#define SYSTEM                                                                 \
    F("Id", "Record ID", SF_ID, 18, SF_LOOKUP | SF_FILLED),                    \
        F("IsDeleted", "Deleted", SF_BOOL, 0, SF_FILLED),                      \
        F("CreatedDate", "Created Date", SF_DATETIME, 0, SF_FILLED),           \
        REF("CreatedById", "Created By ID", SF_FILLED, "User"),                \
        F("LastModifiedDate", "Last Modified Date", SF_DATETIME, 0,            \
          SF_FILLED),                                                          \
        REF("LastModifiedById", "Last Modified By ID", SF_FILLED, "User"),     \
        F("SystemModstamp", "System Modstamp", SF_DATETIME, 0, SF_FILLED)
#define OWNER(label) REF("OwnerId", label, SF_CU | SF_FILLED, "User")
#define ACTIVITY                                                               \
    F("Subject", "Subject", SF_COMBO, 255, SF_CU),                             \
        F("Description", "Description", SF_TEXTAREA, 32000, SF_CU),            \
        LIST("Type", "Type", SF_PICKLIST, 40, SF_CU,                           \
             "Call;Email;Meeting;Other"),                                      \
        REF("WhoId", "Name ID", SF_CU, "Contact;Lead"),                        \
        REF("WhatId", "Related To ID", SF_CU, "Account;Opportunity"),          \
        REF("AccountId", "Account ID", 0, "Account"),                          \
        F("IsReminderSet", "Reminder Set", SF_BOOL, 0, SF_CU | SF_FILLED),     \
        F("ReminderDateTime", "Reminder Date/Time", SF_DATETIME, 0, SF_CU),    \
        F("IsArchived", "Archived", SF_BOOL, 0, SF_FILLED),                    \
        F("IsRecurrence", "Create Recurring Series", SF_BOOL, 0,               \
          SF_CREATE | SF_FILLED),                                              \
        F("IsVisibleInSelfService", "Public", SF_BOOL, 0, SF_CU | SF_FILLED),  \
        F("HubSpot_Id__c", "HubSpot Id", SF_STRING, 255,                       \
          SF_CU | SF_KEY | SF_LOOKUP)

static const struct sf_field task_fields[] = {
    SYSTEM,
    OWNER("Assigned To ID"),
    ACTIVITY,
    F("ActivityDate", "Due Date Only", SF_DATE, 0, SF_CU),
    LIST("Status", "Status", SF_PICKLIST, 255, SF_CU | SF_FILLED,
         "Not Started;In Progress;Completed;Waiting on someone else;Deferred"),
    LIST("Priority", "Priority", SF_PICKLIST, 255, SF_CU | SF_FILLED,
         "High;Normal;Low"),
    F("IsHighPriority", "High Priority", SF_BOOL, 0, SF_FILLED),
    F("IsClosed", "Closed", SF_BOOL, 0, SF_FILLED),
    F("CompletedDateTime", "Completed Date", SF_DATETIME, 0, 0),
    LIST("TaskSubtype", "Task Subtype", SF_RESTRICTED, 40, SF_CREATE,
         "Task;Email;Call;LinkedIn;ListEmail"),
    LIST("CallType", "Call Type", SF_RESTRICTED, 40, SF_CU,
         "Inbound;Outbound;Internal"),
    F("CallDurationInSeconds", "Call Duration", SF_INT, 0, SF_CU),
    F("CallDisposition", "Call Result", SF_STRING, 255, SF_CU),
    F("CallObject", "Call Object Identifier", SF_STRING, 255, SF_CU),
};
static const struct sf_field event_fields[] = {
    SYSTEM,
    OWNER("Assigned To ID"),
    ACTIVITY,
    F("Location", "Location", SF_STRING, 255, SF_CU),
    F("StartDateTime", "Start Date Time", SF_DATETIME, 0, SF_CU),
    F("EndDateTime", "End Date Time", SF_DATETIME, 0, SF_CU),
    F("EndDate", "End Date", SF_DATE, 0, 0),
    F("ActivityDateTime", "Due Date Time", SF_DATETIME, 0, SF_CU),
    F("ActivityDate", "Due Date Only", SF_DATE, 0, SF_CU),
    F("DurationInMinutes", "Duration", SF_INT, 0, SF_CU),
    F("IsAllDayEvent", "All-Day Event", SF_BOOL, 0, SF_CU | SF_FILLED),
    F("IsPrivate", "Private", SF_BOOL, 0, SF_CU | SF_FILLED),
    LIST("ShowAs", "Show Time As", SF_RESTRICTED, 40, SF_CU | SF_FILLED,
         "Busy;OutOfOffice;Free"),
    LIST("EventSubtype", "Event Subtype", SF_RESTRICTED, 40, SF_CREATE,
         "Event"),
    F("IsChild", "Is Child", SF_BOOL, 0, SF_FILLED),
    F("IsGroupEvent", "Is Group Event", SF_BOOL, 0, SF_FILLED),
    F("ICal_UID__c", "iCal UID", SF_STRING, 255, SF_CU),
};
#define PERSON                                                                 \
    F("FirstName", "First Name", SF_STRING, 40, SF_CU),                        \
        F("LastName", "Last Name", SF_STRING, 80, SF_CU | SF_REQUIRED),        \
        F("Name", "Full Name", SF_STRING, 121, SF_FILLED),                     \
        F("Email", "Email", SF_EMAIL, 80, SF_CU | SF_LOOKUP),                  \
        F("Phone", "Phone", SF_PHONE, 40, SF_CU),                              \
        F("MobilePhone", "Mobile Phone", SF_PHONE, 40, SF_CU),                 \
        F("Title", "Title", SF_STRING, 128, SF_CU),                            \
        F("Description", "Description", SF_TEXTAREA, 32000, SF_CU)
static const struct sf_field contact_fields[] = {
    SYSTEM,
    OWNER("Owner ID"),
    PERSON,
    REF("MasterRecordId", "Master Record ID", 0, "Contact"),
    REF("AccountId", "Account ID", SF_CU, "Account"),
};
static const struct sf_field lead_fields[] = {
    SYSTEM,
    OWNER("Owner ID"),
    PERSON,
    REF("MasterRecordId", "Master Record ID", 0, "Lead"),
    F("Company", "Company", SF_STRING, 255, SF_CU | SF_REQUIRED),
    LIST("Status", "Lead Status", SF_PICKLIST, 255, SF_CU | SF_FILLED,
         "Open - Not Contacted;Working - Contacted;Closed - Converted;"
         "Closed - Not Converted"),
    F("IsConverted", "Converted", SF_BOOL, 0, SF_FILLED),
    REF("ConvertedContactId", "Converted Contact ID", 0, "Contact"),
    REF("ConvertedAccountId", "Converted Account ID", 0, "Account"),
    REF("ConvertedOpportunityId", "Converted Opportunity ID", 0, "Opportunity"),
    F("ConvertedDate", "Converted Date", SF_DATE, 0, 0),
};
static const struct sf_field account_fields[] = {
    SYSTEM,
    OWNER("Owner ID"),
    F("Name", "Account Name", SF_STRING, 255, SF_CU | SF_REQUIRED),
    F("Website", "Website", SF_URL, 255, SF_CU),
    F("Phone", "Account Phone", SF_PHONE, 40, SF_CU),
    F("Description", "Account Description", SF_TEXTAREA, 32000, SF_CU),
    REF("ParentId", "Parent Account ID", SF_CU, "Account"),
    REF("MasterRecordId", "Master Record ID", 0, "Account"),
};
static const struct sf_field opportunity_fields[] = {
    SYSTEM,
    OWNER("Owner ID"),
    F("Name", "Name", SF_STRING, 120, SF_CU | SF_REQUIRED),
    LIST("StageName", "Stage", SF_PICKLIST, 255, SF_CU | SF_REQUIRED,
         "Prospecting;Qualification;Closed Won;Closed Lost"),
    F("CloseDate", "Close Date", SF_DATE, 0, SF_CU | SF_REQUIRED),
    F("Amount", "Amount", SF_DOUBLE, 0, SF_CU),
    REF("AccountId", "Account ID", SF_CU, "Account"),
    F("IsClosed", "Closed", SF_BOOL, 0, SF_FILLED),
};
static const struct sf_field role_fields[] = {
    SYSTEM,
    REF("OpportunityId", "Opportunity ID", SF_CREATE | SF_REQUIRED,
        "Opportunity"),
    REF("ContactId", "Contact ID", SF_CU | SF_REQUIRED, "Contact"),
    F("Role", "Role", SF_STRING, 255, SF_CU),
    F("IsPrimary", "Primary", SF_BOOL, 0, SF_CU | SF_FILLED),
};
static const struct sf_field user_fields[] = {
    SYSTEM,
    F("Username", "Username", SF_STRING, 80, SF_CU | SF_REQUIRED | SF_LOOKUP),
    F("Email", "Email", SF_EMAIL, 128, SF_CU | SF_REQUIRED),
    F("Alias", "Alias", SF_STRING, 8, SF_CU),
    F("Name", "Full Name", SF_STRING, 121, SF_FILLED),
    F("FirstName", "First Name", SF_STRING, 40, SF_CU),
    F("LastName", "Last Name", SF_STRING, 80, SF_CU | SF_REQUIRED),
    F("Title", "Title", SF_STRING, 80, SF_CU),
    F("Phone", "Phone", SF_PHONE, 40, SF_CU),
    F("IsActive", "Active", SF_BOOL, 0, SF_CU | SF_FILLED),
    F("UserType", "User Type", SF_PICKLIST, 40, 0),
    REF("ProfileId", "Profile ID", SF_CU, "Profile"),
    F("TimeZoneSidKey", "Time Zone", SF_STRING, 40, SF_CU),
    F("LocaleSidKey", "Locale", SF_STRING, 40, SF_CU),
    F("LanguageLocaleKey", "Language", SF_STRING, 40, SF_CU),
    F("EmailEncodingKey", "Email Encoding", SF_STRING, 40, SF_CU),
    F("FederationIdentifier", "SAML Federation ID", SF_STRING, 512, SF_CU),
};
static const struct sf_field mail_fields[] = {
    SYSTEM,
    LIST("Status", "Status", SF_RESTRICTED, 40, SF_CU | SF_REQUIRED,
         "0;1;2;3;4;5"),
    F("Incoming", "Is Incoming", SF_BOOL, 0, SF_CREATE | SF_FILLED),
    F("Subject", "Subject", SF_STRING, 3000, SF_CU),
    F("TextBody", "Text Body", SF_TEXTAREA, 131072, SF_CU),
    F("HtmlBody", "HTML Body", SF_TEXTAREA, 131072, SF_CU),
    F("FromAddress", "From Address", SF_EMAIL, 1000, SF_CU),
    F("FromName", "From Name", SF_STRING, 1000, SF_CU),
    F("ToAddress", "To Address", SF_STRING, 4000, SF_CU),
    F("CcAddress", "CC Address", SF_STRING, 4000, SF_CU),
    F("BccAddress", "BCC Address", SF_STRING, 4000, SF_CU),
    F("MessageDate", "Message Date", SF_DATETIME, 0, SF_CU),
    F("MessageIdentifier", "Message ID", SF_STRING, 765, SF_CU | SF_LOOKUP),
    F("ThreadIdentifier", "Thread ID", SF_STRING, 765, SF_CU | SF_LOOKUP),
    REF("RelatedToId", "Related To ID", SF_CU, "Account;Opportunity"),
    REF("ActivityId", "Activity ID", SF_CREATE, "Task"),
    LIST("Source", "Source", SF_RESTRICTED, 40, SF_CREATE,
         "Einstein Activity Capture;Einstein Activity Capture Limited;"
         "Email Integration App Manual;Migrated Captured Email;"
         "Migrated Captured Email Header Only"),
    F("HasAttachment", "Has Attachment", SF_BOOL, 0, SF_FILLED),
    F("IsOpened", "Opened?", SF_BOOL, 0, SF_FILLED),
};
static const struct sf_field organization_fields[] = {
    SYSTEM,
    F("Name", "Name", SF_STRING, 80, 0),
    F("TimeZoneSidKey", "Time Zone", SF_STRING, 40, 0),
    F("DefaultLocaleSidKey", "Locale", SF_STRING, 40, 0),
    F("OrganizationType", "Edition", SF_STRING, 40, 0),
    F("IsSandbox", "Is Sandbox", SF_BOOL, 0, SF_FILLED),
};
static const struct sf_field status_fields[] = {
    SYSTEM,
    F("ApiName", "API Name", SF_STRING, 255, 0),
    F("MasterLabel", "Master Label", SF_STRING, 255, 0),
    F("IsClosed", "Is Closed", SF_BOOL, 0, SF_FILLED),
    F("IsDefault", "Is Default", SF_BOOL, 0, SF_FILLED),
    F("SortOrder", "Sort Order", SF_INT, 0, 0),
};
static const struct sf_field custom_fields[] = {
    SYSTEM,
    F("DeveloperName", "Developer Name", SF_STRING, 40, 0),
    F("TableEnumOrId", "Entity Enumeration Or Id", SF_STRING, 40, 0),
};
static const struct sf_field set_fields[] = {
    SYSTEM,
    F("Name", "Permission Set Name", SF_STRING, 80, SF_CU | SF_REQUIRED),
    F("Label", "Permission Set Label", SF_STRING, 80, SF_CU | SF_REQUIRED),
    F("Description", "Description", SF_STRING, 255, SF_CU),
};
static const struct sf_field grant_fields[] = {
    SYSTEM,
    REF("ParentId", "Parent ID", SF_CREATE | SF_REQUIRED, "PermissionSet"),
    F("SobjectType", "Sobject Type Name", SF_STRING, 40,
      SF_CREATE | SF_REQUIRED),
    F("Field", "Field Name", SF_STRING, 255, SF_CREATE | SF_REQUIRED),
    F("PermissionsRead", "Read Field", SF_BOOL, 0, SF_CU | SF_FILLED),
    F("PermissionsEdit", "Edit Field", SF_BOOL, 0, SF_CU | SF_FILLED),
};
static const struct sf_field assignment_fields[] = {
    SYSTEM,
    REF("AssigneeId", "Assignee ID", SF_CREATE | SF_REQUIRED, "User"),
    REF("PermissionSetId", "PermissionSet ID", SF_CREATE | SF_REQUIRED,
        "PermissionSet"),
};
#define PERMISSION(name, label)                                                \
    F("Permissions" name, label, SF_BOOL, 0, SF_FILLED)
static const struct sf_field access_fields[] = {
    SYSTEM,
    PERMISSION("ActivitiesAccess", "Access Activities"),
    PERMISSION("ApiEnabled", "API Enabled"),
    PERMISSION("EditEvent", "Edit Events"),
    PERMISSION("EditTask", "Edit Tasks"),
    PERMISSION("ViewAllData", "View All Data"),
};
static const struct sf_field folder_fields[] = {
    SYSTEM,
    F("Name", "Name", SF_STRING, 40, 0),
    F("DeveloperName", "Folder Unique Name", SF_STRING, 80, 0),
    F("Type", "Type", SF_STRING, 40, 0),
};
static const struct sf_field report_fields[] = {
    SYSTEM,
    F("Name", "Report Name", SF_STRING, 40, 0),
    F("DeveloperName", "Report Unique Name", SF_STRING, 80, 0),
    REF("OwnerId", "Owner ID", SF_FILLED, "Folder"),
    F("FolderName", "Folder Name", SF_STRING, 256, 0),
    F("Format", "Format", SF_STRING, 40, 0),
    F("LastRunDate", "Last Run", SF_DATETIME, 0, 0),
};

#define OBJECT(name, prefix, fields)                                           \
    {                                                                          \
        name, prefix, fields, sizeof(fields) / sizeof((fields)[0])             \
    }
struct sf_object sf_objects[SF_N_OBJECTS] = {
    OBJECT("Task", "00T", task_fields),
    OBJECT("Event", "00U", event_fields),
    OBJECT("Contact", "003", contact_fields),
    OBJECT("Lead", "00Q", lead_fields),
    OBJECT("Account", "001", account_fields),
    OBJECT("Opportunity", "006", opportunity_fields),
    OBJECT("User", "005", user_fields),
    OBJECT("EmailMessage", "02s", mail_fields),
    OBJECT("Organization", "00D", organization_fields),
    OBJECT("TaskStatus", "01J", status_fields),
    OBJECT("OpportunityContactRole", "00K", role_fields),
    OBJECT("CustomField", "00N", custom_fields),
    OBJECT("PermissionSet", "0PS", set_fields),
    OBJECT("FieldPermissions", "01k", grant_fields),
    OBJECT("PermissionSetAssignment", "0Pa", assignment_fields),
    OBJECT("Folder", "00l", folder_fields),
    OBJECT("Report", "00O", report_fields),
    OBJECT("UserPermissionAccess", "000", access_fields),
};

/* ---- custom fields ---- */

/* The fields of Task and Event, with room for more of them. */
static struct sf_field rooms[SF_N_ACTIVITIES][64];
#define ROOM (sizeof(rooms[0]) / sizeof(rooms[0][0]))

static bool
is_custom(const struct sf_field *f)
{
    size_t n = strlen(f->name);

    return n > 3 && strcmp(f->name + n - 3, "__c") == 0;
}

void
sf_fields_init(void)
{
    const struct {
        const struct sf_field *fields;
        size_t n;
    } from[SF_N_ACTIVITIES] = {
        {task_fields, sizeof(task_fields) / sizeof(task_fields[0])},
        {event_fields, sizeof(event_fields) / sizeof(event_fields[0])}};

    for (size_t i = 0; i < SF_N_ACTIVITIES; i++) {
        struct sf_object *object = &sf_objects[i];

        object->fields = rooms[i];
        object->n_fields = 0;
        for (size_t k = 0; k < from[i].n; k++)
            if (!(sandbox_options.bare && is_custom(&from[i].fields[k])))
                rooms[i][object->n_fields++] = from[i].fields[k];
    }
}

bool
sf_field_put(size_t activity, const struct sf_field *f)
{
    struct sf_object *object = &sf_objects[activity];
    size_t k = 0;

    while (k < object->n_fields && strcasecmp(rooms[activity][k].name, f->name))
        k++;
    if (k == ROOM)
        return false;
    rooms[activity][k] = *f;
    object->n_fields += k == object->n_fields;
    return true;
}

/* ---- by name ---- */

const struct sf_object *
sf_object_find(const char *name)
{
    for (size_t i = 0; i < SF_N_OBJECTS; i++)
        if (strcasecmp(sf_objects[i].name, name) == 0)
            return &sf_objects[i];
    return NULL;
}

const struct sf_object *
sf_object_of_id(const char *id)
{
    for (size_t i = 0; i < SF_N_OBJECTS; i++)
        if (strncmp(sf_objects[i].prefix, id, 3) == 0)
            return &sf_objects[i];
    return NULL;
}

const struct sf_field *
sf_field_find(const struct sf_object *object, const char *name)
{
    for (size_t i = 0; i < object->n_fields; i++) {
        const struct sf_field *f = &object->fields[i];

        if (strcasecmp(f->name, name) == 0)
            return sf_field_is_hidden(f) ? NULL : f;
    }
    return NULL;
}

const struct sf_field *
sf_relation(const struct sf_object *object, const char *name, size_t len)
{
    char id[64];
    const struct sf_field *f;

    if (len + 3 > sizeof(id))
        return NULL;
    snprintf(id, sizeof(id), "%.*sId", (int)len, name);
    f = sf_field_find(object, id);
    return f != NULL && f->type == SF_REF ? f : NULL;
}

bool
sf_listed(const char *values, const char *value)
{
    size_t n = strlen(value);

    for (const char *at = values; at != NULL && *at != '\0';) {
        size_t len = strcspn(at, ";");

        if (len == n && strncasecmp(at, value, n) == 0)
            return true;
        at += len + (at[len] == ';');
    }
    return false;
}
