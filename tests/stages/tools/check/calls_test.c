/* calls_test: what is said of the API calls that are left. */
#include "stages/tools/check/calls.h"
#include "common/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define NOON (INT64_C(20000) * 86400000 + 43200000)

static void
what_is_left(void **state)
{
    static const struct {
        const char *service;
        int total, limit, used, allowed; /* allowed 0: the account is silent */
        const char *state, *detail, *mend;
    } rows[] = {
        {"hubspot", 12, 1000, 0, 0, "ok", "12 of 1000 made today", NULL},
        {"hubspot", 12, 1000, 500, 5000, "ok",
         "; all apps of the account: 500 of 5000", NULL},
        {"salesforce", 12, 20000, 14000, 15000, "warning",
         "all apps of the account: 14000 of 15000",
         "API Requests, Last 24 Hours"},
        {"hubspot", 12, 1000, 9900, 10000, "warning", "9900 of 10000", "Logs"},
        {"salesforce", 12, 20000, 100, 15000, "warning", "100 of 15000",
         "more than the whole account has"},
        {"salesforce", 990, 1000, 990, 15000, "warning", "990 of 1000",
         "raise daily_api_limit"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct budget b = {
            .service = rows[i].service,
            .limit = rows[i].limit,
            .total = rows[i].total,
            .quota = {rows[i].used, rows[i].allowed, NOON}};
        cJSON *lines = cJSON_CreateArray();
        const cJSON *line;

        calls_check(&b, NOON, lines);
        line = lines->child;
        assert_non_null(strstr(json_str(line, "name"), rows[i].service));
        assert_string_equal(json_str(line, "state"), rows[i].state);
        assert_non_null(strstr(json_str(line, "detail"), rows[i].detail));
        if (rows[i].mend != NULL)
            assert_non_null(strstr(json_str(line, "fix"), rows[i].mend));
        else
            assert_null(json_str(line, "fix"));
        cJSON_Delete(lines);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_left)};

    return cmocka_run_group_tests_name("calls", tests, NULL, NULL);
}
