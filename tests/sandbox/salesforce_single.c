/* salesforce_single: one record a call, by its id or by a key: create, read,
 * update, upsert, delete (salesforce-api.md, 5.1). */
#include "tests/sandbox/salesforce.h"

#include <stdlib.h>
#include <strings.h>

#define BODY_WANTED                                                            \
    "The HTTP entity body is required, and has to be a JSON object"

/* What may not stand in a body: the id, and the field that the path names. */
static bool
check_body(const cJSON *body, const struct sf_field *by, struct sf_error *err)
{
    const char *name = by != NULL ? by->name : "Id";

    if (cJSON_GetObjectItem(body, name) == NULL)
        name = "Id";
    if (cJSON_GetObjectItem(body, name) == NULL)
        return true;
    return sf_refuse(err, "INVALID_FIELD", "",
                     "The %s field should not be specified in the sobject "
                     "data.",
                     name);
}

static void
answer_written(struct sf_call *call, const struct sf_record *rec, bool created,
               bool is_upsert)
{
    char url[SF_URL_SIZE];

    if (!created && !is_upsert) {
        sf_answer_empty(call->res, 204);
        return;
    }
    sf_record_url(call, rec, url);
    if (created)
        response_header(call->res, "Location", url);
    response_json(call->res, created ? 201 : 200,
                  sf_row_done(rec, is_upsert ? &created : NULL));
}

/* rec NULL: create; `by`: the upsert's field, its value in the path. */
static void
write_single(struct sf_call *call, const struct sf_object *object,
             struct sf_record *rec, const struct sf_field *by)
{
    cJSON *body = cJSON_Parse(call->req->body);
    bool created = rec == NULL;
    struct sf_error err;

    if (!cJSON_IsObject(body)) {
        sf_answer_error(call->res, 400, "JSON_PARSER_ERROR", BODY_WANTED);
        cJSON_Delete(body);
        return;
    }
    if (!check_body(body, by, &err)) {
        sf_answer_row_error(call->res, 400, &err);
        cJSON_Delete(body);
        return;
    }
    if (by != NULL && created)
        cJSON_AddStringToObject(body, by->name, call->parts[3]);
    rec = sf_write_row(call->sf, object, rec, body, &err);
    cJSON_Delete(body);
    if (rec == NULL)
        sf_answer_row_error(call->res, 400, &err);
    else
        answer_written(call, rec, created, by != NULL);
}

/* A record that is there: GET, PATCH, DELETE. */
static void
do_single(struct sf_call *call, const struct sf_object *object,
          struct sf_record *rec)
{
    struct sf_error err;

    if (rec == NULL) {
        sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
    } else if (rec->is_deleted) {
        sf_refuse(&err, "ENTITY_IS_DELETED", "", SF_DELETED);
        sf_answer_row_error(call->res, 404, &err);
    } else if (sf_is_method(call, "PATCH")) {
        write_single(call, object, rec, NULL);
    } else if (sf_is_method(call, "DELETE") && !sf_check_access(object, &err)) {
        sf_answer_row_error(call->res, 403, &err);
    } else if (sf_is_method(call, "DELETE")) {
        sf_delete(call->sf, rec);
        sf_setup_changed(call->sf, rec);
        sf_answer_empty(call->res, 204);
    } else if (sf_is_method(call, "GET")) {
        sf_answer_record(call, rec);
    } else {
        sf_answer_method(call, "GET,HEAD,PATCH,DELETE");
    }
}

static struct sf_record *
find(struct sf_call *call, const struct sf_object *object, const char *id)
{
    struct sf_record *rec = sf_find(call->sf, id);

    return rec != NULL && rec->object == object ? rec : NULL;
}

/* Which records have the value; nothing is done to any of them. */
static void
answer_choices(struct sf_call *call, const struct hs_list *all)
{
    cJSON *urls = cJSON_CreateArray();
    char url[SF_URL_SIZE];

    for (size_t i = 0; i < all->n; i++) {
        sf_record_url(call, all->v[i], url);
        cJSON_AddItemToArray(urls, cJSON_CreateString(url));
    }
    response_json(call->res, 300, urls);
}

/* PATCH /sobjects/Type/Field/Value */
static void
upsert(struct sf_call *call, const struct sf_object *object,
       const struct sf_field *f)
{
    char *only = sf_param(call, "updateOnly");
    bool may_create = only == NULL || strcasecmp(only, "true") != 0;
    struct sf_record *rec;
    struct sf_error err;

    free(only);
    if (!sf_find_for_upsert(call->sf, object, f, call->parts[3], &rec, &err))
        sf_answer_row_error(call->res, 400, &err);
    else if (rec == NULL && !may_create)
        sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
    else
        write_single(call, object, rec, f);
}

/* /sobjects/Type/Field/Value */
static void
do_by_key(struct sf_call *call, const struct sf_object *object)
{
    const struct sf_field *f = sf_upsert_field(call, object, call->parts[2]);
    const struct hs_list *all;

    if (f == NULL)
        return;
    all = sf_find_all(call->sf, object, f, call->parts[3]);
    if (all->n > 1)
        answer_choices(call, all);
    else if (sf_is_method(call, "PATCH"))
        upsert(call, object, f);
    else if (f->type == SF_ID)
        do_single(call, object, find(call, object, call->parts[3]));
    else
        do_single(call, object, all->n > 0 ? all->v[0] : NULL);
}

void
sf_records(struct sf_call *call, const struct sf_object *object)
{
    char id[SF_ID_SIZE];

    if (call->n == 2 && sf_is_method(call, "POST")) {
        write_single(call, object, NULL, NULL);
    } else if (call->n == 2) {
        sf_answer_method(call, "GET,HEAD,POST");
    } else if (call->n == 4) {
        do_by_key(call, object);
    } else if (call->n > 4) {
        sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
    } else if (!sf_id_normalise(call->parts[2], id)) {
        if (sf_upsert_field(call, object, call->parts[2]) != NULL)
            sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
    } else {
        do_single(call, object, find(call, object, id));
    }
}
