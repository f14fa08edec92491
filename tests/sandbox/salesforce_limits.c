/* salesforce_limits: how many calls a day there were and may be, and how many
 * records there are (salesforce-api.md, 2). */
#include "tests/sandbox/salesforce.h"

#include <stdio.h>
#include <stdlib.h>

#define CALLS_MAX    100000    /* a day */
#define CALLS_NO_MAX 100000000 /* as good as without end */

static int
calls_max(void)
{
    return sandbox_options.no_limits ? CALLS_NO_MAX : CALLS_MAX;
}

bool
sf_count_call(struct salesforce *sf, struct response *res)
{
    int64_t now = sandbox_now_ms();
    char usage[64];
    bool is_over;

    if (now - sf->usage.since_ms >= INT64_C(24) * 3600 * 1000)
        sf->usage = (struct sf_usage){.since_ms = now};
    is_over = sf->usage.n >= calls_max();
    sf->usage.n += !is_over;
    snprintf(usage, sizeof(usage), "api-usage=%lld/%d", (long long)sf->usage.n,
             calls_max());
    response_header(res, "Sforce-Limit-Info", usage);
    if (is_over)
        sf_answer_error(res, 403, "REQUEST_LIMIT_EXCEEDED",
                        "TotalRequests Limit exceeded.");
    return !is_over;
}

void
sf_use(struct service *service, int64_t calls)
{
    struct salesforce *sf = service->data;

    sf->usage = (struct sf_usage){.since_ms = sandbox_now_ms(), .n = calls};
}

static void
add_limit(cJSON *doc, const char *name, int64_t max, int64_t used)
{
    cJSON *limit = cJSON_AddObjectToObject(doc, name);

    cJSON_AddNumberToObject(limit, "Max", (double)max);
    cJSON_AddNumberToObject(limit, "Remaining",
                            (double)(used < max ? max - used : 0));
}

void
sf_limits(struct sf_call *call)
{
    cJSON *doc = cJSON_CreateObject();

    add_limit(doc, "ConcurrentAsyncGetReportInstances", 200, 0);
    add_limit(doc, "ConcurrentSyncReportRuns", 20, 0);
    add_limit(doc, "DailyApiRequests", calls_max(), call->sf->usage.n);
    add_limit(doc, "DailyBulkApiRequests", 15000, 0);
    add_limit(doc, "DailyBulkV2QueryFileStorageMB", 976562, 0);
    add_limit(doc, "DailyBulkV2QueryJobs", 10000, 0);
    response_json(call->res, 200, doc);
}

static size_t
count_living(const struct hs_list *list)
{
    size_t n = 0;

    for (size_t i = 0; i < list->n; i++)
        n += !((struct sf_record *)list->v[i])->is_deleted;
    return n;
}

void
sf_record_counts(struct sf_call *call)
{
    cJSON *doc = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(doc, "sObjects");
    char *names = sf_param(call, "sObjects");

    for (size_t i = 0; names != NULL && names[i] != '\0'; i++)
        if (names[i] == ',')
            names[i] = ';';
    for (size_t i = 0; i < SF_N_OBJECTS; i++) {
        size_t n = count_living(&call->sf->lists[i]);
        cJSON *item;

        if (n == 0 || (names != NULL && !sf_listed(names, sf_objects[i].name)))
            continue;
        item = cJSON_CreateObject();
        cJSON_AddNumberToObject(item, "count", (double)n);
        cJSON_AddStringToObject(item, "name", sf_objects[i].name);
        cJSON_AddItemToArray(list, item);
    }
    free(names);
    response_json(call->res, 200, doc);
}
