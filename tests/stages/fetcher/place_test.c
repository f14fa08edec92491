/* place_test: where a reading by SystemModstamp stands, what it asks for, and
 * where it goes on, row by row. */
#include "stages/fetcher/salesforce/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NOW INT64_C(1780000000000) /* 2026-05-28T20:26:40Z */
#define ID  "00TAb000000000FMAQ"

/* The condition behind a place. */
static const struct where_row {
    const char *name;
    struct place place;
    const char *want;
} where_rows[] = {
    {"from a time on",
     {.t = NOW},
     "(SystemModstamp > 2026-05-28T20:26:40Z OR "
     "(SystemModstamp = 2026-05-28T20:26:40Z))"},
    {"behind a record",
     {.t = NOW, .id = ID},
     "(SystemModstamp > 2026-05-28T20:26:40Z OR "
     "(SystemModstamp = 2026-05-28T20:26:40Z AND Id > '" ID "'))"},
    {"behind a stamp with ms",
     {.t = NOW + 7, .id = ID},
     "(SystemModstamp > 2026-05-28T20:26:40.007Z OR "
     "(SystemModstamp = 2026-05-28T20:26:40.007Z AND Id > '" ID "'))"},
};

static void
check_where(void **state)
{
    const struct where_row *row = *state;
    struct text q;

    text_init(&q);
    place_put_where(&row->place, &q);
    text_putc(&q, '\0');
    assert_string_equal(q.data, row->want);
    text_fini(&q);
}

/* Cursors: what they say, and that they are written as they are read. */
static const struct cursor_row {
    const char *name, *cursor;
    struct place want;
} cursor_rows[] = {
    {"no cursor", NULL, {0, "", 0}},
    {"an empty one", "{}", {0, "", 0}},
    {"a whole one", "{\"t\":1780000000000,\"id\":\"" ID "\"}", {NOW, ID, 0}},
    {"one that knows its beginning",
     "{\"t\":1780000000000,\"id\":\"" ID "\",\"since\":5000}",
     {NOW, ID, 5000}},
    {"before all of a time", "{\"t\":1780000000000,\"id\":\"\"}", {NOW, "", 0}},
    {"an id of 15 characters",
     "{\"t\":1780000000000,\"id\":\"00TAb000000000F\"}",
     {NOW, ID, 0}},
    {"an id that is none",
     "{\"t\":1780000000000,\"id\":\"x' OR '\"}",
     {NOW, "", 0}},
    {"a time before all times", "{\"t\":-1,\"id\":\"" ID "\"}", {0, "", 0}},
};

static void
check_cursor(void **state)
{
    const struct cursor_row *row = *state;
    cJSON *cursor = row->cursor != NULL ? cJSON_Parse(row->cursor) : NULL;
    cJSON *written = cJSON_CreateObject();
    struct place p, again;

    place_read(&p, cursor);
    assert_true(p.t == row->want.t);
    assert_string_equal(p.id, row->want.id);
    place_write(&p, written);
    place_write(&p, written); /* in the place of what was there */
    assert_int_equal(cJSON_GetArraySize(written), p.since > 0 ? 3 : 2);
    place_read(&again, written);
    assert_memory_equal(&again, &p, sizeof(p));
    cJSON_Delete(cursor);
    cJSON_Delete(written);
}

/* Records. */
static const struct record_row {
    const char *name, *record;
    int64_t t; /* 0: it has no place */
} record_rows[] = {
    {"as Salesforce prints it",
     "{\"Id\":\"" ID "\",\"SystemModstamp\":\"2026-05-28T20:26:40.000+0000\"}",
     NOW},
    {"an id of 15 characters",
     "{\"Id\":\"00TAb000000000F\","
     "\"SystemModstamp\":\"2026-05-28T22:26:40.000+0200\"}",
     NOW},
    {"no stamp", "{\"Id\":\"" ID "\"}", 0},
    {"no time", "{\"Id\":\"" ID "\",\"SystemModstamp\":\"soon\"}", 0},
    {"no id", "{\"SystemModstamp\":\"2026-05-28T20:26:40.000+0000\"}", 0},
};

static void
check_record(void **state)
{
    const struct record_row *row = *state;
    cJSON *record = cJSON_Parse(row->record);
    struct place p;

    assert_int_equal(place_of(record, &p), row->t != 0);
    if (row->t != 0) {
        assert_true(p.t == row->t);
        assert_string_equal(p.id, ID);
    }
    cJSON_Delete(record);
}

/* Where the next reading begins when all has been read. */
static const struct catch_up_row {
    const char *name;
    struct place place, want;
} catch_up_rows[] = {
    {"nothing new for long: not again",
     {NOW - 3600000, ID, 0},
     {NOW - 3600000, ID, 0}},
    {"just at the overlap's border",
     {NOW - PLACE_OVERLAP_MS, ID, 0},
     {NOW - PLACE_OVERLAP_MS, ID, 0}},
    {"something new: the overlap",
     {NOW - 5000, ID, 0},
     {NOW - PLACE_OVERLAP_MS, "", 0}},
    {"begun since: from there on",
     {NOW - 5000, ID, NOW - 60000},
     {NOW - 60000, "", NOW - 60000}},
    {"begun long ago: the overlap",
     {NOW - 5000, ID, NOW - 3600000},
     {NOW - PLACE_OVERLAP_MS, "", NOW - 3600000}},
};

static void
check_catch_up(void **state)
{
    const struct catch_up_row *row = *state;
    struct place p = row->place;

    place_catch_up(&p, NOW + 999); /* stamps have whole seconds */
    assert_true(p.t == row->want.t);
    assert_string_equal(p.id, row->want.id);
}

static void
begins_now(void **state)
{
    struct place p = {1, ID, 0};

    (void)state;
    place_begin_at(&p, NOW + 999);
    assert_true(p.t == NOW && p.since == NOW);
    assert_string_equal(p.id, "");
}

/* A page that was read from (5, "b") on. */
static void
a_page_goes_on(void **state)
{
    static const struct {
        struct place end;
        int want;
    } rows[] = {{{6, "", 0}, 0},
                {{5, "c", 0}, 0},
                {{5, "b", 0}, -1},
                {{5, "a", 0}, -1},
                {{4, "z", 0}, -1}};
    const struct place from = {5, "b", 0};
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int rv = place_check(&rows[i].end, &from, "Task", &err);

        assert_int_equal(rv, rows[i].want);
        if (rv < 0)
            assert_int_equal(err.code, EX_TEMPFAIL);
    }
}

#define N(rows) (sizeof(rows) / sizeof((rows)[0]))
#define ADD(rows, check)                                                       \
    for (size_t i = 0; i < N(rows); i++)                                       \
        tests[n++] = (struct CMUnitTest)                                       \
        {                                                                      \
            .name = (rows)[i].name, .test_func = (check),                      \
            .initial_state = (void *)&(rows)[i]                                \
        }

int
main(void)
{
    struct CMUnitTest tests[N(where_rows) + N(cursor_rows) + N(record_rows) +
                            N(catch_up_rows) + 2];
    size_t n = 0;

    ADD(where_rows, check_where);
    ADD(cursor_rows, check_cursor);
    ADD(record_rows, check_record);
    ADD(catch_up_rows, check_catch_up);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(begins_now);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_page_goes_on);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
