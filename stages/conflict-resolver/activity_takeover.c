/* activity_takeover: see activity_takeover.h. */
#include "stages/conflict-resolver/activity_takeover.h"

#include "common/json.h"
#include "common/sf_id.h"

#include <string.h>

/* The fields of the Task as they were written. */
struct written {
    cJSON *fields; /* of the timeline's snapshot; NULL: not known */
    struct values values;
};

static void
read_written(const struct activity_world *world, const struct activity_case *c,
             const struct mapping *map, struct written *w)
{
    struct span task = mp_get(c->link->snapshot, "task");
    struct error err;

    memset(w, 0, sizeof(*w));
    if (task.data == NULL)
        return;
    w->fields = json_from_mp(task);
    if (w->fields != NULL && w->fields->child != NULL &&
        values_read(world->env, map, SIDE_SALESFORCE, w->fields, &w->values,
                    &err) == 0)
        return;
    cJSON_Delete(w->fields);
    w->fields = NULL;
}

/* Is it the person or the account that was written? */
static bool
is_tie_as_written(const struct written *w, const char *field, const char *now)
{
    char id[SF_ID_SIZE];

    if (!sf_id_normalise(json_str(w->fields, field), id))
        id[0] = '\0';
    return strcmp(now != NULL ? now + value_is_alone(now) : "", id) == 0;
}

static bool
is_as_written(const struct mapping_pair *pair, const struct written *w,
              size_t i, const char *now)
{
    const char *then = w->values.v[i];

    if (mapping_tie_of(pair) != MAPPING_NO_TIE)
        return is_tie_as_written(w, pair->name[SIDE_SALESFORCE], now);
    return strcmp(then != NULL ? then : "", now != NULL ? now : "") == 0;
}

static bool
is_empty(const char *value)
{
    return value == NULL || value[0] == '\0';
}

/* Has a user filled what the timeline sync does not write? Whose the Task is
 * Salesforce has decided itself. */
static bool
is_filled(const struct mapping_pair *pair, const char *now)
{
    return pair->transform != TRANSFORM_OWNER && !is_empty(now);
}

static void
take_over_one(const struct mapping_pair *pair, size_t i,
              const struct written *w, bool hubspot_is_newer,
              struct linked_pair *both)
{
    const char *hubspot = both->now[SIDE_HUBSPOT].v[i];
    const char *task = both->now[SIDE_SALESFORCE].v[i];
    bool is_written =
        w->fields == NULL ||
        cJSON_HasObjectItem(w->fields, pair->name[SIDE_SALESFORCE]);
    bool is_users = is_written
                        ? w->fields != NULL && !is_as_written(pair, w, i, task)
                        : is_filled(pair, task);
    bool hubspot_stands =
        is_written ? is_users && !hubspot_is_newer : is_empty(hubspot);

    values_set(&both->snapshot.base[SIDE_SALESFORCE], i,
               is_users ? MERGE_UNKNOWN : task);
    values_set(&both->snapshot.base[SIDE_HUBSPOT], i,
               hubspot_stands ? hubspot : MERGE_UNKNOWN);
}

void
activity_take_over(const struct activity_world *world,
                   const struct activity_case *c, int64_t hubspot_at,
                   struct activity_pair *p)
{
    const struct mapping *map = p->both.map;
    struct written w;

    read_written(world, c, map, &w);
    for (size_t i = 0; i < map->n; i++)
        take_over_one(&map->pairs[i], i, &w, hubspot_at > c->link->modified_at,
                      &p->both);
    values_fini(&w.values);
    cJSON_Delete(w.fields);
}
