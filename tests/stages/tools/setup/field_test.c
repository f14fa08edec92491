/* field_test: which field a value needs, which will do, which names Salesforce
 * takes. */
#include "stages/tools/setup/field.h"

#include "common/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

static void
test_type(void **state)
{
    static const struct {
        enum transform transform;
        const char *type;
        enum field_type want;
    } rows[] = {
        {TRANSFORM_TEXT, "string", FIELD_TEXT},
        {TRANSFORM_TEXT, NULL, FIELD_TEXT},
        {TRANSFORM_TEXT, "enumeration", FIELD_TEXT},
        {TRANSFORM_TEXT, "date", FIELD_DATE},
        {TRANSFORM_HTML, "string", FIELD_AREA},
        {TRANSFORM_NUMBER, "number", FIELD_NUMBER},
        {TRANSFORM_MS_TO_S, "number", FIELD_NUMBER},
        {TRANSFORM_BOOL, "bool", FIELD_CHECKBOX},
        {TRANSFORM_TIME, "datetime", FIELD_TIME},
        {TRANSFORM_DATE, "datetime", FIELD_DATE},
        {TRANSFORM_OWNER, "enumeration", FIELD_PERSON},
        {TRANSFORM_TASK_STATUS, "enumeration", FIELD_TEXT},
        {TRANSFORM_DISPOSITION, "string", FIELD_TEXT},
    };

    (void)state;
    for (size_t i = 0; i < N(rows); i++)
        assert_int_equal(field_type_for(rows[i].transform, rows[i].type),
                         rows[i].want);
}

static void
test_fits(void **state)
{
    static const struct {
        enum field_type type;
        bool is_key;
        const char *has;
        bool want;
    } rows[] = {
        {FIELD_TEXT, false, "string", true},
        {FIELD_TEXT, false, "Text", true},
        {FIELD_TEXT, false, "picklist", true},
        {FIELD_TEXT, false, "double", false},
        {FIELD_TEXT, false, "strin", false},
        {FIELD_TEXT, false, "", false},
        {FIELD_TEXT, true, "string", true},
        {FIELD_TEXT, true, "Text", true},
        {FIELD_TEXT, true, "picklist", false},
        {FIELD_TEXT, true, "TextArea", false},
        {FIELD_AREA, false, "textarea", true},
        {FIELD_NUMBER, false, "currency", true},
        {FIELD_NUMBER, false, "Number", true},
        {FIELD_NUMBER, false, "string", false},
        {FIELD_CHECKBOX, false, "boolean", true},
        {FIELD_DATE, false, "datetime", false},
        {FIELD_TIME, false, "DateTime", true},
        {FIELD_PERSON, false, "reference", true},
    };

    (void)state;
    for (size_t i = 0; i < N(rows); i++)
        assert_int_equal(field_fits(rows[i].type, rows[i].is_key, rows[i].has),
                         rows[i].want);
}

/* What the Metadata API wants of each type, and no more. */
static void
test_metadata(void **state)
{
    static const struct {
        enum field_type type;
        bool is_key;
        const char *want;
    } rows[] = {
        {FIELD_TEXT, true,
         "{\"label\":\"My Id\",\"type\":\"Text\",\"description\":\"Made by "
         "crmpipe setup.\",\"length\":255,\"required\":false,\"externalId\":"
         "true,\"unique\":true,\"caseSensitive\":false}"},
        {FIELD_AREA, false,
         "{\"label\":\"My Id\",\"type\":\"TextArea\",\"description\":\"Made by "
         "crmpipe setup.\",\"required\":false}"},
        {FIELD_NUMBER, false,
         "{\"label\":\"My Id\",\"type\":\"Number\",\"description\":\"Made by "
         "crmpipe setup.\",\"precision\":18,\"scale\":4,\"required\":false}"},
        {FIELD_CHECKBOX, false,
         "{\"label\":\"My Id\",\"type\":\"Checkbox\",\"description\":\"Made by "
         "crmpipe setup.\",\"defaultValue\":\"false\"}"},
    };

    (void)state;
    for (size_t i = 0; i < N(rows); i++) {
        cJSON *meta = field_metadata(rows[i].type, rows[i].is_key, "My_Id__c");
        char *text = cJSON_PrintUnformatted(meta);

        assert_string_equal(text, rows[i].want);
        cJSON_free(text);
        cJSON_Delete(meta);
    }
}

static void
test_names(void **state)
{
    static const struct {
        const char *name, *why; /* NULL: it can be made */
    } rows[] = {
        {"HubSpot_Id__c", NULL},
        {"A__c", NULL},
        {"A234567890123456789012345678901234567890__c", NULL},
        {"A2345678901234567890123456789012345678901__c", "at most 40"},
        {"HubSpot_Id", "end in __c"},
        {"__c", "end in __c"},
        {"", "end in __c"},
        {"ns__Id__c", "package"},
        {"1st__c", "a letter"},
        {"Id___c", "no _ at its end"},
        {"M\303\274ll__c", "letters, digits"},
    };

    (void)state;
    for (size_t i = 0; i < N(rows); i++) {
        const char *why = field_bad_name(rows[i].name);

        if (rows[i].why == NULL)
            assert_null(why);
        else
            assert_non_null(strstr(why != NULL ? why : "", rows[i].why));
    }
}

static void
test_short(void **state)
{
    char buf[8];

    (void)state;
    field_short("A_B__c", false, buf, sizeof(buf));
    assert_string_equal(buf, "A_B");
    field_short("A_B__c", true, buf, sizeof(buf));
    assert_string_equal(buf, "A B");
    field_short("Plain", true, buf, sizeof(buf));
    assert_string_equal(buf, "Plain");
    field_short("ABCDEFGHIJKL__c", false, buf, sizeof(buf));
    assert_string_equal(buf, "ABCDEFG");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_type), cmocka_unit_test(test_fits),
        cmocka_unit_test(test_metadata), cmocka_unit_test(test_names),
        cmocka_unit_test(test_short)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
