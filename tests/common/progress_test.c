/* progress_test: the line that is shown, and the time that is left. */
#include "common/progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct row {
    const char *name;
    int64_t done, total, elapsed_ms;
    const char *note;
    int columns;
    const char *want;
} rows[] = {
    {"nothing yet", 0, 0, 0, NULL, 0, "x  0"},
    {"no total", 1234567, 0, 9000, NULL, 0, "x  1,234,567"},
    {"half", 500, 1000, 10000, NULL, 0, "x  500/1,000  50%  0:10 left"},
    {"too early for a guess", 500, 1000, 999, NULL, 0, "x  500/1,000  50%"},
    {"all", 1000, 1000, 10000, NULL, 0, "x  1,000/1,000  100%"},
    {"more than expected", 1100, 1000, 10000, NULL, 0, "x  1,000/1,000  100%"},
    {"hours", 1, 3601, 2000, NULL, 0, "x  1/3,601  0%  2:00:00 left"},
    {"a note", 1, 0, 0, "7 under way", 0, "x  1  7 under way"},
    {"a bar", 500, 1000, 0, NULL, 100,
     "x [############............]  500/1,000  50%"},
    {"a bar cut", 500, 1000, 0, NULL, 10, "x [#######"},
};

static void
check_row(void **state)
{
    const struct row *r = *state;
    char line[200];

    progress_line(line, sizeof(line), "x", r->done, r->total, r->elapsed_ms,
                  r->note, r->columns);
    assert_string_equal(line, r->want);
}

static void
time_left(void **state)
{
    (void)state;
    assert_int_equal(progress_left_ms(0, 100, 5000), -1);
    assert_int_equal(progress_left_ms(100, 0, 5000), -1);
    assert_int_equal(progress_left_ms(25, 100, 5000), 15000);
    assert_int_equal(progress_left_ms(100, 100, 5000), 0);
}

int
main(void)
{
    enum { N = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N + 1] = {cmocka_unit_test(time_left)};

    for (size_t i = 0; i < N; i++)
        tests[1 + i] = (struct CMUnitTest){.name = rows[i].name,
                                           .test_func = check_row,
                                           .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
