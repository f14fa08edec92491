/* wildcard_test: patterns, row by row. */
#include "common/wildcard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const struct row {
    const char *pattern, *text;
    bool fits, fits_any_case;
} rows[] = {
    {"", "", true, true},
    {"", "a", false, false},
    {"*", "", true, true},
    {"*", "anything", true, true},
    {"?", "", false, false},
    {"a", "A", false, true},
    {"*DEMO*", "A demo of it", false, true},
    {"*demo", "demo demo", true, true},
    {"demo*", "a demo", false, false},
    {"a?c", "abc", true, true},
    {"a?c", "ac", false, false},
    {"?", "\xc3\xa9", true, true},
    {"??", "\xc3\xa9", false, false},
    {"*??", "\xc3\xa9", false, false},
    {"gr?n", "gr\xc3\xbcn", true, true},
    {"Gr\xc3\xbc*", "gr\xc3\xbcn", false, true},
    {"?", "\xbc", true, true},
    {"*a*b*c*", "xxaxxbxx", false, false},
    {"*ab*ab", "abaab", true, true},
    {"**", "x", true, true},
};

static void
fits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *r = &rows[i];
        size_t p = strlen(r->pattern), n = strlen(r->text);

        if (wildcard_fits(r->pattern, p, r->text, n, WILDCARD_CASE) !=
                r->fits ||
            wildcard_fits(r->pattern, p, r->text, n, WILDCARD_ANY_CASE) !=
                r->fits_any_case)
            fail_msg("\"%s\" and \"%s\"", r->pattern, r->text);
    }
}

static void
only_what_is_said_to_be_there_is_read(void **state)
{
    (void)state;
    assert_true(wildcard_fits("abX", 2, "abY", 2, WILDCARD_CASE));
    assert_true(wildcard_fits("?X", 1, "\xc3\xa9\xa9", 2, WILDCARD_CASE));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits),
        cmocka_unit_test(only_what_is_said_to_be_there_is_read),
    };

    return cmocka_run_group_tests_name("wildcard", tests, NULL, NULL);
}
