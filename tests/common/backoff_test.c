/* backoff_test: pauses grow, stay in their bounds, and heed the service. */
#include "common/backoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct row {
    const char *name;
    int64_t min_ms, max_ms;
    int tries;
    uint32_t random;
    int64_t retry_after_ms, want;
} rows[] = {
    {"no luck: the shortest", 100, 10000, 5, 0, -1, 100},
    {"first: up to twice the shortest", 100, 10000, 1, UINT32_MAX, -1, 200},
    {"third: up to eight times", 100, 10000, 3, UINT32_MAX, -1, 800},
    {"in between", 100, 10000, 1, UINT32_MAX / 2, -1, 149},
    {"never over the longest", 100, 1000, 9, UINT32_MAX, -1, 1000},
    {"a longest that is no power", 100, 300, 2, UINT32_MAX, -1, 300},
    {"very many tries", 1, 60000, 2000000000, UINT32_MAX, -1, 60000},
    {"the largest bounds do not overflow", INT64_MAX / 4, INT64_MAX / 2, 9, 0,
     -1, INT64_MAX / 4},
    {"no shortest, no pause", 0, 0, 7, UINT32_MAX, -1, 0},
    {"the service's word is not undercut", 100, 1000, 1, 0, 5000, 5000},
    {"and spread a little", 100, 1000, 1, UINT32_MAX, 5000, 5100},
    {"the service says now", 100, 1000, 9, 0, 0, 0},
};

static void
check(void **state)
{
    const struct row *r = *state;
    struct backoff b = {r->min_ms, r->max_ms};

    assert_true(backoff_ms(&b, r->tries, r->random, r->retry_after_ms) ==
                r->want);
}

int
main(void)
{
    enum { N = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N];

    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check,
                                       .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("backoff", tests, NULL, NULL);
}
