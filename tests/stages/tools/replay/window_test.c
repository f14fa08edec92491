/* window_test: every number is given once and finds its event. */
#include "stages/tools/replay/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct window_slot *
add(struct window *w, const char *text)
{
    return window_add(w, (struct span){(const uint8_t *)text, strlen(text)}, 5);
}

static void
fills_and_empties(void **state)
{
    struct window w;
    struct window_slot *a, *b;

    (void)state;
    window_init(&w, 2);
    assert_false(window_is_full(&w));
    assert_int_equal(window_next_seq(&w), 1);
    a = add(&w, "aa");
    b = add(&w, "b");
    assert_int_equal(a->seq, 1);
    assert_int_equal(b->seq, 2);
    assert_true(window_is_full(&w));
    assert_ptr_equal(window_find(&w, 1), a);
    assert_int_equal(a->len, 2);
    assert_memory_equal(a->bytes, "aa", 2);
    assert_null(window_find(&w, 3)); /* the same place, another number */
    assert_null(window_find(&w, 0));
    window_take(&w, a);
    assert_null(window_find(&w, 1));
    assert_int_equal(window_next_seq(&w), 3);
    window_fini(&w);
}

static void
one_that_stays_does_not_block_the_others(void **state)
{
    struct window w;
    uint64_t last = 1;

    (void)state;
    window_init(&w, 3);
    add(&w, "stays");
    for (int i = 0; i < 20; i++) {
        struct window_slot *slot = add(&w, "goes");

        assert_true(slot->seq > last);
        last = slot->seq;
        assert_ptr_equal(window_find(&w, last), slot);
        window_take(&w, slot);
    }
    assert_memory_equal(window_find(&w, 1)->bytes, "stays", 5);
    assert_int_equal(w.n_used, 1);
    window_fini(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_and_empties),
        cmocka_unit_test(one_that_stays_does_not_block_the_others)};

    return cmocka_run_group_tests_name("window", tests, NULL, NULL);
}
