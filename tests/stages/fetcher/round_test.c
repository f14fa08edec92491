/* round_test: how many linked records are looked up next, and where. */
#include "stages/fetcher/hubspot/round.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define HOUR INT64_C(3600000)
#define NOW  (100 * HOUR)

static const struct share_row {
    const char *name;
    int64_t left, asked_at, total, sweep_ms, want;
} share_rows[] = {
    {"a small account: all", 0, NOW - 1, 300, HOUR, 300},
    {"the very first", 0, 0, 50000, HOUR, 1000},
    {"a tenth of a round", 0, NOW - HOUR / 10, 50000, HOUR, 5000},
    {"a moment later: the least", 0, NOW - 1000, 50000, HOUR, 1000},
    {"a round is overdue: none twice", 0, NOW - 9 * HOUR, 50000, HOUR, 50000},
    {"no time for a round: all", 0, NOW, 50000, 0, 50000},
    {"the clock went back", 0, NOW + HOUR, 50000, HOUR, 1000},
    {"one is under way", 7, NOW - HOUR, 50000, HOUR, 7},
    {"nothing is linked", 0, 0, 0, HOUR, 0},
};

static void
check_share(void **state)
{
    const struct share_row *row = *state;
    struct round r = {.left = row->left, .asked_at = row->asked_at};

    round_begin(&r, row->total, NOW, row->sweep_ms);
    assert_true(r.left == row->want);
    assert_true(r.asked_at == (row->left > 0 ? row->asked_at : NOW));
}

static void
it_goes_on_from_its_cursor(void **state)
{
    struct round r = {.activity = ACTIVITY_CALL, .left = 5, .asked_at = NOW};
    char after[EVENT_ID_MAX], before[EVENT_ID_MAX];
    struct round back;
    cJSON *cursor;

    (void)state;
    strcpy(r.after, "hubspot:call:512");
    cursor = round_write(&r);
    round_read(&back, cursor);
    assert_memory_equal(&back, &r, sizeof(r));
    round_keys(&back, after, before, sizeof(after));
    assert_string_equal(after, "hubspot:call:512");
    assert_string_equal(before, "hubspot:call;");
    back.after[0] = '\0';
    round_keys(&back, after, before, sizeof(after));
    assert_string_equal(after, "hubspot:call:");
    cJSON_Delete(cursor);
}

static void
a_strange_cursor_begins_anew(void **state)
{
    static const char *const cursors[] = {
        "{}", "7", "{\"kind\":\"note\",\"after\":\"hubspot:note:1\"}",
        "{\"kind\":3,\"left\":-1,\"asked_at\":\"x\"}"};
    struct round r;

    (void)state;
    for (size_t i = 0; i < sizeof(cursors) / sizeof(cursors[0]); i++) {
        cJSON *cursor = cJSON_Parse(cursors[i]);

        round_read(&r, cursor);
        assert_int_equal(r.activity, 0);
        assert_string_equal(r.after, "");
        assert_true(r.left == 0 && r.asked_at == 0);
        cJSON_Delete(cursor);
    }
    round_read(&r, NULL);
    assert_string_equal(r.after, "");
}

static void
kind_after_kind(void **state)
{
    bool wanted[ACTIVITY_COUNT] = {
        [ACTIVITY_EMAIL] = true, [ACTIVITY_MEETING] = true};
    struct round r = {.activity = ACTIVITY_EMAIL, .after = "x"};

    (void)state;
    round_next_kind(&r, wanted);
    assert_int_equal(r.activity, ACTIVITY_MEETING);
    assert_string_equal(r.after, "");
    round_next_kind(&r, wanted);
    assert_int_equal(r.activity, ACTIVITY_EMAIL);
    wanted[ACTIVITY_MEETING] = false;
    round_next_kind(&r, wanted);
    assert_int_equal(r.activity, ACTIVITY_EMAIL);
}

int
main(void)
{
    enum { N = sizeof(share_rows) / sizeof(share_rows[0]) };
    struct CMUnitTest tests[N + 3] = {
        [N] = cmocka_unit_test(it_goes_on_from_its_cursor),
        [N + 1] = cmocka_unit_test(a_strange_cursor_begins_anew),
        [N + 2] = cmocka_unit_test(kind_after_kind)};

    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){.name = share_rows[i].name,
                                       .test_func = check_share,
                                       .initial_state = (void *)&share_rows[i]};
    return cmocka_run_group_tests_name("round", tests, NULL, NULL);
}
