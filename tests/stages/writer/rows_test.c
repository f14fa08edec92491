/* rows_test: what a collections answer says of each row. */
#include "common/json.h"
#include "stages/writer/salesforce/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *name;
    const char *json; /* with ' for " */
    enum rows_verdict verdict;
    const char *code;
    const char *detail; /* a part of it */
};

#define FAILED(code, message, fields)                                          \
    "{'success':false,'errors':[{'statusCode':'" code "','message':'" message  \
    "','fields':[" fields "]}]}"

static const struct row rows[] = {
    {"created", "{'id':'00T000000000001EAA','success':true,'created':true}",
     ROWS_OK, "", ""},
    {"15 characters", "{'id':'00T000000000001','success':true,'errors':[]}",
     ROWS_OK, "", ""},
    {"success without an id", "{'success':true}", ROWS_RETRY,
     "UNKNOWN_EXCEPTION", "without an id"},
    {"success with an id that is none", "{'success':true,'id':5}", ROWS_RETRY,
     "UNKNOWN_EXCEPTION", ""},
    {"a lock", FAILED("UNABLE_TO_LOCK_ROW", "unable to obtain", ""), ROWS_RETRY,
     "UNABLE_TO_LOCK_ROW", "unable"},
    {"a trigger that met a lock",
     FAILED("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
            "tr: UNABLE_TO_LOCK_ROW, unable to", ""),
     ROWS_RETRY, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", ""},
    {"a flow that met a lock",
     FAILED("CANNOT_EXECUTE_FLOW_TRIGGER", "UNABLE_TO_LOCK_ROW", ""),
     ROWS_RETRY, "CANNOT_EXECUTE_FLOW_TRIGGER", ""},
    {"a trigger that failed",
     FAILED("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "null pointer", ""),
     ROWS_REFUSED, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "null pointer"},
    {"a race for the key",
     FAILED("DUPLICATE_VALUE",
            "duplicate value found: HubSpot_Id__c duplicates value on record",
            ""),
     ROWS_DUPLICATE, "DUPLICATE_VALUE", ""},
    {"the key twice in a call",
     FAILED("DUPLICATE_VALUE", "Duplicate external id specified: x", ""),
     ROWS_DUPLICATE, "DUPLICATE_VALUE", ""},
    {"the key by the list of fields",
     FAILED("DUPLICATE_VALUE", "x", "'hubspot_id__c'"), ROWS_DUPLICATE,
     "DUPLICATE_VALUE", ""},
    {"another unique field",
     FAILED("DUPLICATE_VALUE", "duplicate value found: Other__c", ""),
     ROWS_REFUSED, "DUPLICATE_VALUE", "Other__c"},
    {"two tasks with the key",
     FAILED("DUPLICATE_EXTERNAL_ID", "more than one record", ""), ROWS_REFUSED,
     "DUPLICATE_EXTERNAL_ID", "more than one"},
    {"TaskSubtype by the list of fields",
     FAILED("INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update",
            "'TaskSubtype'"),
     ROWS_EXISTS, "INVALID_FIELD_FOR_INSERT_UPDATE", ""},
    {"TaskSubtype by the message",
     FAILED("INVALID_FIELD_FOR_INSERT_UPDATE",
            "Unable to create/update fields: TaskSubtype. Please", ""),
     ROWS_EXISTS, "INVALID_FIELD_FOR_INSERT_UPDATE", ""},
    {"a field out of reach",
     FAILED("INVALID_FIELD_FOR_INSERT_UPDATE", "fields: Type", "'Type'"),
     ROWS_REFUSED, "INVALID_FIELD_FOR_INSERT_UPDATE", "fields: Type"},
    {"a converted lead",
     FAILED("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference", "'WhoId'"),
     ROWS_CONVERTED, "CANNOT_UPDATE_CONVERTED_LEAD", ""},
    {"a validation rule",
     FAILED("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Bitte\\nausfuellen", ""),
     ROWS_REFUSED, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Bitte ausfuellen"},
    {"too long", FAILED("STRING_TOO_LONG", "Subject: too large", "'Subject'"),
     ROWS_REFUSED, "STRING_TOO_LONG", "too large"},
    {"a code of tomorrow", FAILED("SOMETHING_NEW", "x", ""), ROWS_REFUSED,
     "SOMETHING_NEW", "x"},
    {"errorCode", "{'success':false,'errors':[{'errorCode':'QUERY_TIMEOUT'}]}",
     ROWS_RETRY, "QUERY_TIMEOUT", "no reason"},
    {"no errors", "{'success':false}", ROWS_RETRY, "UNKNOWN_EXCEPTION", ""},
    {"errors that are none", "{'success':false,'errors':[7]}", ROWS_RETRY,
     "UNKNOWN_EXCEPTION", ""},
    {"an error of other types",
     "{'success':false,'errors':[{'statusCode':1,'message':[],'fields':{}}]}",
     ROWS_RETRY, "UNKNOWN_EXCEPTION", ""},
};

static cJSON *
parse(const char *text)
{
    char *json = strdup(text);
    cJSON *value;

    for (char *p = json; *p != '\0'; p++)
        if (*p == '\'')
            *p = '"';
    value = json_parse(json, strlen(json), NULL);
    assert_non_null(value);
    free(json);
    return value;
}

static void
check_row(void **state)
{
    const struct row *r = *state;
    cJSON *json = parse(r->json);
    struct rows_result got;

    rows_read(json, "HubSpot_Id__c", &got);
    assert_int_equal(got.verdict, r->verdict);
    assert_string_equal(got.code, r->code);
    assert_non_null(strstr(got.detail, r->detail));
    if (r->verdict == ROWS_OK)
        assert_string_equal(got.id, "00T000000000001EAA");
    cJSON_Delete(json);
}

static void
words_are_bounded(void **state)
{
    char *message = malloc(100001);
    struct rows_result got;

    (void)state;
    memset(message, 'x', 100000);
    message[100000] = '\0';
    rows_refused("INVALID_FIELD", message, "F__c", &got);
    assert_in_range(strlen(got.detail), 500, sizeof(got.detail) - 1);
    assert_non_null(strstr(got.detail, "x..."));
    memset(message, 'X', 100000);
    rows_refused(message, "", "F__c", &got);
    assert_int_equal(strlen(got.code), sizeof(got.code) - 1);
    free(message);
}

static void
a_missing_field(void **state)
{
    struct rows_result got;

    (void)state;
    rows_refused("NOT_FOUND",
                 "Provided external ID field does not exist or is not "
                 "accessible: F__c",
                 "F__c", &got);
    assert_string_equal(got.code, "external-id-field-missing");
    assert_non_null(strstr(got.detail, "does not exist"));
    rows_refused("NOT_FOUND", "The requested resource does not exist", "F__c",
                 &got);
    assert_string_equal(got.code, "NOT_FOUND");
}

static void
shapes(void **state)
{
    static const struct {
        const char *json;
        size_t n;
        bool ok;
    } all[] = {{"[]", 0, true},
               {"[{'success':true}]", 1, true},
               {"[{'success':true}]", 2, false},
               {"[{'success':true},{'success':false}]", 1, false},
               {"[{'success':'true'}]", 1, false},
               {"[1]", 1, false},
               {"{'success':true}", 1, false},
               {"null", 0, false}};

    (void)state;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        cJSON *json = parse(all[i].json);

        assert_int_equal(rows_check(json, all[i].n) != NULL, all[i].ok);
        cJSON_Delete(json);
    }
    assert_null(rows_check(NULL, 1));
}

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

int
main(void)
{
    struct CMUnitTest tests[N_ROWS + 3] = {{0}};

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    tests[N_ROWS] = (struct CMUnitTest)cmocka_unit_test(words_are_bounded);
    tests[N_ROWS + 1] = (struct CMUnitTest)cmocka_unit_test(a_missing_field);
    tests[N_ROWS + 2] = (struct CMUnitTest)cmocka_unit_test(shapes);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
