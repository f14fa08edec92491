/* activity_test: native records of both services as events of the activity
 * sync. */
#include "stages/normalizer/activity.h"

#include "tests/stages/normalizer/native_rows.h"

#define CALL "{'id':'512','properties':{'hs_timestamp':'2024-04-25T16:00:00Z',"
#define TASK                                                                   \
    "{'Id':'00T1','CreatedDate':'2024-04-25T16:00:00.000+0000',"               \
    "'TaskSubtype':'Call',"
#define WHEN INT64_C(1714060800000)

static struct activity_rules rules;

static const struct activity_row {
    const char *name, *source, *key, *op, *native;
    enum normalize_verdict verdict;
    const char *kind, *prop, *value; /* value NULL: nil */
    int64_t occurred_at;
} rows[] = {
    {"a call of HubSpot", "hubspot", "hubspot:call:512", "upsert",
     CALL "'hs_call_title':'Hi','hs_call_duration':'65000'}}", NORMALIZE_OK,
     "call", "hs_call_title", "Hi", WHEN},
    {"what it does not have is nil", "hubspot", "hubspot:call:512", "upsert",
     CALL "'x':'y'}}", NORMALIZE_OK, "call", "hs_call_body", NULL, WHEN},
    {"a call of Salesforce", "salesforce", "salesforce:Task:00T1", "upsert",
     TASK "'Subject':'Hi','CallDurationInSeconds':65}", NORMALIZE_OK, "call",
     "CallDurationInSeconds", "65", WHEN},
    {"its day, when it has one", "salesforce", "salesforce:Task:00T1", "upsert",
     TASK "'ActivityDate':'2024-05-01'}", NORMALIZE_OK, "call", "ActivityDate",
     "2024-05-01", INT64_C(1714521600000)},
    {"a task without a subtype is one", "salesforce", "salesforce:Task:00T1",
     "upsert", "{'CreatedDate':'2024-04-25T16:00:00Z','TaskSubtype':null}",
     NORMALIZE_OK, "task", "Subject", NULL, WHEN},
    {"an event", "salesforce", "salesforce:Event:00U1", "upsert",
     "{'StartDateTime':'2024-04-25T16:00:00.000+0000','Location':'Here'}",
     NORMALIZE_OK, "meeting", "Location", "Here", WHEN},
    {"a list e-mail", "salesforce", "salesforce:Task:00T1", "upsert",
     "{'CreatedDate':'2024-04-25T16:00:00Z','TaskSubtype':'ListEmail'}",
     NORMALIZE_NOT_AN_ACTIVITY, NULL, NULL, NULL, 0},
    {"a series", "salesforce", "salesforce:Task:00T1", "upsert",
     TASK "'IsRecurrence':true}", NORMALIZE_RECURRENCE, NULL, NULL, NULL, 0},
    {"a task that we made of a form", "salesforce", "salesforce:Task:00T1",
     "upsert", TASK "'HubSpot_Id__c':'hubspot:form_submission:a:b'}",
     NORMALIZE_OWN_TASK, NULL, NULL, NULL, 0},
    {"a task that we made of a call", "salesforce", "salesforce:Task:00T1",
     "upsert", TASK "'HubSpot_Id__c':'hubspot:call:7'}", NORMALIZE_OK, "call",
     "Subject", NULL, WHEN},
    {"one of a kind that goes one way", "salesforce", "salesforce:Task:00T1",
     "upsert", TASK "'HubSpot_Id__c':'hubspot:email:7'}", NORMALIZE_OWN_TASK,
     NULL, NULL, NULL, 0},
    {"neither when it was nor when it was made", "salesforce",
     "salesforce:Task:00T1", "upsert", "{'TaskSubtype':'Call'}",
     NORMALIZE_BAD_RECORD, NULL, NULL, NULL, 0},
    {"a deletion that has lost all", "salesforce", "salesforce:Task:00T1",
     "delete", "{}", NORMALIZE_OK, "task", NULL, NULL, 5},
    {"a deletion of HubSpot", "hubspot", "hubspot:call:512", "delete", "{}",
     NORMALIZE_OK, "call", NULL, NULL, 5},
};

static void
check_row(void **state)
{
    const struct activity_row *r = *state;
    struct event ev;
    struct error err;
    char text[64];
    struct span value;

    build(&ev, "x", r->native);
    event_set_str(&ev, EVENT_SOURCE, r->source);
    event_set_str(&ev, EVENT_KEY, r->key);
    event_set_str(&ev, EVENT_OP, r->op);
    event_set_i64(&ev, EVENT_MODIFIED_AT, 5);
    assert_true(activity_is_one(&ev, &rules));
    assert_int_equal(activity_normalize(&ev, &rules, &err), r->verdict);
    event_str(&ev, EVENT_SYNC, text, sizeof(text));
    assert_string_equal(text, r->kind != NULL ? "activity" : "");
    event_str(&ev, EVENT_KIND, text, sizeof(text));
    assert_string_equal(text, r->kind != NULL ? r->kind : "");
    assert_int_equal(event_i64(&ev, EVENT_OCCURRED_AT, 0), r->occurred_at);
    if (r->prop != NULL) {
        value = mp_get(ev.field[EVENT_PROPS], r->prop);
        assert_non_null(value.data);
        assert_int_equal(mp_is_nil(value), r->value == NULL);
        mp_get_str(ev.field[EVENT_PROPS], r->prop, text, sizeof(text));
        assert_string_equal(text, r->value != NULL ? r->value : "");
    }
    event_fini(&ev);
}

static void
a_call_that_names_its_task(void **state)
{
    struct event ev;
    struct error err;
    char other[64];

    (void)state;
    build(&ev, "x", CALL "'crmpipe_salesforce_id':'00T000000000001'}}");
    event_set_str(&ev, EVENT_SOURCE, "hubspot");
    event_set_str(&ev, EVENT_KEY, "hubspot:call:512");
    assert_int_equal(activity_normalize(&ev, &rules, &err), NORMALIZE_OK);
    assert_string_equal(event_str(&ev, EVENT_OTHER, other, sizeof(other)),
                        "salesforce:Task:00T000000000001EAA");
    event_fini(&ev);
    build(&ev, "x", CALL "'crmpipe_salesforce_id':'nonsense'}}");
    event_set_str(&ev, EVENT_SOURCE, "hubspot");
    event_set_str(&ev, EVENT_KEY, "hubspot:call:512");
    assert_int_equal(activity_normalize(&ev, &rules, &err), NORMALIZE_OK);
    assert_null(ev.field[EVENT_OTHER].data);
    event_fini(&ev);
}

static void
whose_it_is(void **state)
{
    struct event ev;

    (void)state;
    build(&ev, "meeting", NULL);
    assert_true(activity_is_one(&ev, &rules));
    event_set_str(&ev, EVENT_KEY, "hubspot:note:1");
    assert_false(activity_is_one(&ev, &rules));
    rules.is_on[ACTIVITY_MEETING] = false;
    event_set_str(&ev, EVENT_KEY, "hubspot:meeting:1");
    assert_false(activity_is_one(&ev, &rules));
    rules.is_on[ACTIVITY_MEETING] = true;
    event_fini(&ev);
}

static void
set(enum activity a, const char *property, const char *field)
{
    struct mapping *m = &rules.mapping[a];
    struct error err;

    rules.is_on[a] = true;
    assert_int_equal(mapping_parse(property, field, &m->pairs[m->n++], &err),
                     0);
}

int
main(void)
{
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))
    struct CMUnitTest tests[N_ROWS + 2] = {
        cmocka_unit_test(whose_it_is),
        cmocka_unit_test(a_call_that_names_its_task)};

    strcpy(rules.external_id, "HubSpot_Id__c");
    set(ACTIVITY_TASK, "hs_task_subject", "Subject");
    set(ACTIVITY_CALL, "hs_call_title", "Subject");
    set(ACTIVITY_CALL, "hs_call_body", "Description, both, html");
    set(ACTIVITY_CALL, "hs_call_duration", "CallDurationInSeconds");
    set(ACTIVITY_CALL, "hs_timestamp", "ActivityDate");
    set(ACTIVITY_MEETING, "hs_meeting_location", "Location");
    for (size_t i = 0; i < N_ROWS; i++)
        tests[i + 2] = (struct CMUnitTest){.name = rows[i].name,
                                           .test_func = check_row,
                                           .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("activity", tests, NULL, NULL);
}
