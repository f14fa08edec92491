/* activity_outage: services that do not answer: when they are asked again. */
#include "common/chance.h"
#include "stages/conflict-resolver/activity_private.h"

void
outages_init(struct activity_sync *sync)
{
    static const struct outage well = {
        .begins = "cannot be read now: what needs it waits",
        .ends = "can be read again"};

    for (int s = 0; s < SIDE_COUNT; s++)
        sync->outage[s] = well;
    sync->outage[SIDE_HUBSPOT].service = "HubSpot";
    sync->outage[SIDE_SALESFORCE].service = "Salesforce";
}

void
side_is_away(struct activity_sync *sync, enum side side,
             const struct error *err)
{
    if (err->code == EX_CONFIG)
        activity_fail(sync, err);
    else
        outage_fail(&sync->outage[side], clock_monotonic_ms(),
                    &sync->setup->backoff, chance_bits(), -1, NULL, err->text);
}

void
side_is_back(struct activity_sync *sync, enum side side)
{
    outage_end(&sync->outage[side], clock_monotonic_ms());
}
