/* rows: see rows.h. */
#include "stages/tools/conflicts/rows.h"

#include "common/conflict.h"
#include "common/json.h"
#include "common/sf_id.h"
#include "common/summary.h"

#include <string.h>

struct reading {
    struct store *store;
    const struct rows_filter *filter;
    cJSON *rows;
    struct error *err;
    bool has_failed;
};

static bool
is_named(const char *key, const char *text)
{
    const char *id = strrchr(key, ':');
    char whole[SF_ID_SIZE];

    if (strcmp(key, text) == 0 || (id != NULL && strcmp(id + 1, text) == 0))
        return true;
    return id != NULL && sf_id_normalise(text, whole) &&
           strcmp(id + 1, whole) == 0;
}

static bool
is_wanted(const struct rows_filter *f, const cJSON *row)
{
    bool is_one = f->n_numbers == 0;

    for (int i = 0; i < f->n_numbers; i++)
        is_one = is_one || f->numbers[i] == summary_number(row, "number");
    if (!is_one ||
        (f->kind != NULL && strcmp(f->kind, json_str(row, "kind")) != 0))
        return false;
    return f->id == NULL || is_named(json_str(row, "key"), f->id) ||
           is_named(json_str(row, "target"), f->id);
}

static int
take(void *ctx, const struct store_conflict *c)
{
    struct reading *r = ctx;
    struct store_link link;
    int rv = store_link_get(r->store, c->key, &link, r->err);
    cJSON *row;

    if (rv < 0) {
        r->has_failed = true;
        return 1;
    }
    row = conflict_json(c, rv == 1 ? link.target : "");
    if (is_wanted(r->filter, row))
        cJSON_AddItemToArray(r->rows, row);
    else
        cJSON_Delete(row);
    return 0;
}

cJSON *
rows_read(struct store *store, const struct rows_filter *filter,
          struct error *err)
{
    struct reading r = {store, filter, cJSON_CreateArray(), err, false};

    if (store != NULL &&
        (store_conflict_each(store, NULL, take, &r, err) < 0 || r.has_failed)) {
        cJSON_Delete(r.rows);
        return NULL;
    }
    return r.rows;
}

cJSON *
rows_find(const cJSON *rows, int64_t number)
{
    cJSON *row;

    cJSON_ArrayForEach(row, rows) if (summary_number(row, "number") ==
                                      number) return row;
    return NULL;
}
