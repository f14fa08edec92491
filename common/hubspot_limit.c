/* hubspot_limit: how many calls in which time, and the day's budget. */
#include "common/hubspot_private.h"
#include "common/clock.h"
#include "common/log.h"

#include <stdio.h>
#include <time.h>

#define WINDOW_MS        10000
#define SEARCH_WINDOW_MS 1000
#define SLICE_MS         100

void
hubspot_limit_init(struct hubspot *hs, const struct conf *conf)
{
    hs->rate = conf_int(conf, "hubspot", "rate");
    limiter_init(&hs->all, (size_t)hs->rate, WINDOW_MS);
    limiter_init(&hs->search, (size_t)conf_int(conf, "hubspot", "search_rate"),
                 SEARCH_WINDOW_MS);
}

void
hubspot_limit_fini(struct hubspot *hs)
{
    limiter_fini(&hs->all);
    limiter_fini(&hs->search);
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

bool
hubspot_limit_take(struct hubspot *hs, bool is_search,
                   struct hubspot_answer *out)
{
    struct limiter *l = is_search ? &hs->search : &hs->all;
    struct error err;
    int64_t wait;

    do {
        wait = limiter_wait_ms(l, clock_monotonic_ms());
        if (hubspot_wait(hs, wait, &err) < 0) {
            hubspot_end(out, HUBSPOT_RETRY, "stopped", err.text);
            return false;
        }
    } while (wait > 0);
    if (!spend(hs, out))
        return false;
    limiter_take(l, clock_monotonic_ms());
    return true;
}

void
hubspot_limit_heed(struct hubspot *hs, const struct http_response *res)
{
    char rate[16];

    if (res->rate_max <= 0 || res->rate_max >= hs->rate ||
        (res->rate_interval_ms > 0 && res->rate_interval_ms != WINDOW_MS))
        return;
    hs->rate = res->rate_max;
    limiter_set(&hs->all, (size_t)hs->rate, WINDOW_MS);
    snprintf(rate, sizeof(rate), "%d", res->rate_max);
    log_write(LOG_INFO,
              "this account may make fewer calls in 10 s than "
              "[hubspot] rate",
              "calls", rate, NULL);
}
