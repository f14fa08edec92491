/* faults: rules of what goes wrong with which calls. */
#include "tests/sandbox/sandbox.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RULES_MAX 64
#define STALL_MS  600000

struct rule {
    const struct service *service;
    cJSON *json; /* as it was given */
    enum fault_action action;
    int64_t times, skip, fired; /* times < 0: for ever */
};

static struct rule rules[RULES_MAX];
static int n_rules;
static const struct rule *partial; /* of the call that is served now */
static int64_t lag_ms[2];

static const struct {
    const char *name;
    enum fault_action action;
} actions[] = {{"status", FAULT_STATUS},
               {"delay", FAULT_DELAY},
               {"stall", FAULT_DELAY},
               {"cut", FAULT_CUT},
               {"commit-then-cut", FAULT_COMMIT_CUT},
               {"partial", FAULT_PARTIAL},
               {"expire-token", FAULT_EXPIRE}};

static const char *
text(const cJSON *json, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
}

static int64_t
number(const cJSON *json, const char *name, int64_t fallback)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);

    return cJSON_IsNumber(item) ? (int64_t)item->valuedouble : fallback;
}

static bool
add_rule(struct service *service, const cJSON *json, const char **why)
{
    const char *name = text(json, "action");
    struct rule *rule = &rules[n_rules];

    if (name != NULL && strcmp(name, "lag") == 0) {
        lag_ms[strcmp(service->name, "salesforce") == 0] =
            number(json, "ms", 0);
        return true;
    }
    *why = "a rule has an action: status delay stall cut commit-then-cut "
           "partial expire-token lag";
    for (size_t i = 0; name != NULL && i < sizeof(actions) / sizeof(actions[0]);
         i++) {
        if (strcmp(actions[i].name, name) != 0)
            continue;
        if (n_rules == RULES_MAX) {
            *why = "too many rules";
            return false;
        }
        *rule = (struct rule){.service = service,
                              .json = cJSON_Duplicate(json, true),
                              .action = actions[i].action,
                              .times = number(json, "times", -1),
                              .skip = number(json, "skip", 0)};
        n_rules++;
        return true;
    }
    return false;
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
    lag_ms[strcmp(service->name, "salesforce") == 0] = 0;
}

bool
faults_set(struct service *service, const cJSON *body, const char **why)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(body, "rules");
    const cJSON *rule;

    clear(service);
    if (list == NULL && cJSON_IsObject(body))
        return add_rule(service, body, why);
    list = list != NULL ? list : body;
    *why = "rules are an array";
    if (!cJSON_IsArray(list))
        return false;
    cJSON_ArrayForEach(rule, list)
    {
        if (!add_rule(service, rule, why))
            return false;
    }
    return true;
}

/* A glob of the whole path, or a part of it. */
static bool
fits(const struct rule *rule, const struct service *service,
     const struct request *req)
{
    const char *method = text(rule->json, "method");
    const char *path = text(rule->json, "path");

    if (rule->service != service || rule->times == 0)
        return false;
    if (method != NULL && strcmp(method, req->method) != 0)
        return false;
    return path == NULL || fnmatch(path, req->path, 0) == 0 ||
           strstr(req->path, path) != NULL;
}

static void
answer_status(const struct rule *rule, struct response *res)
{
    const cJSON *body = cJSON_GetObjectItemCaseSensitive(rule->json, "body");
    const cJSON *headers =
        cJSON_GetObjectItemCaseSensitive(rule->json, "headers");
    const cJSON *h;
    char value[64];

    if (cJSON_IsString(body)) {
        res->body = strdup(body->valuestring);
        res->body_len = strlen(body->valuestring);
    } else if (body != NULL) {
        response_json(res, 200, cJSON_Duplicate(body, true));
    }
    res->status = (int)number(rule->json, "code", 500);
    cJSON_ArrayForEach(h, headers)
    {
        snprintf(value, sizeof(value), "%.0f", h->valuedouble);
        response_header(res, h->string,
                        cJSON_IsString(h) ? h->valuestring : value);
    }
    snprintf(res->pattern, sizeof(res->pattern), "(fault)");
}

enum fault_action
faults_apply(struct service *service, const struct request *req,
             struct response *res, int64_t *delay_ms)
{
    for (int i = 0; i < n_rules; i++) {
        struct rule *rule = &rules[i];
        const char *name = text(rule->json, "action");

        if (!fits(rule, service, req) || rule->skip-- > 0)
            continue;
        rule->skip = 0;
        rule->fired++;
        if (rule->times > 0)
            rule->times--;
        if (rule->action == FAULT_STATUS)
            answer_status(rule, res);
        *delay_ms = number(rule->json, "ms",
                           strcmp(name, "stall") == 0 ? STALL_MS : 1000);
        partial = rule->action == FAULT_PARTIAL ? rule : NULL;
        return rule->action;
    }
    return FAULT_NONE;
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
    const cJSON *rows, *item;
    const char *code, *message;
    bool hit = false;

    if (partial == NULL)
        return NULL;
    rows = cJSON_GetObjectItemCaseSensitive(partial->json, "rows");
    if (cJSON_IsArray(rows)) {
        cJSON_ArrayForEach(item, rows) hit |= item->valueint == row;
    } else {
        hit = row < (cJSON_IsNumber(rows) ? rows->valueint : 1);
    }
    if (!hit)
        return NULL;
    code = text(partial->json, "code");
    message = text(partial->json, "message");
    snprintf(fault.code, sizeof(fault.code), "%s",
             code != NULL ? code : "UNABLE_TO_LOCK_ROW");
    snprintf(fault.message, sizeof(fault.message), "%s",
             message != NULL
                 ? message
                 : "unable to obtain exclusive access to this record");
    return &fault;
}

int64_t
sandbox_lag_ms(const struct service *service)
{
    return lag_ms[strcmp(service->name, "salesforce") == 0];
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
