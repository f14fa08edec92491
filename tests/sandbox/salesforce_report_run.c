/* salesforce_report_run: running a report: which activities are in it, in which
 * order (salesforce-api.md, 8). Date ranges but an explicit one, and other
 * operators than those of the catalogue, are refused. */
#include "tests/sandbox/salesforce_reports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ROWS_MAX 2000

/* A run; `sorting` and `type` are what the comparison needs. */
struct run {
    struct salesforce *sf;
    const struct sf_report_type *type;
    const cJSON *metadata;
    const char *sort_column; /* "": as they come */
    bool is_descending;
    const struct sf_record **rows;
    size_t n;
};

static const cJSON *
get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static const char *
standard(const struct run *r, const char *name)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, get(r->metadata, "standardFilters"))
    {
        if (strcmp(sf_json_text(item, "name"), name) == 0)
            return sf_json_text(item, "value");
    }
    return "";
}

static bool
fits_filter(const struct run *r, const struct sf_record *rec,
            const cJSON *filter)
{
    const char *cell =
        sf_report_cell(r->sf, r->type, rec, sf_json_text(filter, "column"));
    const char *operator= sf_json_text(filter, "operator");
    const char *value = sf_json_text(filter, "value");

    if (strcmp(operator, "contains") == 0)
        return strcasestr(cell, value) != NULL;
    return (strcasecmp(cell, value) == 0) == (strcmp(operator, "equals") == 0);
}

static bool
is_closed(const struct sf_record *rec)
{
    int64_t end;

    if (strcmp(rec->object->name, "Task") == 0)
        return sf_true(rec, "IsClosed");
    return sf_time_of(rec, "EndDateTime", &end) && end < sandbox_now_ms();
}

static bool
fits_date(const struct run *r, const struct sf_record *rec)
{
    const cJSON *filter = get(r->metadata, "standardDateFilter");
    const char *day =
        sf_report_cell(r->sf, r->type, rec, sf_json_text(filter, "column"));
    const char *from = sf_json_text(filter, "startDate");
    const char *to = sf_json_text(filter, "endDate");

    return (*from == '\0' || strncmp(day, from, 10) >= 0) &&
           (*to == '\0' || (*day != '\0' && strncmp(day, to, 10) <= 0));
}

static bool
fits(const struct run *r, const struct sf_record *rec)
{
    bool is_task = strcmp(rec->object->name, "Task") == 0;
    const char *closed = standard(r, "closed");
    const char *who_id = sf_text(rec, "WhoId"),
               *owner = sf_text(rec, "OwnerId");
    const struct sf_record *who = who_id ? sf_find(r->sf, who_id) : NULL;
    const cJSON *filter;

    if (rec->is_deleted || sf_true(rec, "IsArchived") || who == NULL ||
        strcmp(who->object->name, r->type->who) != 0 ||
        strchr(standard(r, "type"), is_task ? 't' : 'e') == NULL ||
        (strcmp(closed, "all") != 0 &&
         is_closed(rec) != (strcmp(closed, "closed") == 0)) ||
        (strcmp(sf_json_text(r->metadata, "scope"), "user") == 0 &&
         (owner == NULL || strcmp(owner, SF_USER) != 0)) ||
        !fits_date(r, rec))
        return false;
    cJSON_ArrayForEach(filter, get(r->metadata, "reportFilters"))
    {
        if (!fits_filter(r, rec, filter))
            return false;
    }
    return true;
}

static int
compare(const void *a, const void *b, void *ctx)
{
    const struct run *r = ctx;
    const struct sf_record *const *x = a, *const *y = b;
    int rv = strcmp(sf_report_cell(r->sf, r->type, *x, r->sort_column),
                    sf_report_cell(r->sf, r->type, *y, r->sort_column));

    if (rv == 0)
        return strcmp((*x)->id, (*y)->id);
    return r->is_descending ? -rv : rv;
}

static void
find(struct run *r)
{
    static const char *const names[] = {"Task", "Event"};
    size_t max = 0;

    for (int i = 0; i < 2; i++)
        max += sf_list(r->sf, sf_object_find(names[i]))->n;
    r->rows = hs_alloc((max + 1) * sizeof(*r->rows));
    for (int i = 0; i < 2; i++) {
        const struct hs_list *list = sf_list(r->sf, sf_object_find(names[i]));

        for (size_t k = 0; k < list->n; k++)
            if (fits(r, list->v[k]))
                r->rows[r->n++] = list->v[k];
    }
    qsort_r(r->rows, r->n, sizeof(*r->rows), compare, r);
}

static cJSON *
row_json(const struct run *r, const struct sf_record *rec)
{
    cJSON *row = cJSON_CreateObject();
    cJSON *cells = cJSON_AddArrayToObject(row, "dataCells");
    const cJSON *column;

    cJSON_ArrayForEach(column, get(r->metadata, "detailColumns"))
    {
        const char *value =
            sf_report_cell(r->sf, r->type, rec, cJSON_GetStringValue(column));
        cJSON *cell = cJSON_CreateObject();

        cJSON_AddStringToObject(cell, "label", *value != '\0' ? value : "-");
        if (*value != '\0')
            cJSON_AddStringToObject(cell, "value", value);
        else
            cJSON_AddNullToObject(cell, "value");
        cJSON_AddItemToArray(cells, cell);
    }
    return row;
}

static void
answer(struct sf_call *call, const struct run *r)
{
    char *details = sf_param(call, "includeDetails");
    bool has_details = details != NULL && strcasecmp(details, "true") == 0;
    cJSON *doc = cJSON_CreateObject(), *facts, *total, *rows, *count;

    free(details);
    cJSON_AddBoolToObject(doc, "allData", r->n <= ROWS_MAX);
    facts = cJSON_AddObjectToObject(doc, "factMap");
    total = cJSON_AddObjectToObject(facts, "T!T");
    count = cJSON_CreateObject();
    cJSON_AddNumberToObject(count, "value", (double)r->n);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(total, "aggregates"), count);
    if (has_details) {
        rows = cJSON_AddArrayToObject(total, "rows");
        for (size_t i = 0; i < r->n && i < ROWS_MAX; i++)
            cJSON_AddItemToArray(rows, row_json(r, r->rows[i]));
    }
    cJSON_AddBoolToObject(doc, "hasDetailRows", has_details);
    cJSON_AddItemToObject(doc, "reportMetadata",
                          cJSON_Duplicate(r->metadata, true));
    response_json(call->res, 200, doc);
}

void
sf_report_run(struct sf_call *call, const cJSON *metadata)
{
    const cJSON *dates = get(metadata, "standardDateFilter");
    const cJSON *sort = cJSON_GetArrayItem(get(metadata, "sortBy"), 0);
    struct run r = {.sf = call->sf,
                    .type = sf_report_type_find(
                        sf_json_text(get(metadata, "reportType"), "type")),
                    .metadata = metadata,
                    .sort_column = sf_json_text(sort, "sortColumn"),
                    .is_descending =
                        strcmp(sf_json_text(sort, "sortOrder"), "Desc") == 0};

    if (strcmp(sf_json_text(dates, "durationValue"), "CUSTOM") != 0 ||
        *sf_json_text(metadata, "reportBooleanFilter") != '\0') {
        sf_answer_error(call->res, 400, "BAD_REQUEST",
                        "the sandbox runs no report with a relative date "
                        "range, or with a logic of filters");
        return;
    }
    find(&r);
    answer(call, &r);
    free(r.rows);
}
