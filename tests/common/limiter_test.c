/* limiter_test: never more than N starts in any window. */
#include "common/limiter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void
the_next_waits_for_the_oldest(void **state)
{
    struct limiter l;

    (void)state;
    limiter_init(&l, 2, 100);
    assert_true(limiter_wait_ms(&l, 0) == 0);
    limiter_take(&l, 10);
    limiter_take(&l, 40);
    assert_true(limiter_wait_ms(&l, 40) == 70);
    assert_true(limiter_wait_ms(&l, 109) == 1);
    assert_true(limiter_wait_ms(&l, 110) == 0);
    limiter_take(&l, 110);
    assert_true(limiter_wait_ms(&l, 110) == 30);
    limiter_fini(&l);
}

static void
a_clock_set_back_costs_one_window(void **state)
{
    struct limiter l;

    (void)state;
    limiter_init(&l, 1, 100);
    limiter_take(&l, 1000000);
    assert_true(limiter_wait_ms(&l, 0) == 100);
    limiter_fini(&l);
}

static void
new_figures_keep_what_has_begun(void **state)
{
    struct limiter l;

    (void)state;
    limiter_init(&l, 3, 100);
    for (int64_t t = 0; t < 5; t++)
        limiter_take(&l, t * 100); /* the ring goes round */
    limiter_set(&l, 2, 1000);
    assert_true(limiter_wait_ms(&l, 400) == 900); /* 300 and 400 are left */
    limiter_set(&l, 4, 1000);
    assert_true(limiter_wait_ms(&l, 400) == 0);
    limiter_take(&l, 401);
    limiter_take(&l, 402);
    assert_true(limiter_wait_ms(&l, 402) == 898);
    limiter_fini(&l);
}

static void
no_window_holds_more(void **state)
{
    enum { CALLS = 7, WINDOW = 50, STARTS = 2000 };
    int64_t starts[STARTS], now = 0;
    struct limiter l;
    uint32_t seed = 1;

    (void)state;
    limiter_init(&l, CALLS, WINDOW);
    for (int i = 0; i < STARTS; i++) {
        seed = seed * 1664525 + 1013904223;
        now += seed >> 28; /* 0..15 */
        now += limiter_wait_ms(&l, now);
        assert_true(limiter_wait_ms(&l, now) == 0);
        limiter_take(&l, now);
        starts[i] = now;
        if (i >= CALLS)
            assert_true(now - starts[i - CALLS] >= WINDOW);
    }
    limiter_fini(&l);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_waits_for_the_oldest),
        cmocka_unit_test(a_clock_set_back_costs_one_window),
        cmocka_unit_test(new_figures_keep_what_has_begun),
        cmocka_unit_test(no_window_holds_more),
    };

    return cmocka_run_group_tests_name("limiter", tests, NULL, NULL);
}
