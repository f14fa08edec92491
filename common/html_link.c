/* html_link: see html_link.h. */
#include "common/html_link.h"

#include <string.h>
#include <strings.h>

static bool
has_prefix(const char *s, size_t len, const char *prefix)
{
    size_t n = strlen(prefix);

    return len >= n && strncasecmp(s, prefix, n) == 0;
}

static bool
is_web(const char *s, size_t len)
{
    return (has_prefix(s, len, "https://") && len > 8) ||
           (has_prefix(s, len, "http://") && len > 7);
}

bool
link_address(const char *href, struct text *url)
{
    size_t len = strlen(href), from = url->len;
    bool is_mail, is_phone;

    text_trim(&href, &len);
    is_mail = has_prefix(href, len, "mailto:");
    is_phone = has_prefix(href, len, "tel:");
    if (!is_mail && !is_phone && !is_web(href, len))
        return false;
    if (is_mail || is_phone) {
        const char *colon = memchr(href, ':', len);

        len -= (size_t)(colon + 1 - href);
        href = colon + 1;
    }
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)href[i];

        if (is_mail && c == '?')
            break;
        if (c == ' ')
            text_puts(url, "%20");
        else if (c > ' ' && c != 0x7f)
            text_putc(url, (char)c);
    }
    return url->len > from;
}

/* Leave out what people leave out of an address. */
static void
bare(const char **s, size_t *len)
{
    static const char *const prefixes[] = {"https://", "http://",
                                           "mailto:", "tel:", "www."};

    text_trim(s, len);
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
        if (has_prefix(*s, *len, prefixes[i])) {
            *s += strlen(prefixes[i]);
            *len -= strlen(prefixes[i]);
        }
    while (*len > 0 && (*s)[*len - 1] == '/')
        --*len;
}

/* The next character of a phone number, or '\0'. */
static char
next_digit(const char **s, size_t *len)
{
    while (*len > 0) {
        char c = *(*s)++;

        --*len;
        if ((c >= '0' && c <= '9') || c == '+')
            return c;
        if (strchr(" -/().", c) == NULL && c != '%')
            return 'x'; /* no number: equal to nothing */
    }
    return '\0';
}

static bool
same_number(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t n = 0;

    for (;; n++) {
        char x = next_digit(&a, &a_len), y = next_digit(&b, &b_len);

        if (x != y || x == 'x')
            return false;
        if (x == '\0')
            return n >= 3;
    }
}

bool
link_says(const char *text, size_t len, const struct text *url)
{
    const char *u = url->data;
    size_t u_len = url->len;

    bare(&text, &len);
    bare(&u, &u_len);
    return (len == u_len && strncasecmp(text, u, len) == 0) ||
           same_number(text, len, u, u_len);
}
