/* control: the sandbox's own API (/__sandbox/...), its clock, and the counting
 * of calls. */
#include "tests/sandbox/sandbox.h"
#include "common/timetext.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNTS_MAX 512

struct count {
    const struct service *service;
    char method[16], path[128];
    int status;
    int64_t n;
};

static struct count counts[COUNTS_MAX];
static int n_counts;
static int64_t offset_ms; /* of our clock */

int64_t
sandbox_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + offset_ms;
}

void
control_count(const struct service *service, const struct request *req,
              const struct response *res)
{
    const char *path = res->pattern[0] != '\0' ? res->pattern : req->path;
    int i = 0;

    while (i < n_counts &&
           (counts[i].service != service || counts[i].status != res->status ||
            strcmp(counts[i].method, req->method) != 0 ||
            strncmp(counts[i].path, path, sizeof(counts[i].path) - 1) != 0))
        i++;
    if (i == COUNTS_MAX)
        return;
    if (i == n_counts) {
        counts[i].service = service;
        counts[i].status = res->status;
        snprintf(counts[i].method, sizeof(counts[i].method), "%s", req->method);
        snprintf(counts[i].path, sizeof(counts[i].path), "%s", path);
        n_counts++;
    }
    counts[i].n++;
}

static cJSON *
stats(const struct service *service)
{
    cJSON *doc = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(doc, "calls");
    int64_t total = 0;

    for (int i = 0; i < n_counts; i++) {
        cJSON *call;

        if (counts[i].service != service)
            continue;
        call = cJSON_CreateObject();
        cJSON_AddStringToObject(call, "method", counts[i].method);
        cJSON_AddStringToObject(call, "path", counts[i].path);
        cJSON_AddNumberToObject(call, "status", counts[i].status);
        cJSON_AddNumberToObject(call, "n", (double)counts[i].n);
        cJSON_AddItemToArray(list, call);
        total += counts[i].n;
    }
    cJSON_AddNumberToObject(doc, "total", (double)total);
    return doc;
}

static cJSON *
refusal(const char *why)
{
    cJSON *doc = cJSON_CreateObject();

    cJSON_AddStringToObject(doc, "error", why);
    return doc;
}

static cJSON *
all_well(void)
{
    cJSON *doc = cJSON_CreateObject();

    cJSON_AddBoolToObject(doc, "ok", true);
    return doc;
}

/* "90s", "10m", "2h", "1d", or ms. */
static bool
duration(const cJSON *value, int64_t *ms)
{
    static const char units[] = "smhd";
    static const int64_t unit_ms[] = {1000, 60000, 3600000, 86400000};
    const char *unit;
    char *end;

    if (cJSON_IsNumber(value)) {
        *ms = (int64_t)value->valuedouble;
        return true;
    }
    if (!cJSON_IsString(value))
        return false;
    *ms = strtoll(value->valuestring, &end, 10);
    if (end == value->valuestring || strcmp(end, "ms") == 0)
        return end != value->valuestring;
    unit = *end != '\0' ? strchr(units, *end) : NULL;
    if (unit == NULL || end[1] != '\0')
        return *end == '\0';
    *ms *= unit_ms[unit - units];
    return true;
}

static cJSON *
set_clock(const cJSON *body)
{
    const cJSON *set = cJSON_GetObjectItemCaseSensitive(body, "set");
    const char *names[] = {"advance", "advance_ms"};
    cJSON *doc;
    int64_t ms;

    for (int i = 0; i < 2; i++)
        if (duration(cJSON_GetObjectItemCaseSensitive(body, names[i]), &ms))
            offset_ms += ms;
    if (cJSON_IsNumber(set))
        offset_ms += (int64_t)set->valuedouble - sandbox_now_ms();
    else if (cJSON_IsString(set) &&
             timetext_parse(set->valuestring, strlen(set->valuestring), &ms) ==
                 0)
        offset_ms += ms - sandbox_now_ms();
    doc = all_well();
    cJSON_AddNumberToObject(doc, "now", (double)sandbox_now_ms());
    return doc;
}

static cJSON *
post(struct service *service, const char *what, const cJSON *body)
{
    const char *why = "";
    const cJSON *n;
    cJSON *doc;

    if (strcmp(what, "load") == 0)
        return service->load(service, body);
    if (strcmp(what, "clock") == 0)
        return set_clock(body);
    if (strcmp(what, "faults") == 0)
        return faults_set(service, body, &why) ? all_well() : refusal(why);
    if (strcmp(what, "simulate") == 0 &&
        strcmp(service->name, "hubspot") == 0) {
        n = cJSON_GetObjectItemCaseSensitive(body, "activities");
        doc = all_well();
        cJSON_AddNumberToObject(
            doc, "activities",
            simulate(service, cJSON_IsNumber(n) ? n->valueint : 30));
        return doc;
    }
    return NULL;
}

static cJSON *
get(struct service *service, const char *what, const struct request *req)
{
    if (strcmp(what, "dump") == 0)
        return service->dump(service, request_query(req, "type"));
    if (strcmp(what, "stats") == 0)
        return stats(service);
    if (strcmp(what, "faults") == 0) {
        cJSON *doc = cJSON_CreateObject();

        cJSON_AddItemToObject(doc, "rules", faults_list(service));
        return doc;
    }
    return NULL;
}

void
control_handle(struct service *service, const struct request *req,
               struct response *res)
{
    const char *what = req->path + strlen("/__sandbox/");
    cJSON *body = NULL, *doc;

    if (strcmp(req->method, "POST") == 0) {
        body = cJSON_Parse(req->body);
        doc = body != NULL ? post(service, what, body)
                           : refusal("the body is no JSON");
    } else {
        doc = get(service, what, req);
    }
    cJSON_Delete(body);
    if (doc == NULL)
        doc = refusal("known: GET dump stats faults, POST load faults clock "
                      "simulate");
    response_json(res, cJSON_HasObjectItem(doc, "error") ? 400 : 200, doc);
}

void
control_close(void)
{
    n_counts = 0;
}
