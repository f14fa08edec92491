/* activity_test: native records of both services as events of the activity
 * sync. */
#include "stages/normalizer/activity.h"

#include "tests/stages/normalizer/native_rows.h"

#define CALL "{'id':'512','properties':{'hs_timestamp':'2024-04-25T16:00:00Z',"
#define TASK                                                                   \
    "{'Id':'00T1','CreatedDate':'2024-04-25T16:00:00.000+0000',"               \
    "'TaskSubtype':'Call',"
#define MAIL(source)                                                           \
    "{'CreatedDate':'2024-04-25T16:00:00Z','TaskSubtype':'Email',"             \
    "'EmailMessage':{'MessageIdentifier':'<a@b.c>','Source':'" source "'}}"
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
    {"a mail that was captured", "salesforce", "salesforce:Task:00T1", "upsert",
     MAIL("Einstein Activity Capture"), NORMALIZE_EAC, NULL, NULL, NULL, 0},
    {"of one the header alone", "salesforce", "salesforce:Task:00T1", "upsert",
     MAIL("Einstein Activity Capture Limited"), NORMALIZE_EAC, NULL, NULL, NULL,
     0},
    {"an older one", "salesforce", "salesforce:Task:00T1", "upsert",
     MAIL("Migrated Captured Email"), NORMALIZE_EAC, NULL, NULL, NULL, 0},
    {"should the API write it so", "salesforce", "salesforce:Task:00T1",
     "upsert", MAIL("EinsteinActivityCapture"), NORMALIZE_EAC, NULL, NULL, NULL,
     0},
    {"a mail that a user has logged", "salesforce", "salesforce:Task:00T1",
     "upsert", MAIL("Email Integration App Manual"), NORMALIZE_OK, "email",
     NULL, NULL, WHEN},
    {"a captured one that is deleted", "salesforce", "salesforce:Task:00T1",
     "delete", MAIL("Einstein Activity Capture"), NORMALIZE_OK, "email", NULL,
     NULL, WHEN},
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

/* What a filter asks, whatever is mapped. */
static void
what_it_is_about(void **state)
{
    static const struct {
        const char *source, *key, *native, *title, *id, *email;
        int has_account; /* -1: not said */
    } abouts[] = {
        {"hubspot", "hubspot:meeting:1",
         "{'properties':{'hs_timestamp':'2024-04-25T16:00:00Z',"
         "'hs_meeting_title':'Hi','hubspot_owner_id':'51'},"
         "'owner':{'id':'51','email':'ann@example.com'}}",
         "Hi", "51", "ann@example.com", -1},
        {"hubspot", "hubspot:call:1",
         CALL "'hs_call_title':null,'hubspot_owner_id':''}}", "", "", "", -1},
        {"salesforce", "salesforce:Task:00T1",
         TASK "'Subject':'Hi','OwnerId':'005A','Owner':{'Email':'b@c.d'},"
              "'AccountId':'001A'}",
         "Hi", "005A", "b@c.d", 1},
        {"salesforce", "salesforce:Task:00T1",
         TASK "'OwnerId':'00GA','Owner':null,'WhatId':'001B'}", "", "00GA", "",
         1},
        {"salesforce", "salesforce:Task:00T1",
         TASK "'WhatId':'006B','AccountId':null}", "", "", "", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(abouts) / sizeof(abouts[0]); i++) {
        struct span about;
        struct event ev;
        struct error err;
        char text[64];
        bool has = false;

        build(&ev, "x", abouts[i].native);
        event_set_str(&ev, EVENT_SOURCE, abouts[i].source);
        event_set_str(&ev, EVENT_KEY, abouts[i].key);
        event_set_str(&ev, EVENT_OP, "upsert");
        assert_int_equal(activity_normalize(&ev, &rules, &err), NORMALIZE_OK);
        about = ev.field[EVENT_ABOUT];
        mp_get_str(about, "title", text, sizeof(text));
        assert_string_equal(text, abouts[i].title);
        mp_get_str(about, "owner_id", text, sizeof(text));
        assert_string_equal(text, abouts[i].id);
        mp_get_str(about, "owner_email", text, sizeof(text));
        assert_string_equal(text, abouts[i].email);
        assert_int_equal(mp_bool(mp_get(about, "has_account"), &has),
                         abouts[i].has_account >= 0);
        assert_int_equal(has, abouts[i].has_account == 1);
        event_fini(&ev);
    }
}

/* Of an event, uid of what it is about; "": none. */
static const char *
uid(const char *source, const char *key, const char *native, char text[64])
{
    struct event ev;
    struct error err;

    build(&ev, "x", native);
    event_set_str(&ev, EVENT_SOURCE, source);
    event_set_str(&ev, EVENT_KEY, key);
    event_set_str(&ev, EVENT_OP, "upsert");
    assert_int_equal(activity_normalize(&ev, &rules, &err), NORMALIZE_OK);
    mp_get_str(ev.field[EVENT_ABOUT], "uid", text, 64);
    event_fini(&ev);
    return text;
}

static void
what_names_it_on_both_sides(void **state)
{
    static const char mail[] =
        "{'properties':{'hs_timestamp':'2024-04-25T16:00:00Z',"
        "'hs_email_message_id':'a@b.c'}}";
    static const char meeting[] =
        "{'properties':{'hs_timestamp':'2024-04-25T16:00:00Z',"
        "'hs_i_cal_uid':'u1'}}";
    static const char event[] =
        "{'StartDateTime':'2024-04-25T16:00:00Z','UID__c':'u1'}";
    char text[64];

    (void)state;
    for (int on = 0; on < 2; on++) {
        rules.syncs_captured = on;
        strcpy(rules.ical_uid, on ? "UID__c" : "");
        assert_string_equal(uid("hubspot", "hubspot:email:1", mail, text),
                            on ? "a@b.c" : "");
        assert_string_equal(uid("salesforce", "salesforce:Task:00T1",
                                on ? MAIL("Einstein Activity Capture")
                                   : MAIL("Email Integration App Manual"),
                                text),
                            on ? "<a@b.c>" : "");
        assert_string_equal(uid("hubspot", "hubspot:meeting:1", meeting, text),
                            on ? "u1" : "");
        assert_string_equal(
            uid("salesforce", "salesforce:Event:00U1", event, text),
            on ? "u1" : "");
    }
    rules.syncs_captured = false;
    rules.ical_uid[0] = '\0';
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
    struct CMUnitTest tests[N_ROWS + 4] = {
        cmocka_unit_test(whose_it_is), cmocka_unit_test(what_it_is_about),
        cmocka_unit_test(what_names_it_on_both_sides),
        cmocka_unit_test(a_call_that_names_its_task)};

    strcpy(rules.external_id, "HubSpot_Id__c");
    set(ACTIVITY_EMAIL, "hs_email_subject", "Subject");
    rules.is_on[ACTIVITY_EMAIL] = false; /* it goes one way */
    set(ACTIVITY_TASK, "hs_task_subject", "Subject");
    set(ACTIVITY_CALL, "hs_call_title", "Subject");
    set(ACTIVITY_CALL, "hs_call_body", "Description, both, html");
    set(ACTIVITY_CALL, "hs_call_duration", "CallDurationInSeconds");
    set(ACTIVITY_CALL, "hs_timestamp", "ActivityDate");
    set(ACTIVITY_MEETING, "hs_meeting_location", "Location");
    for (size_t i = 0; i < N_ROWS; i++)
        tests[i + 4] = (struct CMUnitTest){.name = rows[i].name,
                                           .test_func = check_row,
                                           .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("activity", tests, NULL, NULL);
}
