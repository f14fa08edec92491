/* calls: see calls.h. */
#include "stages/tools/status/calls.h"
#include "common/budget.h"
#include "common/mapping.h"
#include "common/summary.h"
#include "common/timetext.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#define DAY_S 86400

static void
add_account(cJSON *accounts, const char *service, const struct store_quota *q)
{
    cJSON *account;

    if (q->allowed <= 0) {
        cJSON_AddNullToObject(accounts, service);
        return;
    }
    account = cJSON_AddObjectToObject(accounts, service);
    cJSON_AddNumberToObject(account, "used", (double)q->used);
    cJSON_AddNumberToObject(account, "allowed", (double)q->allowed);
    cJSON_AddNumberToObject(account, "at", (double)q->at);
}

int
calls_gather(cJSON *doc, const struct conf *conf, struct store *store,
             struct error *err)
{
    cJSON *calls = cJSON_AddObjectToObject(doc, "api_calls");
    cJSON *limits = cJSON_AddObjectToObject(doc, "api_limits");
    cJSON *slowness = cJSON_AddObjectToObject(doc, "api_slowness");
    cJSON *accounts = cJSON_AddObjectToObject(doc, "api_accounts");

    for (int i = 0; store != NULL && i < SIDE_COUNT; i++) {
        const char *name = side_name((enum side)i);
        struct budget b = {.limit = conf_int(conf, name, "daily_api_limit")};

        if (store_api_add(store, name, time(NULL) / DAY_S, 0, &b.total, err) <
            0)
            return -1;
        /* Who only reads may find a state from before there was any. */
        store_quota_get(store, name, &b.quota, NULL);
        cJSON_AddNumberToObject(calls, name, (double)b.total);
        cJSON_AddNumberToObject(limits, name, (double)b.limit);
        cJSON_AddNumberToObject(slowness, name, budget_slow(&b));
        add_account(accounts, name, &b.quota);
    }
    return 0;
}

static void
print_account(const cJSON *account)
{
    char at[TIMETEXT_SIZE];

    printf("  the account, all its apps: %" PRId64 " of %" PRId64
           " calls in its day, as of %s\n",
           summary_number(account, "used"), summary_number(account, "allowed"),
           timetext_plain(summary_number(account, "at"), at));
}

static const cJSON *
of(const cJSON *doc, const char *what, const char *service)
{
    return cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(doc, what), service);
}

void
calls_print(const cJSON *doc)
{
    for (int i = 0; i < SIDE_COUNT; i++) {
        const char *name = side_name((enum side)i);
        const cJSON *calls = of(doc, "api_calls", name);
        const cJSON *limit = of(doc, "api_limits", name);
        const cJSON *slow = of(doc, "api_slowness", name);
        const cJSON *account = of(doc, "api_accounts", name);

        if (calls == NULL)
            continue;
        printf("api calls today, %s: %.0f of %.0f, %.0f left", name,
               calls->valuedouble, limit->valuedouble,
               limit->valuedouble - calls->valuedouble);
        if (slow->valuedouble > 1)
            printf("; news is asked for %.0f times less often",
                   slow->valuedouble);
        printf("\n");
        if (cJSON_IsObject(account))
            print_account(account);
    }
}
