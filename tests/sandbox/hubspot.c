/* hubspot: the sandbox's HubSpot: which area a path belongs to, the token, and
 * the shapes that all areas share. */
#include "tests/sandbox/hubspot.h"
#include "common/clock.h"

#include <ctype.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- areas ---- */

/* '@' stands for a dated version: 2026-09, 2026-09-beta. */
static const struct area {
    const char *base;
    void (*answer)(struct hs_call *call);
} areas[] = {
    {"crm/v3/objects", hs_objects},
    {"crm/v4/objects", hs_objects},
    {"crm/objects/@", hs_objects},
    {"crm/v4/associations", hs_associations},
    {"crm/associations/@", hs_associations},
    {"crm/associations/v4", hs_associations},
    {"crm/v3/properties", hs_properties},
    {"crm/properties/@", hs_properties},
    {"crm/v3/owners", hs_owners},
    {"crm/owners/@", hs_owners},
    {"events/v3/events", hs_occurrences},
    {"events/event-occurrences/@", hs_occurrences},
    {"crm/v3/lists", hs_lists},
    {"crm/lists/2026-03", hs_lists},
    {"crm/lists/2026-09-beta", hs_lists},
    {"marketing/v3/forms", hs_forms},
    {"marketing/forms/@", hs_forms},
    {"form-integrations/v1/submissions/forms", hs_submissions},
    {"email/public/v1/events", hs_email_events},
    {"email/public/v1/campaigns", hs_campaigns},
    {"account-info/v3", hs_account},
    {"account-info/@", hs_account},
    {"calling/v1/dispositions", hs_dispositions},
    {"oauth/v1", hs_oauth},
    {"oauth/v3", hs_oauth},
    {"oauth/@", hs_oauth},
};

static bool
is_version(const char *part)
{
    static const char shape[] = "dddd-dd";

    for (size_t i = 0; i < sizeof(shape) - 1; i++)
        if (shape[i] == 'd' ? !isdigit((unsigned char)part[i])
                            : part[i] != shape[i])
            return false;
    return part[7] == '\0' || strcmp(part + 7, "-beta") == 0;
}

/* How many parts of the path the base takes; 0: it is another area's. */
static int
area_match(const char *base, char parts[][HS_PART_SIZE], int n)
{
    int i = 0;

    for (const char *p = base; *p != '\0'; i++) {
        size_t len = strcspn(p, "/");

        if (i == n)
            return 0;
        if (*p == '@'
                ? !is_version(parts[i])
                : strlen(parts[i]) != len || memcmp(p, parts[i], len) != 0)
            return 0;
        p += len;
        p += *p == '/';
    }
    return i;
}

static const struct area *
find_area(struct hs_call *call)
{
    for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++) {
        int n = area_match(areas[i].base, call->parts, call->n);
        size_t len = 0;

        if (n == 0)
            continue;
        for (int p = 0; p < n; p++)
            len += (size_t)snprintf(call->base + len, sizeof(call->base) - len,
                                    "/%s", call->parts[p]);
        memmove(call->parts[0], call->parts[n],
                (size_t)(call->n - n) * HS_PART_SIZE);
        call->n -= n;
        return &areas[i];
    }
    return NULL;
}

/* ---- token ---- */

static bool
token_is_good(struct hubspot *hs, const char *header)
{
    if (header == NULL || strncasecmp(header, "Bearer ", 7) != 0)
        return false;
    header += 7;
    if (strncmp(header, "sandbox-oauth-", 14) == 0) {
        uint64_t n = strtoull(header + 14, NULL, 10);

        return n < hs->n_oauth && n + 8 >= hs->n_oauth &&
               hs->oauth_until[n % 8] > sandbox_now_ms();
    }
    return strcmp(header, "sandbox-token") == 0;
}

static bool
check_token(struct hs_call *call)
{
    struct hubspot *hs = call->hs;
    bool is_refused = hs->refuse_next;

    hs->refuse_next = false;
    if (!is_refused &&
        token_is_good(hs, request_header(call->req, "Authorization")))
        return true;
    hs_answer_error(
        call, 401, "INVALID_AUTHENTICATION",
        "Authentication credentials not found. This API supports OAuth 2.0 "
        "authentication and you can find more details at "
        "https://developers.hubspot.com/docs/methods/auth/oauth-overview");
    return false;
}

/* ---- a call ---- */

bool
hs_is(const struct hs_call *call, const char *method)
{
    return strcmp(call->req->method, method) == 0;
}

void
hs_pattern(struct hs_call *call, const char *fmt, ...)
{
    char *out = call->res->pattern;
    size_t size = sizeof(call->res->pattern), len;
    va_list ap;

    len = (size_t)snprintf(out, size, "%s", call->base);
    va_start(ap, fmt);
    vsnprintf(out + len, size - len, fmt, ap);
    va_end(ap);
}

/* The body as JSON, where one is needed; false: answered. */
static bool
read_body(struct hs_call *call)
{
    const struct request *req = call->req;
    const char *type = request_header(req, "Content-Type");

    if (req->body_len == 0 || hs_is(call, "GET") ||
        (type != NULL && strncmp(type, "application/x-www-form", 22) == 0))
        return true;
    call->body = cJSON_ParseWithLength(req->body, req->body_len);
    if (call->body != NULL)
        return true;
    hs_answer_error(call, 400, "VALIDATION_ERROR",
                    "Invalid input JSON on line 1, column 1: the body is no "
                    "JSON");
    return false;
}

static enum hs_turn
turn_of(const struct hs_call *call, const struct area *area)
{
    if (area->answer == hs_associations)
        return HS_TURN_ASSOCIATION;
    return call->n > 0 && strcmp(call->parts[call->n - 1], "search") == 0
               ? HS_TURN_SEARCH
               : HS_TURN_CALL;
}

static void
answer(struct hs_call *call, const struct area *area)
{
    if (hs_may_area(call, area->answer))
        area->answer(call);
}

static void
handle(struct service *service, const struct request *req, struct response *res)
{
    struct hs_call *call = hs_alloc(sizeof(*call));
    const struct area *area;

    call->hs = service->data;
    call->req = req;
    call->res = res;
    while (call->n < HS_MAX_PARTS &&
           request_part(req, call->n, call->parts[call->n], HS_PART_SIZE))
        call->n++;
    while (call->n > 0 && call->parts[call->n - 1][0] == '\0')
        call->n--; /* "/crm/v3/owners/" */
    area = find_area(call);
    hs_uuid(call->hs, call->correlation);
    response_header(res, "X-HubSpot-Correlation-Id", call->correlation);
    hs_pattern(call, "%s", area ? "" : "(unknown)");
    if (area == NULL)
        hs_not_found(call);
    else if (area->answer == hs_oauth)
        hs_oauth(call);
    else if (check_token(call) && hs_count_call(call, turn_of(call, area)) &&
             read_body(call))
        answer(call, area);
    else
        res->pattern[0] = '\0'; /* refused: counted by its path */
    cJSON_Delete(call->body);
    free(call);
}

static enum MHD_Result
add_words(void *ctx, enum MHD_ValueKind kind, const char *key,
          const char *value)
{
    cJSON *list = ((void **)ctx)[0];

    (void)kind;
    if (value == NULL || strcmp(key, ((const char **)ctx)[1]) != 0)
        return MHD_YES;
    for (const char *p = value; *p != '\0';) {
        size_t len = strcspn(p, ",");
        char word[HS_PART_SIZE];

        snprintf(word, sizeof(word), "%.*s", (int)len, p);
        if (len > 0)
            cJSON_AddItemToArray(list, cJSON_CreateString(word));
        p += len + (p[len] == ',');
    }
    return MHD_YES;
}

cJSON *
hs_query_list(const struct hs_call *call, const char *name)
{
    cJSON *list;
    void *ctx[2];

    if (request_query(call->req, name) == NULL)
        return NULL;
    list = cJSON_CreateArray();
    ctx[0] = list;
    ctx[1] = (void *)(uintptr_t)name;
    MHD_get_connection_values(call->req->connection, MHD_GET_ARGUMENT_KIND,
                              add_words, ctx);
    return list;
}

bool
hs_query_limit(struct hs_call *call, long dflt, long max, long *limit)
{
    const char *text = request_query(call->req, "limit");
    char *end;

    *limit = dflt;
    if (text == NULL)
        return true;
    *limit = strtol(text, &end, 10);
    if (*text != '\0' && *end == '\0' && *limit > 0 && *limit <= max)
        return true;
    hs_answer_error(call, 400, "VALIDATION_ERROR",
                    "limit must be between 1 and %ld, it is %.40s", max, text);
    return false;
}

/* ---- the service ---- */

static void
expire_tokens(struct service *service)
{
    struct hubspot *hs = service->data;

    hs->refuse_next = true;
    memset(hs->oauth_until, 0, sizeof(hs->oauth_until));
}

/* A scope; or "hasUniqueValue": whether activities take unique properties,
 * which no source says (hubspot-api.md, 2.2). */
static bool
permit(struct service *service, const char *name, bool may)
{
    struct hubspot *hs = service->data;

    if (strcmp(name, "hasUniqueValue") != 0)
        return hs_scope_permit(name, may);
    hs->no_unique = !may;
    return true;
}

static struct hubspot the_hubspot;

static void
close_all(struct service *service)
{
    struct hubspot *hs = service->data;

    hs_store_fini(hs);
    hs_feed_fini(&hs->email_events);
    hs_feed_fini(&hs->events);
    hs_feed_fini(&hs->submissions);
    hs_map_fini(&hs->event_types, free);
    cJSON_Delete(hs->owners);
    cJSON_Delete(hs->forms);
    cJSON_Delete(hs->campaigns);
    cJSON_Delete(hs->dispositions);
    cJSON_Delete(hs->lists);
}

struct service *
hubspot_service(void)
{
    static struct service service = {
        .name = "hubspot",
        .handle = handle,
        .dump = hs_dump,
        .load = hs_load,
        .expire_tokens = expire_tokens,
        .permit = permit,
        .use = hs_use,
        .close = close_all,
        .data = &the_hubspot,
    };
    struct hubspot *hs = &the_hubspot;

    if (hs->service != NULL)
        return &service;
    hs->service = &service;
    hs->owners = cJSON_CreateArray();
    hs->forms = cJSON_CreateArray();
    hs->campaigns = cJSON_CreateArray();
    hs->lists = cJSON_CreateArray();
    for (int type = 0; type < HS_N_TYPES; type++)
        hs->tables[type].next_id = INT64_C(20000000001);
    hs_props_init(hs);
    hs_misc_init(hs);
    return &service;
}
