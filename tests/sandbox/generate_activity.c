/* generate_activity: what people of the sample data do, as HubSpot's
 * engagements. */
#include "tests/sandbox/generate.h"

#include <stdio.h>
#include <string.h>

/* A new record of a kind that hangs on a contact and mostly on its company; its
 * properties. */
static cJSON *
engagement(cJSON *hs, const char *type, const struct gen_what *w)
{
    cJSON *row = gen_row(hs, type);
    cJSON *properties = cJSON_AddObjectToObject(row, "properties");
    cJSON *links = cJSON_AddObjectToObject(row, "associations");

    cJSON_AddItemToArray(cJSON_AddArrayToObject(links, "contacts"),
                         cJSON_CreateString(w->who->id));
    if (w->who->company[0] != '\0')
        cJSON_AddItemToArray(cJSON_AddArrayToObject(links, "companies"),
                             cJSON_CreateString(w->who->company));
    gen_time(properties, "hs_timestamp", w->at);
    gen_time(properties, "hs_createdate", w->logged);
    gen_time(properties, "hs_lastmodifieddate", w->logged);
    if (w->n % 7 != 6)
        gen_text(properties, "hubspot_owner_id", "%ld",
                 gen_owner_id(gen_random(GEN_OWNERS)));
    return properties;
}

void
gen_call(cJSON *hs, const struct gen_what *w)
{
    static const char *const results[] = {
        "f240bbac-87c9-4f6e-bf70-924b57d47db7",
        "b2cf5968-551e-4856-9783-52b3da59a7d0",
        "73a0d17f-1163-4015-bdd5-ec830791da20"};
    static const char *const statuses[] = {"COMPLETED", "NO_ANSWER", "BUSY",
                                           "COMPLETED"};
    cJSON *p = engagement(hs, "calls", w);

    gen_text(p, "hs_call_title", "Call: %s", gen_topic());
    gen_html(p, "hs_call_body", false);
    gen_text(p, "hs_call_duration", "%d", 1000 * (int)gen_random(3600) + 250);
    cJSON_AddStringToObject(p, "hs_call_direction",
                            gen_random(2) ? "OUTBOUND" : "INBOUND");
    cJSON_AddStringToObject(p, "hs_call_status",
                            w->n < 2 ? "COMPLETED" : GEN_PICK(statuses));
    cJSON_AddStringToObject(p, "hs_call_disposition", GEN_PICK(results));
    gen_text(p, "hs_call_to_number", "+49 30 %06d", (int)gen_random(1000000));
}

/* Every fifth came in, every seventh is a draft. */
void
gen_email(cJSON *hs, const struct gen_what *w)
{
    cJSON *p = engagement(hs, "emails", w);
    bool is_in = w->n % 5 == 3, is_draft = w->n % 7 == 5;
    char owner[96], uuid[37];

    gen_owner_email(gen_random(GEN_OWNERS), owner, sizeof(owner));
    gen_uuid(uuid);
    gen_text(p, "hs_email_subject", "%s%s", is_in ? "Re: " : "", gen_topic());
    gen_html(p, "hs_email_html", w->n % 40 == 4);
    gen_text(p, "hs_email_text", "Text of %s", gen_topic());
    cJSON_AddStringToObject(p, "hs_email_direction",
                            is_in      ? "INCOMING_EMAIL"
                            : is_draft ? "DRAFT_EMAIL"
                                       : "EMAIL");
    if (!is_draft)
        cJSON_AddStringToObject(p, "hs_email_status", "SENT");
    cJSON_AddStringToObject(p, "hs_email_from_email",
                            is_in ? w->who->email : owner);
    cJSON_AddStringToObject(p, "hs_email_to_email",
                            is_in ? owner : w->who->email);
    gen_text(p, "hs_email_message_id", "<%s@us.test>", uuid);
}

void
gen_meeting(cJSON *hs, const struct gen_what *w)
{
    static const char *const outcomes[] = {"COMPLETED", "NO_SHOW", "SCHEDULED",
                                           "CANCELED"};
    static const char *const places[] = {
        "Raum 3", "https://meet.us.test/j/83?pwd=a&x=1", "会議室A",
        "Calle Mayor 1, 2º izq., Madrid"};
    cJSON *p = engagement(hs, "meetings", w);
    char uuid[37];

    gen_uuid(uuid);
    gen_text(p, "hs_meeting_title", "Meeting: %s", gen_topic());
    gen_html(p, "hs_meeting_body", false);
    gen_time(p, "hs_meeting_start_time", w->at);
    gen_time(p, "hs_meeting_end_time",
             w->at + 900000 * (1 + (int64_t)gen_random(6)));
    cJSON_AddStringToObject(p, "hs_meeting_outcome",
                            w->n < 2 ? "COMPLETED" : GEN_PICK(outcomes));
    cJSON_AddStringToObject(p, "hs_meeting_location", GEN_PICK(places));
    gen_text(p, "hs_i_cal_uid", "%s@us.test", uuid);
}

/* The second of them is longer than a task's description may be. */
void
gen_note(cJSON *hs, const struct gen_what *w)
{
    gen_html(engagement(hs, "notes", w), "hs_note_body", w->n % 40 == 1);
}

void
gen_task(cJSON *hs, const struct gen_what *w)
{
    static const char *const statuses[] = {
        "NOT_STARTED", "COMPLETED", "WAITING", "IN_PROGRESS", "DEFERRED"};
    static const char *const priorities[] = {"NONE", "LOW", "MEDIUM", "HIGH"};
    static const char *const types[] = {"TODO", "CALL", "EMAIL"};
    cJSON *p = engagement(hs, "tasks", w);

    gen_text(p, "hs_task_subject", "Follow up: %s", gen_topic());
    gen_html(p, "hs_task_body", false);
    cJSON_AddStringToObject(p, "hs_task_status", GEN_PICK(statuses));
    cJSON_AddStringToObject(p, "hs_task_priority", GEN_PICK(priorities));
    cJSON_AddStringToObject(p, "hs_task_type", GEN_PICK(types));
}
