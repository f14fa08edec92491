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
        struct budget a = {"salesforce", one, 2, 0, 0, 0, 0};
        struct budget b = {"salesforce", two, 2, 0, 0, 0, 0};

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

/* Of 100 calls, at an hour of the day. */
static void
what_is_left_lasts_for_the_day(void **state)
{
    static const struct {
        int total, hour, want;
    } rows[] = {{0, 0, 1},   {75, 0, 1},  {76, 0, 4},   {90, 0, 10},
                {90, 12, 5}, {90, 18, 3}, {90, 22, 1},  {99, 0, 60},
                {98, 0, 50}, {99, 23, 4}, {100, 0, 60}, {100, 23, 60}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(budget_slowness(rows[i].total, 100,
                                         INT64_C(20000) * 86400000 +
                                             rows[i].hour * INT64_C(3600000)),
                         rows[i].want);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_than_the_limit),
        cmocka_unit_test(what_is_left_lasts_for_the_day),
        cmocka_unit_test(processes_share_a_state)};

    return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
