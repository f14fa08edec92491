/* hubspot_filter: a search's filterGroups and query: compiled once, asked of
 * every record (hubspot-api.md, 2.3). */
#include "tests/sandbox/hubspot_filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const op_names[OP_N] = {"LT",
                                           "LTE",
                                           "GT",
                                           "GTE",
                                           "EQ",
                                           "NEQ",
                                           "BETWEEN",
                                           "IN",
                                           "NOT_IN",
                                           "HAS_PROPERTY",
                                           "NOT_HAS_PROPERTY",
                                           "CONTAINS_TOKEN",
                                           "NOT_CONTAINS_TOKEN"};

static enum form
form_of(const struct hs_def *def)
{
    if (strcmp(def->type, "number") == 0)
        return FORM_NUMBER;
    if (strncmp(def->type, "date", 4) == 0)
        return FORM_TIME;
    return strcmp(def->type, "enumeration") == 0 ||
                   strcmp(def->type, "owner") == 0
               ? FORM_ENUM
               : FORM_TEXT;
}

static bool
add_value(struct filter *f, const cJSON *in)
{
    char *text = hs_text_of(NULL, in), *end;
    struct value *v;

    if (text == NULL)
        return cJSON_IsString(in); /* "" is equal to nothing */
    f->values = realloc(f->values, (f->n + 1) * sizeof(*f->values));
    if (f->values == NULL)
        abort();
    v = &f->values[f->n++];
    *v = (struct value){.text = text};
    if (f->form == FORM_TIME)
        return timetext_parse(text, strlen(text), &v->time_ms) == 0;
    if (f->form == FORM_NUMBER) {
        v->number = strtod(text, &end);
        return *end == '\0';
    }
    /* values of IN have to be in small letters already */
    if (f->form == FORM_TEXT && f->op != OP_IN && f->op != OP_NOT_IN) {
        v->text = hs_lower(text);
        free(text);
    }
    return true;
}

static bool
add_values(struct filter *f, const cJSON *in)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(in, "values"), *one;
    bool is_good = true;

    if (f->op == OP_HAS || f->op == OP_HAS_NOT)
        return true;
    if (f->op != OP_IN && f->op != OP_NOT_IN)
        return add_value(f, cJSON_GetObjectItemCaseSensitive(in, "value")) &&
               (f->op != OP_BETWEEN ||
                add_value(f,
                          cJSON_GetObjectItemCaseSensitive(in, "highValue")));
    cJSON_ArrayForEach(one, list)
    {
        is_good = is_good && add_value(f, one);
    }
    return is_good && cJSON_GetArraySize(list) > 0;
}

static bool
take_property(struct hs_query *q, struct filter *f, const char *name)
{
    char singular[64];

    f->def = hs_def_find(q->hs, q->type, name);
    if (f->def >= 0) {
        f->form = form_of(&q->hs->tables[q->type].defs[f->def]);
        return strcmp(name, "hs_body_preview_html") != 0 &&
               strcmp(name, "hs_email_html") != 0 &&
               (q->type != HS_EMAILS || strcmp(name, "hs_body_preview") != 0);
    }
    if (strncmp(name, "associations.", 13) != 0)
        return false;
    snprintf(singular, sizeof(singular), "%s", name + 13);
    f->to_type = hs_type_of(singular);
    f->form = FORM_NUMBER;
    return f->to_type >= 0;
}

static void
add_filter(struct hs_query *q, const cJSON *in, struct hs_fail *fail)
{
    const char *name = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(in, "propertyName"));
    const char *op =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(in, "operator"));
    struct filter *f = &q->filters[q->n_filters++];

    *f = (struct filter){.def = -1, .to_type = -1};
    while (op != NULL && f->op < OP_N && strcmp(op, op_names[f->op]) != 0)
        f->op++;
    if (op == NULL || f->op == OP_N || name == NULL)
        hs_fail(fail, 400, "VALIDATION_ERROR",
                "Invalid input JSON: a filter needs propertyName and an "
                "operator, not %.40s",
                op ? op : "null");
    else if (!take_property(q, f, name))
        hs_fail(fail, 400, "VALIDATION_ERROR",
                "There was a problem with the request. Property '%.80s' "
                "cannot be filtered on",
                name);
    else if (!add_values(f, in))
        hs_fail(fail, 400, "VALIDATION_ERROR",
                "There was a problem with the request. The value of filter "
                "%.80s %s is not valid",
                name, op);
}

static void
add_group(struct hs_query *q, const cJSON *filters, struct hs_fail *fail)
{
    const cJSON *one;
    int n = cJSON_GetArraySize(filters);

    if (n > MAX_FILTERS || q->n_filters + n > MAX_ALL ||
        q->n_groups == MAX_GROUPS) {
        hs_fail(fail, 400, "VALIDATION_ERROR",
                "Too many filters: at most %d groups, %d filters in a group "
                "and %d in all",
                MAX_GROUPS, MAX_FILTERS, MAX_ALL);
        return;
    }
    cJSON_ArrayForEach(one, filters)
    {
        if (fail->status == 0)
            add_filter(q, one, fail);
    }
    q->group_end[q->n_groups++] = q->n_filters;
}

struct hs_query *
hs_query_new(struct hubspot *hs, int type, const cJSON *body,
             struct hs_fail *fail)
{
    const cJSON *groups =
        cJSON_GetObjectItemCaseSensitive(body, "filterGroups");
    const cJSON *bare = cJSON_GetObjectItemCaseSensitive(body, "filters");
    const cJSON *group;
    struct hs_query *q = hs_alloc(sizeof(*q));
    const char *words =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(body, "query"));

    q->hs = hs;
    q->type = type;
    if (words != NULL && *words != '\0')
        q->words = hs_lower(words);
    cJSON_ArrayForEach(group, groups)
    {
        if (fail->status == 0)
            add_group(q, cJSON_GetObjectItemCaseSensitive(group, "filters"),
                      fail);
    }
    if (cJSON_GetArraySize(bare) > 0 && fail->status == 0)
        add_group(q, bare, fail);
    if (fail->status == 0)
        return q;
    hs_query_free(q);
    return NULL;
}

void
hs_query_free(struct hs_query *q)
{
    for (int i = 0; i < q->n_filters; i++) {
        for (size_t v = 0; v < q->filters[i].n; v++)
            free(q->filters[i].values[v].text);
        free(q->filters[i].values);
    }
    free(q->words);
    free(q);
}

/* Narrow the span by one filter on the modification time. */
static bool
narrow(const struct filter *f, int64_t *from, int64_t *to)
{
    int64_t v = f->n > 0 ? f->values[0].time_ms : 0;
    int64_t lo = INT64_MIN, hi = INT64_MAX;

    if (f->n == 0)
        return false;
    if (f->op == OP_EQ || f->op == OP_GTE || f->op == OP_BETWEEN)
        lo = v;
    else if (f->op == OP_GT)
        lo = v + 1;
    if (f->op == OP_EQ || f->op == OP_LTE)
        hi = v;
    else if (f->op == OP_LT)
        hi = v - 1;
    else if (f->op == OP_BETWEEN)
        hi = f->values[1].time_ms;
    *from = lo > *from ? lo : *from;
    *to = hi < *to ? hi : *to;
    return f->op <= OP_BETWEEN && f->op != OP_NEQ;
}

bool
hs_query_span(const struct hs_query *q, int64_t *from_ms, int64_t *to_ms,
              int64_t *from_id)
{
    bool is_all = q->words == NULL;
    int n_ids = 0;

    *from_ms = INT64_MIN;
    *to_ms = INT64_MAX;
    *from_id = 0;
    if (q->n_groups != 1)
        return is_all && q->n_groups == 0;
    for (int i = 0; i < q->n_filters; i++) {
        const struct filter *f = &q->filters[i];
        enum hs_sys sys =
            f->def < 0 ? HS_PLAIN : q->hs->tables[q->type].defs[f->def].sys;

        if (sys == HS_SYS_ID && (f->op == OP_GT || f->op == OP_GTE) &&
            f->n == 1) {
            int64_t id = hs_i64(f->values[0].number) + (f->op == OP_GT);

            *from_id = id > *from_id ? id : *from_id;
            n_ids++;
        } else if (sys != HS_SYS_MODIFIED || !narrow(f, from_ms, to_ms)) {
            is_all = false;
        }
    }
    return is_all && (n_ids == 0 || *from_ms == *to_ms);
}
