/* html_clean: see html_clean.h. Follows the tokenizer of the HTML standard
 * (section 13.2.5) as far as where tags and comments begin and end. */
#include "common/html_clean.h"

#include "common/html_tag.h"

#include <string.h>
#include <strings.h>

enum action {
    AS_TAG,  /* becomes `to` */
    AS_VOID, /* the same, has no end tag */
    WITH_ALL /* is left out with all that is in it */
};

struct element {
    const char *name;
    const char *to;
    enum action action;
};

#define TABLES_MAX 32 /* nested; a deeper one is not marked */

struct cleaner {
    struct text *out;
    size_t tags_left;
    size_t tables[TABLES_MAX]; /* where the open tables' marks go in `out` */
    size_t n_tables;
};

/* Sorted by name. */
static const struct element elements[] = {
    {"a", "a", AS_TAG},
    {"address", "div", AS_TAG},
    {"article", "div", AS_TAG},
    {"aside", "div", AS_TAG},
    {"blockquote", "blockquote", AS_TAG},
    {"br", "br", AS_VOID},
    {"caption", "caption", AS_TAG},
    {"center", "div", AS_TAG},
    {"dd", "div", AS_TAG},
    {"details", "div", AS_TAG},
    {"dialog", "div", AS_TAG},
    {"dir", "ul", AS_TAG},
    {"div", "div", AS_TAG},
    {"dl", "div", AS_TAG},
    {"dt", "div", AS_TAG},
    {"fieldset", "div", AS_TAG},
    {"figcaption", "div", AS_TAG},
    {"figure", "div", AS_TAG},
    {"font", "span", AS_TAG},
    {"footer", "div", AS_TAG},
    {"form", "div", AS_TAG},
    {"h1", "h1", AS_TAG},
    {"h2", "h1", AS_TAG},
    {"h3", "h1", AS_TAG},
    {"h4", "h1", AS_TAG},
    {"h5", "h1", AS_TAG},
    {"h6", "h1", AS_TAG},
    {"header", "div", AS_TAG},
    {"hr", "hr", AS_VOID},
    {"iframe", NULL, WITH_ALL},
    {"image", "img", AS_VOID},
    {"img", "img", AS_VOID},
    {"legend", "div", AS_TAG},
    {"li", "li", AS_TAG},
    {"listing", "pre", AS_TAG},
    {"main", "div", AS_TAG},
    {"menu", "ul", AS_TAG},
    {"nav", "div", AS_TAG},
    {"noembed", NULL, WITH_ALL},
    {"noframes", NULL, WITH_ALL},
    {"ol", "ol", AS_TAG},
    {"optgroup", "div", AS_TAG},
    {"option", "div", AS_TAG},
    {"p", "p", AS_TAG},
    {"pre", "pre", AS_TAG},
    {"script", NULL, WITH_ALL},
    {"section", "div", AS_TAG},
    {"span", "span", AS_TAG},
    {"style", NULL, WITH_ALL},
    {"summary", "div", AS_TAG},
    {"svg", NULL, WITH_ALL},
    {"table", "table", AS_TAG},
    {"td", "td", AS_TAG},
    {"template", NULL, WITH_ALL},
    {"th", "th", AS_TAG},
    {"title", NULL, WITH_ALL},
    {"tr", "tr", AS_TAG},
    {"ul", "ul", AS_TAG},
    {"xmp", "pre", AS_TAG},
};

static const struct element *
element_find(struct html_piece name)
{
    size_t lo = 0, hi = sizeof(elements) / sizeof(elements[0]);

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        const char *known = elements[mid].name;
        size_t len = strlen(known);
        int c = strncasecmp(name.s, known, name.len < len ? name.len : len);

        if (c == 0 && name.len == len)
            return &elements[mid];
        if (c == 0)
            c = name.len > len ? 1 : -1;
        if (c > 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

/* Does the CSS text hold the declaration "name:value", blanks and case aside? A
 * value of 0 may have a unit and may be repeated ("0px 0px"). */
static bool
has_rule(struct html_piece css, const char *rule)
{
    char c, flat[512];
    size_t n = 0;

    for (size_t i = 0; i < css.len && n < sizeof(flat) - 1; i++) {
        c = css.s[i];
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            flat[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    flat[n] = '\0';
    for (const char *p = flat; (p = strstr(p, rule)) != NULL; p++) {
        const char *end = p + strlen(rule);

        end += strspn(end, "0.abcdefghijklmnopqrstuvwxyz%");
        if ((p == flat || p[-1] == ';') && strchr(";!", *end) != NULL)
            return true;
    }
    return false;
}

/* A picture of at most one pixel, as tracking pixels are. */
static bool
is_pixel(const struct html_tag *tag)
{
    struct html_piece w = tag->attr[HTML_WIDTH], h = tag->attr[HTML_HEIGHT];

    return (w.len > 0 && (w.s[0] == '0' || w.s[0] == '1') &&
            (w.len == 1 || w.s[1] == 'p')) ||
           (h.len > 0 && (h.s[0] == '0' || h.s[0] == '1') &&
            (h.len == 1 || h.s[1] == 'p'));
}

static bool
is_hidden(const struct html_tag *tag, const char *name)
{
    struct html_piece css = tag->attr[HTML_STYLE];

    if (tag->attr[HTML_HIDDEN].s != NULL)
        return true;
    if (strcmp(name, "img") == 0 && is_pixel(tag))
        return true;
    return css.len > 0 && (has_rule(css, "display:none") ||
                           has_rule(css, "visibility:hidden"));
}

/* Text without control characters, of which the parser would make U+FFFD. */
static void
put_text(struct text *out, const char *s, size_t len)
{
    size_t from = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];

        if ((c >= ' ' && c != 0x7f) || (c >= '\t' && c <= '\r' && c != '\v'))
            continue;
        text_putn(out, s + from, i - from);
        from = i + 1;
    }
    text_putn(out, s + from, len - from);
}

static void
put_attribute(struct text *out, const char *name, struct html_piece value)
{
    if (value.s == NULL)
        return;
    text_putc(out, ' ');
    text_puts(out, name);
    text_puts(out, "=\"");
    while (value.len > 0) {
        const char *quote = memchr(value.s, '"', value.len);
        size_t n = quote == NULL ? value.len : (size_t)(quote - value.s);

        put_text(out, value.s, n);
        if (quote != NULL)
            text_puts(out, "&quot;");
        n += quote != NULL;
        value.s += n;
        value.len -= n;
    }
    text_putc(out, '"');
}

static void
put_start(struct text *out, const struct html_tag *tag, const char *name)
{
    text_putc(out, '<');
    text_puts(out, name);
    if (strcmp(name, "a") == 0)
        put_attribute(out, "href", tag->attr[HTML_HREF]);
    else if (strcmp(name, "img") == 0)
        put_attribute(out, "alt", tag->attr[HTML_ALT]);
    else if (strcmp(name, "table") == 0)
        text_puts(out, "       ");
    else if (strcmp(name, "ol") == 0)
        put_attribute(out, "start", tag->attr[HTML_START]);
    else if (strcmp(name, "li") == 0)
        put_attribute(out, "value", tag->attr[HTML_VALUE]);
    else if (strcmp(name, "p") == 0 &&
             (has_rule(tag->attr[HTML_STYLE], "margin:0") ||
              has_rule(tag->attr[HTML_STYLE], "margin-bottom:0")))
        text_puts(out, " tight");
    if (is_hidden(tag, name))
        text_puts(out, " hidden");
    text_putc(out, '>');
}

/* The first end tag `name` in s[0..len); the position behind it, or len. */
static size_t
end_of_element(const char *s, size_t len, const char *name)
{
    size_t n = strlen(name);

    for (size_t at = 0; at + n + 2 <= len; at++) {
        const char *lt = memchr(s + at, '<', len - at);

        if (lt == NULL)
            break;
        at = (size_t)(lt - s);
        if (at + n + 2 <= len && s[at + 1] == '/' &&
            strncasecmp(s + at + 2, name, n) == 0 &&
            (at + n + 2 == len ||
             strchr("> /\t\n\f\r", s[at + n + 2]) != NULL)) {
            const char *gt = memchr(s + at, '>', len - at);

            return gt == NULL ? len : (size_t)(gt - s) + 1;
        }
    }
    return len;
}

/* A table within a table: the outer one is there for its looks only. Its start
 * tag was written with room for the mark. */
static void
note_table(struct cleaner *c, bool is_end)
{
    static const char mark[] = "layout";

    if (is_end) {
        c->n_tables -= c->n_tables > 0;
        return;
    }
    if (c->n_tables > 0)
        memcpy(c->out->data + c->tables[c->n_tables - 1], mark, strlen(mark));
    if (c->n_tables < TABLES_MAX)
        c->tables[c->n_tables++] = c->out->len + strlen("<table ");
}

/* Put one tag; returns how many bytes behind it are to be left out. */
static size_t
put_tag(struct cleaner *c, const struct html_tag *tag, const char *rest,
        size_t rest_len)
{
    const struct element *e = element_find(tag->name);

    if (e == NULL)
        return 0;
    if (e->action == WITH_ALL)
        return tag->is_end ? 0 : end_of_element(rest, rest_len, e->name);
    if (c->tags_left == 0) {
        text_putc(c->out, ' ');
        return 0;
    }
    c->tags_left--;
    if (strcmp(e->to, "table") == 0)
        note_table(c, tag->is_end);
    if (!tag->is_end) {
        put_start(c->out, tag, e->to);
    } else if (e->action == AS_TAG) {
        text_puts(c->out, "</");
        text_puts(c->out, e->to);
        text_putc(c->out, '>');
    } else if (strcmp(e->to, "br") == 0) {
        text_puts(c->out, "<br>"); /* so says the standard */
    }
    return 0;
}

/* Behind the last '>': a '<' from there on is only a character. (A browser
 * drops what follows it; here "if x <y" stays, and no search for an end runs in
 * vain.) */
static size_t
markup_end(const char *html, size_t len)
{
    while (len > 0 && html[len - 1] != '>')
        len--;
    return len;
}

bool
html_has_markup(const char *html, size_t len)
{
    struct html_tag tag;
    size_t at = 0;

    len = markup_end(html, len);

    while (at < len) {
        const char *lt = memchr(html + at, '<', len - at);

        if (lt == NULL)
            return false;
        at = (size_t)(lt - html);
        if (html_tag_read(lt, len - at, &tag) > 0)
            return true;
        at++;
    }
    return false;
}

bool
html_clean(const char *html, size_t len, size_t tags_max, struct text *out)
{
    size_t markup = markup_end(html, len); /* bytes that may hold tags */
    struct cleaner c = {.out = out, .tags_left = tags_max};
    const char *start = html;
    struct html_tag tag;

    while (len > 0) {
        const char *lt = memchr(html, '<', len);
        size_t n = lt == NULL ? len : (size_t)(lt - html);

        put_text(out, html, n);
        html += n;
        len -= n;
        if (len == 0)
            break;
        n = 0;
        if ((size_t)(html - start) < markup)
            n = html_tag_read(html, len, &tag);
        if (n == 0) {
            text_puts(out, "&lt;");
            n = 1;
        } else if (tag.name.len > 0) {
            n += put_tag(&c, &tag, html + n, len - n);
        }
        html += n;
        len -= n;
    }
    return c.tags_left == 0;
}
