/* collect: see collect.h. */
#include "stages/tools/explain/collect.h"
#include "common/dead_letter.h"
#include "common/json.h"
#include "stages/tools/explain/pair.h"
#include "stages/tools/explain/words.h"

#include <string.h>

static bool
has_record(const cJSON *records, const char *key)
{
    const cJSON *r;

    cJSON_ArrayForEach(r, records) if (strcmp(json_str(r, "key"), key) ==
                                       0) return true;
    return false;
}

static cJSON *
record_of(cJSON *records, const struct store_outcome *o)
{
    cJSON *r;

    cJSON_ArrayForEach(r, records) if (strcmp(json_str(r, "key"), o->key) ==
                                       0) return r;
    r = cJSON_CreateObject();
    cJSON_AddStringToObject(r, "key", o->key);
    cJSON_AddStringToObject(r, "kind", o->kind);
    cJSON_AddNumberToObject(r, "occurred_at", (double)o->occurred_at);
    cJSON_AddArrayToObject(r, "versions");
    cJSON_AddItemToArray(records, r);
    return r;
}

static int
add_outcome(void *ctx, const struct store_outcome *o)
{
    cJSON *record = record_of(ctx, o);
    cJSON *v = cJSON_CreateObject();

    cJSON_AddStringToObject(v, "id", o->o.id);
    cJSON_AddStringToObject(v, "outcome", o->o.outcome);
    cJSON_AddStringToObject(v, "reason", o->o.reason);
    cJSON_AddStringToObject(v, "words", words_reason(o->o.reason, o->o.detail));
    cJSON_AddStringToObject(v, "stage", o->o.stage);
    cJSON_AddStringToObject(v, "target", o->o.target);
    cJSON_AddStringToObject(v, "detail", o->o.detail);
    cJSON_AddNumberToObject(v, "tries", (double)o->o.tries);
    cJSON_AddNumberToObject(v, "at", (double)o->at);
    if (o->o.trace.data != NULL)
        cJSON_AddItemToObject(v, "trace", json_from_mp(o->o.trace));
    cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(record, "versions"),
                         v);
    return 0;
}

/* One of a group has no link of its own: it names the group's task as its
 * target. */
static int
link_of_group(struct store *store, const cJSON *record, struct store_link *link,
              struct error *err)
{
    const cJSON *v;
    int rv = 0;

    cJSON_ArrayForEach(v, cJSON_GetObjectItemCaseSensitive(record, "versions"))
    {
        if (rv == 0 && json_str(v, "target")[0] != '\0')
            rv = store_link_by_target(store, json_str(v, "target"), link, err);
    }
    return rv;
}

/* 1: there is a link, 0, -1. */
static int
add_link(struct store *store, cJSON *record, const char *key, struct error *err)
{
    struct store_link link;
    int rv = store_link_get(store, key, &link, err);
    cJSON *l;

    if (rv == 0)
        rv = store_link_by_target(store, key, &link, err);
    if (rv == 0)
        rv = link_of_group(store, record, &link, err);
    if (rv != 1)
        return rv;
    l = cJSON_AddObjectToObject(record, "link");
    cJSON_AddStringToObject(l, "key", link.key);
    cJSON_AddStringToObject(l, "target", link.target);
    cJSON_AddNumberToObject(l, "version", (double)link.version);
    cJSON_AddNumberToObject(l, "modified_at", (double)link.modified_at);
    cJSON_AddNumberToObject(l, "written_at", (double)link.written_at);
    if (link.snapshot.data != NULL)
        cJSON_AddItemToObject(l, "snapshot", json_from_mp(link.snapshot));
    return 1;
}

/* Is this contact in the document already? */
static bool
has_contact(const cJSON *contacts, const char *id)
{
    const cJSON *c;

    cJSON_ArrayForEach(c, contacts) if (strcmp(json_str(c, "hubspot_id"), id) ==
                                        0) return true;
    return false;
}

static void
add_contact(cJSON *contacts, const struct store_contact *c)
{
    cJSON *o;

    if (has_contact(contacts, c->hubspot_id))
        return;
    o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "hubspot_id", c->hubspot_id);
    cJSON_AddStringToObject(o, "email", c->email);
    cJSON_AddStringToObject(o, "salesforce_id", c->salesforce_id);
    cJSON_AddStringToObject(o, "salesforce_type", c->salesforce_type);
    cJSON_AddNumberToObject(o, "synced_at", (double)c->synced_at);
    cJSON_AddNumberToObject(o, "matches", (double)c->matches);
    cJSON_AddBoolToObject(o, "lookback_due", c->lookback_due);
    cJSON_AddItemToArray(contacts, o);
}

struct letters {
    cJSON *dead, *ids;
};

static int
add_dead(void *ctx, const struct store_dead *d)
{
    struct letters *l = ctx;
    char contact[24];

    cJSON_AddItemToArray(l->dead, dead_letter_json(d, false));
    if (mp_get_str(mp_get(d->event, event_field_name(EVENT_CONTACT)),
                   "hubspot_id", contact, sizeof(contact)) > 0)
        cJSON_AddItemToArray(l->ids, cJSON_CreateString(contact));
    return 0;
}

/* The contacts of the letters, and the one that `text` itself names. */
static int
add_contacts(struct store *store, cJSON *contacts, const cJSON *ids,
             const char *text, struct error *err)
{
    static const char prefix[] = "hubspot:contact:";
    struct store_contact c;
    const cJSON *id;
    int rv;

    cJSON_ArrayForEach(id, ids)
    {
        rv = store_contact_get(store, id->valuestring, &c, err);
        if (rv < 0)
            return -1;
        if (rv == 1)
            add_contact(contacts, &c);
    }
    if (strncmp(text, prefix, sizeof(prefix) - 1) == 0)
        text += sizeof(prefix) - 1;
    rv = store_contact_get(store, text, &c, err);
    if (rv == 0 && strchr(text, '@') != NULL)
        rv = store_contact_by_email(store, text, &c, err);
    if (rv == 1)
        add_contact(contacts, &c);
    return rv < 0 ? -1 : 0;
}

/* Both records of each pair: what became of the one explains the other. */
static int
add_pairs(struct store *store, const struct conf *conf, cJSON *records,
          const char *text, cJSON *pairs, struct error *err)
{
    const cJSON *item;
    int rv = pair_find(store, conf, text, pairs, err);

    cJSON_ArrayForEach(item, records) if (rv == 0) rv =
        pair_find(store, conf, json_str(item, "key"), pairs, err);
    cJSON_ArrayForEach(item, pairs)
    {
        if (rv == 0 && !has_record(records, json_str(item, "key")))
            rv = store_outcome_find(store, json_str(item, "key"), add_outcome,
                                    records, err);
        if (rv == 0 && !has_record(records, json_str(item, "target")))
            rv = store_outcome_find(store, json_str(item, "target"),
                                    add_outcome, records, err);
    }
    return rv;
}

static int
fill(struct store *store, const struct conf *conf, cJSON *doc, const char *text,
     struct error *err)
{
    cJSON *records = cJSON_AddArrayToObject(doc, "records");
    cJSON *pairs = cJSON_AddArrayToObject(doc, "pairs");
    struct letters l = {cJSON_AddArrayToObject(doc, "dead"),
                        cJSON_CreateArray()};
    cJSON *contacts = cJSON_AddArrayToObject(doc, "contacts");
    const struct store_dead_filter filter = {.text = text};
    cJSON *record;
    int rv = store_outcome_find(store, text, add_outcome, records, err);

    if (rv >= 0)
        rv = add_pairs(store, conf, records, text, pairs, err);
    cJSON_ArrayForEach(record, records) if (rv >= 0) rv =
        add_link(store, record, json_str(record, "key"), err);
    if (rv >= 0)
        rv = store_dead_each(store, &filter, add_dead, &l, err);
    if (rv >= 0)
        rv = add_contacts(store, contacts, l.ids, text, err);
    cJSON_Delete(l.ids);
    return rv < 0 ? -1 : 0;
}

/* A record whose outcomes are trimmed away still has its link. */
static int
add_lone_link(struct store *store, cJSON *doc, const char *text,
              struct error *err)
{
    cJSON *records = cJSON_GetObjectItemCaseSensitive(doc, "records");
    cJSON *record;
    int rv;

    if (cJSON_GetArraySize(records) > 0)
        return 0;
    record = cJSON_CreateObject();
    cJSON_AddStringToObject(record, "key", text);
    cJSON_AddArrayToObject(record, "versions");
    rv = add_link(store, record, text, err);
    if (rv == 1)
        cJSON_AddItemToArray(records, record);
    else
        cJSON_Delete(record);
    return rv < 0 ? -1 : 0;
}

cJSON *
collect(struct store *store, const struct conf *conf, const char *text,
        struct error *err)
{
    cJSON *doc = cJSON_CreateObject();
    bool found;

    cJSON_AddStringToObject(doc, "id", text);
    cJSON_AddBoolToObject(doc, "found", true);
    if (fill(store, conf, doc, text, err) < 0 ||
        add_lone_link(store, doc, text, err) < 0) {
        cJSON_Delete(doc);
        return NULL;
    }
    found =
        cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(doc, "records")) +
            cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(doc, "dead")) +
            cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(doc, "pairs")) +
            cJSON_GetArraySize(
                cJSON_GetObjectItemCaseSensitive(doc, "contacts")) >
        0;
    cJSON_ReplaceItemInObjectCaseSensitive(doc, "found",
                                           cJSON_CreateBool(found));
    return doc;
}
