/* pair_test: the link that a decision leaves. */
#include "common/json.h"
#include "stages/writer/pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TASK    "'target':'salesforce','object':'Task'"
#define CALL    "'target':'hubspot','object':'calls'"
#define SF      "salesforce:Task:00T000000000001EAA"
#define SF_ID   "'id':'00T000000000002EAA'"
#define MAKE_HS "'writes':[{" CALL ",'action':'create','fields':{}}]"
#define MAKE_SF "'writes':[{" TASK ",'action':'create','fields':{}}]"

struct row {
    const char *name;
    const char *key, *other; /* of the event */
    const char *decision;    /* JSON with ' for ", without its braces */
    const char *target;      /* of the link that is there; NULL: none */
    int64_t version;         /* the same */
    const char *made_hubspot, *made_salesforce;
    const char *want; /* key, target, version; NULL: there can be none */
    bool is_current;
};

static const struct row rows[] = {
    {"made in HubSpot", SF, "", MAKE_HS, NULL, 0, "9", "",
     "hubspot:call:9 " SF " 1", true},
    {"made in Salesforce", "hubspot:call:5", "",
     "'link':'hubspot:call:5'," MAKE_SF, NULL, 0, "", "00T000000000003EAA",
     "hubspot:call:5 salesforce:Task:00T000000000003EAA 1", true},
    {"an update keeps both", "hubspot:call:5", "",
     "'link':'hubspot:call:5','version':4", SF, 4, "", "",
     "hubspot:call:5 " SF " 5", true},
    {"made anew in HubSpot, by an event of HubSpot", "hubspot:call:5", "",
     "'link':'hubspot:call:5','version':1,'writes':[{" CALL
     ",'action':'restore','id':'5','fields':{}}]",
     SF, 1, "8", "", "hubspot:call:8 " SF " 2", true},
    {"made anew in Salesforce", SF, "",
     "'link':'hubspot:call:5','version':1,'writes':[{" TASK
     ",'action':'restore'," SF_ID ",'fields':{}}]",
     SF, 1, "", "00T000000000003EAA",
     "hubspot:call:5 salesforce:Task:00T000000000003EAA 2", true},
    {"two that are found to be one, and differ", "hubspot:call:5", "",
     "'link':'hubspot:call:5','writes':[{" TASK ",'action':'update'," SF_ID
     ",'fields':{}}]",
     NULL, 0, "", "", "hubspot:call:5 salesforce:Task:00T000000000002EAA 1",
     true},
    {"two that are found to be one, by what one says", "hubspot:call:5", SF,
     "'link':'hubspot:call:5'", NULL, 0, "", "", "hubspot:call:5 " SF " 1",
     true},
    {"the same, from the other side", SF, "hubspot:call:5", "'version':0", NULL,
     0, "", "", "hubspot:call:5 " SF " 1", true},
    {"the link led to another", SF, "hubspot:call:5",
     "'link':'hubspot:call:5','version':2", "salesforce:Task:00T9", 2, "", "",
     "hubspot:call:5 " SF " 3", true},
    {"one that has no other", "hubspot:call:5", "", "'link':'hubspot:call:5'",
     NULL, 0, "", "", NULL, true},
    {"the link moved on", "hubspot:call:5", "",
     "'link':'hubspot:call:5','version':3", SF, 4, "", "",
     "hubspot:call:5 " SF " 5", false},
    {"there is one now", "hubspot:call:5", "", "'link':'hubspot:call:5'", SF, 4,
     "", "", "hubspot:call:5 " SF " 5", false},
    {"there is none any more", "hubspot:call:5", "",
     "'link':'hubspot:call:5','version':3", NULL, 0, "", "", NULL, false},
};

static void
build(struct event *ev, const struct row *r, const char *more)
{
    char json[1024];
    msgpack_packer pk;
    cJSON *value;

    snprintf(json, sizeof(json), "{'sync':'activity',%s%s}", r->decision, more);
    for (char *p = json; *p != '\0'; p++)
        if (*p == '\'')
            *p = '"';
    value = json_parse(json, strlen(json), NULL);
    assert_non_null(value);
    event_init(ev);
    event_set_str(ev, EVENT_KEY, r->key);
    event_set_str(ev, EVENT_OTHER, r->other);
    event_set_str(ev, EVENT_KIND, "call");
    event_set_i64(ev, EVENT_MODIFIED_AT, 77);
    msgpack_packer_init(&pk, event_set(ev, EVENT_DECISION),
                        msgpack_sbuffer_write);
    json_to_mp(value, 1 << 20, &pk);
    event_set_done(ev, EVENT_DECISION);
    cJSON_Delete(value);
}

static void
check_row(void **state)
{
    const struct row *r = *state;
    struct store_link old = {.version = r->version}, link;
    struct pair_made made = {.is_untied = {false}};
    msgpack_sbuffer bytes;
    struct decision d;
    struct event ev;
    struct error err;
    char got[1200] = "";

    snprintf(made.id[SIDE_HUBSPOT], 32, "%s", r->made_hubspot);
    snprintf(made.id[SIDE_SALESFORCE], 32, "%s", r->made_salesforce);
    snprintf(old.target, sizeof(old.target), "%s",
             r->target != NULL ? r->target : "");
    msgpack_sbuffer_init(&bytes);
    build(&ev, r, "");
    if (decision_read(&ev, &d, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(pair_is_current(&d, r->target != NULL ? &old : NULL),
                     r->is_current);
    if (pair_link(&ev, &d, r->target != NULL ? &old : NULL, &made, 99, &link,
                  &bytes)) {
        snprintf(got, sizeof(got), "%s %s %lld", link.key, link.target,
                 (long long)link.version);
        assert_string_equal(link.kind, "call");
        assert_int_equal(link.modified_at, 77);
        assert_int_equal(link.written_at, 99);
    }
    assert_string_equal(got, r->want != NULL ? r->want : "");
    msgpack_sbuffer_destroy(&bytes);
    event_fini(&ev);
}

/* Whoever it was to be tied to is gone: the base says what is left. */
static void
a_tie_that_could_not_be_made(void **state)
{
    static const struct row r = {
        "",
        SF,
        "",
        "'link':'hubspot:call:5','version':1,'base':{'hubspot':{'hs_call_title'"
        ":'t','contact_association':'b','account_association':'2'}},'writes':"
        "[{" CALL ",'action':'update','id':'5','fields':{},'contacts':['9'],"
        "'without':{'contact_association':'a','account_association':'1'}}]",
        SF,
        1,
        "",
        "",
        "",
        true};
    static const char *const want[] = {"b 2", "a 2", "a 1"};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct pair_made made = {.is_untied = {i > 0, i > 1}};
        struct store_link old = {.version = 1, .target = SF}, link;
        char contact[16], account[16], title[16], got[40];
        msgpack_sbuffer bytes;
        struct decision d;
        struct span base;
        struct event ev;
        struct error err;

        msgpack_sbuffer_init(&bytes);
        build(&ev, &r, "");
        assert_int_equal(decision_read(&ev, &d, &err), 0);
        assert_true(pair_link(&ev, &d, &old, &made, 99, &link, &bytes));
        base = mp_get(link.snapshot, "hubspot");
        mp_get_str(base, "contact_association", contact, sizeof(contact));
        mp_get_str(base, "account_association", account, sizeof(account));
        mp_get_str(base, "hs_call_title", title, sizeof(title));
        assert_string_equal(title, "t");
        snprintf(got, sizeof(got), "%s %s", contact, account);
        assert_string_equal(got, want[i]);
        msgpack_sbuffer_destroy(&bytes);
        event_fini(&ev);
    }
}

static void
a_link_of_the_timeline(void **state)
{
    static const uint8_t bytes[] = "\x81\xa6"
                                   "digest\xa1"
                                   "d";
    const struct store_link link = {.version = 3,
                                    .snapshot = {bytes, sizeof(bytes) - 1}};
    struct decision d = {.version = 0};

    (void)state;
    assert_true(pair_is_current(&d, &link));
    d.version = 3;
    assert_true(pair_is_current(&d, &link));
    d.version = 2;
    assert_false(pair_is_current(&d, &link));
}

static void
snapshots(void **state)
{
    static const struct pair_made none;
    const struct row *r = &rows[2];
    struct store_link link[2];
    msgpack_sbuffer bytes[2];
    struct decision d;
    struct event ev;
    struct error err;
    char title[32];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct store_link old = {.target = SF, .version = 4};

        msgpack_sbuffer_init(&bytes[i]);
        build(&ev, r,
              i == 0 ? ",'base':{'hubspot':{'t':'a'},'salesforce':{'t':'b'}},"
                       "'deleted':{'salesforce':true},'seen':{'hubspot':7}"
                     : ",'base':{'hubspot':{'t':'a'}},'seen':{'hubspot':7},"
                       "'known':{'hubspot':8}");
        assert_int_equal(decision_read(&ev, &d, &err), 0);
        assert_true(pair_link(&ev, &d, &old, &none, 0, &link[i], &bytes[i]));
        event_fini(&ev);
    }
    mp_get_str(mp_get(link[0].snapshot, "hubspot"), "t", title, sizeof(title));
    assert_string_equal(title, "a");
    mp_get_str(mp_get(link[0].snapshot, "salesforce"), "t", title,
               sizeof(title));
    assert_string_equal(title, "b");
    assert_non_null(
        mp_get(mp_get(link[0].snapshot, "deleted"), "salesforce").data);
    assert_int_equal(mp_get_i64(mp_get(link[0].snapshot, "seen"), "hubspot", 0),
                     7);
    assert_int_equal(mp_get_i64(mp_get(link[1].snapshot, "seen"), "hubspot", 0),
                     8);
    assert_non_null(mp_get(link[1].snapshot, "salesforce").data);
    assert_true(pair_same(&link[0], &link[0]));
    assert_false(pair_same(&link[0], &link[1]));
    for (int i = 0; i < 2; i++)
        msgpack_sbuffer_destroy(&bytes[i]);
}

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

int
main(void)
{
    struct CMUnitTest tests[N_ROWS + 3] = {{0}};

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    tests[N_ROWS] = (struct CMUnitTest)cmocka_unit_test(snapshots);
    tests[N_ROWS + 1] =
        (struct CMUnitTest)cmocka_unit_test(a_link_of_the_timeline);
    tests[N_ROWS + 2] =
        (struct CMUnitTest)cmocka_unit_test(a_tie_that_could_not_be_made);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
