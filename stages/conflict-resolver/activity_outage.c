/* activity_outage: services that do not answer: when they are asked again. */
#include "common/chance.h"
#include "stages/conflict-resolver/activity_private.h"

void
outages_init(struct activity_sync *sync)
{
    static const struct outage well = {
        .begins = "cannot be read now: what needs it waits",
        .ends = "can be read again"};

    for (enum side s = 0; s < SIDE_COUNT; s++) {
        sync->outage[s] = well;
        sync->outage[s].service = side_title(s);
    }
}

/* What the service has asked for with its last answer; < 0: nothing. */
static int64_t
rest_ms(const struct activity_sync *sync, enum side side)
{
    const struct services *s = &sync->setup->services;

    return side == SIDE_HUBSPOT ? hubspot_rest_ms(s->hubspot)
                                : salesforce_rest_ms(s->salesforce);
}

void
side_is_away(struct activity_sync *sync, enum side side,
             const struct error *err)
{
    if (err->code == EX_CONFIG)
        activity_fail(sync, err);
    else
        outage_fail(&sync->outage[side], clock_monotonic_ms(),
                    &sync->setup->backoff, chance_bits(), rest_ms(sync, side),
                    NULL, err->text);
}

void
side_is_back(struct activity_sync *sync, enum side side)
{
    outage_end(&sync->outage[side], clock_monotonic_ms());
}

bool
side_has_answered(struct activity_sync *sync, enum side side, int rv,
                  const struct error *err)
{
    bool is_away =
        rv < 0 && (err->code == EX_TEMPFAIL || err->code == EX_CONFIG ||
                   err->code == EX_PROTOCOL);

    if (is_away)
        side_is_away(sync, side, err);
    else
        side_is_back(sync, side);
    return !is_away;
}
