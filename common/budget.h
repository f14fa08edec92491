/* budget: how many calls of a service's API may be made in a day (UTC). */
#ifndef COMMON_BUDGET_H
#define COMMON_BUDGET_H

#include "common/store.h"
#include <stdbool.h>

struct budget {
    const char *service;    /* "hubspot"; borrowed for ever */
    struct store *store;    /* keeps the day's calls, of all processes; NULL:
                               they are counted here */
    int64_t limit;          /* [SERVICE] daily_api_limit */
    int64_t calls;          /* made by this process */
    int64_t total;          /* the day's, of all, as of the last one */
    int64_t day, day_calls; /* without a store */
};

/* One more call: counts it. 1: it may be made; 0: the day's calls are spent, in
 * words in `err` (EX_TEMPFAIL); -1: it cannot be counted. */
int budget_spend(struct budget *b, struct error *err);

/* How many times more seldom than usual is to be asked for news, so that calls
 * are left for the rest of the day: 1 as long as a quarter of them is left, or
 * as much of them as of the day (UTC); at most BUDGET_SLOWEST. */
#define BUDGET_SLOWEST 60
int budget_slowness(int64_t total, int64_t limit, int64_t now_ms);

#endif
