/* whom_test: the contact that --contact names, by what the state knows. */
#include "stages/tools/report/whom.h"

#include "tests/common/store_fixture.h"

#define PERSON  "003000000000001AAA"
#define ANOTHER "003000000000002AAA"
#define LEAD    "00Q000000000001EAA"
#define TWIN    "00Q000000000002EAA"

static const struct {
    const char *word;
    bool is_name;
} words[] = {{"512", true},
             {"003000000000001", true},
             {PERSON, true},
             {"ann@example.com", true},
             {"123456789012345", true}, /* as long as one of Salesforce */
             {"", false},
             {"0", false},
             {"Ann", false},
             {"@", false},
             {"@example.com", false},
             {"ann@", false},
             {"hubspot:contact:512", false},
             {"00300000000000", false},
             {"12345678901234567890", false}};

static void
names_are_ids_and_addresses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (whom_is_name(words[i].word) != words[i].is_name)
            fail_msg("%s", words[i].word);
}

static struct store *
with_people(void)
{
    static const struct store_contact contacts[] = {
        {.hubspot_id = "512",
         .email = "ann@example.com",
         .more_emails = "ann@example.org",
         .salesforce_id = PERSON},
        {.hubspot_id = "513", .email = "bob@example.com"}};
    static const struct store_person people[] = {
        {PERSON, "Contact", "ann@example.com", ANOTHER, false},
        {ANOTHER, "Contact", "ann@example.com", "", false},
        {LEAD, "Lead", "leo@example.com", "", false},
        {"003000000000003AAA", "Contact", "twin@example.com", "", false},
        {TWIN, "Lead", "twin@example.com", "", false}};
    struct store *s = open_it(STORE_WRITE);
    struct error err;

    for (size_t i = 0; i < sizeof(contacts) / sizeof(contacts[0]); i++)
        assert_int_equal(store_contact_put(s, &contacts[i], &err), 0);
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++)
        assert_int_equal(store_person_put(s, &people[i], &err), 0);
    return s;
}

static const struct {
    const char *word;
    const char *id, *said; /* NULL: it is found */
} finds[] = {{"512", "512", NULL},
             {"999", "999", NULL},
             {"ann@example.com", "512", NULL},
             {"Ann@Example.ORG", "512", NULL},
             {"bob@example.com", "513", NULL},
             {PERSON, "512", NULL},
             {"003000000000001", "512", NULL},
             {ANOTHER, "512", NULL}, /* that person has become it */
             {LEAD, LEAD, NULL},
             {"leo@example.com", LEAD, NULL},
             {"00Q000000000009", "00Q000000000009EAA", NULL},
             {"nobody@example.com", NULL, "no contact with the address"},
             {"twin@example.com", NULL, TWIN}};

static void
contacts_are_found(void **state)
{
    struct store *s = with_people();

    (void)state;
    for (size_t i = 0; i < sizeof(finds) / sizeof(finds[0]); i++) {
        char id[EVENT_WHOM_SIZE] = "";
        struct error err = {0, ""};
        int rv = whom_find(s, finds[i].word, id, &err);

        if (finds[i].said == NULL && (rv != 0 || strcmp(id, finds[i].id) != 0))
            fail_msg("%s: %s %s", finds[i].word, id, err.text);
        if (finds[i].said != NULL && (rv != -1 || err.code != EX_DATAERR ||
                                      strstr(err.text, finds[i].said) == NULL))
            fail_msg("%s: %s", finds[i].word, err.text);
    }
    store_close(s);
}

static const struct {
    const char *id, *email;
} addresses[] = {{"512", "ann@example.com"},
                 {"513", "bob@example.com"},
                 {LEAD, "leo@example.com"},
                 {"999", ""}};

static void
contacts_have_addresses(void **state)
{
    struct store *s = with_people();
    char email[256] = "before";
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
        assert_int_equal(whom_email(s, addresses[i].id, email, &err), 0);
        assert_string_equal(email, addresses[i].email);
    }
    store_close(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_ids_and_addresses), ROW(contacts_are_found),
        ROW(contacts_have_addresses)};

    return cmocka_run_group_tests_name("whom", tests, NULL, NULL);
}
