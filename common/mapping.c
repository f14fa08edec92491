/* mapping: see mapping.h. */
#include "common/mapping.h"
#include "common/conf_table.h"
#include "common/nearest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const directions[] = {
    [MAPPING_BOTH] = "both",
    [MAPPING_TO_SALESFORCE] = "to_salesforce",
    [MAPPING_TO_HUBSPOT] = "to_hubspot",
};
#define N_DIRECTIONS (sizeof(directions) / sizeof(directions[0]))

static const char *const transforms[TRANSFORM_COUNT] = {
    [TRANSFORM_TEXT] = "text",
    [TRANSFORM_HTML] = "html",
    [TRANSFORM_NUMBER] = "number",
    [TRANSFORM_MS_TO_S] = "ms_to_s",
    [TRANSFORM_BOOL] = "bool",
    [TRANSFORM_TIME] = "time",
    [TRANSFORM_DATE] = "date",
    [TRANSFORM_DISPOSITION] = "disposition",
    [TRANSFORM_OWNER] = "owner",
    [TRANSFORM_TASK_STATUS] = "task_status",
    [TRANSFORM_TASK_PRIORITY] = "task_priority",
    [TRANSFORM_CALL_STATUS] = "call_status",
    [TRANSFORM_CALL_DIRECTION] = "call_direction",
    [TRANSFORM_EMAIL_STATUS] = "email_status",
};

const char *
side_name(enum side side)
{
    return side == SIDE_HUBSPOT ? "hubspot" : "salesforce";
}

const char *
side_title(enum side side)
{
    return side == SIDE_HUBSPOT ? "HubSpot" : "Salesforce";
}

enum side
side_other(enum side side)
{
    return side == SIDE_HUBSPOT ? SIDE_SALESFORCE : SIDE_HUBSPOT;
}

const char *
mapping_direction_name(enum mapping_direction direction)
{
    return directions[direction];
}

const char *
transform_name(enum transform transform)
{
    return transforms[transform];
}

bool
mapping_goes_to(const struct mapping_pair *pair, enum side side)
{
    return pair->direction == MAPPING_BOTH ||
           pair->direction == (side == SIDE_HUBSPOT ? MAPPING_TO_HUBSPOT
                                                    : MAPPING_TO_SALESFORCE);
}

/* The next part before a comma, without blanks around it. */
static const char *
next_part(const char **s, char *buf, size_t size)
{
    size_t len = strcspn(*s, ",");
    const char *part = *s;

    *s += len + ((*s)[len] == ',');
    while (len > 0 && isspace((unsigned char)*part))
        part++, len--;
    while (len > 0 && isspace((unsigned char)part[len - 1]))
        len--;
    snprintf(buf, size, "%.*s", (int)(len < size ? len : size - 1), part);
    return buf;
}

/* Its place in a list of words; -1: none, and what would be nearest. */
static int
word(const char *what, const char *wanted, const char *const *words, size_t n,
     struct error *err)
{
    struct nearest best = {NULL, 0};

    for (size_t i = 0; i < n; i++) {
        if (strcmp(words[i], wanted) == 0)
            return (int)i;
        nearest_consider(&best, wanted, words[i]);
    }
    return error_set(err, EX_CONFIG,
                     "\"%s\" is no %s; the nearest known one is \"%s\"", wanted,
                     what, best.name);
}

static bool
is_name(const char *s)
{
    return isalpha((unsigned char)s[0]) && strlen(s) <= MAPPING_NAME_MAX &&
           s[strspn(s, "abcdefghijklmnopqrstuvwxyz"
                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

int
mapping_parse(const char *property, const char *value, struct mapping_pair *out,
              struct error *err)
{
    char part[MAPPING_NAME_MAX + 2];
    int n;

    memset(out, 0, sizeof(*out));
    if (!is_name(property))
        return error_set(err, EX_CONFIG,
                         "\"%.120s\" is no name of a HubSpot "
                         "property",
                         property);
    strcpy(out->name[SIDE_HUBSPOT], property);
    if (value[strspn(value, " \t")] == '\0')
        return 0;
    if (!is_name(next_part(&value, part, sizeof(part))))
        return error_set(err, EX_CONFIG,
                         "\"%s\" is no name of a Salesforce field", part);
    strcpy(out->name[SIDE_SALESFORCE], part);
    if (*value == '\0')
        return 0;
    n = word("direction", next_part(&value, part, sizeof(part)), directions,
             N_DIRECTIONS, err);
    if (n < 0)
        return -1;
    out->direction = (enum mapping_direction)n;
    if (*value == '\0')
        return 0;
    n = word("transform", next_part(&value, part, sizeof(part)), transforms,
             TRANSFORM_COUNT, err);
    if (n < 0)
        return -1;
    out->transform = (enum transform)n;
    if (*value != '\0')
        return error_set(err, EX_CONFIG,
                         "more than a field, a direction and a transform");
    return 0;
}

#define OWNER_NAME "hubspot_owner_id"
#define OWNER_LINE "OwnerId, both, owner"

struct reading {
    const struct conf *conf;
    const char *section;
    struct mapping *out;
    struct error *err;
    int rv;
};

static size_t
find(const struct mapping *m, enum side side, const char *name)
{
    size_t i = 0;

    while (i < m->n && strcasecmp(m->pairs[i].name[side], name) != 0)
        i++;
    return i;
}

static void
take_away(struct mapping *m, size_t at)
{
    if (at == m->n)
        return;
    memmove(&m->pairs[at], &m->pairs[at + 1],
            (m->n - at - 1) * sizeof(m->pairs[0]));
    m->n--;
}

static int
fail(struct reading *r, const char *property, const char *what)
{
    char where[512];

    return error_set(
        r->err, EX_CONFIG, "%s: [%s] %s: %s",
        conf_where(r->conf, r->section, property, where, sizeof(where)),
        r->section, property, what);
}

static bool
is_line_of(const struct mapping_pair *pair, const char *property,
           const char *line)
{
    const char *field = pair->name[SIDE_SALESFORCE];
    size_t len = strlen(field);

    return strcmp(pair->name[SIDE_HUBSPOT], property) == 0 &&
           strncmp(line, field, len) == 0 &&
           (line[len] == ',' || line[len] == '\0');
}

bool
mapping_is_shipped(const struct mapping_pair *pair)
{
    bool is_one = mapping_tie_of(pair) != MAPPING_NO_TIE ||
                  is_line_of(pair, OWNER_NAME, OWNER_LINE);

    for (size_t i = 0; i < conf_n_mapped && !is_one; i++)
        is_one = is_line_of(pair, conf_mapped[i].key, conf_mapped[i].value);
    return is_one;
}

/* Add a pair, or put it in the place of the same property's. */
static int
put(struct reading *r, const struct mapping_pair *pair)
{
    struct mapping *m = r->out;
    const char *property = pair->name[SIDE_HUBSPOT];
    size_t at = find(m, SIDE_HUBSPOT, property);

    if (pair->name[SIDE_SALESFORCE][0] == '\0') {
        take_away(m, at);
        return 0;
    }
    if (at == MAPPING_LINES)
        return fail(r, property, "too many lines (64)");
    m->pairs[at] = *pair;
    m->n += at == m->n;
    return 0;
}

static void
take_line(void *ctx, const char *property, const char *value)
{
    struct reading *r = ctx;
    struct mapping_pair pair;

    if (r->rv == 0)
        r->rv = mapping_parse(property, value, &pair, r->err);
    if (r->rv == 0)
        r->rv = put(r, &pair);
}

/* One value cannot come from two properties. */
static int
check(struct reading *r)
{
    for (size_t i = 0; i < r->out->n; i++) {
        const struct mapping_pair *p = &r->out->pairs[i];

        if (find(r->out, SIDE_SALESFORCE, p->name[SIDE_SALESFORCE]) != i)
            return fail(r, p->name[SIDE_HUBSPOT],
                        "another line has the same Salesforce field; take one "
                        "of them away: PROPERTY =");
    }
    return 0;
}

int
mapping_read(const struct conf *conf, enum activity activity,
             struct mapping *out, struct error *err)
{
    struct reading r = {conf, conf_mapping(activity), out, err, 0};

    out->n = 0;
    for (size_t i = 0; i < conf_n_mapped; i++)
        if (conf_mapped[i].activity == activity)
            take_line(&r, conf_mapped[i].key, conf_mapped[i].value);
    if (conf_bool(conf, "owners", "sync"))
        take_line(&r, OWNER_NAME, OWNER_LINE);
    conf_each(conf, r.section, take_line, &r);
    return r.rv < 0 ? -1 : check(&r);
}

/* [activity.KIND] NAME = both | to_salesforce | to_hubspot | off */
static int
add_tie(struct reading *r, const char *section, enum mapping_tie tie,
        const char *name, const char *field)
{
    struct mapping *m = r->out;
    const char *direction = conf_str(r->conf, section, name);
    size_t at = find(m, SIDE_SALESFORCE, field);
    struct mapping_pair *pair;
    char line[MAPPING_NAME_MAX];

    if (strcmp(direction, "off") == 0)
        return 0;
    if (at < m->n)
        return fail(r, m->pairs[at].name[SIDE_HUBSPOT],
                    "the field is that of an association; switch that off, or "
                    "take the line away: PROPERTY =");
    pair = &m->pairs[m->n++];
    snprintf(line, sizeof(line), "%s, %s", field, direction);
    if (mapping_parse(name, line, pair, r->err) < 0)
        return -1;
    pair->transform =
        tie == MAPPING_CONTACT ? TRANSFORM_CONTACT : TRANSFORM_ACCOUNT;
    return 0;
}

int
mapping_add_ties(const struct conf *conf, enum activity activity,
                 struct mapping *out, struct error *err)
{
    struct reading r = {conf, conf_mapping(activity), out, err, 0};
    const char *section = conf_activity(activity);

    return add_tie(&r, section, MAPPING_CONTACT, MAPPING_CONTACT_NAME,
                   "WhoId") < 0
               ? -1
               : add_tie(&r, section, MAPPING_ACCOUNT, MAPPING_ACCOUNT_NAME,
                         "WhatId");
}

enum mapping_tie
mapping_tie_of(const struct mapping_pair *pair)
{
    switch (pair->transform) {
    case TRANSFORM_CONTACT:
        return MAPPING_CONTACT;
    case TRANSFORM_ACCOUNT:
        return MAPPING_ACCOUNT;
    default:
        return MAPPING_NO_TIE;
    }
}

const struct mapping_pair *
mapping_tie(const struct mapping *map, enum mapping_tie tie)
{
    for (size_t i = 0; i < map->n; i++)
        if (mapping_tie_of(&map->pairs[i]) == tie)
            return &map->pairs[i];
    return NULL;
}
