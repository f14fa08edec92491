/* hubspot_associations: v4 associations: batches between two types, one pair of
 * records, labels (hubspot-api.md, 3). */
#include "tests/sandbox/hubspot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_MAX   1000
#define CREATE_MAX 2000
#define PAGE       500 /* associations of one record in one result */

static const cJSON *
get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* Up to `limit` links behind the id `after` to `out`; the last id given when
 * there are more, else 0. */
static int64_t
links_page(struct hubspot *hs, const struct hs_record *rec, int to_type,
           int64_t after, long limit, cJSON *out)
{
    size_t n, at = 0;
    const struct hs_link *links = hs_links(rec, to_type, &n);
    int64_t last = 0;

    while (at < n && links[at].to <= after)
        at++;
    for (; at < n; at++) {
        cJSON *one;

        if (!hs_link_is_live(hs, &links[at]))
            continue;
        if (limit-- == 0)
            return last;
        one = cJSON_CreateObject();
        last = links[at].to;
        cJSON_AddItemToObject(one, "toObjectId", hs_number(last));
        cJSON_AddItemToObject(one, "associationTypes",
                              hs_link_types_json(&links[at]));
        cJSON_AddItemToArray(out, one);
    }
    return 0;
}

static void
page_after(struct hs_call *call, cJSON *answer, int64_t last)
{
    char after[24];

    snprintf(after, sizeof(after), "%" PRId64, last);
    if (last != 0)
        hs_add_paging(call, answer, after, true);
}

/* ---- batches ---- */

/* By a dated path a batch that is done is answered with 200 and its envelope;
 * v4 says 201 or 204. */
static bool
is_dated(const struct hs_call *call)
{
    return strstr(call->base, "/20") != NULL;
}

static void
answer_removed(struct hs_call *call, int64_t started)
{
    if (is_dated(call))
        hs_answer_batch(call, 200, cJSON_CreateArray(), NULL, started);
    else
        hs_empty(call, 204);
}

static void
batch_read(struct hs_call *call, int from, int to)
{
    const cJSON *input, *inputs = hs_batch_inputs(call, READ_MAX);
    int64_t started = sandbox_now_ms();
    cJSON *results;

    if (inputs == NULL)
        return;
    results = cJSON_CreateArray();
    cJSON_ArrayForEach(input, inputs)
    {
        int64_t id = 0, after = 0, last;
        const struct hs_record *rec =
            hs_json_id(input, "id", &id) ? hs_find(call->hs, from, id) : NULL;
        cJSON *one, *links;

        if (rec == NULL || rec->archived)
            continue;
        hs_json_id(input, "after", &after);
        links = cJSON_CreateArray();
        last = links_page(call->hs, rec, to, after, PAGE, links);
        if (links->child == NULL) { /* none: left out of results */
            cJSON_Delete(links);
            continue;
        }
        one = cJSON_CreateObject();
        cJSON_AddItemToObject(cJSON_AddObjectToObject(one, "from"), "id",
                              hs_id(id));
        cJSON_AddItemToObject(one, "to", links);
        page_after(call, one, last);
        cJSON_AddItemToArray(results, one);
    }
    hs_answer_batch(call, 200, results, NULL, started);
}

/* One input of a batch: both records, or an error to the list. */
static bool
find_pair(struct hs_call *call, int from, int to, const cJSON *from_ref,
          const cJSON *to_ref, struct hs_record *out[2], cJSON *errors)
{
    int64_t ids[2] = {0, 0};
    cJSON *error, *context;

    out[0] = hs_json_id(from_ref, "id", &ids[0])
                 ? hs_find_live(call->hs, from, ids[0])
                 : NULL;
    out[1] = hs_json_id(to_ref, "id", &ids[1])
                 ? hs_find_live(call->hs, to, ids[1])
                 : NULL;
    if (out[0] != NULL && out[1] != NULL)
        return true;
    if (errors == NULL)
        return false;
    error = cJSON_CreateObject();
    cJSON_AddStringToObject(error, "status", "error");
    cJSON_AddStringToObject(error, "category", "OBJECT_NOT_FOUND");
    cJSON_AddStringToObject(error, "message",
                            "One or more of the objects do not exist");
    context = cJSON_AddObjectToObject(error, "context");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(context, "fromObjectId"),
                         hs_id(ids[0]));
    cJSON_AddItemToArray(cJSON_AddArrayToObject(context, "toObjectId"),
                         hs_id(ids[1]));
    cJSON_AddItemToArray(errors, error);
    return false;
}

/* false: answered with 400, one of the types is of another pair. */
static bool
check_kinds(struct hs_call *call, int from, int to, const cJSON *kinds)
{
    const cJSON *kind;

    cJSON_ArrayForEach(kind, kinds)
    {
        const cJSON *id = get(kind, "associationTypeId");

        if (cJSON_IsNumber(id) && hs_link_inverse(from, to, id->valueint) != 0)
            continue;
        hs_answer_error(call, 400, "VALIDATION_ERROR",
                        "%s to %s has no association type %d",
                        hs_types[from].upper, hs_types[to].upper,
                        cJSON_IsNumber(id) ? id->valueint : 0);
        return false;
    }
    if (cJSON_IsArray(kinds) && cJSON_GetArraySize(kinds) > 0)
        return true;
    hs_answer_error(call, 400, "VALIDATION_ERROR",
                    "Invalid input JSON: association types are not set");
    return false;
}

static void
add_kinds(struct hs_record *pair[2], const cJSON *kinds)
{
    const cJSON *kind;

    cJSON_ArrayForEach(kind, kinds)
    {
        hs_link_add(pair[0], pair[1], get(kind, "associationTypeId")->valueint);
    }
}

static cJSON *
pair_json(struct hs_record *pair[2], const cJSON *kinds)
{
    cJSON *out = cJSON_CreateObject(), *labels;
    const cJSON *kind;

    cJSON_AddStringToObject(out, "fromObjectTypeId",
                            hs_types[pair[0]->type].type_id);
    cJSON_AddItemToObject(out, "fromObjectId", hs_number(pair[0]->id));
    cJSON_AddStringToObject(out, "toObjectTypeId",
                            hs_types[pair[1]->type].type_id);
    cJSON_AddItemToObject(out, "toObjectId", hs_number(pair[1]->id));
    labels = cJSON_AddArrayToObject(out, "labels");
    cJSON_ArrayForEach(kind, kinds)
    {
        const char *label =
            hs_link_label(get(kind, "associationTypeId")->valueint);

        if (label != NULL)
            cJSON_AddItemToArray(labels, cJSON_CreateString(label));
    }
    return out;
}

static void
batch_create(struct hs_call *call, int from, int to)
{
    const cJSON *input, *inputs = hs_batch_inputs(call, CREATE_MAX);
    int64_t started = sandbox_now_ms();
    cJSON *results, *errors;

    if (inputs == NULL)
        return;
    cJSON_ArrayForEach(input, inputs)
    {
        if (!check_kinds(call, from, to, get(input, "types")))
            return;
    }
    results = cJSON_CreateArray();
    errors = cJSON_CreateArray();
    cJSON_ArrayForEach(input, inputs)
    {
        struct hs_record *pair[2];

        if (!find_pair(call, from, to, get(input, "from"), get(input, "to"),
                       pair, errors))
            continue;
        add_kinds(pair, get(input, "types"));
        cJSON_AddItemToArray(results, pair_json(pair, get(input, "types")));
    }
    hs_answer_batch(call, is_dated(call) ? 200 : 201, results, errors, started);
}

/* {from: {id}, to: {id}, associationSpec}, one for each direction. */
static void
add_default_json(cJSON *results, const struct hs_record *a,
                 const struct hs_record *b)
{
    for (int i = 0; i < 2; i++) {
        const struct hs_record *from = i ? b : a, *to = i ? a : b;
        cJSON *one = cJSON_CreateObject(), *spec;

        cJSON_AddItemToObject(cJSON_AddObjectToObject(one, "from"), "id",
                              hs_id(from->id));
        cJSON_AddItemToObject(cJSON_AddObjectToObject(one, "to"), "id",
                              hs_id(to->id));
        spec = cJSON_AddObjectToObject(one, "associationSpec");
        cJSON_AddStringToObject(spec, "associationCategory", "HUBSPOT_DEFINED");
        cJSON_AddNumberToObject(spec, "associationTypeId",
                                hs_link_default(from->type, to->type));
        cJSON_AddItemToArray(results, one);
    }
}

static void
batch_default(struct hs_call *call, int from, int to)
{
    const cJSON *input, *inputs = hs_batch_inputs(call, CREATE_MAX);
    int64_t started = sandbox_now_ms();
    cJSON *results, *errors;

    if (inputs == NULL)
        return;
    results = cJSON_CreateArray();
    errors = cJSON_CreateArray();
    cJSON_ArrayForEach(input, inputs)
    {
        struct hs_record *pair[2];

        if (!find_pair(call, from, to, get(input, "from"), get(input, "to"),
                       pair, errors))
            continue;
        hs_link_add(pair[0], pair[1], 0);
        add_default_json(results, pair[0], pair[1]);
    }
    hs_answer_batch(call, 200, results, errors, started);
}

static void
batch_archive(struct hs_call *call, int from, int to)
{
    const cJSON *input, *target, *inputs = hs_batch_inputs(call, CREATE_MAX);
    int64_t started = sandbox_now_ms();

    cJSON_ArrayForEach(input, inputs)
    {
        const cJSON *targets = get(input, "to");

        cJSON_ArrayForEach(target, targets)
        {
            struct hs_record *pair[2];

            if (find_pair(call, from, to, get(input, "from"), target, pair,
                          NULL))
                hs_link_remove(pair[0], pair[1]);
        }
    }
    if (inputs != NULL)
        answer_removed(call, started);
}

static void
batch_labels_archive(struct hs_call *call, int from, int to)
{
    const cJSON *input, *kind, *inputs = hs_batch_inputs(call, CREATE_MAX);
    int64_t started = sandbox_now_ms();

    cJSON_ArrayForEach(input, inputs)
    {
        const cJSON *kinds = get(input, "types");
        struct hs_record *pair[2];

        if (!find_pair(call, from, to, get(input, "from"), get(input, "to"),
                       pair, NULL))
            continue;
        cJSON_ArrayForEach(kind, kinds)
        {
            const cJSON *id = get(kind, "associationTypeId");

            if (cJSON_IsNumber(id))
                hs_link_remove_type(pair[0], pair[1], id->valueint);
        }
    }
    if (inputs != NULL)
        answer_removed(call, started);
}

static void
labels(struct hs_call *call, int from, int to)
{
    cJSON *answer = cJSON_CreateObject();
    struct hs_link link = {.types = {hs_link_default(from, to)}};

    for (int id = 1, n = 1; id <= 6 && n < 3; id++) /* the primary ones */
        if (hs_link_inverse(from, to, id) != 0 && id != link.types[0])
            link.types[n++] = id;
    cJSON_AddItemToObject(answer, "results", hs_link_types_json(&link));
    response_json(call->res, 200, answer);
}

void
hs_associations(struct hs_call *call)
{
    static const struct {
        const char *method, *tail;
        void (*run)(struct hs_call *call, int from, int to);
    } rows[] = {
        {"POST", "batch/read", batch_read},
        {"POST", "batch/create", batch_create},
        {"POST", "batch/associate/default", batch_default},
        {"POST", "batch/archive", batch_archive},
        {"POST", "batch/labels/archive", batch_labels_archive},
        {"GET", "labels", labels},
    };
    int from = call->n > 2 ? hs_type_of(call->parts[0]) : -1;
    int to = call->n > 2 ? hs_type_of(call->parts[1]) : -1;
    char tail[HS_PART_SIZE] = "";

    for (int i = 2; i < call->n; i++)
        snprintf(tail + strlen(tail), sizeof(tail) - strlen(tail), "%s%.40s",
                 i > 2 ? "/" : "", call->parts[i]);
    hs_pattern(call, "/{from}/{to}/%.40s", tail);
    if (from < 0 || to < 0) {
        hs_not_found(call);
        return;
    }
    hs_pattern(call, "/%s/%s/%.40s", call->parts[0], call->parts[1], tail);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(tail, rows[i].tail) != 0 || !hs_is(call, rows[i].method))
            continue;
        if (!hs_may_associations(call, from, to))
            return;
        if (hs_link_default(from, to) == 0)
            hs_answer_error(call, 400, "VALIDATION_ERROR",
                            "%s and %s cannot be associated",
                            hs_types[from].upper, hs_types[to].upper);
        else
            rows[i].run(call, from, to);
        return;
    }
    hs_not_found(call);
}

/* ---- one record: {type}/{id}/associations/... ---- */

static void
list_one(struct hs_call *call, const struct hs_record *rec, int to)
{
    const char *text = request_query(call->req, "after");
    cJSON *answer;
    int64_t after = 0;
    long limit;

    if (!hs_query_limit(call, PAGE, PAGE, &limit))
        return;
    if (text != NULL)
        hs_parse_id(text, &after);
    answer = cJSON_CreateObject();
    after = links_page(call->hs, rec, to, after, limit,
                       cJSON_AddArrayToObject(answer, "results"));
    page_after(call, answer, after);
    response_json(call->res, 200, answer);
}

static void
put_default(struct hs_call *call, struct hs_record *pair[2])
{
    cJSON *results = cJSON_CreateArray();

    hs_link_add(pair[0], pair[1], 0);
    add_default_json(results, pair[0], pair[1]);
    hs_answer_batch(call, 200, results, NULL, sandbox_now_ms());
}

/* The labels given replace those that are there. */
static void
put_labels(struct hs_call *call, struct hs_record *pair[2])
{
    if (!check_kinds(call, pair[0]->type, pair[1]->type, call->body))
        return;
    hs_link_remove(pair[0], pair[1]);
    add_kinds(pair, call->body);
    response_json(call->res, 201, pair_json(pair, call->body));
}

/* v3's form: the type id is part of the path. */
static void
put_v3(struct hs_call *call, struct hs_record *pair[2])
{
    int type_id = atoi(call->parts[5]);
    char word[80];
    struct hs_select sel;

    snprintf(word, sizeof(word), "%s_to_%s", hs_types[pair[0]->type].singular,
             hs_types[pair[1]->type].singular);
    if (strcmp(word, call->parts[5]) == 0)
        type_id = hs_link_default(pair[0]->type, pair[1]->type);
    if (hs_link_inverse(pair[0]->type, pair[1]->type, type_id) == 0) {
        hs_answer_error(call, 400, "VALIDATION_ERROR",
                        "%s is not a valid association type", call->parts[5]);
    } else if (hs_is(call, "DELETE")) {
        hs_link_remove_type(pair[0], pair[1], type_id);
        hs_empty(call, 204);
    } else {
        hs_link_add(pair[0], pair[1], type_id);
        hs_select(call->hs, pair[0]->type, NULL, &sel);
        response_json(call->res, 200, hs_record_json(call->hs, pair[0], &sel));
        hs_select_fini(&sel);
    }
}

static void
one_pair(struct hs_call *call, struct hs_record *pair[2], bool is_default)
{
    if (call->n == 6 && !is_default &&
        (hs_is(call, "PUT") || hs_is(call, "DELETE"))) {
        put_v3(call, pair);
    } else if (hs_is(call, "PUT") && is_default) {
        put_default(call, pair);
    } else if (hs_is(call, "PUT")) {
        put_labels(call, pair);
    } else if (hs_is(call, "DELETE")) {
        hs_link_remove(pair[0], pair[1]);
        hs_empty(call, 204);
    } else {
        hs_method_not_allowed(call);
    }
}

/* parts: type, id, "associations", [default], to, [toId, [typeId]] */
void
hs_object_associations(struct hs_call *call, int type)
{
    bool is_default = call->n == 6 && strcmp(call->parts[3], "default") == 0;
    int at = is_default ? 4 : 3;
    int to = call->n > at ? hs_type_of(call->parts[at]) : -1;
    struct hs_record *pair[2] = {NULL, NULL};
    int64_t id;

    hs_pattern(call, "/%s/{id}/associations/%s{type}%s%s", call->parts[0],
               is_default ? "default/" : "", call->n > at + 1 ? "/{id}" : "",
               call->n > at + 2 ? "/{typeId}" : "");
    if (to < 0 || call->n > at + 3 || hs_link_default(type, to) == 0) {
        hs_not_found(call);
        return;
    }
    if (hs_parse_id(call->parts[1], &id))
        pair[0] = hs_find_live(call->hs, type, id);
    if (call->n > at + 1 && hs_parse_id(call->parts[at + 1], &id))
        pair[1] = hs_find_live(call->hs, to, id);
    if (pair[0] == NULL || (call->n > at + 1 && pair[1] == NULL))
        hs_not_found(call);
    else if (pair[1] != NULL)
        one_pair(call, pair, is_default);
    else if (hs_is(call, "GET"))
        list_one(call, pair[0], to);
    else
        hs_method_not_allowed(call);
}
