/* hubspot_sandbox_test: what the writer sends to HubSpot, against the sandbox:
 * bodies that it takes, answers that are read right, and how calls end when
 * something goes wrong. The sandbox of the same build is started for it. */
#include "common/json.h"
#include "stages/writer/hubspot/rows.h"
#include "stages/writer/hubspot/unique.h"
#include "tests/common/hubspot_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
open_client(void **state)
{
    *state = open_hubspot("");
    return 0;
}

static int
close_client(void **state)
{
    hubspot_close(*state);
    is_stopped = false;
    return 0;
}

/* A record of that type; its id. */
static void
make(struct hubspot *hs, const char *type, const char *properties, char id[32])
{
    struct hubspot_answer a;
    char tail[32], text[256];

    snprintf(tail, sizeof(tail), "/%s", type);
    snprintf(text, sizeof(text), "{'properties':%s}", properties);
    post(hs, HUBSPOT_OBJECTS, tail, text, &a);
    assert_int_equal(a.status, 201);
    assert_true(json_id(a.json, "id", id, 32));
    hubspot_answer_fini(&a);
}

/* Send the batch; the answer is in *a, its results in out[]. */
static void
put_batch(struct hubspot *hs, const struct hubspot_batch *b,
          struct hubspot_answer *a, struct hubspot_result *out)
{
    cJSON *body = hubspot_rows_body(b);
    char tail[64];

    hubspot_rows_tail(b, tail, sizeof(tail));
    hubspot_call(hs, "POST", HUBSPOT_OBJECTS, tail, body, a);
    cJSON_Delete(body);
    if (a->end == HUBSPOT_OK)
        assert_true(hubspot_rows_read(b, a->json, out));
}

/* How many records the call is tied to. */
static int
count_ties(struct hubspot *hs, const char *to, const char *call)
{
    struct hubspot_answer a;
    char tail[64], text[64];
    int n;

    snprintf(tail, sizeof(tail), "/calls/%s/batch/read", to);
    snprintf(text, sizeof(text), "{'inputs':[{'id':'%s'}]}", call);
    post(hs, HUBSPOT_ASSOCIATIONS, tail, text, &a);
    assert_int_equal(a.end, HUBSPOT_OK);
    n = cJSON_GetArraySize(cJSON_GetObjectItem(
        cJSON_GetArrayItem(cJSON_GetObjectItem(a.json, "results"), 0), "to"));
    hubspot_answer_fini(&a);
    return n;
}

/* ---- batches ---- */

static void
test_create(void **state)
{
    struct hubspot *hs = *state;
    char contact[32], company[32];
    struct hubspot_tied ties[] = {{HUBSPOT_TIE_CONTACT, contact},
                                  {HUBSPOT_TIE_COMPANY, company}};
    cJSON *good = quoted_json("{'hs_timestamp':'2026-01-01T00:00:00Z',"
                              "'hs_call_title':'a'}");
    cJSON *bad = quoted_json("{'hs_timestamp':'1','missing':'x'}");
    struct hubspot_row rows[] = {
        {.properties = good, .ties = ties, .n_ties = 2},
        {.properties = bad},
        {.properties = good}};
    struct hubspot_batch batch = {.verb = HUBSPOT_CREATE,
                                  .activity = ACTIVITY_CALL,
                                  .rows = rows,
                                  .n = 3};
    struct hubspot_result out[3];
    struct hubspot_answer a;

    make(hs, "contacts", "{'email':'a@example.com'}", contact);
    make(hs, "companies", "{'name':'x'}", company);
    put_batch(hs, &batch, &a, out);
    assert_int_equal(a.status, 207);
    assert_int_equal(out[0].verdict, HUBSPOT_ROW_OK);
    assert_true(out[0].is_new);
    assert_string_equal(json_str(out[0].properties, "hs_call_title"), "a");
    assert_int_equal(out[1].verdict, HUBSPOT_ROW_NEVER);
    assert_string_equal(out[1].bad_names, "missing");
    assert_int_equal(out[2].verdict, HUBSPOT_ROW_OK);
    assert_int_equal(count_ties(hs, "contacts", out[0].id), 1);
    assert_int_equal(count_ties(hs, "companies", out[0].id), 1);
    assert_int_equal(count_ties(hs, "contacts", out[2].id), 0);
    hubspot_answer_fini(&a);
    cJSON_Delete(good);
    cJSON_Delete(bad);
}

static void
test_update_and_archive(void **state)
{
    struct hubspot *hs = *state;
    cJSON *good = quoted_json("{'hs_task_subject':'b'}");
    cJSON *bad = quoted_json("{'hs_task_status':'NOSUCH'}");
    char first[32], second[32];
    struct hubspot_row rows[] = {{.id = "999999", .properties = good},
                                 {.id = second, .properties = bad},
                                 {.id = first, .properties = good}};
    struct hubspot_batch batch = {.verb = HUBSPOT_UPDATE,
                                  .activity = ACTIVITY_TASK,
                                  .rows = rows,
                                  .n = 3};
    struct hubspot_result out[3];
    struct hubspot_answer a;

    make(hs, "tasks", "{'hs_timestamp':'1700000000000'}", first);
    make(hs, "tasks", "{'hs_timestamp':'1700000000000'}", second);
    put_batch(hs, &batch, &a, out);
    assert_int_equal(out[0].verdict, HUBSPOT_ROW_GONE);
    assert_int_equal(out[1].verdict, HUBSPOT_ROW_NEVER);
    assert_string_equal(out[1].bad_names, "hs_task_status");
    assert_int_equal(out[2].verdict, HUBSPOT_ROW_OK);
    assert_string_equal(out[2].id, first);
    assert_false(out[2].is_new);
    hubspot_answer_fini(&a);

    batch.verb = HUBSPOT_ARCHIVE;
    put_batch(hs, &batch, &a, out);
    assert_int_equal(a.status, 204);
    for (int i = 0; i < 3; i++)
        assert_int_equal(out[i].verdict, HUBSPOT_ROW_OK);
    batch.verb = HUBSPOT_UPDATE;
    hubspot_answer_fini(&a);
    put_batch(hs, &batch, &a, out);
    for (int i = 0; i < 3; i++)
        assert_int_equal(out[i].verdict, HUBSPOT_ROW_GONE);
    hubspot_answer_fini(&a);
    cJSON_Delete(good);
    cJSON_Delete(bad);
}

static enum hubspot_unique
ask(struct hubspot *hs, struct hubspot_uniques *known, enum activity activity)
{
    struct hubspot_answer why;
    enum hubspot_unique got = hubspot_unique_ask(known, hs, activity, &why);

    hubspot_answer_fini(&why);
    return got;
}

static void
add_property(struct hubspot *hs, const char *tail, const char *is_unique)
{
    struct hubspot_answer a;
    char text[256];

    snprintf(text, sizeof(text),
             "{'name':'" HUBSPOT_SALESFORCE_ID
             "','label':'x','groupName':'g','type':'string','fieldType':'text',"
             "'hasUniqueValue':%s}",
             is_unique);
    post(hs, HUBSPOT_PROPERTIES, tail, text, &a);
    assert_int_equal(a.status, 201);
    hubspot_answer_fini(&a);
}

static void
test_unique_and_upsert(void **state)
{
    struct hubspot *hs = *state;
    struct hubspot_uniques known = {{HUBSPOT_UNIQUE_UNASKED}};
    cJSON *good = quoted_json("{'hs_timestamp':'1700000000000'}");
    cJSON *bad = quoted_json("{'hs_timestamp':'never'}");
    struct hubspot_row rows[] = {
        {.id = "00T000000000001AAA", .properties = good},
        {.id = "00T000000000002AAA", .properties = bad}};
    struct hubspot_batch batch = {.verb = HUBSPOT_UPSERT,
                                  .activity = ACTIVITY_MEETING,
                                  .id_property = HUBSPOT_SALESFORCE_ID,
                                  .rows = rows,
                                  .n = 2};
    struct hubspot_result out[2], again[2];
    struct hubspot_answer a;
    int64_t calls;

    add_property(hs, "/meetings", "true");
    add_property(hs, "/emails", "false");
    fault(hs, "*/properties/*", "'action':'status','code':503");
    assert_int_equal(ask(hs, &known, ACTIVITY_MEETING), HUBSPOT_UNIQUE_UNASKED);
    assert_int_equal(ask(hs, &known, ACTIVITY_MEETING), HUBSPOT_UNIQUE_YES);
    assert_int_equal(ask(hs, &known, ACTIVITY_EMAIL), HUBSPOT_UNIQUE_PLAIN);
    assert_int_equal(ask(hs, &known, ACTIVITY_TASK), HUBSPOT_UNIQUE_NONE);
    calls = hubspot_calls(hs);
    assert_int_equal(ask(hs, &known, ACTIVITY_TASK), HUBSPOT_UNIQUE_NONE);
    assert_int_equal(hubspot_calls(hs), calls); /* asked once */

    put_batch(hs, &batch, &a, out);
    assert_int_equal(out[0].verdict, HUBSPOT_ROW_OK);
    assert_true(out[0].is_new);
    assert_int_equal(out[1].verdict, HUBSPOT_ROW_NEVER);
    hubspot_answer_fini(&a);
    put_batch(hs, &batch, &a, again);
    assert_int_equal(again[0].verdict, HUBSPOT_ROW_OK);
    assert_false(again[0].is_new);
    assert_string_equal(again[0].id, out[0].id);
    hubspot_answer_fini(&a);

    /* Not unique: refused as a whole. */
    batch.activity = ACTIVITY_EMAIL;
    put_batch(hs, &batch, &a, out);
    assert_int_equal(a.end, HUBSPOT_REFUSED);
    assert_false(hubspot_rows_refused(&batch, &a, out));
    assert_int_equal(out[1].verdict, HUBSPOT_ROW_NEVER);
    hubspot_answer_fini(&a);
    cJSON_Delete(good);
    cJSON_Delete(bad);
}

static void
test_ties(void **state)
{
    struct hubspot *hs = *state;
    char call[32], contact[32], tail[64];
    struct hubspot_pair pairs[] = {{call, "999999"}, {call, contact}};
    struct hubspot_result out[2];
    struct hubspot_answer a;

    make(hs, "calls", "{'hs_timestamp':'1700000000000'}", call);
    make(hs, "contacts", "{'email':'b@example.com'}", contact);
    for (int archive = 0; archive < 2; archive++) {
        cJSON *body = archive
                          ? hubspot_assoc_archive(pairs, 2)
                          : hubspot_assoc_create(ACTIVITY_CALL,
                                                 HUBSPOT_TIE_CONTACT, pairs, 2);

        hubspot_assoc_tail(archive, ACTIVITY_CALL, HUBSPOT_TIE_CONTACT, tail,
                           sizeof(tail));
        hubspot_call(hs, "POST", HUBSPOT_ASSOCIATIONS, tail, body, &a);
        cJSON_Delete(body);
        assert_int_equal(a.end, HUBSPOT_OK);
        assert_true(hubspot_assoc_read(archive, a.json, pairs, 2, out));
        assert_int_equal(out[0].verdict,
                         archive ? HUBSPOT_ROW_OK : HUBSPOT_ROW_GONE);
        assert_int_equal(out[1].verdict, HUBSPOT_ROW_OK);
        hubspot_answer_fini(&a);
        assert_int_equal(count_ties(hs, "contacts", call), archive ? 0 : 1);
    }
}

/* ---- how calls end ---- */

static void
test_ends(void **state)
{
    static const struct {
        const char *action;
        enum hubspot_end want;
        int64_t wait_ms;
    } rows[] = {
        {"'action':'status','code':500", HUBSPOT_UNSURE, -1},
        {"'action':'cut'", HUBSPOT_UNSURE, -1},
        {"'action':'commit-then-cut'", HUBSPOT_UNSURE, -1},
        {"'action':'status','code':423", HUBSPOT_RETRY, 2000},
        {"'action':'status','code':477,'headers':{'Retry-After':'60'}",
         HUBSPOT_RETRY, 60000},
        {"'action':'status','code':429,'body':{'policyName':'SECONDLY'}",
         HUBSPOT_RETRY, 1000},
        {"'action':'status','code':429,'body':{'policyName':'DAILY'}",
         HUBSPOT_PAUSE, -1},
        {"'action':'status','code':403,'body':{'category':'MISSING_SCOPES'}",
         HUBSPOT_NOPERM, -1},
        {"'action':'status','code':403", HUBSPOT_RETRY, -1}, /* a proxy's */
        {"'action':'expire-token'", HUBSPOT_RETRY, -1},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hubspot_answer a;

        fault(*state, "*/calls", rows[i].action);
        post(*state, HUBSPOT_OBJECTS, "/calls",
             "{'properties':{'hs_timestamp':'1700000000000'}}", &a);
        assert_int_equal(a.end, rows[i].want);
        assert_int_equal(a.retry_after_ms, rows[i].wait_ms);
        hubspot_answer_fini(&a);
    }
}

/* Once or twice it may be a matter of a moment. */
static void
test_refused_again_and_again(void **state)
{
    static const enum hubspot_end want[] = {HUBSPOT_RETRY,  HUBSPOT_RETRY,
                                            HUBSPOT_CONFIG, HUBSPOT_CONFIG,
                                            HUBSPOT_OK,     HUBSPOT_RETRY};
    struct hubspot_answer a;

    post(*state, HUBSPOT_ROOT, "/__sandbox/faults",
         "{'rules':[{'path':'*/calls/search','times':4,'action':'status',"
         "'code':401},{'path':'*/calls/search','skip':1,'times':1,'action':"
         "'status','code':401}]}",
         &a);
    hubspot_answer_fini(&a);
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
        post(*state, HUBSPOT_OBJECTS, "/calls/search", "{'limit':1}", &a);
        assert_int_equal(a.end, want[i]);
        if (want[i] == HUBSPOT_CONFIG)
            assert_non_null(strstr(a.message, "[hubspot] token (401)"));
        hubspot_answer_fini(&a);
    }
}

/* The same try, repeated by hubspot_read(). */
static void
test_reading_tries_again(void **state)
{
    struct error err;
    cJSON *answer;

    fault(*state, "*/calls*", "'action':'status','code':502");
    assert_int_equal(hubspot_read(*state, HUBSPOT_OBJECTS, "/calls?limit=1",
                                  NULL, &answer, &err),
                     0);
    cJSON_Delete(answer);
    assert_int_equal(hubspot_read(*state, HUBSPOT_OBJECTS, "/calls/999999",
                                  NULL, &answer, &err),
                     -1);
    assert_int_equal(err.code, EX_DATAERR);
    assert_non_null(strstr(err.text, "refuses /calls/999999 (404)"));
}

static void
test_stop_and_budget(void **state)
{
    struct hubspot *hs = open_hubspot("daily_api_limit = 1");
    struct hubspot_answer a;

    is_stopped = true;
    hubspot_call(*state, "GET", HUBSPOT_OWNERS, "", NULL, &a);
    assert_int_equal(a.end, HUBSPOT_RETRY);
    assert_string_equal(a.code, "stopped");
    is_stopped = false;
    for (int i = 0; i < 2; i++) {
        hubspot_call(hs, "GET", HUBSPOT_OWNERS, "", NULL, &a);
        assert_int_equal(a.end, i == 0 ? HUBSPOT_OK : HUBSPOT_PAUSE);
        hubspot_answer_fini(&a);
    }
    hubspot_close(hs);
}

int
main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, open_client, close_client)
    static const struct CMUnitTest tests[] = {
        TEST(test_create),
        TEST(test_update_and_archive),
        TEST(test_unique_and_upsert),
        TEST(test_ties),
        TEST(test_ends),
        TEST(test_refused_again_and_again),
        TEST(test_reading_tries_again),
        TEST(test_stop_and_budget),
    };

    return cmocka_run_group_tests(tests, start_sandbox, stop_sandbox);
}
