/* activity_put: see activity_put.h. */
#include "stages/conflict-resolver/activity_put.h"

#include "common/json.h"
#include "common/timetext.h"
#include "stages/conflict-resolver/activity_flip.h"
#include "stages/conflict-resolver/ties_put.h"

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

/* What that side cannot have stays out. Nobody matches the owner: the fallback;
 * of a new Salesforce record else whoever we are, which is whom it gets anyhow,
 * so that its base is known. */
static void
render_fallback(const struct activity_draft *d, const struct mapping_pair *pair,
                enum side to, bool is_new, cJSON **out)
{
    const char *fallback = d->world->fallback;

    *out = NULL;
    if (pair->transform != TRANSFORM_OWNER)
        return;
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

        if (!merge_writes_to(p, to) || mapping_tie_of(pair) != MAPPING_NO_TIE)
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

/* A value as a person is to read it. */
static const char *
told(const char *value)
{
    if (value == NULL)
        return "";
    return value_is_alone(value) ? value + 1 : value;
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
        if (mapping_tie_of(&map->pairs[i]) != MAPPING_NO_TIE ||
            render(d, &map->pairs[i], to, now, &json, NULL) < 0)
            json = cJSON_CreateString(told(now));
        if (cJSON_IsString(json))
            json->valuestring[text_fit_units(
                json->valuestring, strlen(json->valuestring), WAS_MAX)] = '\0';
        cJSON_AddItemToObject(was, name, json);
    }
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

/* An Event that is moved by its start alone keeps its length: Salesforce moves
 * the end too, which would come back as a user's change. So the end goes with
 * it, as it is. */
static int
put_end(const struct activity_draft *d, cJSON *fields, struct error *err)
{
    const struct mapping *map = &rules_of(d)->map;
    cJSON *json;

    if (d->side[SIDE_SALESFORCE].is_deleted || !has(fields, "StartDateTime"))
        return 0;
    for (size_t i = 0; i < map->n; i++) {
        const char *name = map->pairs[i].name[SIDE_SALESFORCE];

        if (strcmp(name, "EndDateTime") != 0 || has(fields, name))
            continue;
        if (render(d, &map->pairs[i], SIDE_SALESFORCE,
                   d->side[SIDE_SALESFORCE].now[i], &json, err) < 0)
            return -1;
        cJSON_AddItemToObject(fields, name, json);
    }
    return 0;
}

static void
put_new_salesforce(const struct activity_draft *d, const struct event *ev,
                   cJSON *fields)
{
    const struct activity_facts *facts = activity_facts(d->activity);

    if (facts->subtype != NULL)
        cJSON_AddStringToObject(fields, "TaskSubtype", facts->subtype);
    else
        put_times(ev, fields);
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

/* The fields of a write, and what the side makes of them. */
static int
fill_write(const struct activity_draft *d, const struct event *ev, enum side to,
           bool is_new, cJSON *write, struct values *back, const char **given,
           struct error *err)
{
    cJSON *fields = cJSON_AddObjectToObject(write, "fields");

    if (put_fields(d, to, is_new, fields, err) < 0)
        return -1;
    if (is_new && to == SIDE_SALESFORCE)
        put_new_salesforce(d, ev, fields);
    if (is_new && to == SIDE_HUBSPOT)
        put_new_hubspot(d, ev, fields);
    if (!is_new && to == SIDE_SALESFORCE && put_end(d, fields, err) < 0)
        return -1;
    if (read_back(d, to, is_new, fields, back, given, err) < 0)
        return -1;
    if (to == SIDE_SALESFORCE)
        ties_put_salesforce(d, is_new, fields, given);
    else
        ties_put_hubspot(d, is_new, write, back, given);
    return 0;
}

/* Is there nothing in it but its empty fields? */
static bool
is_idle(const cJSON *write)
{
    const cJSON *fields = cJSON_GetObjectItemCaseSensitive(write, "fields");

    return fields->child == NULL && fields->next == NULL;
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
    cJSON *write;

    if (action == NULL)
        return 0;
    write = cJSON_CreateObject();
    cJSON_AddStringToObject(write, "target", side_name(to));
    cJSON_AddStringToObject(write, "object",
                            to == SIDE_SALESFORCE ? facts->object
                                                  : facts->collection);
    cJSON_AddStringToObject(write, "action", action);
    if (!is_new)
        cJSON_AddStringToObject(write, "id", d->id[to]);
    if (strcmp(action, "delete") == 0)
        cJSON_AddObjectToObject(write, "fields");
    else if (fill_write(d, ev, to, is_new, write, back, given, err) < 0) {
        cJSON_Delete(write);
        return -1;
    }
    if (strcmp(action, "update") == 0 && is_idle(write)) {
        cJSON_Delete(write);
        return 0;
    }
    if (strcmp(action, "update") == 0)
        put_was(d, to, cJSON_GetObjectItemCaseSensitive(write, "fields"),
                write);
    cJSON_AddItemToArray(writes, write);
    return 0;
}

static void
put_first(const cJSON *writes, cJSON *decision)
{
    static const char *const names[] = {"target", "object", "action"};

    for (size_t i = 0; i < 3 && writes->child != NULL; i++)
        cJSON_AddStringToObject(decision, names[i],
                                json_str(writes->child, names[i]));
}

/* Of two records, one of them deleted, no value of which gave way: the property
 * is "", and the deletion is what was kept or lost. */
static void
put_record_conflict(const struct activity_draft *d, cJSON *list)
{
    enum side living =
        d->side[SIDE_HUBSPOT].is_deleted ? SIDE_SALESFORCE : SIDE_HUBSPOT;
    bool is_deleted = d->merge->verdict == MERGE_DELETE;
    cJSON *item = cJSON_CreateObject();

    cJSON_AddStringToObject(item, "property", "");
    cJSON_AddStringToObject(item, "kept", is_deleted ? "deleted" : "");
    cJSON_AddStringToObject(item, "lost", is_deleted ? "" : "deleted");
    cJSON_AddStringToObject(
        item, "kept_side", side_name(is_deleted ? side_other(living) : living));
    cJSON_AddItemToArray(list, item);
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
        cJSON_AddStringToObject(item, "kept", told(p->value));
        cJSON_AddStringToObject(item, "lost", told(p->lost));
        cJSON_AddStringToObject(item, "kept_side",
                                side_name(side_other(p->to)));
        cJSON_AddItemToArray(list, item);
    }
    if (d->merge->is_conflict && list->child == NULL)
        put_record_conflict(d, list);
}

static bool
writes_to(const cJSON *writes, enum side side)
{
    const cJSON *write;

    cJSON_ArrayForEach(write, writes)
    {
        if (strcmp(json_str(write, "target"), side_name(side)) == 0)
            return true;
    }
    return false;
}

/* What is written over is old from then on, so that an event of it that comes
 * once more is not taken for a user who takes our change back. A stamp of
 * Salesforce counts only when its second is over: else it may be of a later
 * change, too. */
static int64_t
known(const struct activity_draft *d, const cJSON *writes, enum side side)
{
    bool is_over =
        side == SIDE_HUBSPOT || d->seen[side] + 1000 <= d->world->over;

    return d->seen[side] + (is_over && writes_to(writes, side));
}

static void
put_seen(const struct activity_draft *d, const cJSON *writes, cJSON *decision)
{
    cJSON *seen = cJSON_AddObjectToObject(decision, "seen");
    cJSON *next = cJSON_AddObjectToObject(decision, "known");

    for (enum side side = 0; side < SIDE_COUNT; side++) {
        if (d->seen[side] <= 0)
            continue;
        cJSON_AddNumberToObject(seen, side_name(side), (double)d->seen[side]);
        cJSON_AddNumberToObject(next, side_name(side),
                                (double)known(d, writes, side));
    }
}

/* Beside a lead there is no account in Salesforce, and HubSpot's waits. */
static void
hold_account(const struct activity_draft *d,
             const char **const base[SIDE_COUNT], char held[32])
{
    const struct mapping *map = &rules_of(d)->map;
    const struct mapping_pair *what = mapping_tie(map, MAPPING_ACCOUNT);
    const char **waits;

    if (what == NULL || d->merge->life[SIDE_HUBSPOT].is_deleted ||
        d->merge->life[SIDE_SALESFORCE].is_deleted)
        return;
    base[SIDE_SALESFORCE][what - map->pairs] = NULL;
    waits = &base[SIDE_HUBSPOT][what - map->pairs];
    if (*waits == NULL || value_is_alone(*waits) ||
        !mapping_goes_to(what, SIDE_SALESFORCE))
        return;
    snprintf(held, 32, "%c%s", VALUE_ALONE, *waits);
    *waits = held;
}

static void
put_rest(const struct activity_draft *d, const struct event *ev,
         const char *const *const *given, const cJSON *writes, cJSON *decision)
{
    const char *base[SIDE_COUNT][MAPPING_MAX];
    const char **const both[SIDE_COUNT] = {base[0], base[1]};
    const char *reason = merge_reason(d->merge->verdict);
    char held[32];

    put_first(writes, decision);
    if (d->link != NULL)
        cJSON_AddStringToObject(decision, "link", d->link);
    cJSON_AddNumberToObject(decision, "version", (double)d->version);
    for (int side = 0; side < SIDE_COUNT; side++)
        merge_new_base(d->side, d->merge, (enum side)side, given[side],
                       base[side]);
    if (d->is_leads)
        hold_account(d, both, held);
    snapshot_put(&rules_of(d)->map, both, d->merge->life, decision);
    put_seen(d, writes, decision);
    cJSON_AddNumberToObject(decision, "read_at", (double)d->world->now);
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
