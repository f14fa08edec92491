/* conf_value: is a value of pipeline.conf good, and which number is it; which
 * known name is nearest to a wrong one. Pure. */
#include "common/conf_table.h"
#include "common/conf.h"
#include "common/mapping.h"
#include "common/nearest.h"
#include "common/only.h"
#include "common/placeholder.h"
#include "common/url.h"
#include "common/zone.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MAPPING ".mapping"

static int
starts_with(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* The kind of activity in "activity.call" and, with its tail, in
 * "activity.call.mapping"; ACTIVITY_NONE: it is no such section. */
static enum activity
activity_in(const char *section, const char *tail)
{
    static const char head[] = "activity.";
    size_t len = strlen(section), n = sizeof(head) - 1, t = strlen(tail);

    if (!starts_with(section, head) || len < n + t ||
        strcmp(section + len - t, tail) != 0)
        return ACTIVITY_NONE;
    return activity_parse(section + n, len - n - t);
}

/* Does a section of the file stand under a section of the table? */
static int
section_matches(const char *pattern, const char *section)
{
    const char *star = strchr(pattern, '*');

    if (star == NULL)
        return strcmp(pattern, section) == 0;
    if (starts_with(pattern, "activity."))
        return activity_in(section, star + 1) != ACTIVITY_NONE;
    return strncmp(pattern, section, (size_t)(star - pattern)) == 0 &&
           conf_section_known(section);
}

static int
stage_name_ok(const char *name)
{
    return name[0] != '\0' && strlen(name) < 64 &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
                             "0123456789-_")] == '\0';
}

int
conf_section_known(const char *section)
{
    if (starts_with(section, "timeline."))
        return kind_parse(section + 9, strlen(section + 9)) != KIND_NONE;
    if (starts_with(section, "stage."))
        return stage_name_ok(section + 6);
    if (starts_with(section, "activity."))
        return activity_in(section, "") != ACTIVITY_NONE ||
               activity_in(section, MAPPING) != ACTIVITY_NONE;
    for (size_t i = 0; i < conf_n_rows; i++)
        if (strchr(conf_rows[i].section, '*') == NULL &&
            strcmp(conf_rows[i].section, section) == 0)
            return 1;
    return 0;
}

/* event_types stands only in sections of kinds that have them. */
static int
key_applies(const struct conf_row *row, const char *section)
{
    if (strcmp(row->key, "event_types") != 0)
        return 1;
    return conf_kinds[kind_parse(section + 9, strlen(section + 9))]
               .event_types != NULL;
}

const struct conf_row *
conf_row_find(const char *section, const char *key)
{
    for (size_t i = 0; i < conf_n_rows; i++)
        if ((strcmp(conf_rows[i].key, key) == 0 ||
             strcmp(conf_rows[i].key, "*") == 0) &&
            section_matches(conf_rows[i].section, section) &&
            key_applies(&conf_rows[i], section))
            return &conf_rows[i];
    return NULL;
}

const char *
conf_row_standard(const struct conf_row *row, const char *section)
{
    const struct conf_kind *k;

    if (!starts_with(section, "timeline."))
        return row->standard;
    k = &conf_kinds[kind_parse(section + 9, strlen(section + 9))];
    if (strcmp(row->key, "lookback") == 0)
        return k->lookback;
    if (strcmp(row->key, "subject") == 0)
        return k->subject;
    if (strcmp(row->key, "description") == 0)
        return k->description;
    if (strcmp(row->key, "event_types") == 0)
        return k->event_types;
    return row->standard;
}

const char *
conf_nearest_section(const char *section)
{
    static const char *const stages[] = {
        "stage.fetcher-salesforce", "stage.fetcher-hubspot",
        "stage.normalizer",         "stage.window-filter",
        "stage.conflict-resolver",  "stage.writer",
    };
    struct nearest best = {NULL, 0};

    for (size_t i = 0; i < conf_n_rows; i++)
        if (strchr(conf_rows[i].section, '*') == NULL)
            nearest_consider(&best, section, conf_rows[i].section);
    for (int k = 0; k < KIND_COUNT; k++)
        nearest_consider(&best, section, conf_timeline((enum kind)k));
    for (int a = 0; a < ACTIVITY_COUNT; a++) {
        nearest_consider(&best, section, conf_activity((enum activity)a));
        nearest_consider(&best, section, conf_mapping((enum activity)a));
    }
    for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++)
        nearest_consider(&best, section, stages[i]);
    return best.name;
}

const char *
conf_nearest_key(const char *section, const char *key)
{
    struct nearest best = {NULL, 0};

    for (size_t i = 0; i < conf_n_rows; i++)
        if (section_matches(conf_rows[i].section, section) &&
            key_applies(&conf_rows[i], section))
            nearest_consider(&best, key, conf_rows[i].key);
    return best.name != NULL ? best.name : "";
}

static const struct unit {
    enum conf_type type;
    const char *suffix;
    int64_t factor;
} units[] = {
    {CONF_INT, "", 1},
    {CONF_MS, "ms", 1},
    {CONF_MS, "s", 1000},
    {CONF_MS, "m", 60000},
    {CONF_MS, "h", 3600000},
    {CONF_MS, "d", 86400000},
    {CONF_SIZE, "", 1},
    {CONF_SIZE, "B", 1},
    {CONF_SIZE, "KB", 1024},
    {CONF_SIZE, "MB", 1024 * 1024},
    {CONF_SIZE, "GB", 1024LL * 1024 * 1024},
};

int
conf_value_number(const struct conf_row *row, const char *value, int64_t *out)
{
    int64_t n = 0;
    const char *p = value;

    if (!isdigit((unsigned char)*p))
        return -1;
    for (; isdigit((unsigned char)*p); p++) {
        if (n > INT64_MAX / 100)
            return -1;
        n = n * 10 + (*p - '0');
    }
    if (row->type == CONF_MS && *p == '\0' && n == 0) {
        *out = 0; /* a plain 0 needs no unit */
        return 0;
    }
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (units[i].type == row->type && strcmp(units[i].suffix, p) == 0) {
            if (n > INT64_MAX / units[i].factor)
                return -1;
            *out = n * units[i].factor;
            return 0;
        }
    }
    return -1;
}

int
conf_duration(const char *text, int64_t *ms)
{
    static const struct conf_row any = {.type = CONF_MS, .max = INT64_MAX};

    return conf_value_number(&any, text, ms);
}

static int
check_number(const struct conf_row *row, const char *value, struct error *err)
{
    int64_t n;

    if (conf_value_number(row, value, &n) < 0)
        return error_set(err, EX_CONFIG, "\"%s\" is not %s", value,
                         row->type == CONF_MS     ? "a duration (5s, 10m, 30d)"
                         : row->type == CONF_SIZE ? "a size (64KB, 256MB)"
                                                  : "a whole number");
    if (n < row->min || n > row->max)
        return error_set(err, EX_CONFIG,
                         "\"%s\" is out of range (%" PRId64 " to %" PRId64
                         "%s)",
                         value, row->min, row->max,
                         row->type == CONF_MS     ? " ms"
                         : row->type == CONF_SIZE ? " bytes"
                                                  : "");
    return 0;
}

static int
check_choice(const struct conf_row *row, const char *value, struct error *err)
{
    const char *p = row->choices;
    size_t len = strlen(value);

    while (*p != '\0') {
        size_t n = strcspn(p, "|");

        if (n == len && memcmp(p, value, n) == 0)
            return 0;
        p += n + (p[n] == '|');
    }
    return error_set(err, EX_CONFIG, "\"%s\" is none of %s", value,
                     row->choices);
}

static int
check_version(const struct conf_row *row, const char *v, struct error *err)
{
    size_t digits = strspn(v, "0123456789");

    if (row->type == CONF_VERSION_SALESFORCE) {
        if (digits == 2 && strcmp(v + 2, ".0") == 0)
            return 0;
        return error_set(err, EX_CONFIG, "\"%s\" is no version like 67.0", v);
    }
    if (strcmp(v, "v3") == 0 ||
        (digits == 4 && v[4] == '-' && strspn(v + 5, "0123456789") == 2 &&
         v[7] == '\0'))
        return 0;
    return error_set(err, EX_CONFIG, "\"%s\" is neither like 2026-09 nor v3",
                     v);
}

static int
check_wire(const char *value, struct error *err)
{
    if (value[0] == '\0' || strcmp(value, "-") == 0 ||
        strcmp(value, "null:") == 0 ||
        (starts_with(value, "ipc://") && value[6] != '\0') ||
        (starts_with(value, "file:") && value[5] != '\0'))
        return 0;
    if (starts_with(value, "tcp://"))
        return url_check_tcp(value, err);
    return error_set(err, EX_CONFIG,
                     "\"%s\" is none of ipc://PATH tcp://HOST:PORT file:PATH -",
                     value);
}

static int
check_secret(const struct conf_row *row, const char *value, struct error *err)
{
    if (value[0] == '\0' && row->standard[0] == '\0')
        return 0;
    if (value[0] == '\0' || strcmp(value, "env:") == 0 ||
        strcmp(value, "file:") == 0)
        return error_set(err, EX_CONFIG, "empty: write env:NAME or file:PATH");
    return 0;
}

int
conf_value_check(const struct conf_row *row, const char *section,
                 const char *key, const char *value, struct error *err)
{
    struct mapping_pair pair;

    switch (row->type) {
    case CONF_LINES:
        return 0;
    case CONF_SUBJECT:
        if (value[0] == '\0')
            return error_set(err, EX_CONFIG,
                             "empty, but a task needs a subject; leave the "
                             "line out for the subject as shipped");
        return placeholder_check(value, err);
    case CONF_TEXT:
        return placeholder_check(value, err);
    case CONF_STR:
        if (strcmp(row->key, "time_zone") == 0 && strcmp(value, "auto") != 0 &&
            !zone_known(value))
            return error_set(err, EX_CONFIG,
                             "\"%s\" is neither auto nor a known time zone "
                             "like Europe/Berlin",
                             value);
        return 0;
    case CONF_BOOL:
        if (strcmp(value, "on") == 0 || strcmp(value, "off") == 0)
            return 0;
        return error_set(err, EX_CONFIG, "\"%s\" is neither on nor off", value);
    case CONF_INT:
    case CONF_MS:
    case CONF_SIZE:
        return check_number(row, value, err);
    case CONF_CHOICE:
        return check_choice(row, value, err);
    case CONF_SECRET:
        return check_secret(row, value, err);
    case CONF_URL:
        return url_check_http(value, err);
    case CONF_STATE:
        if (starts_with(value, "sqlite:") && value[7] != '\0')
            return 0;
        return error_set(err, EX_CONFIG, "\"%s\" is not like sqlite:PATH",
                         value);
    case CONF_VERSION_HUBSPOT:
    case CONF_VERSION_SALESFORCE:
        return check_version(row, value, err);
    case CONF_FIELD:
        if (value[0] == '\0' && row->standard[0] == '\0')
            return 0;
        if (isalpha((unsigned char)value[0]) && strlen(value) <= 80 &&
            value[strspn(value, "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789_")] == '\0')
            return 0;
        return error_set(err, EX_CONFIG,
                         "\"%s\" is no field name like HubSpot_Id__c", value);
    case CONF_MAPPING:
        return mapping_parse(key, value, &pair, err);
    case CONF_ONLY:
        return only_check(section, value, err);
    case CONF_WIRE:
        return check_wire(value, err);
    }
    return 0;
}
