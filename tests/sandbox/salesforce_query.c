/* salesforce_query: query and queryAll with their pages (salesforce-api.md, 3).
 *
 * A query with more rows than a page keeps which records it found under a
 * locator; a page is made when it is asked for. */
#include "tests/sandbox/salesforce.h"
#include "tests/sandbox/soql.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PAGE_MIN     200
#define PAGE_MAX     2000
#define LOCATORS_MAX 100 /* more: the oldest is given up */
#define LOCATOR_MS   (INT64_C(2) * 24 * 3600 * 1000)

/* What a relationship shows that leads to objects of several kinds. */
static const struct name_field {
    const char *name;
    enum soql_type type;
    bool is_of_users;
} name_fields[] = {
    {"Id", SOQL_ID, false},         {"Type", SOQL_TEXT, false},
    {"Name", SOQL_TEXT, false},     {"FirstName", SOQL_TEXT, false},
    {"LastName", SOQL_TEXT, false}, {"Email", SOQL_TEXT, true},
    {"Phone", SOQL_TEXT, true},     {"Title", SOQL_TEXT, true},
    {"Alias", SOQL_TEXT, true},     {"Username", SOQL_TEXT, true},
    {"IsActive", SOQL_BOOL, true},
};

static const struct name_field *
name_field(const char *name)
{
    for (size_t i = 0; i < sizeof(name_fields) / sizeof(name_fields[0]); i++)
        if (strcasecmp(name_fields[i].name, name) == 0)
            return &name_fields[i];
    return NULL;
}

/* Owner is one, too: it may be a queue. */
static bool
is_polymorphic(const struct sf_field *relation)
{
    return strchr(relation->values, ';') != NULL ||
           strcmp(relation->name, "OwnerId") == 0;
}

static enum soql_type
type_of(const struct sf_field *f)
{
    switch (f->type) {
    case SF_BOOL:
        return SOQL_BOOL;
    case SF_INT:
    case SF_DOUBLE:
        return SOQL_NUMBER;
    case SF_DATE:
        return SOQL_DATE;
    case SF_DATETIME:
        return SOQL_DATETIME;
    case SF_ID:
    case SF_REF:
        return SOQL_ID;
    default:
        return SOQL_TEXT;
    }
}

/* ---- what SOQL sees ---- */

static bool
has_object(void *ctx, const char *object)
{
    (void)ctx;
    return strcasecmp(object, "Name") == 0 || sf_object_seen(object) != NULL;
}

static void
resolve_name(const char *path, struct soql_column *column)
{
    const struct name_field *n = name_field(path);

    if (n != NULL)
        column->type = n->type;
    column->is_filterable = true;
}

static void
resolve_path(const char *object_name, const char *path,
             struct soql_column *column)
{
    const struct sf_object *object = sf_object_find(object_name);
    const char *dot = strchr(path, '.');
    const struct sf_field *f;

    if (object == NULL) {
        resolve_name(path, column);
    } else if (sf_object_seen(object_name) == NULL) {
        return;
    } else if (dot == NULL) {
        f = sf_field_find(object, path);
        if (f == NULL)
            return;
        column->type = type_of(f);
        column->is_filterable = f->type != SF_TEXTAREA;
        column->handle = f;
    } else if ((f = sf_relation(object, path, (size_t)(dot - path))) != NULL) {
        resolve_path(is_polymorphic(f) ? "Name" : f->values, dot + 1, column);
    }
}

static void
resolve(void *ctx, const char *object, struct soql_column *column)
{
    (void)ctx;
    column->type = SOQL_UNKNOWN;
    resolve_path(object, column->path, column);
    if (strchr(column->path, '.') != NULL)
        column->handle = NULL;
}

static const cJSON *
name_value(const struct sf_record *rec, const struct name_field *n)
{
    static cJSON type = {.type = cJSON_String};
    bool is_user = strcmp(rec->object->name, "User") == 0;
    const struct sf_field *f = sf_field_find(rec->object, n->name);

    if (strcmp(n->name, "Type") == 0) {
        type.valuestring = (char *)rec->object->name; /* lives for ever */
        return &type;
    }
    return f == NULL || (n->is_of_users && !is_user) ? NULL : sf_value(rec, f);
}

/* The value at the end of a path; NULL: null. */
static const cJSON *
follow(struct salesforce *sf, const struct sf_record *rec, const char *path)
{
    bool by_name = false;
    const struct sf_field *f;

    for (const char *dot; (dot = strchr(path, '.')) != NULL; path = dot + 1) {
        const char *id;

        f = sf_relation(rec->object, path, (size_t)(dot - path));
        id = f != NULL ? sf_text(rec, f->name) : NULL;

        rec = id != NULL ? sf_find(sf, id) : NULL;
        if (rec == NULL)
            return NULL;
        by_name = is_polymorphic(f);
    }
    if (by_name)
        return name_value(rec, name_field(path));
    f = sf_field_find(rec->object, path);
    return f != NULL ? sf_value(rec, f) : NULL;
}

static struct soql_value
value(void *ctx, const void *record, const struct soql_column *column)
{
    const struct sf_record *rec = record;
    const struct sf_field *f = column->handle;
    struct soql_value out = {.is_null = false};
    const cJSON *v;
    int64_t ms;

    if (f != NULL && f->type == SF_ID) {
        out.text = rec->id;
        return out;
    }
    if (f != NULL && f->type == SF_DATETIME &&
        strcmp(f->name, "SystemModstamp") == 0) {
        out.number = (double)rec->modstamp;
        return out;
    }
    v = f != NULL ? sf_value(rec, f) : follow(ctx, rec, column->path);
    out.is_null = v == NULL;
    if (v == NULL)
        return out;
    if (column->type == SOQL_TEXT || column->type == SOQL_ID)
        out.text = cJSON_GetStringValue(v);
    else if (column->type == SOQL_BOOL)
        out.number = cJSON_IsTrue(v);
    else if (column->type == SOQL_NUMBER)
        out.number = v->valuedouble;
    else if (cJSON_IsString(v) &&
             timetext_parse(v->valuestring, strlen(v->valuestring), &ms) == 0)
        out.number = (double)ms;
    if (column->type <= SOQL_ID && out.text == NULL)
        out.is_null = true;
    return out;
}

/* ---- rows ---- */

/* The object of a relationship within a row, made when it is not there; NULL
 * (and null in the row): it leads nowhere. */
static cJSON *
nested(struct sf_call *call, cJSON *row, const struct sf_record *rec,
       const struct sf_field *relation, const struct sf_record **to)
{
    const char *id;
    char name[64];
    cJSON *child;

    if (relation == NULL)
        return NULL;
    id = sf_text(rec, relation->name);
    snprintf(name, sizeof(name), "%.*s", (int)strlen(relation->name) - 2,
             relation->name);
    child = cJSON_GetObjectItemCaseSensitive(row, name);
    *to = id != NULL ? sf_find(call->sf, id) : NULL;
    if (child == NULL && *to == NULL)
        cJSON_AddNullToObject(row, name);
    if (child != NULL || *to == NULL)
        return *to != NULL ? child : NULL;
    child = cJSON_AddObjectToObject(row, name);
    cJSON_AddItemToObject(child, "attributes", sf_attributes(call, *to));
    return child;
}

static void
add_path(struct sf_call *call, cJSON *row, const struct sf_record *rec,
         const char *path, bool by_name)
{
    const char *dot = strchr(path, '.');
    const struct sf_field *f;

    if (dot != NULL) {
        f = sf_relation(rec->object, path, (size_t)(dot - path));
        row = nested(call, row, rec, f, &rec);
        if (row != NULL)
            add_path(call, row, rec, dot + 1, is_polymorphic(f));
    } else if (by_name) {
        sf_add_copy(row, name_field(path)->name,
                    name_value(rec, name_field(path)));
    } else {
        f = sf_field_find(rec->object, path);
        if (f != NULL)
            sf_add_copy(row, f->name, sf_value(rec, f));
    }
}

static void
add_typeof(struct sf_call *call, cJSON *row, const struct sf_record *rec,
           const struct soql *q, size_t item)
{
    const struct soql_column *column;
    bool is_more = true;

    for (const char *path = soql_item(q, item)->path; is_more && row != NULL;) {
        size_t n = strcspn(path, ".");

        row = nested(call, row, rec, sf_relation(rec->object, path, n), &rec);
        is_more = path[n] != '\0';
        path += n + is_more;
    }
    for (size_t k = 0; row != NULL; k++) {
        column = soql_typeof(q, item, rec->object->name, k);
        if (column == NULL)
            break;
        /* a column of ELSE is the Name's, not of a field */
        add_path(call, row, rec, column->path,
                 column->handle == NULL && strchr(column->path, '.') == NULL);
    }
}

static cJSON *
row_json(struct sf_call *call, const struct soql *q,
         const struct sf_record *rec)
{
    cJSON *row = cJSON_CreateObject();
    const struct soql_column *column;

    cJSON_AddItemToObject(row, "attributes", sf_attributes(call, rec));
    for (size_t i = 0; (column = soql_item(q, i)) != NULL; i++) {
        if (soql_item_is_typeof(q, i))
            add_typeof(call, row, rec, q, i);
        else
            add_path(call, row, rec, column->path, false);
    }
    return row;
}

/* ---- pages ---- */

struct locator {
    char id[SF_ID_SIZE];
    struct soql *q;
    struct soql_source source;
    const void **records;
    size_t n;
    int64_t made_ms;
};

static void
locator_free(struct locator *l)
{
    soql_free(l->q);
    free(l->records);
    free(l);
}

static size_t
page_size(const struct sf_call *call)
{
    const char *option = request_header(call->req, "Sforce-Query-Options");
    const char *at = option != NULL ? strcasestr(option, "batchSize=") : NULL;
    long n = at != NULL ? strtol(at + 10, NULL, 10) : PAGE_MAX;

    return n < PAGE_MIN ? PAGE_MIN : n > PAGE_MAX ? PAGE_MAX : (size_t)n;
}

/* Answer with the rows from `from` on. Is there more? */
static bool
answer_page(struct sf_call *call, const struct locator *l, size_t from)
{
    cJSON *doc = cJSON_CreateObject(), *rows = cJSON_CreateArray();
    size_t to = from + page_size(call);
    bool is_done = soql_is_count(l->q) || to >= l->n;
    char url[128];

    cJSON_AddNumberToObject(doc, "totalSize", (double)l->n);
    cJSON_AddBoolToObject(doc, "done", is_done);
    if (!is_done) {
        snprintf(url, sizeof(url), "/services/data/%s/query/%s-%zu",
                 call->version, l->id, to);
        cJSON_AddStringToObject(doc, "nextRecordsUrl", url);
    }
    for (size_t i = from; i < l->n && i < to && !soql_is_count(l->q); i++)
        cJSON_AddItemToArray(rows, row_json(call, l->q, l->records[i]));
    cJSON_AddItemToObject(doc, "records", rows);
    response_json(call->res, 200, doc);
    return !is_done;
}

static void
next_page(struct sf_call *call)
{
    struct hs_list *all = &call->sf->locators;
    const char *dash = strrchr(call->parts[1], '-');
    size_t len = dash != NULL ? (size_t)(dash - call->parts[1]) : 0;
    size_t from = dash != NULL ? strtoul(dash + 1, NULL, 10) : 0;

    for (size_t i = 0; i < all->n; i++) {
        const struct locator *l = all->v[i];

        if ((len != 15 && len != 18) ||
            strncmp(l->id, call->parts[1], len) != 0 || from >= l->n ||
            !isdigit((unsigned char)dash[1]) ||
            sandbox_now_ms() - l->made_ms > LOCATOR_MS)
            continue;
        answer_page(call, l, from);
        return;
    }
    sf_answer_error(call->res, 400, "INVALID_QUERY_LOCATOR",
                    "invalid query locator");
}

static void
keep_locator(struct salesforce *sf, struct locator *l)
{
    struct hs_list *all = &sf->locators;

    if (all->n == LOCATORS_MAX) {
        locator_free(all->v[0]);
        memmove(all->v, all->v + 1, --all->n * sizeof(*all->v));
    }
    hs_list_add(all, l);
}

void
sf_query_fini(struct salesforce *sf)
{
    for (size_t i = 0; i < sf->locators.n; i++)
        locator_free(sf->locators.v[i]);
    free(sf->locators.v);
    sf->locators = (struct hs_list){0};
}

/* ---- the query ---- */

/* Deleted and archived ones: only by queryAll. What is written becomes visible
 * when its commit is through. */
static bool
is_visible(const struct sf_record *rec, bool all, int64_t committed_ms)
{
    return !rec->is_purged &&
           (all || !(rec->is_deleted || sf_true(rec, "IsArchived"))) &&
           rec->touched <= committed_ms;
}

static void
find(struct sf_call *call, struct locator *l, bool all)
{
    struct hs_list *list = sf_list(call->sf, sf_object_find(soql_object(l->q)));
    int64_t lag = sandbox_lag_ms(call->sf->service);
    int64_t committed = lag > 0 ? sandbox_now_ms() - lag : INT64_MAX;
    size_t skip = (size_t)soql_offset(l->q);
    long limit = soql_limit(l->q);

    l->records = hs_alloc((list->n + 1) * sizeof(*l->records));
    for (size_t i = 0; i < list->n; i++)
        if (soql_matches(l->q, list->v[i]) &&
            is_visible(list->v[i], all, committed))
            l->records[l->n++] = list->v[i];
    soql_sort(l->q, l->records, l->n);
    skip = skip < l->n ? skip : l->n;
    l->n -= skip;
    memmove(l->records, l->records + skip, l->n * sizeof(*l->records));
    if (limit >= 0 && l->n > (size_t)limit)
        l->n = (size_t)limit;
}

static void
run(struct sf_call *call, const char *text)
{
    struct locator *l = hs_alloc(sizeof(*l));
    const struct sf_object *object;
    struct soql_error err;
    char id15[32], why[128];

    l->source = (struct soql_source){has_object, resolve, value, call->sf};
    l->q = soql_parse(text, &l->source, &err);
    object = l->q != NULL ? sf_object_find(soql_object(l->q)) : NULL;
    if (object == NULL || sf_is_tooling(object) != call->is_tooling) {
        snprintf(why, sizeof(why), "sObject type '%.60s' is not supported.",
                 l->q != NULL ? soql_object(l->q) : "");
        sf_answer_error(call->res, 400,
                        l->q == NULL ? err.code : "INVALID_TYPE",
                        l->q == NULL ? err.message : why);
        locator_free(l);
        return;
    }
    l->made_ms = sandbox_now_ms();
    snprintf(id15, sizeof(id15), "0r8%012lld",
             (long long)++call->sf->next_number);
    sf_id_normalise(id15, l->id);
    find(call, l, strcasecmp(call->parts[0], "queryAll") == 0);
    if (answer_page(call, l, 0))
        keep_locator(call->sf, l);
    else
        locator_free(l);
}

void
sf_query(struct sf_call *call)
{
    char *text;

    if (!sf_is_method(call, "GET")) {
        sf_answer_method(call, "GET,HEAD");
        return;
    }
    if (call->n > 1) {
        next_page(call);
        return;
    }
    text = sf_param(call, "q");
    if (text == NULL || *text == '\0')
        sf_answer_error(call->res, 400, "MALFORMED_QUERY",
                        "A query string has to be specified");
    else
        run(call, text);
    free(text);
}
