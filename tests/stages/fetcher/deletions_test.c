/* deletions_test: when and for which span Salesforce is asked for what was
 * deleted, row by row. */
#include "stages/fetcher/salesforce/deletions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NOW    INT64_C(1780000000000) /* 2026-05-28T20:26:40Z */
#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define FLOOR  (NOW - 40000) /* its minute */

/* The span when all before `covered` has been told. */
static const struct span_row {
    const char *name;
    int64_t covered, start;
    bool has_gap;
} span_rows[] = {
    {"an hour later: two more, for what comes late", NOW - HOUR,
     FLOOR - 3 * HOUR, false},
    {"after days", NOW - 9 * DAY, FLOOR - 9 * DAY - 2 * HOUR, false},
    {"the overlap is cut before the days are", NOW - 15 * DAY + 2 * HOUR,
     FLOOR - 15 * DAY + HOUR, false},
    {"no longer all that is known", NOW - 15 * DAY + HOUR - 1,
     FLOOR - 15 * DAY + HOUR, true},
    {"never", 0, FLOOR - 15 * DAY + HOUR, true},
};

static void
check_span(void **state)
{
    const struct span_row *row = *state;
    struct deletions d = {row->covered, row->covered};
    struct deletions_span span;

    deletions_span(&d, NOW, &span);
    assert_true(span.start == row->start);
    assert_true(span.end == FLOOR);
    assert_int_equal(span.has_gap, row->has_gap);
}

/* What an answer leads to; it was asked for the last 3 hours, and all that was
 * deleted until an hour ago had been told. */
static const struct answer_row {
    const char *name, *answer;
    int64_t covered;
    bool is_whole;
} answer_rows[] = {
    {"all of it",
     "{\"earliestDateAvailable\":\"2026-05-13T20:26:00.000+0000\","
     "\"latestDateCovered\":\"2026-05-28T20:26:00.000+0000\"}",
     FLOOR, true},
    {"late: the rest is asked for again",
     "{\"latestDateCovered\":\"2026-05-28T19:56:00.000+0000\"}",
     FLOOR - 30 * MINUTE, true},
    {"later than asked for",
     "{\"latestDateCovered\":\"2026-05-28T23:00:00.000+0000\"}", FLOOR, true},
    {"no word of it", "{}", FLOOR, true},
    {"known since what was told",
     "{\"earliestDateAvailable\":\"2026-05-28T19:20:00.000+0000\"}", FLOOR,
     true},
    {"the bin was emptied since",
     "{\"earliestDateAvailable\":\"2026-05-28T20:00:00.000+0000\"}", FLOOR,
     false},
};

static void
check_answer(void **state)
{
    const struct answer_row *row = *state;
    struct deletions d = {NOW - HOUR, NOW - HOUR};
    cJSON *answer = cJSON_Parse(row->answer);
    struct deletions_span span;

    deletions_span(&d, NOW, &span);
    assert_int_equal(deletions_asked(&d, NOW, &span, answer), row->is_whole);
    assert_true(d.covered == row->covered);
    assert_true(d.asked_at == NOW);
    cJSON_Delete(answer);
}

static void
is_due_once_an_hour(void **state)
{
    struct deletions d;

    (void)state;
    deletions_begin(&d, NOW);
    assert_false(deletions_are_due(&d, NOW));
    assert_false(deletions_are_due(&d, NOW + HOUR - 1));
    assert_true(deletions_are_due(&d, NOW + HOUR));
}

static void
is_written_as_it_is_read(void **state)
{
    cJSON *cursor = cJSON_CreateObject();
    struct deletions d = {NOW - 5, NOW}, again;

    (void)state;
    deletions_read(&again, NULL);
    assert_true(again.covered == 0 && again.asked_at == 0);
    deletions_write(&d, cursor);
    deletions_write(&d, cursor);
    assert_int_equal(cJSON_GetArraySize(cursor), 1);
    deletions_read(&again, cursor);
    assert_true(again.covered == d.covered && again.asked_at == d.asked_at);
    cJSON_Delete(cursor);
}

static void
is_asked_for_as_the_guide_writes_it(void **state)
{
    struct deletions d = {NOW - HOUR, NOW - HOUR};
    struct deletions_span span;
    char path[DELETIONS_PATH];

    (void)state;
    deletions_span(&d, NOW, &span);
    assert_string_equal(deletions_path("Event", &span, path),
                        "/sobjects/Event/deleted/"
                        "?start=2026-05-28T17:26:00%2B00:00"
                        "&end=2026-05-28T20:26:00%2B00:00");
}

#define N(rows) (sizeof(rows) / sizeof((rows)[0]))
#define ADD(rows, check)                                                       \
    for (size_t i = 0; i < N(rows); i++)                                       \
        tests[n++] = (struct CMUnitTest)                                       \
        {                                                                      \
            .name = (rows)[i].name, .test_func = (check),                      \
            .initial_state = (void *)&(rows)[i]                                \
        }

int
main(void)
{
    struct CMUnitTest tests[N(span_rows) + N(answer_rows) + 3];
    size_t n = 0;

    ADD(span_rows, check_span);
    ADD(answer_rows, check_answer);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(is_due_once_an_hour);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(is_written_as_it_is_read);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(
        is_asked_for_as_the_guide_writes_it);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
