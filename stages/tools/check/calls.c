/* calls: see calls.h. */
#include "stages/tools/check/calls.h"
#include "stages/tools/check/lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *
who_spends(const struct budget *b)
{
    return strcmp(b->service, "hubspot") == 0
               ? "see which app makes them: Settings > Integrations, the Logs "
                 "of "
                 "each key or app; until the day ends crmpipe asks for news "
                 "less often"
               : "see which app makes them: Setup > Company Information > API "
                 "Requests, Last 24 Hours; until then crmpipe asks for news "
                 "less often";
}

static void
put_detail(const struct budget *b, char *buf, size_t size)
{
    int n = snprintf(buf, size,
                     "%" PRId64 " of %" PRId64 " made today "
                     "(daily_api_limit)",
                     b->total, b->limit);

    if (b->quota.allowed > 0)
        snprintf(buf + n, size - (size_t)n,
                 "; all apps of the account: %" PRId64 " of %" PRId64,
                 b->quota.used, b->quota.allowed);
}

void
calls_check(const struct budget *b, int64_t now_ms, cJSON *lines)
{
    char name[48], detail[200];
    const char *mend = NULL;

    snprintf(name, sizeof(name), "%s api calls", b->service);
    put_detail(b, detail, sizeof(detail));
    if (budget_quota_slowness(&b->quota, now_ms) > 1)
        mend = who_spends(b);
    else if (budget_slowness(b->total, b->limit, now_ms) > 1)
        mend = "few are left: raise daily_api_limit, or lengthen poll_interval";
    else if (b->quota.allowed > 0 && b->limit > b->quota.allowed)
        mend = "daily_api_limit is more than the whole account has in a day: "
               "lower it, so that other apps have their share";
    line_add(lines, name, mend != NULL ? LINE_WARNING : LINE_OK, detail, mend);
}
