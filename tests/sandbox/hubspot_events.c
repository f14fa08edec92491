/* hubspot_events: marketing e-mail events and campaigns (v1), and event
 * occurrences (hubspot-api.md, 4 and 6). */
#include "tests/sandbox/hubspot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cJSON *
get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* ---- e-mail events ---- */

/* Newest first, as the service gives them. */
struct email_filter {
    const char *type;
    double campaign, app;
    bool has_campaign, has_app, no_filtered;
};

static bool
match_email(const struct hs_item *item, const void *ctx)
{
    const struct email_filter *f = ctx;

    if (f->type != NULL && strcmp(f->type, item->type) != 0)
        return false;
    if (f->has_campaign &&
        cJSON_GetNumberValue(get(item->json, "emailCampaignId")) != f->campaign)
        return false;
    if (f->has_app && cJSON_GetNumberValue(get(item->json, "appId")) != f->app)
        return false;
    return !f->no_filtered || !cJSON_IsTrue(get(item->json, "filteredEvent"));
}

static bool
query_number(struct hs_call *call, const char *name, double *out, bool *has)
{
    const char *text = request_query(call->req, name);
    char *end;

    *has = text != NULL;
    if (text == NULL)
        return true;
    *out = strtod(text, &end);
    if (*text != '\0' && *end == '\0')
        return true;
    hs_answer_error(call, 400, "VALIDATION_ERROR", "%s is no number: %.40s",
                    name, text);
    return false;
}

static bool
read_email_query(struct hs_call *call, struct email_filter *f,
                 struct hs_page *page)
{
    const char *no_filtered = request_query(call->req, "excludeFilteredEvents");
    double from = 0, to = 9e15;
    bool has;
    long limit = 0;

    if (!query_number(call, "campaignId", &f->campaign, &f->has_campaign) ||
        !query_number(call, "appId", &f->app, &f->has_app) ||
        !query_number(call, "startTimestamp", &from, &has) ||
        !query_number(call, "endTimestamp", &to, &has) ||
        !hs_query_limit(call, 100, 1000, &limit))
        return false;
    f->type = request_query(call->req, "eventType");
    f->no_filtered = no_filtered && strcmp(no_filtered, "true") == 0;
    *page = (struct hs_page){.from = hs_i64(from),
                             .to = hs_i64(to),
                             .newest_first = true,
                             .after = request_query(call->req, "offset"),
                             .limit = (size_t)limit,
                             .match = match_email,
                             .ctx = f};
    return true;
}

/* .../events/{created}/{id} */
static void
one_email_event(struct hs_call *call)
{
    const struct hs_item *item =
        hs_map_get(&call->hs->email_events.by_id, call->parts[1]);

    hs_pattern(call, "/{created}/{id}");
    if (item == NULL || item->at != strtoll(call->parts[0], NULL, 10))
        hs_not_found(call);
    else
        response_json(call->res, 200, cJSON_Duplicate(item->json, true));
}

void
hs_email_events(struct hs_call *call)
{
    const char *recipient = request_query(call->req, "recipient");
    char *key = recipient ? hs_lower(recipient) : NULL;
    struct email_filter filter = {0};
    struct hs_page page = {0};
    cJSON *events, *answer;

    if (call->n == 2 && hs_is(call, "GET")) {
        one_email_event(call);
    } else if (call->n != 0 || !hs_is(call, "GET")) {
        hs_not_found(call);
    } else if (read_email_query(call, &filter, &page)) {
        events = hs_feed_page(&call->hs->email_events, key, &page);
        if (events == NULL) {
            hs_answer_error(call, 400, "VALIDATION_ERROR",
                            "Invalid offset: %.80s", page.after);
        } else {
            answer = cJSON_CreateObject();
            cJSON_AddBoolToObject(answer, "hasMore", page.next[0] != '\0');
            cJSON_AddStringToObject(answer, "offset",
                                    page.next[0] != '\0' ? page.next
                                    : page.after != NULL ? page.after
                                                         : "");
            cJSON_AddItemToObject(answer, "events", events);
            response_json(call->res, 200, answer);
        }
    }
    free(key);
}

static void
put_default(cJSON *json, const char *key, cJSON *value)
{
    if (get(json, key) == NULL)
        cJSON_AddItemToObject(json, key, value);
    else
        cJSON_Delete(value);
}

/* UNBOUNCE is the one without a type. */
bool
hs_load_email_event(struct hubspot *hs, const cJSON *in, char *why)
{
    const char *recipient = cJSON_GetStringValue(get(in, "recipient"));
    const char *type = cJSON_GetStringValue(get(in, "type"));
    char *at = hs_text_of(NULL, get(in, "created")), uuid[37], *key;
    int64_t ms = sandbox_now_ms();
    bool is_good = recipient != NULL &&
                   (at == NULL || timetext_parse(at, strlen(at), &ms) == 0);
    cJSON *json;

    free(at);
    if (!is_good) {
        snprintf(why, HS_WHY_SIZE,
                 "an e-mail event has no recipient, or its time cannot be "
                 "read");
        return false;
    }
    json = cJSON_Duplicate(in, true);
    if (cJSON_GetStringValue(get(json, "id")) == NULL) {
        hs_uuid(hs, uuid);
        cJSON_DeleteItemFromObjectCaseSensitive(json, "id");
        cJSON_AddStringToObject(json, "id", uuid);
    }
    cJSON_DeleteItemFromObjectCaseSensitive(json, "created");
    cJSON_AddNumberToObject(json, "created", (double)ms);
    put_default(json, "portalId", cJSON_CreateNumber(HS_PORTAL_ID));
    put_default(json, "appId", cJSON_CreateNumber(HS_APP_ID));
    key = hs_lower(recipient);
    hs_feed_put(&hs->email_events, ms, cJSON_GetStringValue(get(json, "id")),
                type ? type : "UNBOUNCE", key, json);
    free(key);
    return true;
}

/* ---- campaigns ---- */

static void
list_campaigns(struct hs_call *call)
{
    const char *offset = request_query(call->req, "offset");
    long limit, at = offset ? strtol(offset, NULL, 10) : 0;
    int n = cJSON_GetArraySize(call->hs->campaigns);
    cJSON *answer, *list;
    char next[24];

    if (!hs_query_limit(call, 10, 1000, &limit))
        return;
    answer = cJSON_CreateObject();
    list = cJSON_CreateArray();
    for (; at < n && limit-- > 0; at++) {
        const cJSON *one = cJSON_GetArrayItem(call->hs->campaigns, (int)at);
        cJSON *brief = cJSON_CreateObject();

        cJSON_AddItemToObject(brief, "id",
                              cJSON_Duplicate(get(one, "id"), true));
        cJSON_AddItemToObject(brief, "appId",
                              cJSON_Duplicate(get(one, "appId"), true));
        cJSON_AddItemToArray(list, brief);
    }
    snprintf(next, sizeof(next), "%ld", at);
    cJSON_AddBoolToObject(answer, "hasMore", at < n);
    cJSON_AddStringToObject(answer, "offset", next);
    cJSON_AddItemToObject(answer, "campaigns", list);
    response_json(call->res, 200, answer);
}

void
hs_campaigns(struct hs_call *call)
{
    const char *app = request_query(call->req, "appId");
    const cJSON *one;
    int64_t want, id, app_id;

    hs_pattern(call,
               call->n == 1 && strcmp(call->parts[0], "by-id") != 0 ? "/{id}"
                                                                    : "%s",
               call->n == 1 ? "/by-id" : "");
    if (call->n > 1 || !hs_is(call, "GET")) {
        hs_not_found(call);
        return;
    }
    if (call->n == 0 || strcmp(call->parts[0], "by-id") == 0) {
        list_campaigns(call);
        return;
    }
    cJSON_ArrayForEach(one, call->hs->campaigns)
    {
        if (!hs_parse_id(call->parts[0], &want) ||
            !hs_json_id(one, "id", &id) || id != want)
            continue;
        if (app != NULL && hs_json_id(one, "appId", &app_id) &&
            app_id != strtoll(app, NULL, 10))
            continue;
        response_json(call->res, 200, cJSON_Duplicate(one, true));
        return;
    }
    hs_not_found(call);
}

/* ---- event occurrences ---- */

static bool
match_type(const struct hs_item *item, const void *ctx)
{
    return strcmp(item->type, ctx) == 0;
}

static bool
query_time(struct hs_call *call, const char *name, int64_t *ms)
{
    const char *text = request_query(call->req, name);

    if (text == NULL || timetext_parse(text, strlen(text), ms) == 0)
        return true;
    hs_answer_error(call, 400, "VALIDATION_ERROR", "%s is no time: %.40s", name,
                    text);
    return false;
}

/* "contact:101"; "" when no object is asked for; false: answered. */
static bool
query_object(struct hs_call *call, char *key, size_t size)
{
    const char *name = request_query(call->req, "objectType");
    const char *id = request_query(call->req, "objectId");
    const char *email = request_query(call->req, "objectProperty.email");
    int type = name ? hs_type_of(name) : -1;
    char *lower = name ? hs_lower(name) : NULL;

    key[0] = '\0';
    if (type < 0 && lower != NULL)
        type = hs_type_of(lower);
    free(lower);
    if (name == NULL && id == NULL && email == NULL)
        return true;
    if (type == HS_CONTACTS && id == NULL && email != NULL) {
        const struct hs_record *rec = hs_find_unique(
            call->hs, type, hs_def_find(call->hs, type, "email"), email);

        snprintf(key, size, "contact:%" PRId64, rec ? rec->id : 0);
        return true;
    }
    if (type < 0 ||
        (id == NULL && request_query(call->req, "eventType") == NULL)) {
        hs_answer_error(call, 400, "VALIDATION_ERROR",
                        "objectType and objectId have to be given together");
        return false;
    }
    if (id != NULL)
        snprintf(key, size, "%s:%.40s", hs_types[type].singular, id);
    return true;
}

static void
list_occurrences(struct hs_call *call)
{
    const char *sort = request_query(call->req, "sort");
    const char *type = request_query(call->req, "eventType");
    struct hs_page page = {.from = INT64_MIN, .to = INT64_MAX};
    cJSON *results, *answer;
    char key[96];
    long limit;

    if (!hs_query_limit(call, 20, 100, &limit) ||
        !query_time(call, "occurredAfter", &page.from) ||
        !query_time(call, "occurredBefore", &page.to) ||
        !query_object(call, key, sizeof(key)))
        return;
    page.limit = (size_t)limit;
    page.after = request_query(call->req, "after");
    page.newest_first = sort != NULL && strcmp(sort, "-occurredAt") == 0;
    page.match = type ? match_type : NULL;
    page.ctx = type;
    results = hs_feed_page(&call->hs->events, key[0] ? key : NULL, &page);
    if (results == NULL) {
        hs_answer_error(call, 400, "VALIDATION_ERROR",
                        "after makes no sense: %.80s", page.after);
        return;
    }
    answer = cJSON_CreateObject();
    cJSON_AddItemToObject(answer, "results", results);
    if (page.next[0] != '\0')
        hs_add_paging(call, answer, page.next, true);
    response_json(call->res, 200, answer);
}

static void
event_types(struct hs_call *call)
{
    const struct hs_map *map = &call->hs->event_types;
    cJSON *answer = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(answer, "eventTypes");

    for (size_t i = 0; i < map->size; i++)
        if (map->slots[i].key != NULL)
            cJSON_AddItemToArray(list, cJSON_CreateString(map->slots[i].key));
    response_json(call->res, 200, answer);
}

void
hs_occurrences(struct hs_call *call)
{
    bool is_types = call->n == 1 && strcmp(call->parts[0], "event-types") == 0;

    hs_pattern(call, "%s", is_types ? "/event-types" : "");
    if (!hs_is(call, "GET") || (call->n > 0 && !is_types))
        hs_not_found(call);
    else if (is_types)
        event_types(call);
    else
        list_occurrences(call);
}

static void
put_string(cJSON *json, const char *key, const char *value)
{
    cJSON_DeleteItemFromObjectCaseSensitive(json, key);
    cJSON_AddStringToObject(json, key, value);
}

bool
hs_load_event(struct hubspot *hs, const cJSON *in, char *why)
{
    const char *type = cJSON_GetStringValue(get(in, "eventType"));
    const char *object = cJSON_GetStringValue(get(in, "objectType"));
    char *id = hs_text_of(NULL, get(in, "id")), *object_id, *lower;
    char *at = hs_text_of(NULL, get(in, "occurredAt"));
    char uuid[37], key[96], iso[TIMETEXT_SIZE];
    int64_t ms = sandbox_now_ms();
    int of = -1;
    cJSON *json;

    lower = hs_lower(object ? object : "contact");
    object_id = hs_text_of(NULL, get(in, "objectId"));
    of = hs_type_of(lower);
    if (type == NULL || object_id == NULL || of < 0 ||
        (at != NULL && timetext_parse(at, strlen(at), &ms) < 0)) {
        snprintf(why, HS_WHY_SIZE,
                 "an event needs eventType, objectType and objectId, and a "
                 "time that can be read");
    } else {
        hs_uuid(hs, uuid);
        json = cJSON_Duplicate(in, true);
        put_string(json, "objectType", hs_types[of].upper);
        put_string(json, "objectId", object_id);
        put_string(json, "id", id ? id : uuid);
        put_string(json, "occurredAt", timetext_ms(ms, iso));
        put_default(json, "properties", cJSON_CreateObject());
        snprintf(key, sizeof(key), "%s:%.40s", hs_types[of].singular,
                 object_id);
        hs_feed_put(&hs->events, ms, id ? id : uuid, type, key, json);
        if (hs_map_get(&hs->event_types, type) == NULL)
            hs_map_put(&hs->event_types, type, hs_strdup(type));
        why[0] = '\0';
    }
    free(at);
    free(id);
    free(object_id);
    free(lower);
    return why[0] == '\0';
}
