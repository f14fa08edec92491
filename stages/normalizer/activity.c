/* activity: see activity.h. */
#include "stages/normalizer/activity.h"

#include "common/sf_id.h"
#include "common/timetext.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The event's key in its three parts. */
struct name {
    enum side side;
    char type[32]; /* "call" | "Task" */
    char id[64];
};

int
activity_rules_read(const struct conf *conf, struct activity_rules *out,
                    struct error *err)
{
    for (int a = 0; a < ACTIVITY_COUNT; a++) {
        out->is_on[a] =
            conf_bool(conf, conf_activity((enum activity)a), "sync");
        if (mapping_read(conf, (enum activity)a, &out->mapping[a], err) < 0)
            return -1;
    }
    snprintf(out->external_id, sizeof(out->external_id), "%s",
             conf_str(conf, "salesforce", "external_id_field"));
    snprintf(out->ical_uid, sizeof(out->ical_uid), "%s",
             conf_str(conf, "salesforce", "ical_uid_field"));
    out->syncs_captured =
        strcmp(conf_str(conf, "salesforce", "eac"), "sync") == 0;
    return 0;
}

static bool
name_of(const struct event *ev, struct name *out)
{
    char key[EVENT_ID_MAX], source[16];

    event_str(ev, EVENT_KEY, key, sizeof(key));
    event_str(ev, EVENT_SOURCE, source, sizeof(source));
    out->side = strcmp(source, side_name(SIDE_SALESFORCE)) == 0
                    ? SIDE_SALESFORCE
                    : SIDE_HUBSPOT;
    return strcmp(source, side_name(out->side)) == 0 &&
           sscanf(key, "%*15[a-z]:%31[A-Za-z_]:%63s", out->type, out->id) == 2;
}

static bool
is_true(struct span value)
{
    bool b;

    return (mp_bool(value, &b) && b) || mp_is_str(value, "true");
}

bool
activity_is_one(const struct event *ev, const struct activity_rules *rules)
{
    struct name name;
    enum activity a;

    if (!name_of(ev, &name))
        return false;
    if (name.side == SIDE_SALESFORCE)
        return true;
    a = activity_parse(name.type, strlen(name.type));
    return a != ACTIVITY_NONE && rules->is_on[a];
}

/* The values of a record lie in its properties, or in it. */
static struct span
values_of(const struct event *ev, const struct name *name)
{
    struct span native = ev->field[EVENT_NATIVE];

    return name->side == SIDE_HUBSPOT && native.data != NULL
               ? mp_get(native, "properties")
               : native;
}

static enum activity
activity_of(const struct name *name, struct span values)
{
    char subtype[40];

    if (name->side == SIDE_HUBSPOT)
        return activity_parse(name->type, strlen(name->type));
    mp_get_str(values, "TaskSubtype", subtype, sizeof(subtype));
    return activity_of_salesforce(name->type, subtype);
}

/* A Task of ours for something that is no activity, or that was brought over as
 * a timeline event, is not to go back. */
static bool
is_own_timeline(const char *other, const struct activity_rules *rules)
{
    struct name name;
    enum activity a;

    if (sscanf(other, "hubspot:%31[A-Za-z_]:%63s", name.type, name.id) != 2)
        return false;
    a = activity_parse(name.type, strlen(name.type));
    return a == ACTIVITY_NONE || !rules->is_on[a];
}

static bool
is_delete(const struct event *ev)
{
    return mp_is_str(ev->field[EVENT_OP], "delete");
}

/* Was the mail captured by itself? What a user has logged from the mail
 * program was not. The guide gives the names of Source with blanks; whether the
 * API does is UNCONFIRMED, so they do not count. */
static bool
is_captured(struct span values)
{
    static const char *const begins[] = {"EinsteinActivityCapture",
                                         "MigratedCapturedEmail"};
    char source[80], name[80];
    size_t n = 0;

    mp_get_str(mp_get(values, "EmailMessage"), "Source", source,
               sizeof(source));
    for (const char *p = source; *p != '\0'; p++)
        if (*p != ' ' && *p != '_')
            name[n++] = *p;
    name[n] = '\0';
    for (size_t i = 0; i < 2; i++)
        if (strncasecmp(name, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

/* Good records that are none of ours. */
static enum normalize_verdict
stays_away(const struct event *ev, const struct name *name, struct span values,
           const char *other, const struct activity_rules *rules)
{
    if (name->side == SIDE_HUBSPOT)
        return mp_is_str(mp_get(values, "hs_email_direction"), "DRAFT_EMAIL")
                   ? NORMALIZE_NOT_SENT
                   : NORMALIZE_OK;
    if (is_true(mp_get(values, "IsRecurrence")) ||
        is_true(mp_get(values, "IsRecurrence2")))
        return NORMALIZE_RECURRENCE;
    if (is_own_timeline(other, rules))
        return NORMALIZE_OWN_TASK;
    return !rules->syncs_captured && !is_delete(ev) && is_captured(values)
               ? NORMALIZE_EAC
               : NORMALIZE_OK;
}

/* When it happened: the first that can be read. -1: none. */
static int
happened(const struct name *name, enum activity activity, struct span values,
         int64_t *ms)
{
    static const char *const names[SIDE_COUNT][4] = {
        {"hs_meeting_start_time", "hs_timestamp", "hs_createdate", NULL},
        {"StartDateTime", "ActivityDate", "CreatedDate", NULL}};
    /* A task's hs_timestamp is when it is due. */
    size_t first =
        name->side == SIDE_HUBSPOT && activity == ACTIVITY_TASK ? 2 : 0;
    struct span s;

    for (size_t i = first; names[name->side][i] != NULL; i++) {
        struct span value = mp_get(values, names[name->side][i]);

        if (mp_i64(value, ms) ||
            (mp_str(value, &s) &&
             timetext_parse((const char *)s.data, s.len, ms) == 0))
            return 0;
    }
    return -1;
}

/* Numbers and truth values become text; what is neither is nil. */
static void
pack_value(msgpack_packer *pk, struct span value)
{
    struct span s;
    char text[40];
    int64_t i;
    double f;
    bool b;

    if (mp_str(value, &s)) {
        mp_pack_span(pk, value);
        return;
    }
    if (mp_i64(value, &i))
        snprintf(text, sizeof(text), "%" PRId64, i);
    else if (mp_f64(value, &f))
        snprintf(text, sizeof(text), "%.15g", f);
    else if (mp_bool(value, &b))
        snprintf(text, sizeof(text), "%s", b ? "true" : "false");
    else
        text[0] = '\0';
    mp_pack_str(pk, text[0] != '\0' ? text : NULL);
}

/* What a Salesforce record hangs on, which no line need map. */
static const char *const parents[] = {"WhoId", "WhatId", "AccountId"};
#define N_PARENTS (sizeof(parents) / sizeof(parents[0]))

static bool
is_mapped(const struct mapping *mapping, enum side side, const char *name)
{
    for (size_t i = 0; i < mapping->n; i++)
        if (strcmp(mapping->pairs[i].name[side], name) == 0)
            return true;
    return false;
}

static void
put_props(struct event *ev, const struct mapping *mapping, enum side side,
          struct span values)
{
    const char *names[MAPPING_MAX + N_PARENTS];
    msgpack_packer pk;
    size_t n = 0;

    for (size_t i = 0; i < mapping->n; i++)
        names[n++] = mapping->pairs[i].name[side];
    for (size_t i = 0; i < N_PARENTS && side == SIDE_SALESFORCE; i++)
        if (!is_mapped(mapping, side, parents[i]))
            names[n++] = parents[i];
    msgpack_packer_init(&pk, event_set(ev, EVENT_PROPS), msgpack_sbuffer_write);
    msgpack_pack_map(&pk, n);
    for (size_t i = 0; i < n; i++) {
        mp_pack_str(&pk, names[i]);
        pack_value(&pk, mp_get(values, names[i]));
    }
    event_set_done(ev, EVENT_PROPS);
}

static bool
is_there(struct span value)
{
    struct span s;

    return mp_str(value, &s) && s.len > 0;
}

/* AccountId is derived; where it is hidden from us WhatId may say it. */
static bool
has_account(struct span values)
{
    struct span what;

    return is_there(mp_get(values, "AccountId")) ||
           (mp_str(mp_get(values, "WhatId"), &what) && what.len > 3 &&
            memcmp(what.data, "001", 3) == 0);
}

/* What names the same mail or meeting on both sides: the Message-ID, the iCal
 * UID. Absent when such pairs are not looked for. */
static struct span
uid_of(const struct activity_rules *rules, enum activity activity,
       enum side side, struct span values)
{
    struct span none = {NULL, 0};
    bool is_hubspot = side == SIDE_HUBSPOT;

    if (activity == ACTIVITY_EMAIL && rules->syncs_captured)
        return is_hubspot ? mp_get(values, "hs_email_message_id")
                          : mp_get(mp_get(values, "EmailMessage"),
                                   "MessageIdentifier");
    if (activity == ACTIVITY_MEETING && rules->ical_uid[0] != '\0')
        return mp_get(values, is_hubspot ? "hs_i_cal_uid" : rules->ical_uid);
    return none;
}

/* What rules ask, whatever is mapped. */
static void
put_about(struct event *ev, const struct activity_rules *rules,
          enum activity activity, enum side side, struct span values)
{
    enum { N = 4 };
    bool is_hubspot = side == SIDE_HUBSPOT;
    const char *names[N] = {"title", "owner_id", "owner_email", "uid"};
    struct span of[N] = {
        mp_get(values,
               is_hubspot ? activity_facts(activity)->title : "Subject"),
        mp_get(values, is_hubspot ? "hubspot_owner_id" : "OwnerId"),
        is_hubspot ? mp_get(mp_get(ev->field[EVENT_NATIVE], "owner"), "email")
                   : mp_get(mp_get(values, "Owner"), "Email"),
        uid_of(rules, activity, side, values)};
    msgpack_packer pk;
    size_t n = !is_hubspot;

    for (size_t i = 0; i < N; i++)
        n += is_there(of[i]);
    msgpack_packer_init(&pk, event_set(ev, EVENT_ABOUT), msgpack_sbuffer_write);
    msgpack_pack_map(&pk, n);
    for (size_t i = 0; i < N; i++)
        if (is_there(of[i])) {
            mp_pack_str(&pk, names[i]);
            mp_pack_span(&pk, of[i]);
        }
    if (!is_hubspot) {
        mp_pack_str(&pk, "has_account");
        if (has_account(values))
            msgpack_pack_true(&pk);
        else
            msgpack_pack_false(&pk);
    }
    event_set_done(ev, EVENT_ABOUT);
}

/* The key of the other side's record, as far as this one says it. */
static void
read_other(const struct name *name, enum activity activity, struct span values,
           const struct activity_rules *rules, char *other, size_t size)
{
    char id[SF_ID_SIZE], text[32];

    if (name->side == SIDE_SALESFORCE) {
        mp_get_str(values, rules->external_id, other, size);
        return;
    }
    mp_get_str(values, HUBSPOT_SALESFORCE_ID, text, sizeof(text));
    if (sf_id_normalise(text, id))
        snprintf(other, size, "%s:%s:%s", side_name(SIDE_SALESFORCE),
                 activity_facts(activity)->object, id);
}

enum normalize_verdict
activity_normalize(struct event *ev, const struct activity_rules *rules,
                   struct error *err)
{
    enum normalize_verdict verdict;
    char other[EVENT_ID_MAX] = "";
    struct name name;
    struct span values;
    enum activity a;
    int64_t at;

    if (!name_of(ev, &name))
        return NORMALIZE_UNKNOWN_TYPE;
    values = values_of(ev, &name);
    a = activity_of(&name, values);
    if (a == ACTIVITY_NONE)
        return strcmp(name.type, "Task") == 0 ? NORMALIZE_NOT_AN_ACTIVITY
                                              : NORMALIZE_UNKNOWN_TYPE;
    read_other(&name, a, values, rules, other, sizeof(other));
    verdict = stays_away(ev, &name, values, other, rules);
    if (verdict != NORMALIZE_OK)
        return verdict;
    if (happened(&name, a, values, &at) < 0) {
        at = event_i64(ev, EVENT_MODIFIED_AT, 0);
        if (!is_delete(ev)) {
            error_set(err, EX_DATAERR, "the record does not say when it was");
            return NORMALIZE_BAD_RECORD;
        }
    }
    event_set_str(ev, EVENT_KIND, activity_facts(a)->name);
    event_set_str(ev, EVENT_SYNC, "activity");
    event_set_i64(ev, EVENT_OCCURRED_AT, at);
    if (other[0] != '\0')
        event_set_str(ev, EVENT_OTHER, other);
    if (is_delete(ev))
        return NORMALIZE_OK;
    put_props(ev, &rules->mapping[a], name.side, values);
    put_about(ev, rules, a, name.side, values);
    return NORMALIZE_OK;
}
