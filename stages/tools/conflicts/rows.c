/* rows: see rows.h. */
#include "stages/tools/conflicts/rows.h"

#include "common/json.h"
#include "common/mapping.h"
#include "common/sf_id.h"
#include "common/summary.h"

#include <stdio.h>
#include <string.h>

struct reading {
    struct store *store;
    const struct rows_filter *filter;
    cJSON *rows;
    struct error *err;
    bool has_failed;
};

/* "call" of "hubspot:call:512". */
static void
type_of(const char *key, char *buf, size_t size)
{
    const char *type = strchr(key, ':');

    type = type != NULL ? type + 1 : "";
    snprintf(buf, size, "%.*s", (int)strcspn(type, ":"), type);
}

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

static cJSON *
row_of(const struct store_conflict *c, const char *target)
{
    enum side kept = strcmp(c->kept_side, side_name(SIDE_HUBSPOT)) == 0
                         ? SIDE_HUBSPOT
                         : SIDE_SALESFORCE;
    cJSON *row = cJSON_CreateObject();
    char kind[32];

    type_of(c->key, kind, sizeof(kind));
    cJSON_AddNumberToObject(row, "number", (double)c->number);
    cJSON_AddNumberToObject(row, "at", (double)c->at);
    cJSON_AddStringToObject(row, "kind", kind);
    cJSON_AddStringToObject(row, "key", c->key);
    cJSON_AddStringToObject(row, "target", target);
    cJSON_AddBoolToObject(row, "is_linked", target[0] != '\0');
    cJSON_AddStringToObject(row, "property", c->property);
    cJSON_AddStringToObject(row, "kept", c->kept);
    cJSON_AddStringToObject(row, "kept_side", side_name(kept));
    cJSON_AddStringToObject(row, "lost", c->lost);
    cJSON_AddStringToObject(row, "lost_side", side_name(side_other(kept)));
    cJSON_AddNumberToObject(row, "flipped_at", (double)c->flipped_at);
    return row;
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
    row = row_of(c, rv == 1 ? link.target : "");
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
