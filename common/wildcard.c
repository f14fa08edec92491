/* wildcard: see wildcard.h. */
#include "common/wildcard.h"

static char
folded(char c, enum wildcard_case how)
{
    return how == WILDCARD_ANY_CASE && c >= 'A' && c <= 'Z'
               ? (char)(c - 'A' + 'a')
               : c;
}

/* Behind the character at `at`. */
static size_t
behind(const char *text, size_t len, size_t at)
{
    at++;
    while (at < len && ((unsigned char)text[at] & 0xc0) == 0x80)
        at++;
    return at;
}

/* On a mismatch the last * takes one byte more; earlier ones need not be tried
 * again. */
bool
wildcard_fits(const char *pattern, size_t pattern_len, const char *text,
              size_t len, enum wildcard_case how)
{
    size_t p = 0, star = pattern_len, back = 0, n = 0;

    while (n < len) {
        if (p < pattern_len && pattern[p] == '*') {
            star = p++;
            back = n;
        } else if (p < pattern_len && pattern[p] == '?') {
            p++;
            n = behind(text, len, n);
        } else if (p < pattern_len &&
                   folded(pattern[p], how) == folded(text[n], how)) {
            p++;
            n++;
        } else if (star < pattern_len) {
            p = star + 1;
            n = ++back;
        } else {
            return false;
        }
    }
    while (p < pattern_len && pattern[p] == '*')
        p++;
    return p == pattern_len;
}
