/* html_test: HTML fragments and the text that people are to read; what is
 * broken, hidden, hostile or huge. */
#include "common/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#define FFFD "\xef\xbf\xbd"

static const struct row {
    const char *name;
    const char *html;
    const char *want;
} rows[] = {
    /* Text without tags. */
    {"nothing", "", ""},
    {"plain text", "plain text", "plain text"},
    {"plain text keeps its blanks and lines", "  a\n\n\n  b\t c  ",
     "  a\n\n\n  b\t c  "},
    {"CR LF becomes LF", "a\r\nb\r\n\r\nc", "a\nb\n\nc"},
    {"CR becomes LF", "a\rb", "a\nb"},
    {"an ampersand is no entity", "Fish & chips, R&D; AT&T",
     "Fish & chips, R&D; AT&T"},
    {"a lone <", "1 < 2 and <3 and a<-b", "1 < 2 and <3 and a<-b"},
    {"< and > without a tag", "if 1 < x and y > 2", "if 1 < x and y > 2"},
    {"entities without tags are decoded", "Fish &amp; chips\nline 2",
     "Fish & chips\nline 2"},
    {"a mail address in angle brackets",
     "Anna <anna@example.com> wrote:", "Anna <anna@example.com> wrote:"},
    {"a web address in angle brackets", "see <https://example.com/x> there",
     "see <https://example.com/x> there"},
    {"a mailto address in angle brackets", "<mailto:a@b.c>", "<mailto:a@b.c>"},
    {"umlauts, CJK and emoji", "Übergröße 日本語 😀", "Übergröße 日本語 😀"},

    /* Entities. */
    {"named entities", "<p>&lt;b&gt; &amp; &quot;x&quot; &apos;</p>",
     "<b> & \"x\" '"},
    {"letters", "<p>&Uuml;ber &eacute;t&eacute; &szlig; &euro;</p>",
     "Über été ß €"},
    {"decimal and hexadecimal", "<p>&#228;&#xE4;&#x1F600;</p>", "ää😀"},
    {"without a semicolon", "<p>a &amp b &copy 2024</p>", "a & b © 2024"},
    {"double encoded stays encoded once", "<p>&amp;lt;b&amp;gt;</p>",
     "&lt;b&gt;"},
    {"an encoded tag is text", "<p>&lt;script&gt;x&lt;/script&gt;</p>",
     "<script>x</script>"},
    {"unknown entity", "<p>&nosuch; &zz</p>", "&nosuch; &zz"},
    {"Windows-1252 numbers", "<p>&#128;&#150;</p>", "€–"},
    {"NUL and surrogates as numbers", "<p>a&#0;b&#xD800;c</p>",
     "a" FFFD "b" FFFD "c"},
    {"far beyond Unicode", "<p>&#xAAAAAAAAAAAAAAAAA;</p>", FFFD},
    {"beyond Unicode", "<p>&#x110000;</p>", FFFD},
    {"no-break space is a blank", "<p>a&nbsp;b</p>", "a b"},
    {"several keep their number", "<p>a&nbsp;&nbsp;&nbsp;b</p>", "a   b"},
    {"none at the end of a line", "<p>a&nbsp; </p><p>b&nbsp;</p>", "a\n\nb"},
    {"they indent", "<div>&nbsp;&nbsp;a</div>", "  a"},
    {"soft hyphens, zero width spaces and marks vanish",
     "<p>a&shy;b&#8203;c&#xFEFF;d&#x2060;e</p>", "abcde"},
    {"joiners within emoji stay", "<p>👩&zwj;💻</p>", "👩\xe2\x80\x8d💻"},
    {"line separator", "<p>a&#x2028;b</p>", "a\nb"},
    {"quotation marks and dashes", "<p>&ldquo;x&rdquo; &ndash; &hellip;</p>",
     "“x” – …"},

    /* White space. */
    {"collapses", "<p>  a \n\t b  </p>", "a b"},
    {"between inline elements", "<b>a</b> <i>b</i>\n<u>c</u>", "a b c"},
    {"none where there is none", "<b>a</b><i>b</i>", "ab"},
    {"around a break", "<p>a <br> b</p>", "a\nb"},
    {"of the source is no line", "<div>\n  a\n</div>\n<div>\n  b\n</div>",
     "a\nb"},
    {"other control characters vanish", "<p>a\x01\x1b[31mb\x7f</p>", "a[31mb"},

    /* Blocks. */
    {"paragraphs", "<p>a</p><p>b</p>", "a\n\nb"},
    {"paragraphs without end tags", "<p>a<p>b<p>c", "a\n\nb\n\nc"},
    {"paragraphs without margins",
     "<p style=\"margin:0;\">a</p><p style=\"margin:0;\">b</p>", "a\nb"},
    {"without margins, in px",
     "<p style='margin: 0px 0px'>a</p><p style='color:red; margin:0in'>b</p>",
     "a\nb"},
    {"a margin of 0 10px at the sides only is a margin of the text",
     "<p style='margin:10px 0'>a</p><p style='margin:10px 0'>b</p>", "a\n\nb"},
    {"HubSpot's editor",
     "<div style=\"\" dir=\"auto\" data-top-level=\"true\"><p "
     "style=\"margin:0;\">Hi,</p><p style=\"margin:0;\"><br></p><p "
     "style=\"margin:0;\">bye</p></div>",
     "Hi,\n\nbye"},
    {"divs", "<div>a</div><div>b</div>", "a\nb"},
    {"nested divs", "<div><div><div>a</div></div></div><div>b</div>", "a\nb"},
    {"text beside a block", "a<div>b</div>c", "a\nb\nc"},
    {"headings", "<h1>T</h1>x<h3>U</h3>y", "T\n\nx\n\nU\n\ny"},
    {"sections and the like",
     "<section>a</section><article>b</article><footer>c</footer>", "a\nb\nc"},
    {"a rule", "a<hr>b<hr/>", "a\n---\nb\n---"},
    {"definition list", "<dl><dt>t</dt><dd>d</dd></dl>", "t\nd"},
    {"address, center, form",
     "<address>a</address><center>b</center><form>c</form>", "a\nb\nc"},
    {"empty blocks leave no lines", "a<p></p><p> </p><div><div></div></div>b",
     "a\n\nb"},
    {"a block of one &nbsp; is an empty line",
     "<div>a</div><div>&nbsp;</div><div>b</div>", "a\n\nb"},
    {"at most one empty line",
     "<p>a</p><p>&nbsp;</p><p>&nbsp;</p><p><br><br></p><p>b</p>", "a\n\nb"},
    {"none at the start and the end",
     "<p><br></p><p>a</p><p>&nbsp;</p><br><br>", "a"},

    /* Breaks. */
    {"a break", "a<br>b<br/>c<br />d", "a\nb\nc\nd"},
    {"two breaks leave one empty line", "a<br><br>b", "a\n\nb"},
    {"ten breaks too", "a<br><br><br><br><br><br><br><br><br><br>b", "a\n\nb"},
    {"a break at a block's end is none", "<div>a<br></div><div>b</div>",
     "a\nb"},
    {"</br> is one", "a</br>b", "a\nb"},

    /* Preformatted. */
    {"pre keeps blanks and lines", "<pre>a  b\n\n\n  c\td</pre>",
     "a  b\n\n\n  c\td"},
    {"no trailing blanks in pre either", "<pre>a  \nb </pre>c", "a\nb\n\nc"},
    {"its first line break does not count", "<pre>\na</pre>", "a"},
    {"xmp and listing are alike", "<xmp>a  b</xmp>", "a  b"},

    /* Lists. */
    {"a list", "<ul><li>one</li><li>two</li></ul>", "- one\n- two"},
    {"a list between texts", "a<ul><li>b</li></ul>c", "a\n\n- b\n\nc"},
    {"items without end tags", "<ul><li>one<li>two</ul>", "- one\n- two"},
    {"nested",
     "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>",
     "- a\n  - b\n    - c\n- d"},
    {"numbered", "<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"},
    {"numbered from", "<ol start=\"9\"><li>a</li><li>b</li></ol>",
     "9. a\n10. b"},
    {"an item's own number", "<ol><li>a</li><li value=7>b</li><li>c</li></ol>",
     "1. a\n7. b\n8. c"},
    {"a number that is none",
     "<ol start=x><li>a</ol><ol start=99999999999999999999><li>b</ol>",
     "1. a\n\n1. b"},
    {"numbered within plain",
     "<ul><li>a<ol><li>b</li><li>c</li></ol></li></ul>", "- a\n  1. b\n  2. c"},
    {"several lines in an item", "<ul><li>a<br>b<p>c</p></li></ul>",
     "- a\n  b\n  c"},
    {"lines under a wide number", "<ol start=10><li>a<br>b</li></ol>",
     "10. a\n    b"},
    {"paragraphs in items", "<ul><li><p>a</p></li><li><p>b</p></li></ul>",
     "- a\n- b"},
    {"an empty item is left out", "<ul><li></li><li>a</li></ul>", "- a"},
    {"but counted", "<ol><li></li><li>a</li></ol>", "2. a"},
    {"an item without a list", "<li>a</li>", "- a"},
    {"menu and dir are lists", "<menu><li>a</menu><dir><li>b</dir>",
     "- a\n\n- b"},

    /* Tables. */
    {"a table",
     "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></"
     "table>",
     "a | b\nc | d"},
    {"with head, body and caption",
     "<table><caption>T</caption><thead><tr><th>A</th><th>B</th></tr></"
     "thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
     "T\nA | B\n1 | 2"},
    {"without end tags", "<table><tr><td>a<td>b<tr><td>c<td>d</table>",
     "a | b\nc | d"},
    {"paragraphs in cells",
     "<table><tr><td><p>a</p></td><td><div>b</div></td></tr></table>", "a | b"},
    {"two paragraphs in a cell",
     "<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", "a\nb | c"},
    {"empty cells have no separator",
     "<table><tr><td></td><td>a</td><td>&nbsp;</td><td>b</td><td></td></tr></"
     "table>",
     "a | b"},
    {"one column has none",
     "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", "a\nb"},
    {"white space in the source",
     "<table>\n <tr>\n  <td> a </td>\n  <td> b </td>\n </tr>\n</table>\n",
     "a | b"},
    {"text beside a table", "x<table><tr><td>a</td></tr></table>y", "x\na\ny"},
    {"a table for the looks: cells are blocks",
     "<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td><td>c</"
     "td></tr></table>",
     "a | b\nc"},
    {"a list in a cell",
     "<table><tr><td><ul><li>a<li>b</ul></td><td>c</td></tr></table>",
     "- a\n- b | c"},
    {"text that stands wrong in a table comes before it",
     "<table>x<tr><td>a</td></tr></table>", "x\na"},
    {"cells without a table", "<td>a</td><td>b</td>", "ab"},

    /* Quotations. */
    {"a quotation", "<blockquote>a</blockquote>b", "> a\n\nb"},
    {"paragraphs in it", "<blockquote><p>a</p><p>b</p></blockquote>",
     "> a\n>\n> b"},
    {"within one another",
     "<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>\n> > b"},
    {"two of them", "<blockquote>a</blockquote><blockquote>b</blockquote>",
     "> a\n\n> b"},
    {"a list in it", "<blockquote><ul><li>a<li>b</ul></blockquote>",
     "> - a\n> - b"},
    {"it in a list", "<ul><li>a<blockquote>b</blockquote></li></ul>",
     "- a\n  > b"},

    /* Links. */
    {"a link", "<a href=\"https://x.example/a?b=1&amp;c=2\">here</a>",
     "here (https://x.example/a?b=1&c=2)"},
    {"its text is the address",
     "<a href=\"https://x.example/\">https://x.example</a>",
     "https://x.example"},
    {"nearly the address", "<a href=\"http://www.x.example/a\">X.example/a</a>",
     "X.example/a"},
    {"markup in its text", "<a href=\"https://x.example\">a <b>b</b> c</a>.",
     "a b c (https://x.example)."},
    {"blanks at its ends", "see <a href='https://x.example'> here </a>now",
     "see here (https://x.example) now"},
    {"a block in it", "<a href='https://x.example'><div>a</div></a>b",
     "a (https://x.example)\nb"},
    {"in an item",
     "<ul><li><a href='https://x.example'>https://x.example</a></li></ul>",
     "- https://x.example"},
    {"mailto", "<a href=\"mailto:anna@x.example\">Anna</a>",
     "Anna (anna@x.example)"},
    {"mailto with its address as text",
     "<a href=\"mailto:Anna@x.example?subject=Hi\">anna@x.example</a>",
     "anna@x.example"},
    {"tel", "<a href=\"tel:+4930123456\">call</a>", "call (+4930123456)"},
    {"tel with its number as text",
     "<a href=\"tel:+4930123456\">+49 (30) 123-456</a>", "+49 (30) 123-456"},
    {"javascript is dropped", "<a href=\"javascript:alert(1)\">x</a>", "x"},
    {"hidden javascript too", "<a href=\" JaVa&#9;script:alert(1)\">x</a>",
     "x"},
    {"data is dropped", "<a href=\"data:text/html,x\">x</a>", "x"},
    {"an anchor", "<a href=\"#top\">x</a> <a name=y>z</a>", "x z"},
    {"a relative address", "<a href=\"/path\">x</a>", "x"},
    {"no address", "<a href=\"https://\">x</a><a href>y</a>", "xy"},
    {"a link around a picture",
     "<a href=\"https://x.example\"><img src=i alt=Shop></a>",
     "Shop (https://x.example)"},
    {"around a picture without a text",
     "<a href=\"https://x.example\"><img src=i></a>", "https://x.example"},
    {"around nothing", "a<a href=\"https://x.example\"></a>b", "ab"},
    {"around a tracking pixel",
     "a<a href='https://x.example'><img width=1 height=1></a>b", "ab"},
    {"blanks within the address", "<a href=\"https://x.example/a b\n\">x</a>",
     "x (https://x.example/a%20b)"},
    {"the end tag is missing", "<p><a href='https://x.example'>a</p><p>b</p>",
     "a (https://x.example)\n\nb (https://x.example)"},

    /* Pictures. */
    {"alt text", "a <img src=x alt=\"Logo &amp; name\"> b", "a Logo & name b"},
    {"no alt text", "a <img src=x> b", "a b"},
    {"a tracking pixel has no text",
     "a<img src=x width=\"1\" height=\"1\" alt=\"pixel\">b", "ab"},
    {"of 0 or 1px", "a<img width=0 alt=x><img height=1px alt=y>b", "ab"},
    {"of 100 is a picture", "<img width=100 height=100 alt=x>", "x"},
    {"hidden by style", "a<img style=\"display:none\" alt=x>b", "ab"},

    /* What is left out. */
    {"script", "a<script>alert('<p>x</p>')</script>b", "ab"},
    {"style", "<style>p { color: red }</style>a", "a"},
    {"head and title",
     "<html><head><title>T</title><meta x></head><body>a</body></html>", "a"},
    {"comments", "a<!-- <p>x</p> -->b<!---->c<!-->d", "abcd"},
    {"conditional comments",
     "<!--[if mso]><p>x</p><![endif]--><![if !mso]>a<![endif]>", "a"},
    {"a comment that does not end", "a<!-- b <p>c</p>", "a"},
    {"doctype and processing instructions",
     "<!DOCTYPE html><?xml version='1'?>a", "a"},
    {"hidden elements",
     "a<div hidden>x</div><span style='display: none !important'>y</span>b",
     "ab"},
    {"hidden elements with all that is in them",
     "<div style=\"color:red;display:none\"><p>x</p><ul><li>y</ul></div>a",
     "a"},
    {"visibility", "<p style=\"visibility:hidden\">x</p>a", "a"},
    {"display:block is not hidden", "<p style=\"display:block\">a</p>", "a"},
    {"svg and templates",
     "a<svg><text>x</text></svg><template><p>y</p></template>b", "ab"},
    {"iframes", "a<iframe src=x>fallback</iframe>b", "ab"},
    {"a script that does not end", "a<script>b<p>c</p>", "a"},
    {"event handlers", "<p onclick=\"alert(1)\" onload='x'>a</p>", "a"},

    /* Broken HTML. */
    {"unknown tags are transparent", "<o:p>a</o:p><custom-tag>b</custom-tag>",
     "ab"},
    {"upper case", "<P>A<BR>B</P><UL><LI>C</UL>", "A\nB\n\n- C"},
    {"misnested", "<b><i>a</b>b</i><p>c</b></p>", "ab\n\nc"},
    {"end tags alone", "</div></p></td>a</ul>", "a"},
    {"a tag that does not end", "<p>a</p><p", "a\n\n<p"},
    {"a quote that does not end", "<p>a</p><a href=\"x>b</p>", "a"},
    {"attributes without quotes", "<a href=https://x.example/y>a</a>",
     "a (https://x.example/y)"},
    {"attributes twice: the first counts",
     "<a href='https://x.example' href='https://y.example'>a</a>",
     "a (https://x.example)"},
    {"> in an attribute", "<p title=\"a > b\">c</p>", "c"},
    {"attributes without blanks between", "<img alt='a'src='x'>", "a"},
    {"slashes in tags", "<br/><p/>a<br///>b", "a\nb"},
    {"a < before a tag", "a < <b>b</b> <<i>c</i>", "a < b <c"},
    {"</> is nothing", "a</>b<p>c</p>", "ab\n\nc"},
    {"broken UTF-8", "<p>a\xff\xc3</p>", "a" FFFD FFFD},
    {"broken UTF-8 without tags", "a\xff", "a" FFFD},
    {"a double quote in an attribute in single ones", "<img alt='say \"hi\"'>",
     "say \"hi\""},
    {"a tag in an attribute", "<img alt='<script>x</script>'>",
     "<script>x</script>"},
};

static struct text
to_text(const char *html, size_t len, bool *is_cut)
{
    struct text t;

    text_init(&t);
    *is_cut = html_to_text(html, len, &t);
    assert_true(text_is_valid(t.data, t.len));
    return t;
}

static void
row(void **state)
{
    const struct row *r = *state;
    bool is_cut;
    struct text t = to_text(r->html, strlen(r->html), &is_cut);

    text_putc(&t, '\0');
    assert_string_equal(t.data, r->want);
    assert_false(is_cut);
    text_fini(&t);
}

/* What is appended does not look at what is there. */
static void
appends(void **state)
{
    struct text t;

    (void)state;
    text_init(&t);
    text_puts(&t, "before:");
    html_to_text("<p>a</p>", 8, &t);
    assert_int_equal(t.len, 8);
    assert_memory_equal(t.data, "before:a", 8);
    text_fini(&t);
}

static void
nul_bytes(void **state)
{
    static const char html[] = "<p>a\0b</p><a hr\0ef=x\0>c</a\0>";
    bool is_cut;
    struct text t = to_text(html, sizeof(html) - 1, &is_cut);

    (void)state;
    assert_true(t.len > 0);
    text_fini(&t);
}

/* Hostile input: `head`, then `body` n times, then `tail`. All of it must be
 * done in a second, and every row takes a tenth of it without sanitizers. */
static const struct big {
    const char *name;
    const char *head, *body, *tail;
    size_t n;
    bool is_cut; /* a limit was met */
} bigs[] = {
    {"100,000 nested divs", "", "<div>", "x", 100000, true},
    {"100,000 divs opened, and closed", "<div>", "<div></div>", "x", 50000,
     true},
    {"10,000 nested divs", "", "<div>", "x", 10000, false},
    {"10,000 nested lists", "", "<ul><li>", "x", 5000, false},
    {"10,000 nested quotations", "", "<blockquote>", "x<br>y", 10000, false},
    {"nested tables", "", "<table><tr><td>", "x", 30000, true},
    {"nested spans", "", "<span>", "x", 100000, true},
    {"nested links", "", "<a href=https://x>a<p>b", "", 40000, true},
    {"links and tables", "", "<a href=https://x>a<table><tr><td>", "", 20000,
     true},
    {"paragraphs in paragraphs in tables", "", "<table><p>x", "", 50000, true},
    {"text in the wrong place of a table", "<table>", "x<tr>y<td>z", "", 60000,
     true},
    {"unclosed formatting", "", "<b><i><u><font>x<p>", "", 50000, true},
    {"one tag of 150,000 attributes", "<p ", "a=b c ", ">x", 75000, false},
    {"quotes that do not end", "", "<a x=\"", ">", 160000, false},
    {"tags that do not end are text", "", "<a ", "", 300000, true},
    {"comments that do not end", "", "<!--", ">", 250000, false},
    {"end tags alone", "", "</p>", "x", 200000, true},
    {"scripts that do not end", "", "<script>x</scrip>", "", 60000, false},
    {"rules below deep nesting", "<div><div><div><div><div><div><div><div>",
     "<div><hr>", "", 6000, true},
    {"entities", "<p>", "&amp;&notin;&#x1F600;", "", 30000, false},
    {"ampersands", "", "&", "", 1000000, true},
    {"less-than signs", "", "<", "", 1000000, true},
    {"megabytes of text", "<p>", "Lorem ipsum dolor sit amet. ", "", 200000,
     true},
    {"megabytes of one word", "<p>", "xxxxxxxxxxxxxxxxxxxxxxxx", "", 200000,
     true},
    {"megabytes of blanks", "<p>", "                        ", "x", 200000,
     true},
    {"megabytes of broken UTF-8", "<p>", "\xff\xfe\xc3", "", 1000000, true},
    {"megabytes of plain text", "", "line\r\n", "", 1000000, true},
    {"no-break spaces", "<p>", "&nbsp;", "x", 100000, false},
    {"breaks", "<pre>", "<br>", "x", 100000, true},
    {"line breaks in pre", "<pre>", "\n", "x", 400000, false},
    {"a wide table", "<table><tr>", "<td>x", "", 11000, false},
    {"a long list", "<ol>", "<li>x", "</ol>", 11000, false},
};

static void
big(void **state)
{
    const struct big *b = *state;
    struct text in, t;
    struct timespec from, to;
    bool is_cut;

    text_init(&in);
    text_puts(&in, b->head);
    for (size_t i = 0; i < b->n; i++)
        text_puts(&in, b->body);
    text_puts(&in, b->tail);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    t = to_text(in.data, in.len, &is_cut);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    assert_int_equal(is_cut, b->is_cut);
    assert_true(t.len <= HTML_TEXT_MAX);
    assert_true(to.tv_sec - from.tv_sec <= 1);
    text_fini(&t);
    text_fini(&in);
}

/* Beyond the limit of tags the text stays, its tags become blanks. */
static void
text_beyond_the_tags(void **state)
{
    struct text in, t;
    bool is_cut;

    (void)state;
    text_init(&in);
    for (int i = 0; i < HTML_TAGS_MAX; i++)
        text_puts(&in, "<br>");
    text_puts(&in, "<p>a</p><p>b</p><script>c</script>");
    t = to_text(in.data, in.len, &is_cut);
    assert_true(is_cut);
    assert_int_equal(t.len, 3);
    assert_memory_equal(t.data, "a b", 3);
    text_fini(&t);
    text_fini(&in);
}

#define N(a) (sizeof(a) / sizeof((a)[0]))

int
main(void)
{
    struct CMUnitTest tests[N(rows) + N(bigs) + 3];
    size_t n = 0;

    for (size_t i = 0; i < N(rows); i++)
        tests[n++] = (struct CMUnitTest){.name = rows[i].name,
                                         .test_func = row,
                                         .initial_state = (void *)&rows[i]};
    for (size_t i = 0; i < N(bigs); i++)
        tests[n++] = (struct CMUnitTest){.name = bigs[i].name,
                                         .test_func = big,
                                         .initial_state = (void *)&bigs[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(appends);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(nul_bytes);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(text_beyond_the_tags);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
