/* pattern: see pattern.h. */
#include "stages/fetcher/hubspot/pattern.h"

#include <stddef.h>
#include <string.h>

#define SEPARATORS " \t\r\n,"

const enum kind pattern_kinds[PATTERN_KINDS] = {
    KIND_SALES_EMAIL_OPENED,
    KIND_SALES_EMAIL_CLICKED,
    KIND_SALES_CONTENT_VIEWED,
    KIND_INTEGRATION_EVENT,
};

/* One pattern of `len` bytes. On a mismatch the last * takes one character
 * more; earlier ones need not be tried again, so it never takes longer than
 * pattern times name. */
static bool
matches_one(const char *pattern, size_t len, const char *name)
{
    size_t p = 0, star = len, back = 0, n = 0;

    while (name[n] != '\0') {
        if (p < len && pattern[p] == '*') {
            star = p++;
            back = n;
        } else if (p < len && (pattern[p] == '?' || pattern[p] == name[n])) {
            p++;
            n++;
        } else if (star < len) {
            p = star + 1;
            n = ++back;
        } else {
            return false;
        }
    }
    while (p < len && pattern[p] == '*')
        p++;
    return p == len;
}

bool
pattern_matches(const char *patterns, const char *name)
{
    const char *p = patterns;

    while (p != NULL && *(p += strspn(p, SEPARATORS)) != '\0') {
        size_t len = strcspn(p, SEPARATORS);

        if (matches_one(p, len, name))
            return true;
        p += len;
    }
    return false;
}

enum kind
pattern_kind(const char *const lists[PATTERN_KINDS], const char *name)
{
    for (size_t i = 0; i < PATTERN_KINDS; i++)
        if (pattern_matches(lists[i], name))
            return pattern_kinds[i];
    return KIND_NONE;
}
