/* salesforce_query: query and queryAll with their pages, describe, and the
 * updated and deleted feeds (salesforce-api.md, 3, 6.3, 7). */
#include "tests/sandbox/salesforce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PAGE_MAX 2000

/* Who -> WhoId, Owner -> OwnerId, Account -> AccountId; NULL: no such. */
static const struct sf_field *
relation(const struct sf_object *object, const char *name, size_t len)
{
    char id[96];

    if (len + 3 > sizeof(id))
        return NULL;
    snprintf(id, sizeof(id), "%.*sId", (int)len, name);
    return sf_field_find(object, id);
}

static int
known(void *ctx, const char *object_name, const char *field, bool is_filter)
{
    const struct sf_object *object = sf_object_find(object_name);
    const char *dot = strchr(field, '.');
    const struct sf_field *f;

    (void)ctx;
    if (object == NULL)
        return 1; /* told by INVALID_TYPE later */
    if (dot != NULL)
        return relation(object, field, (size_t)(dot - field)) != NULL;
    f = sf_field_find(object, field);
    if (f == NULL)
        return 0;
    return is_filter && f->type == SF_TEXTAREA ? -1 : 1;
}

static const cJSON *
field_value(const struct sf_record *rec, const char *field)
{
    static cJSON yes = {.type = cJSON_True}, no = {.type = cJSON_False};
    static cJSON text = {.type = cJSON_String};

    if (strcasecmp(field, "IsDeleted") == 0)
        return rec->is_deleted ? &yes : &no;
    if (strcasecmp(field, "Type") == 0 &&
        sf_field_find(rec->object, "Type") == NULL) {
        text.valuestring = (char *)rec->object->name;
        return &text;
    }
    for (size_t i = 0; i < rec->object->n_fields; i++) {
        const struct sf_field *f = &rec->object->fields[i];
        const cJSON *v;

        if (strcasecmp(f->name, field) != 0)
            continue;
        v = cJSON_GetObjectItemCaseSensitive(rec->fields, f->name);
        return v == NULL && f->type == SF_BOOL ? &no : v;
    }
    return NULL;
}

static const cJSON *
value(void *ctx, const void *record, const char *field)
{
    const struct sf_record *rec = record;
    const char *dot = strchr(field, '.');
    const struct sf_field *f;
    const char *id;

    if (dot == NULL)
        return field_value(rec, field);
    f = relation(rec->object, field, (size_t)(dot - field));
    id = f != NULL ? sf_text(rec, f->name) : NULL;
    rec = id != NULL ? sf_find(ctx, id) : NULL;
    return rec != NULL ? value(ctx, rec, dot + 1) : NULL;
}

static cJSON *
attributes(const struct sf_record *rec, const char *version)
{
    cJSON *a = cJSON_CreateObject();
    char url[128];

    snprintf(url, sizeof(url), "/services/data/%s/sobjects/%s/%s", version,
             rec->object->name, rec->id);
    cJSON_AddStringToObject(a, "type", rec->object->name);
    cJSON_AddStringToObject(a, "url", url);
    return a;
}

static cJSON *
copy_or_null(const cJSON *v)
{
    return v != NULL ? cJSON_Duplicate(v, true) : cJSON_CreateNull();
}

/* The object of a relationship within a row, made when it is not there. */
static cJSON *
nested(struct sf_call *call, cJSON *row, const struct sf_record *rec,
       const char *name, const struct sf_record **to)
{
    const struct sf_field *f = relation(rec->object, name, strlen(name));
    const char *id = f != NULL ? sf_text(rec, f->name) : NULL;
    cJSON *child = cJSON_GetObjectItem(row, name);

    *to = id != NULL ? sf_find(call->sf, id) : NULL;
    if (*to == NULL) {
        if (child == NULL)
            cJSON_AddNullToObject(row, name);
        return NULL;
    }
    if (child == NULL) {
        child = cJSON_AddObjectToObject(row, name);
        cJSON_AddItemToObject(child, "attributes",
                              attributes(*to, call->version));
    }
    return child;
}

static void
add_typeof(struct sf_call *call, const struct soql *q, cJSON *row,
           const struct sf_record *rec)
{
    static const char *const names[] = {"Who", "What", "Owner"};
    const struct sf_record *to;

    for (size_t i = 0; i < 3; i++) {
        const struct sf_field *f =
            relation(rec->object, names[i], strlen(names[i]));
        const char *id = f != NULL ? sf_text(rec, f->name) : NULL;
        const char *field;
        cJSON *child;

        to = id != NULL ? sf_find(call->sf, id) : NULL;
        if (soql_typeof(q, names[i], to != NULL ? to->object->name : "", 0) ==
            NULL)
            continue;
        child = nested(call, row, rec, names[i], &to);
        for (size_t k = 0; child != NULL; k++) {
            field = soql_typeof(q, names[i], to->object->name, k);
            if (field == NULL)
                break;
            cJSON_AddItemToObject(child, field,
                                  copy_or_null(field_value(to, field)));
        }
    }
}

static cJSON *
row_json(struct sf_call *call, const struct soql *q,
         const struct sf_record *rec)
{
    cJSON *row = cJSON_CreateObject();

    cJSON_AddItemToObject(row, "attributes", attributes(rec, call->version));
    for (size_t i = 0; i < soql_n_fields(q); i++) {
        const char *field = soql_field(q, i);
        const char *dot = strchr(field, '.');
        const struct sf_record *to;
        char name[96];
        cJSON *child;

        if (dot == NULL) {
            cJSON_AddItemToObject(row, sf_field_find(rec->object, field)->name,
                                  copy_or_null(field_value(rec, field)));
            continue;
        }
        snprintf(name, sizeof(name), "%.*s", (int)(dot - field), field);
        child = nested(call, row, rec, name, &to);
        if (child != NULL)
            cJSON_AddItemToObject(child, dot + 1,
                                  copy_or_null(value(call->sf, to, dot + 1)));
    }
    add_typeof(call, q, row, rec);
    return row;
}

static long
page_size(const struct sf_call *call)
{
    const char *option = request_header(call->req, "Sforce-Query-Options");
    const char *at = option != NULL ? strstr(option, "batchSize=") : NULL;
    long n = at != NULL ? strtol(at + 10, NULL, 10) : PAGE_MAX;

    return n < 200 ? 200 : n > PAGE_MAX ? PAGE_MAX : n;
}

/* Answer with the rows from `from` on; the rest waits under a locator. */
static void
answer_page(struct sf_call *call, const cJSON *all, const char *locator,
            int from)
{
    int total = cJSON_GetArraySize(all), n = 0;
    long size = page_size(call);
    cJSON *doc = cJSON_CreateObject(), *list;
    const cJSON *row;
    char url[128];

    cJSON_AddNumberToObject(doc, "totalSize", total);
    cJSON_AddBoolToObject(doc, "done", from + size >= total);
    if (from + size < total) {
        snprintf(url, sizeof(url), "/services/data/%s/query/%s-%ld",
                 call->version, locator, from + size);
        cJSON_AddStringToObject(doc, "nextRecordsUrl", url);
    }
    list = cJSON_AddArrayToObject(doc, "records");
    cJSON_ArrayForEach(row, all)
    {
        if (n >= from && n < from + size)
            cJSON_AddItemToArray(list, cJSON_Duplicate(row, true));
        n++;
    }
    response_json(call->res, 200, doc);
}

static void
next_page(struct sf_call *call)
{
    char *dash = strrchr(call->parts[1], '-');
    const cJSON *all = NULL;
    int from;

    if (dash != NULL) {
        *dash = '\0';
        all = hs_map_get(&call->sf->locators, call->parts[1]);
    }
    if (all == NULL) {
        sf_answer_error(call->res, 400, "INVALID_QUERY_LOCATOR",
                        "invalid query locator");
        return;
    }
    from = atoi(dash + 1);
    answer_page(call, all, call->parts[1], from);
}

static void
run_query(struct sf_call *call, const struct soql *q, bool all)
{
    const struct sf_object *object = sf_object_find(soql_object(q));
    struct hs_list *list = sf_list(call->sf, object);
    const void **found = hs_alloc((list->n + 1) * sizeof(*found));
    cJSON *rows = cJSON_CreateArray();
    char locator[32];
    size_t n = 0;

    for (size_t i = 0; i < list->n; i++) {
        const struct sf_record *rec = list->v[i];

        if ((all || !rec->is_deleted) && soql_matches(q, rec))
            found[n++] = rec;
    }
    soql_sort(q, found, n);
    if (soql_limit(q) >= 0 && n > (size_t)soql_limit(q))
        n = (size_t)soql_limit(q);
    for (size_t i = 0; i < n && !soql_is_count(q); i++)
        cJSON_AddItemToArray(rows, row_json(call, q, found[i]));
    free(found);
    if (soql_is_count(q)) {
        cJSON *doc = cJSON_CreateObject();

        cJSON_AddNumberToObject(doc, "totalSize", (double)n);
        cJSON_AddBoolToObject(doc, "done", true);
        cJSON_AddItemToObject(doc, "records", rows);
        response_json(call->res, 200, doc);
        return;
    }
    snprintf(locator, sizeof(locator), "01g%012lldIAW",
             (long long)++call->sf->next_number);
    answer_page(call, rows, locator, 0);
    if ((long)n > page_size(call))
        hs_map_put(&call->sf->locators, locator, rows);
    else
        cJSON_Delete(rows);
}

/* /query?q=, /queryAll?q=, /query/LOCATOR */
void
sf_query(struct sf_call *call)
{
    const struct soql_source source = {value, known, call->sf};
    const char *text = request_query(call->req, "q");
    struct sf_error err = {.code = ""};
    struct soql *q;
    char message[160];

    if (call->n > 1) {
        next_page(call);
        return;
    }
    q = soql_parse(text != NULL ? text : "", &source, &err);
    if (q == NULL) {
        sf_answer_error(call->res, 400, err.code, err.message);
        return;
    }
    if (sf_object_find(soql_object(q)) == NULL) {
        snprintf(message, sizeof(message),
                 "sObject type '%s' is not supported.", soql_object(q));
        sf_answer_error(call->res, 400, "INVALID_TYPE", message);
    } else {
        run_query(call, q, strcasecmp(call->parts[0], "queryAll") == 0);
    }
    soql_free(q);
}

static cJSON *
describe_field(const struct sf_field *f)
{
    static const char *const types[] = {
        "string", "textarea", "picklist", "picklist", "boolean",
        "int",    "date",     "datetime", "id",       "reference"};
    cJSON *d = cJSON_CreateObject(), *list;
    bool is_key = f->values != NULL && strcmp(f->values, "external id") == 0;
    const char *at = f->values != NULL ? f->values : "";

    cJSON_AddStringToObject(d, "name", f->name);
    cJSON_AddStringToObject(d, "label", f->label);
    cJSON_AddStringToObject(d, "type", types[f->type]);
    cJSON_AddNumberToObject(d, "length", f->length);
    cJSON_AddNumberToObject(d, "byteLength", 3 * f->length);
    cJSON_AddBoolToObject(d, "createable", (f->flags & SF_CREATE) != 0);
    cJSON_AddBoolToObject(d, "updateable", (f->flags & SF_UPDATE) != 0);
    cJSON_AddBoolToObject(d, "nillable", f->type != SF_BOOL);
    cJSON_AddBoolToObject(d, "filterable", f->type != SF_TEXTAREA);
    cJSON_AddBoolToObject(d, "sortable", f->type != SF_TEXTAREA);
    cJSON_AddBoolToObject(d, "externalId", is_key);
    cJSON_AddBoolToObject(d, "idLookup", is_key || f->type == SF_ID);
    cJSON_AddBoolToObject(d, "unique", is_key);
    cJSON_AddBoolToObject(d, "caseSensitive", false);
    cJSON_AddBoolToObject(d, "custom", strstr(f->name, "__c") != NULL);
    cJSON_AddBoolToObject(d, "restrictedPicklist", f->type == SF_RESTRICTED);
    list = cJSON_AddArrayToObject(d, f->type == SF_REF ? "referenceTo"
                                                       : "picklistValues");
    while (*at != '\0' && !is_key) {
        size_t n = strcspn(at, ";");
        char text[64];
        cJSON *v;

        snprintf(text, sizeof(text), "%.*s", (int)n, at);
        if (f->type == SF_REF) {
            cJSON_AddItemToArray(list, cJSON_CreateString(text));
        } else {
            v = cJSON_CreateObject();
            cJSON_AddBoolToObject(v, "active", true);
            cJSON_AddBoolToObject(v, "defaultValue", false);
            cJSON_AddStringToObject(v, "label", text);
            cJSON_AddStringToObject(v, "value", text);
            cJSON_AddItemToArray(list, v);
        }
        at += n + (at[n] == ';');
    }
    return d;
}

void
sf_describe(struct sf_call *call, const struct sf_object *object)
{
    cJSON *doc = cJSON_CreateObject(), *fields;

    cJSON_AddStringToObject(doc, "name", object->name);
    cJSON_AddStringToObject(doc, "label", object->name);
    cJSON_AddStringToObject(doc, "keyPrefix", object->prefix);
    cJSON_AddBoolToObject(doc, "createable", true);
    cJSON_AddBoolToObject(doc, "updateable", true);
    cJSON_AddBoolToObject(doc, "deletable", true);
    cJSON_AddBoolToObject(doc, "queryable", true);
    cJSON_AddBoolToObject(doc, "replicateable", true);
    fields = cJSON_AddArrayToObject(doc, "fields");
    for (size_t i = 0; i < object->n_fields; i++)
        if (sf_field_find(object, object->fields[i].name) != NULL)
            cJSON_AddItemToArray(fields, describe_field(&object->fields[i]));
    response_json(call->res, 200, doc);
}

/* /sobjects/Type/{updated,deleted}/?start=&end= */
void
sf_changes(struct sf_call *call, const struct sf_object *object)
{
    bool deleted = strcmp(call->parts[2], "deleted") == 0;
    const char *start = request_query(call->req, "start");
    const char *end = request_query(call->req, "end");
    struct hs_list *list = sf_list(call->sf, object);
    cJSON *doc = cJSON_CreateObject(), *out;
    int64_t from, to;

    if (start == NULL || end == NULL ||
        timetext_parse(start, strlen(start), &from) < 0 ||
        timetext_parse(end, strlen(end), &to) < 0 || from >= to) {
        cJSON_Delete(doc);
        sf_answer_error(call->res, 400, "INVALID_REPLICATION_DATE",
                        "startDate before endDate, both ISO 8601");
        return;
    }
    out = cJSON_AddArrayToObject(doc, deleted ? "deletedRecords" : "ids");
    for (size_t i = 0; i < list->n; i++) {
        const struct sf_record *rec = list->v[i];
        cJSON *item;

        if (rec->is_deleted != deleted ||
            rec->modstamp < from / 60000 * 60000 ||
            rec->modstamp >= to / 60000 * 60000 + 60000)
            continue;
        item = deleted ? cJSON_CreateObject() : cJSON_CreateString(rec->id);
        if (deleted) {
            cJSON_AddStringToObject(item, "id", rec->id);
            cJSON_AddStringToObject(item, "deletedDate",
                                    sf_text(rec, "SystemModstamp"));
        }
        cJSON_AddItemToArray(out, item);
    }
    cJSON_AddStringToObject(doc, "latestDateCovered", end);
    if (deleted)
        cJSON_AddStringToObject(doc, "earliestDateAvailable", start);
    response_json(call->res, 200, doc);
}
