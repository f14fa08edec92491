/* json_mend: see json_mend.h. Both walk the text by the same small rule: inside
 * a string, a backslash takes the next character with it. */
#include "common/json_mend.h"

#include <string.h>

#define ESCAPE 6 /* \uXXXX */

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        return (c | 0x20) - 'a' + 10;
    return -1;
}

/* The 16 bits of the escape at s, or -1. */
static long
escape_at(const char *s, size_t len)
{
    long v = 0;

    if (len < ESCAPE || s[0] != '\\' || s[1] != 'u')
        return -1;
    for (int i = 2; i < ESCAPE; i++) {
        int digit = hex_digit(s[i]);

        if (digit < 0)
            return -1;
        v = v << 4 | digit;
    }
    return v;
}

/* How many bytes the escape at s takes; *broken: it is none that can stay. */
static size_t
escape_len(const char *s, size_t len, bool *broken)
{
    long v = escape_at(s, len);
    long low;

    *broken = false;
    if (v < 0)
        return len > 1 ? 2 : 1;
    if (v >= 0xd800 && v < 0xdc00) {
        low = escape_at(s + ESCAPE, len - ESCAPE);
        if (low >= 0xdc00 && low < 0xe000)
            return 2 * ESCAPE;
    }
    *broken = v == 0 || (v >= 0xd800 && v < 0xe000);
    return ESCAPE;
}

void
json_measure(const char *text, size_t len, struct json_extent *out)
{
    size_t depth = 0;
    bool in_string = false, broken;

    *out = (struct json_extent){.values = 1};
    for (size_t i = 0; i < len; i++) {
        char c = text[i];

        if (c == '"') {
            in_string = !in_string;
        } else if (in_string) {
            if (c != '\\')
                continue;
            i += escape_len(text + i, len - i, &broken) - 1;
            out->is_broken = out->is_broken || broken;
        } else if (c == '[' || c == '{') {
            if (++depth > out->depth)
                out->depth = depth;
            out->values++;
        } else if (c == ']' || c == '}') {
            depth -= depth > 0;
        } else if (c == ',') {
            out->values++;
        }
    }
}

void
json_mend(char *text, size_t len)
{
    bool in_string = false, broken;

    for (size_t i = 0; i < len; i++) {
        size_t n;

        if (text[i] == '"')
            in_string = !in_string;
        if (!in_string || text[i] != '\\')
            continue;
        n = escape_len(text + i, len - i, &broken);
        if (broken)
            memcpy(text + i, "\\ufffd", ESCAPE);
        i += n - 1;
    }
}
