/* html_tag: see html_tag.h. */
#include "common/html_tag.h"

#include <string.h>
#include <strings.h>

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t
skip_spaces(const char *s, size_t len, size_t at)
{
    while (at < len && is_space(s[at]))
        at++;
    return at;
}

/* The position behind `end` in s[at..len), or len. */
static size_t
behind(const char *s, size_t len, size_t at, const char *end)
{
    size_t n = strlen(end);

    while (at < len) {
        const char *p = memchr(s + at, end[0], len - at);

        if (p == NULL)
            break;
        at = (size_t)(p - s);
        if (len - at >= n && memcmp(p, end, n) == 0)
            return at + n;
        at++;
    }
    return len;
}

static size_t
comment_end(const char *s, size_t len)
{
    size_t plain, bang;

    /* <!--> and <!---> are whole comments. */
    if (len > 4 && s[4] == '>')
        return 5;
    if (len > 5 && s[4] == '-' && s[5] == '>')
        return 6;
    plain = behind(s, len, 4, "-->");
    bang = behind(s, plain, 4, "--!>");
    return bang < plain ? bang : plain;
}

static void
keep(struct html_tag *tag, const char *name, size_t name_len,
     struct html_piece value)
{
    static const char *const names[HTML_ATTRS] = {
        [HTML_HREF] = "href",   [HTML_ALT] = "alt",
        [HTML_STYLE] = "style", [HTML_HIDDEN] = "hidden",
        [HTML_WIDTH] = "width", [HTML_HEIGHT] = "height",
        [HTML_START] = "start", [HTML_VALUE] = "value",
    };

    for (int i = 0; i < HTML_ATTRS; i++)
        if (tag->attr[i].s == NULL && strlen(names[i]) == name_len &&
            strncasecmp(names[i], name, name_len) == 0)
            tag->attr[i] = value;
}

/* The value behind a '=' at s[at]; *end is the position behind it. */
static struct html_piece
value_at(const char *s, size_t len, size_t at, size_t *end)
{
    size_t from = skip_spaces(s, len, at + 1);

    at = from;
    if (at < len && (s[at] == '"' || s[at] == '\'')) {
        const char *quote = memchr(s + at + 1, s[at], len - at - 1);
        size_t to = quote == NULL ? len : (size_t)(quote - s);

        *end = to < len ? to + 1 : len;
        return (struct html_piece){s + at + 1, to - at - 1};
    }
    while (at < len && !is_space(s[at]) && s[at] != '>')
        at++;
    *end = at;
    return (struct html_piece){s + from, at - from};
}

/* Attributes from s[at] to the end of the tag; the position behind '>'. */
static size_t
read_attributes(const char *s, size_t len, size_t at, struct html_tag *tag)
{
    while (at < len) {
        struct html_piece value;
        size_t from, n;

        while (at < len && (is_space(s[at]) || s[at] == '/'))
            at++;
        if (at == len)
            break;
        if (s[at] == '>')
            return at + 1;
        from = at++; /* a '=' at the start belongs to the name */
        while (at < len && !is_space(s[at]) && strchr("/>=", s[at]) == NULL)
            at++;
        n = at - from;
        value = (struct html_piece){s + at, 0};
        at = skip_spaces(s, len, at);
        if (at < len && s[at] == '=')
            value = value_at(s, len, at, &at);
        keep(tag, s + from, n, value);
    }
    return len;
}

static bool
is_address(const char *name, size_t len)
{
    return memchr(name, '@', len) != NULL ||
           (len > 1 && name[len - 1] == ':') ||
           (len > 7 && strncasecmp(name, "mailto:", 7) == 0);
}

size_t
html_tag_read(const char *s, size_t len, struct html_tag *tag)
{
    size_t at = 1, from;

    memset(tag, 0, sizeof(*tag));
    if (len < 2)
        return 0;
    if (len >= 4 && memcmp(s, "<!--", 4) == 0)
        return comment_end(s, len);
    if (len > 2 && (s[1] == '!' || s[1] == '?') &&
        (is_letter(s[2]) || s[2] == '[' || s[2] == '-'))
        return behind(s, len, 1, ">"); /* <!doctype> <![if !mso]> <?xml?> */
    if (s[1] == '/') {
        tag->is_end = true;
        at = 2;
    }
    if (at >= len || !is_letter(s[at]))
        return at < len && s[at] == '>' && at == 2 ? 3 : 0; /* "</>": nothing */
    from = at;
    while (at < len && !is_space(s[at]) && s[at] != '/' && s[at] != '>')
        at++;
    if (is_address(s + from, at - from))
        return 0;
    tag->name = (struct html_piece){s + from, at - from};
    at = read_attributes(s, len, at, tag);
    if (s[at - 1] != '>' || at <= from)
        tag->name.len = 0; /* cut off in the middle: a browser drops it */
    return at;
}
