/* html_write: see html_write.h. What is tidy follows html_layout and what the
 * parser makes of control characters. */
#include "common/html_write.h"

#include "common/html.h"

#include <stdint.h>
#include <string.h>

static const char open_tag[] = "<p>", close_tag[] = "</p>";

enum kind { INK, BLANK, LINE, NOTHING };

static enum kind
ascii_kind(char c)
{
    if (c == '\n' || c == '\r')
        return LINE;
    if (c == ' ' || c == '\t' || c == '\f')
        return BLANK;
    return c < ' ' || c == 0x7f ? NOTHING : INK;
}

static enum kind
wide_kind(uint32_t c)
{
    switch (c) {
    case 0x00a0: /* no-break space */
    case 0x2007: /* figure space */
    case 0x202f: /* narrow no-break space */
        return BLANK;
    case 0x2028: /* line separator */
    case 0x2029: /* paragraph separator */
        return LINE;
    case 0x00ad: /* soft hyphen */
    case 0x034f: /* grapheme joiner */
    case 0x200b: /* zero width space */
    case 0x2060: /* word joiner */
    case 0xfeff: /* byte order mark */
        return NOTHING;
    default:
        /* C1 controls and noncharacters, of which the parser would make
         * U+FFFD */
        return c < 0xa0 || (c >= 0xfdd0 && c <= 0xfdef) ||
                       (c & 0xfffe) == 0xfffe
                   ? NOTHING
                   : INK;
    }
}

/* The character at s[0..len), len > 0, and how many bytes it has. */
static enum kind
character(const char *s, size_t len, size_t *n)
{
    uint8_t first = (uint8_t)s[0];
    uint32_t c;

    *n = 1;
    if (first < 0x80) {
        if (first == '\r' && len > 1 && s[1] == '\n')
            *n = 2;
        return ascii_kind(s[0]);
    }
    *n = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    c = first & (0xffu >> (*n + 1));
    for (size_t i = 1; i < *n; i++)
        c = c << 6 | ((uint8_t)s[i] & 0x3f);
    return wide_kind(c);
}

static void
repeat(struct text *t, char c, size_t n)
{
    while (n-- > 0)
        text_putc(t, c);
}

void
html_tidy(const char *s, size_t len, struct text *out)
{
    size_t from = out->len, n;
    size_t lines = 0, blanks = 0; /* to come before the next ink */

    for (; len > 0; s += n, len -= n) {
        switch (character(s, len, &n)) {
        case BLANK:
            blanks++;
            break;
        case LINE:
            lines++;
            blanks = 0;
            break;
        case INK:
            if (out->len > from)
                repeat(out, '\n', lines < 2 ? lines : 2);
            repeat(out, ' ', blanks);
            text_putn(out, s, n);
            lines = blanks = 0;
            break;
        default:
            break;
        }
    }
}

/* Append what the character at s[at] of a tidy text is in HTML; returns its
 * length. Of several blanks all but the first are no-break spaces, so that a
 * line can still be broken there, and those in front of a line all are. */
static size_t
put_character(const char *s, size_t len, size_t at, struct text *out)
{
    size_t n = 1;

    switch (s[at]) {
    case '\n':
        text_puts(out, "<br>");
        break;
    case ' ':
        text_puts(out, at == 0 || s[at - 1] == ' ' || s[at - 1] == '\n'
                           ? "\xc2\xa0"
                           : " ");
        break;
    case '&':
        text_puts(out, "&amp;");
        break;
    case '<':
        text_puts(out, "&lt;");
        break;
    case '>':
        text_puts(out, "&gt;");
        break;
    default:
        character(s + at, len - at, &n);
        text_putn(out, s + at, n);
    }
    return n;
}

void
html_write(const char *s, size_t len, struct text *out)
{
    struct text tidy;
    size_t at = 0;

    text_init(&tidy);
    html_tidy(s, len, &tidy);
    if (tidy.len > 0) {
        text_puts(out, open_tag);
        while (at < tidy.len)
            at += put_character(tidy.data, tidy.len, at, out);
        text_puts(out, close_tag);
    }
    text_fini(&tidy);
}

size_t
html_fit(const char *s, size_t len, size_t max)
{
    size_t units = strlen(open_tag) + strlen(close_tag), tags = 2;
    size_t at = 0;
    struct text html;

    text_init(&html);
    while (at < len) {
        size_t n = put_character(s, len, at, &html);

        units += text_units(html.data, html.len);
        tags += s[at] == '\n';
        if (units > max || tags >= HTML_TAGS_MAX)
            break;
        html.len = 0;
        at += n;
    }
    text_fini(&html);
    return at;
}
