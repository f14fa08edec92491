/* report: the engine's figures, for the summary and for `stats`. */
#include "common/dead_class.h"
#include "common/log.h"
#include "common/services.h"
#include "common/summary.h"
#include "stages/fetcher/engine_private.h"

#include <string.h>

void
engine_count(struct engine *e, const struct outcome *o)
{
    summary_count(e->sum, o->outcome, o->reason);
    e->n_conflicts += o->conflicts;
    if (strcmp(o->outcome, "dead") == 0)
        log_write(LOG_WARN, "an event was given up", "id", o->id, "reason",
                  o->reason, "detail", o->detail, "mend",
                  dead_reason_of(o->reason, o->detail)->mend, NULL);
}

static int64_t
calls(const struct engine *e)
{
    return e->env.hubspot != NULL      ? hubspot_calls(e->env.hubspot)
           : e->env.salesforce != NULL ? salesforce_calls(e->env.salesforce)
                                       : 0;
}

/* Those of this service: a name begins with it. */
static void
add_feeds(struct engine *e, cJSON *feeds)
{
    size_t n = strlen(e->options.source);

    for (int i = 0; i < e->n_notes; i++) {
        cJSON *feed;

        if (strncmp(e->notes[i].feed, e->options.source, n) != 0)
            continue;
        feed = cJSON_CreateObject();
        cJSON_AddStringToObject(feed, "feed", e->notes[i].feed);
        cJSON_AddStringToObject(feed, "status", e->notes[i].status);
        cJSON_AddStringToObject(feed, "detail", e->notes[i].detail);
        cJSON_AddItemToArray(feeds, feed);
    }
}

int
engine_write_summary(struct engine *e, struct error *err)
{
    summary_set(e->sum, "fetched", e->n_fetched);
    summary_set(e->sum, "skipped", e->n_skipped);
    summary_set(e->sum, "conflicts", e->n_conflicts);
    summary_set(e->sum, "held_deletes", engine_held(e));
    summary_set(e->sum, "held_dead", (int64_t)e->inflight.parked.n);
    cJSON_AddNumberToObject(
        cJSON_GetObjectItemCaseSensitive(e->sum, "api_calls"),
        e->options.source, (double)calls(e));
    if (e->env.hubspot == NULL && e->env.lists != NULL)
        cJSON_AddNumberToObject(
            cJSON_GetObjectItemCaseSensitive(e->sum, "api_calls"), "hubspot",
            (double)hubspot_calls(e->env.lists));
    add_feeds(e, cJSON_GetObjectItemCaseSensitive(e->sum, "feeds"));
    return summary_write(e->sum, e->options.summary, err);
}

static void
pack_stuck(const struct engine *e, msgpack_packer *pk)
{
    int64_t now = clock_monotonic_ms();
    const struct inflight_item *stuck = engine_stuck(e, now);

    mp_pack_kv_str(pk, "stuck_id", stuck != NULL ? stuck->id : "");
    mp_pack_kv_i64(pk, "stuck_since",
                   stuck != NULL ? engine_stuck_since(stuck, now) : 0);
    mp_pack_kv_i64(pk, "stuck_sent", stuck != NULL ? stuck->n_sent : 0);
}

void
engine_stats(struct engine *e, msgpack_packer *pk)
{
    const struct services services = {e->env.hubspot != NULL ? e->env.hubspot
                                                             : e->env.lists,
                                      e->env.salesforce};
    int64_t expected = e->n_fetched + (int64_t)e->inflight.waiting.n +
                       (int64_t)e->inflight.unlisted.n;

    for (int i = 0; i < e->n_feeds; i++)
        expected += e->feeds[i].expected;
    mp_pack_kv_i64(pk, "expected", expected);
    mp_pack_kv_i64(pk, "fetched", e->n_fetched);
    mp_pack_kv_i64(pk, "in_flight", (int64_t)e->inflight.sent.n);
    mp_pack_kv_i64(pk, "resent", e->n_resent);
    mp_pack_kv_i64(pk, "held_dead", (int64_t)e->inflight.parked.n);
    mp_pack_kv_i64(pk, "state_failing_since", e->state_since);
    mp_pack_kv_str(pk, "state_detail", e->state_detail);
    pack_stuck(e, pk);
    mp_pack_str(pk, "api_calls");
    msgpack_pack_map(pk, 1);
    mp_pack_kv_i64(pk, e->options.source, calls(e));
    /* A feed that fails tells of itself in the state. */
    services_pack_waits(&services, NULL, 0, pk);
}
