/* hubspot_limit: how many calls in which time, and the day's budget. */
#include "common/hubspot_private.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/path.h"

#include <limits.h>
#include <stdio.h>
#include <time.h>

#define INTERVAL_MS 10000
/* A little more than what the service counts in: two calls may take different
 * times to get there. */
#define WINDOW_MS        (INTERVAL_MS + 100)
#define SEARCH_WINDOW_MS 1050
#define FULL_MS          1000 /* and then a look whether it is still full */
#define SLICE_MS         100

/* Where a state is, its processes share the limits. */
static int
open_limiter(struct hubspot *hs, const struct conf *conf, const char *name,
             const char *key, int64_t window_ms, struct limiter_shared *out,
             struct error *err)
{
    bool is_shared = store_is_shared(hs->budget.store);
    char path[PATH_MAX];

    snprintf(path, sizeof(path), "%.3900s/%s", conf_run_dir(conf), name);
    if (is_shared && path_make_parent(path, err) < 0)
        return -1;
    return limiter_shared_open(out, is_shared ? path : NULL,
                               (size_t)conf_int(conf, "hubspot", key),
                               window_ms, err);
}

int
hubspot_limit_init(struct hubspot *hs, const struct conf *conf,
                   struct error *err)
{
    hs->rate = conf_int(conf, "hubspot", "rate");
    if (open_limiter(hs, conf, "hubspot.calls", "rate", WINDOW_MS, &hs->all,
                     err) < 0 ||
        open_limiter(hs, conf, "hubspot.associations", "association_rate",
                     WINDOW_MS, &hs->associations, err) < 0)
        return -1;
    return open_limiter(hs, conf, "hubspot.searches", "search_rate",
                        SEARCH_WINDOW_MS, &hs->search, err);
}

void
hubspot_limit_fini(struct hubspot *hs)
{
    limiter_shared_close(&hs->all);
    limiter_shared_close(&hs->associations);
    limiter_shared_close(&hs->search);
}

int
hubspot_wait(struct hubspot *hs, int64_t ms, struct error *err)
{
    int64_t until = clock_monotonic_ms() + ms;
    int64_t left = ms;

    do {
        struct timespec slice;

        if (hs->breathe != NULL && !hs->breathe(hs->ctx))
            return error_set(err, EX_TEMPFAIL,
                             "stopped while waiting for HubSpot");
        if (left > SLICE_MS)
            left = SLICE_MS;
        slice = (struct timespec){0, (long)left * 1000000};
        if (left > 0)
            nanosleep(&slice, NULL);
        left = until - clock_monotonic_ms();
    } while (left > 0);
    return 0;
}

static bool
spend(struct hubspot *hs, struct hubspot_answer *out)
{
    struct error err;
    int rv = budget_spend(&hs->budget, &err);

    if (rv < 0) {
        error_wrap(&err, "API calls cannot be counted");
        hubspot_end(out, HUBSPOT_RETRY, "state", err.text);
    } else if (rv == 0) {
        hubspot_end(out, HUBSPOT_PAUSE, "daily-api-limit", err.text);
    }
    return rv > 0;
}

/* 0: the call's turn has come, and is taken; else as limiter_shared_take(). */
static int64_t
ask_turn(struct hubspot *hs, enum hubspot_turn turn, struct error *err)
{
    int64_t now = clock_monotonic_ms();
    int64_t wait;

    if (turn == HUBSPOT_TURN_SEARCH)
        return limiter_shared_take(&hs->search, now, err);
    if (turn == HUBSPOT_TURN_CALL)
        return limiter_shared_take(&hs->all, now, err);
    wait = limiter_shared_wait_ms(&hs->associations, now, err);
    if (wait == 0)
        wait = limiter_shared_take(&hs->all, now, err);
    /* Another process may have been quicker: a turn is lost, no harm. */
    return wait == 0 ? limiter_shared_take(&hs->associations, now, err) : wait;
}

/* Wait for a turn. It is taken before the day's calls are counted: a turn that
 * is not used costs nothing. */
static bool
wait_turn(struct hubspot *hs, enum hubspot_turn turn,
          struct hubspot_answer *out)
{
    struct error err;
    int64_t wait = 0;

    do {
        if (hubspot_wait(hs, wait, &err) < 0) {
            hubspot_end(out, HUBSPOT_RETRY, "stopped", err.text);
            return false;
        }
        wait = ask_turn(hs, turn, &err);
        if (wait < 0) {
            hubspot_end(out, HUBSPOT_RETRY, "state", err.text);
            return false;
        }
    } while (wait > 0);
    return true;
}

bool
hubspot_limit_take(struct hubspot *hs, enum hubspot_turn turn,
                   struct hubspot_answer *out)
{
    return wait_turn(hs, turn, out) && spend(hs, out);
}

/* A limit is used up, though we have kept to it: others use it, too. Whatever
 * else would be called now would be refused as well. */
static void
hold(struct hubspot *hs, enum hubspot_turn turn, int64_t ms)
{
    int64_t now = clock_monotonic_ms();

    if (turn == HUBSPOT_TURN_SEARCH)
        limiter_shared_hold(&hs->search, ms, now);
    else
        limiter_shared_hold(&hs->all, ms, now);
    if (turn == HUBSPOT_TURN_ASSOCIATION)
        limiter_shared_hold(&hs->associations, ms, now);
}

static void
heed_rate(struct hubspot *hs, const struct http_response *res)
{
    char rate[16];

    if (res->rate_max <= 0 || res->rate_max >= hs->rate ||
        (res->rate_interval_ms > 0 && res->rate_interval_ms != INTERVAL_MS))
        return;
    hs->rate = res->rate_max;
    limiter_shared_set(&hs->all, (size_t)hs->rate, WINDOW_MS);
    snprintf(rate, sizeof(rate), "%d", res->rate_max);
    log_write(LOG_INFO,
              "this account may make fewer calls in 10 s than "
              "[hubspot] rate",
              "calls", rate, NULL);
}

void
hubspot_limit_heed(struct hubspot *hs, enum hubspot_turn turn,
                   const struct http_response *res,
                   const struct hubspot_answer *answer)
{
    heed_rate(hs, res);
    if (res->daily_max > 0 && res->daily_remaining >= 0)
        budget_heed(&hs->budget, res->daily_max - res->daily_remaining,
                    res->daily_max);
    if (res->status == 429 && answer->end == HUBSPOT_RETRY)
        hold(hs, turn,
             answer->retry_after_ms < INTERVAL_MS ? answer->retry_after_ms
                                                  : INTERVAL_MS);
    else if (res->rate_remaining == 0)
        hold(hs, turn, FULL_MS);
}
