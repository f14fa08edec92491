/* html_write_test: plain text as HTML, and that it reads back as it was. */
#include "common/html_write.h"

#include "common/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define NBSP "\xc2\xa0"
#define N(a) (sizeof(a) / sizeof((a)[0]))

static const struct row {
    const char *name;
    const char *text;
    const char *html;
    const char *tidy; /* NULL: the text itself */
} rows[] = {
    {"nothing", "", "", NULL},
    {"a word", "a", "<p>a</p>", NULL},
    {"a line end", "a\nb", "<p>a<br>b</p>", NULL},
    {"an empty line", "a\n\nb", "<p>a<br><br>b</p>", NULL},
    {"several empty lines are one", "a\n\n\n\nb", "<p>a<br><br>b</p>",
     "a\n\nb"},
    {"lines of blanks are empty", "a\n  \n\t\nb", "<p>a<br><br>b</p>",
     "a\n\nb"},
    {"none in front and behind", "\n\na\n\n", "<p>a</p>", "a"},
    {"CR LF", "a\r\nb\r\n\r\nc", "<p>a<br>b<br><br>c</p>", "a\nb\n\nc"},
    {"CR", "a\rb", "<p>a<br>b</p>", "a\nb"},
    {"line and paragraph separators",
     "a\xe2\x80\xa8"
     "b\xe2\x80\xa9"
     "c",
     "<p>a<br>b<br>c</p>", "a\nb\nc"},
    {"a blank", "a b", "<p>a b</p>", NULL},
    {"a run of blanks", "a   b", "<p>a " NBSP NBSP "b</p>", NULL},
    {"blanks in front", "  a", "<p>" NBSP NBSP "a</p>", NULL},
    {"blanks in front of a line", "a\n  b", "<p>a<br>" NBSP NBSP "b</p>", NULL},
    {"blanks at a line's end", "a  \nb ", "<p>a<br>b</p>", "a\nb"},
    {"nothing but blanks", " \n \t ", "", ""},
    {"a tab is a blank", "a\tb", "<p>a b</p>", "a b"},
    {"a no-break space is a blank", "a" NBSP NBSP "b", "<p>a " NBSP "b</p>",
     "a  b"},
    {"figure and narrow spaces", "a\xe2\x80\x87\xe2\x80\xaf\x62",
     "<p>a " NBSP "b</p>", "a  b"},
    {"other spaces stay", "a\xe2\x80\x83\x62\xe3\x80\x80\x63",
     "<p>a\xe2\x80\x83\x62\xe3\x80\x80\x63</p>", NULL},
    {"controls vanish", "a\x01\x1b[31mb\x7f\x0b\xc2\x85", "<p>a[31mb</p>",
     "a[31mb"},
    {"noncharacters vanish", "a\xef\xbf\xbe\xef\xb7\x90\xf0\x9f\xbf\xbf\x62",
     "<p>ab</p>", "ab"},
    {"zero width spaces, marks and soft hyphens vanish",
     "a\xe2\x80\x8b\xef\xbb\xbf\xc2\xad\xe2\x81\xa0\xcd\x8f\x62", "<p>ab</p>",
     "ab"},
    {"what vanishes does not part blanks", "a \xe2\x80\x8b b",
     "<p>a " NBSP "b</p>", "a  b"},
    {"a joiner within an emoji stays", "👩\xe2\x80\x8d💻",
     "<p>👩\xe2\x80\x8d💻</p>", NULL},
    {"a replacement character stays", "a\xef\xbf\xbd", "<p>a\xef\xbf\xbd</p>",
     NULL},
    {"umlauts, CJK, emoji, combining marks", "Übergröße 日本語 😀 e\xcc\x81",
     "<p>Übergröße 日本語 😀 e\xcc\x81</p>", NULL},
    {"right to left", "שלום \xe2\x80\x8f!", "<p>שלום \xe2\x80\x8f!</p>", NULL},
    {"markup", "<b>x</b> & \"y\" 'z'",
     "<p>&lt;b&gt;x&lt;/b&gt; &amp; \"y\" 'z'</p>", NULL},
    {"entities", "&amp; &lt; &nbsp; &#65; &copy",
     "<p>&amp;amp; &amp;lt; &amp;nbsp; &amp;#65; &amp;copy</p>", NULL},
    {"a script", "<script>alert(1)</script><!-- x -->",
     "<p>&lt;script&gt;alert(1)&lt;/script&gt;&lt;!-- x --&gt;</p>", NULL},
    {"an address", "Anna <anna@example.com>",
     "<p>Anna &lt;anna@example.com&gt;</p>", NULL},
    {"what html_to_text makes of lists and links",
     "- a\n  1. b\n> c | d (https://x.example/?a=1&b=2)",
     "<p>- a<br>" NBSP NBSP "1. b<br>&gt; c | d "
     "(https://x.example/?a=1&amp;b=2)</p>",
     NULL},
};

static void
assert_text(const struct text *t, const char *want, size_t len)
{
    assert_int_equal(t->len, len);
    if (len > 0)
        assert_memory_equal(t->data, want, len);
}

/* The HTML of a text reads as its tidy form, and that is tidy. */
static void
check(const char *s, size_t len)
{
    struct text html, back, tidy, again;

    text_init(&html);
    text_init(&back);
    text_init(&tidy);
    text_init(&again);
    html_write(s, len, &html);
    assert_true(text_is_valid(html.data, html.len));
    assert_false(html_to_text(html.data, html.len, &back));
    html_tidy(s, len, &tidy);
    assert_text(&back, tidy.data, tidy.len);
    html_tidy(tidy.data, tidy.len, &again);
    assert_text(&again, tidy.data, tidy.len);
    assert_true(tidy.len <= len);
    assert_int_equal(html_fit(tidy.data, tidy.len, 1 << 30), tidy.len);
    if (tidy.len > 0) {
        size_t units = text_units(html.data, html.len);

        assert_int_equal(html_fit(tidy.data, tidy.len, units), tidy.len);
        assert_true(html_fit(tidy.data, tidy.len, units - 1) < tidy.len);
    }
    text_fini(&html);
    text_fini(&back);
    text_fini(&tidy);
    text_fini(&again);
}

static void
row(void **state)
{
    const struct row *r = *state;
    const char *want = r->tidy == NULL ? r->text : r->tidy;
    struct text t;

    text_init(&t);
    html_write(r->text, strlen(r->text), &t);
    assert_text(&t, r->html, strlen(r->html));
    t.len = 0;
    html_tidy(r->text, strlen(r->text), &t);
    assert_text(&t, want, strlen(want));
    text_fini(&t);
    check(r->text, strlen(r->text));
}

static uint64_t seed;

static size_t
pick(size_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(seed >> 33) % n;
}

/* Any character but NUL and the surrogates. */
static void
put_any(struct text *t)
{
    uint32_t c = 1 + (uint32_t)pick(pick(3) == 0 ? 0x10ffff : 0x300);

    if (c >= 0xd800 && c < 0xe000)
        c = 'x';
    if (c < 0x80) {
        text_putc(t, (char)c);
        return;
    }
    if (c < 0x800) {
        text_putc(t, (char)(0xc0 | c >> 6));
    } else {
        text_putc(t, (char)(c < 0x10000 ? 0xe0 | c >> 12 : 0xf0 | c >> 18));
        if (c >= 0x10000)
            text_putc(t, (char)(0x80 | (c >> 12 & 0x3f)));
        text_putc(t, (char)(0x80 | (c >> 6 & 0x3f)));
    }
    text_putc(t, (char)(0x80 | (c & 0x3f)));
}

static void
random_text(struct text *t)
{
    static const char *const pieces[] = {
        " ",       " ",    "  ",    "\n",    "\n",           "\n\n",
        "\r\n",    "\t",   NBSP,    "a",     "word",         "Über",
        "日本",    "😀",    "&",     "&amp;", "&nbsp;",       "&#x41;",
        "<",       ">",    "<br>",  "<p>",   "</p>",         "<pre>",
        "<!--",    "-->",  "- ",    "> ",    "1. ",          " | ",
        "<a href", "\x01", "\x0b",  "\x0c",  "\xc2\xad",     "\xe2\x80\x8b",
        "]]>",     "\"",   "&copy", "\x1a",  "\xe2\x80\xa8", "<script>",
    };

    for (size_t n = pick(40); n > 0; n--)
        if (pick(4) == 0)
            put_any(t);
        else
            text_puts(t, pieces[pick(N(pieces))]);
}

/* Texts of all kinds, and what html_to_text() makes of them. */
static void
any_text(void **state)
{
    struct text s, text;

    (void)state;
    text_init(&s);
    text_init(&text);
    seed = 1;
    for (int i = 0; i < 20000; i++) {
        s.len = text.len = 0;
        random_text(&s);
        check(s.data, s.len);
        html_to_text(s.data, s.len, &text);
        check(text.data, text.len);
    }
    text_fini(&s);
    text_fini(&text);
}

/* `unit` as often as it takes for 65,536 units. */
static void
large_text(void **state)
{
    static const char *const units[] = {"a", "ä",   "日",  "😀",
                                        "&", "<a>", "a  ", "a b c d e f\n"};
    struct text s;

    (void)state;
    text_init(&s);
    for (size_t i = 0; i < N(units); i++) {
        s.len = 0;
        while (text_units(s.data, s.len) < 65536 && s.len < 300000)
            for (int k = 0; k < 512; k++)
                text_puts(&s, units[i]);
        check(s.data, s.len);
    }
    text_fini(&s);
}

/* More lines than html_to_text() reads tags: what fits is read whole. */
static void
too_many_lines(void **state)
{
    struct text s, html, back;
    size_t fit;

    (void)state;
    text_init(&s);
    text_init(&html);
    text_init(&back);
    for (int i = 0; i < HTML_TAGS_MAX; i++)
        text_puts(&s, "a\n");
    s.len--;
    fit = html_fit(s.data, s.len, 1 << 30);
    assert_int_equal(fit, 2 * (HTML_TAGS_MAX - 3) + 1);
    html_write(s.data, fit, &html);
    assert_false(html_to_text(html.data, html.len, &back));
    assert_text(&back, s.data, fit);
    text_fini(&s);
    text_fini(&html);
    text_fini(&back);
}

static void
fits(void **state)
{
    (void)state;
    assert_int_equal(html_fit("abc", 3, 0), 0);
    assert_int_equal(html_fit("abc", 3, 7), 0);
    assert_int_equal(html_fit("abc", 3, 9), 2);
    assert_int_equal(html_fit("a&b", 3, 12), 1);
    assert_int_equal(html_fit("a&b", 3, 13), 2);
    assert_int_equal(html_fit("a\nb", 3, 11), 1);
    assert_int_equal(html_fit("😀😀", 8, 10), 4);
    assert_int_equal(html_fit("", 0, 0), 0);
}

static void
appends(void **state)
{
    struct text t;

    (void)state;
    text_init(&t);
    text_puts(&t, "before:");
    html_tidy("\n a", 3, &t);
    html_write("b", 1, &t);
    assert_text(&t, "before: a<p>b</p>", 17);
    text_fini(&t);
}

int
main(void)
{
    struct CMUnitTest tests[N(rows) + 5];
    size_t n = 0;

    for (; n < N(rows); n++)
        tests[n] = (struct CMUnitTest){.name = rows[n].name,
                                       .test_func = row,
                                       .initial_state = (void *)&rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(any_text);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(large_text);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(too_many_lines);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(fits);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(appends);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
