/* hubspot_objects: records one by one: list, read, create, change, archive
 * (hubspot-api.md, 2.1). */
#include "tests/sandbox/hubspot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static cJSON *
associated(struct hubspot *hs, const struct hs_record *rec, int to)
{
    size_t n;
    const struct hs_link *links = hs_links(rec, to, &n);
    cJSON *results = cJSON_CreateArray();
    char kind[64];

    snprintf(kind, sizeof(kind), "%s_to_%s", hs_types[rec->type].singular,
             hs_types[to].singular);
    for (size_t i = 0; i < n; i++) {
        cJSON *one;

        if (!hs_link_is_live(hs, &links[i]))
            continue;
        one = cJSON_CreateObject();
        cJSON_AddItemToObject(one, "id", hs_id(links[i].to));
        cJSON_AddStringToObject(one, "type", kind);
        cJSON_AddItemToArray(results, one);
    }
    return results;
}

/* "associations": {"contacts": {"results": [{id, type}]}} */
static void
add_associations(struct hubspot *hs, const struct hs_record *rec,
                 const cJSON *wanted, cJSON *out)
{
    cJSON *all = NULL, *results;
    const cJSON *name;

    cJSON_ArrayForEach(name, wanted)
    {
        int to = hs_type_of(name->valuestring);

        if (to < 0)
            continue;
        results = associated(hs, rec, to);
        if (results->child == NULL) {
            cJSON_Delete(results);
            continue;
        }
        if (all == NULL)
            all = cJSON_AddObjectToObject(out, "associations");
        cJSON_AddItemToObject(cJSON_AddObjectToObject(all, hs_types[to].plural),
                              "results", results);
    }
}

static bool
wants_archived(const struct hs_call *call)
{
    const char *text = request_query(call->req, "archived");

    return text != NULL && strcmp(text, "true") == 0;
}

void
hs_answer_record(struct hs_call *call, int status, const struct hs_record *rec)
{
    cJSON *names = hs_query_list(call, "properties");
    cJSON *wanted = hs_query_list(call, "associations"), *out;
    struct hs_select sel;

    hs_select(call->hs, rec->type, names, &sel);
    out = hs_record_json(call->hs, rec, &sel);
    add_associations(call->hs, rec, wanted, out);
    hs_select_fini(&sel);
    cJSON_Delete(names);
    cJSON_Delete(wanted);
    response_json(call->res, status, out);
}

/* Answers to writing hold what was written, besides the defaults. */
static void
answer_written(struct hs_call *call, int status, const struct hs_record *rec)
{
    const cJSON *prop,
        *props = cJSON_GetObjectItemCaseSensitive(call->body, "properties");
    cJSON *names = cJSON_CreateArray();
    struct hs_select sel;

    cJSON_ArrayForEach(prop, props)
    {
        cJSON_AddItemToArray(names, cJSON_CreateString(prop->string));
    }
    hs_select(call->hs, rec->type, names, &sel);
    response_json(call->res, status, hs_record_json(call->hs, rec, &sel));
    hs_select_fini(&sel);
    cJSON_Delete(names);
}

/* ---- list ---- */

static void
list_records(struct hs_call *call, int type)
{
    struct hs_table *table = &call->hs->tables[type];
    cJSON *names, *wanted, *answer, *results;
    const char *after = request_query(call->req, "after");
    bool archived = wants_archived(call);
    struct hs_select sel;
    int64_t from = 0;
    long limit, n = 0;
    char next[24] = "";

    if (!hs_query_limit(call, 10, 100, &limit))
        return;
    if (after != NULL && *after != '\0' && !hs_parse_id(after, &from)) {
        hs_answer_error(call, 400, "VALIDATION_ERROR",
                        "after makes no sense: %.80s", after);
        return;
    }
    hs_table_ready(table);
    names = hs_query_list(call, "properties");
    wanted = hs_query_list(call, "associations");
    hs_select(call->hs, type, names, &sel);
    answer = cJSON_CreateObject();
    results = cJSON_AddArrayToObject(answer, "results");
    for (size_t i = hs_by_id_from(table, from); i < table->n_by_id; i++) {
        const struct hs_record *rec = table->by_id[i];
        cJSON *one;

        if (rec->archived != archived || rec->gone)
            continue;
        if (n++ == limit) {
            snprintf(next, sizeof(next), "%" PRId64, rec->id);
            break;
        }
        one = hs_record_json(call->hs, rec, &sel);
        add_associations(call->hs, rec, wanted, one);
        cJSON_AddItemToArray(results, one);
    }
    if (next[0] != '\0')
        hs_add_paging(call, answer, next, true);
    hs_select_fini(&sel);
    cJSON_Delete(names);
    cJSON_Delete(wanted);
    response_json(call->res, 200, answer);
}

/* ---- create ---- */

void
hs_create_links(struct hubspot *hs, int type, struct hs_record *rec,
                const cJSON *list, struct hs_fail *fail)
{
    const cJSON *one, *kind;

    cJSON_ArrayForEach(one, list)
    {
        const cJSON *to = cJSON_GetObjectItemCaseSensitive(one, "to");
        const cJSON *kinds = cJSON_GetObjectItemCaseSensitive(one, "types");

        cJSON_ArrayForEach(kind, kinds)
        {
            const cJSON *item =
                cJSON_GetObjectItemCaseSensitive(kind, "associationTypeId");
            int type_id = cJSON_IsNumber(item) ? item->valueint : 0, t = 0;
            struct hs_record *other;
            int64_t id = 0;

            while (t < HS_N_TYPES && hs_link_inverse(type, t, type_id) == 0)
                t++;
            other = t < HS_N_TYPES && hs_json_id(to, "id", &id)
                        ? hs_find_live(hs, t, id)
                        : NULL;
            if (other == NULL) {
                hs_fail(fail, 400, "VALIDATION_ERROR",
                        t == HS_N_TYPES
                            ? "%s cannot have an association of type %d to "
                              "%" PRId64
                            : "No %s association of type %d is possible: "
                              "object %" PRId64 " does not exist",
                        hs_types[type].upper, type_id, id);
                return;
            }
            if (rec != NULL)
                hs_link_add(rec, other, type_id);
        }
    }
}

struct hs_record *
hs_create(struct hubspot *hs, int type, const cJSON *input,
          struct hs_fail *fail)
{
    const cJSON *props = cJSON_GetObjectItemCaseSensitive(input, "properties");
    const cJSON *links =
        cJSON_GetObjectItemCaseSensitive(input, "associations");
    int64_t now = sandbox_now_ms();
    struct hs_record *rec;

    hs_check(hs, type, NULL, props, fail);
    if (fail->status == 0)
        hs_create_links(hs, type, NULL, links, fail);
    if (fail->status != 0)
        return NULL;
    rec = hs_record_new(hs, type, 0, now, now);
    hs_apply(hs, rec, props, false);
    hs_create_links(hs, type, rec, links, fail);
    return rec;
}

static void
create_record(struct hs_call *call, int type)
{
    struct hs_fail fail = {0};
    const struct hs_record *rec = hs_create(call->hs, type, call->body, &fail);

    if (rec == NULL)
        hs_answer_fail(call, &fail);
    else
        answer_written(call, 201, rec);
}

/* ---- one record ---- */

struct hs_record *
hs_lookup(struct hubspot *hs, int type, const char *id_property,
          const cJSON *id, struct hs_fail *fail)
{
    struct hs_record *rec;
    int64_t number;
    char *text;
    int def;

    if (id_property == NULL || strcmp(id_property, "hs_object_id") == 0)
        return hs_json_id(id, NULL, &number) ? hs_find(hs, type, number) : NULL;
    def = hs_def_find(hs, type, id_property);
    if (def < 0 || !hs->tables[type].defs[def].is_unique) {
        hs_fail(fail, 400, "VALIDATION_ERROR",
                "Unable to perform update/upsert by non-unique %s property %s "
                "in portal ID %d",
                hs_types[type].type_id, id_property, HS_PORTAL_ID);
        return NULL;
    }
    text = hs_text_of(NULL, id);
    rec = text ? hs_find_unique(hs, type, def, text) : NULL;
    free(text);
    return rec;
}

static struct hs_record *
path_record(struct hs_call *call, int type, bool archived)
{
    const char *by = request_query(call->req, "idProperty");
    cJSON *id = cJSON_CreateString(call->parts[1]);
    struct hs_fail fail = {0};
    struct hs_record *rec = hs_lookup(call->hs, type, by, id, &fail);

    cJSON_Delete(id);
    while (rec != NULL && rec->merged_into != 0)
        rec = hs_find(call->hs, type, rec->merged_into);
    if (fail.status != 0) {
        hs_answer_fail(call, &fail);
        return NULL;
    }
    if (rec == NULL || rec->archived != archived || rec->gone) {
        hs_not_found(call);
        return NULL;
    }
    return rec;
}

static void
change_record(struct hs_call *call, struct hs_record *rec)
{
    const cJSON *props =
        cJSON_GetObjectItemCaseSensitive(call->body, "properties");
    struct hs_fail fail = {0};

    hs_check(call->hs, rec->type, rec, props, &fail);
    if (fail.status != 0) {
        hs_answer_fail(call, &fail);
        return;
    }
    hs_apply(call->hs, rec, props, false);
    hs_record_touch(call->hs, rec, sandbox_now_ms());
    answer_written(call, 200, rec);
}

static void
one_record(struct hs_call *call, int type)
{
    struct hs_record *rec;

    if (hs_is(call, "GET")) {
        rec = path_record(call, type, wants_archived(call));
        if (rec != NULL)
            hs_answer_record(call, 200, rec);
    } else if (hs_is(call, "PATCH")) {
        rec = path_record(call, type, false);
        if (rec != NULL)
            change_record(call, rec);
    } else if (hs_is(call, "DELETE")) {
        int64_t id;

        /* of one that is not there it is as well gone */
        rec = hs_parse_id(call->parts[1], &id)
                  ? hs_find_live(call->hs, type, id)
                  : NULL;
        if (rec != NULL)
            hs_record_archive(call->hs, rec);
        hs_empty(call, 204);
    } else {
        hs_method_not_allowed(call);
    }
}

/* ---- routes ---- */

static void
collection(struct hs_call *call, int type)
{
    if (hs_is(call, "GET"))
        list_records(call, type);
    else if (hs_is(call, "POST"))
        create_record(call, type);
    else
        hs_method_not_allowed(call);
}

void
hs_objects(struct hs_call *call)
{
    int type = call->n > 0 ? hs_type_of(call->parts[0]) : -1;
    const char *second = call->n > 1 ? call->parts[1] : "";
    bool is_post = hs_is(call, "POST");

    hs_pattern(call, "/%s", type < 0 ? "{type}" : call->parts[0]);
    if (type < 0) {
        hs_answer_error(call, 400, "VALIDATION_ERROR",
                        "Unable to infer object type from: %s",
                        call->n > 0 ? call->parts[0] : "");
    } else if (!hs_may_objects(call, type)) {
        return;
    } else if (call->n == 1) {
        collection(call, type);
    } else if (is_post && call->n == 2 && strcmp(second, "search") == 0) {
        hs_search(call, type);
    } else if (is_post && call->n == 3 && strcmp(second, "batch") == 0) {
        hs_batch(call, type);
    } else if (is_post && type == HS_CONTACTS && call->n == 2 &&
               strcmp(second, "merge") == 0) {
        hs_pattern(call, "/%s/merge", call->parts[0]);
        hs_merge(call, type);
    } else if (is_post && type == HS_CONTACTS && call->n == 2 &&
               strcmp(second, "gdpr-delete") == 0) {
        hs_pattern(call, "/%s/gdpr-delete", call->parts[0]);
        hs_forget(call, type);
    } else if (call->n == 2) {
        hs_pattern(call, "/%s/{id}", call->parts[0]);
        one_record(call, type);
    } else if (strcmp(call->parts[2], "associations") == 0) {
        hs_object_associations(call, type);
    } else {
        hs_not_found(call);
    }
}
