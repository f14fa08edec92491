/* generate: sample data that looks like a real account, on both sides, and new
 * activities as of now. The same seed gives the same data, but for the times,
 * which are counted back from now. */
#include "tests/sandbox/generate.h"

#include "common/timetext.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS   INT64_C(86400000)
#define PAST     400 /* days that the sample data goes back */
#define PEOPLE   9000
#define ACCOUNTS 500

static uint64_t state;

/* splitmix64 */
uint64_t
gen_random(uint64_t below)
{
    uint64_t z = (state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % below;
}

static const char *const first_names[] = {
    "Ada",   "Jürgen", "Zoë", "Søren", "太郎",  "Nuría", "Björn", "Aoife",
    "Élise", "Łukasz", "Ng",  "Priya", "Олена", "Ömer",  "Grace", "Mbali"};
static const char *const last_names[] = {
    "Lovelace", "Müller", "Ó Briain", "Kierkegaard", "山田",    "García",
    "Ångström", "Nguyễn", "Dubois",   "Kowalski",    "O'Neill", "Sharma",
    "Шевченко", "Yılmaz", "Hopper",   "Dlamini"};
static const char *const companies[] = {
    "Müller & Söhne GmbH", "Nordlys AS", "東京データ株式会社",
    "Café Olé S.L.",       "Acme, Inc.", "Żubr Sp. z o.o.",
    "Kape & Co",           "Blue Ocean"};

static const char *
pick(const char *const *list, size_t n)
{
    return list[gen_random(n)];
}
#define PICK(list) pick(list, sizeof(list) / sizeof((list)[0]))

cJSON *
gen_row(cJSON *doc, const char *type)
{
    cJSON *list = cJSON_GetObjectItemCaseSensitive(doc, type);
    cJSON *row = cJSON_CreateObject();

    if (list == NULL)
        list = cJSON_AddArrayToObject(doc, type);
    cJSON_AddItemToArray(list, row);
    return row;
}

void
gen_text(cJSON *row, const char *name, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    cJSON_AddStringToObject(row, name, text);
}

void
gen_time(cJSON *row, const char *name, int64_t ms)
{
    char text[TIMETEXT_SIZE];

    cJSON_AddStringToObject(row, name, timetext_ms(ms, text));
}

/* Where contact i (from 1) of n stands. Of ten: five tied to a contact, one to
 * a lead, one to a lead that was converted, three to nobody. */
bool
gen_is_tied(int contact)
{
    return contact % 10 < 7;
}

void
gen_email(int contact, char *buf, size_t size)
{
    snprintf(buf, size, "person%d@example%d.test", contact, contact % 7);
}

static void
add_person(cJSON *sf, cJSON *properties, int i, const char *first,
           const char *last)
{
    static const char *const types[] = {
        "Contact", "Contact", "Contact", "Contact", "Contact", "Lead", "Lead"};
    const char *type = types[i % 10];
    bool is_lead = strcmp(type, "Lead") == 0;
    char email[64], id[32];
    cJSON *person = gen_row(sf, type);

    gen_email(i, email, sizeof(email));
    snprintf(id, sizeof(id), "%s%012d", is_lead ? "00Q" : "003", PEOPLE + i);
    cJSON_AddStringToObject(person, "Id", id);
    cJSON_AddStringToObject(person, "FirstName", first);
    cJSON_AddStringToObject(person, "LastName", last);
    cJSON_AddStringToObject(person, "Email", email);
    cJSON_AddStringToObject(
        properties, is_lead ? "salesforceleadid" : "salesforcecontactid", id);
    if (!is_lead) {
        gen_text(person, "AccountId", "001%012d", ACCOUNTS + i % 8);
        return;
    }
    cJSON_AddStringToObject(person, "Company", companies[i % 8]);
    if (i % 10 == 6) { /* what it became */
        cJSON *became = gen_row(sf, "Contact");

        gen_text(became, "Id", "003%012d", 2 * PEOPLE + i);
        cJSON_AddStringToObject(became, "LastName", last);
        cJSON_AddStringToObject(became, "Email", email);
        cJSON_AddBoolToObject(person, "IsConverted", true);
        gen_text(person, "ConvertedContactId", "003%012d", 2 * PEOPLE + i);
    }
}

static void
add_contacts(cJSON *hs, cJSON *sf, int n, int64_t now)
{
    for (int i = 1; i <= n; i++) {
        const char *first = PICK(first_names), *last = PICK(last_names);
        cJSON *contact = gen_row(hs, "contacts");
        cJSON *properties = cJSON_AddObjectToObject(contact, "properties");
        char email[64];

        gen_email(i, email, sizeof(email));
        gen_text(contact, "id", "%d", 100 + i);
        cJSON_AddStringToObject(properties, "email", email);
        cJSON_AddStringToObject(properties, "firstname", first);
        cJSON_AddStringToObject(properties, "lastname", last);
        gen_time(properties, "lastmodifieddate",
                 now - (int64_t)gen_random(PAST) * DAY_MS);
        if (gen_is_tied(i))
            add_person(sf, properties, i, first, last);
    }
}

static void
add_companies(cJSON *hs, cJSON *sf)
{
    for (int i = 0; i < 8; i++) {
        cJSON *company = gen_row(hs, "companies");
        cJSON *properties = cJSON_AddObjectToObject(company, "properties");
        cJSON *account = gen_row(sf, "Account");

        gen_text(company, "id", "%d", 70 + i);
        cJSON_AddStringToObject(properties, "name", companies[i]);
        gen_text(properties, "salesforceaccountid", "001%012d", ACCOUNTS + i);
        gen_text(account, "Id", "001%012d", ACCOUNTS + i);
        cJSON_AddStringToObject(account, "Name", companies[i]);
    }
}

static void
add_owners(cJSON *hs)
{
    static const char *const forms[] = {"Contact us", "Newsletter",
                                        "Angebot anfordern", "資料請求"};

    for (int i = 0; i < 4; i++) {
        cJSON *owner = gen_row(hs, "owners");
        cJSON *form = gen_row(hs, "forms");
        cJSON *campaign = gen_row(hs, "email_campaigns");

        gen_text(owner, "id", "%d", 41629770 + i);
        gen_text(owner, "email", "owner%d@us.test", i);
        cJSON_AddStringToObject(owner, "firstName", first_names[i]);
        cJSON_AddStringToObject(owner, "lastName", last_names[i]);
        gen_text(form, "id", "f0000000-0000-4000-8000-00000000000%d", i);
        cJSON_AddStringToObject(form, "name", forms[i]);
        cJSON_AddStringToObject(form, "formType", "hubspot");
        cJSON_AddNumberToObject(campaign, "id", 900 + i);
        cJSON_AddNumberToObject(campaign, "appId", 113);
        gen_text(campaign, "name", "Campaign %d", i);
        gen_text(campaign, "subject", "News %d: %s", i, companies[i]);
    }
}

static void
load(struct service *service, cJSON *records)
{
    cJSON *answer = service->load(service, records);
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(answer, "error");

    if (error != NULL)
        fprintf(stderr, "sandbox: sample data: %s\n",
                cJSON_GetStringValue(error));
    cJSON_Delete(answer);
    cJSON_Delete(records);
}

void
generate(struct service *hubspot, struct service *salesforce)
{
    cJSON *hs = cJSON_CreateObject(), *sf = cJSON_CreateObject();
    int64_t now = sandbox_now_ms();
    int contacts = sandbox_options.contacts;

    state = sandbox_options.seed;
    add_owners(hs);
    add_companies(hs, sf);
    add_contacts(hs, sf, contacts, now);
    for (int i = 0; i < sandbox_options.activities && contacts > 0; i++)
        gen_activity(hs, i, 1 + (int)gen_random((uint64_t)contacts),
                     now - (int64_t)(gen_random(PAST * 24) + 1) * 3600000);
    load(salesforce, sf);
    load(hubspot, hs);
}

int
simulate(struct service *hubspot, int activities)
{
    cJSON *hs = cJSON_CreateObject();
    int contacts = sandbox_options.contacts;
    int64_t now = sandbox_now_ms();

    if (contacts == 0)
        activities = 0;
    for (int i = 0; i < activities; i++) {
        int contact = 1 + (int)gen_random((uint64_t)contacts);

        /* Most on people whom Salesforce knows; now and then one of before. */
        while (i % 9 != 8 && !gen_is_tied(contact))
            contact = 1 + (int)gen_random((uint64_t)contacts);
        gen_activity(hs, i, contact, i % 11 == 10 ? now - 2 * DAY_MS : now);
    }
    load(hubspot, hs);
    return activities;
}
