/* writer: see writer.h. When to send, when to wait, when to stop. */
#include "stages/writer/writer.h"

#include "common/accounts.h"
#include "common/chance.h"
#include "common/log.h"
#include "common/services.h"
#include "common/tool.h"
#include "stages/writer/sync.h"
#include "stages/writer/writer_private.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HAND_MAX 4096 /* events in hand before input is held back */
#define SLICE_MS 50

#define TAKES_NOTHING "takes nothing now: what is in hand for it waits"
#define TAKES_AGAIN   "takes records again"

void
writer_fail(struct writer *w, const struct error *err)
{
    w->has_failed = true;
    stage_fail(w->ctx, err);
}

static bool
breathe(void *ctx)
{
    return stage_breathe(ctx);
}

/* For HubSpot, whose client would rather not begin a call at a stop: what is in
 * hand is finished first, and a wait for a turn is short. */
static bool
breathe_on(void *ctx)
{
    stage_breathe(ctx);
    return true;
}

static int
open_state(struct writer *w, struct error *err)
{
    char url[PATH_MAX + 16];
    bool exists = tool_state_url(stage_conf(w->ctx), url, sizeof(url));

    if (w->is_dry && accounts_open(stage_conf(w->ctx), &w->accounts, err) < 0)
        return -1;
    if (w->is_dry && !exists)
        return 0;
    return store_open(url, w->is_dry ? STORE_READ : STORE_WRITE, &w->store,
                      err);
}

/* HubSpot is written to by the activity sync alone. */
static int
open_hubspot(struct writer *w, const struct conf *conf, struct hubspot **out,
             struct error *err)
{
    *out = NULL;
    if (w->is_dry || !conf_any_activity(conf))
        return 0;
    return hubspot_open(conf, w->store, breathe_on, w->ctx, out, err);
}

/* A dry run goes without a sign-in: only the org's time zone is missing then.
 */
static int
open_service(struct writer *w, const struct conf *conf, struct salesforce **out,
             struct error *err)
{
    if (w->is_dry && w->rules.zone[0] != '\0')
        return 0;
    if (salesforce_open(conf, w->is_dry ? w->accounts : w->store, breathe,
                        w->ctx, out, err) == 0)
        return 0;
    if (!w->is_dry)
        return -1;
    log_write(LOG_WARN, "dry run without a sign-in: dates are in UTC", "reason",
              err->text, NULL);
    return 0;
}

int
writer_open(struct stage_ctx *ctx, bool is_live, bool is_dry,
            struct writer **out, struct error *err)
{
    const struct conf *conf = stage_conf(ctx);
    struct writer *w = calloc(1, sizeof(*w));

    if (w == NULL)
        abort();
    w->ctx = ctx;
    w->is_live = is_live;
    w->is_dry = is_dry;
    w->started_at = clock_now_ms();
    w->services[SIDE_SALESFORCE] =
        (struct service){.outage = {.service = "Salesforce",
                                    .begins = TAKES_NOTHING,
                                    .ends = TAKES_AGAIN},
                         .rows_most = BATCH_ROWS_MAX,
                         .rows_max = BATCH_ROWS_MAX};
    w->services[SIDE_HUBSPOT] =
        (struct service){.outage = {.service = "HubSpot",
                                    .begins = TAKES_NOTHING,
                                    .ends = TAKES_AGAIN},
                         .rows_most = HUBSPOT_ROWS_MAX,
                         .rows_max = HUBSPOT_ROWS_MAX};
    if (rules_read(conf, &w->rules, err) < 0 || open_state(w, err) < 0 ||
        open_service(w, conf, &w->sf, err) < 0 ||
        open_hubspot(w, conf, &w->hs, err) < 0) {
        writer_close(w);
        return -1;
    }
    *out = w;
    return 0;
}

/* From a file nobody sends it again: the shell has to know. */
static void
tell_left_over(struct writer *w)
{
    struct error err;

    error_set(&err, EX_TEMPFAIL,
              "%zu events of the input were not written; run it again when "
              "the services take records",
              w->hand.n + (size_t)w->n_again);
    writer_fail(w, &err);
}

void
writer_close(struct writer *w)
{
    if (w == NULL)
        return;
    if (!w->is_live && (w->hand.n > 0 || w->n_again > 0) && !w->has_failed)
        tell_left_over(w);
    hand_fini(&w->hand);
    salesforce_close(w->sf);
    salesforce_close(w->next_sf);
    hubspot_close(w->hs);
    hubspot_close(w->next_hs);
    store_close(w->store);
    store_close(w->accounts);
    rehearse_end(w);
    free(w);
}

int
writer_reload(struct writer *w, const struct conf *conf, struct error *err)
{
    struct salesforce *fresh = NULL;
    struct hubspot *fresh_hs;
    struct rules rules;

    if (rules_read(conf, &rules, err) < 0 ||
        open_hubspot(w, conf, &fresh_hs, err) < 0)
        return -1;
    if (salesforce_open(conf, w->is_dry ? NULL : w->store, breathe, w->ctx,
                        &fresh, err) < 0) {
        if (!w->is_dry) {
            hubspot_close(fresh_hs);
            return -1;
        }
        fresh = w->sf;
    }
    /* It may be that a call is under way now. */
    if (w->next_sf != NULL && w->next_sf != w->sf)
        salesforce_close(w->next_sf);
    hubspot_close(w->next_hs);
    w->next_hs = fresh_hs;
    w->next_sf = fresh;
    w->next_rules = rules;
    w->has_next = true;
    return 0;
}

static void
put_reload_in_force(struct writer *w)
{
    if (!w->has_next)
        return;
    w->has_next = false;
    if (w->next_sf != w->sf && w->sf != NULL) {
        w->services[SIDE_SALESFORCE].calls_before += salesforce_calls(w->sf);
        salesforce_close(w->sf);
    }
    if (w->hs != NULL)
        w->services[SIDE_HUBSPOT].calls_before += hubspot_calls(w->hs);
    hubspot_close(w->hs);
    w->sf = w->next_sf;
    w->hs = w->next_hs;
    w->next_sf = NULL;
    w->next_hs = NULL;
    w->rules = w->next_rules;
    w->zone = NULL;
    memset(&w->uniques, 0, sizeof(w->uniques));
    for (int s = 0; s < SIDE_COUNT; s++)
        w->services[s].outage.until = 0; /* it may be what was to be mended */
}

bool
writer_zone(struct writer *w)
{
    struct error err = {EX_TEMPFAIL, "not signed in"};

    if (w->zone == NULL && w->rules.zone[0] != '\0')
        w->zone = w->rules.zone;
    if (w->zone != NULL)
        return true;
    if (w->sf != NULL && salesforce_time_zone(w->sf, &w->zone, &err) == 0)
        return true;
    w->zone = NULL;
    if (w->is_dry) {
        log_write(LOG_WARN, "dates are in UTC: the org's zone is not known",
                  "reason", err.text, NULL);
        w->zone = "UTC";
    } else if (err.code == EX_CONFIG) {
        writer_fail(w, &err);
    } else {
        outage_fail(&w->services[SIDE_SALESFORCE].outage, clock_monotonic_ms(),
                    &w->rules.backoff, chance_bits(), -1, "time-zone",
                    err.text);
    }
    return w->zone != NULL;
}

/* Which may go now. Returns how many; none: *next_due as of batch_choose(). */
static size_t
choose(struct writer *w, size_t *chosen, int64_t *next_due)
{
    struct batch_limits limits[BATCH_LANES];
    const struct batch_item **items;
    size_t n;

    for (int s = 0; s < SIDE_COUNT; s++)
        limits[s] =
            (struct batch_limits){w->services[s].rows_max, BATCH_BYTES_MAX,
                                  w->services[s].outage.until};
    limits[BATCH_NO_SERVICE] =
        (struct batch_limits){BATCH_ROWS_MAX, BATCH_BYTES_MAX, 0};

    items = malloc((w->hand.n > 0 ? w->hand.n : 1) * sizeof(const void *));
    if (items == NULL)
        abort();
    for (size_t i = 0; i < w->hand.n; i++)
        items[i] = &w->hand.held[i]->item;
    n = batch_choose(items, w->hand.n, clock_monotonic_ms(), limits, chosen,
                     next_due);
    free(items);
    return n;
}

static int
wait_ms(int64_t until)
{
    int64_t ms = until - clock_monotonic_ms();

    return ms < 1 ? 1 : ms > INT_MAX ? INT_MAX : (int)ms;
}

/* Are they as many as one call takes? */
static bool
is_full(const struct writer *w, const size_t *chosen, size_t n)
{
    int lane = w->hand.held[chosen[0]]->item.lane;

    return n >=
           (lane < SIDE_COUNT ? w->services[lane].rows_max : BATCH_ROWS_MAX);
}

static void
send_chosen(struct writer *w, const size_t *chosen, size_t n)
{
    const struct held *first = w->hand.held[chosen[0]];
    int lane = first->item.lane;

    if (first->is_activity)
        sync_send(w, chosen, n);
    else if (writer_zone(w))
        send_batch(w, chosen, n);
    if (lane < SIDE_COUNT && outage_is_on(&w->services[lane].outage))
        hand_to_back(&w->hand, chosen, n);
}

/* One call, if it is time for one. Returns as the hook `work`. */
static int
step(struct writer *w, bool at_once)
{
    size_t chosen[BATCH_ROWS_MAX];
    int64_t next_due = -1;
    bool more_may_come = w->n_new > 0 && !at_once;
    size_t n;

    put_reload_in_force(w);
    w->n_new = 0;
    if (w->hand.n == 0 || w->has_failed)
        return -1;
    n = choose(w, chosen, &next_due);
    if (n == 0)
        return next_due < 0 ? -1 : wait_ms(next_due);
    if (more_may_come && !is_full(w, chosen, n))
        return 0;
    send_chosen(w, chosen, n);
    hand_sweep(&w->hand);
    return w->hand.n > 0 ? 0 : -1;
}

int
writer_work(struct writer *w)
{
    return step(w, stage_is_draining(w->ctx));
}

/* A file is read faster than it can be written; a socket's sender keeps to
 * max_in_flight. */
static void
wait_for_room(struct writer *w)
{
    struct timespec slice = {0, SLICE_MS * 1000000L};

    while (w->hand.n >= HAND_MAX && !w->has_failed &&
           !stage_is_draining(w->ctx)) {
        if (step(w, true) > 0) {
            stage_breathe(w->ctx);
            nanosleep(&slice, NULL);
        }
    }
}

void
writer_take(struct writer *w, struct event *ev)
{
    put_reload_in_force(w);
    if (w->is_dry) {
        rehearse(w, ev);
        return;
    }
    stage_keep(w->ctx, ev);
    hand_take(&w->hand, ev);
    w->n_new++;
    wait_for_room(w);
}

bool
writer_drain(struct writer *w)
{
    size_t chosen[BATCH_ROWS_MAX];
    int64_t next_due;
    char n[32];

    if (w->hand.n == 0 || w->has_failed)
        return true;
    if (!w->is_live || choose(w, chosen, &next_due) > 0)
        return false;
    if (!w->told_waiting) {
        snprintf(n, sizeof(n), "%zu", w->hand.n);
        log_write(LOG_INFO,
                  "stopping while records wait for another try: they will be "
                  "sent again",
                  "records", n, NULL);
    }
    w->told_waiting = true;
    return true;
}

static const char *
service_state(const struct writer *w, enum side side)
{
    const struct outage *outage = &w->services[side].outage;

    return outage->is_paused      ? "paused"
           : outage_is_on(outage) ? "outage"
                                  : "ok";
}

void
writer_stats(struct writer *w, msgpack_packer *pk)
{
    int64_t now = clock_monotonic_ms();
    int64_t calls[SIDE_COUNT] = {
        [SIDE_SALESFORCE] = w->sf != NULL ? salesforce_calls(w->sf) : 0,
        [SIDE_HUBSPOT] = w->hs != NULL ? hubspot_calls(w->hs) : 0};
    const struct services services = {w->hs, w->sf};
    const struct outage *outages[SIDE_COUNT];
    int64_t waiting = 0, all = 0;

    for (size_t i = 0; i < w->hand.n; i++)
        waiting += w->hand.held[i]->item.due_at > now;
    mp_pack_str(pk, "api_calls");
    msgpack_pack_map(pk, SIDE_COUNT);
    for (int s = 0; s < SIDE_COUNT; s++) {
        outages[s] = &w->services[s].outage;
        calls[s] += w->services[s].calls_before;
        mp_pack_kv_i64(pk, side_name((enum side)s), calls[s]);
        all += calls[s];
    }
    mp_pack_kv_i64(pk, "calls", all);
    mp_pack_kv_i64(pk, "batches", w->n_batches);
    mp_pack_kv_i64(pk, "retries", w->n_retries);
    mp_pack_kv_i64(pk, "waiting", waiting);
    mp_pack_kv_str(pk, "service", service_state(w, SIDE_SALESFORCE));
    mp_pack_kv_str(pk, "hubspot_service", service_state(w, SIDE_HUBSPOT));
    services_pack_waits(&services, outages, SIDE_COUNT, pk);
}
