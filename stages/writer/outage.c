/* outage: see outage.h. */
#include "stages/writer/outage.h"

#include "common/log.h"

#include <stdio.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_MS  (24 * HOUR_MS)

static void
say(enum log_level level, const struct outage *o, const char *what,
    const char *key, const char *value, const char *message)
{
    char text[160];

    snprintf(text, sizeof(text), "%s %s", o->service, what);
    if (message != NULL)
        log_write(level, text, key, value, "message", message, NULL);
    else
        log_write(level, text, key, value, NULL);
}

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
        say(LOG_WARN, o, "takes nothing now: what is in hand for it waits",
            "code", code, message);
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
        say(LOG_WARN, o,
            "has no calls left for today: what is in hand for it waits for the "
            "next day (UTC), with a look every hour",
            "code", "daily-limit", message);
    if (!outage_is_on(o))
        o->since = now;
    o->is_paused = true;
    o->failures = 0;
    o->until = now + (to_midnight < HOUR_MS ? to_midnight : HOUR_MS);
}

void
outage_end(struct outage *o, int64_t now)
{
    const char *service = o->service;
    char seconds[32];

    if (!outage_is_on(o))
        return;
    snprintf(seconds, sizeof(seconds), "%lld",
             (long long)((now - o->since) / 1000));
    say(LOG_INFO, o, "takes records again", "seconds", seconds, NULL);
    memset(o, 0, sizeof(*o));
    o->service = service;
}
