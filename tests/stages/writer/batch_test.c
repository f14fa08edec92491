/* batch_test: which of the records in hand go into the next call. */
#include "stages/writer/batch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ITEMS_MAX 8

struct row {
    const char *name;
    /* Key, version, due; the call is made at 100. NULL ends. */
    struct {
        const char *key;
        int64_t modified_at, due_at;
        size_t size;
        const char *group; /* NULL: Task */
    } items[ITEMS_MAX];
    struct batch_limits limits;
    const char *want; /* indices */
    int64_t want_due; /* when none may go */
};

#define MANY                                                                   \
    {                                                                          \
        200, 1000, 0                                                           \
    }

static const struct row rows[] = {
    {"nothing in hand", {{NULL, 0, 0, 0, NULL}}, MANY, "", -1},
    {"one", {{"a", 1, 0, 10, NULL}}, MANY, "0", 0},
    {"all in the order of arrival",
     {{"c", 3, 0, 10, NULL}, {"a", 1, 0, 10, NULL}, {"b", 2, 0, 10, NULL}},
     MANY,
     "012",
     0},
    {"due at this very moment", {{"a", 1, 100, 10, NULL}}, MANY, "0", 0},
    {"not due for a millisecond", {{"a", 1, 101, 10, NULL}}, MANY, "", 101},
    {"the nearest of those that wait",
     {{"a", 1, 300, 10, NULL}, {"b", 1, 200, 10, NULL}},
     MANY,
     "",
     200},
    {"who waits holds up nobody else",
     {{"a", 1, 300, 10, NULL}, {"b", 1, 0, 10, NULL}},
     MANY,
     "1",
     0},
    {"one version of a record at a time",
     {{"a", 1, 0, 10, NULL}, {"a", 2, 0, 10, NULL}, {"b", 1, 0, 10, NULL}},
     MANY,
     "02",
     0},
    {"the older first, also when it came later",
     {{"a", 2, 0, 10, NULL}, {"b", 1, 0, 10, NULL}, {"a", 1, 0, 10, NULL}},
     MANY,
     "12",
     0},
    {"a newer one waits for an older one that waits",
     {{"a", 1, 500, 10, NULL}, {"a", 2, 0, 10, NULL}},
     MANY,
     "",
     500},
    {"of equal versions the one that came first",
     {{"a", 1, 0, 10, NULL}, {"a", 1, 0, 10, NULL}},
     MANY,
     "0",
     0},
    {"at most so many rows",
     {{"a", 1, 0, 1, NULL}, {"b", 1, 0, 1, NULL}, {"c", 1, 0, 1, NULL}},
     {2, 1000, 0},
     "01",
     0},
    {"at most so many bytes",
     {{"a", 1, 0, 500, NULL}, {"b", 1, 0, 500, NULL}, {"c", 1, 0, 1, NULL}},
     MANY,
     "01",
     0},
    {"what does not fit ends the batch, so that it goes next",
     {{"a", 1, 0, 500, NULL}, {"b", 1, 0, 501, NULL}, {"c", 1, 0, 1, NULL}},
     MANY,
     "0",
     0},
    {"a record that is too large goes alone",
     {{"a", 1, 0, 5000, NULL}, {"b", 1, 0, 1, NULL}},
     MANY,
     "0",
     0},
    {"one group a call",
     {{"a", 1, 0, 1, NULL}, {"b", 1, 0, 1, "Event"}, {"c", 1, 0, 1, NULL}},
     MANY,
     "02",
     0},
    {"keys that differ in case are two records",
     {{"a", 1, 0, 1, NULL}, {"A", 1, 0, 1, NULL}},
     MANY,
     "01",
     0},
};

static void
check_row(void **state)
{
    const struct row *r = *state;
    struct batch_item items[ITEMS_MAX];
    const struct batch_item *index[ITEMS_MAX];
    size_t chosen[BATCH_ROWS_MAX], n = 0, n_chosen;
    char got[ITEMS_MAX + 1] = "";
    int64_t next_due = 0;

    for (; n < ITEMS_MAX && r->items[n].key != NULL; n++) {
        items[n] = (struct batch_item){
            .key = r->items[n].key,
            .group = r->items[n].group != NULL ? r->items[n].group : "Task",
            .hash = batch_hash(r->items[n].key),
            .modified_at = r->items[n].modified_at,
            .due_at = r->items[n].due_at,
            .size = r->items[n].size};
        index[n] = &items[n];
    }
    n_chosen = batch_choose(index, n, 100, &r->limits, chosen, &next_due);
    for (size_t i = 0; i < n_chosen; i++)
        got[i] = (char)('0' + chosen[i]);
    assert_string_equal(got, r->want);
    assert_int_equal(next_due, r->want_due);
}

/* 1,000 records of 300 keys: each call has each key at most once, and in the
 * end each has gone, older versions before newer ones. */
static void
many_records(void **state)
{
    enum { N = 1000, KEYS = 300 };
    static struct batch_item items[N];
    static char keys[KEYS][16];
    const struct batch_item *left[N];
    size_t chosen[BATCH_ROWS_MAX], n = N, got, to;
    int64_t last[KEYS], due;
    const struct batch_limits limits = {BATCH_ROWS_MAX, BATCH_BYTES_MAX, 0};

    (void)state;
    for (int i = 0; i < KEYS; i++) {
        snprintf(keys[i], sizeof(keys[i]), "key:%d", i);
        last[i] = -1;
    }
    for (int i = 0; i < N; i++) {
        items[i] = (struct batch_item){.key = keys[(i * 7) % KEYS],
                                       .group = "Task",
                                       .modified_at = (i * 13) % N,
                                       .size = 100};
        items[i].hash = batch_hash(items[i].key);
        left[i] = &items[i];
    }
    while (n > 0) {
        got = batch_choose(left, n, 0, &limits, chosen, &due);
        assert_in_range(got, 1, BATCH_ROWS_MAX);
        for (size_t i = 0; i < got; i++) {
            const struct batch_item *item = left[chosen[i]];
            int k = atoi(item->key + 4);

            assert_true(item->modified_at > last[k]);
            last[k] = item->modified_at;
            for (size_t j = 0; j < i; j++)
                assert_string_not_equal(left[chosen[j]]->key, item->key);
        }
        for (size_t i = to = 0, at = 0; i < n; i++) {
            if (at < got && chosen[at] == i)
                at++;
            else
                left[to++] = left[i];
        }
        n = to;
    }
}

/* A service that takes nothing holds up its own records, and newer versions of
 * them, not what is for the other one. */
static void
a_closed_lane(void **state)
{
    static const struct batch_item items[] = {
        {.key = "a", .group = "h", .lane = SIDE_HUBSPOT},
        {.key = "b", .group = "s", .lane = SIDE_SALESFORCE},
        {.key = "c", .group = "h", .lane = SIDE_HUBSPOT},
        {.key = "a", .group = "s", .lane = SIDE_SALESFORCE, .modified_at = 1},
        {.key = "d", .group = "s", .lane = SIDE_SALESFORCE},
        {.key = "e", .group = "s", .lane = SIDE_SALESFORCE},
    };
    const struct batch_item *index[6];
    struct batch_limits limits[BATCH_LANES] = {
        [SIDE_HUBSPOT] = {9, 1000, 500},
        [SIDE_SALESFORCE] = {2, 1000, 0},
        [BATCH_NO_SERVICE] = {9, 1000, 0},
    };
    size_t chosen[BATCH_ROWS_MAX];
    int64_t due = 0;

    (void)state;
    for (size_t i = 0; i < 6; i++)
        index[i] = &items[i];
    assert_int_equal(batch_choose(index, 6, 100, limits, chosen, &due), 2);
    assert_int_equal(chosen[0], 1);
    assert_int_equal(chosen[1], 4);
    limits[SIDE_SALESFORCE].closed_until = 400;
    assert_int_equal(batch_choose(index, 6, 100, limits, chosen, &due), 0);
    assert_int_equal(due, 400);
    limits[SIDE_HUBSPOT].closed_until = 0;
    assert_int_equal(batch_choose(index, 6, 100, limits, chosen, &due), 2);
    assert_int_equal(chosen[0], 0);
    assert_int_equal(chosen[1], 2);
}

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

int
main(void)
{
    struct CMUnitTest tests[N_ROWS + 2] = {{0}};

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    tests[N_ROWS] = (struct CMUnitTest){.name = "a thousand records",
                                        .test_func = many_records};
    tests[N_ROWS + 1] = (struct CMUnitTest){.name = "a closed lane",
                                            .test_func = a_closed_lane};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
