/* object_test: the external id, and fields that have to be filled. */
#include "stages/tools/check/object.h"

#include "common/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

#define KEY(name, external, unique, create, update)                            \
    "[{\"name\":\"Id\"},{\"name\":\"" name                                     \
    "\",\"type\":\"string\",\"externalId\":" external ",\"unique\":" unique    \
    ",\"createable\":" create ",\"updateable\":" update "}]"
#define FIELD(name, create, nillable, defaulted)                               \
    "[{\"name\":\"" name "\",\"type\":\"string\",\"createable\":" create       \
    ",\"nillable\":" nillable ",\"defaultedOnCreate\":" defaulted "}]"
#define NEEDED(name) FIELD(name, "true", "false", "false")

static const struct row {
    const char *name;
    const char *fields;
    const char *want; /* codes */
    const char *words;
    enum activity activity; /* of required fields; NONE: the external id */
} rows[] = {
    {"as it has to be", KEY("Key__c", "true", "true", "true", "true"), "", "",
     ACTIVITY_NONE},
    {"not there", "[{\"name\":\"Subject\"}]", "missing",
     "Task has no field Key__c that crmpipe's user may see", ACTIVITY_NONE},
    {"another case", KEY("key__c", "true", "true", "true", "true"), "missing",
     "the nearest is key__c", ACTIVITY_NONE},
    {"no fields", "[]", "missing", "no field", ACTIVITY_NONE},
    {"fields that are nonsense", "[1,null,{\"name\":[]}]", "missing",
     "no field", ACTIVITY_NONE},
    {"no external id", KEY("Key__c", "false", "true", "true", "true"),
     "not-external", "no external id", ACTIVITY_NONE},
    {"not unique", KEY("Key__c", "true", "false", "true", "true"), "not-unique",
     "may come twice", ACTIVITY_NONE},
    {"not createable", KEY("Key__c", "true", "true", "false", "true"),
     "read-only", "cannot be set", ACTIVITY_NONE},
    {"not updateable", KEY("Key__c", "true", "true", "true", "false"),
     "read-only", "cannot be changed", ACTIVITY_NONE},
    {"nothing is told of it", "[{\"name\":\"Key__c\",\"type\":\"string\"}]",
     "not-external not-unique read-only read-only", "no external id",
     ACTIVITY_NONE},
    {"a number",
     "[{\"name\":\"Key__c\",\"type\":\"double\",\"externalId\":true,"
     "\"unique\":true,\"createable\":true,\"updateable\":true}]",
     "type", "is a number, but it has to hold a text", ACTIVITY_NONE},

    {"required", NEEDED("Region__c"), "required",
     "a new Task has to have Region__c", ACTIVITY_CALL},
    {"may be null", FIELD("Region__c", "true", "true", "false"), "", "",
     ACTIVITY_CALL},
    {"has a default", FIELD("Region__c", "true", "false", "true"), "", "",
     ACTIVITY_CALL},
    {"the service fills it", FIELD("Region__c", "false", "false", "false"), "",
     "", ACTIVITY_CALL},
    {"mapped", NEEDED("Mapped__c"), "", "", ACTIVITY_CALL},
    {"mapped, in another case", NEEDED("mapped__C"), "", "", ACTIVITY_CALL},
    {"mapped the other way", NEEDED("Other__c"), "required", "Other__c",
     ACTIVITY_CALL},
    {"the external id is filled", NEEDED("Key__c"), "", "", ACTIVITY_CALL},
    {"the subtype is filled", NEEDED("TaskSubtype"), "", "", ACTIVITY_EMAIL},
    {"begin and end are filled", NEEDED("EndDateTime"), "", "",
     ACTIVITY_MEETING},
    {"of an Event only", NEEDED("EndDateTime"), "required", "a new Task",
     ACTIVITY_TASK},
    {"an Event", NEEDED("Region__c"), "required", "a new Event",
     ACTIVITY_MEETING},
};

static const struct mapping mapping = {
    2,
    {{{"a", "Mapped__c"}, MAPPING_BOTH, TRANSFORM_TEXT},
     {{"b", "Other__c"}, MAPPING_TO_HUBSPOT, TRANSFORM_TEXT}}};

static void
check_row(void **state)
{
    const struct row *row = *state;
    cJSON *fields = json_parse(row->fields, strlen(row->fields), NULL);
    struct findings found = {0};
    char codes[256] = "";

    assert_non_null(fields);
    if (row->activity == ACTIVITY_NONE)
        object_check_key(fields, "Task", "Key__c", &found);
    else
        object_check_required(fields, row->activity, &mapping, "Key__c",
                              &found);
    for (size_t i = 0; i < found.n; i++) {
        size_t len = strlen(codes);

        snprintf(codes + len, sizeof(codes) - len, "%s%s", i > 0 ? " " : "",
                 found.v[i].code);
        assert_int_equal(found.v[i].severity, FINDING_ERROR);
        assert_true(found.v[i].mend[0] != '\0');
    }
    assert_string_equal(codes, row->want);
    if (found.n > 0)
        assert_non_null(strstr(found.v[0].text, row->words));
    cJSON_Delete(fields);
}

int
main(void)
{
    struct CMUnitTest tests[N(rows)];

    for (size_t i = 0; i < N(rows); i++)
        tests[i] =
            (struct CMUnitTest){.name = rows[i].name,
                                .test_func = check_row,
                                .initial_state = (void *)(uintptr_t)&rows[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
