/* text_test: UTF-8 is told from what is none, mended, counted, cut at
 * characters' borders and trimmed. */
#include "common/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define FFFD "\xef\xbf\xbd"
#define S(s) s, sizeof(s) - 1

static const struct {
    const char *name;
    const char *in;
    size_t len;
    const char *want; /* mended; the same as `in`: it is valid */
} mend_rows[] = {
    {"empty text is valid", S(""), ""},
    {"ASCII is valid", S("plain ASCII of more than eight bytes"),
     "plain ASCII of more than eight bytes"},
    {"umlauts are valid", S("\xc3\x9c\xc3\xa4"), "\xc3\x9c\xc3\xa4"},
    {"CJK is valid", S("\xe6\x97\xa5\xe6\x9c\xac"), "\xe6\x97\xa5\xe6\x9c\xac"},
    {"emoji are valid", S("a\xf0\x9f\x98\x80z"), "a\xf0\x9f\x98\x80z"},
    {"the highest character is valid", S("\xf4\x8f\xbf\xbf"),
     "\xf4\x8f\xbf\xbf"},
    {"above the highest is not", S("\xf4\x90\x80\x80"), FFFD FFFD FFFD FFFD},
    {"NUL becomes U+FFFD", S("a\0b"), "a" FFFD "b"},
    {"NUL late in a long run", S("12345678901234567\0"),
     "12345678901234567" FFFD},
    {"a lone continuation byte", S("a\x80z"), "a" FFFD "z"},
    {"0xff and 0xfe", S("\xff\xfe"), FFFD FFFD},
    {"Latin-1",
     S("Gr\xfc\xdf"
       "e"),
     "Gr" FFFD FFFD "e"},
    {"overlong slash in two bytes", S("\xc0\xaf"), FFFD FFFD},
    {"overlong in three bytes", S("\xe0\x80\xaf"), FFFD FFFD FFFD},
    {"a surrogate", S("\xed\xa0\x80"), FFFD FFFD FFFD},
    {"cut after two bytes of three", S("a\xe6\x97"), "a" FFFD},
    {"cut after three bytes of four", S("a\xf0\x9f\x98"), "a" FFFD},
    {"a sequence broken by a letter", S("\xe6\x97z"), FFFD "z"},
    {"good behind bad", S("\xff\xc3\x9c"), FFFD "\xc3\x9c"},
};

static const struct {
    const char *name;
    const char *in;
    size_t max;
    bool is_bytes;
    const char *marker;
    const char *want;
    bool is_cut;
} cut_rows[] = {
    {"shorter than the bound stays", "abc", 4, false, "...", "abc", false},
    {"exactly the bound stays", "abcd", 4, false, "...", "abcd", false},
    {"longer gets the marker within the bound", "abcdef", 5, false, "...",
     "ab...", true},
    {"a marker that does not fit is left out", "abcdef", 2, false, "...", "ab",
     true},
    {"nothing fits", "abc", 0, false, "", "", true},
    {"umlauts count one unit each", "\xc3\xa4\xc3\xb6\xc3\xbc", 3, false, ".",
     "\xc3\xa4\xc3\xb6\xc3\xbc", false},
    {"an emoji counts two units", "\xf0\x9f\x98\x80", 2, false, "",
     "\xf0\x9f\x98\x80", false},
    {"an emoji is not cut in two", "a\xf0\x9f\x98\x80", 2, false, "", "a",
     true},
    {"the marker's units are counted, not its bytes", "abcdef", 4, false,
     "\xe2\x80\xa6", "abc\xe2\x80\xa6", true},
    {"bytes: fits", "\xc3\xa4", 2, true, "", "\xc3\xa4", false},
    {"bytes: not within a character", "a\xc3\xa4z", 2, true, "", "a", true},
    {"bytes: with marker", "a\xe6\x97\xa5zz", 5, true, "+", "a\xe6\x97\xa5+",
     true},
};

static const struct {
    const char *name;
    const char *in;
    const char *want;
} trim_rows[] = {
    {"nothing to trim", "ab c", "ab c"},
    {"blanks at both ends", " \t\r\n a b \v\f ", "a b"},
    {"only blanks", " \n ", ""},
    {"empty", "", ""},
    {"a no-break space is no blank", "\xc2\xa0", "\xc2\xa0"},
};

static void
mend(void **state)
{
    size_t i = (size_t)*state;
    bool is_valid =
        mend_rows[i].len == strlen(mend_rows[i].want) &&
        memcmp(mend_rows[i].in, mend_rows[i].want, mend_rows[i].len) == 0;
    struct text t;

    assert_int_equal(text_is_valid(mend_rows[i].in, mend_rows[i].len),
                     is_valid);
    text_init(&t);
    text_put_valid(&t, mend_rows[i].in, mend_rows[i].len);
    assert_int_equal(t.len, strlen(mend_rows[i].want));
    if (t.len > 0)
        assert_memory_equal(t.data, mend_rows[i].want, t.len);
    assert_true(text_is_valid(t.data, t.len));
    text_fini(&t);
}

static void
cut(void **state)
{
    size_t i = (size_t)*state;
    struct text t;
    bool is_cut;

    text_init(&t);
    text_puts(&t, cut_rows[i].in);
    is_cut = cut_rows[i].is_bytes
                 ? text_cut_bytes(&t, cut_rows[i].max, cut_rows[i].marker)
                 : text_cut_units(&t, cut_rows[i].max, cut_rows[i].marker);
    assert_int_equal(is_cut, cut_rows[i].is_cut);
    text_putc(&t, '\0');
    assert_string_equal(t.data, cut_rows[i].want);
    text_fini(&t);
}

static void
trim(void **state)
{
    size_t i = (size_t)*state;
    const char *s = trim_rows[i].in;
    size_t len = strlen(s);

    text_trim(&s, &len);
    assert_int_equal(len, strlen(trim_rows[i].want));
    assert_memory_equal(s, trim_rows[i].want, len);
}

static void
units(void **state)
{
    (void)state;
    assert_int_equal(text_units(S("a\xc3\xa4\xe6\x97\xa5\xf0\x9f\x98\x80")), 5);
    assert_int_equal(text_fit_units(S("\xf0\x9f\x98\x80z"), 1), 0);
    assert_int_equal(text_fit_units(S("\xc3\xa4\xc3\xa4"), 1), 2);
    assert_int_equal(text_fit_bytes(S("\xc3\xa4\xc3\xa4"), 3), 2);
    assert_int_equal(text_fit_bytes(S("\x80\x80\x80\x80\x80\x80"), 5), 2);
}

static void
lower(void **state)
{
    char out[10];

    (void)state;
    text_lower(S("AZaz@[`{\xc3\x84"), out);
    assert_memory_equal(out, "azaz@[`{\xc3\x84", 10);
}

static void
grows(void **state)
{
    struct text t;

    (void)state;
    text_init(&t);
    for (int i = 0; i < 10000; i++)
        text_printf(&t, "%04d,", i);
    assert_int_equal(t.len, 50000);
    assert_memory_equal(t.data + 49995, "9999,", 5);
    text_printf(&t, "%050000d", 7); /* longer than any room it begins with */
    assert_int_equal(t.len, 100000);
    assert_int_equal(t.data[99999], '7');
    text_fini(&t);
    text_fini(&t);
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
    struct CMUnitTest tests[N(mend_rows) + N(cut_rows) + N(trim_rows) + 3];
    size_t n = 0;

    for (size_t i = 0; i < N(mend_rows); i++)
        add(tests, &n, mend_rows[i].name, mend, i);
    for (size_t i = 0; i < N(cut_rows); i++)
        add(tests, &n, cut_rows[i].name, cut, i);
    for (size_t i = 0; i < N(trim_rows); i++)
        add(tests, &n, trim_rows[i].name, trim, i);
    add(tests, &n, "UTF-16 units are counted and fitted", units, 0);
    add(tests, &n, "a text grows", grows, 0);
    add(tests, &n, "ASCII letters in lower case", lower, 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
