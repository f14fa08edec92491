/* budget: see budget.h. */
#include "common/budget.h"
#include "common/clock.h"

#define DAY_MS (24 * 3600 * INT64_C(1000))

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

int
budget_slowness(int64_t total, int64_t limit, int64_t now_ms)
{
    double left = (double)(limit - total) / (double)limit;
    double day = 1 - (double)(now_ms % DAY_MS) / (double)DAY_MS;

    if (left >= 0.25 || left >= day)
        return 1;
    return left * BUDGET_SLOWEST > day ? (int)(day / left + 0.5)
                                       : BUDGET_SLOWEST;
}
