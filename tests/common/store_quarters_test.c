/* store_quarters_test: what a report counts: records once, all their versions,
 * in the quarter of an hour in which the newest version says that they were. */
#include "store_fixture.h"

#define QUARTER INT64_C(900000)

struct row {
    const char *key, *kind, *outcome;
    int64_t at, occurred_at;
};

static void
put_all(struct store *s, const struct row *rows, size_t n)
{
    struct error err;

    for (size_t i = 0; i < n; i++) {
        struct store_outcome o = {.at = rows[i].at,
                                  .occurred_at = rows[i].occurred_at};

        snprintf(o.key, sizeof(o.key), "%s", rows[i].key);
        snprintf(o.kind, sizeof(o.kind), "%s", rows[i].kind);
        snprintf(o.o.id, sizeof(o.o.id), "%s@%zu", rows[i].key, i);
        snprintf(o.o.outcome, sizeof(o.o.outcome), "%s", rows[i].outcome);
        snprintf(o.o.source, sizeof(o.o.source), "%.*s",
                 (int)strcspn(rows[i].key, ":"), rows[i].key);
        assert_int_equal(store_outcome_put(s, &o, &err), 0);
    }
}

static int
note(void *ctx, const struct store_quarter *q)
{
    char *seen = ctx;
    size_t n = strlen(seen);

    snprintf(seen + n, 512 - n, "%s %s %lld%s: %d of %d w%d u%d d%d x%d\n",
             q->kind, q->source, (long long)(q->from / QUARTER),
             q->is_day ? " (day)" : "", (int)q->records, (int)q->versions,
             (int)q->written, (int)q->unchanged, (int)q->dropped, (int)q->dead);
    return strstr(seen, "stop") != NULL;
}

static void
check(const struct row *rows, size_t n, const char *want)
{
    struct store *s = open_it(STORE_WRITE);
    char seen[512] = "";
    struct error err;

    put_all(s, rows, n);
    assert_int_equal(store_outcome_quarters(s, note, seen, &err), 0);
    assert_string_equal(seen, want);
    store_close(s);
}

#define CHECK(rows, want) check(rows, sizeof(rows) / sizeof((rows)[0]), want)

static void
a_quarter_has_its_first_ms_and_its_last(void **state)
{
    static const struct row rows[] = {
        {"hubspot:call:1", "call", "written", 1, 8 * QUARTER - 1},
        {"hubspot:call:2", "call", "written", 1, 8 * QUARTER},
        {"hubspot:call:3", "call", "dropped", 1, 9 * QUARTER - 1},
        {"hubspot:call:4", "call", "dead", 1, 9 * QUARTER},
        {"salesforce:Task:00T1", "call", "unchanged", 1, 9 * QUARTER},
        {"hubspot:note:1", "note", "odd", 1, -1},
        {"hubspot:note:2", "note", "written", 1, -QUARTER}};

    (void)state;
    CHECK(rows, "call hubspot 7: 1 of 1 w1 u0 d0 x0\n"
                "call hubspot 8: 2 of 2 w1 u0 d1 x0\n"
                "call hubspot 9: 1 of 1 w0 u0 d0 x1\n"
                "call salesforce 9: 1 of 1 w0 u1 d0 x0\n"
                "note hubspot -1: 2 of 2 w1 u0 d0 x0\n");
}

static void
only_a_task_of_salesforce_has_nothing_but_a_day(void **state)
{
    static const struct row rows[] = {
        {"salesforce:Task:00T1", "task", "written", 1, 960 * QUARTER},
        {"salesforce:Task:00T2", "task", "written", 1, 960 * QUARTER + 1},
        {"salesforce:Task:00T3", "task", "written", 1, -96 * QUARTER},
        {"salesforce:Task:00T4", "task", "written", 1, 0},
        {"salesforce:Event:00U1", "meeting", "written", 1, 960 * QUARTER},
        {"hubspot:call:1", "call", "written", 1, 960 * QUARTER}};

    (void)state;
    CHECK(rows, "call hubspot 960: 1 of 1 w1 u0 d0 x0\n"
                "meeting salesforce 960: 1 of 1 w1 u0 d0 x0\n"
                "task salesforce -96 (day): 1 of 1 w1 u0 d0 x0\n"
                "task salesforce 0: 1 of 1 w1 u0 d0 x0\n"
                "task salesforce 960: 1 of 1 w1 u0 d0 x0\n"
                "task salesforce 960 (day): 1 of 1 w1 u0 d0 x0\n");
}

static void
a_record_is_counted_where_its_newest_version_is(void **state)
{
    static const struct row rows[] = {
        {"hubspot:meeting:1", "meeting", "written", 1, 20 * QUARTER},
        {"hubspot:meeting:1", "meeting", "written", 3, 30 * QUARTER},
        {"hubspot:meeting:1", "meeting", "unchanged", 2, 40 * QUARTER},
        /* A deletion, which says neither when it was nor of what kind. */
        {"hubspot:meeting:1", "", "dropped", 4, 0},
        {"hubspot:meeting:2", "meeting", "dead", 1, 30 * QUARTER}};

    (void)state;
    CHECK(rows, "meeting hubspot 30: 2 of 5 w2 u1 d1 x1\n");
}

static void
what_never_says_when_it_was_is_counted_apart(void **state)
{
    static const struct row rows[] = {
        {"hubspot:call:1", "call", "dead", 1, 0},
        {"hubspot:call:1", "call", "dropped", 2, 0},
        {"hubspot:call:2", "call", "written", 1, QUARTER}};

    (void)state;
    CHECK(rows, "call hubspot 0: 1 of 2 w0 u0 d1 x1\n"
                "call hubspot 1: 1 of 1 w1 u0 d0 x0\n");
}

static void
it_ends_when_told_to(void **state)
{
    static const struct row rows[] = {
        {"hubspot:call:1", "call", "written", 1, QUARTER},
        {"hubspot:stop:1", "stop", "written", 1, QUARTER},
        {"hubspot:task:1", "task", "written", 1, QUARTER}};

    (void)state;
    CHECK(rows, "call hubspot 1: 1 of 1 w1 u0 d0 x0\n"
                "stop hubspot 1: 1 of 1 w1 u0 d0 x0\n");
}

static void
an_empty_state_has_none(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    char seen[512] = "";
    struct error err;

    (void)state;
    store_close(s);
    s = open_it(STORE_READ);
    assert_int_equal(store_outcome_quarters(s, note, seen, &err), 0);
    assert_string_equal(seen, "");
    store_close(s);
}

static void
a_damaged_state_is_an_error(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    char seen[512] = "";
    struct error err;

    (void)state;
    store_close(s);
    execute("DROP TABLE outcome");
    s = open_it(STORE_READ);
    assert_int_equal(store_outcome_quarters(s, note, seen, &err), -1);
    assert_non_null(strstr(err.text, "no such table"));
    store_close(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(a_quarter_has_its_first_ms_and_its_last),
        ROW(only_a_task_of_salesforce_has_nothing_but_a_day),
        ROW(a_record_is_counted_where_its_newest_version_is),
        ROW(what_never_says_when_it_was_is_counted_apart),
        ROW(it_ends_when_told_to),
        ROW(an_empty_state_has_none),
        ROW(a_damaged_state_is_an_error)};

    return cmocka_run_group_tests_name("store_quarters", tests, NULL, NULL);
}
