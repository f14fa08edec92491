/* words_test: what a person can do about it is said in words. */
#include "stages/tools/explain/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void
every_rule_of_the_window_has_words(void **state)
{
    static const char *const reasons[] = {
        "kind-off",          "no-contact",      "contact-not-synced",
        "contact-ambiguous", "before-lookback", "before-contact-sync",
        "duplicate",         "already-written"};

    (void)state;
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        assert_true(strlen(words_reason(reasons[i], "")) > 0);
}

static void
what_is_not_known_is_shown_as_it_is(void **state)
{
    (void)state;
    assert_string_equal(words_reason("SOME_CODE", ""), "");
    assert_string_equal(words_outcome("lost"), "lost");
    assert_string_equal(words_outcome("written"), "it was written");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_of_the_window_has_words),
        cmocka_unit_test(what_is_not_known_is_shown_as_it_is)};

    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
