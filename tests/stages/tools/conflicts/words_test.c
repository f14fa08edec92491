/* words_test: why a conflict was not flipped is said in words. */
#include "stages/tools/conflicts/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void
every_refusal_has_words(void **state)
{
    static const char *const reasons[] = {
        "changed-since", "not-linked", "not-mapped",         "cannot-write",
        "whole-record",  "kind-off",   "other-side-missing", "no-end"};

    (void)state;
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        assert_non_null(strchr(words_refusal(reasons[i]), ' '));
    assert_string_equal(words_refusal("SOME_CODE"), "SOME_CODE");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refusal_has_words)};

    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
