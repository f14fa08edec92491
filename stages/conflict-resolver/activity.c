/* activity: see activity.h. When to work, when to wait, when to stop. */
#include "stages/conflict-resolver/activity.h"

#include "common/accounts.h"
#include "common/log.h"
#include "common/tool.h"
#include "stages/conflict-resolver/activity_private.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HAND_MAX 4096 /* of a file, which is read faster than decided */
#define SLICE_MS 50

void
activity_fail(struct activity_sync *sync, const struct error *err)
{
    sync->has_failed = true;
    stage_fail(sync->ctx, err);
}

/* The day's calls are shared by all that spend them, and so is a sign-in. A dry
 * run, and whoever works on files, makes no state for it. */
static int
open_accounts(struct activity_sync *sync, const struct conf *conf,
              struct error *err)
{
    char url[PATH_MAX + 16];

    if (!stage_is_live(sync->ctx) || getenv(STAGE_DRY_RUN) != NULL)
        return accounts_open(conf, &sync->accounts, err);
    tool_state_url(conf, url, sizeof(url));
    return store_open(url, STORE_WRITE, &sync->accounts, err);
}

int
activity_open(struct stage_ctx *ctx, const struct conf *conf,
              struct activity_sync **out, struct error *err)
{
    struct activity_sync *sync = calloc(1, sizeof(*sync));

    if (sync == NULL)
        abort();
    sync->ctx = ctx;
    outages_init(sync);
    if (open_accounts(sync, conf, err) < 0 ||
        setup_new(ctx, conf, sync->accounts, &sync->setup, err) < 0) {
        store_close(sync->accounts);
        free(sync);
        return -1;
    }
    *out = sync;
    return 0;
}

int
activity_reload(struct activity_sync *sync, const struct conf *conf,
                struct error *err)
{
    struct setup *fresh;

    if (setup_new(sync->ctx, conf, sync->accounts, &fresh, err) < 0)
        return -1;
    setup_free(sync->next);
    sync->next = fresh;
    return 0;
}

static int64_t
calls_of(const struct setup *s, enum side side)
{
    if (!s->is_on)
        return 0;
    return side == SIDE_HUBSPOT ? hubspot_calls(s->services.hubspot)
                                : salesforce_calls(s->services.salesforce);
}

static void
put_reload_in_force(struct activity_sync *sync)
{
    if (sync->next == NULL)
        return;
    for (int s = 0; s < SIDE_COUNT; s++) {
        sync->calls_before[s] += calls_of(sync->setup, (enum side)s);
        sync->outage[s].until = 0; /* it may be what was to be mended */
    }
    for (size_t i = 0; i < sync->hand.n; i++)
        sync->hand.held[i]->due_at = 0;
    pool_renew(&sync->pool, INT64_MAX); /* other values may be mapped now */
    setup_free(sync->setup);
    sync->setup = sync->next;
    sync->next = NULL;
}

/* From a file nobody sends it again: the shell has to know. */
static void
tell_left_over(struct activity_sync *sync)
{
    struct error err;

    error_set(&err, EX_TEMPFAIL,
              "%zu events of the input were not decided; run it again when "
              "HubSpot and Salesforce answer",
              sync->hand.n);
    activity_fail(sync, &err);
}

void
activity_close(struct activity_sync *sync)
{
    if (sync == NULL)
        return;
    if (!stage_is_live(sync->ctx) && sync->hand.n > 0 && !sync->has_failed)
        tell_left_over(sync);
    hand_fini(&sync->hand);
    claims_fini(&sync->claims);
    pool_renew(&sync->pool, INT64_MAX);
    setup_free(sync->setup);
    setup_free(sync->next);
    store_close(sync->accounts);
    free(sync);
}

bool
activity_is_one(const struct event *ev)
{
    char name[16];

    return strcmp(event_str(ev, EVENT_SYNC, name, sizeof(name)), "activity") ==
           0;
}

void
activity_take(struct activity_sync *sync, struct event *ev)
{
    stage_keep(sync->ctx, ev);
    hand_take(&sync->hand, ev);
    sync->n_new++;
}

static int
wait_ms(int64_t until)
{
    int64_t ms = until - clock_monotonic_ms();

    return ms < 1 ? 1 : ms > INT_MAX ? INT_MAX : (int)ms;
}

/* One turn, if there is something to do. Returns as the hook `work`. */
static int
step(struct activity_sync *sync, struct store *store)
{
    struct held *chosen[CURRENT_MAX];
    bool more_may_come = sync->n_new > 0 && !stage_is_draining(sync->ctx);
    int64_t next_due;
    size_t n;

    put_reload_in_force(sync);
    sync->n_new = 0;
    if (sync->hand.n == 0 || sync->has_failed)
        return -1;
    n = hand_choose(&sync->hand, clock_monotonic_ms(), chosen, CURRENT_MAX,
                    &next_due);
    if (n == 0)
        return next_due < 0 ? -1 : wait_ms(next_due);
    if (more_may_come && n < CURRENT_MAX)
        return 0;
    activity_turn(sync, store, chosen, n);
    hand_sweep(&sync->hand);
    return sync->hand.n > 0 ? 0 : -1;
}

int
activity_work(struct activity_sync *sync, struct store *store)
{
    struct timespec slice = {0, SLICE_MS * 1000000L};
    int in_ms = step(sync, store);

    /* Whoever sends over a socket keeps to max_in_flight. */
    while (!stage_is_live(sync->ctx) && sync->hand.n >= HAND_MAX &&
           !sync->has_failed && !stage_is_draining(sync->ctx)) {
        if (in_ms > 0) {
            stage_breathe(sync->ctx);
            nanosleep(&slice, NULL);
        }
        in_ms = step(sync, store);
    }
    return in_ms;
}

bool
activity_drain(struct activity_sync *sync)
{
    struct held *chosen[1];
    int64_t next_due;
    char n[32];

    if (sync->hand.n == 0 || sync->has_failed)
        return true;
    if (!stage_is_live(sync->ctx) ||
        hand_choose(&sync->hand, clock_monotonic_ms(), chosen, 1, &next_due) >
            0)
        return false;
    if (!sync->told_waiting) {
        snprintf(n, sizeof(n), "%zu", sync->hand.n);
        log_write(LOG_INFO,
                  "stopping while records wait for an answer: they will be "
                  "sent again",
                  "records", n, NULL);
    }
    sync->told_waiting = true;
    return true;
}

void
activity_stats(const struct activity_sync *sync, msgpack_packer *pk)
{
    int64_t now = clock_monotonic_ms();
    const struct outage *outages[SIDE_COUNT];
    int64_t waiting = 0;

    for (size_t i = 0; i < sync->hand.n; i++)
        waiting += sync->hand.held[i]->due_at > now;
    mp_pack_str(pk, "api_calls");
    msgpack_pack_map(pk, SIDE_COUNT);
    for (int s = 0; s < SIDE_COUNT; s++) {
        outages[s] = &sync->outage[s];
        mp_pack_kv_i64(pk, side_name((enum side)s),
                       sync->calls_before[s] +
                           calls_of(sync->setup, (enum side)s));
    }
    mp_pack_kv_i64(pk, "waiting", waiting);
    services_pack_waits(&sync->setup->services, outages, SIDE_COUNT, pk);
}
