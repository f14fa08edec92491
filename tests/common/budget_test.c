/* budget_test: a day's calls, no more. */
#include "common/budget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void
no_more_than_the_limit(void **state)
{
    struct budget b = {.service = "hubspot", .limit = 2};
    struct error err;

    (void)state;
    assert_int_equal(budget_spend(&b, &err), 1);
    assert_int_equal(budget_spend(&b, &err), 1);
    assert_int_equal(budget_spend(&b, &err), 0);
    assert_int_equal(err.code, EX_TEMPFAIL);
    assert_non_null(strstr(err.text, "[hubspot] daily_api_limit of 2"));
    assert_int_equal(b.calls, 2);
}

static void
processes_share_a_state(void **state)
{
    char dir[] = "/tmp/crmpipe-budget-XXXXXX";
    char url[64], command[64];
    struct store *one, *two;
    struct error err;

    (void)state;
    assert_non_null(mkdtemp(dir));
    snprintf(url, sizeof(url), "sqlite:%s/state.db", dir);
    assert_int_equal(store_open(url, STORE_WRITE, &one, &err), 0);
    assert_int_equal(store_open(url, STORE_WRITE, &two, &err), 0);
    {
        struct budget a = {"salesforce", one, 2, 0, 0, 0};
        struct budget b = {"salesforce", two, 2, 0, 0, 0};

        assert_int_equal(budget_spend(&a, &err), 1);
        assert_int_equal(budget_spend(&b, &err), 1);
        assert_int_equal(budget_spend(&a, &err), 0);
        assert_int_equal(budget_spend(&b, &err), 0);
        assert_int_equal(a.calls, 1);
    }
    store_close(one);
    store_close(two);
    snprintf(command, sizeof(command), "rm -rf '%s'", dir);
    assert_int_equal(system(command), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_than_the_limit),
        cmocka_unit_test(processes_share_a_state)};

    return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
