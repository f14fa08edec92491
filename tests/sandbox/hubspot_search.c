/* hubspot_search: POST .../search: limits, sorting, paging, lag.
 *
 * A search that sorts by modification time, or by id within one modification
 * time, walks the index from where the page begins and stops after it. Any
 * other collects what matches and sorts it. */
#include "tests/sandbox/hubspot.h"

#include "common/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY_MAX 3000
#define PAGE_MAX 200

struct search {
    struct hubspot *hs;
    struct hs_table *table;
    int type;
    struct hs_query *query;
    int sort_def; /* -1: by creation */
    bool is_descending;
    long limit, after;
    size_t lo, hi;   /* of by_mod */
    bool is_all;     /* what lies between matches */
    int64_t seen_ms; /* what was touched later is not indexed yet */
    size_t total;
    const struct hs_record **page; /* limit of them */
    size_t n_page;
};

static void
bad_request(struct hs_call *call, const char *why)
{
    hs_answer_error(call, 400, "VALIDATION_ERROR", "%s", why);
}

/* ---- reading the request ---- */

static bool
take_number(const cJSON *body, const char *key, long dflt, long *out)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(body, key);
    char *text = hs_text_of(NULL, item), *end;

    *out = dflt;
    if (text == NULL)
        return true;
    *out = strtol(text, &end, 10);
    end = *end == '\0' ? NULL : end;
    free(text);
    return end == NULL && *out >= 0;
}

/* [{propertyName, direction}] or ["-createdate"] */
static bool
take_sort(struct search *s, const cJSON *body)
{
    const cJSON *sorts = cJSON_GetObjectItemCaseSensitive(body, "sorts");
    const cJSON *one = cJSON_GetArrayItem(sorts, 0);
    const char *name = cJSON_GetStringValue(one);
    const char *direction = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(one, "direction"));

    s->sort_def = -1;
    if (one == NULL)
        return true;
    if (name == NULL)
        name = cJSON_GetStringValue(
            cJSON_GetObjectItemCaseSensitive(one, "propertyName"));
    else if (*name == '-' && name++)
        direction = "DESCENDING";
    s->is_descending =
        direction != NULL && strcmp(direction, "DESCENDING") == 0;
    s->sort_def = name ? hs_def_find(s->hs, s->type, name) : -1;
    return s->sort_def >= 0 && cJSON_GetArraySize(sorts) == 1;
}

static bool
read_request(struct hs_call *call, struct search *s)
{
    struct hs_fail fail = {0};

    if (call->body == NULL ||
        text_units(call->req->body, call->req->body_len) > BODY_MAX)
        bad_request(call, call->body == NULL
                              ? "Invalid input JSON: there is no body"
                              : "The request body is too large: at most 3000 "
                                "characters");
    else if (!take_number(call->body, "limit", 10, &s->limit) || s->limit < 1 ||
             s->limit > PAGE_MAX)
        bad_request(call, "limit must be between 1 and 200");
    else if (!take_number(call->body, "after", 0, &s->after))
        bad_request(call, "after must be a number");
    else if (s->after + s->limit > HS_SEARCH_CAP)
        bad_request(call, "There was a problem with the request: paging ends "
                          "after 10000 results");
    else if (!take_sort(s, call->body))
        bad_request(call, "sorts must hold at most one property that exists");
    else if ((s->query = hs_query_new(s->hs, s->type, call->body, &fail)) ==
             NULL)
        hs_answer_fail(call, &fail);
    else
        return true;
    return false;
}

/* ---- walking ---- */

static bool
matches(const struct search *s, const struct hs_record *rec)
{
    return rec->touched_ms <= s->seen_ms &&
           (s->is_all || hs_query_match(s->query, rec));
}

/* The index has the order that is asked for. */
static void
walk_index(struct search *s)
{
    size_t n = s->hi - s->lo, at = 0;

    if (s->is_all && s->seen_ms == INT64_MAX) { /* count without looking */
        s->total = n;
        at = (size_t)s->after < n ? (size_t)s->after : n;
        for (; at < n && s->n_page < (size_t)s->limit; at++)
            s->page[s->n_page++] =
                s->table->by_mod[s->is_descending ? s->hi - 1 - at : s->lo + at]
                    .rec;
        return;
    }
    for (; at < n; at++) {
        const struct hs_record *rec =
            s->table->by_mod[s->is_descending ? s->hi - 1 - at : s->lo + at]
                .rec;

        if (!matches(s, rec))
            continue;
        if (s->total++ >= (size_t)s->after && s->n_page < (size_t)s->limit)
            s->page[s->n_page++] = rec;
    }
}

/* All that matches by id: the index by id from the first that may. */
static void
walk_ids(struct search *s, int64_t from_id)
{
    size_t first = hs_by_id_from(s->table, from_id), n = s->table->n_by_id;

    for (size_t at = first; at < n; at++) {
        const struct hs_record *rec =
            s->table->by_id[s->is_descending ? n - 1 - (at - first) : at];

        if (rec->archived || !matches(s, rec))
            continue;
        if (s->total++ >= (size_t)s->after && s->n_page < (size_t)s->limit)
            s->page[s->n_page++] = rec;
    }
}

static struct search *sorting; /* what qsort's comparison works for */

static int
compare_values(const struct hs_record *a, const struct hs_record *b)
{
    const struct hs_def *def = &sorting->table->defs[sorting->sort_def];
    char buf_a[HS_VALUE_SIZE], buf_b[HS_VALUE_SIZE];
    const char *left, *right;

    if (def->sys == HS_SYS_ID)
        return 0;
    if (def->sys == HS_SYS_MODIFIED && a->modified_ms != b->modified_ms)
        return a->modified_ms < b->modified_ms ? -1 : 1;
    left = hs_value(sorting->hs, a, sorting->sort_def, buf_a);
    right = hs_value(sorting->hs, b, sorting->sort_def, buf_b);
    if (left == NULL || right == NULL)
        return (left != NULL) - (right != NULL);
    if (strcmp(def->type, "number") == 0) {
        double l = strtod(left, NULL), r = strtod(right, NULL);

        return l < r ? -1 : l > r;
    }
    return strcasecmp(left, right);
}

static int
compare_records(const void *pa, const void *pb)
{
    const struct hs_record *a = *(const struct hs_record *const *)pa;
    const struct hs_record *b = *(const struct hs_record *const *)pb;
    int order = 0;

    if (sorting->sort_def >= 0)
        order = compare_values(a, b);
    else if (a->created_ms != b->created_ms)
        order = a->created_ms < b->created_ms ? -1 : 1;
    if (order == 0)
        order = a->id < b->id ? -1 : a->id > b->id;
    return sorting->is_descending ? -order : order;
}

static void
collect_and_sort(struct search *s)
{
    const struct hs_record **all =
        hs_alloc((s->hi - s->lo) * sizeof(struct hs_record *));

    for (size_t i = s->lo; i < s->hi; i++)
        if (matches(s, s->table->by_mod[i].rec))
            all[s->total++] = s->table->by_mod[i].rec;
    sorting = s;
    qsort(all, s->total, sizeof(struct hs_record *), compare_records);
    for (size_t i = (size_t)s->after;
         i < s->total && s->n_page < (size_t)s->limit; i++)
        s->page[s->n_page++] = all[i];
    free(all);
}

static void
run(struct search *s)
{
    int64_t from, to, from_id, lag = sandbox_lag_ms(s->hs->service);
    enum hs_sys sys =
        s->sort_def < 0 ? HS_PLAIN : s->table->defs[s->sort_def].sys;

    hs_table_ready(s->table);
    s->is_all = hs_query_span(s->query, &from, &to, &from_id);
    s->lo = hs_by_mod_from(s->table, from, from == to ? from_id : 0);
    s->hi = to == INT64_MAX ? s->table->n_by_mod
                            : hs_by_mod_from(s->table, to + 1, 0);
    if (s->hi < s->lo)
        s->hi = s->lo;
    s->seen_ms = lag > 0 ? sandbox_now_ms() - lag : INT64_MAX;
    if (sys == HS_SYS_MODIFIED || (sys == HS_SYS_ID && from == to))
        walk_index(s);
    else if (sys == HS_SYS_ID)
        walk_ids(s, from_id);
    else
        collect_and_sort(s);
}

/* ---- answering ---- */

static void
answer(struct hs_call *call, const struct search *s)
{
    cJSON *out = cJSON_CreateObject(), *results;
    struct hs_select sel;
    char after[24];

    cJSON_AddNumberToObject(out, "total", (double)s->total);
    results = cJSON_AddArrayToObject(out, "results");
    hs_select(s->hs, s->type,
              cJSON_GetObjectItemCaseSensitive(call->body, "properties"), &sel);
    for (size_t i = 0; i < s->n_page; i++)
        cJSON_AddItemToArray(results, hs_record_json(s->hs, s->page[i], &sel));
    hs_select_fini(&sel);
    if ((size_t)s->after + s->n_page < s->total) {
        snprintf(after, sizeof(after), "%zu", (size_t)s->after + s->n_page);
        hs_add_paging(call, out, after, false);
    }
    response_json(call->res, 200, out);
}

void
hs_search(struct hs_call *call, int type)
{
    struct search s = {
        .hs = call->hs, .table = &call->hs->tables[type], .type = type};

    hs_pattern(call, "/%s/search", call->parts[0]);
    if (!read_request(call, &s))
        return;
    s.page = hs_alloc((size_t)s.limit * sizeof(*s.page));
    run(&s);
    answer(call, &s);
    free(s.page);
    hs_query_free(s.query);
}
