/* hubspot_answers_fuzz: a fetcher whose HubSpot answers what the input says:
 * every feed, through the real client, engine and state. Which feeds, which
 * config, how the service goes on for ever: see answers/. */
#include "stages/fetcher/hubspot/dispositions.h"
#include "stages/fetcher/hubspot/more_feeds.h"
#include "stages/fetcher/hubspot/owners.h"
#include "tests/fuzz/answers/drive.h"

#include <stdio.h>
#include <string.h>

#define TOKEN     "[hubspot]\ntoken = env:FUZZ_TOKEN\n"
#define FAST      TOKEN "rate = 100000\nsearch_rate = 100000\n"
#define TRIES     "[delivery]\nmax_tries = 2\n"
#define LIST(row) "{\"results\":[$[" row "$]]$<,\"total\":$n$>$<," NEXT "$>}"
#define NEXT      "\"paging\":{\"next\":{\"after\":$p$<,\"link\":$s$>}}"
#define NOTHING   "{\"results\":[]}"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define CONTACT                                                                \
    "{\"id\":$i,\"properties\":{\"email\":$e,\"lastmodifieddate\":$t$<,"       \
    "\"hs_additional_emails\":$E$>$(,\"salesforcecontactid\":$c$)$<,"          \
    "\"salesforceleadid\":$l$>$<,\"hs_document_last_revisited\":$t$>}$<,"      \
    "\"updatedAt\":$t$>}"
#define EMAIL                                                                  \
    "{\"id\":$i,\"properties\":{\"hs_lastmodifieddate\":$t,"                   \
    "\"hs_timestamp\":$t,\"hs_email_open_count\":$n$(,"                        \
    "\"hs_email_click_count\":$n$)$<,\"hs_email_to_email\":$E$>$<,"            \
    "\"hubspot_owner_id\":$i$>$<,\"hs_email_html\":$s$>}$<,\"updatedAt\":$t$>" \
    "}"
#define ENGAGEMENT                                                             \
    "{\"id\":$i,\"properties\":{\"hs_lastmodifieddate\":$t$(,"                 \
    "\"hs_timestamp\":$t$)$<,\"hubspot_owner_id\":$i$>$<,"                     \
    "\"hs_call_disposition\":$g$>$<$!,\"hs_call_body\":$s,\"hs_note_body\":$"  \
    "s,"                                                                       \
    "\"hs_task_body\":$s,\"hs_meeting_body\":$s,\"hs_call_title\":$s$>}$<,"    \
    "\"updatedAt\":$t$>$<,\"owner\":$s,\"disposition_label\":$s$>}"
#define COMPANY "{\"id\":$i,\"properties\":{\"salesforceaccountid\":$a}}"
#define TIE                                                                    \
    "{\"from\":{\"id\":$i},\"to\":[$[{\"toObjectId\":$i$<,\"id\":$i$>}$]]$<"   \
    "," NEXT "$>}"
#define OWNER "{\"id\":$i,\"email\":$e$(,\"firstName\":$s,\"lastName\":$s$)}"
#define EMAIL_EVENT                                                            \
    "{\"id\":$i,\"created\":$m,\"type\":$w,\"recipient\":$e$<,"                \
    "\"emailCampaignId\":$n,\"appId\":$n$>$<,\"campaign\":$s$>$<,"             \
    "\"url\":$s$>}"
#define OCCURRENCE                                                             \
    "{\"id\":$i,\"occurredAt\":$t,\"objectType\":$o,\"objectId\":$i$(,"        \
    "\"properties\":{\"hs_recipient\":$e$<,\"recipient\":$e$>}$)$<,"           \
    "\"matched_kind\":$s$>}"
#define FORM "{\"id\":$g$(,\"name\":$s$)$<,\"formType\":$o$>}"
#define SUBMISSION                                                             \
    "{$(\"conversionId\":$i,$)\"submittedAt\":$m,\"values\":[$[{\"name\":"     \
    "\"email\",\"value\":$e$<,\"objectTypeId\":$o$>}$]]$<,\"form\":$s$>}"

static const struct service_route routes[] = {
    {"/contacts/search", LIST(CONTACT), NOTHING},
    {"/emails/search", LIST(EMAIL), NOTHING},
    {"/search", LIST(ENGAGEMENT), NOTHING},
    {"/associations", LIST(TIE), NOTHING},
    {"/contacts/batch/read", LIST(CONTACT), NOTHING},
    {"/companies/batch/read", LIST(COMPANY), NOTHING},
    {"/owners", LIST(OWNER), NOTHING},
    {"/calling/v1/dispositions", "[$[{\"id\":$g,\"label\":$s}$]]", "[]"},
    {"/email/public/v1/campaigns", "{\"name\":$s$(,\"subject\":$s$)}", "{}"},
    {"/email/public/v1/events",
     "{\"events\":[$[" EMAIL_EVENT "$]]$<,\"hasMore\":$b,\"offset\":$p$>}",
     "{}"},
    {"/event-types", "{\"eventTypes\":[$w$<,$w$>$<,$w,$w$>$<,$s$>]}", "{}"},
    {"/form-integrations", LIST(SUBMISSION), NOTHING},
    {"/forms", LIST(FORM), NOTHING},
    {NULL, LIST(OCCURRENCE), NOTHING},
};

static void
put_contact(const struct feed_env *env, const char *id, const char *email,
            const char *person, bool is_due)
{
    struct store_contact c = {.modified_at = 1, .lookback_due = is_due};
    struct error err;

    snprintf(c.hubspot_id, sizeof(c.hubspot_id), "%s", id);
    snprintf(c.email, sizeof(c.email), "%s", email);
    snprintf(c.salesforce_id, sizeof(c.salesforce_id), "%s", person);
    snprintf(c.salesforce_type, sizeof(c.salesforce_type), "Contact");
    if (person[0] != '\0') {
        c.synced_at = hubspot_now_ms(env->hubspot) - 1;
        c.document_viewed_at = 1;
    }
    check(store_contact_put(env->store, &c, &err) == 0);
}

static void
put_person(const struct feed_env *env, const char *id, const char *email,
           const char *became)
{
    struct store_person p = {.type = "Contact"};
    struct error err;

    snprintf(p.salesforce_id, sizeof(p.salesforce_id), "%s", id);
    snprintf(p.email, sizeof(p.email), "%s", email);
    snprintf(p.became_id, sizeof(p.became_id), "%s", became);
    check(store_person_put(env->store, &p, &err) == 0);
}

/* Owners and dispositions are listed anew for an unknown one; whether the
 * events API is refused is what it said last. What else is remembered has grown
 * old since the last run. */
static void
forget(const struct feed_env *env, bool is_refused)
{
    struct feed_page page = {0};
    struct error err;
    const cJSON *owner;

    service_say(200, "[]");
    owners_find(env, "nobody", &owner, &err);
    dispositions_label(env, "nothing");
    service_say(is_refused ? 403 : 200, "{\"eventTypes\":[\"ae1_x\"]}");
    occurrences_feed.poll(env, &occurrences_feed, NULL, &page, &err);
    cJSON_Delete(page.cursor);
    service_say(0, NULL);
    service_advance(2 * 3600000);
}

static void
prepare(const struct feed_env *env, struct input *in)
{
    uint8_t b = input_byte(in);
    struct error err;

    forget(env, b % 2);
    put_contact(env, "101", "a@example.com", "003000000000001AAA", true);
    put_contact(env, "102", "b@example.com", "003000000000002AAA", b % 4 == 2);
    put_contact(env, "103", "c@example.com", "", false);
    put_person(env, "003000000000002AAA", "c@example.com",
               b % 8 == 7 ? "003000000000002AAA" : "");
    put_person(env, "003000000000003AAA", "new@example.com", "");
    check(store_counter_put(env->store, "email_open:2", b, &err) == 0);
    if (b >= 128)
        check(store_checkpoint_put(env->store, "salesforce.people", "{}",
                                   &err) == 0);
}

static const struct drive drive = {
    .source = "hubspot",
    .feeds = hubspot_feeds,
    .routes = routes,
    .confs = {FAST TRIES, FAST TRIES "[contacts]\nmatch = email\n",
              FAST "api_version = v3\nsecond_look = 0s\nfirst_look = 0s\n" TRIES
                   "max_in_flight = 1\n",
              TOKEN "daily_api_limit = 40\nrate = 3\nsearch_rate = 1\n" TRIES},
    .prepare = prepare,
};

/* That the account has no dated path of forms is remembered for ever, so it is
 * found out before the first run. */
static void
lose_dated_forms(void)
{
    static const struct service_route no_beta[] = {{"-beta", NOTHING, NULL},
                                                   {NULL, NOTHING, NOTHING}};
    static const struct feed *const forms[] = {&forms_feed, NULL};
    struct drive first = drive;

    first.routes = no_beta;
    first.feeds = forms;
    drive_run(&first, NULL, 0);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    setenv("FUZZ_TOKEN", "token", 1);
    drive_open(&drive);
    lose_dated_forms();
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    drive_run(&drive, bytes, len);
    return 0;
}
