/* window_test: the rules of what is in scope, row by row. */
#include "stages/window-filter/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define DAY  INT64_C(86400000)
#define SYNC INT64_C(1780000000000)

/* Facts of a timeline event. */
#define TIMELINE(...)                                                          \
    {                                                                          \
        __VA_ARGS__, false, ACTIVITY_NONE, false, false                        \
    }

static struct window_rules rules;

static const struct row {
    const char *name;
    struct window_facts facts;
    const char *reason; /* NULL: in */
} rows[] = {
    {"the first millisecond is in",
     TIMELINE(KIND_CALL, SYNC, true, true, SYNC, 1), NULL},
    {"one millisecond before is out",
     TIMELINE(KIND_CALL, SYNC - 1, true, true, SYNC, 1), "before-contact-sync"},
    {"a note from before, ever",
     TIMELINE(KIND_NOTE, SYNC - 400 * DAY, true, true, SYNC, 1),
     "before-contact-sync"},
    {"a meeting to come",
     TIMELINE(KIND_MEETING, SYNC + 7 * DAY, true, true, SYNC, 1), NULL},
    {"a task", TIMELINE(KIND_TASK, SYNC - 1, true, true, SYNC, 1),
     "before-contact-sync"},
    {"content viewed",
     TIMELINE(KIND_SALES_CONTENT_VIEWED, SYNC - 1, true, true, SYNC, 1),
     "before-contact-sync"},
    {"an integration's event",
     TIMELINE(KIND_INTEGRATION_EVENT, SYNC - 1, true, true, SYNC, 1),
     "before-contact-sync"},
    {"a sales e-mail",
     TIMELINE(KIND_SALES_EMAIL_SENT, SYNC - 1, true, true, SYNC, 1),
     "before-contact-sync"},
    {"its open",
     TIMELINE(KIND_SALES_EMAIL_OPENED, SYNC - 1, true, true, SYNC, 1),
     "before-contact-sync"},
    {"marketing mail of 30 days",
     TIMELINE(KIND_MARKETING_EMAIL_SENT, SYNC - 30 * DAY, true, true, SYNC, 1),
     NULL},
    {"marketing mail a millisecond older",
     TIMELINE(KIND_MARKETING_EMAIL_SENT, SYNC - 30 * DAY - 1, true, true, SYNC,
              1),
     "before-lookback"},
    {"an opened one",
     TIMELINE(KIND_MARKETING_EMAIL_OPENED, SYNC - 31 * DAY, true, true, SYNC,
              1),
     "before-lookback"},
    {"a form of a year",
     TIMELINE(KIND_FORM_SUBMISSION, SYNC - 365 * DAY, true, true, SYNC, 1),
     NULL},
    {"a form a millisecond older",
     TIMELINE(KIND_FORM_SUBMISSION, SYNC - 365 * DAY - 1, true, true, SYNC, 1),
     "before-lookback"},
    {"no contact", TIMELINE(KIND_CALL, SYNC, false, false, 0, 0), "no-contact"},
    {"not tied", TIMELINE(KIND_CALL, SYNC, true, false, 0, 0),
     "contact-not-synced"},
    {"tied, but never since when", TIMELINE(KIND_CALL, SYNC, true, true, 0, 1),
     "contact-not-synced"},
    {"was tied once, is no more",
     TIMELINE(KIND_CALL, SYNC, true, false, SYNC, 0), "contact-not-synced"},
    {"several people fit", TIMELINE(KIND_CALL, SYNC, true, false, 0, 2),
     "contact-ambiguous"},
    {"switched off",
     TIMELINE(KIND_SALES_EMAIL_CLICKED, SYNC, true, true, SYNC, 1), "kind-off"},
    {"off comes before the contact",
     TIMELINE(KIND_SALES_EMAIL_CLICKED, SYNC, false, false, 0, 0), "kind-off"},
    {"a kind that nobody knows", TIMELINE(KIND_NONE, SYNC, true, true, SYNC, 1),
     "unknown-kind"},
    {"times at the end of the numbers",
     TIMELINE(KIND_FORM_SUBMISSION, INT64_MIN, true, true, INT64_MIN + 1, 1),
     "before-lookback"},
    {"far in the future",
     TIMELINE(KIND_FORM_SUBMISSION, INT64_MAX, true, true, INT64_MIN + 1, 1),
     NULL},
    {"an activity that changed when the sync began",
     {KIND_NONE, SYNC, true, true, SYNC, 1, true, ACTIVITY_CALL, false, false},
     NULL},
    {"one that changed before",
     {KIND_NONE, SYNC - 1, true, true, SYNC, 1, true, ACTIVITY_CALL, false,
      false},
     "before-contact-sync"},
    {"an activity of a kind that is off",
     {KIND_CALL, SYNC, true, true, SYNC, 1, true, ACTIVITY_TASK, false, false},
     "kind-off"},
    {"an activity of nobody",
     {KIND_NONE, SYNC, false, false, 0, 0, true, ACTIVITY_CALL, false, false},
     "no-contact"},
    {"a deletion may have lost its contact",
     {KIND_NONE, SYNC, false, false, 0, 0, true, ACTIVITY_CALL, true, false},
     NULL},
    {"a deletion of a kind that is off",
     {KIND_NONE, SYNC, true, true, SYNC, 1, true, ACTIVITY_TASK, true, false},
     "kind-off"},
    {"an import of what was before, as long ago as you like",
     {KIND_CALL, SYNC - 4000 * DAY, true, true, SYNC, 1, false, ACTIVITY_NONE,
      false, true},
     NULL},
    {"an import of an activity from before",
     {KIND_NONE, SYNC - 4000 * DAY, true, true, SYNC, 1, true, ACTIVITY_CALL,
      false, true},
     NULL},
    {"an import of what is not tied",
     {KIND_NONE, SYNC, true, false, 0, 0, true, ACTIVITY_CALL, false, true},
     "contact-not-synced"},
    {"an import of a kind that is off",
     {KIND_NONE, SYNC, true, true, SYNC, 1, true, ACTIVITY_TASK, false, true},
     "kind-off"},
    {"an activity that nobody knows",
     {KIND_CALL, SYNC, true, true, SYNC, 1, true, ACTIVITY_NONE, false, false},
     "unknown-kind"},
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static void
check_row(void **state)
{
    const struct row *row = *state;
    enum window_verdict verdict = window_decide(&row->facts, &rules);
    const char *reason = window_reason(verdict);

    assert_int_equal(window_is_in_if_linked(&row->facts, verdict),
                     row->facts.is_activity && row->reason != NULL &&
                         strcmp(row->reason, "kind-off") != 0 &&
                         strcmp(row->reason, "unknown-kind") != 0);

    if (row->reason == NULL)
        assert_null(reason);
    else
        assert_string_equal(reason, row->reason);
}

/* {occurred_at: 5} and so on; the id and the rest are always there. */
static void
facts_of(const char *more, size_t len, size_t n, int want,
         struct window_facts *out)
{
    static const char head[] = "\xa1v\x01\xa2id\xa1i\xa3key\xa1k"
                               "\xa6source\xa7hubspot\xa3seq\x01";
    char bytes[512];
    struct event ev;
    struct error err;

    bytes[0] = (char)(0x80 + 5 + n);
    memcpy(bytes + 1, head, sizeof(head) - 1);
    memcpy(bytes + sizeof(head), more, len);
    assert_int_equal(
        event_parse(&ev, (uint8_t *)bytes, sizeof(head) + len, &err), 0);
    assert_int_equal(window_facts(&ev, out, &err), want);
    event_fini(&ev);
}
#define FACTS(more, n, want, out) facts_of(more, sizeof(more) - 1, n, want, out)

static void
facts_come_from_the_event(void **state)
{
    struct window_facts f;

    (void)state;
    FACTS("\xa4kind\xa4"
          "call\xaboccurred_at\x07\xa7"
          "contact\x83\xadsalesforce_id\xa3"
          "003\xa9synced_at\x05\xa7matches\x01",
          3, 0, &f);
    assert_int_equal(f.kind, KIND_CALL);
    assert_int_equal(f.at, 7);
    assert_true(f.has_contact && f.is_tied);
    assert_int_equal(f.synced_at, 5);
    assert_int_equal(f.matches, 1);
    FACTS("\xaboccurred_at\x07\xa7"
          "contact\x80",
          2, 0, &f);
    assert_int_equal(f.kind, KIND_NONE);
    assert_false(f.has_contact);
    assert_false(f.is_import);
    FACTS("\xaboccurred_at\x07\xa6import\xc3", 2, 0, &f);
    assert_true(f.is_import);
    FACTS("\xaboccurred_at\x07\xa6import\x01", 2, 0, &f);
    assert_false(f.is_import);
    FACTS("\xaboccurred_at\x07\xa7"
          "contact\x81\xadsalesforce_id\xc0",
          2, 0, &f);
    assert_true(f.has_contact);
    assert_false(f.is_tied);
}

/* {sync: "activity", modified_at: n} */
static void
a_version_of_whole_seconds_is_of_any_moment_in_it(void **state)
{
    struct window_facts f;

    (void)state;
    FACTS("\xa4sync\xa8"
          "activity\xaboccurred_at\x07\xabmodified_at\xcd\x03\xe8",
          3, 0, &f);
    assert_int_equal(f.at, 1999);
    FACTS("\xa4sync\xa8"
          "activity\xaboccurred_at\x07\xabmodified_at\xcd\x03\xe9",
          3, 0, &f);
    assert_int_equal(f.at, 1001);
}

static void
an_event_without_a_time_is_refused(void **state)
{
    struct window_facts f;

    (void)state;
    FACTS("\xa4kind\xa4"
          "call",
          1, -1, &f);
    FACTS("\xaboccurred_at\xa3now", 1, -1, &f);
}

int
main(void)
{
    struct CMUnitTest tests[N_ROWS + 3];

    for (int k = 0; k < KIND_COUNT; k++)
        rules.timeline[k] = (struct window_rule){true, 0};
    rules.activity[ACTIVITY_CALL] = true;
    rules.timeline[KIND_SALES_EMAIL_CLICKED].is_on = false;
    rules.timeline[KIND_FORM_SUBMISSION].lookback_ms = 365 * DAY;
    rules.timeline[KIND_MARKETING_EMAIL_SENT].lookback_ms = 30 * DAY;
    rules.timeline[KIND_MARKETING_EMAIL_OPENED].lookback_ms = 30 * DAY;
    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    tests[N_ROWS] =
        (struct CMUnitTest)cmocka_unit_test(facts_come_from_the_event);
    tests[N_ROWS + 1] =
        (struct CMUnitTest)cmocka_unit_test(an_event_without_a_time_is_refused);
    tests[N_ROWS + 2] = (struct CMUnitTest)cmocka_unit_test(
        a_version_of_whole_seconds_is_of_any_moment_in_it);
    return cmocka_run_group_tests_name("window", tests, NULL, NULL);
}
