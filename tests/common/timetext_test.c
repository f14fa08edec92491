/* timetext_test: every shape of time that the services write is read to the
 * same ms, what is no time is refused, and ms are written as they write them.
 */
#include "common/timetext.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NONE INT64_MIN              /* refused */
#define T0   INT64_C(1714060800000) /* 2024-04-25T16:00:00Z */

static const struct {
    const char *in;
    int64_t want;
} parse_rows[] = {
    {"2024-04-25T16:00:00.000Z", T0},
    {"2024-04-25T16:00:00.123Z", T0 + 123},
    {"2024-04-25T16:00:00.1Z", T0 + 100},
    {"2024-04-25T16:00:00.12Z", T0 + 120},
    {"2024-04-25T16:00:00.123456789Z", T0 + 123},
    {"2024-04-25T16:00:00.999999Z", T0 + 999},
    {"2024-04-25T16:00:00,5Z", T0 + 500},
    {"2024-04-25T16:00:00Z", T0},
    {"2024-04-25t16:00:00z", T0},
    {"2024-04-25 16:00:00Z", T0},
    {"2024-04-25T16:00Z", T0},
    {"2024-04-25T16:00", T0},
    {"2024-04-25T16:00:00", T0},
    {"2024-04-25T16:00:00.000+0000", T0},
    {"2024-04-25T16:00:00.000+00:00", T0},
    {"2024-04-25T16:00:00.000-0000", T0},
    {"2024-04-25T18:00:00.000+0200", T0},
    {"2024-04-25T18:00:00+02:00", T0},
    {"2024-04-25T18:00:00+02", T0},
    {"2024-04-25T11:00:00-0500", T0},
    {"2024-04-25T21:30:00+05:30", T0},
    {"2024-04-25T21:45:00+0545", T0},
    {"2024-04-26T06:00:00+14:00", T0},
    {"2024-04-25T04:00:00-12:00", T0},
    {"2024-04-25", T0 - 16 * 3600 * INT64_C(1000)},
    {"1714060800000", T0},
    {"1714060800123", T0 + 123},
    {"0", 0},
    {"1", 1},
    {"-1", -1},
    {"-62135596800000", TIMETEXT_MIN},
    {"253402300799999", TIMETEXT_MAX},
    {"1970-01-01", 0},
    {"1970-01-01T00:00:00.001Z", 1},
    {"1969-12-31T23:59:59.999Z", -1},
    {"1600-02-29T00:00:00Z", INT64_C(-11670998400000)},
    {"2000-02-29", INT64_C(951782400000)},
    {"2024-02-29", INT64_C(1709164800000)},
    {"2024-03-01", INT64_C(1709251200000)},
    {"2024-12-31T23:59:59Z", INT64_C(1735689599000)},
    {"2016-12-31T23:59:60Z", INT64_C(1483228800000)},
    {"2038-01-19T03:14:08Z", INT64_C(2147483648000)},
    {"0001-01-01T00:00:00.000Z", TIMETEXT_MIN},
    {"9999-12-31T23:59:59.999Z", TIMETEXT_MAX},

    {"", NONE},
    {" ", NONE},
    {"-", NONE},
    {"null", NONE},
    {"yesterday", NONE},
    {"2024", 2024}, /* digits only are ms */
    {"2024-", NONE},
    {"2024-04", NONE},
    {"2024-4-25", NONE},
    {"2024-04-25T", NONE},
    {"2024-04-25T16", NONE},
    {"2024-04-25T16:0", NONE},
    {"2024-04-25T16:00:", NONE},
    {"2024-04-25T16:00:00.", NONE},
    {"2024-04-25T16:00:00.Z", NONE},
    {"2024-04-25T16:00:00+", NONE},
    {"2024-04-25T16:00:00+2", NONE},
    {"2024-04-25T16:00:00+02:", NONE},
    {"2024-04-25T16:00:00+02:0", NONE},
    {"2024-04-25T16:00:00+24:00", NONE},
    {"2024-04-25T16:00:00+0260", NONE},
    {"2024-04-25T16:00:00ZZ", NONE},
    {"2024-04-25T16:00:00Z ", NONE},
    {" 2024-04-25T16:00:00Z", NONE},
    {"2024-04-25X16:00:00Z", NONE},
    {"2024-13-01", NONE},
    {"2024-00-01", NONE},
    {"2024-01-00", NONE},
    {"2024-01-32", NONE},
    {"2024-04-31", NONE},
    {"2023-02-29", NONE},
    {"1900-02-29", NONE},
    {"2100-02-29", NONE},
    {"0000-01-01", NONE},
    {"2024-04-25T24:00:00Z", NONE},
    {"2024-04-25T16:60:00Z", NONE},
    {"2024-04-25T16:00:61Z", NONE},
    {"2024-04-25T-6:00:00Z", NONE},
    {"0001-01-01T00:00:00+01:00", NONE},
    {"9999-12-31T23:59:59-01:00", NONE},
    {"253402300800000", NONE},
    {"-62135596800001", NONE},
    {"99999999999999999999", NONE},
    {"1714060800000.5", NONE},
    {"1.7e12", NONE},
    {"--1", NONE},
    {"+1", NONE},
    {"0x10", NONE},
};

static const struct {
    const char *name;
    int64_t ms;
    const char *want_ms, *want_s, *want_plain;
} format_rows[] = {
    {"the epoch", 0, "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00Z",
     "1970-01-01 00:00 UTC"},
    {"with ms", T0 + 7, "2024-04-25T16:00:00.007Z", "2024-04-25T16:00:00Z",
     "2024-04-25 16:00 UTC"},
    {"ms are cut off, not rounded", T0 + 999, "2024-04-25T16:00:00.999Z",
     "2024-04-25T16:00:00Z", "2024-04-25 16:00 UTC"},
    {"before the epoch", -1, "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59Z",
     "1969-12-31 23:59 UTC"},
    {"a leap day", INT64_C(951868799000), "2000-02-29T23:59:59.000Z",
     "2000-02-29T23:59:59Z", "2000-02-29 23:59 UTC"},
    {"the first", TIMETEXT_MIN, "0001-01-01T00:00:00.000Z",
     "0001-01-01T00:00:00Z", "0001-01-01 00:00 UTC"},
    {"the last", TIMETEXT_MAX, "9999-12-31T23:59:59.999Z",
     "9999-12-31T23:59:59Z", "9999-12-31 23:59 UTC"},
    {"before the first", INT64_MIN, "0001-01-01T00:00:00.000Z",
     "0001-01-01T00:00:00Z", "0001-01-01 00:00 UTC"},
    {"after the last", INT64_MAX, "9999-12-31T23:59:59.999Z",
     "9999-12-31T23:59:59Z", "9999-12-31 23:59 UTC"},
};

static void
parse(void **state)
{
    size_t i = (size_t)*state;
    int64_t got = 42;
    int rc = timetext_parse(parse_rows[i].in, strlen(parse_rows[i].in), &got);

    assert_int_equal(rc, parse_rows[i].want == NONE ? -1 : 0);
    assert_true(got == (rc == 0 ? parse_rows[i].want : 42));
}

static void
format(void **state)
{
    size_t i = (size_t)*state;
    char buf[TIMETEXT_SIZE];

    assert_string_equal(timetext_ms(format_rows[i].ms, buf),
                        format_rows[i].want_ms);
    assert_string_equal(timetext_s(format_rows[i].ms, buf),
                        format_rows[i].want_s);
    assert_string_equal(timetext_plain(format_rows[i].ms, buf),
                        format_rows[i].want_plain);
}

/* Every day of 4,000 years, at some time of the day. */
static void
there_and_back(void **state)
{
    char buf[TIMETEXT_SIZE];
    int64_t got;

    (void)state;
    for (int64_t ms = TIMETEXT_MIN; ms < INT64_C(64092211200000);
         ms += 86400000 + 12345) {
        timetext_ms(ms, buf);
        assert_int_equal(timetext_parse(buf, strlen(buf), &got), 0);
        assert_true(got == ms);
    }
}

/* The bytes need no NUL, and none behind them is looked at. */
static void
not_terminated(void **state)
{
    int64_t got;

    (void)state;
    assert_int_equal(timetext_parse("2024-04-25T16:00:00Zjunk", 20, &got), 0);
    assert_true(got == T0);
    assert_int_equal(timetext_parse("12345", 3, &got), 0);
    assert_true(got == 123);
}

#define N(rows) (sizeof(rows) / sizeof((rows)[0]))

static void
add(struct CMUnitTest *tests, size_t *n, const char *name,
    CMUnitTestFunction fn, size_t i)
{
    tests[(*n)++] = (struct CMUnitTest){
        .name = name, .test_func = fn, .initial_state = (void *)i};
}

int
main(void)
{
    struct CMUnitTest tests[N(parse_rows) + N(format_rows) + 2];
    static char names[N(parse_rows)][64];
    size_t n = 0;

    for (size_t i = 0; i < N(parse_rows); i++) {
        strcpy(names[i], parse_rows[i].want == NONE ? "refused: " : "read: ");
        strcat(names[i], parse_rows[i].in);
        add(tests, &n, names[i], parse, i);
    }
    for (size_t i = 0; i < N(format_rows); i++)
        add(tests, &n, format_rows[i].name, format, i);
    add(tests, &n, "there and back over 4,000 years", there_and_back, 0);
    add(tests, &n, "bytes without a NUL", not_terminated, 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
