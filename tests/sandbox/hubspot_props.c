/* hubspot_props: the properties that exist per type, and the properties API.
 *
 * The tables hold what the docs and public property dumps name (hubspot-api.md,
 * 2.5 and 8); an account whose Salesforce integration was once installed (that
 * is: without --bare) has the salesforce* ones too. */
#include "tests/sandbox/hubspot.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CO  (1 << HS_CONTACTS)
#define CY  (1 << HS_COMPANIES)
#define DE  (1 << HS_DEALS)
#define CA  (1 << HS_CALLS)
#define EM  (1 << HS_EMAILS)
#define ME  (1 << HS_MEETINGS)
#define NO  (1 << HS_NOTES)
#define TA  (1 << HS_TASKS)
#define CM  (1 << HS_COMMUNICATIONS)
#define ACT (CA | EM | ME | NO | TA | CM)
#define ALL (ACT | CO | CY | DE)

/* Comma-separated; a name that begins with '!' is read-only. */
static const struct names {
    int types;
    const char *prop_type, *names;
} names[] = {
    {ALL, "number", "!hs_created_by_user_id,!hs_updated_by_user_id"},
    {ALL, "string",
     "!hs_merged_object_ids,!hs_object_source,!hs_object_source_label,"
     "!hs_object_source_id,!hs_object_source_user_id,"
     "!hs_object_source_detail_1,!hs_object_source_detail_2,"
     "!hs_object_source_detail_3,hs_unique_creation_key"},
    {ALL, "owner", "hubspot_owner_id"},
    {ALL, "datetime", "!hubspot_owner_assigneddate"},
    {ALL, "string", "hubspot_team_id"},
    {ALL, "bool", "!hs_was_imported,!hs_read_only"},
    {ACT, "datetime", "hs_timestamp"},
    {ACT, "string",
     "!hs_created_by,!hs_modified_by,hs_engagement_source,"
     "hs_engagement_source_id,hs_attachment_ids,!hs_body_preview,"
     "!hs_body_preview_html,hs_at_mentioned_owner_ids,"
     "hs_queue_membership_ids,!hs_unique_id,hs_activity_type"},
    {ACT, "bool", "!hs_body_preview_is_truncated,!hs_gdpr_deleted"},

    {CA, "string",
     "hs_call_title,hs_call_body,hs_call_disposition,hs_call_from_number,"
     "hs_call_to_number,hs_call_recording_url,hs_call_callee_object_id,"
     "hs_call_callee_object_type,hs_call_callee_object_type_id,hs_call_source,"
     "hs_call_app_id,hs_call_external_id,hs_call_external_account_id,"
     "hs_call_summary"},
    {CA, "number", "hs_call_duration"},
    {CA, "bool", "hs_call_has_voicemail"},

    {EM, "string",
     "hs_email_subject,hs_email_text,hs_email_html,hs_email_headers,"
     "!hs_email_from_email,!hs_email_from_firstname,!hs_email_from_lastname,"
     "!hs_email_from_raw,!hs_email_to_email,!hs_email_to_firstname,"
     "!hs_email_to_lastname,!hs_email_to_raw,!hs_email_cc_email,"
     "!hs_email_cc_firstname,!hs_email_cc_lastname,!hs_email_cc_raw,"
     "!hs_email_bcc_email,!hs_email_bcc_firstname,!hs_email_bcc_lastname,"
     "!hs_email_bcc_raw,!hs_email_sender_email,!hs_email_sender_firstname,"
     "!hs_email_sender_lastname,!hs_email_sender_raw,hs_email_message_id,"
     "hs_email_thread_id,hs_email_tracker_key,hs_email_sent_via,"
     "hs_email_logged_from,!hs_email_send_event_id,hs_email_error_message,"
     "hs_email_bounce_error_detail_message,hs_sequence_id,hs_template_id"},
    {EM, "datetime",
     "!hs_email_send_event_id_created,!hs_email_post_send_date"},
    {EM, "number",
     "!hs_email_open_count,!hs_email_click_count,!hs_email_reply_count,"
     "!hs_email_sent_count,!hs_email_open_rate,!hs_email_click_rate,"
     "!hs_email_reply_rate"},
    {EM, "bool", "!hs_not_tracking_opens_or_clicks"},

    {ME, "string",
     "hs_meeting_title,hs_meeting_body,hs_internal_meeting_notes,"
     "hs_meeting_outcome,hs_meeting_location,hs_meeting_external_url,"
     "hs_video_conference_url,hs_i_cal_uid,hs_guest_emails,"
     "hs_attendee_owner_ids,hs_meeting_source,hs_meeting_source_id,"
     "hs_meeting_created_from_link_id,hs_external_calendar_id"},
    {ME, "datetime", "hs_meeting_start_time,hs_meeting_end_time"},

    {NO, "string", "hs_note_body"},

    {TA, "string",
     "hs_task_subject,hs_task_body,hs_task_reminders,hs_task_for_object_type,"
     "hs_repeat_status,hs_task_repeat_interval,!hs_pipeline,"
     "!hs_pipeline_stage"},
    {TA, "datetime", "hs_task_completion_date"},
    {TA, "bool", "hs_task_is_all_day,!hs_task_is_completed"},

    {CM, "string", "hs_communication_body"},

    {CO, "string",
     "email,firstname,lastname,phone,mobilephone,fax,company,jobtitle,website,"
     "address,city,state,zip,country,salutation,industry,"
     "hs_additional_emails,hs_lead_status,hs_email_domain,"
     "hs_marketable_until_renewal,hs_analytics_source,"
     "!recent_conversion_event_name,!first_conversion_event_name,"
     "!hs_calculated_form_submissions,!hs_calculated_merged_vids,hs_timezone,"
     "twitterhandle,associatedcompanyid"},
    {CO, "datetime",
     "!recent_conversion_date,!first_conversion_date,"
     "!hs_document_last_revisited,!hs_sales_email_last_opened,"
     "!hs_sales_email_last_clicked,!hs_sales_email_last_replied,"
     "!notes_last_updated,!notes_last_contacted,"
     "!hs_email_last_open_date,!hs_email_last_click_date,"
     "!hs_last_sales_activity_timestamp"},
    {CO, "number",
     "!num_conversion_events,!num_unique_conversion_events,!num_notes,"
     "!hs_email_open,!hs_email_click,!hs_email_delivered"},
    {CO, "bool", "hs_email_optout"},
    {CO | CY, "enumeration", "lifecyclestage"},

    {CY, "string",
     "name,domain,website,phone,address,address2,city,state,zip,country,"
     "industry,description,hs_additional_domains,about_us"},
    {CY, "number", "annualrevenue,numberofemployees,!num_associated_contacts"},
    {DE, "string", "dealname,dealstage,pipeline,dealtype,description"},
    {DE, "number", "amount,hs_deal_stage_probability"},
    {DE, "datetime", "closedate"},
};

static const struct names salesforce_names[] = {
    {CO, "string",
     "salesforcecontactid,salesforceleadid,salesforceaccountid,"
     "salesforceownerid,salesforcecampaignids,salesforceopportunitystage"},
    {CY, "string", "salesforceaccountid"},
    {DE, "string", "hs_salesforceopportunityid"},
    {CO | CY, "bool", "salesforcedeleted"},
    {CO | CY | DE, "datetime", "salesforcelastsynctime"},
};

static const struct {
    int type;
    const char *name, *options;
} enums[] = {
    {HS_CALLS, "hs_call_direction", "INBOUND,OUTBOUND"},
    {HS_CALLS, "hs_call_status",
     "BUSY,CALLING_CRM_USER,CANCELED,COMPLETED,CONNECTING,FAILED,IN_PROGRESS,"
     "MISSED,NO_ANSWER,QUEUED,RINGING"},
    {HS_EMAILS, "hs_email_direction",
     "EMAIL,INCOMING_EMAIL,FORWARDED_EMAIL,DRAFT_EMAIL"},
    {HS_EMAILS, "hs_email_status", "BOUNCED,FAILED,SCHEDULED,SENDING,SENT"},
    {HS_MEETINGS, "hs_meeting_location_type", "ADDRESS,CUSTOM,PHONE"},
    {HS_TASKS, "hs_task_status",
     "NOT_STARTED,IN_PROGRESS,WAITING,COMPLETED,DEFERRED"},
    {HS_TASKS, "hs_task_priority", "NONE,LOW,MEDIUM,HIGH"},
    {HS_TASKS, "hs_task_type",
     "TODO,CALL,EMAIL,LINKED_IN_CONNECT,LINKED_IN_MESSAGE,LINKED_IN"},
    {HS_COMMUNICATIONS, "hs_communication_channel_type",
     "WHATS_APP,LINKEDIN_MESSAGE,SMS"},
    {HS_COMMUNICATIONS, "hs_communication_logged_from", "CRM"},
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

int
hs_def_find(const struct hubspot *hs, int type, const char *name)
{
    const struct hs_table *table = &hs->tables[type];

    return (int)(intptr_t)hs_map_get(&table->def_by_name, name) - 1;
}

static void
add_option(cJSON *options, const char *name, size_t len)
{
    char value[128];
    cJSON *option = cJSON_CreateObject();

    if (len >= sizeof(value))
        len = sizeof(value) - 1;
    memcpy(value, name, len);
    value[len] = '\0';
    cJSON_AddStringToObject(option, "label", value);
    cJSON_AddStringToObject(option, "value", value);
    cJSON_AddNumberToObject(option, "displayOrder", -1);
    cJSON_AddBoolToObject(option, "hidden", false);
    cJSON_AddItemToArray(options, option);
}

static const char *
field_type_of(const char *type)
{
    if (strcmp(type, "datetime") == 0 || strcmp(type, "date") == 0)
        return "date";
    if (strcmp(type, "number") == 0)
        return "number";
    if (strcmp(type, "bool") == 0)
        return "booleancheckbox";
    return strcmp(type, "enumeration") == 0 ? "select" : "text";
}

static const char *
group_of(int type, char *buf, size_t size)
{
    snprintf(buf, size, "%sinformation",
             hs_types[type].singular); /* contactinformation */
    if (type > HS_DEALS)
        snprintf(buf, size, "%s_information", hs_types[type].singular);
    return buf;
}

/* The type "owner" is an enumeration whose options the owners are. */
struct hs_def *
hs_def_add(struct hubspot *hs, int type, const char *name,
           const char *prop_type, const char *options)
{
    struct hs_table *table = &hs->tables[type];
    struct hs_def *def;
    char group[64];

    table->defs = hs_grow(table->defs, table->n_defs, &table->defs_size,
                          sizeof(*table->defs));
    def = &table->defs[table->n_defs++];
    *def = (struct hs_def){
        .name = hs_strdup(name),
        .label = hs_strdup(name),
        .group = hs_strdup(group_of(type, group, sizeof(group))),
        .type = hs_strdup(prop_type),
        .field_type = hs_strdup(field_type_of(prop_type)),
        .display_order = -1,
        .created_ms = sandbox_now_ms(),
    };
    hs_map_put(&table->def_by_name, name, (void *)(intptr_t)table->n_defs);
    for (const char *p = options; p != NULL && *p != '\0';) {
        size_t len = strcspn(p, ",");

        if (def->options == NULL)
            def->options = cJSON_CreateArray();
        add_option(def->options, p, len);
        p += len + (p[len] == ',');
    }
    return def;
}

static void
add_names(struct hubspot *hs, const struct names *row)
{
    for (const char *p = row->names; *p != '\0';) {
        size_t len = strcspn(p, ",");
        char name[64];

        snprintf(name, sizeof(name), "%.*s", (int)(len - (*p == '!')),
                 p + (*p == '!'));
        for (int type = 0; type < HS_N_TYPES; type++) {
            struct hs_def *def;

            if (!(row->types & (1 << type)))
                continue;
            def = hs_def_add(hs, type, name, row->prop_type, NULL);
            def->read_only = *p == '!';
            def->hubspot_defined = true;
        }
        p += len + (p[len] == ',');
    }
}

static void
add_system(struct hubspot *hs, int type)
{
    const struct {
        const char *name, *type;
        enum hs_sys sys;
    } rows[] = {
        {"hs_object_id", "number", HS_SYS_ID},
        {hs_types[type].created, "datetime", HS_SYS_CREATED},
        {hs_types[type].modified, "datetime", HS_SYS_MODIFIED},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct hs_def *def =
            hs_def_add(hs, type, rows[i].name, rows[i].type, NULL);

        def->sys = rows[i].sys;
        def->read_only = def->hubspot_defined = true;
    }
}

void
hs_props_init(struct hubspot *hs)
{
    static const char *const unique[] = {"email", "hs_additional_emails"};

    for (int type = 0; type < HS_N_TYPES; type++)
        add_system(hs, type);
    for (size_t i = 0; i < COUNT(names); i++)
        add_names(hs, &names[i]);
    for (size_t i = 0; i < COUNT(salesforce_names) && !sandbox_options.bare;
         i++)
        add_names(hs, &salesforce_names[i]);
    for (size_t i = 0; i < COUNT(enums); i++)
        hs_def_add(hs, enums[i].type, enums[i].name, "enumeration",
                   enums[i].options)
            ->hubspot_defined = true;
    for (size_t i = 0; i < COUNT(unique); i++)
        hs->tables[HS_CONTACTS]
            .defs[hs_def_find(hs, HS_CONTACTS, unique[i])]
            .is_unique = true;
}

/* ---- the API ---- */

static cJSON *
def_json(const struct hs_def *def)
{
    cJSON *out = cJSON_CreateObject(), *meta;
    bool is_owner = strcmp(def->type, "owner") == 0;

    cJSON_AddItemToObject(out, "createdAt", hs_iso(def->created_ms));
    cJSON_AddItemToObject(out, "updatedAt", hs_iso(def->created_ms));
    cJSON_AddStringToObject(out, "name", def->name);
    cJSON_AddStringToObject(out, "label", def->label);
    cJSON_AddStringToObject(out, "type", is_owner ? "enumeration" : def->type);
    cJSON_AddStringToObject(out, "fieldType", def->field_type);
    cJSON_AddStringToObject(out, "description",
                            def->description ? def->description : "");
    cJSON_AddStringToObject(out, "groupName", def->group);
    cJSON_AddItemToObject(out, "options",
                          def->options ? cJSON_Duplicate(def->options, true)
                                       : cJSON_CreateArray());
    if (is_owner)
        cJSON_AddStringToObject(out, "referencedObjectType", "OWNER");
    cJSON_AddNumberToObject(out, "displayOrder", def->display_order);
    cJSON_AddBoolToObject(out, "calculated", false);
    cJSON_AddBoolToObject(out, "externalOptions", is_owner);
    cJSON_AddBoolToObject(out, "archived", false);
    cJSON_AddBoolToObject(out, "hasUniqueValue", def->is_unique);
    cJSON_AddBoolToObject(out, "hidden", def->is_hidden);
    if (def->hubspot_defined)
        cJSON_AddBoolToObject(out, "hubspotDefined", true);
    meta = cJSON_AddObjectToObject(out, "modificationMetadata");
    cJSON_AddBoolToObject(meta, "archivable", !def->hubspot_defined);
    cJSON_AddBoolToObject(meta, "readOnlyDefinition", def->hubspot_defined);
    cJSON_AddBoolToObject(meta, "readOnlyValue", def->read_only);
    cJSON_AddBoolToObject(out, "formField", def->is_form_field);
    return out;
}

static bool
is_one_of(const char *word, const char *list)
{
    size_t len = strlen(word);

    for (const char *p = list; *p != '\0';) {
        size_t n = strcspn(p, ",");

        if (n == len && memcmp(p, word, n) == 0)
            return true;
        p += n + (p[n] == ',');
    }
    return false;
}

static bool
says(const cJSON *body, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(body, name));
}

/* What a definition may say besides what it has to. */
static void
take_options(struct hs_def *def, const cJSON *body)
{
    const cJSON *options = cJSON_GetObjectItemCaseSensitive(body, "options");
    const cJSON *order = cJSON_GetObjectItemCaseSensitive(body, "displayOrder");
    const char *description = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(body, "description"));

    def->is_unique = says(body, "hasUniqueValue");
    def->is_hidden = says(body, "hidden");
    def->is_form_field = says(body, "formField");
    if (cJSON_IsNumber(order))
        def->display_order = order->valueint;
    if (description != NULL)
        def->description = hs_strdup(description);
    if (cJSON_GetArraySize(options) > 0)
        def->options = cJSON_Duplicate(options, true);
}

/* What the account or the token does not allow; false: answered. */
static bool
may_create(struct hs_call *call, int type)
{
    bool is_unique = cJSON_IsTrue(
        cJSON_GetObjectItemCaseSensitive(call->body, "hasUniqueValue"));

    if (!is_unique || !call->hs->no_unique || type <= HS_DEALS)
        return true;
    hs_answer_error(call, 400, "VALIDATION_ERROR",
                    "Unique properties are not supported for object type %s",
                    hs_types[type].type_id);
    return false;
}

static void
create_def(struct hs_call *call, int type)
{
    static const char *const needed[] = {"groupName", "name", "label", "type",
                                         "fieldType"};
    const char *given[COUNT(needed)];
    struct hs_def *def;

    for (size_t i = 0; i < COUNT(needed); i++) {
        given[i] = cJSON_GetStringValue(
            cJSON_GetObjectItemCaseSensitive(call->body, needed[i]));
        if (given[i] == NULL) {
            hs_answer_error(call, 400, "VALIDATION_ERROR",
                            "Invalid input JSON: Cannot build "
                            "PropertyCreate, some of required attributes "
                            "are not set [%s]",
                            needed[i]);
            return;
        }
    }
    if (!is_one_of(given[3], "bool,date,datetime,enumeration,number,string,"
                             "phone_number")) {
        hs_answer_error(call, 400, "VALIDATION_ERROR",
                        "Invalid property type %s", given[3]);
        return;
    }
    if (hs_def_find(call->hs, type, given[1]) >= 0) {
        hs_answer_error(call, 409, "OBJECT_ALREADY_EXISTS",
                        "A property named '%s' already exists.", given[1]);
        return;
    }
    if (!may_create(call, type))
        return;
    def = hs_def_add(call->hs, type, given[1], given[3], NULL);
    free(def->group);
    free(def->label);
    free(def->field_type);
    def->group = hs_strdup(given[0]);
    def->label = hs_strdup(given[2]);
    def->field_type = hs_strdup(given[4]);
    take_options(def, call->body);
    response_json(call->res, 201, def_json(def));
}

static void
list_defs(struct hs_call *call, int type)
{
    const struct hs_table *table = &call->hs->tables[type];
    cJSON *answer = cJSON_CreateObject();
    cJSON *results = cJSON_AddArrayToObject(answer, "results");

    for (size_t i = 0; i < table->n_defs; i++)
        cJSON_AddItemToArray(results, def_json(&table->defs[i]));
    response_json(call->res, 200, answer);
}

static void
list_groups(struct hs_call *call, int type)
{
    cJSON *answer = cJSON_CreateObject(), *group = cJSON_CreateObject();
    char name[64];

    cJSON_AddStringToObject(group, "name", group_of(type, name, sizeof(name)));
    cJSON_AddStringToObject(group, "label", name);
    cJSON_AddNumberToObject(group, "displayOrder", 0);
    cJSON_AddBoolToObject(group, "archived", false);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(answer, "results"), group);
    response_json(call->res, 200, answer);
}

void
hs_properties(struct hs_call *call)
{
    int type = call->n > 0 ? hs_type_of(call->parts[0]) : -1, def;

    hs_pattern(call, "/%s%s", type < 0 ? "{type}" : call->parts[0],
               call->n == 2 ? "/{name}" : "");
    if (type < 0 || call->n > 2) {
        hs_not_found(call);
    } else if (!hs_may_properties(call, type)) {
        return;
    } else if (call->n == 1 && hs_is(call, "GET")) {
        list_defs(call, type);
    } else if (call->n == 1 && hs_is(call, "POST")) {
        create_def(call, type);
    } else if (call->n == 1 || !hs_is(call, "GET")) {
        hs_method_not_allowed(call);
    } else if (strcmp(call->parts[1], "groups") == 0) {
        hs_pattern(call, "/%s/groups", call->parts[0]);
        list_groups(call, type);
    } else if ((def = hs_def_find(call->hs, type, call->parts[1])) < 0) {
        hs_answer_error(call, 404, "OBJECT_NOT_FOUND",
                        "Property %s does not exist", call->parts[1]);
    } else {
        response_json(call->res, 200,
                      def_json(&call->hs->tables[type].defs[def]));
    }
}
