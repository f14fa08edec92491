/* outage: see outage.h. */
#include "common/outage.h"

#include "common/codec.h"
#include "common/log.h"

#include <stdio.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_MS  (24 * HOUR_MS)
#define SLOW_MS 10000

static void
say(enum log_level level, const struct outage *o, const char *what,
    const char *code, const char *message)
{
    char text[160];

    snprintf(text, sizeof(text), "%s %s", o->service, what);
    if (code != NULL)
        log_write(level, text, "code", code, "message", message, NULL);
    else
        log_write(level, text, "message", message, NULL);
}

bool
outage_is_on(const struct outage *o)
{
    return o->failures > 0 || o->is_paused;
}

static void
keep(struct outage *o, const char *code, const char *message)
{
    snprintf(o->reason, sizeof(o->reason), "%s%s%s", code != NULL ? code : "",
             code != NULL ? ": " : "", message);
}

void
outage_fail(struct outage *o, int64_t now, const struct backoff *backoff,
            uint32_t chance, int64_t retry_after_ms, const char *code,
            const char *message)
{
    if (o->failures == 0)
        say(LOG_WARN, o, o->begins, code, message);
    if (!outage_is_on(o))
        o->since = now;
    keep(o, code, message);
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
            "daily-limit", message);
    if (!outage_is_on(o))
        o->since = now;
    keep(o, "daily-limit", message);
    o->is_paused = true;
    o->failures = 0;
    o->until = now + (to_midnight < HOUR_MS ? to_midnight : HOUR_MS);
}

void
outage_end(struct outage *o, int64_t now)
{
    char text[160], seconds[32];

    if (!outage_is_on(o))
        return;
    snprintf(text, sizeof(text), "%s %s", o->service, o->ends);
    snprintf(seconds, sizeof(seconds), "%lld",
             (long long)((now - o->since) / 1000));
    log_write(LOG_INFO, text, "seconds", seconds, NULL);
    *o = (struct outage){
        .service = o->service, .begins = o->begins, .ends = o->ends};
}

bool
outage_of_call(struct outage *o, const char *service, const char *method,
               const char *url, int64_t began, int64_t until, int64_t now)
{
    const char *host = strstr(url, "://");
    const char *path = host != NULL ? strchr(host + 3, '/') : NULL;

    if (now - began < SLOW_MS)
        return false;
    *o = (struct outage){
        .service = service, .failures = 1, .since = began, .until = until};
    snprintf(o->reason, sizeof(o->reason), "no answer yet to %s %.*s", method,
             path != NULL ? (int)strcspn(path, "?#") : 1,
             path != NULL ? path : "/");
    return true;
}

void
outage_pack(msgpack_packer *pk, const struct outage *const *o, size_t n,
            int64_t now, int64_t utc_ms)
{
    size_t n_on = 0;

    for (size_t i = 0; i < n; i++)
        n_on += outage_is_on(o[i]);
    mp_pack_str(pk, "waits");
    msgpack_pack_array(pk, n_on);
    for (size_t i = 0; i < n; i++) {
        int64_t in_ms = o[i]->until > now ? o[i]->until - now : 0;

        if (!outage_is_on(o[i]))
            continue;
        msgpack_pack_map(pk, 4);
        mp_pack_kv_str(pk, "service", o[i]->service);
        mp_pack_kv_str(pk, "reason", o[i]->reason);
        mp_pack_kv_i64(pk, "since", utc_ms - (now - o[i]->since));
        mp_pack_kv_i64(pk, "next", utc_ms + in_ms);
    }
}
