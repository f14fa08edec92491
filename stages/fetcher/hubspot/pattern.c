/* pattern: see pattern.h. */
#include "stages/fetcher/hubspot/pattern.h"

#include "common/wildcard.h"

#include <string.h>

#define SEPARATORS " \t\r\n,"

const enum kind pattern_kinds[PATTERN_KINDS] = {
    KIND_SALES_EMAIL_OPENED,
    KIND_SALES_EMAIL_CLICKED,
    KIND_SALES_CONTENT_VIEWED,
    KIND_INTEGRATION_EVENT,
};

bool
pattern_matches(const char *patterns, const char *name)
{
    const char *p = patterns;

    while (p != NULL && *(p += strspn(p, SEPARATORS)) != '\0') {
        size_t len = strcspn(p, SEPARATORS);

        if (wildcard_fits(p, len, name, strlen(name), WILDCARD_CASE))
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
