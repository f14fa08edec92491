/* salesforce: the sandbox's Salesforce: which area answers a call, and what
 * every org has (salesforce-api.md, 2). */
#include "tests/sandbox/salesforce.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define VERSION_FIRST 31
#define VERSION_LAST  67

static struct salesforce the_org;

/* ---- reading a call ---- */

bool
sf_is_method(const struct sf_call *call, const char *method)
{
    return strcmp(call->req->method, method) == 0 ||
           (strcmp(method, "GET") == 0 &&
            strcmp(call->req->method, "HEAD") == 0);
}

char *
sf_param(const struct sf_call *call, const char *name)
{
    struct request form = {.body = call->query};
    const char *plain;
    char *buf;

    if (call->query == NULL) {
        plain = request_query(call->req, name);
        return plain != NULL ? hs_strdup(plain) : NULL;
    }
    buf = hs_alloc(strlen(call->query) + 1);
    if (request_form(&form, name, buf, strlen(call->query) + 1))
        return buf;
    free(buf);
    return NULL;
}

void
sf_read_parts(struct sf_call *call)
{
    while (call->n < SF_PARTS &&
           request_part(call->req, 3 + call->n, call->parts[call->n],
                        sizeof(call->parts[0])))
        call->n++;
}

/* ---- routing ---- */

static void
versions(struct response *res)
{
    static const char *const seasons[] = {"Spring", "Summer", "Winter"};
    cJSON *list = cJSON_CreateArray();
    char text[64];

    for (int v = VERSION_FIRST; v <= VERSION_LAST; v++) {
        cJSON *item = cJSON_CreateObject();
        int year = 14 + (v - VERSION_FIRST + 1) / 3; /* 31: Summer '14 */

        snprintf(text, sizeof(text), "%s '%d", seasons[v % 3],
                 year + (v % 3 == 2));
        cJSON_AddStringToObject(item, "label", text);
        snprintf(text, sizeof(text), "/services/data/v%d.0", v);
        cJSON_AddStringToObject(item, "url", text);
        snprintf(text, sizeof(text), "%d.0", v);
        cJSON_AddStringToObject(item, "version", text);
        cJSON_AddItemToArray(list, item);
    }
    response_json(res, 200, list);
}

static void
resources(struct sf_call *call)
{
    static const char *const names[] = {"analytics", "composite", "folders",
                                        "limits",    "query",     "queryAll",
                                        "sobjects"};
    cJSON *doc = cJSON_CreateObject();
    char url[64];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(url, sizeof(url), "/services/data/%s/%s", call->version,
                 names[i]);
        cJSON_AddStringToObject(doc, names[i], url);
    }
    response_json(call->res, 200, doc);
}

static void
sobjects(struct sf_call *call)
{
    const struct sf_object *object = sf_object_seen(call->parts[1]);
    const char *what = call->parts[2];
    bool is_feed = strcmp(what, "updated") == 0 || strcmp(what, "deleted") == 0;

    if (object == NULL || sf_is_tooling(object))
        sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
    else if (call->n == 2 && sf_is_method(call, "GET"))
        sf_object_about(call, object);
    else if (!sf_is_method(call, "GET") && strcmp(object->name, "Report") == 0)
        sf_answer_method(call, "GET,HEAD"); /* salesforce-api.md, 8 */
    else if (call->n != 3 || !(is_feed || strcmp(what, "describe") == 0))
        sf_records(call, object);
    else if (!sf_is_method(call, "GET"))
        sf_answer_method(call, "GET,HEAD");
    else if (is_feed)
        sf_changes(call, object);
    else
        sf_describe(call, object);
}

void
sf_route(struct sf_call *call)
{
    const char *area = call->parts[0];

    if (call->is_tooling)
        sf_tooling(call);
    else if (call->n == 0)
        resources(call);
    else if (strcasecmp(area, "query") == 0 ||
             strcasecmp(area, "queryAll") == 0)
        sf_query(call);
    else if (strcmp(area, "sobjects") == 0 && call->n > 1)
        sobjects(call);
    else if (strcmp(area, "sobjects") == 0)
        sf_objects_list(call);
    else if (strcmp(area, "composite") == 0 && call->n == 1)
        sf_composite(call);
    else if (strcmp(area, "composite") == 0 &&
             strcmp(call->parts[1], "sobjects") == 0)
        sf_batches(call);
    else if (strcmp(area, "limits") == 0 && call->n == 1)
        sf_limits(call);
    else if (strcmp(area, "limits") == 0 &&
             strcmp(call->parts[1], "recordCount") == 0)
        sf_record_counts(call);
    else if (strcmp(area, "analytics") == 0)
        sf_analytics(call);
    else if (strcmp(area, "folders") == 0)
        sf_folders(call);
    else
        sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
}

/* The NN of vNN.0; -1: it is none. */
static int
version_of(const char *s)
{
    if (s[0] != 'v' || !isdigit((unsigned char)s[1]) ||
        !isdigit((unsigned char)s[2]) || strcmp(s + 3, ".0") != 0)
        return -1;
    return atoi(s + 1);
}

/* The path without what differs from record to record. */
static void
set_pattern(struct sf_call *call)
{
    bool is_sobjects = strcmp(call->parts[0], "sobjects") == 0;
    bool is_verb = strcmp(call->parts[2], "describe") == 0 ||
                   strcmp(call->parts[2], "updated") == 0 ||
                   strcmp(call->parts[2], "deleted") == 0;
    bool is_query = strncasecmp(call->parts[0], "query", 5) == 0;
    bool is_report = strcmp(call->parts[1], "reports") == 0;
    bool is_folder = strcmp(call->parts[0], "folders") == 0;
    char *to = call->res->pattern;
    size_t size = sizeof(call->res->pattern);
    size_t n = (size_t)snprintf(to, size, "/services/data/{v}%s",
                                call->is_tooling ? "/tooling" : "");

    for (int i = 0; i < call->n && n < size; i++) {
        bool is_id =
            ((is_query || is_folder) && i == 1) || (is_report && i == 2) ||
            (is_sobjects && ((i == 2 && call->n == 3 && !is_verb) || i == 3));

        n += (size_t)snprintf(to + n, size - n, "/%.40s",
                              is_id ? "{id}" : call->parts[i]);
    }
}

static bool
is_json(const struct request *req)
{
    const char *type = request_header(req, "Content-Type");
    bool has_body =
        strcmp(req->method, "POST") == 0 || strcmp(req->method, "PATCH") == 0;

    return !has_body || (type != NULL && strcasestr(type, "json") != NULL);
}

static void
data(struct salesforce *sf, const struct request *req, struct response *res)
{
    struct sf_call call = {.sf = sf, .req = req, .res = res};
    char version[16];

    request_part(req, 2, version, sizeof(version));
    call.version = version;
    sf_read_parts(&call);
    if (strcmp(call.parts[0], "tooling") == 0) {
        call.is_tooling = true;
        memmove(call.parts[0], call.parts[1],
                sizeof(call.parts) - sizeof(call.parts[0]));
        call.n--;
    }
    if (version[0] == '\0') {
        versions(res);
        return;
    }
    set_pattern(&call);
    if (version_of(version) < 0)
        sf_answer_error(res, 404, "NOT_FOUND", SF_MISSING);
    else if (version_of(version) < VERSION_FIRST)
        sf_answer_error(res, 410, "GONE", "this version has been retired");
    else if (!sf_is_signed_in(sf, req))
        sf_answer_error(res, 401, "INVALID_SESSION_ID",
                        "Session expired or invalid");
    else if (!sf_may("ApiEnabled"))
        sf_answer_error(res, 403, "API_DISABLED_FOR_ORG",
                        "The REST API is not enabled for this Organization.");
    else if (sf_count_call(sf, res)) {
        if (is_json(req))
            sf_route(&call);
        else
            sf_answer_error(res, 415, "UNSUPPORTED_MEDIA_TYPE",
                            "Content-Type has to be application/json");
    }
}

static void
handle(struct service *service, const struct request *req, struct response *res)
{
    struct salesforce *sf = service->data;
    char area[16], what[16];

    request_part(req, 0, area, sizeof(area));
    request_part(req, 1, what, sizeof(what));
    if (strcmp(area, "services") == 0 && strcmp(what, "oauth2") == 0)
        sf_oauth(sf, req, res);
    else if (strcmp(area, "services") == 0 && strcmp(what, "data") == 0)
        data(sf, req, res);
    else
        sf_answer_error(res, 404, "NOT_FOUND", SF_MISSING);
}

static void
expire_tokens(struct service *service)
{
    struct salesforce *sf = service->data;

    sf->token_until = 0;
}

static void
close_service(struct service *service)
{
    struct salesforce *sf = service->data;

    sf_query_fini(sf);
    sf_store_fini(sf);
    memset(sf, 0, sizeof(*sf));
}

/* ---- what every org has ---- */

static void
add_status(cJSON *list, const char *name, bool is_closed)
{
    cJSON *row = cJSON_CreateObject();
    int n = cJSON_GetArraySize(list);

    cJSON_AddStringToObject(row, "ApiName", name);
    cJSON_AddStringToObject(row, "MasterLabel", name);
    cJSON_AddBoolToObject(row, "IsClosed", is_closed);
    cJSON_AddBoolToObject(row, "IsDefault", n == 0);
    cJSON_AddNumberToObject(row, "SortOrder", n + 1);
    cJSON_AddItemToArray(list, row);
}

static void
furnish(struct service *service)
{
    static const char text[] =
        "{\"Organization\":[{\"Id\":\"" SF_ORG "\",\"Name\":\"Sandbox\","
        "\"TimeZoneSidKey\":\"Europe/Berlin\",\"DefaultLocaleSidKey\":"
        "\"de_DE\",\"OrganizationType\":\"Enterprise Edition\"}],"
        "\"User\":[{\"Id\":\"" SF_USER "\",\"Username\":\"crm@pipe.test\","
        "\"Email\":\"crm@pipe.test\",\"Alias\":\"crm\","
        "\"FirstName\":\"Integration\",\"LastName\":\"User\","
        "\"IsActive\":true,\"UserType\":\"Standard\","
        "\"TimeZoneSidKey\":\"Europe/Berlin\"},"
        "{\"Id\":\"" SF_PERSON "\",\"Username\":\"ada@pipe.test\","
        "\"Email\":\"ada@pipe.test\",\"Alias\":\"ada\","
        "\"FirstName\":\"Ada\",\"LastName\":\"Admin\","
        "\"IsActive\":true,\"UserType\":\"Standard\","
        "\"TimeZoneSidKey\":\"Europe/Berlin\"}],"
        "\"UserPermissionAccess\":[{\"PermissionsActivitiesAccess\":true,"
        "\"PermissionsApiEnabled\":true,\"PermissionsEditEvent\":true,"
        "\"PermissionsEditTask\":true,\"PermissionsViewAllData\":true}]}";
    cJSON *records = cJSON_Parse(text);
    cJSON *statuses = cJSON_AddArrayToObject(records, "TaskStatus");

    add_status(statuses, "Not Started", false);
    add_status(statuses, "In Progress", false);
    add_status(statuses, "Completed", true);
    add_status(statuses, "Waiting on someone else", false);
    add_status(statuses, "Deferred", false);
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
                                     .permit = sf_permit,
                                     .use = sf_use,
                                     .close = close_service,
                                     .data = &the_org};

    the_org.service = &service;
    sf_fields_init();
    furnish(&service);
    return &service;
}
