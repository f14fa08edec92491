/* sf_id_test: 15 and 18 characters, lost case, and what is no id. */
#include "common/sf_id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const struct row {
    const char *name, *id, *want; /* want NULL: no id */
} rows[] = {
    {"15 characters", "001A0000006Vm9r", "001A0000006Vm9rIAC"},
    {"18 characters", "001A0000006Vm9rIAC", "001A0000006Vm9rIAC"},
    {"a suffix in small letters", "001A0000006Vm9riac", "001A0000006Vm9rIAC"},
    {"all capitals", "001A0000006VM9RIAC", "001A0000006Vm9rIAC"},
    {"all small", "001a0000006vm9riac", "001A0000006Vm9rIAC"},
    {"no letters", "003000000000001", "003000000000001AAA"},
    {"only capitals", "00TABCDEABCDEFG", "00TABCDEABCDEFG255"},
    {"a wrong suffix", "001A0000006Vm9rIAD", NULL},
    {"a suffix that is none", "001A0000006VM9R999", NULL},
    {"a suffix that makes a digit a capital", "003000000000001BAA", NULL},
    {"14 characters", "001A0000006Vm9", NULL},
    {"16 characters", "001A0000006Vm9rI", NULL},
    {"19 characters", "001A0000006Vm9rIACX", NULL},
    {"a quote", "001A0000006Vm9'", NULL},
    {"no ASCII", "001A0000006Vm\xc3\xa4", NULL},
    {"empty", "", NULL},
    {"NULL", NULL, NULL},
};

static void
check(void **state)
{
    const struct row *r = *state;
    char out[SF_ID_SIZE] = "left over";

    assert_true(sf_id_normalise(r->id, out) == (r->want != NULL));
    assert_string_equal(out, r->want != NULL ? r->want : "");
}

static void
objects(void **state)
{
    (void)state;
    assert_string_equal(sf_id_object("003A"), "Contact");
    assert_string_equal(sf_id_object("00QA"), "Lead");
    assert_string_equal(sf_id_object("001A"), "Account");
    assert_string_equal(sf_id_object("006A"), "Opportunity");
    assert_string_equal(sf_id_object("00TA"), "Task");
    assert_string_equal(sf_id_object("00UA"), "Event");
    assert_string_equal(sf_id_object("005A"), "User");
    assert_null(sf_id_object("00qA"));
    assert_null(sf_id_object("a01A"));
    assert_null(sf_id_object("00"));
    assert_null(sf_id_object(NULL));
}

int
main(void)
{
    enum { N = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N + 1] = {cmocka_unit_test(objects)};

    for (size_t i = 0; i < N; i++)
        tests[i + 1] = (struct CMUnitTest){.name = rows[i].name,
                                           .test_func = check,
                                           .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("sf_id", tests, NULL, NULL);
}
