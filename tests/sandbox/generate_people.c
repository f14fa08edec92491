/* generate_people: owners, forms, companies and contacts, and their twins in
 * Salesforce: every second contact is tied; of ten that are, eight are tied to
 * a contact and two to a lead; the first lead has been converted. */
#include "tests/sandbox/generate.h"

#include "common/sf_id.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAST          400
#define FIRST_CONTACT 100 /* + 1: they are counted from 1 */
#define FIRST_COMPANY 70
#define FIRST_OWNER   41629770L

/* ---- ids ---- */

/* Letters of both cases, as real ones have them: two that differ only in case
 * come to pass. */
void
gen_sf_id(const char *prefix, uint64_t number, char out[19])
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz";
    char id[16];

    snprintf(id, sizeof(id), "%sHn000000000A", prefix);
    for (int i = 14; i > 8; i--, number /= 62)
        id[i] = digits[number % 62];
    sf_id_normalise(id, out);
}

#define ID_CONVERTED UINT64_C(500000000) /* what leads became */
#define ID_OWNER     UINT64_C(600000000)

void
gen_owner_sf_id(size_t owner, char out[19])
{
    gen_sf_id("005", ID_OWNER + owner, out);
}

long
gen_owner_id(size_t owner)
{
    return FIRST_OWNER + (long)owner;
}

void
gen_owner_email(size_t owner, char *buf, size_t size)
{
    const struct gen_place *p = gen_place(owner);

    snprintf(buf, size, "%s.%s@us.test", p->slug_first[0], p->slug_last[0]);
}

/* ---- owners and forms ---- */

/* The last owner is nobody in Salesforce. */
void
gen_owners(cJSON *hs, cJSON *sf)
{
    static const char *const zones[] = {"Europe/Berlin", "Asia/Tokyo",
                                        "Europe/Madrid", "America/New_York"};

    for (size_t i = 0; i < GEN_OWNERS; i++) {
        const struct gen_place *p = gen_place(i);
        cJSON *owner = gen_row(hs, "owners"), *user;
        char email[96], id[19];

        gen_owner_email(i, email, sizeof(email));
        gen_text(owner, "id", "%ld", gen_owner_id(i));
        cJSON_AddStringToObject(owner, "email", email);
        cJSON_AddStringToObject(owner, "firstName", p->first[0]);
        cJSON_AddStringToObject(owner, "lastName", p->last[0]);
        if (i + 1 == GEN_OWNERS)
            break;
        user = gen_row(sf, "User");
        gen_owner_sf_id(i, id);
        cJSON_AddStringToObject(user, "Id", id);
        gen_text(user, "Username", "%s.crm", email);
        cJSON_AddStringToObject(user, "Email", email);
        cJSON_AddStringToObject(user, "FirstName", p->first[0]);
        cJSON_AddStringToObject(user, "LastName", p->last[0]);
        cJSON_AddBoolToObject(user, "IsActive", true);
        cJSON_AddStringToObject(user, "UserType", "Standard");
        cJSON_AddStringToObject(user, "TimeZoneSidKey", zones[i]);
    }
}

void
gen_forms(cJSON *hs)
{
    static const char *const names[GEN_FORMS] = {
        "Contact us", "Newsletter \xF0\x9F\x93\xA7", "Angebot anfordern",
        "資料請求"};

    for (int i = 0; i < GEN_FORMS; i++) {
        cJSON *form = gen_row(hs, "forms");
        cJSON *campaign = gen_row(hs, "email_campaigns");

        gen_text(form, "id", "f0000000-0000-4000-8000-00000000000%d", i);
        cJSON_AddStringToObject(form, "name", names[i]);
        cJSON_AddStringToObject(form, "formType", "hubspot");
        cJSON_AddNumberToObject(campaign, "id", 900 + i);
        cJSON_AddNumberToObject(campaign, "appId", 113);
        gen_text(campaign, "name", "Campaign %d", i);
        gen_text(campaign, "subject", "News %d: %s", i, gen_topic());
    }
}

/* ---- companies ---- */

static const char *const companies[] = {
    "Müller & Söhne GmbH", "東京データ株式会社", "Café Olé S.L.",
    "Acme, Inc.",          "Żubr Sp. z o.o.",    "Kape & Co",
    "Blue Ocean",          "Nordlys A/S"};
static const char *const domains[] = {"mueller-soehne", "tokyo-data", "cafeole",
                                      "acme",           "zubr",       "kape",
                                      "blueocean",      "nordlys"};
#define N_NAMES (sizeof(companies) / sizeof(companies[0]))

static size_t
n_companies(int contacts)
{
    return N_NAMES + (size_t)contacts / 10;
}

/* Every fifth is in HubSpot alone. */
static bool
has_account(size_t company)
{
    return company % 5 != 4;
}

static void
add_company(cJSON *hs, cJSON *sf, size_t i)
{
    cJSON *company = gen_row(hs, "companies"), *account;
    cJSON *properties = cJSON_AddObjectToObject(company, "properties");
    char id[19], name[128] = "";

    snprintf(name, sizeof(name), "%s", companies[i % N_NAMES]);
    if (i >= N_NAMES)
        snprintf(name, sizeof(name), "%s %zu", companies[i % N_NAMES],
                 i / N_NAMES + 1);
    gen_text(company, "id", "%zu", FIRST_COMPANY + i);
    cJSON_AddStringToObject(properties, "name", name);
    gen_text(properties, "domain", "%s%zu.test", domains[i % N_NAMES],
             i / N_NAMES);
    cJSON_AddStringToObject(properties, "country", gen_place(i)->country);
    if (!has_account(i))
        return;
    gen_sf_id("001", i, id);
    cJSON_AddStringToObject(properties, "salesforceaccountid", id);
    account = gen_row(sf, "Account");
    cJSON_AddStringToObject(account, "Id", id);
    cJSON_AddStringToObject(account, "Name", name);
}

/* ---- contacts ---- */

struct name {
    const char *first, *last;
};

static cJSON *
add_twin_row(cJSON *sf, const char *type, const char *id, struct name name,
             const char *email)
{
    cJSON *row = gen_row(sf, type);
    char owner[19];

    gen_owner_sf_id(gen_random(GEN_OWNERS - 1), owner);
    cJSON_AddStringToObject(row, "Id", id);
    cJSON_AddStringToObject(row, "FirstName", name.first);
    cJSON_AddStringToObject(row, "LastName", name.last);
    cJSON_AddStringToObject(row, "Email", email);
    cJSON_AddStringToObject(row, "OwnerId", owner);
    return row;
}

/* Contact i (odd) in Salesforce; HubSpot knows some by the short id. */
static void
add_twin(cJSON *sf, cJSON *properties, size_t i, size_t company,
         struct name name, struct gen_person *p)
{
    cJSON *twin;
    char id[19];

    p->is_lead = i % 10 == 9;
    gen_sf_id(p->is_lead ? "00Q" : "003", i, p->sf_id);
    twin = add_twin_row(sf, p->is_lead ? "Lead" : "Contact", p->sf_id, name,
                        p->email);
    gen_text(properties,
             p->is_lead ? "salesforceleadid" : "salesforcecontactid", "%.*s",
             i % 4 == 3 ? 15 : 18, p->sf_id);
    if (!p->is_lead) {
        if (p->company[0] != '\0' && has_account(company)) {
            gen_sf_id("001", company, id);
            cJSON_AddStringToObject(twin, "AccountId", id);
        }
        return;
    }
    cJSON_AddStringToObject(twin, "Company", companies[company % N_NAMES]);
    cJSON_AddStringToObject(twin, "Status",
                            i % 50 == 9 ? "Closed - Converted"
                                        : "Working - Contacted");
    if (i % 50 != 9)
        return;
    gen_sf_id("003", ID_CONVERTED + i, id);
    add_twin_row(sf, "Contact", id, name, p->email);
    cJSON_AddBoolToObject(twin, "IsConverted", true);
    cJSON_AddStringToObject(twin, "ConvertedContactId", id);
}

static void
add_contact(cJSON *hs, cJSON *sf, size_t i, size_t companies_n, int64_t now,
            struct gen_person *p)
{
    const struct gen_place *place = gen_place(gen_random(97));
    size_t first = gen_random(4), last = gen_random(4);
    size_t company = gen_random(companies_n);
    struct name name = {place->first[first], place->last[last]};
    cJSON *contact = gen_row(hs, "contacts");
    cJSON *properties = cJSON_AddObjectToObject(contact, "properties");
    cJSON *links = cJSON_AddObjectToObject(contact, "associations");
    int64_t changed = now - (int64_t)gen_random(PAST * GEN_DAY_MS);

    memset(p, 0, sizeof(*p));
    snprintf(p->id, sizeof(p->id), "%zu", FIRST_CONTACT + i);
    snprintf(p->email, sizeof(p->email), "%s.%s%zu@%s%zu.test",
             place->slug_first[first], place->slug_last[last], i,
             domains[company % N_NAMES], company / N_NAMES);
    if (gen_random(6) != 0) {
        snprintf(p->company, sizeof(p->company), "%zu",
                 FIRST_COMPANY + company);
        cJSON_AddItemToArray(cJSON_AddArrayToObject(links, "companies"),
                             cJSON_CreateString(p->company));
    }
    cJSON_AddStringToObject(contact, "id", p->id);
    cJSON_AddStringToObject(properties, "email", p->email);
    cJSON_AddStringToObject(properties, "firstname", name.first);
    cJSON_AddStringToObject(properties, "lastname", name.last);
    cJSON_AddStringToObject(properties, "country", place->country);
    cJSON_AddStringToObject(properties, "hs_timezone", place->zone);
    gen_text(properties, "phone", "%s %06d", place->phone,
             (int)gen_random(1000000));
    gen_text(properties, "hubspot_owner_id", "%ld",
             gen_owner_id(gen_random(GEN_OWNERS)));
    gen_time(properties, "createdate", now - PAST * GEN_DAY_MS);
    gen_time(properties, "lastmodifieddate", changed);
    if (i % 2 == 1)
        add_twin(sf, properties, i, company, name, p);
}

void
gen_people(cJSON *hs, cJSON *sf, int n, int64_t now, struct gen_people *people)
{
    people->n = (size_t)n;
    people->v = calloc(people->n + 1, sizeof(people->v[0]));
    if (people->v == NULL)
        abort();
    for (size_t i = 0; i < n_companies(n); i++)
        add_company(hs, sf, i);
    for (size_t i = 0; i < people->n; i++)
        add_contact(hs, sf, i + 1, n_companies(n), now, &people->v[i]);
}
