/* codec_test: mp_skip() finds the end of every value, and stops at what is
 * truncated, malformed, too deep or too large. */
#include "common/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct row {
    const char *name;
    const char *bytes;
    size_t len;
    size_t max;
    enum mp_status want;
    size_t size;
};

#define B(s) s, sizeof(s) - 1

static const struct row rows[] = {
    {"nothing", B(""), 100, MP_MORE, 0},
    {"positive fixint", B("\x07"), 100, MP_OK, 1},
    {"negative fixint", B("\xff"), 100, MP_OK, 1},
    {"nil", B("\xc0"), 100, MP_OK, 1},
    {"never used byte", B("\xc1"), 100, MP_MALFORMED, 0},
    {"true", B("\xc3\xc3"), 100, MP_OK, 1},
    {"bin 8", B("\xc4\x02xx"), 100, MP_OK, 4},
    {"bin 16 cut", B("\xc5\x00\x03xx"), 100, MP_MORE, 0},
    {"bin 32 announces more than allowed", B("\xc6\xff\xff\xff\xff"), 100,
     MP_TOO_LARGE, 0},
    {"ext 8", B("\xc7\x02\x01xx"), 100, MP_OK, 5},
    {"fixext 16", B("\xd8\x01xxxxxxxxxxxxxxxx"), 100, MP_OK, 18},
    {"float 32", B("\xca\x00\x00\x00\x00"), 100, MP_OK, 5},
    {"float 64 cut", B("\xcb\x00\x00\x00\x00"), 100, MP_MORE, 0},
    {"uint 64", B("\xcf\x00\x00\x00\x00\x00\x00\x00\x01"), 100, MP_OK, 9},
    {"int 8", B("\xd0\x80"), 100, MP_OK, 2},
    {"fixstr",
     B("\xa3"
       "abc"),
     100, MP_OK, 4},
    {"str 8 without its length", B("\xd9"), 100, MP_MORE, 0},
    {"str 8", B("\xd9\x01x"), 100, MP_OK, 3},
    {"empty map", B("\x80"), 100, MP_OK, 1},
    {"map without its second value", B("\x82\x01\x02\x03"), 100, MP_MORE, 0},
    {"array in map", B("\x81\xa1x\x92\x01\x02\x05"), 100, MP_OK, 6},
    {"array 32 of four thousand millions", B("\xdd\xff\xff\xff\xff"), 100,
     MP_TOO_LARGE, 0},
    {"map 32 of four thousand millions", B("\xdf\xff\xff\xff\xff"), 1 << 20,
     MP_TOO_LARGE, 0},
    {"exactly at the limit",
     B("\xa3"
       "abc"),
     4, MP_OK, 4},
    {"one over the limit",
     B("\xa4"
       "abcd"),
     4, MP_TOO_LARGE, 0},
    {"header over the limit", B("\xdb"), 4, MP_TOO_LARGE, 0},
};

static void
check_row(void **state)
{
    const struct row *r = *state;
    /* A copy of exactly that length, so that the sanitizer sees over-reads. */
    uint8_t *copy = malloc(r->len + 1);
    size_t size = 0;

    memcpy(copy, r->bytes, r->len);
    copy = realloc(copy, r->len > 0 ? r->len : 1);
    assert_int_equal(mp_skip(copy, r->len, r->max, &size), r->want);
    if (r->want == MP_OK)
        assert_int_equal(size, r->size);
    free(copy);
}

static void
depth(void **state)
{
    uint8_t nested[64];
    size_t size;

    (void)state;
    memset(nested, 0x91, sizeof(nested));
    nested[32] = 0xc0;
    assert_int_equal(mp_skip(nested, 33, 100, &size), MP_OK);
    assert_int_equal(size, 33);
    memset(nested, 0x91, sizeof(nested));
    nested[33] = 0xc0;
    assert_int_equal(mp_skip(nested, 34, 100, &size), MP_TOO_DEEP);
}

static void
ints(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        bool ok;
        int64_t want;
    } t[] = {
        {B("\x7f"), true, 127},
        {B("\xe0"), true, -32},
        {B("\xcc\xff"), true, 255},
        {B("\xcd\xff\xff"), true, 65535},
        {B("\xce\xff\xff\xff\xff"), true, 4294967295},
        {B("\xcf\x7f\xff\xff\xff\xff\xff\xff\xff"), true, INT64_MAX},
        {B("\xcf\x80\x00\x00\x00\x00\x00\x00\x00"), false, 0},
        {B("\xd0\x80"), true, -128},
        {B("\xd1\xff\x00"), true, -256},
        {B("\xd2\x80\x00\x00\x00"), true, INT32_MIN},
        {B("\xd3\x80\x00\x00\x00\x00\x00\x00\x00"), true, INT64_MIN},
        {B("\xca\x3f\x80\x00\x00"), false, 0},
        {B("\xa1x"), false, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
        int64_t v = 0;

        assert_int_equal(
            mp_i64((struct span){(const uint8_t *)t[i].bytes, t[i].len}, &v),
            t[i].ok);
        if (t[i].ok)
            assert_true(v == t[i].want);
    }
}

static void
look_ups(void **state)
{
    static const uint8_t map[] = "\x83\xa1x\x05\xa1y\xa3"
                                 "abc\xa1z\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00";
    struct span m = {map, sizeof(map) - 1};
    char buf[3];
    double d;

    (void)state;
    assert_int_equal(mp_get_i64(m, "x", 0), 5);
    assert_int_equal(mp_get_i64(m, "y", -1), -1);
    assert_int_equal(mp_get_str(m, "y", buf, sizeof(buf)), 3);
    assert_string_equal(buf, "ab");
    assert_int_equal(mp_get_str(m, "none", buf, sizeof(buf)), 0);
    assert_string_equal(buf, "");
    assert_true(mp_f64(mp_get(m, "z"), &d));
    assert_true(d == 1.5);
    assert_null(mp_get(m, "none").data);
    assert_null(mp_get((struct span){map + 1, 2}, "x").data);
}

int
main(void)
{
    enum { N = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N + 3] = {
        cmocka_unit_test(depth),
        cmocka_unit_test(ints),
        cmocka_unit_test(look_ups),
    };

    for (size_t i = 0; i < N; i++)
        tests[3 + i] = (struct CMUnitTest){.name = rows[i].name,
                                           .test_func = check_row,
                                           .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("codec", tests, NULL, NULL);
}
