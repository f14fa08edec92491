/* store_people_test: contacts, companies and people in the state. */
#include "tests/common/store_fixture.h"

static int
count_contact(void *ctx, const struct store_contact *c)
{
    char *seen = ctx;
    size_t n = strlen(seen);

    snprintf(seen + n, 256 - n, "%s ", c->hubspot_id);
    return 0;
}

static void
put_contact(struct store *s, const char *id, const char *email,
            const char *more, const char *sf, bool due)
{
    struct store_contact c = {.matches = 1, .lookback_due = due};
    struct error err;

    snprintf(c.hubspot_id, sizeof(c.hubspot_id), "%s", id);
    snprintf(c.email, sizeof(c.email), "%s", email);
    snprintf(c.more_emails, sizeof(c.more_emails), "%s", more);
    snprintf(c.salesforce_id, sizeof(c.salesforce_id), "%s", sf);
    assert_int_equal(store_contact_put(s, &c, &err), 0);
}

static void
contacts_are_found_by_any_address(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_contact c;
    char seen[256] = "";
    struct error err;

    (void)state;
    put_contact(s, "9", "a@x.test", "b@x.test;c@x.test", "", true);
    put_contact(s, "10", "d@x.test", "", "003A", true);
    put_contact(s, "11", "", "", "", false);
    assert_int_equal(store_contact_get(s, "9", &c, &err), 1);
    assert_true(c.lookback_due);
    assert_int_equal(store_contact_by_email(s, "C@X.test", &c, &err), 1);
    assert_string_equal(c.hubspot_id, "9");
    assert_int_equal(store_contact_by_email(s, "z@x.test", &c, &err), 0);
    assert_int_equal(store_contacts_due(s, 9, count_contact, seen, &err), 0);
    assert_string_equal(seen, "9 10 ");
    seen[0] = '\0';
    store_contacts_untied(s, "", 9, count_contact, seen, &err);
    assert_string_equal(seen, "9 ");
    seen[0] = '\0';
    store_contacts_untied(s, "9", 9, count_contact, seen, &err);
    assert_string_equal(seen, "");
    put_contact(s, "9", "new@x.test", "", "003B", false);
    assert_int_equal(store_contact_by_email(s, "b@x.test", &c, &err), 0);
    assert_int_equal(store_contact_by_email(s, "new@x.test", &c, &err), 1);
    store_close(s);
}

/* Whom a person of Salesforce is found by, row by row: "10" is tied to 003A,
 * "11" to a lead that became a contact that was merged into 003C, "12" and "13"
 * to the same. */
static const struct by_id_row {
    const char *name, *id, *want;
} by_id_rows[] = {
    {"the tied one", "003A", "10"},
    {"who was a lead before", "003C", "11"},
    {"in the middle of the way", "003B", "11"},
    {"the lead itself", "00QL", "11"},
    {"of two the one that was changed last", "003D", "13"},
    {"somebody else", "003E", NULL},
    {"who goes round in circles", "003X", NULL},
    {"nobody", "", NULL},
};

static void
contacts_are_found_by_whom_they_are_tied_to(void **state)
{
    static const struct store_person people[] = {
        {"00QL", "Lead", "", "003B", false},
        {"003B", "Contact", "", "003C", true},
        {"003X", "Contact", "", "003Y", false},
        {"003Y", "Contact", "", "003X", false}};
    struct store *s = open_it(STORE_WRITE);
    struct store_contact c = {.modified_at = 9};
    struct error err;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(store_person_put(s, &people[i], &err), 0);
    put_contact(s, "9", "a@x.test", "", "", false);
    put_contact(s, "10", "", "", "003A", false);
    put_contact(s, "11", "", "", "00QL", false);
    put_contact(s, "12", "", "", "003D", false);
    snprintf(c.hubspot_id, sizeof(c.hubspot_id), "13");
    snprintf(c.salesforce_id, sizeof(c.salesforce_id), "003D");
    assert_int_equal(store_contact_put(s, &c, &err), 0);
    for (size_t i = 0; i < sizeof(by_id_rows) / sizeof(by_id_rows[0]); i++) {
        const struct by_id_row *row = &by_id_rows[i];
        int rv = store_contact_by_salesforce_id(s, row->id, &c, &err);

        if (rv != (row->want != NULL) ||
            (rv == 1 && strcmp(c.hubspot_id, row->want) != 0))
            fail_msg("%s: %d %s", row->name, rv, c.hubspot_id);
    }
    store_close(s);
}

static void
companies_are_found_by_their_account(void **state)
{
    static const struct store_company all[] = {
        {"7", "001A", 5}, {"8", "001A", 6}, {"9", "001B", 7}, {"10", "", 8}};
    struct store *s = open_it(STORE_WRITE);
    struct store_company co;
    struct error err;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(store_company_put(s, &all[i], &err), 0);
    assert_int_equal(store_company_by_salesforce_id(s, "001A", &co, &err), 1);
    assert_string_equal(co.hubspot_id, "8");
    assert_int_equal(store_company_by_salesforce_id(s, "001B", &co, &err), 1);
    assert_string_equal(co.hubspot_id, "9");
    assert_int_equal(store_company_by_salesforce_id(s, "001C", &co, &err), 0);
    assert_int_equal(store_company_by_salesforce_id(s, "", &co, &err), 0);
    store_close(s);
}

static void
only_the_living_have_an_address(void **state)
{
    static const struct store_person people[] = {
        {"003A", "Contact", "a@x.test", "", false},
        {"003B", "Contact", "a@x.test", "", false},
        {"003C", "Contact", "a@x.test", "", true},
        {"00QD", "Lead", "a@x.test", "003A", false}};
    struct store *s = open_it(STORE_WRITE);
    struct store_person found[1];
    struct error err;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(store_person_put(s, &people[i], &err), 0);
    assert_int_equal(store_people_by_email(s, "A@x.test", found, 1, &err), 2);
    assert_string_equal(found[0].salesforce_id, "003A");
    assert_int_equal(store_people_by_email(s, "", found, 1, &err), 0);
    assert_int_equal(store_person_get(s, "00QD", found, &err), 1);
    assert_string_equal(found[0].became_id, "003A");
    store_close(s);
}

static void
fill(char *buf, size_t size, char c)
{
    memset(buf, c, size - 1);
    buf[size - 1] = '\0';
}

static void
contacts_and_companies_come_back_whole(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_contact c = {.synced_at = 1,
                              .modified_at = INT64_MAX,
                              .document_viewed_at = -3,
                              .matches = 4,
                              .lookback_due = true};
    struct store_contact got = {.matches = 0};
    struct store_company co = {"7", "001A", 5}, co_got;
    struct error err;

    (void)state;
    fill(c.hubspot_id, sizeof(c.hubspot_id), '1');
    fill(c.email, sizeof(c.email), 'e');
    fill(c.more_emails, sizeof(c.more_emails), ';');
    fill(c.salesforce_id, sizeof(c.salesforce_id), 'S');
    fill(c.salesforce_type, sizeof(c.salesforce_type), 'T');
    assert_int_equal(store_contact_put(s, &c, &err), 0);
    assert_int_equal(store_contact_get(s, c.hubspot_id, &got, &err), 1);
    assert_string_equal(got.hubspot_id, c.hubspot_id);
    assert_string_equal(got.email, c.email);
    assert_string_equal(got.more_emails, c.more_emails);
    assert_string_equal(got.salesforce_id, c.salesforce_id);
    assert_string_equal(got.salesforce_type, c.salesforce_type);
    assert_true(got.synced_at == 1 && got.modified_at == INT64_MAX);
    assert_true(got.document_viewed_at == -3 && got.matches == 4);
    assert_int_equal(store_contact_by_email(s, c.email, &got, &err), 1);
    assert_int_equal(store_contact_by_email(s, "", &got, &err), 0);
    assert_int_equal(store_company_get(s, "7", &co_got, &err), 0);
    assert_int_equal(store_company_put(s, &co, &err), 0);
    co.seen_at = 6;
    assert_int_equal(store_company_put(s, &co, &err), 0);
    assert_int_equal(store_company_get(s, "7", &co_got, &err), 1);
    assert_string_equal(co_got.salesforce_id, "001A");
    assert_true(co_got.seen_at == 6);
    store_close(s);
}

static void
untied_contacts_come_page_by_page(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    char seen[256] = "";
    struct error err;

    (void)state;
    put_contact(s, "100", "c@x.test", "", "", false);
    put_contact(s, "9", "a@x.test", "", "", false);
    put_contact(s, "20", "b@x.test", "", "", false);
    store_contacts_untied(s, "", 2, count_contact, seen, &err);
    assert_string_equal(seen, "9 20 ");
    store_contacts_untied(s, "20", 2, count_contact, seen, &err);
    assert_string_equal(seen, "9 20 100 ");
    store_contacts_untied(s, "100", 2, count_contact, seen, &err);
    assert_string_equal(seen, "9 20 100 ");
    store_close(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(contacts_are_found_by_any_address),
        ROW(contacts_are_found_by_whom_they_are_tied_to),
        ROW(companies_are_found_by_their_account),
        ROW(only_the_living_have_an_address),
        ROW(contacts_and_companies_come_back_whole),
        ROW(untied_contacts_come_page_by_page)};

    return cmocka_run_group_tests_name("store_people", tests, NULL, NULL);
}
