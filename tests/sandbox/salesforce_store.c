/* salesforce_store: records with their indexes, what follows from their fields,
 * taking writes back, and the control API's load and dump. */
#include "tests/sandbox/salesforce.h"

#include "common/sf_id.h"
#include "common/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct hs_list *
sf_list(struct salesforce *sf, const struct sf_object *object)
{
    return &sf->lists[object - sf_objects];
}

struct sf_record *
sf_find(struct salesforce *sf, const char *id)
{
    char key[16];

    snprintf(key, sizeof(key), "%.15s", id);
    return hs_map_get(&sf->by_id, key);
}

const char *
sf_text(const struct sf_record *rec, const char *field)
{
    return cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(rec->fields, field));
}

bool
sf_true(const struct sf_record *rec, const char *field)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(rec->fields, field));
}

const cJSON *
sf_value(const struct sf_record *rec, const struct sf_field *f)
{
    static const cJSON yes = {.type = cJSON_True}, no = {.type = cJSON_False};
    const cJSON *v;

    if (f->type == SF_BOOL && strcmp(f->name, "IsDeleted") == 0)
        return rec->is_deleted ? &yes : &no;
    v = cJSON_GetObjectItemCaseSensitive(rec->fields, f->name);
    if (v == NULL || cJSON_IsNull(v))
        return f->type == SF_BOOL ? &no : NULL;
    return v;
}

/* ---- the index of external ids ---- */

static char *
key_of(const struct sf_object *object, const struct sf_field *f,
       const char *value)
{
    size_t len = strlen(value), n;
    char *out;

    text_trim(&value, &len);
    n = len + strlen(object->name) + strlen(f->name) + 3;
    out = hs_alloc(n);
    snprintf(out, n, "%s:%s:%.*s", object->name, f->name, (int)len, value);
    for (char *p = out; *p != '\0'; p++)
        *p = (char)tolower((unsigned char)*p);
    return out;
}

/* Put the keys of a record into the index, or take them out. */
static void
index_keys(struct salesforce *sf, struct sf_record *rec, bool is_in)
{
    for (size_t i = 0; i < rec->object->n_fields; i++) {
        const struct sf_field *f = &rec->object->fields[i];
        const char *value =
            (f->flags & SF_KEY) != 0 ? sf_text(rec, f->name) : NULL;
        char *key;

        if (value == NULL)
            continue;
        key = key_of(rec->object, f, value);
        if (is_in && !rec->is_deleted)
            hs_map_put(&sf->by_key, key, rec);
        else if (hs_map_get(&sf->by_key, key) == rec)
            hs_map_put(&sf->by_key, key, NULL);
        free(key);
    }
}

struct sf_record *
sf_find_by(struct salesforce *sf, const struct sf_object *object,
           const struct sf_field *field, const char *value,
           struct sf_record **other)
{
    struct hs_list *list = sf_list(sf, object);
    struct sf_record *found = NULL;
    char *key;

    *other = NULL;
    if (field->type == SF_ID) {
        found = sf_find(sf, value);
        return found != NULL && found->object == object ? found : NULL;
    }
    if ((field->flags & SF_KEY) != 0) {
        key = key_of(object, field, value);
        found = hs_map_get(&sf->by_key, key);
        free(key);
        return found;
    }
    for (size_t i = 0; i < list->n && *other == NULL; i++) {
        struct sf_record *rec = list->v[i];
        const char *text = sf_text(rec, field->name);

        if (rec->is_deleted || text == NULL || strcasecmp(text, value) != 0)
            continue;
        if (found == NULL)
            found = rec;
        else
            *other = rec;
    }
    return found;
}

struct sf_record *
sf_find_key(struct salesforce *sf, const struct sf_object *object,
            const char *key)
{
    struct sf_record *other;

    for (size_t i = 0; i < object->n_fields; i++)
        if ((object->fields[i].flags & SF_KEY) != 0)
            return sf_find_by(sf, object, &object->fields[i], key, &other);
    return NULL;
}

/* ---- taking writes back ---- */

struct before {
    struct sf_record *rec;
    cJSON *fields; /* NULL: it was not there */
    int64_t modstamp, touched;
    bool is_deleted;
};

static void
remember(struct salesforce *sf, struct sf_record *rec, bool is_new)
{
    struct before *b;

    if (!sf->is_journaling)
        return;
    b = hs_alloc(sizeof(*b));
    *b =
        (struct before){rec, is_new ? NULL : cJSON_Duplicate(rec->fields, true),
                        rec->modstamp, rec->touched, rec->is_deleted};
    hs_list_add(&sf->journal, b);
}

bool
sf_begin(struct salesforce *sf)
{
    bool is_begun = !sf->is_journaling;

    sf->is_journaling = true;
    return is_begun;
}

static void
drop_new(struct salesforce *sf, struct sf_record *rec)
{
    struct hs_list *list = sf_list(sf, rec->object);
    char key[16];

    for (size_t i = list->n; i > 0; i--) {
        if (list->v[i - 1] != rec)
            continue;
        memmove(&list->v[i - 1], &list->v[i], (list->n - i) * sizeof(*list->v));
        list->n--;
        break;
    }
    snprintf(key, sizeof(key), "%.15s", rec->id);
    hs_map_put(&sf->by_id, key, NULL);
    hs_list_add(&sf->dropped, rec); /* a query's locator may hold it */
}

void
sf_end(struct salesforce *sf, bool is_begun, bool keep)
{
    if (!is_begun)
        return;
    sf->is_journaling = false;
    while (sf->journal.n > 0) {
        struct before *b = sf->journal.v[--sf->journal.n];

        if (!keep)
            index_keys(sf, b->rec, false);
        if (!keep && b->fields != NULL) {
            cJSON_Delete(b->rec->fields);
            b->rec->fields = b->fields;
            b->fields = NULL;
            b->rec->modstamp = b->modstamp;
            b->rec->touched = b->touched;
            b->rec->is_deleted = b->is_deleted;
            index_keys(sf, b->rec, true);
        } else if (!keep) {
            drop_new(sf, b->rec);
        }
        cJSON_Delete(b->fields);
        free(b);
    }
}

/* ---- writing ---- */

static void
put(struct sf_record *rec, const char *name, cJSON *value)
{
    if (cJSON_GetObjectItemCaseSensitive(rec->fields, name) != NULL)
        cJSON_ReplaceItemInObjectCaseSensitive(rec->fields, name, value);
    else
        cJSON_AddItemToObject(rec->fields, name, value);
}

static void
put_text(struct sf_record *rec, const char *name, const char *value)
{
    put(rec, name,
        value != NULL ? cJSON_CreateString(value) : cJSON_CreateNull());
}

static void
put_default(struct sf_record *rec, const char *name, const char *value)
{
    if (sf_text(rec, name) == NULL)
        put_text(rec, name, value);
}

static void
put_time(struct sf_record *rec, const char *field, int64_t ms)
{
    char at[TIMETEXT_SIZE + 8];

    timetext_s(ms, at);
    snprintf(at + 19, 10, ".000+0000");
    put_text(rec, field, at);
}

static void
touch(struct sf_record *rec, const char *by)
{
    rec->touched = sandbox_now_ms();
    rec->modstamp = rec->touched / 1000 * 1000;
    put_time(rec, "SystemModstamp", rec->modstamp);
    put_time(rec, "LastModifiedDate", rec->modstamp);
    put_text(rec, "LastModifiedById", by);
}

void
sf_touch(struct sf_record *rec)
{
    touch(rec, SF_USER);
}

struct sf_record *
sf_new(struct salesforce *sf, const struct sf_object *object, const char *id)
{
    struct sf_record *rec = hs_alloc(sizeof(*rec));
    char id15[40];

    if (id != NULL) {
        snprintf(id15, sizeof(id15), "%.15s", id);
    } else {
        do
            snprintf(id15, sizeof(id15), "%s%012lld", object->prefix,
                     (long long)++sf->next_number);
        while (sf_find(sf, id15) != NULL);
    }
    rec->object = object;
    salesforce_id18(id15, rec->id);
    rec->fields = cJSON_CreateObject();
    put_text(rec, "Id", rec->id);
    put_time(rec, "CreatedDate", sandbox_now_ms());
    put_text(rec, "CreatedById", SF_USER);
    sf_touch(rec);
    remember(sf, rec, true);
    hs_list_add(sf_list(sf, object), rec);
    hs_map_put(&sf->by_id, id15, rec);
    return rec;
}

/* As Salesforce keeps a value: blanks at both ends gone, "" is null, an id of
 * 18 characters, a time in UTC and to the second. */
static cJSON *
kept(const struct sf_field *f, const cJSON *value)
{
    const char *s = cJSON_GetStringValue(value);
    size_t len = s != NULL ? strlen(s) : 0;
    char id[SF_ID_SIZE], at[TIMETEXT_SIZE + 8], *text;
    int64_t ms;
    cJSON *out;

    if (s == NULL)
        return cJSON_Duplicate(value, true);
    text_trim(&s, &len);
    if (len == 0)
        return cJSON_CreateNull();
    if (f != NULL && f->type == SF_REF && sf_id_normalise(s, id))
        return cJSON_CreateString(id);
    if (f != NULL && f->type == SF_DATETIME &&
        timetext_parse(s, len, &ms) == 0) {
        timetext_s(ms, at);
        snprintf(at + 19, 10, ".000+0000");
        return cJSON_CreateString(at);
    }
    text = hs_alloc(len + 1);
    memcpy(text, s, len);
    out = cJSON_CreateString(text);
    free(text);
    return out;
}

/* An event whose start or length is set alone: the other end follows. */
static void
loosen_event(struct sf_record *rec, const cJSON *row)
{
    bool start = cJSON_GetObjectItem(row, "StartDateTime") != NULL;
    bool at = cJSON_GetObjectItem(row, "ActivityDateTime") != NULL;
    bool length = cJSON_GetObjectItem(row, "DurationInMinutes") != NULL;

    if ((start || at || length) &&
        cJSON_GetObjectItem(row, "EndDateTime") == NULL)
        put_text(rec, "EndDateTime", NULL);
    if (at && !start)
        put_text(rec, "StartDateTime", NULL);
}

void
sf_set(struct salesforce *sf, struct sf_record *rec, const cJSON *row)
{
    const cJSON *value;

    remember(sf, rec, false);
    index_keys(sf, rec, false);
    if (strcmp(rec->object->name, "Event") == 0)
        loosen_event(rec, row);
    cJSON_ArrayForEach(value, row)
    {
        const struct sf_field *f = sf_field_find(rec->object, value->string);
        const char *name = f != NULL ? f->name : value->string;

        if (strcmp(name, "attributes") != 0 && strcasecmp(name, "Id") != 0 &&
            strcmp(name, "IsDeleted") != 0)
            put(rec, name, kept(f, value));
    }
    index_keys(sf, rec, true);
}

void
sf_delete(struct salesforce *sf, struct sf_record *rec)
{
    remember(sf, rec, false);
    index_keys(sf, rec, false);
    rec->is_deleted = true;
    sf_touch(rec);
}

/* ---- what follows from the fields ---- */

static void
derive_account(struct salesforce *sf, struct sf_record *rec)
{
    const char *what = sf_text(rec, "WhatId"), *who = sf_text(rec, "WhoId");
    const struct sf_record *to = what != NULL  ? sf_find(sf, what)
                                 : who != NULL ? sf_find(sf, who)
                                               : NULL;
    const char *account = NULL;

    if (to != NULL)
        account = strcmp(to->object->name, "Account") == 0
                      ? to->id
                      : sf_text(to, "AccountId");
    put_text(rec, "AccountId", account);
}

static void
derive_task(struct salesforce *sf, struct sf_record *rec)
{
    struct hs_list *statuses = sf_list(sf, sf_object_find("TaskStatus"));
    bool was_closed = sf_true(rec, "IsClosed"), is_closed = false;
    const char *status;

    put_default(rec, "Status", "Not Started");
    put_default(rec, "Priority", "Normal");
    put_default(rec, "TaskSubtype", "Task");
    status = sf_text(rec, "Status");
    for (size_t i = 0; i < statuses->n; i++) {
        const char *name = sf_text(statuses->v[i], "ApiName");

        if (name != NULL && strcmp(name, status) == 0)
            is_closed = sf_true(statuses->v[i], "IsClosed");
    }
    put(rec, "IsClosed", cJSON_CreateBool(is_closed));
    put(rec, "IsHighPriority",
        cJSON_CreateBool(strcmp(sf_text(rec, "Priority"), "High") == 0));
    if (is_closed && !was_closed)
        put_time(rec, "CompletedDateTime", sandbox_now_ms());
    else if (!is_closed)
        put_text(rec, "CompletedDateTime", NULL);
}

static int64_t
time_of(const struct sf_record *rec, const char *field)
{
    const char *s = sf_text(rec, field);
    int64_t ms;

    return s != NULL && timetext_parse(s, strlen(s), &ms) == 0 ? ms : -1;
}

/* Start, end, length and day belong together. */
static void
derive_event(struct sf_record *rec)
{
    const char *start = sf_text(rec, "StartDateTime");
    const cJSON *n =
        cJSON_GetObjectItemCaseSensitive(rec->fields, "DurationInMinutes");
    int64_t from, to;
    char day[TIMETEXT_SIZE];

    put_default(rec, "ShowAs", "Busy");
    put_default(rec, "EventSubtype", "Event");
    if (start == NULL && sf_text(rec, "ActivityDateTime") != NULL)
        put_text(rec, "StartDateTime", sf_text(rec, "ActivityDateTime"));
    from = time_of(rec, "StartDateTime");
    to = time_of(rec, "EndDateTime");
    if (from < 0)
        return;
    put_time(rec, "ActivityDateTime", from);
    snprintf(day, sizeof(day), "%.10s", sf_text(rec, "StartDateTime"));
    put_text(rec, "ActivityDate", day);
    if (to < 0 && cJSON_IsNumber(n))
        to = from + (int64_t)n->valuedouble * 60000;
    else if (to < 0)
        to = from + (sf_true(rec, "IsAllDayEvent") ? 1440 : 0) * 60000;
    put_time(rec, "EndDateTime", to);
    put(rec, "DurationInMinutes",
        cJSON_CreateNumber((double)((to - from) / 60000)));
    snprintf(day, sizeof(day), "%.10s", sf_text(rec, "EndDateTime"));
    put_text(rec, "EndDate", day);
}

void
sf_derive(struct salesforce *sf, struct sf_record *rec, bool is_new)
{
    const char *name = rec->object->name, *first = sf_text(rec, "FirstName");
    char full[600];

    if (is_new && sf_field_find(rec->object, "OwnerId") != NULL)
        put_default(rec, "OwnerId", SF_USER);
    if (strcmp(name, "Task") == 0)
        derive_task(sf, rec);
    if (strcmp(name, "Event") == 0)
        derive_event(rec);
    if (strcmp(name, "Task") == 0 || strcmp(name, "Event") == 0)
        derive_account(sf, rec);
    if (strcmp(name, "Lead") == 0)
        put_default(rec, "Status", "Open - Not Contacted");
    if (sf_text(rec, "LastName") == NULL)
        return;
    snprintf(full, sizeof(full), "%s%s%s", first != NULL ? first : "",
             first != NULL ? " " : "", sf_text(rec, "LastName"));
    put_text(rec, "Name", full);
}

/* ---- dump and load ---- */

/* All fields of the object, null where there is nothing. */
static cJSON *
dump_record(const struct sf_record *rec)
{
    cJSON *out = cJSON_CreateObject();

    for (size_t i = 0; i < rec->object->n_fields; i++) {
        const struct sf_field *f = &rec->object->fields[i];

        if (!sf_field_is_hidden(f))
            sf_add_copy(out, f->name, sf_value(rec, f));
    }
    return out;
}

cJSON *
sf_dump(struct service *service, const char *type)
{
    struct salesforce *sf = service->data;
    cJSON *doc = cJSON_CreateObject();

    for (size_t i = 0; i < SF_N_OBJECTS; i++) {
        struct hs_list *list = &sf->lists[i];
        cJSON *rows;

        if (type != NULL && strcmp(type, sf_objects[i].name) != 0)
            continue;
        rows = cJSON_AddArrayToObject(doc, sf_objects[i].name);
        for (size_t k = 0; k < list->n; k++)
            cJSON_AddItemToArray(rows, dump_record(list->v[k]));
    }
    return doc;
}

/* What would be derived may be given, too. */
static void
put_given(struct sf_record *rec, const cJSON *row)
{
    const cJSON *value;

    cJSON_ArrayForEach(value, row)
    {
        const struct sf_field *f = sf_field_find(rec->object, value->string);

        if (f != NULL && (f->flags & SF_CU) == 0 && f->type != SF_ID &&
            !cJSON_IsNull(value))
            put(rec, f->name, kept(f, value));
    }
}

/* false: its Id is none, or is another object's. */
static bool
load_record(struct salesforce *sf, const struct sf_object *object,
            const cJSON *row)
{
    const cJSON *deleted = cJSON_GetObjectItemCaseSensitive(row, "IsDeleted");
    const char *id =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(row, "Id"));
    struct sf_record *rec = id != NULL ? sf_find(sf, id) : NULL;
    bool is_new = rec == NULL;
    int64_t at;

    if (id != NULL && ((strlen(id) != 15 && strlen(id) != 18) ||
                       (rec != NULL && rec->object != object)))
        return false;
    if (is_new) {
        rec = sf_new(sf, object, id);
        put_text(rec, "CreatedById", SF_PERSON);
    }
    touch(rec, SF_PERSON);
    index_keys(sf, rec, false);
    rec->is_deleted = deleted != NULL ? cJSON_IsTrue(deleted) : rec->is_deleted;
    sf_set(sf, rec, row);
    sf_derive(sf, rec, is_new);
    put_given(rec, row);
    at = time_of(rec, "SystemModstamp");
    if (at >= 0)
        rec->modstamp = at;
    return true;
}

static cJSON *
load_error(cJSON *answer, const char *what, const char *of)
{
    char text[200];

    snprintf(text, sizeof(text), "%s: %.80s", what, of);
    cJSON_AddStringToObject(answer, "error", text);
    return answer;
}

cJSON *
sf_load(struct service *service, const cJSON *records)
{
    struct salesforce *sf = service->data;
    cJSON *answer = cJSON_CreateObject();
    const cJSON *list, *row;
    int n = 0;

    if (!cJSON_IsObject(records))
        return load_error(answer, "an object is wanted", "{\"Task\": [...]}");
    cJSON_ArrayForEach(list, records)
    {
        const struct sf_object *object = sf_object_find(list->string);

        if (object == NULL)
            return load_error(answer, "no such object", list->string);
        if (!cJSON_IsArray(list))
            return load_error(answer, "an array is wanted", list->string);
        cJSON_ArrayForEach(row, list)
        {
            if (!cJSON_IsObject(row) || !load_record(sf, object, row))
                return load_error(answer, "a record or its Id is no good",
                                  list->string);
            n++;
        }
    }
    cJSON_AddNumberToObject(answer, "loaded", n);
    return answer;
}

static void
free_records(struct hs_list *list)
{
    for (size_t k = 0; k < list->n; k++) {
        struct sf_record *rec = list->v[k];

        cJSON_Delete(rec->fields);
        free(rec);
    }
    free(list->v);
    *list = (struct hs_list){0};
}

void
sf_store_fini(struct salesforce *sf)
{
    for (size_t i = 0; i < SF_N_OBJECTS; i++)
        free_records(&sf->lists[i]);
    free_records(&sf->dropped);
    free(sf->journal.v);
    sf->journal = (struct hs_list){0};
    hs_map_fini(&sf->by_id, NULL);
    hs_map_fini(&sf->by_key, NULL);
}
