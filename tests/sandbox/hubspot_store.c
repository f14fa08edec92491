/* hubspot_store: the records: a hash by (type, id), and per type one index by
 * id (for the list) and one by (modification time, id) (for the search).
 *
 * One change moves an entry of the sorted arrays; many (load) only mark them
 * stale, and the next read sorts once. */
#include "tests/sandbox/hubspot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct hs_type_info hs_types[HS_N_TYPES] = {
#define ACTIVITY "hs_createdate,hs_lastmodifieddate,hs_object_id"
    {"contacts", "contact", "CONTACT", "0-1", "createdate", "lastmodifieddate",
     "createdate,email,firstname,hs_object_id,lastmodifieddate,lastname",
     "firstname,lastname,email,phone,hs_additional_emails,fax,mobilephone,"
     "company"},
    {"companies", "company", "COMPANY", "0-2", "createdate",
     "hs_lastmodifieddate",
     "name,domain,createdate,hs_lastmodifieddate,hs_object_id",
     "website,phone,name,domain"},
    {"deals", "deal", "DEAL", "0-3", "createdate", "hs_lastmodifieddate",
     "dealname,amount,closedate,pipeline,dealstage,createdate,"
     "hs_lastmodifieddate,hs_object_id",
     "dealname"},
    {"calls", "call", "CALL", "0-48", "hs_createdate", "hs_lastmodifieddate",
     ACTIVITY, "hs_call_title,hs_body_preview"},
    {"emails", "email", "EMAIL", "0-49", "hs_createdate", "hs_lastmodifieddate",
     ACTIVITY, "hs_email_subject"},
    {"meetings", "meeting", "MEETING_EVENT", "0-47", "hs_createdate",
     "hs_lastmodifieddate", ACTIVITY, "hs_meeting_title,hs_meeting_body"},
    {"notes", "note", "NOTE", "0-46", "hs_createdate", "hs_lastmodifieddate",
     ACTIVITY, "hs_note_body"},
    {"tasks", "task", "TASK", "0-27", "hs_createdate", "hs_lastmodifieddate",
     ACTIVITY, "hs_task_body,hs_task_subject"},
    {"communications", "communication", "COMMUNICATION", "0-18",
     "hs_createdate", "hs_lastmodifieddate", ACTIVITY, "hs_communication_body"},
};

int
hs_type_of(const char *name)
{
    for (int i = 0; i < HS_N_TYPES; i++)
        if (strcmp(name, hs_types[i].plural) == 0 ||
            strcmp(name, hs_types[i].singular) == 0 ||
            strcmp(name, hs_types[i].type_id) == 0)
            return i;
    return -1;
}

bool
hs_parse_id(const char *text, int64_t *id)
{
    char *end;

    if (text == NULL || *text < '0' || *text > '9')
        return false;
    *id = strtoll(text, &end, 10);
    return *end == '\0' && *id > 0 && *id < (INT64_C(1) << 53);
}

/* ---- hash by id ---- */

static struct hs_record **
hash_slot(const struct hs_table *table, int64_t id)
{
    uint64_t h = (uint64_t)id * UINT64_C(0x9E3779B97F4A7C15);
    size_t i = (size_t)(h >> 20) & (table->hash_size - 1);

    while (table->hash[i] != NULL && table->hash[i]->id != id)
        i = (i + 1) & (table->hash_size - 1);
    return &table->hash[i];
}

static void
hash_put(struct hs_table *table, struct hs_record *rec)
{
    if (table->n * 2 >= table->hash_size) {
        struct hs_record **old = table->hash;
        size_t old_size = table->hash_size;

        table->hash_size = old_size ? old_size * 2 : 64;
        table->hash = hs_alloc(table->hash_size * sizeof(struct hs_record *));
        for (size_t i = 0; i < old_size; i++)
            if (old[i] != NULL)
                *hash_slot(table, old[i]->id) = old[i];
        free(old);
    }
    *hash_slot(table, rec->id) = rec;
    table->n++;
}

struct hs_record *
hs_find(struct hubspot *hs, int type, int64_t id)
{
    const struct hs_table *table = &hs->tables[type];

    return table->hash_size == 0 ? NULL : *hash_slot(table, id);
}

struct hs_record *
hs_find_live(struct hubspot *hs, int type, int64_t id)
{
    struct hs_record *rec = hs_find(hs, type, id);

    while (rec != NULL && rec->merged_into != 0)
        rec = hs_find(hs, type, rec->merged_into);
    return rec == NULL || rec->archived ? NULL : rec;
}

/* ---- sorted indexes ---- */

size_t
hs_by_id_from(const struct hs_table *table, int64_t id)
{
    size_t lo = 0, hi = table->n_by_id;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (table->by_id[mid]->id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

size_t
hs_by_mod_from(const struct hs_table *table, int64_t modified_ms, int64_t id)
{
    size_t lo = 0, hi = table->n_by_mod;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const struct hs_entry *e = &table->by_mod[mid];

        if (e->modified_ms < modified_ms ||
            (e->modified_ms == modified_ms && e->id < id))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static void
by_id_put(struct hs_table *table, struct hs_record *rec)
{
    size_t at = table->n_by_id;

    table->by_id = hs_grow(table->by_id, table->n_by_id, &table->by_id_size,
                           sizeof(struct hs_record *));
    if (!table->is_stale) {
        at = hs_by_id_from(table, rec->id);
        memmove(&table->by_id[at + 1], &table->by_id[at],
                (table->n_by_id - at) * sizeof(struct hs_record *));
    }
    table->by_id[at] = rec;
    table->n_by_id++;
}

static void
by_mod_put(struct hs_table *table, struct hs_record *rec)
{
    size_t at;

    if (table->is_stale)
        return;
    table->by_mod = hs_grow(table->by_mod, table->n_by_mod, &table->by_mod_size,
                            sizeof(*table->by_mod));
    at = hs_by_mod_from(table, rec->modified_ms, rec->id);
    memmove(&table->by_mod[at + 1], &table->by_mod[at],
            (table->n_by_mod - at) * sizeof(*table->by_mod));
    table->by_mod[at] = (struct hs_entry){rec->modified_ms, rec->id, rec};
    table->n_by_mod++;
}

static void
by_mod_remove(struct hs_table *table, const struct hs_record *rec)
{
    size_t at;

    if (table->is_stale || rec->archived)
        return;
    at = hs_by_mod_from(table, rec->modified_ms, rec->id);
    table->n_by_mod--;
    memmove(&table->by_mod[at], &table->by_mod[at + 1],
            (table->n_by_mod - at) * sizeof(*table->by_mod));
}

static int
compare_ids(const void *a, const void *b)
{
    int64_t left = (*(struct hs_record *const *)a)->id;
    int64_t right = (*(struct hs_record *const *)b)->id;

    return left < right ? -1 : left > right;
}

static int
compare_entries(const void *a, const void *b)
{
    const struct hs_entry *l = a, *r = b;

    if (l->modified_ms != r->modified_ms)
        return l->modified_ms < r->modified_ms ? -1 : 1;
    return l->id < r->id ? -1 : l->id > r->id;
}

void
hs_table_defer(struct hs_table *table)
{
    table->is_stale = true;
}

void
hs_table_ready(struct hs_table *table)
{
    if (!table->is_stale)
        return;
    qsort(table->by_id, table->n_by_id, sizeof(struct hs_record *),
          compare_ids);
    table->n_by_mod = 0;
    for (size_t i = 0; i < table->n_by_id; i++) {
        struct hs_record *rec = table->by_id[i];

        if (rec->archived)
            continue;
        table->by_mod = hs_grow(table->by_mod, table->n_by_mod,
                                &table->by_mod_size, sizeof(*table->by_mod));
        table->by_mod[table->n_by_mod++] =
            (struct hs_entry){rec->modified_ms, rec->id, rec};
    }
    if (table->n_by_mod > 1)
        qsort(table->by_mod, table->n_by_mod, sizeof(*table->by_mod),
              compare_entries);
    table->is_stale = false;
}

/* ---- unique values ---- */

static void
unique_key(int def, const char *value, size_t len, char *key, size_t size)
{
    char *lower = hs_lower(value);

    snprintf(key, size, "%d:%.*s", def, (int)len, lower);
    free(lower);
}

/* hs_additional_emails belong to the property email: each of the ;-joined. */
static void
unique_put(struct hubspot *hs, struct hs_record *rec, int def,
           const char *value, bool is_on)
{
    struct hs_table *table = &hs->tables[rec->type];
    bool is_list = rec->type == HS_CONTACTS &&
                   strcmp(table->defs[def].name, "hs_additional_emails") == 0;
    int as = is_list ? hs_def_find(hs, HS_CONTACTS, "email") : def;
    char key[512];

    if (value == NULL || !table->defs[def].is_unique)
        return;
    while (*value != '\0') {
        size_t len = is_list ? strcspn(value, ";") : strlen(value);

        unique_key(as, value, len, key, sizeof(key));
        if (is_on)
            hs_map_put(&table->unique, key, rec);
        else if (hs_map_get(&table->unique, key) == rec)
            hs_map_put(&table->unique, key, NULL);
        value += len;
        value += *value == ';';
    }
}

/* ---- records ---- */

struct hs_record *
hs_record_new(struct hubspot *hs, int type, int64_t id, int64_t created_ms,
              int64_t modified_ms)
{
    struct hs_table *table = &hs->tables[type];
    struct hs_record *rec = hs_alloc(sizeof(*rec));

    if (id == 0)
        id = table->next_id;
    if (id >= table->next_id && id < (INT64_C(1) << 52))
        table->next_id = id + 1;
    rec->id = id;
    rec->type = type;
    rec->created_ms = created_ms;
    rec->modified_ms = modified_ms;
    rec->touched_ms = sandbox_now_ms();
    hash_put(table, rec);
    by_id_put(table, rec);
    by_mod_put(table, rec);
    return rec;
}

void
hs_record_touch(struct hubspot *hs, struct hs_record *rec, int64_t modified_ms)
{
    struct hs_table *table = &hs->tables[rec->type];

    by_mod_remove(table, rec);
    rec->modified_ms = modified_ms;
    rec->touched_ms = sandbox_now_ms();
    if (!rec->archived)
        by_mod_put(table, rec);
}

void
hs_record_archive(struct hubspot *hs, struct hs_record *rec)
{
    if (rec->archived)
        return;
    by_mod_remove(&hs->tables[rec->type], rec);
    rec->archived = true;
    rec->gone = rec->type == HS_EMAILS; /* for good (hubspot-api.md, 2.4) */
    rec->archived_ms = rec->touched_ms = sandbox_now_ms();
    for (size_t i = 0; i < rec->n_props; i++) /* its e-mail is free again */
        unique_put(hs, rec, rec->props[i].def, rec->props[i].value, false);
}

void
hs_record_restore(struct hubspot *hs, struct hs_record *rec)
{
    if (!rec->archived || rec->gone)
        return;
    rec->archived = false;
    rec->archived_ms = 0;
    by_mod_put(&hs->tables[rec->type], rec);
    for (size_t i = 0; i < rec->n_props; i++)
        unique_put(hs, rec, rec->props[i].def, rec->props[i].value, true);
}

static void
record_free(struct hs_record *rec)
{
    for (size_t i = 0; i < rec->n_props; i++)
        free(rec->props[i].value);
    free(rec->props);
    free(rec->links);
    free(rec);
}

/* ---- values ---- */

/* Where the property is or would be. */
static size_t
prop_from(const struct hs_record *rec, int def)
{
    size_t lo = 0, hi = rec->n_props;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (rec->props[mid].def < def)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

const char *
hs_value(const struct hubspot *hs, const struct hs_record *rec, int def,
         char buf[HS_VALUE_SIZE])
{
    size_t at;

    switch (hs->tables[rec->type].defs[def].sys) {
    case HS_SYS_ID:
        snprintf(buf, HS_VALUE_SIZE, "%" PRId64, rec->id);
        return buf;
    case HS_SYS_CREATED:
        return timetext_ms(rec->created_ms, buf);
    case HS_SYS_MODIFIED:
        return timetext_ms(rec->modified_ms, buf);
    case HS_PLAIN:
        break;
    }
    at = prop_from(rec, def);
    return at < rec->n_props && rec->props[at].def == def ? rec->props[at].value
                                                          : NULL;
}

const char *
hs_value_named(const struct hubspot *hs, const struct hs_record *rec,
               const char *name, char buf[HS_VALUE_SIZE])
{
    int def = hs_def_find(hs, rec->type, name);

    return def < 0 ? NULL : hs_value(hs, rec, def, buf);
}

struct hs_record *
hs_find_unique(struct hubspot *hs, int type, int def, const char *value)
{
    char key[512];

    unique_key(def, value, strlen(value), key, sizeof(key));
    return hs_map_get(&hs->tables[type].unique, key);
}

void
hs_value_set(struct hubspot *hs, struct hs_record *rec, int def,
             const char *value)
{
    size_t at = prop_from(rec, def);
    bool is_there = at < rec->n_props && rec->props[at].def == def;
    char *copy = value && *value ? hs_strdup(value) : NULL;

    unique_put(hs, rec, def, is_there ? rec->props[at].value : NULL, false);
    if (!rec->archived)
        unique_put(hs, rec, def, copy, true);
    if (is_there) {
        free(rec->props[at].value);
        rec->props[at].value = copy;
    } else if (copy != NULL) {
        rec->props = hs_grow(rec->props, rec->n_props, &rec->props_size,
                             sizeof(*rec->props));
        memmove(&rec->props[at + 1], &rec->props[at],
                (rec->n_props - at) * sizeof(*rec->props));
        rec->props[at] = (struct hs_prop){def, copy};
        rec->n_props++;
    }
}

static void
table_fini(struct hs_table *table)
{
    for (size_t i = 0; i < table->n_by_id; i++)
        record_free(table->by_id[i]);
    for (size_t i = 0; i < table->n_defs; i++) {
        free(table->defs[i].name);
        free(table->defs[i].label);
        free(table->defs[i].group);
        free(table->defs[i].type);
        free(table->defs[i].field_type);
        free(table->defs[i].description);
        cJSON_Delete(table->defs[i].options);
    }
    free(table->defs);
    free(table->hash);
    free(table->by_id);
    free(table->by_mod);
    hs_map_fini(&table->def_by_name, NULL);
    hs_map_fini(&table->unique, NULL);
}

void
hs_store_fini(struct hubspot *hs)
{
    for (int i = 0; i < HS_N_TYPES; i++)
        table_fini(&hs->tables[i]);
}
