/* Complaints: told up to a number a minute, counted beyond it. */
#include "common/complaint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* the four above are cmocka's */
#include <cmocka.h>

static int
told(struct complaint *c, int n, int64_t now_ms)
{
    int sum = 0;

    for (int i = 0; i < n; i++)
        sum += complaint_told(c, now_ms);
    return sum;
}

static void
a_flood_is_counted(void **state)
{
    struct complaint c = {0};

    (void)state;
    assert_int_equal(told(&c, COMPLAINT_MAX, 5), COMPLAINT_MAX);
    assert_int_equal(told(&c, 7, 60004), 0);
    assert_int_equal(c.untold, 7);
    assert_int_equal(told(&c, COMPLAINT_MAX + 1, 60005), COMPLAINT_MAX);
    assert_int_equal(c.untold, 1);
}

static void
a_few_are_told(void **state)
{
    struct complaint c = {0};

    (void)state;
    for (int64_t now = 0; now < 600000; now += 1000)
        assert_int_equal(told(&c, 3, now), 3);
    assert_int_equal(c.untold, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flood_is_counted),
        cmocka_unit_test(a_few_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
