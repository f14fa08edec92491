/* find: see find.h. */
#include "stages/writer/hubspot/find.h"

#include "common/json.h"
#include "stages/writer/hubspot/unique.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TITLE_MAX 500 /* bytes: a body of more than 3,000 is refused */
#define RESULTS   "100"

void
hubspot_find_tail(enum activity activity, char *buf, size_t size)
{
    snprintf(buf, size, "/%s/search", activity_facts(activity)->collection);
}

static cJSON *
checked(cJSON *item)
{
    if (item == NULL)
        abort(); /* out of memory: the fetcher sends again */
    return item;
}

static cJSON *
add_group(cJSON *groups)
{
    cJSON *group = checked(cJSON_CreateObject());

    cJSON_AddItemToArray(groups, group);
    return checked(cJSON_AddArrayToObject(group, "filters"));
}

static void
add_filter(cJSON *filters, const char *property, const char *operator,
           const char * value)
{
    cJSON *filter = checked(cJSON_CreateObject());

    cJSON_AddItemToArray(filters, filter);
    checked(cJSON_AddStringToObject(filter, "propertyName", property));
    checked(cJSON_AddStringToObject(filter, "operator", operator));
    checked(cJSON_AddStringToObject(filter, "value", value));
}

/* A value that was to be written; NULL: none, or one that is too long to look
 * for. */
static const char *
value_of(const struct hubspot_sought *s, const char *property)
{
    const char *value = json_str(s->properties, property);

    return value != NULL && value[0] != '\0' && strlen(value) <= TITLE_MAX
               ? value
               : NULL;
}

static void
add_likeness(cJSON *groups, const struct hubspot_sought *s)
{
    static const char *const time = "hs_timestamp";
    const char *title = activity_facts(s->activity)->title;
    cJSON *filters = add_group(groups);
    char since[32];

    snprintf(since, sizeof(since), "%lld", (long long)s->since);
    add_filter(filters, "hs_createdate", "GTE", since);
    if (value_of(s, time) != NULL)
        add_filter(filters, time, "EQ", value_of(s, time));
    if (value_of(s, title) != NULL)
        add_filter(filters, title, "EQ", value_of(s, title));
}

cJSON *
hubspot_find_body(const struct hubspot_sought *s)
{
    cJSON *body = checked(cJSON_CreateObject());
    cJSON *groups = checked(cJSON_AddArrayToObject(body, "filterGroups"));
    cJSON *properties;

    if (s->has_property)
        add_filter(add_group(groups), HUBSPOT_SALESFORCE_ID, "EQ",
                   s->salesforce_id);
    add_likeness(groups, s);
    properties = checked(cJSON_AddArrayToObject(body, "properties"));
    if (s->has_property)
        cJSON_AddItemToArray(
            properties, checked(cJSON_CreateString(HUBSPOT_SALESFORCE_ID)));
    checked(cJSON_AddRawToObject(body, "limit", RESULTS));
    return body;
}

bool
hubspot_find_read(const struct hubspot_sought *s, const cJSON *answer,
                  bool (*is_free)(void *ctx, const char *id), void *ctx,
                  char id[32])
{
    const cJSON *results = cJSON_GetObjectItemCaseSensitive(answer, "results");
    const cJSON *result;
    char alike[32] = "", got[32];

    cJSON_ArrayForEach(result, results)
    {
        const char *bears =
            json_str(json_at(result, "properties"), HUBSPOT_SALESFORCE_ID);

        if (!json_id(result, "id", got, sizeof(got)))
            continue;
        if (bears != NULL && strcmp(bears, s->salesforce_id) == 0) {
            memcpy(id, got, sizeof(got));
            return true;
        }
        if (alike[0] == '\0' && (bears == NULL || bears[0] == '\0') &&
            is_free(ctx, got))
            memcpy(alike, got, sizeof(got));
    }
    memcpy(id, alike, sizeof(alike));
    return alike[0] != '\0';
}
