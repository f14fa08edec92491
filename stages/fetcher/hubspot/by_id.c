/* by_id: see by_id.h. */
#include "stages/fetcher/hubspot/by_id.h"

#include "common/json.h"

#include <stdio.h>
#include <string.h>

static const char by_id[] = "hs_object_id";

void
by_id_read(char id[KEYSET_ID], const cJSON *cursor)
{
    if (!json_id(cursor, "id", id, KEYSET_ID))
        id[0] = '\0';
}

cJSON *
by_id_write(const char *id)
{
    cJSON *cursor = cJSON_CreateObject();

    cJSON_AddStringToObject(cursor, "id", id);
    return cursor;
}

/* One group a time, OR-ed. */
static void
add_groups(cJSON *groups, const char *id, const char *const *times,
           int64_t since_ms)
{
    bool is_all = since_ms == INT64_MIN;
    char since[24];

    snprintf(since, sizeof(since), "%lld", (long long)since_ms);
    for (size_t i = 0; is_all ? i == 0 : times[i] != NULL; i++) {
        cJSON *group = cJSON_CreateObject();
        cJSON *filters = cJSON_AddArrayToObject(group, "filters");

        cJSON_AddItemToArray(groups, group);
        keyset_filter(filters, by_id, "GT", id[0] != '\0' ? id : "0");
        if (!is_all)
            keyset_filter(filters, times[i], "GTE", since);
    }
}

cJSON *
by_id_search(const char *id, const char *const *times, int64_t since_ms,
             const char *const *wanted)
{
    cJSON *body = cJSON_CreateObject();

    add_groups(cJSON_AddArrayToObject(body, "filterGroups"), id, times,
               since_ms);
    keyset_rest(body, by_id, wanted);
    return body;
}

bool
by_id_is_asked(const char *id, const struct keyset_record *r)
{
    return keyset_id_above(r->id, id);
}

int
by_id_next(char id[KEYSET_ID], const struct keyset_record *page, size_t n,
           struct error *err)
{
    char last[KEYSET_ID];

    memcpy(last, id, sizeof(last));
    for (size_t i = 0; i < n; i++)
        if (keyset_id_above(page[i].id, last))
            memcpy(last, page[i].id, sizeof(last));
    if (n >= KEYSET_PAGE && strcmp(last, id) == 0)
        return error_set(err, EX_PROTOCOL,
                         "HubSpot: a page goes no further than the one before");
    memcpy(id, last, sizeof(last));
    return n >= KEYSET_PAGE;
}
