/* json_test: parsing what a service sends, mending it, and to MessagePack and
 * back. */
#include "common/json.h"
#include "common/json_mend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct parse_row {
    const char *name, *text;
    const char *says; /* NULL: it is JSON */
} parse_rows[] = {
    {"object", "{\"a\":[1,2,{}]}", NULL},
    {"blanks at the end", " [] \r\n\t", NULL},
    {"scalar", "3", NULL},
    {"empty", "", "no JSON"},
    {"cut", "{\"a\":", "ends too early"},
    {"mistake", "{\"a\" 1, \"b\": 2}", "mistake"},
    {"bytes after its end", "{} {}", "after its end"},
    {"a page of HTML", "<html></html>", "no JSON"},
    {"brackets in a string do not nest",
     "[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\"]", NULL},
    {"32 deep",
     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", NULL},
    {"33 deep",
     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
     "too deeply"},
};

static void
parses(void **state)
{
    const struct parse_row *r = *state;
    size_t len = strlen(r->text);
    char *exact = malloc(len + 1); /* the sanitizer sees a byte too many */
    struct error err = {0, ""};
    cJSON *value;

    assert_non_null(exact);
    exact = realloc(exact, len > 0 ? len : 1);
    assert_non_null(exact);
    memcpy(exact, r->text, len);
    value = json_parse(exact, len, &err);
    assert_true((value != NULL) == (r->says == NULL));
    if (r->says != NULL) {
        assert_int_equal(err.code, EX_PROTOCOL);
        assert_non_null(strstr(err.text, r->says));
    }
    cJSON_Delete(value);
    free(exact);
}

static const struct mend_row {
    const char *name, *text, *want;
} mend_rows[] = {
    {"NUL", "\"a\\u0000b\"", "\"a\\ufffdb\""},
    {"high half alone", "\"\\ud83dx\"", "\"\\ufffdx\""},
    {"low half alone", "\"\\uDE00\"", "\"\\ufffd\""},
    {"two high halves", "\"\\ud83d\\ud83d\"", "\"\\ufffd\\ufffd\""},
    {"a pair stays", "\"\\ud83d\\ude00\"", "\"\\ud83d\\ude00\""},
    {"a letter stays", "\"\\u00e4\"", "\"\\u00e4\""},
    {"a backslash before it", "\"\\\\u0000\"", "\"\\\\u0000\""},
    {"outside of a string", "\\u0000", "\\u0000"},
    {"cut in the escape", "\"\\u00", "\"\\u00"},
    {"cut behind a high half", "\"\\ud83d", "\"\\ufffd"},
    {"a backslash at the end", "\"\\", "\"\\"},
};

static void
mends(void **state)
{
    const struct mend_row *r = *state;
    size_t len = strlen(r->text);
    char *text = malloc(len);
    struct json_extent extent;

    assert_non_null(text);
    memcpy(text, r->text, len);
    json_measure(text, len, &extent);
    assert_true(extent.is_broken == (strcmp(r->text, r->want) != 0));
    json_mend(text, len);
    assert_memory_equal(text, r->want, len);
    free(text);
}

static void
measures(void **state)
{
    static const char text[] = "{\"a,[\":[1,2,3],\"b\":{}}";
    struct json_extent extent;

    (void)state;
    json_measure(text, strlen(text), &extent);
    assert_int_equal(extent.depth, 2);
    assert_in_range(extent.values, 6, 8); /* at least those, hardly more */
    assert_false(extent.is_broken);
}

static cJSON *
parse(const char *text)
{
    struct error err;
    cJSON *value = json_parse(text, strlen(text), &err);

    if (value == NULL)
        fail_msg("%s", err.text);
    return value;
}

/* Bytes that no string may hold, and that no escape has brought. */
static void
mends_bytes(void **state)
{
    static const char text[] = "{\"a\xff\":\"b\xc0\x80\0c\"}";
    struct error err;
    cJSON *o = json_parse(text, sizeof(text) - 1, &err);

    (void)state;
    assert_non_null(o);
    assert_string_equal(json_str(o, "a\xef\xbf\xbd"),
                        "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                        "c");
    cJSON_Delete(o);
    assert_null(json_parse("\xff[]", 3, &err));
    assert_null(json_parse("[]\0", 3, &err));
}

static void
look_ups(void **state)
{
    cJSON *o = parse("{\"s\":\"x\",\"n\":null,\"id\":51200000001,\"ids\":\"7\","
                     "\"half\":1.5,\"neg\":\"-12\",\"plus\":\"+1\","
                     "\"big\":\"9223372036854775808\",\"e\":\"\","
                     "\"p\":{\"next\":{\"after\":\"a\"},\"list\":[{}]}}");
    char id[12];
    int64_t n = 0;

    (void)state;
    assert_string_equal(json_str(o, "s"), "x");
    assert_null(json_str(o, "S"));
    assert_null(json_str(o, "n"));
    assert_null(json_str(o, "id"));
    assert_null(json_str(NULL, "s"));
    assert_true(json_id(o, "id", id, sizeof(id)));
    assert_string_equal(id, "51200000001");
    assert_false(json_id(o, "id", id, sizeof(id) - 1));
    assert_string_equal(id, "");
    assert_true(json_id(o, "ids", id, sizeof(id)));
    assert_false(json_id(o, "half", id, sizeof(id)));
    assert_false(json_id(o, "e", id, sizeof(id)));
    assert_true(json_i64(o, "id", &n) && n == 51200000001);
    assert_true(json_i64(o, "neg", &n) && n == -12);
    assert_false(json_i64(o, "plus", &n));
    assert_false(json_i64(o, "half", &n));
    assert_false(json_i64(o, "big", &n));
    assert_false(json_i64(o, "e", &n));
    assert_false(json_i64(o, "none", &n));
    assert_string_equal(json_str(json_at(o, "p.next"), "after"), "a");
    assert_ptr_equal(json_at(o, ""), o);
    assert_null(json_at(o, "p.nex"));
    assert_null(json_at(o, "p.list.x"));
    assert_null(json_at(o, "s.x"));
    assert_null(json_at(NULL, "p"));
    cJSON_Delete(o);
}

/* What json_time() reads of {"t": ...}; 7: nothing. */
static const struct time_row {
    const char *name, *text;
    int64_t want;
} time_rows[] = {
    {"a time in words", "\"2024-04-25T16:00:00Z\"", 1714060800000},
    {"a time in digits", "\"1714060800000\"", 1714060800000},
    {"a time as a number", "1714060800000", 1714060800000},
    {"a time before 1970", "-1", -1},
    {"the last time", "253402300799999", 253402300799999},
    {"a number behind the last time", "253402300800000", 7},
    {"digits behind the last time", "\"253402300800000\"", 7},
    {"the largest integer as a time", "\"9223372036854775807\"", 7},
    {"a time that is broken", "1714060800000.5", 7},
    {"an empty time", "\"\"", 7},
    {"no time at all", "null", 7},
};

static void
reads_time(void **state)
{
    const struct time_row *r = *state;
    cJSON *o = cJSON_CreateObject();
    int64_t at = 7;

    cJSON_AddItemToObject(o, "t", parse(r->text));
    assert_int_equal(json_time(o, "t", &at), r->want != 7);
    assert_int_equal(at, r->want);
    assert_false(json_time(o, "none", &at));
    cJSON_Delete(o);
}

static const struct trip_row {
    const char *name, *text;
    size_t str_max;
    const char *want;
} trip_rows[] = {
    {"all types", "{\"a\":[1,-1,1.5,true,false,null,\"x\",{}]}", 99,
     "{\"a\":[1,-1,1.5,true,false,null,\"x\",{}]}"},
    {"a large whole number", "[512000000000001]", 99, "[512000000000001]"},
    {"long strings are cut", "[\"abcdef\"]", 3, "[\"abc\"]"},
    {"at a character's border", "[\"ab\xc3\xa4\"]", 3, "[\"ab\"]"},
    {"what is no UTF-8", "[\"a\xff\"]", 99, "[\"a\xef\xbf\xbd\"]"},
    {"NUL", "[\"a\\u0000b\"]", 99,
     "[\"a\xef\xbf\xbd"
     "b\"]"},
};

static void
trip(void **state)
{
    const struct trip_row *r = *state;
    cJSON *value = parse(r->text), *back;
    msgpack_sbuffer buf;
    msgpack_packer pk;
    char *text;

    msgpack_sbuffer_init(&buf);
    msgpack_packer_init(&pk, &buf, msgpack_sbuffer_write);
    json_to_mp(value, r->str_max, &pk);
    back = json_from_mp((struct span){(const uint8_t *)buf.data, buf.size});
    assert_non_null(back);
    text = cJSON_PrintUnformatted(back);
    assert_string_equal(text, r->want);
    free(text);
    cJSON_Delete(back);
    cJSON_Delete(value);
    msgpack_sbuffer_destroy(&buf);
}

/* 2^53 is the last that a double holds for sure. */
static void
whole_numbers_become_ints(void **state)
{
    cJSON *value = parse("[9007199254740992,-9007199254740992,1e3,1e300]");
    msgpack_sbuffer buf;
    msgpack_packer pk;
    struct span s;
    uint32_t n;
    int64_t i;

    (void)state;
    msgpack_sbuffer_init(&buf);
    msgpack_packer_init(&pk, &buf, msgpack_sbuffer_write);
    json_to_mp(value, 99, &pk);
    s = (struct span){(const uint8_t *)buf.data, buf.size};
    assert_true(mp_array(&s, &n));
    assert_true(mp_i64(mp_next(&s), &i) && i == 9007199254740992);
    assert_true(mp_i64(mp_next(&s), &i) && i == -9007199254740992);
    assert_true(mp_i64(mp_next(&s), &i) && i == 1000);
    assert_false(mp_i64(mp_next(&s), &i));
    cJSON_Delete(value);
    msgpack_sbuffer_destroy(&buf);
}

static const struct from_row {
    const char *name, *bytes;
    size_t len;
    const char *want; /* NULL: refused */
} from_rows[] = {
    {"whole numbers are ints", "\x05", 1, "5"},
    {"bin", "\xc4\x02\x0f\xa0", 4, "\"0fa0\""},
    {"fixext: type and bytes", "\xd4\x01\xff", 3, "\"01ff\""},
    {"a key that is no string", "\x81\x01\xc0", 3, "{\"1\":null}"},
    {"no number", "\xcb\x7f\xf8\0\0\0\0\0\0", 9, "null"},
    {"truncated", "\x92\x01", 2, NULL},
    {"bytes after its end", "\x01\x01", 2, NULL},
    {"malformed", "\xc1", 1, NULL},
    {"absent", NULL, 0, NULL},
};

static void
from(void **state)
{
    const struct from_row *r = *state;
    cJSON *value =
        json_from_mp((struct span){(const uint8_t *)r->bytes, r->len});
    char *text;

    if (r->want == NULL) {
        assert_null(value);
        return;
    }
    assert_non_null(value);
    text = cJSON_PrintUnformatted(value);
    assert_string_equal(text, r->want);
    free(text);
    cJSON_Delete(value);
}

#define N_ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))
#define ADD(rows, fn)                                                          \
    for (size_t i = 0; i < N_ROWS(rows); i++)                                  \
        tests[n++] = (struct CMUnitTest)                                       \
        {                                                                      \
            .name = (rows)[i].name, .test_func = (fn),                         \
            .initial_state = (void *)&(rows)[i]                                \
        }

int
main(void)
{
    struct CMUnitTest tests[4 + N_ROWS(parse_rows) + N_ROWS(mend_rows) +
                            N_ROWS(time_rows) + N_ROWS(trip_rows) +
                            N_ROWS(from_rows)] = {
        cmocka_unit_test(measures), cmocka_unit_test(mends_bytes),
        cmocka_unit_test(look_ups),
        cmocka_unit_test(whole_numbers_become_ints)};
    size_t n = 4;

    ADD(parse_rows, parses);
    ADD(mend_rows, mends);
    ADD(time_rows, reads_time);
    ADD(trip_rows, trip);
    ADD(from_rows, from);
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
