/* generate_activity: what the people of the sample data do. */
#include "tests/sandbox/generate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const texts[] = {
    "<div><p>Grüße aus Köln &amp; danke für das Gespräch.</p><ul><li>Angebot "
    "schicken</li><li>Termin am 3.&nbsp;Mai</li></ul></div>",
    "<p>Talked about <b>renewal</b>; see <a "
    "href=\"https://example.test/offer?a=1&amp;b=2\">the offer</a> "
    "\xF0\x9F\x9A\x80</p><script>alert(1)</script>",
    "<div style=\"\" dir=\"auto\" data-top-level=\"true\"><p "
    "style=\"margin:0;\">来週の会議について。</p></div>",
    "Plain text, no tags. Budget &lt; 10&euro;k",
};
#define TEXT texts[gen_random(sizeof(texts) / sizeof(texts[0]))]

/* One in fifty is longer than a task's description may be. */
static void
add_body(cJSON *properties, const char *name)
{
    const char *text = TEXT;
    char *s;

    if (gen_random(50) != 0) {
        cJSON_AddStringToObject(properties, name, text);
        return;
    }
    s = calloc(1, 40000);
    if (s == NULL)
        abort();
    while (strlen(s) + strlen(text) < 36000)
        strcat(s, text);
    cJSON_AddStringToObject(properties, name, s);
    free(s);
}

static cJSON *
engagement(cJSON *hs, const char *type, int contact, int64_t at)
{
    cJSON *row = gen_row(hs, type);
    cJSON *properties = cJSON_AddObjectToObject(row, "properties");
    cJSON *links = cJSON_AddObjectToObject(row, "associations");
    char id[24];

    snprintf(id, sizeof(id), "%d", 100 + contact);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(links, "contacts"),
                         cJSON_CreateString(id));
    snprintf(id, sizeof(id), "%d", 70 + contact % 8);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(links, "companies"),
                         cJSON_CreateString(id));
    gen_time(properties, "hs_timestamp", at);
    gen_time(properties, "hs_createdate", at);
    gen_time(properties, "hs_lastmodifieddate", at);
    gen_text(properties, "hubspot_owner_id", "%d",
             41629770 + (int)gen_random(4));
    return properties;
}

static void
add_call(cJSON *hs, int contact, int64_t at)
{
    static const char *const results[] = {
        "f240bbac-87c9-4f6e-bf70-924b57d47db7",
        "b2cf5968-551e-4856-9783-52b3da59a7d0",
        "73a0d17f-1163-4015-bdd5-ec830791da20"};
    cJSON *p = engagement(hs, "calls", contact, at);

    gen_text(p, "hs_call_title", "Call about Q%d", 1 + (int)gen_random(4));
    add_body(p, "hs_call_body");
    gen_text(p, "hs_call_duration", "%d", 1000 * (int)gen_random(3600));
    cJSON_AddStringToObject(p, "hs_call_direction",
                            gen_random(2) ? "OUTBOUND" : "INBOUND");
    cJSON_AddStringToObject(p, "hs_call_status", "COMPLETED");
    cJSON_AddStringToObject(p, "hs_call_disposition", results[gen_random(3)]);
}

static void
add_email(cJSON *hs, int contact, int64_t at)
{
    static const char *const kinds[] = {"EMAIL", "EMAIL", "EMAIL",
                                        "INCOMING_EMAIL"};
    cJSON *p = engagement(hs, "emails", contact, at);
    char email[64];

    gen_email(contact, email, sizeof(email));
    gen_text(p, "hs_email_subject", "Angebot %d: wie besprochen",
             (int)gen_random(1000));
    add_body(p, "hs_email_html");
    cJSON_AddStringToObject(p, "hs_email_direction", kinds[gen_random(4)]);
    cJSON_AddStringToObject(p, "hs_email_status", "SENT");
    cJSON_AddStringToObject(p, "hs_email_from_email", "owner1@us.test");
    cJSON_AddStringToObject(p, "hs_email_to_email", email);
}

static void
add_meeting(cJSON *hs, int contact, int64_t at)
{
    cJSON *p = engagement(hs, "meetings", contact, at);

    gen_text(p, "hs_meeting_title", "Meeting with %s", "Zoë & Jürgen");
    add_body(p, "hs_meeting_body");
    gen_time(p, "hs_meeting_start_time", at);
    gen_time(p, "hs_meeting_end_time", at + 1800000);
    cJSON_AddStringToObject(p, "hs_meeting_outcome", "COMPLETED");
    cJSON_AddStringToObject(p, "hs_meeting_location", "Raum 3");
}

static void
add_note(cJSON *hs, int contact, int64_t at)
{
    add_body(engagement(hs, "notes", contact, at), "hs_note_body");
}

static void
add_task(cJSON *hs, int contact, int64_t at)
{
    static const char *const statuses[] = {"NOT_STARTED", "COMPLETED",
                                           "WAITING"};
    cJSON *p = engagement(hs, "tasks", contact, at);

    gen_text(p, "hs_task_subject", "Follow up #%d", (int)gen_random(1000));
    add_body(p, "hs_task_body");
    cJSON_AddStringToObject(p, "hs_task_status", statuses[gen_random(3)]);
    cJSON_AddStringToObject(p, "hs_task_priority", "HIGH");
    cJSON_AddStringToObject(p, "hs_task_type", "TODO");
}

static void
email_event(cJSON *hs, const char *type, int contact, int64_t at)
{
    cJSON *e = gen_row(hs, "email_events");
    int campaign = (int)gen_random(4);
    char email[64];

    gen_email(contact, email, sizeof(email));
    gen_text(e, "id", "e%016" PRIx64, gen_random(UINT64_MAX));
    cJSON_AddNumberToObject(e, "created", (double)at);
    cJSON_AddStringToObject(e, "type", type);
    cJSON_AddStringToObject(e, "recipient", email);
    cJSON_AddNumberToObject(e, "emailCampaignId", 900 + campaign);
    cJSON_AddNumberToObject(e, "appId", 113);
    if (strcmp(type, "SENT") == 0) {
        gen_text(e, "subject", "News %d", campaign);
        cJSON_AddStringToObject(e, "from", "news@us.test");
        return;
    }
    cJSON_AddBoolToObject(e, "filteredEvent", gen_random(12) == 0);
    if (strcmp(type, "CLICK") == 0)
        cJSON_AddStringToObject(e, "url", "https://us.test/offer?x=1");
}

static void
add_sent(cJSON *hs, int contact, int64_t at)
{
    email_event(hs, "SENT", contact, at);
    email_event(hs, "DELIVERED", contact, at + 2);
}

static void
add_open(cJSON *hs, int contact, int64_t at)
{
    email_event(hs, "OPEN", contact, at);
}

static void
add_click(cJSON *hs, int contact, int64_t at)
{
    email_event(hs, "CLICK", contact, at);
}

static void
add_form(cJSON *hs, int contact, int64_t at)
{
    cJSON *s = gen_row(hs, "form_submissions");
    cJSON *values, *value;
    char email[64];

    gen_email(contact, email, sizeof(email));
    gen_text(s, "formId", "f0000000-0000-4000-8000-00000000000%d",
             (int)gen_random(4));
    gen_text(s, "conversionId", "c%016" PRIx64, gen_random(UINT64_MAX));
    cJSON_AddNumberToObject(s, "submittedAt", (double)at);
    cJSON_AddStringToObject(s, "pageUrl", "https://us.test/kontakt");
    values = cJSON_AddArrayToObject(s, "values");
    for (int i = 0; i < 2; i++) {
        value = cJSON_CreateObject();
        cJSON_AddStringToObject(value, "name", i == 0 ? "email" : "message");
        cJSON_AddStringToObject(value, "value",
                                i == 0 ? email : "Bitte um Rückruf");
        cJSON_AddItemToArray(values, value);
    }
}

static cJSON *
occurrence(cJSON *hs, const char *type, int contact, int64_t at)
{
    cJSON *e = gen_row(hs, "events");

    gen_text(e, "id", "o%016" PRIx64, gen_random(UINT64_MAX));
    cJSON_AddStringToObject(e, "eventType", type);
    cJSON_AddStringToObject(e, "objectType", "CONTACT");
    gen_text(e, "objectId", "%d", 100 + contact);
    gen_time(e, "occurredAt", at);
    return cJSON_AddObjectToObject(e, "properties");
}

static void
add_sales_open(cJSON *hs, int contact, int64_t at)
{
    cJSON *p = occurrence(hs, "e_opened_tracked_inbox_email_v8", contact, at);

    cJSON_AddStringToObject(p, "hs_email_subject", "Angebot");
    cJSON_AddStringToObject(p, "hs_device_type", "MOBILE");
}

static void
add_sales_click(cJSON *hs, int contact, int64_t at)
{
    cJSON *p =
        occurrence(hs, "e_clicked_link_in_tracked_inbox_email_v8", contact, at);

    cJSON_AddStringToObject(p, "hs_email_subject", "Angebot");
    cJSON_AddStringToObject(p, "hs_clicked_url", "https://us.test/a");
}

static void
add_view(cJSON *hs, int contact, int64_t at)
{
    cJSON *p = occurrence(hs, "e_document_viewed_v2", contact, at);

    cJSON_AddStringToObject(p, "hs_document_name", "Preisliste.pdf");
}

static void
add_integration(cJSON *hs, int contact, int64_t at)
{
    cJSON *p = occurrence(hs, "ae123456_contract_signed", contact, at);

    gen_text(p, "contract", "C-%d", (int)gen_random(10000));
    occurrence(hs, "e_visited_page", contact, at);
}

void
gen_activity(cJSON *hubspot, int i, int contact, int64_t at)
{
    static void (*const kinds[])(cJSON * hs, int contact, int64_t at) = {
        add_call, add_email,       add_meeting,    add_note, add_task,
        add_sent, add_open,        add_click,      add_form, add_sales_open,
        add_view, add_integration, add_sales_click};

    kinds[(size_t)i % (sizeof(kinds) / sizeof(kinds[0]))](hubspot, contact, at);
}
