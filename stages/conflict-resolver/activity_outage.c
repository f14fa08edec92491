/* activity_outage: services that do not answer: when they are asked again. */
#include "common/log.h"
#include "stages/conflict-resolver/activity_private.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

static const char *
service_name(enum side side)
{
    return side == SIDE_HUBSPOT ? "HubSpot" : "Salesforce";
}

static void
wait_for(struct activity_sync *sync, enum side side, const struct error *err)
{
    struct outage *o = &sync->outage[side];
    int64_t now = clock_monotonic_ms();
    uint32_t chance;

    if (getrandom(&chance, sizeof(chance), 0) != sizeof(chance))
        chance = 0x80000000u;
    if (o->failures == 0) {
        o->since = now;
        log_write(LOG_WARN, "a service cannot be read now: what needs it waits",
                  "service", service_name(side), "reason", err->text, NULL);
    }
    if (o->failures < 1000)
        o->failures++;
    o->until = now + backoff_ms(&sync->setup->backoff, o->failures, chance, -1);
}

void
outage_begin(struct activity_sync *sync, enum side side,
             const struct error *err)
{
    if (err->code == EX_CONFIG)
        activity_fail(sync, err);
    else
        wait_for(sync, side, err);
}

void
outage_end(struct activity_sync *sync, enum side side)
{
    struct outage *o = &sync->outage[side];
    char seconds[32];

    if (o->failures == 0)
        return;
    snprintf(seconds, sizeof(seconds), "%lld",
             (long long)((clock_monotonic_ms() - o->since) / 1000));
    log_write(LOG_INFO, "a service can be read again", "service",
              service_name(side), "seconds", seconds, NULL);
    memset(o, 0, sizeof(*o));
}
