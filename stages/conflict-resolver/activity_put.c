/* activity_put: see activity_put.h. */
#include "stages/conflict-resolver/activity_put.h"

#include "common/json.h"
#include "common/timetext.h"
#include "stages/conflict-resolver/activity_flip.h"
#include "stages/conflict-resolver/decision.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WAS_MAX 200 /* UTF-16 units */

static const struct activity_rules *
rules_of(const struct activity_draft *d)
{
    return &d->world->rules[d->activity];
}

/* What is to be done on a side; NULL: nothing. */
static const char *
action_on(const struct activity_draft *d, enum side to)
{
    bool is_gone = d->side[to].is_deleted;

    switch (d->merge->verdict) {
    case MERGE_WRITE:
        return "update";
    case MERGE_DELETE:
        return is_gone ? NULL : "delete";
    case MERGE_REVIVE:
        if (!is_gone)
            return NULL;
        /* HubSpot has no call that brings a record back. */
        return to == SIDE_SALESFORCE && d->id[to] != NULL &&
                       d->id[to][0] != '\0'
                   ? "restore"
                   : "create";
    default:
        return NULL;
    }
}

static int
render(const struct activity_draft *d, const struct mapping_pair *pair,
       enum side to, const char *value, cJSON **out, struct error *err)
{
    return transform_render(d->world->env, pair, to, value,
                            value != NULL ? strlen(value) : 0, out, err);
}

/* Nobody matches the owner: the fallback; of a new Salesforce record else
 * whoever we are, which is whom it gets anyhow, so that its base is known. */
static void
render_fallback(const struct activity_draft *d, const struct mapping_pair *pair,
                enum side to, bool is_new, cJSON **out)
{
    const char *fallback = d->world->fallback;

    *out = NULL;
    if (fallback[0] != '\0' && render(d, pair, to, fallback, out, NULL) == 0)
        return;
    *out = NULL;
    if (is_new && to == SIDE_SALESFORCE && d->world->user[0] != '\0')
        *out = cJSON_CreateString(d->world->user);
}

/* The fields that go to a side. */
static int
put_fields(const struct activity_draft *d, enum side to, bool is_new,
           cJSON *fields, struct error *err)
{
    const struct mapping *map = &rules_of(d)->map;

    for (size_t i = 0; i < map->n; i++) {
        const struct mapping_pair *pair = &map->pairs[i];
        const struct merge_pair *p = &d->merge->pairs[i];
        bool is_empty = p->value == NULL || p->value[0] == '\0';
        struct error why = {0};
        cJSON *json;

        if (!merge_writes_to(p, to))
            continue;
        /* A new record is empty, but for its owner. */
        if (is_new && is_empty &&
            !(pair->transform == TRANSFORM_OWNER && to == SIDE_SALESFORCE))
            continue;
        if (render(d, pair, to, p->value, &json, &why) < 0) {
            if (why.code != EX_NOUSER) {
                *err = why;
                return -1;
            }
            render_fallback(d, pair, to, is_new, &json);
        }
        if (json != NULL)
            cJSON_AddItemToObject(fields, pair->name[to], json);
    }
    return 0;
}

static bool
has(const cJSON *fields, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(fields, name) != NULL;
}

/* The old values, for whom a dry run tells of it: rendered as the new ones are,
 * and no longer than is told. */
static void
put_was(const struct activity_draft *d, enum side to, const cJSON *fields,
        cJSON *write)
{
    const struct mapping *map = &rules_of(d)->map;
    cJSON *was = cJSON_AddObjectToObject(write, "was");

    for (size_t i = 0; i < map->n; i++) {
        const char *name = map->pairs[i].name[to];
        const char *now = d->side[to].now[i];
        cJSON *json;

        if (!has(fields, name) || now == NULL)
            continue;
        if (render(d, &map->pairs[i], to, now, &json, NULL) < 0)
            json = cJSON_CreateString(now);
        if (cJSON_IsString(json))
            json->valuestring[text_fit_units(
                json->valuestring, strlen(json->valuestring), WAS_MAX)] = '\0';
        cJSON_AddItemToObject(was, name, json);
    }
}

static void
put_text(cJSON *fields, const char *name, struct span s)
{
    char text[64];

    if (s.data == NULL || s.len >= sizeof(text))
        return;
    snprintf(text, sizeof(text), "%.*s", (int)s.len, (const char *)s.data);
    cJSON_AddStringToObject(fields, name, text);
}

/* An Event is refused without a begin and an end (salesforce-api.md, 4); a
 * meeting in HubSpot need not have an end. */
static void
put_times(const struct event *ev, cJSON *fields)
{
    char at[TIMETEXT_SIZE];

    timetext_s(event_i64(ev, EVENT_OCCURRED_AT, 0), at);
    if (!has(fields, "StartDateTime"))
        cJSON_AddStringToObject(fields, "StartDateTime", at);
    if (!has(fields, "EndDateTime") && !has(fields, "DurationInMinutes"))
        cJSON_AddItemToObject(fields, "EndDateTime",
                              cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(
                                                  fields, "StartDateTime"),
                                              true));
}

static void
put_new_salesforce(const struct activity_draft *d, const struct event *ev,
                   cJSON *fields)
{
    const struct activity_facts *facts = activity_facts(d->activity);
    struct decision_parents parents;

    if (facts->subtype != NULL)
        cJSON_AddStringToObject(fields, "TaskSubtype", facts->subtype);
    else
        put_times(ev, fields);
    decision_parents(ev, &parents);
    put_text(fields, "WhoId", parents.who_id);
    put_text(fields, "WhatId", parents.what_id);
}

/* HubSpot wants an hs_timestamp of each kind, and a direction of an e-mail
 * (hubspot-api.md, 3). */
static void
put_new_hubspot(const struct activity_draft *d, const struct event *ev,
                cJSON *fields)
{
    char ms[32];

    snprintf(ms, sizeof(ms), "%" PRId64, event_i64(ev, EVENT_OCCURRED_AT, 0));
    if (!has(fields, "hs_timestamp"))
        cJSON_AddStringToObject(fields, "hs_timestamp", ms);
    if (d->activity == ACTIVITY_EMAIL && !has(fields, "hs_email_direction"))
        cJSON_AddStringToObject(fields, "hs_email_direction", "EMAIL");
}

static bool
has_text(const cJSON *array, const char *text)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, array)
    {
        if (strcmp(item->valuestring, text) == 0)
            return true;
    }
    return false;
}

static void
put_id(cJSON *ids, struct span of)
{
    char id[32];

    if (of.data != NULL && mp_get_str(of, "hubspot_id", id, sizeof(id)) > 0 &&
        !has_text(ids, id))
        cJSON_AddItemToArray(ids, cJSON_CreateString(id));
}

static void
put_associations(const struct event *ev, cJSON *write)
{
    cJSON *contacts = cJSON_AddArrayToObject(write, "contacts");
    cJSON *companies = cJSON_AddArrayToObject(write, "companies");
    struct span list = ev->field[EVENT_CONTACTS];
    uint32_t n;

    put_id(contacts, ev->field[EVENT_CONTACT]);
    if (list.data != NULL && mp_array(&list, &n))
        while (n-- > 0)
            put_id(contacts, mp_next(&list));
    list = ev->field[EVENT_COMPANIES];
    if (list.data != NULL && mp_array(&list, &n))
        while (n-- > 0)
            put_id(companies, mp_next(&list));
}

/* What the side will give back of what is written: what it is read as. */
static int
read_back(const struct activity_draft *d, enum side to, bool is_new,
          const cJSON *fields, struct values *out, const char **given,
          struct error *err)
{
    const struct mapping *map = &rules_of(d)->map;

    if (values_read(d->world->env, map, to, fields, out, err) < 0)
        return -1;
    for (size_t i = 0; i < map->n; i++) {
        bool is_written = has(fields, map->pairs[i].name[to]);

        given[i] = is_new || is_written ? out->v[i] : d->side[to].now[i];
    }
    return 0;
}

/* One write, if there is something to write on that side. */
static int
put_write(const struct activity_draft *d, const struct event *ev, enum side to,
          cJSON *writes, struct values *back, const char **given,
          struct error *err)
{
    const struct activity_facts *facts = activity_facts(d->activity);
    const char *action = action_on(d, to);
    bool is_new = action != NULL && strcmp(action, "create") == 0;
    bool has_fields = action != NULL && strcmp(action, "delete") != 0;
    cJSON *write, *fields;

    if (action == NULL)
        return 0;
    fields = cJSON_CreateObject();
    if (has_fields && put_fields(d, to, is_new, fields, err) < 0)
        goto fail;
    if (is_new && to == SIDE_SALESFORCE)
        put_new_salesforce(d, ev, fields);
    if (is_new && to == SIDE_HUBSPOT)
        put_new_hubspot(d, ev, fields);
    if (has_fields && read_back(d, to, is_new, fields, back, given, err) < 0)
        goto fail;
    if (fields->child == NULL && strcmp(action, "update") == 0) {
        cJSON_Delete(fields);
        return 0;
    }
    write = cJSON_CreateObject();
    cJSON_AddStringToObject(write, "target", side_name(to));
    cJSON_AddStringToObject(write, "object",
                            to == SIDE_SALESFORCE ? facts->object
                                                  : facts->collection);
    cJSON_AddStringToObject(write, "action", action);
    if (!is_new)
        cJSON_AddStringToObject(write, "id", d->id[to]);
    if (strcmp(action, "update") == 0)
        put_was(d, to, fields, write);
    cJSON_AddItemToObject(write, "fields", fields);
    if (is_new && to == SIDE_HUBSPOT)
        put_associations(ev, write);
    cJSON_AddItemToArray(writes, write);
    return 0;
fail:
    cJSON_Delete(fields);
    return -1;
}

static void
put_first(const cJSON *writes, cJSON *decision)
{
    static const char *const names[] = {"target", "object", "action"};

    for (size_t i = 0; i < 3 && writes->child != NULL; i++)
        cJSON_AddStringToObject(decision, names[i],
                                json_str(writes->child, names[i]));
}

static void
put_conflicts(const struct activity_draft *d, cJSON *decision)
{
    const struct mapping *map = &rules_of(d)->map;
    cJSON *list = cJSON_AddArrayToObject(decision, "conflicts");

    for (size_t i = 0; i < map->n; i++) {
        const struct merge_pair *p = &d->merge->pairs[i];
        cJSON *item;

        if (p->verdict != MERGE_PAIR_CONFLICT && p->verdict != MERGE_PAIR_LOST)
            continue;
        item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "property",
                                map->pairs[i].name[SIDE_HUBSPOT]);
        cJSON_AddStringToObject(item, "field", map->pairs[i].name[p->to]);
        cJSON_AddStringToObject(item, "kept", p->value != NULL ? p->value : "");
        cJSON_AddStringToObject(item, "lost", p->lost != NULL ? p->lost : "");
        cJSON_AddStringToObject(item, "kept_side",
                                side_name(side_other(p->to)));
        cJSON_AddItemToArray(list, item);
    }
}

static void
put_seen(const struct activity_draft *d, cJSON *decision)
{
    cJSON *seen = cJSON_AddObjectToObject(decision, "seen");

    for (int side = 0; side < SIDE_COUNT; side++)
        if (d->seen[side] > 0)
            cJSON_AddNumberToObject(seen, side_name((enum side)side),
                                    (double)d->seen[side]);
}

static void
put_rest(const struct activity_draft *d, const struct event *ev,
         const char *const *const *given, const cJSON *writes, cJSON *decision)
{
    const char *base[SIDE_COUNT][MAPPING_MAX];
    const char **const both[SIDE_COUNT] = {base[0], base[1]};
    const char *reason = merge_reason(d->merge->verdict);

    put_first(writes, decision);
    if (d->link != NULL)
        cJSON_AddStringToObject(decision, "link", d->link);
    cJSON_AddNumberToObject(decision, "version", (double)d->version);
    for (int side = 0; side < SIDE_COUNT; side++)
        merge_new_base(d->side, d->merge, (enum side)side, given[side],
                       base[side]);
    snapshot_put(&rules_of(d)->map, both, d->merge->life, decision);
    put_seen(d, decision);
    put_conflicts(d, decision);
    activity_flip_put(ev, decision);
    if (writes->child != NULL)
        return;
    /* Also when all that was to be written has turned out to be nobody's. */
    if (reason == NULL)
        reason = merge_reason(MERGE_UNCHANGED);
    cJSON_AddStringToObject(decision, "reason", reason);
}

int
activity_put(const struct activity_draft *d, struct event *ev,
             struct error *err)
{
    const char *given[SIDE_COUNT][MAPPING_MAX] = {{NULL}};
    const char *const *const both[SIDE_COUNT] = {given[0], given[1]};
    struct values back[SIDE_COUNT] = {{{NULL}}};
    cJSON *decision = cJSON_CreateObject();
    cJSON *writes = cJSON_CreateArray();
    msgpack_packer pk;
    int rv = 0;

    cJSON_AddStringToObject(decision, "sync", "activity");
    for (int side = 0; side < SIDE_COUNT && rv == 0; side++)
        rv = put_write(d, ev, (enum side)side, writes, &back[side], given[side],
                       err);
    if (rv == 0)
        put_rest(d, ev, both, writes, decision);
    cJSON_AddItemToObject(decision, "writes", writes);
    if (rv == 0) {
        msgpack_packer_init(&pk, event_set(ev, EVENT_DECISION),
                            msgpack_sbuffer_write);
        json_to_mp(decision, MP_EVENT_MAX, &pk);
        event_set_done(ev, EVENT_DECISION);
    }
    for (int side = 0; side < SIDE_COUNT; side++)
        values_fini(&back[side]);
    cJSON_Delete(decision);
    return rv;
}
