/* pairing_test: which two records are a pair, and which of several is chosen,
 * row by row; what an event has taken; what is kept of HubSpot's contacts. */
#include "stages/conflict-resolver/pairing.h"

#include "stages/conflict-resolver/claims.h"
#include "stages/conflict-resolver/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define DAY "2024-04-25"

/* The event is a call of contacts 1 and 2, with a subject and a day. */
static const struct compare_row {
    const char *name;
    const char *title, *time; /* the event's */
    struct pairing_record record;
    enum pairing_likeness want;
} compare_rows[] = {
    {"all the same", "One", DAY, {"a", NULL, "1", "One", DAY}, PAIRING_ALIKE},
    {"its second contact",
     "One",
     DAY,
     {"a", "", "2", "One", DAY},
     PAIRING_ALIKE},
    {"another contact",
     "One",
     DAY,
     {"a", NULL, "3", "One", DAY},
     PAIRING_UNLIKE},
    {"nobody's", "One", DAY, {"a", NULL, NULL, "One", DAY}, PAIRING_UNLIKE},
    {"another subject",
     "One",
     DAY,
     {"a", NULL, "1", "one", DAY},
     PAIRING_UNLIKE},
    {"no subject on either side",
     NULL,
     DAY,
     {"a", NULL, "1", "", DAY},
     PAIRING_ALIKE},
    {"a subject on one side",
     NULL,
     DAY,
     {"a", NULL, "1", "One", DAY},
     PAIRING_UNLIKE},
    {"another day",
     "One",
     DAY,
     {"a", NULL, "1", "One", "2024-04-26"},
     PAIRING_UNLIKE},
    {"no day on one side",
     "One",
     DAY,
     {"a", NULL, "1", "One", NULL},
     PAIRING_UNLIKE},
    {"no day on either side",
     "One",
     "",
     {"a", NULL, "1", "One", ""},
     PAIRING_UNLIKE},
    {"it names the event, and nothing else fits",
     "One",
     DAY,
     {"a", "HUBSPOT:call:512", NULL, "Two", NULL},
     PAIRING_NAMED},
    {"it names another, and all else fits",
     "One",
     DAY,
     {"a", "hubspot:call:5120", "1", "One", DAY},
     PAIRING_UNLIKE},
};

static void
check_compare(void **state)
{
    const struct compare_row *r = *state;
    const struct pairing_event event = {.name = "hubspot:call:512",
                                        .title = r->title,
                                        .time = r->time,
                                        .who = {"1", "2"},
                                        .n_who = 2};

    assert_int_equal(pairing_compare(&event, &r->record), r->want);
}

static const struct choose_row {
    const char *name;
    const char *found; /* small letters: alike, capitals: named */
    const char *taken;
    enum pairing_verdict want;
    const char *ids;
} choose_rows[] = {
    {"none", "", "", PAIRING_NONE, ""},
    {"one", "a", "", PAIRING_ONE, "a"},
    {"it is taken", "a", "a", PAIRING_NONE, ""},
    {"found twice", "aa", "", PAIRING_ONE, "a"},
    {"two", "ab", "", PAIRING_SEVERAL, "a, b"},
    {"of two one is taken", "ab", "a", PAIRING_ONE, "b"},
    {"named before alike", "abC", "", PAIRING_ONE, "C"},
    {"the named one is taken", "aC", "C", PAIRING_ONE, "a"},
    {"two that name it", "aBC", "", PAIRING_SEVERAL, "B, C"},
    {"it cannot be told", "a", "?", PAIRING_FAILED, ""},
};

static int
is_taken(void *ctx, const char *id)
{
    return strchr(ctx, '?') != NULL ? -1 : strchr(ctx, id[0]) != NULL;
}

static void
check_choose(void **state)
{
    const struct choose_row *r = *state;
    struct pairing p = {0};
    char id[PAIRING_ID];
    struct text ids;

    text_init(&ids);
    for (const char *f = r->found; *f != '\0'; f++)
        pairing_add(&p, (char[]){*f, '\0'},
                    *f < 'a' ? PAIRING_NAMED : PAIRING_ALIKE);
    pairing_add(&p, "x", PAIRING_UNLIKE);
    assert_int_equal(pairing_choose(&p, is_taken, (void *)r->taken, id, &ids),
                     r->want);
    text_putc(&ids, '\0');
    assert_string_equal(ids.data, r->ids);
    if (r->want == PAIRING_ONE)
        assert_string_equal(id, r->ids);
    text_fini(&ids);
    pairing_fini(&p);
}

static void
what_is_compared_is_what_is_mapped(void **state)
{
    static struct mapping map;
    struct pairing_rule rule;
    struct error err;

    (void)state;
    assert_false(pairing_rule_read(&map, ACTIVITY_CALL, &rule));
    assert_int_equal(
        mapping_parse("hs_call_title", "Subject", &map.pairs[0], &err), 0);
    assert_int_equal(mapping_parse("hs_timestamp", "ActivityDate, both, date",
                                   &map.pairs[1], &err),
                     0);
    map.n = 2;
    assert_true(pairing_rule_read(&map, ACTIVITY_CALL, &rule));
    assert_int_equal(rule.title_at, 0);
    assert_int_equal(rule.time_at, 1);
    assert_false(pairing_rule_read(&map, ACTIVITY_MEETING, &rule));
    map.pairs[1].transform = TRANSFORM_TEXT;
    assert_false(pairing_rule_read(&map, ACTIVITY_CALL, &rule));
}

static void
a_task_without_a_day_is_of_the_day_it_was_made_on(void **state)
{
    struct mapping_pair pair = {.transform = TRANSFORM_DATE};
    char day[ZONE_DATE_SIZE];

    (void)state;
    assert_string_equal(pairing_time(&pair, DAY, "UTC", 0, day), DAY);
    assert_string_equal(
        pairing_time(&pair, NULL, "UTC", INT64_C(1714060800000), day), DAY);
    assert_string_equal(
        pairing_time(&pair, "", "Europe/Berlin", INT64_C(1714084200000), day),
        "2024-04-26"); /* 22:30 UTC */
    assert_null(pairing_time(&pair, NULL, "UTC", 0, day));
    pair.transform = TRANSFORM_TIME;
    assert_null(pairing_time(&pair, NULL, "UTC", INT64_C(1714060800000), day));
}

static void
two_events_do_not_take_one_record(void **state)
{
    struct claims c = {NULL};

    (void)state;
    assert_false(claims_other(&c, "r", "a"));
    claims_put(&c, "r", "a");
    claims_put(&c, "s", "b");
    assert_false(claims_other(&c, "r", "a"));
    assert_true(claims_other(&c, "r", "b"));
    assert_true(claims_other(&c, "s", "a"));
    claims_put(&c, "r", "b");
    assert_true(claims_other(&c, "r", "a"));
    claims_fini(&c);
}

static void
a_pool_keeps_what_it_was_given(void **state)
{
    const struct pairing_record one = {"a", NULL, "1", "One", DAY};
    const struct pool_contact *found;
    struct pairing_record got;
    struct pool pool = {NULL, 0};
    struct pool_contact *c;

    (void)state;
    pool_renew(&pool, 1000000);
    c = pool_add(&pool, ACTIVITY_CALL, "1");
    pool_put(c, &one);
    assert_null(pool_find(&pool, ACTIVITY_CALL, "1")); /* is being read */
    c = pool_add(&pool, ACTIVITY_CALL, "1");           /* once more */
    pool_put(c, &one);
    pool_done(c);
    pool_renew(&pool, 1000001);
    assert_null(pool_find(&pool, ACTIVITY_TASK, "1"));
    assert_null(pool_find(&pool, ACTIVITY_CALL, "2"));
    found = pool_find(&pool, ACTIVITY_CALL, "1");
    assert_non_null(found);
    assert_true(pool_record(found, 0, &got));
    assert_string_equal(got.id, "a");
    assert_null(got.names);
    assert_string_equal(got.who, "1");
    assert_string_equal(got.title, "One");
    assert_string_equal(got.time, DAY);
    assert_false(pool_record(found, 1, &got));
    pool_renew(&pool, 2000000);
    assert_null(pool_find(&pool, ACTIVITY_CALL, "1"));
    pool_renew(&pool, INT64_MAX);
}

#define N_COMPARE (sizeof(compare_rows) / sizeof(compare_rows[0]))
#define N_CHOOSE  (sizeof(choose_rows) / sizeof(choose_rows[0]))

int
main(void)
{
    struct CMUnitTest tests[N_COMPARE + N_CHOOSE + 4];
    size_t n = 0;

    for (size_t i = 0; i < N_COMPARE; i++)
        tests[n++] =
            (struct CMUnitTest){.name = compare_rows[i].name,
                                .test_func = check_compare,
                                .initial_state = (void *)&compare_rows[i]};
    for (size_t i = 0; i < N_CHOOSE; i++)
        tests[n++] =
            (struct CMUnitTest){.name = choose_rows[i].name,
                                .test_func = check_choose,
                                .initial_state = (void *)&choose_rows[i]};
    tests[n++] =
        (struct CMUnitTest)cmocka_unit_test(what_is_compared_is_what_is_mapped);
    tests[n++] =
        (struct CMUnitTest)cmocka_unit_test(two_events_do_not_take_one_record);
    tests[n++] =
        (struct CMUnitTest)cmocka_unit_test(a_pool_keeps_what_it_was_given);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(
        a_task_without_a_day_is_of_the_day_it_was_made_on);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
