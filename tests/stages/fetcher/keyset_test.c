/* keyset_test: where a pass begins, what its searches ask for, and where each
 * page leads, row by row; then whole passes over records that lie in bulk. */
#include "stages/fetcher/hubspot/keyset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NOW    INT64_C(1780000000000)
#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* Where a pass begins. */
static const struct begin_row {
    const char *name;
    struct keyset before;
    int64_t first_look_ms, second_look_ms;
    int64_t t;
    bool is_second_look;
} begin_rows[] = {
    {"the first pass reads so far back",
     {0},
     30 * DAY,
     HOUR,
     NOW - 30 * DAY,
     false},
    {"the first pass reads all", {0}, -1, HOUR, KEYSET_FROM, false},
    {"never at 0", {0}, NOW + DAY, HOUR, KEYSET_FROM, false},
    {"the overlap",
     {.t = NOW - 1, .seen_at = NOW - 5000, .looked_at = NOW - MINUTE},
     DAY,
     HOUR,
     NOW - 5000 - 2 * MINUTE,
     false},
    {"an index that stood still since",
     {.t = NOW - 10 * MINUTE, .seen_at = NOW - 5000, .looked_at = NOW - MINUTE},
     DAY,
     HOUR,
     NOW - 10 * MINUTE,
     false},
    {"a second look",
     {.t = NOW - 1, .seen_at = NOW - 5000, .looked_at = NOW - HOUR},
     DAY,
     HOUR,
     NOW - 2 * HOUR,
     true},
    {"a second look after a long pause",
     {.t = NOW - 8 * HOUR,
      .seen_at = NOW - 8 * HOUR,
      .looked_at = NOW - 9 * HOUR},
     DAY,
     HOUR,
     NOW - 10 * HOUR,
     true},
    {"not yet",
     {.t = NOW, .seen_at = NOW, .looked_at = NOW - HOUR + 1},
     DAY,
     HOUR,
     NOW - 2 * MINUTE,
     false},
    {"never a second look",
     {.t = NOW, .seen_at = NOW, .looked_at = NOW - 9 * HOUR},
     DAY,
     0,
     NOW - 2 * MINUTE,
     false},
    {"a pass that runs goes on",
     {.t = 77, .id = "9", .begun_at = NOW - HOUR, .looked_at = NOW - 9 * HOUR},
     DAY,
     HOUR,
     77,
     false},
};

static void
check_begin(void **state)
{
    const struct begin_row *r = *state;
    const struct keyset_rules rules = {NOW, r->first_look_ms, 2 * MINUTE,
                                       r->second_look_ms};
    struct keyset k = r->before;

    keyset_begin(&k, &rules);
    assert_int_equal(k.t, r->t);
    assert_int_equal(k.is_second_look, r->is_second_look);
    assert_true(k.begun_at != 0);
}

/* Where a page leads. It holds `n` records, ids from 1000 on: n_first of them
 * at first_t, the others at rest_t. */
static const struct next_row {
    const char *name;
    struct keyset before;
    size_t n, n_first;
    int64_t first_t, rest_t;
    bool more;
    int64_t t;
    const char *id;
} next_rows[] = {
    {"nothing there", {.t = 500, .begun_at = NOW}, 0, 0, 0, 0, false, 500, ""},
    {"the last page",
     {.t = 500, .begun_at = NOW},
     3,
     2,
     500,
     600,
     false,
     600,
     ""},
    {"a full page",
     {.t = 500, .begun_at = NOW},
     200,
     100,
     500,
     600,
     true,
     600,
     ""},
    {"a full page of one time",
     {.t = 500, .begun_at = NOW},
     200,
     200,
     500,
     0,
     true,
     500,
     "0"},
    {"a full page of one later time",
     {.t = 500, .begun_at = NOW},
     200,
     200,
     700,
     0,
     true,
     700,
     "0"},
    {"one that is being changed stands among them",
     {.t = 500, .begun_at = NOW},
     200,
     199,
     600,
     NOW + 9,
     true,
     600,
     "0"},
    {"all are newer than the pass",
     {.t = 500, .begun_at = 550},
     200,
     100,
     600,
     700,
     true,
     700,
     ""},
    {"a full page of what nobody asked for",
     {.t = 500, .begun_at = NOW},
     200,
     200,
     499,
     0,
     false,
     500,
     ""},
    {"a tie goes on",
     {.t = 500, .id = "0", .begun_at = NOW},
     200,
     200,
     500,
     0,
     true,
     500,
     "1199"},
    {"a tie is over",
     {.t = 500, .id = "1199", .begun_at = NOW},
     20,
     20,
     500,
     0,
     true,
     501,
     ""},
    {"a tie whose rest is empty",
     {.t = 500, .id = "1199", .begun_at = NOW},
     0,
     0,
     0,
     0,
     true,
     501,
     ""},
};

static void
check_next(void **state)
{
    const struct next_row *r = *state;
    struct keyset_record page[KEYSET_PAGE];
    struct keyset k = r->before;

    for (size_t i = 0; i < r->n; i++) {
        page[i].t = i < r->n_first ? r->first_t : r->rest_t;
        snprintf(page[i].id, sizeof(page[i].id), "%zu", 1000 + i);
    }
    assert_int_equal(keyset_next(&k, page, r->n), r->more);
    assert_int_equal(k.t, r->t);
    assert_string_equal(k.id, r->id);
    if (!r->more) {
        assert_int_equal(k.seen_at, NOW);
        assert_int_equal(k.begun_at, 0);
    }
}

static const struct asked_row {
    const char *name;
    struct keyset k;
    struct keyset_record r;
    bool want;
} asked_rows[] = {
    {"at t", {.t = 500}, {500, "7"}, true},
    {"before t", {.t = 500}, {499, "7"}, false},
    {"in a tie", {.t = 500, .id = "99"}, {500, "100"}, true},
    {"the same id in a tie", {.t = 500, .id = "99"}, {500, "99"}, false},
    {"a lower id in a tie", {.t = 500, .id = "100"}, {500, "99"}, false},
    {"later than the tie", {.t = 500, .id = "99"}, {501, "100"}, false},
};

static void
check_asked(void **state)
{
    const struct asked_row *r = *state;

    assert_int_equal(keyset_is_asked(&r->k, &r->r), r->want);
}

static void
check_search(void **state)
{
    static const char *const names[] = {"a", "b", NULL};
    struct keyset k = {.t = 500};
    cJSON *body = keyset_search(&k, "hs_lastmodifieddate", names);
    char *text = cJSON_PrintUnformatted(body);

    (void)state;
    assert_string_equal(
        text, "{\"filterGroups\":[{\"filters\":[{\"propertyName\":"
              "\"hs_lastmodifieddate\",\"operator\":\"GTE\",\"value\":\"500\"}"
              "]}],\"sorts\":[{\"propertyName\":\"hs_lastmodifieddate\","
              "\"direction\":\"ASCENDING\"}],\"properties\":[\"a\",\"b\"],"
              "\"limit\":200}");
    free(text);
    cJSON_Delete(body);
    snprintf(k.id, sizeof(k.id), "42");
    body = keyset_search(&k, "hs_lastmodifieddate", names);
    text = cJSON_PrintUnformatted(body);
    assert_string_equal(
        text, "{\"filterGroups\":[{\"filters\":[{\"propertyName\":"
              "\"hs_lastmodifieddate\",\"operator\":\"EQ\",\"value\":\"500\"},"
              "{\"propertyName\":\"hs_object_id\",\"operator\":\"GT\","
              "\"value\":\"42\"}]}],\"sorts\":[{\"propertyName\":"
              "\"hs_object_id\",\"direction\":\"ASCENDING\"}],"
              "\"properties\":[\"a\",\"b\"],\"limit\":200}");
    free(text);
    cJSON_Delete(body);
}

static void
check_cursor(void **state)
{
    struct keyset k = {.t = NOW,
                       .id = "42",
                       .begun_at = NOW - 1,
                       .seen_at = NOW - 2,
                       .looked_at = NOW - 3,
                       .is_second_look = true};
    struct keyset back;
    cJSON *cursor = keyset_write(&k);

    (void)state;
    keyset_read(&back, cursor);
    cJSON_Delete(cursor);
    assert_int_equal(back.t, k.t);
    assert_string_equal(back.id, k.id);
    assert_int_equal(back.begun_at, k.begun_at);
    assert_int_equal(back.seen_at, k.seen_at);
    assert_int_equal(back.looked_at, k.looked_at);
    assert_int_equal(back.is_second_look, k.is_second_look);
    keyset_read(&back, NULL);
    assert_int_equal(back.t, 0);
}

/* The n-th record of a service: bulks of 1,000 that share a time. */
static void
record_at(size_t i, struct keyset_record *r)
{
    r->t = 5000 + (int64_t)(i / 1000);
    snprintf(r->id, sizeof(r->id), "%zu", 90 + i);
}

/* All of a bulk come once at least, however they lie, and never more than a
 * page is asked for. */
static void
check_whole_pass(void **state)
{
    enum { N = 12345 };
    static bool seen[N];
    struct keyset k = {0};
    const struct keyset_rules rules = {NOW, -1, 0, 0};
    int pages = 0;
    bool more = true;

    (void)state;
    while (more) {
        struct keyset_record page[KEYSET_PAGE];
        size_t n = 0;

        keyset_begin(&k, &rules);
        for (size_t i = 0; i < N && n < KEYSET_PAGE; i++) {
            record_at(i, &page[n]);
            if (!keyset_is_asked(&k, &page[n]))
                continue;
            seen[i] = true;
            n++;
        }
        more = keyset_next(&k, page, n);
        assert_true(++pages < 200);
    }
    for (size_t i = 0; i < N; i++)
        assert_true(seen[i]);
}

#define N_OF(rows) (sizeof(rows) / sizeof((rows)[0]))
#define ADD(rows, check)                                                       \
    for (size_t i = 0; i < N_OF(rows); i++)                                    \
        tests[n++] = (struct CMUnitTest)                                       \
        {                                                                      \
            .name = (rows)[i].name, .test_func = check,                        \
            .initial_state = (void *)&(rows)[i]                                \
        }

int
main(void)
{
    struct CMUnitTest
        tests[N_OF(begin_rows) + N_OF(next_rows) + N_OF(asked_rows) + 3];
    size_t n = 0;

    ADD(begin_rows, check_begin);
    ADD(next_rows, check_next);
    ADD(asked_rows, check_asked);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check_search);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check_cursor);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check_whole_pass);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
