/* salesforce: the sandbox's Salesforce: routing, sign-in, limits, error bodies
 * (salesforce-api.md, 1 and 2). */
#include "tests/sandbox/salesforce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct salesforce the_org;

void
salesforce_id18(const char *id15, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

    memcpy(out, id15, 15);
    for (int g = 0; g < 3; g++) {
        int bits = 0;

        for (int i = 0; i < 5; i++)
            if (id15[5 * g + i] >= 'A' && id15[5 * g + i] <= 'Z')
                bits |= 1 << i;
        out[15 + g] = digits[bits];
    }
    out[18] = '\0';
}

void
sf_answer_error(struct response *res, int status, const char *code,
                const char *message)
{
    cJSON *list = cJSON_CreateArray(), *e = cJSON_CreateObject();

    cJSON_AddStringToObject(e, "message", message);
    cJSON_AddStringToObject(e, "errorCode", code);
    cJSON_AddItemToArray(list, e);
    response_json(res, status, list);
}

void
sf_answer_empty(struct response *res, int status)
{
    res->status = status;
}

static void
token_error(struct response *res, const char *error, const char *description)
{
    cJSON *e = cJSON_CreateObject();

    cJSON_AddStringToObject(e, "error", error);
    cJSON_AddStringToObject(e, "error_description", description);
    response_json(res, 400, e);
}

static void
give_token(struct salesforce *sf, struct response *res)
{
    cJSON *t = cJSON_CreateObject();
    char text[64];

    if (sf->token_number == 0)
        sf->token_number = 1;
    snprintf(text, sizeof(text), "00D000000000001!sandbox%lld",
             (long long)sf->token_number);
    cJSON_AddStringToObject(t, "access_token", text);
    snprintf(text, sizeof(text), "http://127.0.0.1:%d", sf->service->port);
    cJSON_AddStringToObject(t, "instance_url", text);
    cJSON_AddStringToObject(
        t, "id", "https://login.salesforce.com/id/00D000000000001AAA/" SF_USER);
    cJSON_AddStringToObject(t, "token_type", "Bearer");
    cJSON_AddStringToObject(t, "scope", "api");
    snprintf(text, sizeof(text), "%lld", (long long)sandbox_now_ms());
    cJSON_AddStringToObject(t, "issued_at", text);
    response_json(res, 200, t);
}

static void
sign_in(struct salesforce *sf, const struct request *req, struct response *res)
{
    /* base64 of sandbox-client:sandbox-secret */
    static const char basic[] =
        "Basic c2FuZGJveC1jbGllbnQ6c2FuZGJveC1zZWNyZXQ=";
    const char *header = request_header(req, "Authorization");
    char grant[64], id[128], secret[128], refresh[128];
    bool known;

    request_form(req, "grant_type", grant, sizeof(grant));
    request_form(req, "client_id", id, sizeof(id));
    request_form(req, "client_secret", secret, sizeof(secret));
    request_form(req, "refresh_token", refresh, sizeof(refresh));
    known = (strcmp(id, "sandbox-client") == 0 &&
             strcmp(secret, "sandbox-secret") == 0) ||
            (header != NULL && strcmp(header, basic) == 0);
    if (strcmp(grant, "client_credentials") != 0 &&
        strcmp(grant, "refresh_token") != 0)
        token_error(res, "unsupported_grant_type", "grant type not supported");
    else if (!known)
        token_error(res, "invalid_client", "invalid client credentials");
    else if (strcmp(grant, "refresh_token") == 0 &&
             strcmp(refresh, "sandbox-refresh") != 0)
        token_error(res, "invalid_grant", "expired access/refresh token");
    else
        give_token(sf, res);
}

static bool
is_signed_in(struct salesforce *sf, const struct request *req)
{
    const char *header = request_header(req, "Authorization");
    char good[80];

    snprintf(good, sizeof(good), "Bearer 00D000000000001!sandbox%lld",
             (long long)sf->token_number);
    return sf->token_number > 0 && header != NULL && strcmp(header, good) == 0;
}

static void
limits(struct salesforce *sf, struct response *res)
{
    cJSON *doc = cJSON_CreateObject();
    cJSON *daily = cJSON_AddObjectToObject(doc, "DailyApiRequests");

    cJSON_AddNumberToObject(daily, "Max", SF_LIMIT);
    cJSON_AddNumberToObject(daily, "Remaining", (double)(SF_LIMIT - sf->calls));
    response_json(res, 200, doc);
}

static void
versions(struct response *res)
{
    cJSON *list = cJSON_CreateArray();
    char text[64];

    for (int v = 60; v <= 67; v++) {
        cJSON *item = cJSON_CreateObject();

        snprintf(text, sizeof(text), "/services/data/v%d.0", v);
        cJSON_AddStringToObject(item, "label", "Release");
        cJSON_AddStringToObject(item, "url", text);
        snprintf(text, sizeof(text), "%d.0", v);
        cJSON_AddStringToObject(item, "version", text);
        cJSON_AddItemToArray(list, item);
    }
    response_json(res, 200, list);
}

static void
list_objects(struct response *res)
{
    cJSON *doc = cJSON_CreateObject(), *list;

    cJSON_AddStringToObject(doc, "encoding", "UTF-8");
    cJSON_AddNumberToObject(doc, "maxBatchSize", 200);
    list = cJSON_AddArrayToObject(doc, "sobjects");
    for (size_t i = 0; i < sf_n_objects; i++) {
        cJSON *o = cJSON_CreateObject();

        cJSON_AddStringToObject(o, "name", sf_objects[i].name);
        cJSON_AddStringToObject(o, "keyPrefix", sf_objects[i].prefix);
        cJSON_AddItemToArray(list, o);
    }
    response_json(res, 200, doc);
}

static void
route(struct sf_call *call)
{
    const char *area = call->parts[0];

    if (strcmp(area, "query") == 0 || strcmp(area, "queryAll") == 0)
        sf_query(call);
    else if (strcmp(area, "sobjects") == 0 && call->n > 1)
        sf_sobjects(call);
    else if (strcmp(area, "sobjects") == 0)
        list_objects(call->res);
    else if (strcmp(area, "composite") == 0 && call->n > 1 &&
             strcmp(call->parts[1], "sobjects") == 0)
        sf_collections(call);
    else if (strcmp(area, "limits") == 0)
        limits(call->sf, call->res);
    else
        sf_answer_error(call->res, 404, "NOT_FOUND",
                        "The requested resource does not exist");
}

/* The path without what differs from record to record. */
static void
set_pattern(struct sf_call *call)
{
    char *to = call->res->pattern;
    size_t size = sizeof(call->res->pattern);
    size_t n = (size_t)snprintf(to, size, "/services/data/{v}");
    int shown = strcmp(call->parts[0], "composite") == 0  ? 4
                : strcmp(call->parts[0], "sobjects") == 0 ? 2
                                                          : 1;

    for (int i = 0; i < call->n && i < shown && n < size; i++)
        n += (size_t)snprintf(to + n, size - n, "/%.40s", call->parts[i]);
}

static void
data(struct salesforce *sf, const struct request *req, struct response *res)
{
    struct sf_call call = {.sf = sf, .req = req, .res = res};
    char version[16], usage[64];

    request_part(req, 2, version, sizeof(version));
    call.version = version;
    while (call.n < 6 && request_part(req, 3 + call.n, call.parts[call.n],
                                      sizeof(call.parts[0])))
        call.n++;
    if (version[0] == '\0') {
        versions(res);
        return;
    }
    set_pattern(&call);
    if (!is_signed_in(sf, req)) {
        sf_answer_error(res, 401, "INVALID_SESSION_ID",
                        "Session expired or invalid");
        return;
    }
    if (!sandbox_options.no_limits && sf->calls >= SF_LIMIT) {
        sf_answer_error(res, 403, "REQUEST_LIMIT_EXCEEDED",
                        "TotalRequests Limit exceeded.");
        return;
    }
    sf->calls++;
    snprintf(usage, sizeof(usage), "api-usage=%lld/%d", (long long)sf->calls,
             SF_LIMIT);
    route(&call);
    response_header(res, "Sforce-Limit-Info", usage);
}

static void
handle(struct service *service, const struct request *req, struct response *res)
{
    struct salesforce *sf = service->data;

    if (strcmp(req->path, "/services/oauth2/token") == 0 &&
        strcmp(req->method, "POST") == 0)
        sign_in(sf, req, res);
    else if (strncmp(req->path, "/services/data", 14) == 0)
        data(sf, req, res);
    else
        sf_answer_error(res, 404, "NOT_FOUND",
                        "The requested resource does not exist");
}

static void
expire_tokens(struct service *service)
{
    struct salesforce *sf = service->data;

    sf->token_number++;
}

static void
close_service(struct service *service)
{
    sf_store_fini(service->data);
}

/* What every org has. */
static void
furnish(struct service *service)
{
    static const char text[] =
        "{\"Organization\":[{\"Id\":\"00D000000000001\",\"Name\":\"Sandbox\","
        "\"TimeZoneSidKey\":\"Europe/Berlin\"}],"
        "\"User\":[{\"Id\":\"005000000000001\",\"Username\":\"crm@pipe.test\","
        "\"Email\":\"crm@pipe.test\",\"FirstName\":\"Integration\","
        "\"LastName\":\"User\",\"IsActive\":true,\"UserType\":\"Standard\","
        "\"TimeZoneSidKey\":\"Europe/Berlin\"}],"
        "\"TaskStatus\":[{\"ApiName\":\"Not Started\",\"MasterLabel\":"
        "\"Not Started\",\"IsDefault\":true,\"SortOrder\":1},"
        "{\"ApiName\":\"In Progress\",\"MasterLabel\":\"In Progress\","
        "\"SortOrder\":2},{\"ApiName\":\"Completed\",\"MasterLabel\":"
        "\"Completed\",\"IsClosed\":true,\"SortOrder\":3},"
        "{\"ApiName\":\"Waiting on someone else\",\"MasterLabel\":"
        "\"Waiting on someone else\",\"SortOrder\":4},"
        "{\"ApiName\":\"Deferred\",\"MasterLabel\":\"Deferred\","
        "\"SortOrder\":5}]}";
    cJSON *records = cJSON_Parse(text);

    cJSON_Delete(sf_load(service, records));
    cJSON_Delete(records);
}

struct service *
salesforce_service(void)
{
    static struct service service = {.name = "salesforce",
                                     .handle = handle,
                                     .dump = sf_dump,
                                     .load = sf_load,
                                     .expire_tokens = expire_tokens,
                                     .close = close_service,
                                     .data = &the_org};

    the_org.service = &service;
    furnish(&service);
    return &service;
}
