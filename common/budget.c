/* budget: see budget.h. */
#include "common/budget.h"
#include "common/clock.h"

#include <math.h>

#define DAY_MS  (24 * 3600 * INT64_C(1000))
#define KEEP_MS 10000 /* so long the store may be behind */

static int
count(struct budget *b, int64_t day, int64_t calls, int64_t *total,
      struct error *err)
{
    if (b->store != NULL)
        return store_api_add(b->store, b->service, day, calls, total, err);
    if (b->day != day)
        b->day_calls = 0;
    b->day = day;
    *total = b->day_calls += calls;
    return 0;
}

int
budget_spend(struct budget *b, struct error *err)
{
    int64_t day = clock_now_ms() / DAY_MS;
    int64_t total = 0;

    if (count(b, day, 1, &total, err) < 0)
        return -1;
    b->total = total < b->limit ? total : b->limit;
    if (total <= b->limit) {
        b->calls++;
        return 1;
    }
    count(b, day, -1, &total, NULL); /* it is not made */
    error_set(err, EX_TEMPFAIL,
              "[%s] daily_api_limit of %lld calls is spent for today: it goes "
              "on after midnight (UTC), or when it is raised and the chain "
              "restarted",
              b->service, (long long)b->limit);
    return 0;
}

void
budget_heed(struct budget *b, int64_t used, int64_t allowed)
{
    int64_t now = clock_now_ms();
    const struct store_quota quota = {used, allowed, now};

    b->quota = quota;
    if (b->store == NULL ||
        (b->stored.allowed == allowed && now - b->stored.at < KEEP_MS &&
         now >= b->stored.at &&
         budget_quota_slowness(&b->stored, now) ==
             budget_quota_slowness(&quota, now)))
        return;
    if (store_quota_put(b->store, b->service, &quota, NULL) == 0)
        b->stored = quota;
}

/* A quarter and more is plenty. */
#define PLENTY 0.25

int
budget_slowness(int64_t total, int64_t limit, int64_t now_ms)
{
    double left = (double)(limit - total) / (double)limit;
    double day = 1 - (double)(now_ms % DAY_MS) / (double)DAY_MS;

    if (left >= PLENTY || left >= day)
        return 1;
    return left * BUDGET_SLOWEST > day ? (int)(day / left + 0.5)
                                       : BUDGET_SLOWEST;
}

int
budget_quota_slowness(const struct store_quota *quota, int64_t now_ms)
{
    double left;

    if (quota->allowed <= 0 || now_ms - quota->at >= DAY_MS)
        return 1;
    left = (double)(quota->allowed - quota->used) / (double)quota->allowed;
    if (left >= PLENTY)
        return 1;
    return left * BUDGET_SLOWEST > PLENTY ? (int)ceil(PLENTY / left)
                                          : BUDGET_SLOWEST;
}

int
budget_slow(const struct budget *b)
{
    int64_t now = clock_now_ms();
    int own = budget_slowness(b->total, b->limit, now);
    int account = budget_quota_slowness(&b->quota, now);

    return own > account ? own : account;
}
