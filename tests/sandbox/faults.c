/* faults: rules of what goes wrong with which calls. The first rule that fits
 * a call, and is not used up, applies to it. */
#include "tests/sandbox/sandbox.h"

#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define RULES_MAX 256
#define STALL_MS  600000

/* What is sent half of when nothing was done and the rule gives no body. */
#define STAND_IN                                                               \
    "{\"status\":\"COMPLETE\",\"results\":[{\"id\":\"1\",\"success\":true},"   \
    "{\"id\":\"2\",\"success\":true}],\"done\":true}"

struct rule {
    const struct service *service;
    cJSON *json;               /* as it was given */
    const char *method, *path; /* within json; NULL: any */
    struct fault fault;
    int64_t times, skip, fired; /* times < 0: for ever */
};

static struct rule rules[RULES_MAX];
static int n_rules;
static const struct rule *partial; /* of the call that is served now */
static int64_t lag_ms[2];

static const struct kind {
    const char *name;
    struct fault fault; /* as it is without further words */
} kinds[] = {{"status", {FAULT_STATUS, 0, ANSWER_ALL}},
             {"delay", {FAULT_DELAY, 1000, ANSWER_ALL}},
             {"stall", {FAULT_DELAY, STALL_MS, ANSWER_ALL}},
             {"cut", {FAULT_CUT, 0, ANSWER_HALF}},
             {"commit-then-cut", {FAULT_COMMIT_CUT, 0, ANSWER_NONE}},
             {"partial", {FAULT_PARTIAL, 0, ANSWER_ALL}},
             {"expire-token", {FAULT_EXPIRE, 0, ANSWER_ALL}},
             {"lag", {FAULT_LAG, 0, ANSWER_ALL}}};

static const cJSON *
get(const cJSON *json, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);

    return cJSON_IsNull(item) ? NULL : item;
}

static int64_t *
lag_of(const struct service *service)
{
    return &lag_ms[strcmp(service->name, "salesforce") == 0];
}

/* ---- reading rules ---- */

/* An absent one leaves *out as it is. */
static bool
text(const cJSON *json, const char *name, const char **out)
{
    const cJSON *item = get(json, name);

    if (item != NULL)
        *out = cJSON_GetStringValue(item);
    return item == NULL || *out != NULL;
}

static bool
whole(const cJSON *item)
{
    return cJSON_IsNumber(item) && item->valuedouble >= 0 &&
           item->valuedouble <= INT32_MAX &&
           floor(item->valuedouble) == item->valuedouble;
}

static bool
number(const cJSON *json, const char *name, int64_t *out)
{
    const cJSON *item = get(json, name);

    if (item != NULL && whole(item))
        *out = (int64_t)item->valuedouble;
    return item == NULL || whole(item);
}

static bool
are_rows(const cJSON *rows)
{
    const cJSON *row;

    if (rows == NULL || whole(rows))
        return true;
    cJSON_ArrayForEach(row, rows)
    {
        if (!whole(row))
            return false;
    }
    return cJSON_IsArray(rows);
}

static const struct kind *
find_kind(const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof(kinds) / sizeof(kinds[0]);
         i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

/* What an action needs to know. NULL, or why it is not good. */
static const char *
read_details(const cJSON *json, struct fault *fault)
{
    const char *unused = NULL;
    const cJSON *ms = get(json, "ms"), *headers = get(json, "headers");
    int64_t code = 500;

    if ((fault->action == FAULT_STATUS || fault->action == FAULT_CUT) &&
        (!number(json, "code", &code) || code < 200 || code > 599))
        return "code is an HTTP status, 200 to 599";
    if (headers != NULL && !cJSON_IsObject(headers))
        return "headers is an object";
    if (ms != NULL &&
        (!clock_duration(ms, &fault->delay_ms) || fault->delay_ms < 0))
        return "ms is a number of ms, or a text like 10s";
    if (fault->action == FAULT_LAG && ms == NULL)
        return "a lag has ms";
    if (!are_rows(get(json, "rows")))
        return "rows is a number, or an array of row numbers from 0";
    if (fault->action == FAULT_PARTIAL &&
        (!text(json, "code", &unused) || !text(json, "message", &unused)))
        return "code and message of rows are texts";
    if (fault->action == FAULT_CUT && cJSON_IsTrue(get(json, "after")))
        fault->action = FAULT_COMMIT_CUT;
    else if (fault->action == FAULT_COMMIT_CUT &&
             cJSON_IsTrue(get(json, "half")))
        fault->part = ANSWER_HALF;
    return NULL;
}

/* Does not take `json`. NULL, or why it is no rule. */
static const char *
read_rule(const struct service *service, cJSON *json, struct rule *rule)
{
    const char *action = NULL;
    const struct kind *kind;

    if (!cJSON_IsObject(json))
        return "a rule is an object";
    text(json, "action", &action);
    kind = find_kind(action);
    if (kind == NULL)
        return "a rule has an action: status delay stall cut commit-then-cut "
               "partial expire-token lag";
    *rule = (struct rule){
        .service = service, .json = json, .fault = kind->fault, .times = -1};
    if (!text(json, "method", &rule->method) ||
        !text(json, "path", &rule->path))
        return "method and path are texts";
    if (!number(json, "times", &rule->times) ||
        !number(json, "skip", &rule->skip))
        return "times and skip are whole numbers, 0 or more";
    return read_details(json, &rule->fault);
}

static void
clear(const struct service *service)
{
    int kept = 0;

    for (int i = 0; i < n_rules; i++) {
        if (rules[i].service == service)
            cJSON_Delete(rules[i].json);
        else
            rules[kept++] = rules[i];
    }
    n_rules = kept;
    *lag_of(service) = 0;
}

bool
faults_set(struct service *service, const cJSON *body, const char **why)
{
    const cJSON *list = get(body, "rules");
    cJSON *copy, *json;
    struct rule rule;
    int n = 0;

    if (list == NULL)
        list = body;
    if (cJSON_IsArray(list)) {
        copy = cJSON_Duplicate(list, true);
    } else {
        copy = cJSON_CreateArray();
        cJSON_AddItemToArray(copy, cJSON_Duplicate(list, true));
    }
    *why = NULL;
    cJSON_ArrayForEach(json, copy)
    {
        if (*why == NULL)
            *why = read_rule(service, json, &rule);
        n++;
    }
    if (*why == NULL && n > RULES_MAX / 2)
        *why = "too many rules";
    if (*why == NULL)
        clear(service);
    while (*why == NULL && (json = cJSON_DetachItemFromArray(copy, 0))) {
        read_rule(service, json, &rules[n_rules]);
        if (rules[n_rules].fault.action == FAULT_LAG)
            *lag_of(service) = rules[n_rules].fault.delay_ms;
        n_rules++;
    }
    cJSON_Delete(copy);
    return *why == NULL;
}

/* ---- applying them ---- */

/* A glob of the whole path, or a part of it. */
static bool
fits(const struct rule *rule, const struct service *service,
     const struct request *req)
{
    if (rule->service != service || rule->times == 0 ||
        rule->fault.action == FAULT_LAG)
        return false;
    if (rule->method != NULL && strcasecmp(rule->method, req->method) != 0)
        return false;
    return rule->path == NULL || fnmatch(rule->path, req->path, 0) == 0 ||
           strstr(req->path, rule->path) != NULL;
}

static void
fill_headers(const cJSON *headers, struct response *res)
{
    const cJSON *h;
    char value[64];

    cJSON_ArrayForEach(h, headers)
    {
        if (strcasecmp(h->string, "Content-Type") == 0)
            res->n_headers = 0; /* instead of the body's own */
    }
    cJSON_ArrayForEach(h, headers)
    {
        snprintf(value, sizeof(value), "%.15g", h->valuedouble);
        response_header(res, h->string,
                        cJSON_IsString(h) ? h->valuestring : value);
    }
}

/* The answer that a rule gives. */
static void
fill(const struct rule *rule, struct response *res)
{
    const cJSON *body = get(rule->json, "body");
    int64_t code = rule->fault.action == FAULT_STATUS ? 500 : 200;

    number(rule->json, "code", &code);
    if (cJSON_IsString(body)) {
        res->body = strdup(body->valuestring);
        if (res->body == NULL)
            abort();
        res->body_len = strlen(body->valuestring);
        response_header(res, "Content-Type",
                        body->valuestring[0] == '<' ? "text/html;charset=UTF-8"
                                                    : "text/plain");
    } else if (body != NULL) {
        response_json(res, 200, cJSON_Duplicate(body, true));
    } else if (rule->fault.action == FAULT_CUT) {
        response_json(res, 200, cJSON_Parse(STAND_IN));
    }
    fill_headers(get(rule->json, "headers"), res);
    res->status = (int)code;
}

void
faults_apply(struct service *service, const struct request *req,
             struct response *res, struct fault *fault)
{
    for (int i = 0; i < n_rules; i++) {
        struct rule *rule = &rules[i];

        if (!fits(rule, service, req))
            continue;
        if (rule->skip > 0) {
            rule->skip--;
            continue;
        }
        rule->fired++;
        if (rule->times > 0)
            rule->times--;
        *fault = rule->fault;
        if (fault->action == FAULT_STATUS || fault->action == FAULT_CUT)
            fill(rule, res);
        partial = fault->action == FAULT_PARTIAL ? rule : NULL;
        return;
    }
}

void
faults_done(void)
{
    partial = NULL;
}

const struct sandbox_row_fault *
sandbox_partial(int row)
{
    static struct sandbox_row_fault fault;
    const char *code = "UNABLE_TO_LOCK_ROW";
    const char *message = "unable to obtain exclusive access to this record";
    const cJSON *rows, *item;
    bool hit = false;

    if (partial == NULL)
        return NULL;
    rows = get(partial->json, "rows");
    cJSON_ArrayForEach(item, rows) hit |= item->valueint == row;
    if (!cJSON_IsArray(rows))
        hit = row < (rows != NULL ? rows->valueint : 1);
    if (!hit)
        return NULL;
    text(partial->json, "code", &code);
    text(partial->json, "message", &message);
    snprintf(fault.code, sizeof(fault.code), "%s", code);
    snprintf(fault.message, sizeof(fault.message), "%s", message);
    return &fault;
}

int64_t
sandbox_lag_ms(const struct service *service)
{
    return *lag_of(service);
}

cJSON *
faults_list(const struct service *service)
{
    cJSON *list = cJSON_CreateArray();

    for (int i = 0; i < n_rules; i++) {
        cJSON *rule;

        if (rules[i].service != service)
            continue;
        rule = cJSON_Duplicate(rules[i].json, true);
        cJSON_DeleteItemFromObjectCaseSensitive(rule, "fired");
        cJSON_AddNumberToObject(rule, "fired", (double)rules[i].fired);
        cJSON_AddItemToArray(list, rule);
    }
    return list;
}

void
faults_close(void)
{
    for (int i = 0; i < n_rules; i++)
        cJSON_Delete(rules[i].json);
    n_rules = 0;
}
