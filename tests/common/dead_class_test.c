/* dead_class_test: each reason's class, and that it comes with a mend. */
#include "common/dead_class.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct row {
    const char *name; /* the reason */
    const char *detail;
    enum dead_class class;
    const char *mend; /* a part of it */
} rows[] = {
    {"UNABLE_TO_LOCK_ROW", "unable to obtain", DEAD_RETRYABLE, "again"},
    {"REQUEST_LIMIT_EXCEEDED", "TotalRequests", DEAD_RETRYABLE, "again"},
    {"TXN_NOTHING_KNOWN", "", DEAD_RETRYABLE, "again"},
    {"HTTP_503", "", DEAD_RETRYABLE, "again"},
    {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "tr: UNABLE_TO_LOCK_ROW, x",
     DEAD_RETRYABLE, "again"},
    {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "tr: null pointer", DEAD_USER,
     "automation"},
    {"CUSTOM_APEX_ERROR", "QUERY_TIMEOUT", DEAD_RETRYABLE, "again"},
    {"CUSTOM_APEX_ERROR", "", DEAD_USER, "automation"},
    {"CANNOT_UPDATE_CONVERTED_LEAD", "", DEAD_USER, "see that contact"},
    {"FIELD_CUSTOM_VALIDATION_EXCEPTION", "x", DEAD_USER, "Validation Rules"},
    {"INSUFFICIENT_ACCESS_OR_READONLY", "x", DEAD_USER, "sharing"},
    {"INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "x", DEAD_USER,
     "sharing"},
    {"INVALID_FIELD", "No such column", DEAD_USER, "field-level security"},
    {"INVALID_FIELD_FOR_INSERT_UPDATE", "x", DEAD_USER, "permission set"},
    {"REQUIRED_FIELD_MISSING", "[Name]", DEAD_USER, "[activity.KIND.mapping]"},
    {"STRING_TOO_LONG", "x", DEAD_USER, "longer"},
    {"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "x", DEAD_USER, "list"},
    {"DUPLICATE_VALUE", "x", DEAD_USER, "unique"},
    {"DUPLICATE_EXTERNAL_ID", "x", DEAD_USER, "delete all but one"},
    {"STORAGE_LIMIT_EXCEEDED", "x", DEAD_USER, "Storage Usage"},
    {"external-id-field-missing", "x", DEAD_USER, "External ID"},
    {"ENTITY_IS_DELETED", "entity is deleted", DEAD_NEVER, "recycle bin"},
    {"MISSING_SCOPES", "(scopes: x)", DEAD_USER, "scopes"},
    {"USER_DOES_NOT_HAVE_PERMISSIONS", "", DEAD_USER, "permission"},
    {"VALIDATION_ERROR", "a: does not exist (PROPERTY_DOESNT_EXIST)", DEAD_USER,
     "make the property"},
    {"VALIDATION_ERROR", "a: x was not one of (INVALID_OPTION)", DEAD_USER,
     "add the option"},
    {"VALIDATION_ERROR", "a: 5 was not a valid long", DEAD_USER, "the value"},
    {"OBJECT_NOT_FOUND", "", DEAD_NEVER, "restore"},
    {"CONFLICT", "", DEAD_USER, "other record"},
    {"TEN_SECONDLY_ROLLING", "", DEAD_RETRYABLE, "again"},
    {"bad-record", "", DEAD_NEVER, "new version"},
    {"too-large", "", DEAD_NEVER, "new version"},
    {"bad-event", "", DEAD_USER, "stage"},
    {"swallowed", "", DEAD_USER, "stage"},
    {"SOMETHING_NEW", "x", DEAD_USER, "own words"},
    {"", "", DEAD_USER, "own words"},
};

static void
check_row(void **state)
{
    const struct row *r = *state;
    const struct dead_reason *got = dead_reason_of(r->name, r->detail);

    assert_int_equal(got->class, r->class);
    assert_non_null(strstr(got->mend, r->mend));
    assert_true(got->means[0] != '\0');
}

static void
names_are_read_as_they_are_written(void **state)
{
    (void)state;
    for (int c = 0; c < DEAD_CLASSES; c++)
        assert_int_equal(dead_class_parse(dead_class_name(c)), c);
    assert_int_equal(dead_class_parse("maybe"), DEAD_CLASSES);
    assert_true(dead_reason_is_known("MISSING_SCOPES"));
    assert_false(dead_reason_is_known("before-contact-sync"));
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
        (struct CMUnitTest)cmocka_unit_test(names_are_read_as_they_are_written);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
