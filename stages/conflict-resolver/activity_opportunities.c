/* activity_opportunities: with one call, the opportunities of all new records
 * of a turn that may be related to one. Who may not look at them goes without.
 */
#include "common/log.h"
#include "stages/conflict-resolver/activity_private.h"
#include "stages/conflict-resolver/opportunities.h"

#include <sysexits.h>

void
turn_find_opportunities(struct turn *t)
{
    struct activity_sync *sync = t->sync;
    struct activity_case *cases[CURRENT_MAX];
    struct item *items[CURRENT_MAX];
    struct error err = {0};
    size_t n = 0;
    int rv = -1;

    for (size_t i = 0; i < t->n; i++)
        if (!t->item[i].is_done &&
            activity_wants_opportunity(&t->world, &t->item[i].ev,
                                       &t->item[i].c)) {
            items[n] = &t->item[i];
            cases[n++] = &t->item[i].c;
        }
    if (n == 0)
        return;
    if (sync->outage[SIDE_SALESFORCE].until <= clock_monotonic_ms()) {
        rv = opportunities_find(sync->setup->services.salesforce, cases, n,
                                &err);
        side_has_answered(sync, SIDE_SALESFORCE, rv, &err);
    }
    if (rv < 0 && sync->outage[SIDE_SALESFORCE].until == 0 && !sync->has_failed)
        log_write(LOG_WARN, "the opportunities cannot be read", "reason",
                  err.text, NULL);
    else
        for (size_t i = 0; i < n && rv < 0; i++)
            turn_leave(t, items[i], SIDE_SALESFORCE);
}
