/* number_test: decimal numbers in all spellings, in one. */
#include "common/number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

static const struct row {
    const char *name;
    const char *s;
    const char *want; /* NULL: no number */
} rows[] = {
    {"zero", "0", "0"},
    {"minus zero", "-0", "0"},
    {"zeros", "000.000", "0"},
    {"a digit", "7", "7"},
    {"plus", "+7", "7"},
    {"minus", "-7", "-7"},
    {"zeros in front", "0012", "12"},
    {"zeros behind", "1.500", "1.5"},
    {"whole", "3.0", "3"},
    {"a point at the end", "3.", "3"},
    {"a point in front", ".5", "0.5"},
    {"tens", "100", "100"},
    {"small", "0.001", "0.001"},
    {"exponent", "1e3", "1000"},
    {"exponent with a sign", "1.25E+2", "125"},
    {"negative exponent", "-125e-4", "-0.0125"},
    {"exponent of a fraction", "1.0E7", "10000000"},
    {"15 digits", "123456789012345", "123456789012345"},
    {"15 digits with a point", "1234567890123.45", "1234567890123.45"},
    {"ms of today", "1714060800123", "1714060800123"},
    {"17 digits are rounded", "12345678901234567", "12345678901234600"},
    {"what a double adds", "0.30000000000000004", "0.3"},
    {"just below the limit", "999999999999999000", "999999999999999000"},
    {"rounded up to the limit", "999999999999999999", NULL},
    {"the limit", "1e18", NULL},
    {"the limit, negative", "-1e18", NULL},
    {"far beyond", "1e400", NULL},
    {"next to nothing", "1e-18", "0.000000000000000001"},
    {"as good as nothing", "9e-19", "0"},
    {"far below", "-1e-400", "0"},
    {"a long exponent", "1e99999999999999999999", NULL},
    {"nothing", "", NULL},
    {"a sign", "-", NULL},
    {"two signs", "--1", NULL},
    {"a point", ".", NULL},
    {"two points", "1.2.3", NULL},
    {"a comma", "1,5", NULL},
    {"an exponent alone", "e5", NULL},
    {"no exponent", "1e", NULL},
    {"blanks", " 1", NULL},
    {"blanks behind", "1 ", NULL},
    {"words", "one", NULL},
    {"not a number", "nan", NULL},
    {"infinity", "Infinity", NULL},
    {"hexadecimal", "0x1F", NULL},
    {"other digits", "\xd9\xa3", NULL},
    {"more than 64 bytes",
     "00000000000000000000000000000000000000000000000000000000000000001", NULL},
};

static void
row(void **state)
{
    const struct row *r = *state;
    double v;
    struct text t;
    int rc = number_parse(r->s, strlen(r->s), &v);

    assert_int_equal(rc, r->want == NULL ? -1 : 0);
    if (rc < 0)
        return;
    text_init(&t);
    number_put(&t, v);
    text_putc(&t, '\0');
    assert_string_equal(t.data, r->want);
    text_fini(&t);
}

static void
nul(void **state)
{
    double v;

    (void)state;
    assert_int_equal(number_parse("1\0", 2, &v), -1);
    assert_int_equal(number_parse("12", 1, &v), 0);
    assert_true(v == 1);
}

/* Numbers of all sizes read back as they were written. */
static void
there_and_back(void **state)
{
    uint64_t seed = 1;
    char buf[64];
    struct text t;
    double v, again;

    (void)state;
    text_init(&t);
    for (int i = 0; i < 100000; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1;
        snprintf(buf, sizeof(buf), "%s%u.%uE%d", i % 2 ? "-" : "",
                 (unsigned)(seed >> 40), (unsigned)(seed >> 33) % 100000u,
                 (int)(seed >> 50) % 36 - 26);
        if (number_parse(buf, strlen(buf), &v) < 0)
            continue;
        t.len = 0;
        number_put(&t, v);
        assert_int_equal(number_parse(t.data, t.len, &again), 0);
        assert_true(v == again);
    }
    text_fini(&t);
}

int
main(void)
{
    struct CMUnitTest tests[N(rows) + 2];
    size_t n = 0;

    for (; n < N(rows); n++)
        tests[n] = (struct CMUnitTest){.name = rows[n].name,
                                       .test_func = row,
                                       .initial_state = (void *)&rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(nul);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(there_and_back);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
