/* hubspot_batch: .../batch/{read,create,update,upsert,archive}: at most 100
 * inputs, 207 with errors besides results (hubspot-api.md, 2.2).
 *
 * Writing fails as a whole, with nothing written, unless every input has an
 * objectWriteTraceId of its own; then each row stands alone. Ids that do not
 * exist are left out and told of in one grouped error. */
#include "tests/sandbox/hubspot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct batch {
    struct hs_call *call;
    struct hubspot *hs;
    int type;
    const cJSON *inputs;
    bool is_traced; /* rows stand alone */
    cJSON *results, *errors, *missing;
    int64_t started_ms;
};

/* What to do with a row; rec is filled in by the check. */
struct row {
    const cJSON *input;
    struct hs_record *rec; /* NULL: create */
    bool is_skipped;
};

static const cJSON *
get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static bool
all_traced(const cJSON *inputs)
{
    const cJSON *a, *b;

    cJSON_ArrayForEach(a, inputs)
    {
        const char *id = cJSON_GetStringValue(get(a, "objectWriteTraceId"));

        if (id == NULL)
            return false;
        for (b = a->next; b != NULL; b = b->next) {
            const char *other =
                cJSON_GetStringValue(get(b, "objectWriteTraceId"));

            if (other != NULL && strcmp(id, other) == 0)
                return false;
        }
    }
    return true;
}

static void
batch_open(struct batch *b, struct hs_call *call, int type, const cJSON *inputs)
{
    *b = (struct batch){.call = call,
                        .hs = call->hs,
                        .type = type,
                        .inputs = inputs,
                        .is_traced = all_traced(inputs),
                        .results = cJSON_CreateArray(),
                        .errors = cJSON_CreateArray(),
                        .missing = cJSON_CreateArray(),
                        .started_ms = sandbox_now_ms()};
}

static cJSON *
new_error(const char *category, const char *message)
{
    cJSON *error = cJSON_CreateObject();

    cJSON_AddStringToObject(error, "status", "error");
    cJSON_AddStringToObject(error, "category", category);
    cJSON_AddStringToObject(error, "message", message);
    return error;
}

static void
batch_answer(struct batch *b, int status)
{
    if (cJSON_GetArraySize(b->missing) > 0) {
        cJSON *error, *context = cJSON_CreateObject();
        char message[160];

        snprintf(message, sizeof(message),
                 "Could not get some %s objects, they may be deleted or not "
                 "exist. Check that ids are valid.",
                 hs_types[b->type].upper);
        error = new_error("OBJECT_NOT_FOUND", message);
        cJSON_AddItemToObject(context, "ids", b->missing);
        cJSON_AddItemToObject(error, "context", context);
        cJSON_AddItemToArray(b->errors, error);
    } else {
        cJSON_Delete(b->missing);
    }
    hs_answer_batch(b->call, status, b->results, b->errors, b->started_ms);
}

/* Nothing is done; the whole call is refused. */
static void
batch_refuse(struct batch *b, struct hs_fail *fail)
{
    cJSON_Delete(b->results);
    cJSON_Delete(b->errors);
    cJSON_Delete(b->missing);
    hs_answer_fail(b->call, fail);
}

static void
add_missing(struct batch *b, const cJSON *input)
{
    char *text = hs_text_of(NULL, get(input, "id"));

    cJSON_AddItemToArray(b->missing, cJSON_CreateString(text ? text : ""));
    free(text);
}

/* The row's part of errors[]. */
static void
add_row_error(struct batch *b, const cJSON *input, struct hs_fail *fail)
{
    const char *trace = cJSON_GetStringValue(get(input, "objectWriteTraceId"));
    cJSON *error = new_error(fail->category, fail->message);
    cJSON *context = cJSON_AddObjectToObject(error, "context");
    char *id = hs_text_of(NULL, get(input, "id"));

    if (trace != NULL)
        cJSON_AddItemToArray(
            cJSON_AddArrayToObject(context, "objectWriteTraceId"),
            cJSON_CreateString(trace));
    if (id != NULL)
        cJSON_AddItemToArray(cJSON_AddArrayToObject(context, "ids"),
                             cJSON_CreateString(id));
    if (fail->errors != NULL)
        cJSON_AddItemToObject(error, "errors", fail->errors);
    fail->errors = NULL;
    free(id);
    cJSON_AddItemToArray(b->errors, error);
    hs_fail_fini(fail);
}

/* ---- read ---- */

static struct hs_record *
read_one(struct batch *b, const char *by, const cJSON *input, bool archived,
         struct hs_fail *fail)
{
    struct hs_record *rec =
        hs_lookup(b->hs, b->type, by, get(input, "id"), fail);

    return rec == NULL || rec->archived != archived || rec->gone ? NULL : rec;
}

static void
batch_read(struct batch *b)
{
    const char *by = cJSON_GetStringValue(get(b->call->body, "idProperty"));
    const char *archived = request_query(b->call->req, "archived");
    struct hs_fail fail = {0};
    struct hs_select sel;
    const cJSON *input;

    hs_select(b->hs, b->type, get(b->call->body, "properties"), &sel);
    cJSON_ArrayForEach(input, b->inputs)
    {
        const struct hs_record *rec = read_one(
            b, by, input, archived && strcmp(archived, "true") == 0, &fail);

        if (rec == NULL)
            add_missing(b, input);
        else
            cJSON_AddItemToArray(b->results, hs_record_json(b->hs, rec, &sel));
    }
    hs_select_fini(&sel);
    if (fail.status != 0)
        batch_refuse(b, &fail);
    else
        batch_answer(b, 200);
}

/* ---- writing ---- */

static void
add_written(struct batch *b, const struct row *row, const struct hs_record *rec,
            bool with_new)
{
    const char *trace =
        cJSON_GetStringValue(get(row->input, "objectWriteTraceId"));
    cJSON *names = cJSON_CreateArray(), *out;
    const cJSON *prop, *props = get(row->input, "properties");
    struct hs_select sel;

    cJSON_ArrayForEach(prop, props)
    {
        cJSON_AddItemToArray(names, cJSON_CreateString(prop->string));
    }
    hs_select(b->hs, b->type, names, &sel);
    out = hs_record_json(b->hs, rec, &sel);
    if (with_new)
        cJSON_AddBoolToObject(out, "new", row->rec == NULL);
    if (trace != NULL)
        cJSON_AddStringToObject(out, "objectWriteTraceId", trace);
    cJSON_AddItemToArray(b->results, out);
    hs_select_fini(&sel);
    cJSON_Delete(names);
}

/* Does an earlier row that creates hold the same unique value? */
static void
check_twins(struct batch *b, const struct row *rows, int index,
            struct hs_fail *fail)
{
    const struct hs_table *table = &b->hs->tables[b->type];

    for (size_t def = 0; def < table->n_defs && rows[index].rec == NULL;
         def++) {
        const char *name = table->defs[def].name;
        const char *mine = cJSON_GetStringValue(
            get(get(rows[index].input, "properties"), name));

        if (!table->defs[def].is_unique || mine == NULL || *mine == '\0')
            continue;
        for (int i = 0; i < index; i++) {
            const char *other = cJSON_GetStringValue(
                get(get(rows[i].input, "properties"), name));

            if (!rows[i].is_skipped && other != NULL &&
                strcasecmp(mine, other) == 0 && fail->status == 0)
                hs_fail(fail, 400, "VALIDATION_ERROR",
                        "Duplicate values for %s are not allowed in one "
                        "batch: %s",
                        name, mine);
        }
    }
}

static void
check_row(struct batch *b, int index, struct row *row, struct hs_fail *fail)
{
    const struct sandbox_row_fault *fault = sandbox_partial(index);
    const cJSON *props = get(row->input, "properties");

    if (fault != NULL) {
        hs_fail(fail, 400, fault->code, "%s", fault->message);
        return;
    }
    hs_check(b->hs, b->type, row->rec, props, fail);
    if (fail->status == 0 && row->rec == NULL)
        hs_create_links(b->hs, b->type, NULL, get(row->input, "associations"),
                        fail);
}

/* false: the batch as a whole is refused with *fail. An injected row error of
 * an update without trace ids is told with the id of its row. */
static bool
check_rows(struct batch *b, struct row *rows, bool is_update, bool is_whole,
           struct hs_fail *fail)
{
    for (int i = 0; i < cJSON_GetArraySize(b->inputs); i++) {
        bool is_injected = sandbox_partial(i) != NULL;

        if (rows[i].is_skipped)
            continue;
        check_row(b, i, &rows[i], fail);
        check_twins(b, rows, i, fail);
        if (fail->status == 0)
            continue;
        if (is_whole || (!b->is_traced && !(is_update && is_injected)))
            return false;
        add_row_error(b, rows[i].input, fail);
        rows[i].is_skipped = true;
    }
    return true;
}

static void
put_links(struct batch *b, const struct row *row, struct hs_record *rec)
{
    struct hs_fail fail = {0};

    hs_create_links(b->hs, b->type, rec, get(row->input, "associations"),
                    &fail);
    hs_fail_fini(&fail);
}

static void
write_rows(struct batch *b, struct row *rows, bool with_new)
{
    for (int i = 0; i < cJSON_GetArraySize(b->inputs); i++) {
        struct hs_record *rec = rows[i].rec;
        const cJSON *props = get(rows[i].input, "properties");
        int64_t now = sandbox_now_ms();

        if (rows[i].is_skipped)
            continue;
        if (rec == NULL) {
            rec = hs_record_new(b->hs, b->type, 0, now, now);
            hs_apply(b->hs, rec, props, false);
            put_links(b, &rows[i], rec);
        } else {
            hs_apply(b->hs, rec, props, false);
            hs_record_touch(b->hs, rec, now);
        }
        add_written(b, &rows[i], rec, with_new);
    }
}

static void
batch_create(struct batch *b)
{
    struct row rows[HS_BATCH_MAX] = {0};
    struct hs_fail fail = {0};
    const cJSON *input;
    int n = 0;

    cJSON_ArrayForEach(input, b->inputs)
    {
        rows[n++].input = input;
    }
    if (!check_rows(b, rows, false, false, &fail)) {
        batch_refuse(b, &fail);
        return;
    }
    write_rows(b, rows, false);
    batch_answer(b, 201);
}

/* A merged-away id of a batch update vanishes without a word. */
static void
find_update(struct batch *b, struct row *row, struct hs_fail *fail)
{
    const char *by = cJSON_GetStringValue(get(row->input, "idProperty"));

    row->rec = hs_lookup(b->hs, b->type, by, get(row->input, "id"), fail);
    if (row->rec != NULL && !row->rec->archived)
        return;
    row->is_skipped = true;
    if (row->rec == NULL || row->rec->merged_into == 0)
        add_missing(b, row->input);
}

static void
batch_update(struct batch *b)
{
    struct row rows[HS_BATCH_MAX] = {0};
    struct hs_fail fail = {0};
    const cJSON *input;
    int n = 0;

    cJSON_ArrayForEach(input, b->inputs)
    {
        rows[n].input = input;
        find_update(b, &rows[n++], &fail);
    }
    if (fail.status != 0 || !check_rows(b, rows, true, false, &fail)) {
        batch_refuse(b, &fail);
        return;
    }
    write_rows(b, rows, false);
    batch_answer(b, 200);
}

/* The idProperty's own value is part of what is written. */
static void
find_upsert(struct batch *b, struct row *row, struct hs_fail *fail)
{
    const char *by = cJSON_GetStringValue(get(row->input, "idProperty"));
    const cJSON *id = get(row->input, "id");
    cJSON *props = cJSON_GetObjectItemCaseSensitive(
        (cJSON *)(uintptr_t)row->input, "properties");

    if (by == NULL || strcmp(by, "hs_object_id") == 0) {
        hs_fail(fail, 400, "VALIDATION_ERROR",
                "Unable to perform update/upsert by non-unique %s property %s "
                "in portal ID %d",
                hs_types[b->type].type_id, by ? by : "hs_object_id",
                HS_PORTAL_ID);
        return;
    }
    row->rec = hs_lookup(b->hs, b->type, by, id, fail);
    if (row->rec == NULL && props != NULL && id != NULL &&
        get(props, by) == NULL)
        cJSON_AddItemToObject(props, by, cJSON_Duplicate(id, true));
}

static void
batch_upsert(struct batch *b)
{
    struct row rows[HS_BATCH_MAX] = {0};
    struct hs_fail fail = {0};
    const cJSON *input;
    bool by_email = false;
    int n = 0;

    cJSON_ArrayForEach(input, b->inputs)
    {
        const char *by = cJSON_GetStringValue(get(input, "idProperty"));

        rows[n].input = input;
        by_email = by_email || (by != NULL && strcmp(by, "email") == 0);
        if (fail.status == 0)
            find_upsert(b, &rows[n], &fail);
        n++;
    }
    if (fail.status != 0 || !check_rows(b, rows, false, by_email, &fail)) {
        batch_refuse(b, &fail);
        return;
    }
    write_rows(b, rows, true);
    batch_answer(b, 200);
}

static void
batch_archive(struct batch *b)
{
    const cJSON *input;

    cJSON_ArrayForEach(input, b->inputs)
    {
        int64_t id;
        struct hs_record *rec =
            hs_json_id(input, "id", &id) ? hs_find(b->hs, b->type, id) : NULL;

        if (rec != NULL)
            hs_record_archive(b->hs, rec);
    }
    cJSON_Delete(b->results);
    cJSON_Delete(b->errors);
    cJSON_Delete(b->missing);
    hs_empty(b->call, 204);
}

void
hs_batch(struct hs_call *call, int type)
{
    static const struct {
        const char *name;
        void (*run)(struct batch *b);
    } verbs[] = {{"read", batch_read},
                 {"create", batch_create},
                 {"update", batch_update},
                 {"upsert", batch_upsert},
                 {"archive", batch_archive}};
    const cJSON *inputs;
    struct batch b;

    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(call->parts[2], verbs[i].name) != 0)
            continue;
        hs_pattern(call, "/%s/batch/%s", call->parts[0], verbs[i].name);
        inputs = hs_batch_inputs(call, HS_BATCH_MAX);
        if (inputs == NULL)
            return;
        batch_open(&b, call, type, inputs);
        verbs[i].run(&b);
        return;
    }
    hs_not_found(call);
}
