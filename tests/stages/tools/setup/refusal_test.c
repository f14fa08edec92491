/* refusal_test: which answers name which permission, and which want a look
 * before the next try. */
#include "stages/tools/setup/refusal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

static void
test_salesforce(void **state)
{
    static const struct {
        enum step_kind kind;
        enum salesforce_end end;
        int status;
        const char *code;
        enum refusal refusal;
        enum step_state want;
        const char *fix;
    } rows[] = {
        {STEP_FIELD, SALESFORCE_REFUSED, 403, "INSUFFICIENT_ACCESS",
         REFUSAL_ALL, STEP_WRONG, "\"Customize Application\""},
        {STEP_FIELD, SALESFORCE_REFUSED, 400, "INVALID_TYPE", REFUSAL_ALL,
         STEP_WRONG, "\"Customize Application\""},
        {STEP_SET, SALESFORCE_REFUSED, 400, "INSUFFICIENT_ACCESS_OR_READONLY",
         REFUSAL_ALL, STEP_WRONG, "\"Manage Profiles and Permission Sets\""},
        {STEP_ACCESS, SALESFORCE_REFUSED, 403, "X", REFUSAL_ALL, STEP_WRONG,
         "\"Manage Profiles and Permission Sets\""},
        {STEP_ASSIGNMENT, SALESFORCE_REFUSED, 404, "NOT_FOUND", REFUSAL_ALL,
         STEP_WRONG, "\"Assign Permission Sets\""},
        {STEP_FIELD, SALESFORCE_REFUSED, 400, "LIMIT_EXCEEDED", REFUSAL_ALL,
         STEP_WRONG, "by hand"},
        {STEP_FIELD, SALESFORCE_REFUSED, 400, "DUPLICATE_DEVELOPER_NAME",
         REFUSAL_NONE, STEP_THERE, ""},
        {STEP_SET, SALESFORCE_REFUSED, 400, "DUPLICATE_DEVELOPER_NAME",
         REFUSAL_LATER, STEP_AWAY, "run setup again"},
        {STEP_ACCESS, SALESFORCE_REFUSED, 400, "DUPLICATE_VALUE", REFUSAL_LATER,
         STEP_AWAY, "run setup again"},
        {STEP_SET, SALESFORCE_RETRY, 0, "no-answer", REFUSAL_LATER, STEP_AWAY,
         "run setup again"},
        {STEP_SET, SALESFORCE_PAUSE, 403, "REQUEST_LIMIT_EXCEEDED", REFUSAL_ALL,
         STEP_AWAY, "run setup again"},
        {STEP_SET, SALESFORCE_CONFIG, 400, "invalid_client", REFUSAL_ALL,
         STEP_WRONG, "client_id"},
    };

    (void)state;
    for (size_t i = 0; i < N(rows); i++) {
        struct salesforce_answer answer = {.end = rows[i].end,
                                           .status = rows[i].status};
        struct step s = {.kind = rows[i].kind};

        snprintf(answer.code, sizeof(answer.code), "%s", rows[i].code);
        strcpy(answer.message, "its words");
        assert_int_equal(refusal_salesforce(&s, &answer), rows[i].refusal);
        assert_int_equal(s.state, rows[i].want);
        assert_non_null(strstr(s.fix, rows[i].fix));
        if (s.state == STEP_THERE)
            continue;
        assert_non_null(strstr(s.detail, rows[i].code));
        assert_non_null(strstr(s.detail, "its words"));
    }
}

static void
test_hubspot(void **state)
{
    static const struct {
        enum hubspot_end end;
        int status;
        enum refusal refusal;
        enum step_state want;
        const char *fix;
    } rows[] = {
        {HUBSPOT_NOPERM, 403, REFUSAL_ALL, STEP_WRONG,
         "crm.schemas.contacts.write"},
        {HUBSPOT_CONFIG, 401, REFUSAL_ALL, STEP_WRONG, "[hubspot] signs in"},
        {HUBSPOT_REFUSED, 400, REFUSAL_HERE, STEP_WRONG, "by hand"},
        {HUBSPOT_REFUSED, 409, REFUSAL_LATER, STEP_AWAY, "run setup again"},
        {HUBSPOT_RETRY, 429, REFUSAL_LATER, STEP_AWAY, "run setup again"},
        {HUBSPOT_UNSURE, 0, REFUSAL_LATER, STEP_AWAY, "run setup again"},
        {HUBSPOT_PAUSE, 429, REFUSAL_ALL, STEP_AWAY, "run setup again"},
    };

    (void)state;
    for (size_t i = 0; i < N(rows); i++) {
        struct hubspot_answer answer = {.end = rows[i].end,
                                        .status = rows[i].status,
                                        .code = "CODE",
                                        .message = "its words"};
        struct step s = {.kind = STEP_PROPERTY, .side = SIDE_HUBSPOT};

        assert_int_equal(refusal_hubspot(&s, &answer), rows[i].refusal);
        assert_int_equal(s.state, rows[i].want);
        assert_non_null(strstr(s.fix, rows[i].fix));
        assert_non_null(strstr(s.detail, "CODE: its words"));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_salesforce),
                                       cmocka_unit_test(test_hubspot)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
