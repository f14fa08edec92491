/* hubspot_load: the control API's view: everything out, and records in as if
 * users had made them: an id that is there is an edit, what is missing is
 * filled in, properties that do not exist come to be. */
#include "tests/sandbox/hubspot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFER_FROM 200 /* so many records of a type: sort once, afterwards */

static const cJSON *
get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* ---- dump ---- */

static void
dump_links(const struct hs_record *rec, cJSON *out)
{
    cJSON *all = cJSON_AddObjectToObject(out, "associations");

    for (int to = 0; to < HS_N_TYPES; to++) {
        size_t n;
        const struct hs_link *links = hs_links(rec, to, &n);
        cJSON *list =
            n ? cJSON_AddArrayToObject(all, hs_types[to].plural) : NULL;

        for (size_t i = 0; i < n; i++)
            cJSON_AddItemToArray(list, hs_id(links[i].to));
    }
}

static cJSON *
dump_record(const struct hubspot *hs, const struct hs_record *rec)
{
    const struct hs_table *table = &hs->tables[rec->type];
    cJSON *out = cJSON_CreateObject(), *props;
    char buf[HS_VALUE_SIZE];

    cJSON_AddItemToObject(out, "id", hs_id(rec->id));
    props = cJSON_AddObjectToObject(out, "properties");
    for (int def = 0; def < 3; def++) /* the system properties */
        cJSON_AddStringToObject(props, table->defs[def].name,
                                hs_value(hs, rec, def, buf));
    for (size_t i = 0; i < rec->n_props; i++)
        if (rec->props[i].value != NULL)
            cJSON_AddStringToObject(props, table->defs[rec->props[i].def].name,
                                    rec->props[i].value);
    cJSON_AddItemToObject(out, "createdAt", hs_iso(rec->created_ms));
    cJSON_AddItemToObject(out, "updatedAt", hs_iso(rec->modified_ms));
    cJSON_AddBoolToObject(out, "archived", rec->archived);
    if (rec->archived)
        cJSON_AddItemToObject(out, "archivedAt", hs_iso(rec->archived_ms));
    dump_links(rec, out);
    return out;
}

static cJSON *
dump_type(struct hubspot *hs, int type)
{
    struct hs_table *table = &hs->tables[type];
    cJSON *out = cJSON_CreateArray();

    hs_table_ready(table);
    for (size_t i = 0; i < table->n_by_id; i++)
        cJSON_AddItemToArray(out, dump_record(hs, table->by_id[i]));
    return out;
}

cJSON *
hs_dump(struct service *service, const char *type)
{
    struct hubspot *hs = service->data;
    const struct {
        const char *name;
        struct hs_feed *feed;
        const cJSON *list;
    } rows[] = {
        {"owners", NULL, hs->owners},
        {"forms", NULL, hs->forms},
        {"form_submissions", &hs->submissions, NULL},
        {"email_campaigns", NULL, hs->campaigns},
        {"email_events", &hs->email_events, NULL},
        {"events", &hs->events, NULL},
        {"lists", NULL, hs->lists},
    };
    cJSON *out = cJSON_CreateObject();

    for (int t = 0; t < HS_N_TYPES; t++)
        if (type == NULL || strcmp(type, hs_types[t].plural) == 0)
            cJSON_AddItemToObject(out, hs_types[t].plural, dump_type(hs, t));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (type == NULL || strcmp(type, rows[i].name) == 0)
            cJSON_AddItemToObject(out, rows[i].name,
                                  rows[i].feed
                                      ? hs_feed_dump(rows[i].feed)
                                      : cJSON_Duplicate(rows[i].list, true));
    return out;
}

/* ---- load: a record ---- */

struct load {
    struct hubspot *hs;
    int n;
    char why[HS_WHY_SIZE];
};

/* The first of these times that is given, ms; false: none. An unreadable one
 * is told of. */
static bool
find_time(struct load *l, const cJSON *in, const char *const *names,
          const char *top, int64_t *ms)
{
    const cJSON *props = get(in, "properties");
    char *text = NULL;
    bool is_found;

    for (int i = 0; i < 2 && text == NULL; i++)
        text = hs_text_of(NULL, get(props, names[i]));
    if (text == NULL)
        text = hs_text_of(NULL, get(in, top));
    is_found = text != NULL;
    if (is_found && timetext_parse(text, strlen(text), ms) < 0)
        snprintf(l->why, sizeof(l->why), "no time: %.60s", text);
    free(text);
    return is_found;
}

static const char *const created_names[] = {"createdate", "hs_createdate"};
static const char *const modified_names[] = {"hs_lastmodifieddate",
                                             "lastmodifieddate"};

/* Without the id and the system times, by whatever name. */
static cJSON *
plain_props(const cJSON *in)
{
    cJSON *props = cJSON_CreateObject();
    const cJSON *prop, *all = get(in, "properties");

    cJSON_ArrayForEach(prop, all)
    {
        bool is_system = strcmp(prop->string, "hs_object_id") == 0;

        for (int i = 0; i < 2; i++)
            is_system = is_system ||
                        strcmp(prop->string, created_names[i]) == 0 ||
                        strcmp(prop->string, modified_names[i]) == 0;
        if (!is_system)
            cJSON_AddItemReferenceToObject(props, prop->string,
                                           (cJSON *)(uintptr_t)prop);
    }
    return props;
}

static bool
email_is_free(struct load *l, int type, const struct hs_record *rec,
              const cJSON *props)
{
    const char *email = cJSON_GetStringValue(get(props, "email"));
    const struct hs_record *holder;

    if (type != HS_CONTACTS || email == NULL || *email == '\0')
        return true;
    holder =
        hs_find_unique(l->hs, type, hs_def_find(l->hs, type, "email"), email);
    if (holder == NULL || holder == rec)
        return true;
    snprintf(l->why, sizeof(l->why), "contact %.100s exists already: %" PRId64,
             email, holder->id);
    return false;
}

/* "mergedInto": its id leads to the other one from now on. */
static bool
load_merge(struct load *l, struct hs_record *rec, const cJSON *in)
{
    struct hs_record *into;
    char id[32];
    int64_t to;
    int def;

    if (get(in, "mergedInto") == NULL)
        return true;
    into = hs_json_id(in, "mergedInto", &to) ? hs_find(l->hs, rec->type, to)
                                             : NULL;
    if (into == NULL || into == rec) {
        snprintf(l->why, sizeof(l->why), "mergedInto names no other record");
        return false;
    }
    hs_record_archive(l->hs, rec);
    rec->gone = true;
    rec->merged_into = into->id;
    snprintf(id, sizeof(id), "%" PRId64, rec->id);
    def = hs_def_find(l->hs, rec->type, "hs_merged_object_ids");
    if (def >= 0)
        hs_value_set(l->hs, into, def, id);
    return true;
}

/* Whom a record hangs on is no property: it stays the same version. */
static bool
is_of_links(const cJSON *in)
{
    const cJSON *member = in->child;

    while (member != NULL && (strcmp(member->string, "id") == 0 ||
                              strcmp(member->string, "associations") == 0))
        member = member->next;
    return member == NULL && get(in, "associations") != NULL;
}

static struct hs_record *
load_record(struct load *l, int type, const cJSON *in)
{
    struct hubspot *hs = l->hs;
    const cJSON *props_in = get(in, "properties"), *id_in = get(in, "id");
    int64_t id = 0, created = sandbox_now_ms(), modified = created;
    struct hs_record *rec = NULL;
    cJSON *props;

    if (id_in == NULL)
        id_in = get(props_in, "hs_object_id");
    if (!cJSON_IsObject(in) ||
        (props_in != NULL && !cJSON_IsObject(props_in)) ||
        (id_in != NULL && !hs_json_id(id_in, NULL, &id))) {
        snprintf(l->why, sizeof(l->why),
                 "a %s is no object, or has an id that is no number",
                 hs_types[type].singular);
        return NULL;
    }
    find_time(l, in, created_names, "createdAt", &created);
    find_time(l, in, modified_names, "updatedAt", &modified);
    if (id != 0)
        rec = hs_find(hs, type, id);
    if (l->why[0] != '\0' || !email_is_free(l, type, rec, props_in))
        return NULL;
    if (rec == NULL)
        rec = hs_record_new(hs, type, id, created, modified);
    else if (!is_of_links(in))
        hs_record_touch(hs, rec, modified);
    props = plain_props(in);
    hs_apply(hs, rec, props, true);
    cJSON_Delete(props);
    /* "gone" is our own word: it is not in the archive either. */
    if (cJSON_IsTrue(get(in, "gone")))
        rec->gone = true;
    if (cJSON_IsTrue(get(in, "archived")) || rec->gone)
        hs_record_archive(hs, rec);
    else if (cJSON_IsFalse(get(in, "archived")))
        hs_record_restore(hs, rec);
    return load_merge(l, rec, in) ? rec : NULL;
}

/* ---- load: associations ---- */

/* Those given of a type are all of that type. */
static void
load_links_to(struct load *l, struct hs_record *rec, int to, const cJSON *list)
{
    const cJSON *results = get(list, "results"), *one;
    const struct hs_link *links;
    size_t n;

    while ((links = hs_links(rec, to, &n)) != NULL && n > 0) {
        struct hs_record *other = hs_find(l->hs, to, links[n - 1].to);

        hs_link_remove(rec, other);
    }
    if (results == NULL)
        results = list;
    cJSON_ArrayForEach(one, results)
    {
        int64_t id = 0;
        struct hs_record *other = NULL;

        if (hs_json_id(one, cJSON_IsObject(one) ? "id" : NULL, &id))
            other = hs_find(l->hs, to, id);
        if (other == NULL || hs_link_default(rec->type, to) == 0) {
            snprintf(l->why, sizeof(l->why),
                     "%s %" PRId64 " cannot be associated with %s %" PRId64,
                     hs_types[rec->type].singular, rec->id,
                     hs_types[to].singular, id);
            return;
        }
        hs_link_add(rec, other, 0);
    }
}

static void
load_links(struct load *l, struct hs_record *rec, const cJSON *in)
{
    const cJSON *all = get(in, "associations"), *list;

    if (cJSON_IsArray(all)) {
        struct hs_fail fail = {0};

        hs_create_links(l->hs, rec->type, rec, all, &fail);
        if (fail.status != 0)
            snprintf(l->why, sizeof(l->why), "%s", fail.message);
        hs_fail_fini(&fail);
        return;
    }
    cJSON_ArrayForEach(list, all)
    {
        int to = hs_type_of(list->string);

        if (to < 0)
            snprintf(l->why, sizeof(l->why), "no such type: %.60s",
                     list->string);
        if (l->why[0] != '\0')
            return;
        load_links_to(l, rec, to, list);
    }
}

/* ---- load: all ---- */

static void
load_objects(struct load *l, int type, const cJSON *list,
             struct hs_record **loaded)
{
    const cJSON *in;
    int n = cJSON_GetArraySize(list), at = 0;

    if (n >= DEFER_FROM)
        hs_table_defer(&l->hs->tables[type]);
    cJSON_ArrayForEach(in, list)
    {
        loaded[at] = load_record(l, type, in);
        if (loaded[at++] == NULL)
            return;
        l->n++;
    }
}

/* Replace or add by id. */
static void
load_plain(struct load *l, cJSON *list, const cJSON *in, const char *id_kind)
{
    cJSON *copy = cJSON_Duplicate(in, true), *one;
    char *id = hs_text_of(NULL, get(in, "id"));
    char made[40];
    int at = 0;

    if (id == NULL) {
        if (strcmp(id_kind, "uuid") == 0)
            hs_uuid(l->hs, made);
        else
            snprintf(made, sizeof(made), "%d",
                     7000001 + cJSON_GetArraySize(list));
        cJSON_DeleteItemFromObjectCaseSensitive(copy, "id");
        cJSON_AddStringToObject(copy, "id", made);
    } else if (strcmp(id_kind, "number") != 0 &&
               !cJSON_IsString(get(in, "id"))) {
        cJSON_ReplaceItemInObjectCaseSensitive(copy, "id",
                                               cJSON_CreateString(id));
    }
    cJSON_ArrayForEach(one, list)
    {
        char *have = hs_text_of(NULL, get(one, "id"));
        bool is_same = id != NULL && have != NULL && strcmp(have, id) == 0;

        free(have);
        if (is_same)
            break;
        at++;
    }
    free(id);
    if (one != NULL)
        cJSON_ReplaceItemInArray(list, at, copy);
    else
        cJSON_AddItemToArray(list, copy);
}

static void
load_plain_item(struct load *l, const char *name, const cJSON *in)
{
    struct hubspot *hs = l->hs;
    bool is_form = strcmp(name, "forms") == 0;
    cJSON *full = cJSON_Duplicate(in, true);

    if (strcmp(name, "email_campaigns") == 0) {
        hs_put_default(full, "appId", cJSON_CreateNumber(HS_APP_ID));
        load_plain(l, hs->campaigns, full, "number");
    } else {
        hs_put_default(full, "archived", cJSON_CreateBool(false));
        hs_put_default(full, "createdAt", hs_iso(sandbox_now_ms()));
        hs_put_default(full, "updatedAt", hs_iso(sandbox_now_ms()));
        if (is_form)
            hs_put_default(full, "formType", cJSON_CreateString("hubspot"));
        else
            hs_complete_owner(hs, full);
        load_plain(l, is_form ? hs->forms : hs->owners, full,
                   is_form ? "uuid" : "text");
    }
    cJSON_Delete(full);
}

/* The lists in the order in which they refer to each other. */
static void
load_lists(struct load *l, const cJSON *records)
{
    static const struct {
        const char *name;
        bool (*load)(struct hubspot *hs, const cJSON *in, char *why);
    } rows[] = {
        {"owners", NULL},
        {"forms", NULL},
        {"email_campaigns", NULL},
        {"form_submissions", hs_load_submission},
        {"email_events", hs_load_email_event},
        {"events", hs_load_event},
        {"lists", hs_load_list},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const cJSON *in, *list = get(records, rows[i].name);

        cJSON_ArrayForEach(in, list)
        {
            if (rows[i].load == NULL)
                load_plain_item(l, rows[i].name, in);
            else if (!rows[i].load(l->hs, in, l->why))
                return;
            l->n++;
        }
    }
}

static void
load_all_objects(struct load *l, const cJSON *records)
{
    struct hs_record **loaded[HS_N_TYPES] = {0};

    for (int t = 0; t < HS_N_TYPES && l->why[0] == '\0'; t++) {
        const cJSON *list = get(records, hs_types[t].plural);

        loaded[t] = hs_alloc((size_t)(cJSON_GetArraySize(list) + 1) *
                             sizeof(struct hs_record *));
        load_objects(l, t, list, loaded[t]);
    }
    for (int t = 0; t < HS_N_TYPES; t++) {
        const cJSON *list = get(records, hs_types[t].plural), *in;
        int at = 0;

        cJSON_ArrayForEach(in, list)
        {
            if (l->why[0] == '\0')
                load_links(l, loaded[t][at++], in);
        }
        free(loaded[t]);
    }
}

static bool
is_known(const char *name)
{
    static const char *const others[] = {"owners",
                                         "forms",
                                         "form_submissions",
                                         "email_campaigns",
                                         "email_events",
                                         "events",
                                         "lists"};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (strcmp(name, others[i]) == 0)
            return true;
    for (int t = 0; t < HS_N_TYPES; t++)
        if (strcmp(name, hs_types[t].plural) == 0)
            return true;
    return false;
}

cJSON *
hs_load(struct service *service, const cJSON *records)
{
    struct load l = {.hs = service->data};
    cJSON *out = cJSON_CreateObject();
    const cJSON *list;

    cJSON_ArrayForEach(list, records)
    {
        if (list->string == NULL || !is_known(list->string) ||
            !cJSON_IsArray(list))
            snprintf(l.why, sizeof(l.why), "no such list: %.60s",
                     list->string ? list->string : "?");
    }
    if (l.why[0] == '\0')
        load_all_objects(&l, records);
    if (l.why[0] == '\0')
        load_lists(&l, records);
    if (l.why[0] != '\0')
        cJSON_AddStringToObject(out, "error", l.why);
    else
        cJSON_AddNumberToObject(out, "loaded", l.n);
    return out;
}
