/* salesforce_limit: how many calls may be made: our own budget, and what the
 * org says of its own. */
#include "common/salesforce_private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool
salesforce_spend(struct salesforce *sf, struct salesforce_answer *out)
{
    struct error err;
    int rv = budget_spend(&sf->budget, &err);

    if (rv < 0)
        salesforce_end(out, SALESFORCE_RETRY, "state", err.text);
    else if (rv == 0)
        salesforce_end(out, SALESFORCE_PAUSE, "daily-api-limit", err.text);
    return rv > 0;
}

#define USAGE_MAX INT64_C(1000000000000)

/* A number that stands at *at, which is moved behind it. */
static bool
take_number(const char **at, int64_t *out)
{
    char *end;

    if (!isdigit((unsigned char)**at))
        return false;
    *out = strtoll(*at, &end, 10);
    *at = end;
    return *out <= USAGE_MAX;
}

/* "api-usage=17/100000", with other figures before or behind it whose names may
 * end alike: "per-app-api-usage=5/250(appName=...)". */
bool
salesforce_read_usage(const char *info, int64_t *used, int64_t *allowed)
{
    static const char name[] = "api-usage=";
    const char *at = info;

    for (; (at = strstr(at, name)) != NULL; at++) {
        const char *value = at + sizeof(name) - 1;

        if (at > info && at[-1] != ' ' && at[-1] != ';' && at[-1] != ',')
            continue;
        return take_number(&value, used) && *value++ == '/' &&
               take_number(&value, allowed) && *allowed > 0;
    }
    return false;
}
