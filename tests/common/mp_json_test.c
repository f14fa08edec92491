/* mp_json_test: every MessagePack value has its JSON. */
#include "common/mp_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define B(s) s, sizeof(s) - 1

static const struct row {
    const char *name;
    const char *bytes;
    size_t len;
    const char *want;
} rows[] = {
    {"nil", B("\xc0"), "null"},
    {"true", B("\xc3"), "true"},
    {"small int", B("\x07"), "7"},
    {"negative int", B("\xff"), "-1"},
    {"largest int keeps its digits", B("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"),
     "18446744073709551615"},
    {"2^53 + 1 keeps its digits", B("\xcf\x00\x20\x00\x00\x00\x00\x00\x01"),
     "9007199254740993"},
    {"smallest int", B("\xd3\x80\x00\x00\x00\x00\x00\x00\x00"),
     "-9223372036854775808"},
    {"float", B("\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00"), "1.5"},
    {"float of many digits", B("\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a"), "0.1"},
    {"NaN", B("\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00"), "null"},
    {"infinity", B("\xca\x7f\x80\x00\x00"), "null"},
    {"string",
     B("\xa3"
       "abc"),
     "\"abc\""},
    {"quote and backslash", B("\xa2\"\\"), "\"\\\"\\\\\""},
    {"control characters", B("\xa5\n\t\x00\x1b\x7f"),
     "\"\\n\\t\\u0000\\u001b\\u007f\""},
    {"C1 control character", B("\xa2\xc2\x9b"), "\"\\u009b\""},
    {"umlaut and emoji", B("\xa6\xc3\xbc\xf0\x9f\x98\x80"),
     "\"\xc3\xbc\xf0\x9f\x98\x80\""},
    {"bytes that are no UTF-8",
     B("\xa3"
       "a\xff"
       "b"),
     "\"a\xef\xbf\xbd"
     "b\""},
    {"UTF-8 cut at the end",
     B("\xa2"
       "a\xc3"),
     "\"a\xef\xbf\xbd\""},
    {"overlong UTF-8", B("\xa2\xc0\xaf"), "\"\xef\xbf\xbd\xef\xbf\xbd\""},
    {"half a surrogate pair", B("\xa3\xed\xa0\x80"),
     "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {"bin", B("\xc4\x02\x00\xff"), "\"00ff\""},
    {"empty map", B("\x80"), "{}"},
    {"map", B("\x82\xa1x\x01\xa1y\x92\xc2\xc0"),
     "{\"x\":1,\"y\":[false,null]}"},
    {"key that is no string", B("\x81\x05\x06"), "{\"5\":6}"},
    {"key that is an array", B("\x81\x91\xa1x\x06"), "{\"[\\\"x\\\"]\":6}"},
};

static void
check_row(void **state)
{
    const struct row *r = *state;
    char *text = NULL;
    size_t len;
    FILE *mem = open_memstream(&text, &len);
    /* A copy of exactly that length, so that the sanitizer sees over-reads. */
    uint8_t *copy = malloc(r->len);

    memcpy(copy, r->bytes, r->len);
    mp_json_print(mem, (struct span){copy, r->len});
    fclose(mem);
    assert_string_equal(text, r->want);
    free(text);
    free(copy);
}

int
main(void)
{
    enum { N = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N];

    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("mp_json", tests, NULL, NULL);
}
