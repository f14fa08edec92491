/* outage: see outage.h. */
#include "stages/writer/outage.h"

#include "common/log.h"

#include <stdio.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_MS  (24 * HOUR_MS)

bool
outage_is_on(const struct outage *o)
{
    return o->failures > 0 || o->is_paused;
}

void
outage_fail(struct outage *o, int64_t now, const struct backoff *backoff,
            uint32_t chance, int64_t retry_after_ms, const char *code,
            const char *message)
{
    if (o->failures == 0)
        log_write(LOG_WARN,
                  "Salesforce takes nothing now: what is in hand waits", "code",
                  code, "message", message, NULL);
    if (!outage_is_on(o))
        o->since = now;
    o->is_paused = false;
    if (o->failures < 1000)
        o->failures++;
    /* What a service asks for is kept, within reason. */
    if (retry_after_ms > HOUR_MS)
        retry_after_ms = HOUR_MS;
    o->until = now + backoff_ms(backoff, o->failures, chance, retry_after_ms);
}

void
outage_pause(struct outage *o, int64_t now, int64_t utc_ms, const char *message)
{
    int64_t to_midnight = DAY_MS - utc_ms % DAY_MS;

    if (!o->is_paused)
        log_write(LOG_WARN,
                  "the calls of the day are spent: what is in hand waits for "
                  "the next day (UTC), with a look every hour",
                  "message", message, NULL);
    if (!outage_is_on(o))
        o->since = now;
    o->is_paused = true;
    o->failures = 0;
    o->until = now + (to_midnight < HOUR_MS ? to_midnight : HOUR_MS);
}

void
outage_end(struct outage *o, int64_t now)
{
    char seconds[32];

    if (!outage_is_on(o))
        return;
    snprintf(seconds, sizeof(seconds), "%lld",
             (long long)((now - o->since) / 1000));
    log_write(LOG_INFO, "Salesforce takes records again", "seconds", seconds,
              NULL);
    memset(o, 0, sizeof(*o));
}
