/* sweep_test: every stretch of time is read, a little of it twice, and now and
 * then more of it. */
#include "stages/fetcher/hubspot/sweep.h"

#include "common/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define OVERLAP 10
#define LOOK    100

/* A poll that gives one page: in goes a cursor, the next one comes out. */
static void
poll_once(cJSON **cursor, int64_t now, int64_t look_ms, const char *next,
          struct sweep *asked)
{
    struct error err;
    struct sweep s;

    sweep_read(&s, *cursor, 1000);
    sweep_begin(&s, now, look_ms);
    *asked = s;
    assert_int_equal(sweep_turn(&s, next, OVERLAP, &err), 0);
    cJSON_Delete(*cursor);
    *cursor = sweep_write(&s);
}

static void
each_stretch_begins_before_the_end_of_the_last(void **state)
{
    static const struct {
        int64_t now, look_ms;
        const char *next;
        int64_t start, end;
    } polls[] = {
        {1050, LOOK, NULL, 1000, 1050}, /* from where it begins */
        {1060, LOOK, NULL, 1040, 1060},
        {1060, LOOK, NULL, 1050, 1060}, /* time stands still */
        {1040, LOOK, NULL, 1050, 1050}, /* and goes back */
        {1070, LOOK, "a", 1050, 1070},
        {1080, LOOK, "b", 1050, 1070}, /* its end is fixed */
        {1090, LOOK, NULL, 1050, 1070},
        {1099, LOOK, NULL, 1060, 1099},
        {1100, LOOK, "c", 900, 1100}, /* a second look */
        {1300, LOOK, NULL, 900, 1100},
        {1199, LOOK, NULL, 1090, 1199}, /* counted from its end */
        {1250, 0, NULL, 1189, 1250},    /* switched off */
        {1250, LOOK, NULL, 1000, 1250},
    };
    cJSON *cursor = NULL;
    struct sweep s;

    (void)state;
    for (size_t i = 0; i < sizeof(polls) / sizeof(polls[0]); i++) {
        poll_once(&cursor, polls[i].now, polls[i].look_ms, polls[i].next, &s);
        assert_int_equal(s.start, polls[i].start);
        assert_int_equal(s.end, polls[i].end);
    }
    cJSON_Delete(cursor);
}

static void
a_strange_cursor_begins_anew(void **state)
{
    static const char *const cursors[] = {
        "{}",
        "[]",
        "7",
        "{\"start\":-1}",
        "{\"start\":\"x\",\"end\":5}",
        "{\"start\":1000,\"end\":999,\"offset\":\"a\"}"};
    struct sweep s;

    (void)state;
    for (size_t i = 0; i < sizeof(cursors) / sizeof(cursors[0]); i++) {
        cJSON *cursor = json_parse(cursors[i], strlen(cursors[i]), NULL);

        sweep_read(&s, cursor, 1000);
        assert_int_equal(s.start, 1000);
        assert_int_equal(s.looked_at, 1000);
        assert_string_equal(s.offset, "");
        cJSON_Delete(cursor);
    }
    sweep_read(&s, NULL, 1000);
    assert_int_equal(s.start, 1000);
}

static void
an_offset_that_leads_nowhere_is_refused(void **state)
{
    static char longer[SWEEP_OFFSET_MAX + 1];
    struct sweep s;
    struct error err;

    (void)state;
    sweep_read(&s, NULL, 0);
    sweep_begin(&s, 5, LOOK);
    assert_int_equal(sweep_turn(&s, "a", OVERLAP, &err), 0);
    assert_int_equal(sweep_turn(&s, "a", OVERLAP, &err), -1);
    assert_int_equal(err.code, EX_PROTOCOL);
    memset(longer, 'x', sizeof(longer) - 1);
    assert_int_equal(sweep_turn(&s, longer, OVERLAP, &err), -1);
    assert_string_equal(s.offset, "a");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_stretch_begins_before_the_end_of_the_last),
        cmocka_unit_test(a_strange_cursor_begins_anew),
        cmocka_unit_test(an_offset_that_leads_nowhere_is_refused)};

    return cmocka_run_group_tests_name("sweep", tests, NULL, NULL);
}
