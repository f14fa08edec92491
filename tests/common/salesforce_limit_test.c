/* salesforce_limit_test: what Sforce-Limit-Info says. */
#include "common/salesforce_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void
usage_of_the_org(void **state)
{
    static const struct {
        const char *info;
        int used, allowed; /* allowed 0: it says nothing */
    } rows[] = {
        {"api-usage=18/5000", 18, 5000},
        {"api-usage=0/1", 0, 1},
        {"api-usage=25/5000; per-app-api-usage=17/250(appName=sample-app)", 25,
         5000},
        {"per-app-api-usage=17/250(appName=x); api-usage=25/5000", 25, 5000},
        {"per-app-api-usage=17/250(appName=x),api-usage=5200/5000", 5200, 5000},
        {"per-app-api-usage=17/250(appName=sample-app)", 0, 0},
        {"", 0, 0},
        {"api-usage=", 0, 0},
        {"api-usage=12", 0, 0},
        {"api-usage=12/", 0, 0},
        {"api-usage=12/0", 0, 0},
        {"api-usage=-1/20", 0, 0},
        {"api-usage=99999999999999999999999/5", 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t used = -1, allowed = -1;
        bool is_told = salesforce_read_usage(rows[i].info, &used, &allowed);

        if (is_told != (rows[i].allowed > 0))
            fail_msg("%s", rows[i].info);
        if (!is_told)
            continue;
        assert_int_equal(used, rows[i].used);
        assert_int_equal(allowed, rows[i].allowed);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(usage_of_the_org)};

    return cmocka_run_group_tests_name("salesforce_limit", tests, NULL, NULL);
}
