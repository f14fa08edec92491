/* wiring_test: who stands behind whom. */
#include "stages/tools/supervisor/wiring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* A wiring of names, inputs and outputs; nothing to free. */
static struct wiring
wiring_of(const char *const (*rows)[3], int n)
{
    struct wiring w = {.n = n};

    for (int i = 0; i < n; i++) {
        w.stage[i].name = rows[i][0];
        w.stage[i].input = (char *)rows[i][1];
        w.stage[i].output = (char *)rows[i][2];
    }
    return w;
}

static void
a_chain(void **state)
{
    static const char *const rows[][3] = {{"fetch", "", "a"},
                                          {"norm", "a", "b"},
                                          {"write", "c", ""},
                                          {"filter", "b", "c"}};
    struct wiring w = wiring_of(rows, 4);

    (void)state;
    assert_true(wiring_is_source(&w, 0));
    assert_false(wiring_is_source(&w, 1));
    assert_int_equal(wiring_next(&w, 0), 1);
    assert_int_equal(wiring_next(&w, 1), 3);
    assert_int_equal(wiring_next(&w, 2), -1);
    assert_int_equal(wiring_rank(&w, 0), 3);
    assert_int_equal(wiring_rank(&w, 3), 1);
    assert_int_equal(wiring_rank(&w, 2), 0);
    assert_int_equal(wiring_find(&w, "filter"), 3);
    assert_int_equal(wiring_find(&w, "nobody"), -1);
}

static void
a_circle_ends(void **state)
{
    static const char *const rows[][3] = {{"x", "a", "b"}, {"y", "b", "a"}};
    struct wiring w = wiring_of(rows, 2);

    (void)state;
    assert_int_equal(wiring_rank(&w, 0), 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_chain),
                                       cmocka_unit_test(a_circle_ends)};

    return cmocka_run_group_tests_name("wiring", tests, NULL, NULL);
}
