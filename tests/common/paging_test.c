/* paging_test: circles of pages, by their beginning and length. */
#include "common/paging.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#define PAGES_MAX 5000

/* Pages 1, 2, 3, ... `first`, ... `first` + `length` - 1, `first`, ...; on
 * which one is the circle found? 0: on none. */
static int
found_at(int first, int length)
{
    struct paging p = {0};
    char next[16];

    for (int i = 1; i <= PAGES_MAX; i++) {
        int page = length > 0 && i >= first + length
                       ? first + (i - first) % length
                       : i;

        snprintf(next, sizeof(next), "%d", page);
        if (!paging_goes_on(&p, next))
            return i;
    }
    return 0;
}

static void
leads_on(void **state)
{
    (void)state;
    assert_int_equal(found_at(1, 0), 0);
}

static void
the_same_again(void **state)
{
    (void)state;
    assert_int_equal(found_at(1, 1), 2);
    for (int first = 1; first < 50; first++)
        assert_in_range(found_at(first, 1), first + 1, 4 * (first + 1));
}

static void
circles(void **state)
{
    (void)state;
    for (int first = 1; first < 50; first++)
        for (int length = 2; length < 50; length++)
            assert_in_range(found_at(first, length), first + length,
                            4 * (first + length));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leads_on),
        cmocka_unit_test(the_same_again),
        cmocka_unit_test(circles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
