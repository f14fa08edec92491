/* values: see values.h. */
#include "stages/tools/check/values.h"

#include "common/json.h"
#include "common/picklist.h"
#include "common/text.h"
#include "stages/tools/check/class.h"

#include <string.h>
#include <strings.h>

#define NAMED_MAX 5 /* what is missing, by name */

/* What a side's list lacks, of what goes there. */
struct missing {
    size_t n;
    char names[256];
    bool is_shipped; /* one of them is what the shipped transform writes */
};

static const cJSON *
get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* Does the transform translate by a list of its own? */
static bool
translates(const struct mapping_pair *pair)
{
    return picklist_nth_label(pair->transform, 0) != NULL;
}

/* The values of a side's list; NULL: any. */
static const cJSON *
list_of(enum side side, const cJSON *definition)
{
    const cJSON *list =
        get(definition, side == SIDE_HUBSPOT ? "options" : "picklistValues");
    enum class class = class_of(side, definition);

    if ((class != CLASS_CHOICE && class != CLASS_CHOICES) ||
        cJSON_IsTrue(get(definition, "externalOptions")))
        return NULL;
    return cJSON_GetArraySize(list) > 0 ? list : NULL;
}

static bool
is_active(const cJSON *value)
{
    return !cJSON_IsFalse(get(value, "active"));
}

/* Salesforce takes a value in any case, HubSpot as it is. */
static bool
has(enum side side, const cJSON *list, const char *value)
{
    const cJSON *item;
    const char *s;

    cJSON_ArrayForEach(item, list)
    {
        s = json_str(item, "value");
        if (s != NULL && is_active(item) &&
            (side == SIDE_HUBSPOT ? strcmp(s, value) : strcasecmp(s, value)) ==
                0)
            return true;
    }
    return false;
}

/* What a value of the other side is written as. */
static const char *
written_as(const struct mapping_pair *pair, enum side to, const char *value)
{
    const char *label, *word;

    if (!translates(pair))
        return value;
    label = picklist_label(pair->transform, value, strlen(value));
    if (label == NULL)
        label = value;
    if (to == SIDE_SALESFORCE)
        return label;
    word = picklist_value(pair->transform, label, strlen(label));
    return word != NULL ? word : label;
}

static void
miss(struct missing *m, const struct mapping_pair *pair, const char *value)
{
    size_t len = strlen(m->names);
    char name[48];

    snprintf(name, sizeof(name), "\"%.40s\"", value);
    if (strstr(m->names, name) != NULL)
        return; /* two words may become one */
    if (translates(pair) &&
        picklist_label(pair->transform, value, strlen(value)) != NULL)
        m->is_shipped = true;
    if (++m->n <= NAMED_MAX)
        snprintf(m->names + len, sizeof(m->names) - len, "%s%s",
                 m->n > 1 ? ", " : "", name);
    else if (m->n == NAMED_MAX + 1)
        snprintf(m->names + len, sizeof(m->names) - len, ", ...");
}

static void
look_for(const struct mapping_pair *pair, enum side to, const cJSON *list,
         const char *value, struct missing *m)
{
    const char *as = written_as(pair, to, value);

    if (!has(to, list, as))
        miss(m, pair, as);
}

/* All that can come from the other side: its list; else the transform's. */
static void
look_for_all(const struct mapping_pair *pair, enum side to, const cJSON *list,
             const cJSON *origin, struct missing *m)
{
    const char *standard = NULL, *label;
    const cJSON *item;

    cJSON_ArrayForEach(item, origin)
    {
        if (json_str(item, "value") != NULL && is_active(item))
            look_for(pair, to, list, json_str(item, "value"), m);
    }
    if (!translates(pair))
        return;
    for (size_t i = 0; origin == NULL; i++) {
        label = picklist_nth_label(pair->transform, i);
        if (label == NULL)
            break;
        look_for(pair, to, list, label, m);
    }
    standard = picklist_default(pair->transform);
    if (standard != NULL)
        look_for(pair, to, list, standard, m);
}

/* The direction that does not write to a side. */
static const char *
away_from(enum side side)
{
    return mapping_direction_name(side == SIDE_HUBSPOT ? MAPPING_TO_SALESFORCE
                                                       : MAPPING_TO_HUBSPOT);
}

/* A list of HubSpot's own, which nobody can add to. */
static bool
is_fixed(const cJSON *definition)
{
    const cJSON *meta = get(definition, "modificationMetadata");

    const cJSON *options = get(meta, "readOnlyOptions");

    return cJSON_IsTrue(
        cJSON_IsBool(options) ? options : get(meta, "readOnlyDefinition"));
}

static void
tell(const struct mapping_pair *pair, enum side to, const cJSON *definition,
     bool refuses, const struct missing *m, struct findings *out)
{
    const char *name = pair->name[to];
    const char *whose = side_title(to);
    const char *it = m->n == 1 ? "it" : "them";

    finding_add(out, refuses && m->is_shipped ? FINDING_ERROR : FINDING_WARNING,
                "values", "%s has no %s%s in the list of %s: %s", whose,
                m->n > NAMED_MAX ? "such values as " : "", m->names, name,
                refuses ? "a record with it is refused there"
                        : "it is taken there, but nobody can choose it");
    if (is_fixed(definition))
        finding_mend(out,
                     "nobody can add to that list: map it one way, %s, or "
                     "live with it",
                     away_from(to));
    finding_mend(out, "add %s to the list of %s in %s (and make %s active)", it,
                 name, whose, it);
}

/* Any text of the other side is to become one of a list. */
static void
tell_free(const struct mapping_pair *pair, enum side to, struct findings *out)
{
    finding_add(out, FINDING_WARNING, "values",
                "%s may be any text, but %s takes only what is in its list: a "
                "record with another value is refused there",
                pair->name[side_other(to)], pair->name[to]);
    finding_mend(out, "map it one way, %s, or to a field of text",
                 away_from(to));
}

static void
check_side(const struct mapping_pair *pair, enum side to,
           const cJSON *const definition[SIDE_COUNT], struct findings *out)
{
    enum side from = side_other(to);
    const cJSON *list = list_of(to, definition[to]);
    const cJSON *origin =
        definition[from] != NULL ? list_of(from, definition[from]) : NULL;
    bool refuses = to == SIDE_HUBSPOT ||
                   cJSON_IsTrue(get(definition[to], "restrictedPicklist"));
    struct missing m = {0, "", false};

    if (list == NULL)
        return;
    if (origin == NULL && !translates(pair)) {
        if (refuses && definition[from] != NULL &&
            class_of(from, definition[from]) == CLASS_TEXT)
            tell_free(pair, to, out);
        return;
    }
    look_for_all(pair, to, list, origin, &m);
    if (m.n > 0)
        tell(pair, to, definition[to], refuses, &m, out);
}

void
values_check(const struct mapping_pair *pair,
             const cJSON *const definition[SIDE_COUNT], struct findings *out)
{
    /* A label and its GUID: the account has them elsewhere. */
    if (pair->transform == TRANSFORM_DISPOSITION ||
        (pair->transform != TRANSFORM_TEXT && !translates(pair)))
        return;
    for (int side = 0; side < SIDE_COUNT; side++)
        if (definition[side] != NULL && mapping_goes_to(pair, (enum side)side))
            check_side(pair, (enum side)side, definition, out);
}
