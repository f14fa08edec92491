/* wanted: see wanted.h. */
#include "stages/tools/setup/wanted.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *
wanted_object_name(enum wanted_object object)
{
    return object == WANTED_EVENT ? "Event" : "Task";
}

static enum wanted_object
object_of(enum activity activity)
{
    return strcmp(activity_facts(activity)->object, "Event") == 0 ? WANTED_EVENT
                                                                  : WANTED_TASK;
}

static struct wanted_field *
find(struct wanted *w, const char *name)
{
    for (size_t i = 0; i < w->n; i++)
        if (strcasecmp(w->fields[i].name, name) == 0)
            return &w->fields[i];
    return NULL;
}

static int
add(struct wanted *w, const struct wanted_field *f, struct error *err)
{
    if (w->n == WANTED_FIELDS_MAX)
        return error_set(err, EX_CONFIG,
                         "the mappings name more than %d custom fields",
                         WANTED_FIELDS_MAX);
    w->fields[w->n++] = *f;
    return 0;
}

static int
add_key(const struct conf *conf, struct wanted *w, struct error *err)
{
    const char *section = "salesforce", *key = "external_id_field";
    struct wanted_field f = {
        .is_key = true, .transform = TRANSFORM_TEXT, .activity = ACTIVITY_NONE};
    char where[512];

    snprintf(f.name, sizeof(f.name), "%s", conf_str(conf, section, key));
    memcpy(f.on, w->uses, sizeof(f.on));
    snprintf(f.why, sizeof(f.why), "the key by which nothing comes twice: %s",
             conf_where(conf, section, key, where, sizeof(where)));
    return add(w, &f, err);
}

static int
add_ical(const struct conf *conf, struct wanted *w, struct error *err)
{
    const char *section = "salesforce", *key = "ical_uid_field";
    const char *name = conf_str(conf, section, key);
    struct wanted_field f = {.on = {[WANTED_EVENT] = true},
                             .transform = TRANSFORM_TEXT,
                             .activity = ACTIVITY_NONE};
    char where[512];

    if (name[0] == '\0' || !w->uses[WANTED_EVENT] || !field_is_custom(name) ||
        find(w, name) != NULL)
        return 0;
    snprintf(f.name, sizeof(f.name), "%s", name);
    snprintf(f.why, sizeof(f.why), "the iCal UID, which you fill: %s",
             conf_where(conf, section, key, where, sizeof(where)));
    return add(w, &f, err);
}

/* A line of a mapping: its field, if it is one that can be made. */
static int
add_pair(const struct conf *conf, enum activity activity,
         const struct mapping_pair *pair, struct wanted *w, struct error *err)
{
    const char *name = pair->name[SIDE_SALESFORCE];
    const char *property = pair->name[SIDE_HUBSPOT];
    struct wanted_field *there = find(w, name);
    struct wanted_field f = {.transform = pair->transform,
                             .activity = activity};
    char where[512];

    if (!field_is_custom(name) || (there != NULL && there->is_key))
        return 0; /* check tells what is wrong with such a line */
    conf_where(conf, conf_mapping(activity), property, where, sizeof(where));
    if (there != NULL) {
        there->on[object_of(activity)] = true;
        if (there->clash[0] == '\0' &&
            field_type_for(there->transform, NULL) !=
                field_type_for(pair->transform, NULL))
            snprintf(there->clash, sizeof(there->clash), "%s", where);
        return 0;
    }
    snprintf(f.name, sizeof(f.name), "%s", name);
    snprintf(f.property, sizeof(f.property), "%s", property);
    f.on[object_of(activity)] = true;
    snprintf(f.why, sizeof(f.why), "mapped to %s of %s: %s", property,
             activity_facts(activity)->collection, where);
    return add(w, &f, err);
}

static int
add_mapping(const struct conf *conf, enum activity activity, struct wanted *w,
            struct error *err)
{
    struct mapping map;

    if (mapping_read(conf, activity, &map, err) < 0)
        return -1;
    for (size_t i = 0; i < map.n; i++)
        if (add_pair(conf, activity, &map.pairs[i], w, err) < 0)
            return -1;
    return 0;
}

int
wanted_read(const struct conf *conf, struct wanted *out, struct error *err)
{
    memset(out, 0, sizeof(*out));
    out->uses[WANTED_TASK] = true; /* the timeline's */
    for (int i = 0; i < ACTIVITY_COUNT; i++) {
        enum activity activity = (enum activity)i;

        out->activities[i] = conf_bool(conf, conf_activity(activity), "sync");
        if (out->activities[i])
            out->uses[object_of(activity)] = true;
    }
    if (add_key(conf, out, err) < 0)
        return -1;
    for (int i = 0; i < ACTIVITY_COUNT; i++)
        if (out->activities[i] &&
            add_mapping(conf, (enum activity)i, out, err) < 0)
            return -1;
    return add_ical(conf, out, err);
}
