/* rows: see rows.h. */
#include "stages/writer/hubspot/rows.h"

#include "common/json.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TRACE_SIZE 16

static const cJSON *
get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static void
trace_of(size_t row, char buf[TRACE_SIZE])
{
    snprintf(buf, TRACE_SIZE, "row-%u", (unsigned)row);
}

/* ---- bodies ---- */

void
hubspot_rows_tail(const struct hubspot_batch *batch, char *buf, size_t size)
{
    static const char *const verbs[] = {[HUBSPOT_CREATE] = "create",
                                        [HUBSPOT_UPDATE] = "update",
                                        [HUBSPOT_UPSERT] = "upsert",
                                        [HUBSPOT_ARCHIVE] = "archive"};

    snprintf(buf, size, "/%s/batch/%s",
             activity_facts(batch->activity)->collection, verbs[batch->verb]);
}

static void
add_str(cJSON *object, const char *key, const char *value)
{
    if (cJSON_AddStringToObject(object, key, value) == NULL)
        abort(); /* out of memory: the fetcher sends again */
}

/* Also when there are none: 2026-09 wants the field. */
static void
add_ties(cJSON *input, const struct hubspot_row *row, enum activity activity)
{
    cJSON *list = cJSON_AddArrayToObject(input, "associations");

    for (size_t i = 0; i < row->n_ties; i++) {
        cJSON *one = cJSON_CreateObject(), *kind = cJSON_CreateObject();
        int type = hubspot_assoc_type(activity, row->ties[i].to);

        cJSON_AddItemToArray(list, one);
        add_str(cJSON_AddObjectToObject(one, "to"), "id", row->ties[i].id);
        cJSON_AddItemToArray(cJSON_AddArrayToObject(one, "types"), kind);
        add_str(kind, "associationCategory", "HUBSPOT_DEFINED");
        if (cJSON_AddNumberToObject(kind, "associationTypeId", type) == NULL)
            abort();
    }
}

static cJSON *
new_input(const struct hubspot_batch *batch, size_t i)
{
    const struct hubspot_row *row = &batch->rows[i];
    cJSON *input = cJSON_CreateObject();
    char trace[TRACE_SIZE];

    if (batch->verb != HUBSPOT_CREATE)
        add_str(input, "id", row->id);
    if (batch->verb == HUBSPOT_ARCHIVE)
        return input;
    if (batch->verb == HUBSPOT_UPSERT)
        add_str(input, "idProperty", batch->id_property);
    if (!cJSON_AddItemReferenceToObject(input, "properties", row->properties))
        abort();
    if (batch->verb == HUBSPOT_CREATE)
        add_ties(input, row, batch->activity);
    trace_of(i, trace);
    add_str(input, "objectWriteTraceId", trace);
    return input;
}

cJSON *
hubspot_rows_body(const struct hubspot_batch *batch)
{
    cJSON *body = cJSON_CreateObject();
    cJSON *inputs = cJSON_AddArrayToObject(body, "inputs");

    assert(batch->n > 0 && batch->n <= HUBSPOT_ROWS_MAX);
    for (size_t i = 0; i < batch->n; i++)
        if (!cJSON_AddItemToArray(inputs, new_input(batch, i)))
            abort();
    return body;
}

/* ---- answers ---- */

static bool
is_row(const struct hubspot_batch *batch, size_t i, const cJSON *result)
{
    const char *trace = json_str(result, "objectWriteTraceId");
    const char *own = batch->rows[i].id;
    char buf[32];

    if (trace != NULL) {
        trace_of(i, buf);
        return strcmp(trace, buf) == 0;
    }
    if (own == NULL)
        return false;
    if (batch->verb == HUBSPOT_UPDATE)
        return json_id(result, "id", buf, sizeof(buf)) && strcmp(buf, own) == 0;
    /* Unique values are told apart without regard to case. */
    return batch->id_property != NULL &&
           json_id(get(result, "properties"), batch->id_property, buf,
                   sizeof(buf)) &&
           strcasecmp(buf, own) == 0;
}

static void
take_result(const struct hubspot_batch *batch, const cJSON *result,
            struct hubspot_result *out)
{
    const cJSON *properties = get(result, "properties");
    char id[sizeof(out->id)];

    if (!json_id(result, "id", id, sizeof(id)) || id[0] == '\0')
        return; /* it tells of nothing that could be kept */
    for (size_t i = 0; i < batch->n; i++) {
        if (!is_row(batch, i, result))
            continue;
        hubspot_result_set(&out[i], HUBSPOT_ROW_OK, "", "");
        memcpy(out[i].id, id, sizeof(id));
        out[i].is_new =
            batch->verb == HUBSPOT_CREATE ||
            (batch->verb == HUBSPOT_UPSERT && cJSON_IsTrue(get(result, "new")));
        out[i].properties = cJSON_IsObject(properties) ? properties : NULL;
    }
}

static const char *const naming_keys[] = {"objectWriteTraceId", "ids", "id",
                                          NULL};

static bool
names_row(const void *inputs, size_t i, const cJSON *error)
{
    const struct hubspot_batch *batch = inputs;
    const char *own = batch->rows[i].id;
    char trace[TRACE_SIZE];

    trace_of(i, trace);
    return hubspot_error_lists(error, "objectWriteTraceId", trace) ||
           (own != NULL && (hubspot_error_lists(error, "ids", own) ||
                            hubspot_error_lists(error, "id", own)));
}

static void
start(const struct hubspot_batch *batch, struct hubspot_result *out)
{
    for (size_t i = 0; i < batch->n; i++)
        hubspot_result_set(&out[i], HUBSPOT_ROW_VANISHED, "vanished",
                           "the answer says nothing of this record");
}

/* An archive tells only of what went wrong. */
static void
take_archived(const struct hubspot_batch *batch, struct hubspot_result *out)
{
    for (size_t i = 0; i < batch->n; i++) {
        if (out[i].verdict != HUBSPOT_ROW_VANISHED)
            continue;
        hubspot_result_set(&out[i], HUBSPOT_ROW_OK, "", "");
        snprintf(out[i].id, sizeof(out[i].id), "%s", batch->rows[i].id);
    }
}

bool
hubspot_rows_read(const struct hubspot_batch *batch, const cJSON *answer,
                  struct hubspot_result *out)
{
    const struct hubspot_naming by = {naming_keys, names_row, batch};
    bool is_archive = batch->verb == HUBSPOT_ARCHIVE;
    const cJSON *results = get(answer, "results");
    const cJSON *errors = get(answer, "errors");
    const cJSON *result;

    if (answer == NULL ? !is_archive
                       : !cJSON_IsArray(results) && !cJSON_IsArray(errors))
        return false;
    start(batch, out);
    if (cJSON_IsArray(results) && !is_archive)
        cJSON_ArrayForEach(result, results)
        {
            take_result(batch, result, out);
        }
    hubspot_result_spread(errors, &by, out, batch->n);
    if (is_archive)
        take_archived(batch, out);
    return true;
}

/* The call makes no sense to it, whatever it is called. */
static void
refuse(const struct hubspot_batch *batch, const struct hubspot_answer *answer,
       struct hubspot_result *reason)
{
    bool has_id =
        batch->verb == HUBSPOT_UPDATE || batch->verb == HUBSPOT_ARCHIVE;

    hubspot_result_read(answer->json, reason);
    if (strcmp(reason->code, "UNKNOWN") == 0)
        snprintf(reason->code, sizeof(reason->code), "%s", answer->code);
    if (answer->end == HUBSPOT_NOPERM) /* these words name the scopes */
        snprintf(reason->detail, sizeof(reason->detail), "%s", answer->message);
    if (reason->verdict != HUBSPOT_ROW_GONE || !has_id)
        reason->verdict = HUBSPOT_ROW_NEVER;
}

bool
hubspot_rows_refused(const struct hubspot_batch *batch,
                     const struct hubspot_answer *answer,
                     struct hubspot_result *out)
{
    struct hubspot_result reason;
    bool is_told = batch->n == 1;

    for (size_t i = 0; i < batch->n && !is_told; i++)
        is_told = names_row(batch, i, answer->json);
    refuse(batch, answer, &reason);
    for (size_t i = 0; i < batch->n; i++)
        if (batch->n == 1 || !is_told || names_row(batch, i, answer->json))
            out[i] = reason;
        else
            hubspot_result_set(&out[i], HUBSPOT_ROW_RETRY, "batch-refused",
                               "another record of its batch was refused");
    return is_told;
}
