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

static char dir[64];
static struct store *one, *two;

static int
open_state(void **state)
{
    char url[96];
    struct error err;

    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/crmpipe-budget-XXXXXX");
    assert_non_null(mkdtemp(dir));
    snprintf(url, sizeof(url), "sqlite:%s/state.db", dir);
    assert_int_equal(store_open(url, STORE_WRITE, &one, &err), 0);
    assert_int_equal(store_open(url, STORE_WRITE, &two, &err), 0);
    return 0;
}

static int
remove_state(void **state)
{
    char command[96];

    (void)state;
    store_close(one);
    store_close(two);
    snprintf(command, sizeof(command), "rm -rf '%s'", dir);
    return system(command);
}

static void
processes_share_a_state(void **state)
{
    struct budget a = {.service = "salesforce", .store = one, .limit = 2};
    struct budget b = {.service = "salesforce", .store = two, .limit = 2};
    struct error err;

    (void)state;
    assert_int_equal(budget_spend(&a, &err), 1);
    assert_int_equal(budget_spend(&b, &err), 1);
    assert_int_equal(budget_spend(&a, &err), 0);
    assert_int_equal(budget_spend(&b, &err), 0);
    assert_int_equal(a.calls, 1);
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

static void
what_the_account_has_left_lasts(void **state)
{
    static const struct {
        int used, allowed, hours_ago, want;
    } rows[] = {{0, 100, 0, 1},     {75, 100, 0, 1},   {76, 100, 0, 2},
                {90, 100, 0, 3},    {95, 100, 0, 5},   {99, 100, 0, 25},
                {100, 100, 0, 60},  {120, 100, 0, 60}, {999, 1000, 0, 60},
                {100, 100, 23, 60}, {100, 100, 24, 1}, {5, 0, 0, 1}};
    const int64_t now = INT64_C(20000) * 86400000;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct store_quota quota = {rows[i].used, rows[i].allowed,
                                          now - rows[i].hours_ago *
                                                    INT64_C(3600000)};

        assert_int_equal(budget_quota_slowness(&quota, now), rows[i].want);
    }
}

/* `status` reads it there. */
static void
what_the_account_says_is_kept(void **state)
{
    struct budget b = {.service = "hubspot", .store = one, .limit = 10};
    struct store_quota quota;
    struct error err;

    (void)state;
    assert_int_equal(store_quota_get(two, "hubspot", &quota, &err), 0);
    budget_heed(&b, 10, 100);
    assert_int_equal(store_quota_get(two, "hubspot", &quota, &err), 1);
    assert_int_equal(quota.used, 10);
    assert_int_equal(quota.allowed, 100);
    assert_true(quota.at > 0);
    budget_heed(&b, 11, 100); /* not worth a write */
    assert_int_equal(store_quota_get(two, "hubspot", &quota, &err), 1);
    assert_int_equal(quota.used, 10);
    budget_heed(&b, 95, 100); /* it gets short */
    assert_int_equal(store_quota_get(two, "hubspot", &quota, &err), 1);
    assert_int_equal(quota.used, 95);
    assert_int_equal(budget_slow(&b), 5);
    assert_int_equal(store_quota_get(two, "salesforce", &quota, &err), 0);
}

#define WITH_STATE(f)                                                          \
    cmocka_unit_test_setup_teardown(f, open_state, remove_state)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_than_the_limit),
        cmocka_unit_test(what_is_left_lasts_for_the_day),
        cmocka_unit_test(what_the_account_has_left_lasts),
        WITH_STATE(what_the_account_says_is_kept),
        WITH_STATE(processes_share_a_state)};

    return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
