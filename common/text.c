/* text: see text.h. */
#include "common/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
text_init(struct text *t)
{
    memset(t, 0, sizeof(*t));
}

void
text_fini(struct text *t)
{
    free(t->data);
    text_init(t);
}

static void
reserve(struct text *t, size_t more)
{
    size_t size = t->size == 0 ? 256 : t->size;

    if (more > SIZE_MAX / 4 - t->len)
        abort();
    while (size - t->len < more)
        size *= 2;
    if (size == t->size)
        return;
    t->data = realloc(t->data, size);
    if (t->data == NULL)
        abort(); /* out of memory: the fetcher sends again */
    t->size = size;
}

void
text_putc(struct text *t, char c)
{
    if (t->len == t->size)
        reserve(t, 1);
    t->data[t->len++] = c;
}

void
text_putn(struct text *t, const char *s, size_t len)
{
    if (len == 0)
        return;
    reserve(t, len);
    memcpy(t->data + t->len, s, len);
    t->len += len;
}

void
text_puts(struct text *t, const char *s)
{
    text_putn(t, s, strlen(s));
}

void
text_printf(struct text *t, const char *fmt, ...)
{
    va_list ap, again;
    int len;

    va_start(ap, fmt);
    va_copy(again, ap);
    len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (len < 0)
        abort();                 /* no format of ours */
    reserve(t, (size_t)len + 1); /* it ends with a NUL, which does not count */
    vsnprintf(t->data + t->len, (size_t)len + 1, fmt, again);
    va_end(again);
    t->len += (size_t)len;
}

/* The second byte of a sequence may lie in these bounds only: that rules out
 * overlong forms, surrogates and what is above U+10FFFF (Unicode, table 3-7).
 */
static bool
second_fits(uint8_t first, uint8_t second)
{
    switch (first) {
    case 0xe0:
        return second >= 0xa0 && second <= 0xbf;
    case 0xed:
        return second >= 0x80 && second <= 0x9f;
    case 0xf0:
        return second >= 0x90 && second <= 0xbf;
    case 0xf4:
        return second >= 0x80 && second <= 0x8f;
    default:
        return second >= 0x80 && second <= 0xbf;
    }
}

/* Look at the character at s[0..len), len > 0. Returns its length; with *ok
 * false: how many bytes of it make one broken stretch. */
static size_t
character(const char *s, size_t len, bool *ok)
{
    uint8_t first = (uint8_t)s[0];
    size_t want, n;

    *ok = true;
    if (first < 0x80) {
        *ok = first != 0;
        return 1;
    }
    want = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    *ok = false;
    if (first < 0xc2 || first > 0xf4)
        return 1;
    if (len < 2 || !second_fits(first, (uint8_t)s[1]))
        return 1;
    for (n = 2; n < want; n++)
        if (n >= len || ((uint8_t)s[n] & 0xc0) != 0x80)
            return n;
    *ok = true;
    return want;
}

/* How many bytes at the start are plain ASCII; eight at a time. */
static size_t
ascii_run(const char *s, size_t len)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    size_t n = 0;
    uint64_t w;

    while (len - n >= 8) {
        memcpy(&w, s + n, 8);
        if (((w | (w - ones)) & (ones << 7)) != 0)
            break;
        n += 8;
    }
    while (n < len && s[n] > 0)
        n++;
    return n;
}

/* How many bytes at the start are valid. */
static size_t
valid_run(const char *s, size_t len)
{
    size_t at = 0;
    bool ok = true;

    while (at < len) {
        size_t n = ascii_run(s + at, len - at);

        at += n;
        if (at == len)
            break;
        n = character(s + at, len - at, &ok);
        if (!ok)
            break;
        at += n;
    }
    return at;
}

bool
text_is_valid(const char *s, size_t len)
{
    return valid_run(s, len) == len;
}

void
text_put_valid(struct text *t, const char *s, size_t len)
{
    while (len > 0) {
        size_t n = valid_run(s, len);
        bool ok;

        text_putn(t, s, n);
        if (n == len)
            return;
        n += character(s + n, len - n, &ok);
        text_puts(t, "\xef\xbf\xbd");
        s += n;
        len -= n;
    }
}

void
text_put_line(struct text *t, const char *s, size_t len)
{
    size_t from = t->len;

    text_put_valid(t, s, len);
    for (size_t i = from; i < t->len; i++)
        if ((unsigned char)t->data[i] < ' ' || t->data[i] == 0x7f)
            t->data[i] = ' ';
}

/* A character outside the BMP takes two units; it begins with 0xf0 or more. */
static size_t
units_of(uint8_t first)
{
    return (first & 0xc0) == 0x80 ? 0 : first >= 0xf0 ? 2 : 1;
}

size_t
text_units(const char *s, size_t len)
{
    size_t units = 0;

    for (size_t i = 0; i < len; i++)
        units += units_of((uint8_t)s[i]);
    return units;
}

size_t
text_fit_units(const char *s, size_t len, size_t max)
{
    size_t units = 0;

    if (len <= max)
        return len;
    for (size_t i = 0; i < len; i++) {
        units += units_of((uint8_t)s[i]);
        if (units > max)
            return i;
    }
    return len;
}

size_t
text_fit_bytes(const char *s, size_t len, size_t max)
{
    size_t fit = max;

    if (len <= max)
        return len;
    /* A character has three bytes at most behind its first. */
    while (fit > 0 && max - fit < 3 && ((uint8_t)s[fit] & 0xc0) == 0x80)
        fit--;
    return fit;
}

bool
text_cut_units(struct text *t, size_t max, const char *marker)
{
    size_t own = text_units(marker, strlen(marker));

    if (t->len <= max || text_fit_units(t->data, t->len, max) == t->len)
        return false;
    if (own > max) {
        own = 0;
        marker = "";
    }
    t->len = text_fit_units(t->data, t->len, max - own);
    text_puts(t, marker);
    return true;
}

bool
text_cut_bytes(struct text *t, size_t max, const char *marker)
{
    size_t own = strlen(marker);

    if (t->len <= max)
        return false;
    if (own > max) {
        own = 0;
        marker = "";
    }
    t->len = text_fit_bytes(t->data, t->len, max - own);
    text_puts(t, marker);
    return true;
}

static bool
is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

void
text_trim(const char **s, size_t *len)
{
    while (*len > 0 && is_blank(**s)) {
        (*s)++;
        (*len)--;
    }
    while (*len > 0 && is_blank((*s)[*len - 1]))
        (*len)--;
}

void
text_lower(const char *s, size_t len, char *out)
{
    for (size_t i = 0; i < len; i++)
        out[i] = s[i] >= 'A' && s[i] <= 'Z' ? (char)(s[i] | 0x20) : s[i];
}

void
text_line(const char *s, size_t len, char *buf, size_t size)
{
    struct text t;

    text_init(&t);
    text_put_line(&t, s, text_fit_bytes(s, len, 4 * size));
    text_cut_bytes(&t, size - 1, "...");
    if (t.len > 0)
        memcpy(buf, t.data, t.len);
    buf[t.len] = '\0';
    text_fini(&t);
}
