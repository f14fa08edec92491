/* kinds: see kinds.h. */
#include "stages/tools/check/kinds.h"

#include "common/hubspot.h"
#include "common/json.h"
#include "common/mapping.h"
#include "stages/tools/check/lines.h"
#include "stages/tools/check/object.h"
#include "stages/tools/check/pair.h"
#include "stages/tools/check/screens.h"

#include <stdio.h>
#include <string.h>

#define KEY  "external_id_field"
#define ICAL "ical_uid_field"

struct kind_case {
    const struct conf *conf;
    enum activity activity;
    const char *section; /* "activity.call" */
    cJSON *lines;
    struct pair_case pair; /* but for the pair */
    size_t n;              /* findings so far */
};

static bool
is(const struct conf *conf, const char *section, const char *key,
   const char *value)
{
    return strcmp(conf_str(conf, section, key), value) == 0;
}

static void
put(struct kind_case *k, const char *name, const char *where,
    const struct findings *found)
{
    for (size_t i = 0; i < found->n; i++)
        line_finding(k->lines, name, where, &found->v[i]);
    k->n += found->n;
}

/* Where the pair stands: its line, or what brings it without one. */
static void
put_where(const struct kind_case *k, const struct mapping_pair *pair, char *buf,
          size_t size)
{
    const char *property = pair->name[SIDE_HUBSPOT];

    conf_where(k->conf, conf_mapping(k->activity), property, buf, size);
    if (pair->transform == TRANSFORM_OWNER && strstr(buf, "(default)") != NULL)
        conf_where(k->conf, "owners", "sync", buf, size);
}

static void
check_pair(struct kind_case *k, const struct mapping_pair *pair)
{
    char name[MAPPING_NAME_MAX + 32], where[512];
    struct findings found = {0};

    k->pair.pair = pair;
    pair_check(&k->pair, &found);
    snprintf(name, sizeof(name), "%s %s", k->section, pair->name[SIDE_HUBSPOT]);
    put_where(k, pair, where, sizeof(where));
    put(k, name, where, &found);
}

/* All is well, as far as can be told. */
static void
put_mapping(struct kind_case *k, size_t n_pairs)
{
    bool knows_all = k->pair.list[SIDE_HUBSPOT] != NULL &&
                     k->pair.list[SIDE_SALESFORCE] != NULL;
    char name[64], detail[96];

    snprintf(name, sizeof(name), "%s mapping", k->section);
    snprintf(detail, sizeof(detail), "%zu pairs are there and fit", n_pairs);
    if (!knows_all)
        line_add(k->lines, name, LINE_UNASKED,
                 "cannot be compared with both services: see above", NULL);
    else if (k->n == 0)
        line_add(k->lines, name, LINE_OK, detail, NULL);
}

/* A note: without it a create may not be repeated (unique.h). */
static void
put_unique(struct kind_case *k)
{
    const cJSON *property =
        json_find(k->pair.list[SIDE_HUBSPOT], "name", HUBSPOT_SALESFORCE_ID);
    bool is_unique = cJSON_IsTrue(
        cJSON_GetObjectItemCaseSensitive(property, "hasUniqueValue"));
    char name[64];

    if (k->pair.list[SIDE_HUBSPOT] == NULL)
        return;
    snprintf(name, sizeof(name), "%s unique id", k->section);
    line_add(k->lines, name, LINE_OK,
             is_unique ? HUBSPOT_SALESFORCE_ID " is there and unique"
             : property != NULL
                 ? HUBSPOT_SALESFORCE_ID " is there, but not unique: after a "
                                         "crash new records are looked up"
                 : "no property " HUBSPOT_SALESFORCE_ID
                   " (./run.sh setup makes it): after a crash new records are "
                   "looked up by a search",
             NULL);
}

void
kinds_check(const struct conf *conf, enum activity activity,
            const cJSON *properties, const cJSON *fields, cJSON *lines)
{
    const char *section = conf_activity(activity);
    struct kind_case k = {
        .conf = conf,
        .activity = activity,
        .section = section,
        .lines = lines,
        .pair = {
            .activity = activity,
            .list = {properties, fields},
            .makes = {is(conf, section, "created_in_hubspot", "create"),
                      is(conf, section, "created_in_salesforce", "create")},
            .updates = {is(conf, section, "updated_in_hubspot", "update"),
                        is(conf, section, "updated_in_salesforce", "update")},
            .external_id = conf_str(conf, "salesforce", KEY)}};
    struct findings found = {0};
    struct mapping map;
    struct error err;
    char name[64];

    snprintf(name, sizeof(name), "%s mapping", section);
    if (mapping_read(conf, activity, &map, &err) < 0) {
        line_note(lines, name, "", &err, "correct that line");
        return;
    }
    for (size_t i = 0; i < map.n; i++)
        check_pair(&k, &map.pairs[i]);
    if (k.pair.makes[SIDE_HUBSPOT])
        object_check_required(fields, activity, &map, k.pair.external_id,
                              &found);
    put(&k, name, "", &found);
    put_mapping(&k, map.n);
    put_unique(&k);
}

void
kinds_check_key(const struct conf *conf, const char *object,
                const cJSON *fields, cJSON *lines)
{
    const char *field = conf_str(conf, "salesforce", KEY);
    struct findings found = {0};
    char name[64], detail[256], where[512];

    if (fields == NULL)
        return;
    snprintf(name, sizeof(name), "salesforce %s " KEY, object);
    snprintf(detail, sizeof(detail), "%s is an external id and unique", field);
    object_check_key(fields, object, field, &found);
    conf_where(conf, "salesforce", KEY, where, sizeof(where));
    for (size_t i = 0; i < found.n; i++)
        line_finding(lines, name, where, &found.v[i]);
    if (found.n == 0)
        line_add(lines, name, LINE_OK, detail, NULL);
}

void
kinds_check_ical(const struct conf *conf, const cJSON *fields, cJSON *lines)
{
    const char *field = conf_str(conf, "salesforce", ICAL);
    bool is_there = json_find(fields, "name", field) != NULL;
    char file[512], mend[300];
    struct error err;

    if (fields == NULL || field[0] == '\0')
        return;
    error_set(&err, EX_CONFIG,
              "%s: Event has no field %s that crmpipe's user may see",
              conf_where(conf, "salesforce", ICAL, file, sizeof(file)), field);
    snprintf(mend, sizeof(mend),
             "./run.sh setup makes it and shows it to the user; or, where it "
             "is there: " SCREEN_FIELDS ": tick Read Access",
             "Events");
    line_note(lines, "salesforce " ICAL, field, is_there ? NULL : &err, mend);
}

void
kinds_check_ties(const struct conf *conf, const cJSON *properties, cJSON *lines)
{
    static const char *const names[] = {"salesforcecontactid",
                                        "salesforceleadid"};
    bool by_id = is(conf, "contacts", "match", "salesforce_id");

    if (properties == NULL)
        return;
    for (size_t i = 0; by_id && i < 2; i++) {
        if (json_find(properties, "name", names[i]) != NULL)
            continue;
        line_add(lines, "contacts match", LINE_WARNING,
                 "HubSpot's contacts have no property salesforcecontactid or "
                 "salesforceleadid, so that none is tied by it",
                 "install HubSpot's own Salesforce integration, or set "
                 "[contacts] match = email");
        return;
    }
    line_add(lines, "contacts match", LINE_OK,
             conf_str(conf, "contacts", "match"), NULL);
}
