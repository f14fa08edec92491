/* pair: see pair.h. */
#include "stages/tools/check/pair.h"

#include "common/json.h"
#include "common/transform.h"
#include "stages/tools/check/class.h"
#include "stages/tools/check/fits.h"
#include "stages/tools/check/screens.h"
#include "stages/tools/check/values.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool
is_true(const cJSON *object, const char *key)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static bool
is_false(const cJSON *object, const char *key)
{
    return cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(object, key));
}

static bool
is_a(const cJSON *definition, const char *key, const char *value)
{
    const char *has = json_str(definition, key);

    return has != NULL && strcmp(has, value) == 0;
}

/* The direction that does not write to a side. */
static const char *
away_from(enum side side)
{
    return mapping_direction_name(side == SIDE_HUBSPOT ? MAPPING_TO_SALESFORCE
                                                       : MAPPING_TO_HUBSPOT);
}

/* What is not seen may be misspelt, hidden, or not there. */
static void
tell_how_to_see(const struct pair_case *c, enum side side, const char *near,
                struct findings *out)
{
    const char *name = c->pair->name[side];
    const char *away = c->pair->name[SIDE_HUBSPOT];
    char object[32], meant[160] = "";

    snprintf(object, sizeof(object), "%ss",
             activity_facts(c->activity)->object);
    if (near != NULL)
        snprintf(meant, sizeof(meant), "write %s; or, if %s is meant: ", near,
                 name);
    if (side == SIDE_HUBSPOT)
        finding_mend(out,
                     "%smake the property in HubSpot (Settings > Properties), "
                     "or take the line away: %s =",
                     meant, away);
    else
        finding_mend(out,
                     "%s" SCREEN_FIELDS ": tick Read Access and Edit Access; "
                     "or make the field, or take the line away: %s =",
                     meant, object, away);
}

/* Its definition; NULL: there is none, and it was told, or it is not known. */
static const cJSON *
find(const struct pair_case *c, enum side side, struct findings *out)
{
    const struct activity_facts *facts = activity_facts(c->activity);
    const char *name = c->pair->name[side];
    const char *thing = side == SIDE_HUBSPOT ? "property" : "field";
    const cJSON *found;
    const char *near;

    if (c->list[side] == NULL)
        return NULL;
    found = json_find(c->list[side], "name", name);
    if (found != NULL && !is_true(found, "archived"))
        return found;
    near = found == NULL ? finding_near(c->list[side], name) : NULL;
    finding_add(
        out, FINDING_ERROR, "missing",
        "%s's %s have no %s %s that crmpipe may see%s%s", side_title(side),
        side == SIDE_HUBSPOT ? facts->collection : facts->object, thing, name,
        near != NULL ? "; the nearest is " : "", near != NULL ? near : "");
    tell_how_to_see(c, side, near, out);
    return NULL;
}

/* ---- may it be written ---- */

static void
tell_read_only(const struct pair_case *c, enum side side, struct findings *out)
{
    const struct mapping_pair *pair = c->pair;
    bool is_both = pair->direction == MAPPING_BOTH;
    char object[32], one_way[300] = "map another one";

    finding_add(out, FINDING_ERROR, "read-only",
                "%s in %s is read-only, for crmpipe's user at least",
                pair->name[side], side_title(side));
    if (is_both)
        snprintf(one_way, sizeof(one_way),
                 "write %s as the direction: %s = %s, %s, %s", away_from(side),
                 pair->name[SIDE_HUBSPOT], pair->name[SIDE_SALESFORCE],
                 away_from(side), transform_name(pair->transform));
    snprintf(object, sizeof(object), "%ss",
             activity_facts(c->activity)->object);
    if (side == SIDE_SALESFORCE)
        finding_mend(out,
                     "let the user edit it: " SCREEN_FIELDS ": tick Edit "
                     "Access; or %s, or take the line away: %s =",
                     object, one_way, pair->name[SIDE_HUBSPOT]);
    finding_mend(out, "%s, or take the line away: %s =", one_way,
                 pair->name[SIDE_HUBSPOT]);
}

static void
check_hubspot_access(const struct pair_case *c, const cJSON *property,
                     struct findings *out)
{
    const cJSON *meta =
        cJSON_GetObjectItemCaseSensitive(property, "modificationMetadata");

    if (is_true(meta, "readOnlyValue") || is_true(property, "calculated"))
        tell_read_only(c, SIDE_HUBSPOT, out);
}

static void
check_salesforce_access(const struct pair_case *c, const cJSON *field,
                        struct findings *out)
{
    const char *name = c->pair->name[SIDE_SALESFORCE];
    bool no_create = is_false(field, "createable");
    bool no_update = is_false(field, "updateable");

    if (strcasecmp(name, c->external_id) == 0) {
        finding_add(out, FINDING_ERROR, "own-field",
                    "%s is the external id, which crmpipe itself fills", name);
        finding_mend(out, "map another field");
    } else if (no_create && no_update) {
        tell_read_only(c, SIDE_SALESFORCE, out);
    } else if (no_update && c->updates[SIDE_HUBSPOT]) {
        finding_add(out, FINDING_ERROR, "create-only",
                    "%s can be set in a new record only, but changes of "
                    "HubSpot go over",
                    name);
        finding_mend(out,
                     "write to_hubspot as the direction, or "
                     "updated_in_hubspot = ignore in [activity.%s]",
                     activity_facts(c->activity)->name);
    } else if (no_create && c->makes[SIDE_HUBSPOT]) {
        finding_add(out, FINDING_ERROR, "update-only",
                    "%s cannot be set in a new record", name);
        finding_mend(out, "write to_hubspot as the direction");
    }
}

/* ---- does it fit ---- */

static void
tell_unfit(const struct pair_case *c, enum side side, enum fit fit,
           const enum class class[SIDE_COUNT], const char *type,
           struct findings *out)
{
    const struct mapping_pair *pair = c->pair;
    const char *transform = transform_name(pair->transform);
    enum transform better;

    if (fit == FIT_NO)
        finding_add(out, FINDING_ERROR, "type",
                    "%s in %s is %s (%s), which does not fit the transform %s",
                    pair->name[side], side_title(side), class_name(class[side]),
                    type, transform);
    else
        finding_add(out, FINDING_WARNING, "type",
                    "%s in %s is %s (%s): a record whose value the transform "
                    "%s cannot read is given up",
                    pair->name[side], side_title(side), class_name(class[side]),
                    type, transform);
    if (fits_suggest(pair, class, &better))
        finding_mend(out, "write %s as the transform: %s = %s, %s, %s",
                     transform_name(better), pair->name[SIDE_HUBSPOT],
                     pair->name[SIDE_SALESFORCE],
                     mapping_direction_name(pair->direction),
                     transform_name(better));
    finding_mend(out, "map it to a property and a field of one type");
}

static bool
check_types(const struct pair_case *c, const cJSON *const def[SIDE_COUNT],
            const enum class class[SIDE_COUNT], struct findings *out)
{
    bool all = true;

    if (def[SIDE_HUBSPOT] == NULL || def[SIDE_SALESFORCE] == NULL)
        return true; /* what fits depends on both */
    for (int i = 0; i < SIDE_COUNT; i++) {
        enum side side = (enum side)i;
        const char *type = json_str(def[i], "type");
        enum fit fit = fits_side(c->pair, side, class);

        if (fit != FIT_ALL)
            tell_unfit(c, side, fit, class, type != NULL ? type : "?", out);
        all &= fit != FIT_NO;
    }
    return all;
}

/* What the types let pass, and yet not whole. */
static void
check_losses(const struct pair_case *c, const cJSON *const def[SIDE_COUNT],
             const enum class class[SIDE_COUNT], struct findings *out)
{
    const struct mapping_pair *pair = c->pair;
    bool to_salesforce = mapping_goes_to(pair, SIDE_SALESFORCE);

    if (pair->transform == TRANSFORM_TEXT &&
        is_a(def[SIDE_HUBSPOT], "fieldType", "html")) {
        finding_add(out, FINDING_WARNING, "loses",
                    "%s in HubSpot is HTML: its tags go over as text, and < "
                    "and & of Salesforce are lost in it",
                    pair->name[SIDE_HUBSPOT]);
        finding_mend(out, "write html as the transform");
    }
    if (pair->transform == TRANSFORM_NUMBER && to_salesforce &&
        is_a(def[SIDE_SALESFORCE], "type", "int")) {
        finding_add(out, FINDING_WARNING, "loses",
                    "%s in Salesforce holds whole numbers only: a fraction "
                    "has no place in it",
                    pair->name[SIDE_SALESFORCE]);
        finding_mend(out, "map it to a field with decimal places, unless "
                          "HubSpot's numbers are whole");
    }
    for (int i = 0; i < SIDE_COUNT; i++) {
        enum side to = (enum side)i, from = side_other(to);

        if (!mapping_goes_to(pair, to) || class[from] != CLASS_CHOICES ||
            class[to] != CLASS_CHOICE)
            continue;
        finding_add(out, FINDING_WARNING, "loses",
                    "%s can hold several values at once, %s one only",
                    pair->name[from], pair->name[to]);
        finding_mend(out, "map it to a list that holds several, or a text");
    }
}

static void
check_length(const struct pair_case *c, const cJSON *field,
             const enum class class[SIDE_COUNT], struct findings *out)
{
    const struct mapping_pair *pair = c->pair;
    bool is_text = pair->transform == TRANSFORM_TEXT ||
                   pair->transform == TRANSFORM_HTML ||
                   pair->transform == TRANSFORM_DISPOSITION;
    int64_t length;

    if (!is_text || class[SIDE_HUBSPOT] != CLASS_TEXT ||
        class[SIDE_SALESFORCE] != CLASS_TEXT ||
        !mapping_goes_to(pair, SIDE_SALESFORCE) ||
        !json_i64(field, "length", &length) || length <= 0 ||
        (uint64_t)length >= transform_units_max(pair))
        return;
    finding_add(out, FINDING_WARNING, "length",
                "%s in Salesforce holds %d characters, %s in HubSpot more: a "
                "record with a longer text is refused there",
                pair->name[SIDE_SALESFORCE], (int)length,
                pair->name[SIDE_HUBSPOT]);
    finding_mend(out, "keep %s shorter, or map it to a longer field",
                 pair->name[SIDE_HUBSPOT]);
}

void
pair_check(const struct pair_case *c, struct findings *out)
{
    const cJSON *const def[SIDE_COUNT] = {find(c, SIDE_HUBSPOT, out),
                                          find(c, SIDE_SALESFORCE, out)};
    enum class class[SIDE_COUNT];

    for (int i = 0; i < SIDE_COUNT; i++)
        class[i] = class_of((enum side)i, def[i]);
    if (def[SIDE_HUBSPOT] != NULL && mapping_goes_to(c->pair, SIDE_HUBSPOT))
        check_hubspot_access(c, def[SIDE_HUBSPOT], out);
    if (def[SIDE_SALESFORCE] != NULL &&
        mapping_goes_to(c->pair, SIDE_SALESFORCE))
        check_salesforce_access(c, def[SIDE_SALESFORCE], out);
    if (!check_types(c, def, class, out))
        return;
    check_losses(c, def, class, out);
    check_length(c, def[SIDE_SALESFORCE], class, out);
    values_check(c->pair, def, out);
}
