/* decision_test: what is read of a decision of the activity sync, and in which
 * group its event goes. */
#include "common/json.h"
#include "stages/writer/decision.h"
#include "stages/writer/held.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TASK "'target':'salesforce','object':'Task'"
#define CALL "'target':'hubspot','object':'calls'"
#define ID   "'id':'00T000000000001EAA'"
#define SYNC "'sync':'activity'"

struct row {
    const char *name;
    const char *decision; /* JSON with ' for " */
    const char *group;    /* of the first write; NULL: it is refused */
    const char *want;     /* key, version, writes; or the reason */
};

static const struct row rows[] = {
    {"nothing to write", "{" SYNC ",'link':'hubspot:call:1','version':3}",
     "state", "hubspot:call:1 3"},
    {"a record to be made in HubSpot",
     "{" SYNC ",'writes':[{" CALL ",'action':'create','fields':{}}]}",
     "hubspot create calls", "k 0 | hubspot create calls "},
    {"two writes in their order",
     "{" SYNC ",'link':'l','version':1,'writes':[{" TASK
     ",'action':'delete'," ID "},{" CALL
     ",'action':'update','id':'5','fields':{}}]}",
     "salesforce delete Task",
     "l 1 | salesforce delete Task 00T000000000001EAA | hubspot update calls "
     "5"},
    {"a restored one is made anew",
     "{" SYNC ",'link':'l','writes':[{" TASK ",'action':'restore'," ID
     ",'fields':{}}]}",
     "salesforce create Task",
     "l 0 | salesforce restore Task 00T000000000001EAA"},
    {"an id of fifteen characters is made whole",
     "{" SYNC ",'writes':[{" TASK
     ",'action':'delete','id':'00T000000000001'}]}",
     "salesforce delete Task",
     "k 0 | salesforce delete Task 00T000000000001EAA"},
    {"to be made in Salesforce for nothing",
     "{" SYNC ",'writes':[{" TASK ",'action':'create','fields':{}}]}", NULL,
     "a record to be made in Salesforce for none in HubSpot"},
    {"writes that are no array", "{" SYNC ",'writes':7}", NULL,
     "no array of at most two"},
    {"three writes", "{" SYNC ",'writes':[1,2,3]}", NULL,
     "no array of at most two"},
    {"a write that is no map", "{" SYNC ",'writes':[1]}", NULL, "is no map"},
    {"an unknown action",
     "{" SYNC ",'writes':[{" TASK ",'action':'burn'," ID "}]}", NULL,
     "unknown action"},
    {"an object of the other side",
     "{" SYNC ",'writes':[{'target':'hubspot','object':'Task','action':"
     "'delete','id':'1'}]}",
     NULL, "unknown object"},
    {"an object that is no activity",
     "{" SYNC ",'writes':[{'target':'salesforce','object':'Lead','action':"
     "'delete'," ID "}]}",
     NULL, "unknown object"},
    {"an update of nothing",
     "{" SYNC ",'writes':[{" CALL ",'action':'update','fields':{}}]}", NULL,
     "without the id"},
    {"an id that would be a path of its own",
     "{" SYNC ",'writes':[{" TASK ",'action':'delete','id':'1,2'}]}", NULL,
     "without the id"},
    {"an update without fields",
     "{" SYNC ",'writes':[{" TASK ",'action':'update'," ID "}]}", NULL,
     "without fields"},
};

static void
build(struct event *ev, const char *decision)
{
    char *json = strdup(decision);
    msgpack_packer pk;
    cJSON *value;

    for (char *p = json; *p != '\0'; p++)
        if (*p == '\'')
            *p = '"';
    value = json_parse(json, strlen(json), NULL);
    assert_non_null(value);
    event_init(ev);
    event_set_i64(ev, EVENT_V, 1);
    event_set_str(ev, EVENT_ID, "k@1");
    event_set_str(ev, EVENT_KEY, "k");
    event_set_str(ev, EVENT_SOURCE, "hubspot");
    event_set_i64(ev, EVENT_SEQ, 7);
    msgpack_packer_init(&pk, event_set(ev, EVENT_DECISION),
                        msgpack_sbuffer_write);
    json_to_mp(value, 1 << 20, &pk);
    event_set_done(ev, EVENT_DECISION);
    cJSON_Delete(value);
    free(json);
}

static void
describe(const struct event *ev, const struct decision *d, char *out)
{
    char key[EVENT_ID_MAX];

    decision_key(ev, key, sizeof(key));
    out += sprintf(out, "%s %lld", key, (long long)d->version);
    for (size_t i = 0; i < d->n_writes; i++)
        out += sprintf(out, " | %s %s %s %s", side_name(d->writes[i].side),
                       write_verb_name(d->writes[i].verb), d->writes[i].object,
                       d->writes[i].id);
}

static void
check_row(void **state)
{
    const struct row *r = *state;
    struct hand hand = {.n = 0};
    struct decision d;
    struct event ev;
    struct error err;
    char got[1024];

    build(&ev, r->decision);
    assert_true(decision_is_activity(&ev));
    if (r->group == NULL) {
        assert_int_equal(decision_read(&ev, &d, &err), -1);
        if (strstr(err.text, r->want) == NULL)
            fail_msg("%s", err.text);
    } else {
        assert_int_equal(decision_read(&ev, &d, &err), 0);
        describe(&ev, &d, got);
        assert_string_equal(got, r->want);
    }
    hand_take(&hand, &ev);
    assert_string_equal(hand.held[0]->item.group,
                        r->group != NULL ? r->group : "state");
    hand_fini(&hand);
    event_fini(&ev);
}

static void
a_timeline_decision_is_none(void **state)
{
    struct event ev;

    (void)state;
    build(&ev, "{'target':'salesforce','object':'Task'}");
    assert_false(decision_is_activity(&ev));
    event_drop(&ev, EVENT_DECISION);
    assert_false(decision_is_activity(&ev));
    event_fini(&ev);
}

/* The record is there, made by that: its ties are next, and it keeps what the
 * link is to say. */
static void
a_record_made_before_is_of_its_own_decision(void **state)
{
    static const char made[] =
        "{" SYNC ",'link':'','version':0,'base':{'hubspot':{'a':'1'}},"
        "'seen':{'salesforce':7},'writes':[{" CALL
        ",'action':'create','fields':{'a':'1'},'contacts':['5'],"
        "'without':{'b':''}}]}";
    struct hand hand = {.n = 0};
    struct decision d;
    struct event ev;
    struct error err;
    msgpack_sbuffer bytes;
    struct held *h;
    char got[1024];

    (void)state;
    msgpack_sbuffer_init(&bytes);
    build(&ev, made);
    assert_int_equal(decision_read(&ev, &d, &err), 0);
    decision_pack_made(&d, 0, &bytes);
    event_fini(&ev);
    build(&ev, "{" SYNC ",'link':'l','version':0}");
    hand_take(&hand, &ev);
    event_fini(&ev);
    h = hand.held[0];
    assert_false(held_made_before(h, (struct span){NULL, 0}, "512"));
    assert_true(held_made_before(
        h, (struct span){(const uint8_t *)bytes.data, bytes.size}, "512"));
    assert_string_equal(h->item.group, "hubspot tie create calls");
    assert_string_equal(h->made.id[SIDE_HUBSPOT], "512");
    held_event(h, &ev);
    assert_int_equal(decision_read(&ev, &d, &err), 0);
    describe(&ev, &d, got);
    assert_string_equal(got, "k 0 | hubspot create calls ");
    assert_false(write_has_fields(&d.writes[0]));
    assert_true(write_has_ties(&d.writes[0]));
    assert_int_equal(decision_seen(&d, SIDE_SALESFORCE), 7);
    mp_get_str(mp_get(d.base, "hubspot"), "a", got, sizeof(got));
    assert_string_equal(got, "1");
    assert_non_null(mp_get(d.writes[0].without, "b").data);
    assert_null(d.known.data);
    event_fini(&ev);
    hand_fini(&hand);
    msgpack_sbuffer_destroy(&bytes);
}

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

int
main(void)
{
    struct CMUnitTest tests[N_ROWS + 2] = {{0}};

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    tests[N_ROWS] =
        (struct CMUnitTest)cmocka_unit_test(a_timeline_decision_is_none);
    tests[N_ROWS + 1] = (struct CMUnitTest)cmocka_unit_test(
        a_record_made_before_is_of_its_own_decision);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
