#include "stages/fetcher/trim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct row {
    const char *name;
    int64_t outcomes, second_look, overlap, want;
} rows[] = {
    {"as the config says", 90000, 60, 2, 90000},
    {"what is read again is known", 60, 60, 2, 122},
    {"without a second look", 60, 0, 2, 60},
    {"a long overlap", 60, 0, 90, 90},
};

static void
check_row(void **state)
{
    const struct row *r = *state;

    assert_int_equal(trim_age_ms(r->outcomes, r->second_look, r->overlap),
                     r->want);
}

int
main(void)
{
    struct CMUnitTest tests[N_ROWS];

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
