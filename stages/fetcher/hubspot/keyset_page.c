/* keyset_page: see keyset_page.h. */
#include "stages/fetcher/hubspot/keyset_page.h"
#include "common/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOTAL_MAX INT64_C(1000000000) /* more is no number of records */

bool
keyset_page_record(const cJSON *object, const char *property,
                   struct keyset_record *out)
{
    const cJSON *properties =
        cJSON_GetObjectItemCaseSensitive(object, "properties");

    return json_id(object, "id", out->id, sizeof(out->id)) &&
           (json_time(properties, property, &out->t) ||
            json_time(object, "updatedAt", &out->t));
}

static void
read_records(struct keyset_page *page, const char *property)
{
    cJSON *results = cJSON_GetObjectItemCaseSensitive(page->answer, "results");
    size_t n = (size_t)cJSON_GetArraySize(results);
    cJSON *object;

    page->records = calloc(n > 0 ? n : 1, sizeof(*page->records));
    page->objects = calloc(n > 0 ? n : 1, sizeof(cJSON *));
    if (page->records == NULL || page->objects == NULL)
        abort();
    cJSON_ArrayForEach(object, results)
    {
        struct keyset_record *r = &page->records[page->n];

        if (!keyset_page_record(object, property, r))
            *r = (struct keyset_record){.t = INT64_MIN, .id = "0"};
        else
            page->objects[page->n] = object;
        page->n++;
    }
}

int
keyset_page_search(const struct feed_env *env, const char *type,
                   const char *property, const cJSON *body,
                   struct keyset_page *out, struct error *err)
{
    char tail[64];
    int64_t total;

    memset(out, 0, sizeof(*out));
    snprintf(tail, sizeof(tail), "/%s/search", type);
    if (hubspot_read(env->hubspot, HUBSPOT_OBJECTS, tail, body, &out->answer,
                     err) < 0)
        return -1;
    read_records(out, property);
    if (json_i64(out->answer, "total", &total) && total > (int64_t)out->n &&
        total <= TOTAL_MAX)
        out->expected = total - (int64_t)out->n;
    return 0;
}

int
keyset_page_read(const struct feed_env *env, const char *type,
                 const char *property, const char *const *wanted,
                 int64_t first_look_ms, const cJSON *cursor,
                 struct keyset_page *out, struct error *err)
{
    const struct keyset_rules rules = {
        .now = hubspot_now_ms(env->hubspot),
        .first_look_ms = first_look_ms,
        .overlap_ms = conf_ms(env->conf, "hubspot", "overlap"),
        .second_look_ms = conf_ms(env->conf, "hubspot", "second_look")};
    struct keyset k;
    cJSON *body;
    int rv;

    keyset_read(&k, cursor);
    keyset_begin(&k, &rules);
    body = keyset_search(&k, property, wanted);
    rv = keyset_page_search(env, type, property, body, out, err);
    cJSON_Delete(body);
    if (rv < 0)
        return -1;
    if (!k.is_second_look && k.seen_at > rules.overlap_ms)
        out->settled = k.seen_at - rules.overlap_ms;
    for (size_t i = 0; i < out->n; i++)
        if (!keyset_is_asked(&k, &out->records[i]))
            out->objects[i] = NULL;
    out->next = k;
    out->more = keyset_next(&out->next, out->records, out->n);
    return 0;
}

void
keyset_page_fini(struct keyset_page *page)
{
    free(page->records);
    free(page->objects);
    cJSON_Delete(page->answer);
}
