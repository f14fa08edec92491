/* plan_property: HubSpot's part of the plan: the property that holds the id of
 * an activity's Salesforce record. */
#include "common/json.h"
#include "stages/tools/setup/plan_private.h"

#include <stdio.h>
#include <string.h>

/* The group that the object's own properties are in: what HubSpot calls it is
 * documented nowhere. */
static void
put_group(struct step *s, const char *title, const cJSON *properties)
{
    const char *group =
        json_str(plan_named(properties, "name", title), "groupName");
    const cJSON *item;

    cJSON_ArrayForEach(item, properties)
    {
        if (group == NULL)
            group = json_str(item, "groupName");
    }
    snprintf(s->group, sizeof(s->group), "%s", group != NULL ? group : "");
}

static void
tell_there(struct step *s, const cJSON *property)
{
    const cJSON *meta =
        cJSON_GetObjectItemCaseSensitive(property, "modificationMetadata");
    const char *type = json_str(property, "type");
    bool is_text = type != NULL && strcmp(type, "string") == 0;

    if (is_text && !plan_is_true(meta, "readOnlyValue")) {
        snprintf(s->detail, sizeof(s->detail), "%s",
                 plan_is_true(property, "hasUniqueValue")
                     ? "is there and unique"
                     : "is there, but not unique, which HubSpot decides when a "
                       "property is made: after a crash new records are looked "
                       "up by a search");
        return;
    }
    s->state = STEP_WRONG;
    if (is_text)
        snprintf(s->detail, sizeof(s->detail), "is there, but read-only");
    else
        snprintf(s->detail, sizeof(s->detail),
                 "is there with the type %s, but string is needed",
                 type != NULL ? type : "?");
    snprintf(s->fix, sizeof(s->fix),
             "HubSpot: Settings > Properties > choose this type of activity > "
             "%s > Delete; then run setup again, which makes it anew",
             HUBSPOT_SALESFORCE_ID);
}

void
plan_property(struct plan *plan, enum activity activity,
              const cJSON *properties)
{
    const struct activity_facts *facts = activity_facts(activity);
    const cJSON *property =
        plan_named(properties, "name", HUBSPOT_SALESFORCE_ID);
    struct step *s =
        plan_add(plan, STEP_PROPERTY, property != NULL ? STEP_THERE : STEP_TODO,
                 "property " HUBSPOT_SALESFORCE_ID " of %s", facts->collection);

    snprintf(s->name, sizeof(s->name), "%s", facts->collection);
    snprintf(s->why, sizeof(s->why),
             "so that a record made in HubSpot is never made twice: "
             "[activity.%s] sync = on",
             facts->name);
    put_group(s, facts->title, properties);
    if (property != NULL)
        tell_there(s, property);
    else
        snprintf(s->detail, sizeof(s->detail),
                 "text in group %.60s, unique where HubSpot accepts that",
                 s->group);
}
