/* hubspot_limit: how many calls in which time, and the day's budget. */
#include "common/hubspot_private.h"
#include "common/log.h"

#include <stdio.h>
#include <time.h>

#define WINDOW_MS        10000
#define SEARCH_WINDOW_MS 1000
#define SLICE_MS         100
#define DAY_MS           (24 * 3600 * INT64_C(1000))

static int64_t
monotonic_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
hubspot_limit_init(struct hubspot *hs, const struct conf *conf)
{
    hs->rate = conf_int(conf, "hubspot", "rate");
    limiter_init(&hs->all, (size_t)hs->rate, WINDOW_MS);
    limiter_init(&hs->search, (size_t)conf_int(conf, "hubspot", "search_rate"),
                 SEARCH_WINDOW_MS);
    hs->daily_limit = conf_int(conf, "hubspot", "daily_api_limit");
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
    int64_t until = monotonic_ms() + ms;
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
        left = until - monotonic_ms();
    } while (left > 0);
    return 0;
}

static int
count(struct hubspot *hs, int64_t calls, int64_t *total, struct error *err)
{
    struct timespec t;
    int64_t day;

    clock_gettime(CLOCK_REALTIME, &t);
    day = (int64_t)t.tv_sec * 1000 / DAY_MS;
    if (hs->store != NULL)
        return store_api_add(hs->store, "hubspot", day, calls, total, err);
    if (hs->day != day)
        hs->day_calls = 0;
    hs->day = day;
    *total = hs->day_calls += calls;
    return 0;
}

static int
spend(struct hubspot *hs, struct error *err)
{
    int64_t total = 0;

    if (count(hs, 1, &total, err) < 0) {
        error_wrap(err, "API calls cannot be counted");
        if (err != NULL)
            err->code = EX_TEMPFAIL;
        return -1;
    }
    if (total <= hs->daily_limit) {
        hs->calls++;
        return 0;
    }
    count(hs, -1, &total, NULL); /* it is not made */
    return error_set(err, EX_TEMPFAIL,
                     "[hubspot] daily_api_limit of %lld calls is spent for "
                     "today",
                     (long long)hs->daily_limit);
}

int
hubspot_limit_take(struct hubspot *hs, bool is_search, struct error *err)
{
    struct limiter *l = is_search ? &hs->search : &hs->all;
    int64_t wait;

    do {
        wait = limiter_wait_ms(l, monotonic_ms());
        if (hubspot_wait(hs, wait, err) < 0)
            return -1;
    } while (wait > 0);
    if (spend(hs, err) < 0)
        return -1;
    limiter_take(l, monotonic_ms());
    return 0;
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
