/* control: the sandbox's own API (/__sandbox/...) and the counting of calls.
 *
 *   GET  dump[?type=T]   every record
 *   POST load[?before=1] put records in; and what was there before
 *   GET  stats           calls by method, path pattern and status
 *   GET  faults          the rules, and how often each was met
 *   POST faults          replace the rules
 *   GET  clock           what time it is
 *   POST clock           move it
 *   POST permissions     {NAME: true or false}: what the caller may do
 *   POST usage           {"calls": N}: what all apps have called in the day
 *   POST simulate        new activities (HubSpot's port) */
#include "tests/sandbox/sandbox.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNTS_MAX     1024
#define SIMULATE_MAX   100000
#define USAGE_MAX      100000000
#define SIMULATE_UNSET 30 /* activities when no number is given */

/* ---- counting ---- */

struct count {
    const struct service *service;
    char method[16], path[128];
    int status;
    int64_t n;
};

static struct count counts[COUNTS_MAX];
static int n_counts;

static bool
is_id(const char *part, size_t len)
{
    size_t digits = 0, others = 0;

    for (size_t i = 0; i < len; i++) {
        digits += isdigit((unsigned char)part[i]) != 0;
        others += !isalnum((unsigned char)part[i]);
    }
    return len > 0 &&
           (digits == len || len > 40 || memchr(part, '%', len) != NULL ||
            (digits > 2 &&
             ((others == 0 && len >= 15) || (others == 4 && len == 36))));
}

/* A path's pattern when no service was asked for it: {id} for what looks like
 * one. */
static void
guess_pattern(const char *path, char *out, size_t size)
{
    size_t n = 0;

    out[0] = '\0';
    while (*path != '\0' && n < size) {
        size_t slashes = strspn(path, "/");
        const char *part = path + slashes;
        size_t len = strcspn(part, "/");
        bool hide = is_id(part, len);

        n += (size_t)snprintf(out + n, size - n, "%s%.*s",
                              slashes > 0 ? "/" : "", hide ? 4 : (int)len,
                              hide ? "{id}" : part);
        path = part + len;
    }
}

static bool
is_count_of(const struct count *c, const struct service *service,
            const struct request *req, int status, const char *path)
{
    return c->service == service && c->status == status &&
           strcmp(c->method, req->method) == 0 && strcmp(c->path, path) == 0;
}

void
control_count(const struct service *service, const struct request *req,
              const struct response *res)
{
    char path[sizeof(counts[0].path)];
    int i = 0;

    if (res->pattern[0] != '\0')
        snprintf(path, sizeof(path), "%s", res->pattern);
    else
        guess_pattern(req->path, path, sizeof(path));
    if (n_counts >= COUNTS_MAX - 16)
        snprintf(path, sizeof(path), "(others)");
    while (i < n_counts &&
           !is_count_of(&counts[i], service, req, res->status, path))
        i++;
    if (i == COUNTS_MAX)
        return;
    if (i == n_counts) {
        counts[i].service = service;
        counts[i].status = res->status;
        snprintf(counts[i].method, sizeof(counts[i].method), "%s", req->method);
        memcpy(counts[i].path, path, sizeof(path));
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

/* ---- the calls ---- */

static cJSON *
refusal(const char *why)
{
    cJSON *doc = cJSON_CreateObject();

    cJSON_AddStringToObject(doc, "error", why);
    return doc;
}

static cJSON *
all_well(const char *name, int64_t value)
{
    cJSON *doc = cJSON_CreateObject();

    cJSON_AddBoolToObject(doc, "ok", true);
    cJSON_AddNumberToObject(doc, name, (double)value);
    return doc;
}

static cJSON *
get_dump(struct service *service, const struct request *req, const cJSON *body)
{
    (void)body;
    return service->dump(service, request_query(req, "type"));
}

static cJSON *
get_stats(struct service *service, const struct request *req, const cJSON *body)
{
    (void)req;
    (void)body;
    return stats(service);
}

static cJSON *
get_faults(struct service *service, const struct request *req,
           const cJSON *body)
{
    cJSON *doc = cJSON_CreateObject();

    (void)req;
    (void)body;
    cJSON_AddItemToObject(doc, "rules", faults_list(service));
    return doc;
}

static cJSON *
get_clock(struct service *service, const struct request *req, const cJSON *body)
{
    (void)service;
    (void)req;
    (void)body;
    return all_well("now", sandbox_now_ms());
}

/* What there was of each type that is loaded. */
static cJSON *
before_load(struct service *service, const cJSON *body)
{
    cJSON *before = cJSON_CreateObject(), *dump, *records;
    const cJSON *list;

    cJSON_ArrayForEach(list, body)
    {
        dump = service->dump(service, list->string);
        records = cJSON_DetachItemFromObjectCaseSensitive(dump, list->string);
        if (records != NULL)
            cJSON_AddItemToObject(before, list->string, records);
        cJSON_Delete(dump);
    }
    return before;
}

static cJSON *
post_load(struct service *service, const struct request *req, const cJSON *body)
{
    cJSON *before = NULL, *doc;

    if (!cJSON_IsObject(body))
        return refusal("an object is wanted: {\"TYPE\": [records]}");
    if (request_query(req, "before") != NULL)
        before = before_load(service, body);
    doc = service->load(service, body);
    if (before != NULL)
        cJSON_AddItemToObject(doc, "before", before);
    return doc;
}

static cJSON *
post_faults(struct service *service, const struct request *req,
            const cJSON *body)
{
    const char *why;
    cJSON *doc, *list;

    (void)req;
    if (!faults_set(service, body, &why))
        return refusal(why);
    list = faults_list(service);
    doc = all_well("rules", cJSON_GetArraySize(list));
    cJSON_Delete(list);
    return doc;
}

static cJSON *
post_clock(struct service *service, const struct request *req,
           const cJSON *body)
{
    const char *why;

    if (!clock_set(body, &why))
        return refusal(why);
    return get_clock(service, req, body);
}

static cJSON *
post_simulate(struct service *service, const struct request *req,
              const cJSON *body)
{
    const cJSON *n = cJSON_GetObjectItemCaseSensitive(body, "activities");
    int made;

    (void)req;
    if (strcmp(service->name, "hubspot") != 0)
        return refusal("simulate is for HubSpot's port");
    if (n != NULL && (!cJSON_IsNumber(n) || n->valuedouble < 0 ||
                      n->valuedouble > SIMULATE_MAX))
        return refusal("activities is a number, at most 100000");
    made = simulate(service, n != NULL ? n->valueint : SIMULATE_UNSET);
    if (made < 0)
        return refusal("the service refused the activities");
    return all_well("activities", made);
}

static cJSON *
post_permissions(struct service *service, const struct request *req,
                 const cJSON *body)
{
    const cJSON *item;
    int n = 0;

    (void)req;
    if (!cJSON_IsObject(body))
        return refusal("an object is wanted: {NAME: true or false}");
    cJSON_ArrayForEach(item, body)
    {
        if (!cJSON_IsBool(item) ||
            !service->permit(service, item->string, cJSON_IsTrue(item)))
            return refusal("there is no such permission, or its value is not "
                           "true or false");
        n++;
    }
    return all_well("permissions", n);
}

static cJSON *
post_usage(struct service *service, const struct request *req,
           const cJSON *body)
{
    const cJSON *n = cJSON_GetObjectItemCaseSensitive(body, "calls");

    (void)req;
    if (!cJSON_IsNumber(n) || n->valuedouble < 0 || n->valuedouble > USAGE_MAX)
        return refusal("calls is a number, at most 100000000");
    service->use(service, (int64_t)n->valuedouble);
    return all_well("calls", n->valueint);
}

static const struct verb {
    const char *method, *name;
    cJSON *(*answer)(struct service *service, const struct request *req,
                     const cJSON *body);
} verbs[] = {{"GET", "dump", get_dump},
             {"GET", "stats", get_stats},
             {"GET", "faults", get_faults},
             {"GET", "clock", get_clock},
             {"POST", "load", post_load},
             {"POST", "faults", post_faults},
             {"POST", "clock", post_clock},
             {"POST", "simulate", post_simulate},
             {"POST", "permissions", post_permissions},
             {"POST", "usage", post_usage}};

/* An answer with "error": status 400, unless it is *status already. */
static cJSON *
call_verb(struct service *service, const struct request *req, int *status)
{
    const char *name = req->path + strlen("/__sandbox/");
    bool is_known = false;
    cJSON *body = NULL, *doc;

    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(verbs[i].name, name) != 0)
            continue;
        is_known = true;
        if (strcmp(verbs[i].method, req->method) != 0)
            continue;
        if (strcmp(req->method, "POST") == 0) {
            body = cJSON_ParseWithOpts(req->body, NULL, true);
            if (body == NULL)
                return refusal("the body is no JSON");
        }
        doc = verbs[i].answer(service, req, body);
        cJSON_Delete(body);
        return doc;
    }
    *status = is_known ? 405 : 404;
    return refusal("known: GET dump stats faults clock, POST load faults clock "
                   "simulate permissions usage");
}

void
control_handle(struct service *service, const struct request *req,
               struct response *res)
{
    int status = 200;
    cJSON *doc = call_verb(service, req, &status);

    if (status == 200 && cJSON_HasObjectItem(doc, "error"))
        status = 400;
    response_json(res, status, doc);
}

void
control_close(void)
{
    n_counts = 0;
}
