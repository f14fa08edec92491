/* shown_test: nothing that a user has typed does anything to a terminal. */
#include "common/shown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const struct row {
    const char *name, *value;
    size_t max;
    const char *want;
} rows[] = {
    {"plain", "a b", 10, "\"a b\""},
    {"nothing", NULL, 10, "(empty)"},
    {"empty", "", 10, "(empty)"},
    {"quotes", "a\"\\", 10, "\"a\\\"\\\\\""},
    {"control characters", "\033[2J\n\t\x7f", 10, "\"\\x1b[2J\\n\\x09\\x7f\""},
    {"those beyond ASCII", "\xc2\x9b\xc3\xa9", 10, "\"\\u009b\xc3\xa9\""},
    {"as long as it may be", "12345", 5, "\"12345\""},
    {"one too long", "123456", 5, "\"1234\xe2\x80\xa6\""},
    {"two units are one character",
     "123\xf0\x9f\x98\x80"
     "5",
     5, "\"123\xe2\x80\xa6\""},
    {"no room at all", "12", 0, "\"\xe2\x80\xa6\""},
};

static void
check_row(void **state)
{
    const struct row *row = *state;
    struct text t;

    text_init(&t);
    shown_quoted(&t, row->value, row->max);
    text_putc(&t, '\0');
    assert_string_equal(t.data, row->want);
    text_fini(&t);
}

static void
values_records_and_lines(void **state)
{
    cJSON *value = cJSON_Parse("[\"a\",1.5,300000000000,true,null,{}]");
    const cJSON *item;
    struct text t;

    (void)state;
    text_init(&t);
    cJSON_ArrayForEach(item, value)
    {
        shown_value(&t, item, 9);
        text_putc(&t, ' ');
    }
    shown_record(&t, "hubspot:form_submission:f-1:c-\n");
    shown_record(&t, "|x");
    shown_lines(&t, "a\n\n\033b", "|");
    text_putc(&t, '\0');
    assert_string_equal(t.data, "\"a\" 1.5 300000000000 true (empty) (empty) "
                                "form_submission f-1:c-\\n|x|a\n|\n|\\x1bb\n");
    text_fini(&t);
    cJSON_Delete(value);
}

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

int
main(void)
{
    struct CMUnitTest tests[N_ROWS + 1] = {{0}};

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    tests[N_ROWS] =
        (struct CMUnitTest)cmocka_unit_test(values_records_and_lines);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
