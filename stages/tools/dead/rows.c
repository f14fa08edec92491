/* rows: see rows.h. */
#include "stages/tools/dead/rows.h"

#include "common/dead_letter.h"
#include "common/json.h"
#include "common/summary.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    const struct rows_filter *filter;
    cJSON *rows;
    bool with_event;
};

static bool
has_number(const cJSON *rows, int64_t number)
{
    const cJSON *row;

    cJSON_ArrayForEach(row, rows)
    {
        if (summary_number(row, "number") == number)
            return true;
    }
    return false;
}

static int
take(void *ctx, const struct store_dead *d)
{
    struct reading *r = ctx;
    const struct rows_filter *f = r->filter;

    if (f->class != DEAD_CLASSES &&
        dead_reason_of(d->reason, d->detail)->class != f->class)
        return 0;
    /* Two words may mean one letter. */
    if (f->n_words > 1 && has_number(r->rows, d->number))
        return 0;
    cJSON_AddItemToArray(r->rows, dead_letter_json(d, r->with_event));
    return 0;
}

cJSON *
rows_read(struct store *store, const struct rows_filter *filter,
          bool with_event, struct error *err)
{
    struct reading r = {filter, cJSON_CreateArray(), with_event};
    struct store_dead_filter f = filter->in_store;
    int rv = 0;

    f.without_event = !with_event;
    if (store != NULL && filter->n_words == 0)
        rv = store_dead_each(store, &f, take, &r, err);
    for (int i = 0; store != NULL && i < filter->n_words && rv == 0; i++) {
        bool is_number = tool_number(filter->words[i], &f.number);

        if (!is_number)
            f.number = 0;
        f.text = is_number ? filter->in_store.text : filter->words[i];
        rv = store_dead_each(store, &f, take, &r, err);
    }
    if (rv == 0)
        return r.rows;
    cJSON_Delete(r.rows);
    return NULL;
}

static bool
is_same(const cJSON *a, const cJSON *b, const char *name)
{
    return strcmp(json_str(a, name), json_str(b, name)) == 0;
}

static cJSON *
group_of(cJSON *groups, const cJSON *row)
{
    static const char *const names[] = {"class", "reason", "means", "mend"};
    cJSON *group;

    cJSON_ArrayForEach(group, groups)
    {
        if (is_same(group, row, "reason") && is_same(group, row, "mend"))
            return group;
    }
    group = cJSON_CreateObject();
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        cJSON_AddStringToObject(group, names[i], json_str(row, names[i]));
    cJSON_AddNumberToObject(group, "n", 0);
    cJSON_AddItemToArray(groups, group);
    return group;
}

/* The most first; of equals the one that came first. */
static void
sort(cJSON *groups)
{
    for (int i = 1; i < cJSON_GetArraySize(groups); i++) {
        cJSON *group = cJSON_DetachItemFromArray(groups, i);
        int at = 0;

        while (at < i && summary_number(cJSON_GetArrayItem(groups, at), "n") >=
                             summary_number(group, "n"))
            at++;
        if (at < i)
            cJSON_InsertItemInArray(groups, at, group);
        else
            cJSON_AddItemToArray(groups, group);
    }
}

cJSON *
rows_groups(const cJSON *rows)
{
    cJSON *groups = cJSON_CreateArray(), *n;
    const cJSON *row;

    cJSON_ArrayForEach(row, rows)
    {
        n = cJSON_GetObjectItemCaseSensitive(group_of(groups, row), "n");
        cJSON_SetNumberValue(n, n->valuedouble + 1);
    }
    sort(groups);
    return groups;
}

void
rows_cut(cJSON *rows, int64_t max)
{
    cJSON *row = rows->child;

    for (int64_t i = 0; row != NULL && i < max; i++)
        row = row->next;
    while (row != NULL) {
        cJSON *next = row->next;

        cJSON_Delete(cJSON_DetachItemViaPointer(rows, row));
        row = next;
    }
}
