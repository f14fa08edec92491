/* budget: how many calls of a service's API may be made in a day (UTC), and
 * what the account itself has left for all its apps. */
#ifndef COMMON_BUDGET_H
#define COMMON_BUDGET_H

#include "common/store.h"
#include <stdbool.h>

struct budget {
    const char *service;       /* "hubspot"; borrowed for ever */
    struct store *store;       /* keeps the day's calls, of all processes; NULL:
                                  they are counted here */
    int64_t limit;             /* [SERVICE] daily_api_limit */
    int64_t calls;             /* made by this process */
    int64_t total;             /* the day's, of all, as of the last one */
    int64_t day, day_calls;    /* without a store */
    struct store_quota quota;  /* of the account, as of its last answer */
    struct store_quota stored; /* what the store has of it */
};

/* One more call: counts it. 1: it may be made; 0: the day's calls are spent, in
 * words in `err` (EX_TEMPFAIL); -1: it cannot be counted. */
int budget_spend(struct budget *b, struct error *err);

/* The service has said how many calls all apps of the account have made in its
 * day, and how many they may. Kept in the store, too, for `status`: each few
 * seconds, and at once when it gets short; a store that fails is no harm. */
void budget_heed(struct budget *b, int64_t used, int64_t allowed);

/* How many times more seldom than usual is to be asked for news, at most
 * BUDGET_SLOWEST. Pure.
 *
 * So that our own calls last for the day (UTC): 1 as long as a quarter of them
 * is left, or as much of them as of the day. */
#define BUDGET_SLOWEST 60
int budget_slowness(int64_t total, int64_t limit, int64_t now_ms);
/* So that the account's other apps do not come to a stop: 1 as long as a
 * quarter of its calls is left. When its day ends is not known (HubSpot: at
 * midnight of the account's own time zone; Salesforce: the last 24 hours). What
 * it said more than a day ago says nothing. */
int budget_quota_slowness(const struct store_quota *quota, int64_t now_ms);
/* The larger of both. */
int budget_slow(const struct budget *b);

#endif
