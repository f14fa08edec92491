/* generate_event: what people of the sample data do, as HubSpot's events of
 * marketing e-mail, submissions of forms, and event occurrences. */
#include "tests/sandbox/generate.h"

#include <stdio.h>
#include <string.h>

/* ---- marketing e-mail ---- */

/* The event's id is left in `id`. */
static cJSON *
email_event(cJSON *hs, const char *type, const struct gen_what *w, int64_t at,
            char id[37])
{
    cJSON *e = gen_row(hs, "email_events");

    gen_uuid(id);
    cJSON_AddStringToObject(e, "id", id);
    cJSON_AddNumberToObject(e, "created", (double)at);
    cJSON_AddStringToObject(e, "type", type);
    cJSON_AddStringToObject(e, "recipient", w->who->email);
    cJSON_AddNumberToObject(e, "emailCampaignId",
                            900 + (double)gen_random(GEN_FORMS));
    cJSON_AddNumberToObject(e, "appId", 113);
    cJSON_AddStringToObject(e, "appName", "BatchContactListSync");
    return e;
}

/* What HubSpot calls another event: {id, created}. */
static void
refer(cJSON *event, const char *name, const char *id, int64_t at)
{
    cJSON *other = cJSON_AddObjectToObject(event, name);

    cJSON_AddStringToObject(other, "id", id);
    cJSON_AddNumberToObject(other, "created", (double)at);
}

/* Every eighth was superseded by another one a moment later. */
void
gen_sent(cJSON *hs, const struct gen_what *w)
{
    char id[37], next[37];
    cJSON *e = email_event(hs, "SENT", w, w->at, id);

    gen_text(e, "subject", "News: %s", gen_topic());
    cJSON_AddStringToObject(e, "from", "News \xE2\x9C\x89 <news@us.test>");
    if (w->n % 8 == 5) {
        cJSON *again = email_event(hs, "SENT", w, w->at + 1, next);

        gen_text(again, "subject", "News: %s", gen_topic());
        refer(e, "obsoletedBy", next, w->at + 1);
        snprintf(id, sizeof(id), "%s", next);
    }
    e = email_event(hs, "DELIVERED", w, w->at + 2, next);
    refer(e, "sentBy", id, w->at);
}

/* Every sixth was a machine's. */
void
gen_open(cJSON *hs, const struct gen_what *w)
{
    char id[37];
    cJSON *e = email_event(hs, "OPEN", w, w->at, id);
    cJSON *browser = cJSON_AddObjectToObject(e, "browser");

    cJSON_AddStringToObject(browser, "name", "Mobile Safari");
    cJSON_AddStringToObject(e, "deviceType",
                            gen_random(2) ? "MOBILE" : "COMPUTER");
    cJSON_AddNumberToObject(e, "duration", (double)gen_random(20000));
    cJSON_AddBoolToObject(e, "filteredEvent", w->n % 6 == 4);
}

void
gen_click(cJSON *hs, const struct gen_what *w)
{
    char id[37];
    cJSON *e = email_event(hs, "CLICK", w, w->at, id);

    gen_text(e, "url", "https://us.test/offer?x=%d&utm_source=hs_email",
             (int)gen_random(9));
    cJSON_AddStringToObject(e, "referer", "");
    cJSON_AddBoolToObject(e, "filteredEvent", w->n % 9 == 7);
}

/* ---- forms ---- */

static void
add_value(cJSON *values, const char *name, const char *text)
{
    cJSON *value = cJSON_CreateObject();

    cJSON_AddStringToObject(value, "name", name);
    cJSON_AddStringToObject(value, "value", text);
    cJSON_AddStringToObject(value, "objectTypeId", "0-1");
    cJSON_AddItemToArray(values, value);
}

void
gen_form(cJSON *hs, const struct gen_what *w)
{
    static const char *const messages[] = {
        "Bitte um Rückruf", "見積もりをお願いします \xF0\x9F\x99\x87",
        "Is 5 < 6?\nSecond line & more", "Quisiera más información"};
    static const char *const pages[] = {"kontakt", "pricing?plan=a&b=2",
                                        "ja/%E8%B3%87%E6%96%99"};
    cJSON *s = gen_row(hs, "form_submissions");
    cJSON *values;
    char id[37];

    gen_uuid(id);
    gen_text(s, "formId", "f0000000-0000-4000-8000-00000000000%d",
             (int)gen_random(GEN_FORMS));
    cJSON_AddStringToObject(s, "conversionId", id);
    cJSON_AddNumberToObject(s, "submittedAt", (double)w->at);
    gen_text(s, "pageUrl", "https://us.test/%s", GEN_PICK(pages));
    values = cJSON_AddArrayToObject(s, "values");
    add_value(values, "email", w->who->email);
    add_value(values, "message", GEN_PICK(messages));
}

/* ---- occurrences ---- */

static cJSON *
occurrence(cJSON *hs, const char *type, const struct gen_what *w, int64_t at)
{
    cJSON *e = gen_row(hs, "events");
    char id[37];

    gen_uuid(id);
    cJSON_AddStringToObject(e, "id", id);
    cJSON_AddStringToObject(e, "eventType", type);
    cJSON_AddStringToObject(e, "objectType", "CONTACT");
    cJSON_AddStringToObject(e, "objectId", w->who->id);
    gen_time(e, "occurredAt", at);
    return cJSON_AddObjectToObject(e, "properties");
}

void
gen_sales_open(cJSON *hs, const struct gen_what *w)
{
    cJSON *p = occurrence(hs, "e_opened_tracked_inbox_email_v8", w, w->at);

    cJSON_AddStringToObject(p, "hs_email_subject", gen_topic());
    cJSON_AddStringToObject(p, "hs_device_type", "MOBILE");
}

void
gen_sales_click(cJSON *hs, const struct gen_what *w)
{
    cJSON *p =
        occurrence(hs, "e_clicked_link_in_tracked_inbox_email_v8", w, w->at);

    cJSON_AddStringToObject(p, "hs_email_subject", gen_topic());
    cJSON_AddStringToObject(p, "hs_clicked_url", "https://us.test/a?b=1&c=2");
}

void
gen_view(cJSON *hs, const struct gen_what *w)
{
    static const char *const names[] = {"Preisliste.pdf", "製品カタログ.pdf",
                                        "Case study Żubr.pptx"};
    cJSON *p = occurrence(hs, "e_document_viewed_v2", w, w->at);

    cJSON_AddStringToObject(p, "hs_document_name", GEN_PICK(names));
}

/* Before signing people look at a page, which is of no kind. */
void
gen_integration(cJSON *hs, const struct gen_what *w)
{
    cJSON *p = occurrence(hs, "e_visited_page", w, w->at - 1);

    cJSON_AddStringToObject(p, "hs_url", "https://us.test/sign");
    p = occurrence(hs, "ae123456_contract_signed", w, w->at);
    gen_text(p, "contract", "C-%d", (int)gen_random(10000));
    gen_text(p, "amount", "%d.50", (int)gen_random(90000));
}
