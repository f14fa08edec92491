/* activity_pair: see activity_pair.h. */
#include "stages/conflict-resolver/activity_pair.h"

#include "common/json.h"

#include <stdlib.h>
#include <string.h>

int
activity_pair_read(const struct activity_world *world,
                   const struct activity_case *c, const struct event *ev,
                   struct activity_pair *p, struct error *err)
{
    cJSON *fields = ev->field[EVENT_PROPS].data != NULL
                        ? json_from_mp(ev->field[EVENT_PROPS])
                        : NULL;
    int rv = values_read(world->env, p->both.map, c->side, fields,
                         &p->both.now[c->side], err);

    cJSON_Delete(fields);
    if (rv < 0)
        return -1;
    if (c->own_ties != NULL) {
        p->both.ties[c->side] = *c->own_ties;
        memset(c->own_ties, 0, sizeof(*c->own_ties));
    } else {
        ties_of_event(ev, c->side, &p->both.ties[c->side]);
    }
    linked_pair_tie(&p->both, c->side);
    return 0;
}

static const char *
whose(const char *value)
{
    return value == NULL ? "" : value + value_is_alone(value);
}

bool
activity_pair_hangs_anew(const struct activity_case *c,
                         const struct activity_pair *p)
{
    const struct linked_pair *both = &p->both;

    for (size_t i = 0; i < both->map->n && c->side == SIDE_HUBSPOT; i++)
        if (mapping_tie_of(&both->map->pairs[i]) != MAPPING_NO_TIE &&
            strcmp(whose(both->now[SIDE_HUBSPOT].v[i]),
                   whose(both->snapshot.base[SIDE_HUBSPOT].v[i])) != 0)
            return true;
    return false;
}

bool
activity_pair_is_leads_then(const struct activity_pair *p)
{
    const struct mapping *map = p->both.map;
    const struct mapping_pair *contact = mapping_tie(map, MAPPING_CONTACT);

    if (contact != NULL) {
        const struct merge_pair *who = &p->merge.pairs[contact - map->pairs];

        if (merge_writes_to(who, SIDE_SALESFORCE))
            return tie_is_lead(who->value);
    }
    return linked_pair_is_leads(&p->both);
}

void
activity_pair_merge(const struct merge_rules *rules, struct activity_pair *p)
{
    merge_records(p->both.map, p->side, rules, &p->merge);
    if (activity_pair_is_leads_then(p) && linked_pair_hold_account(&p->both))
        merge_records(p->both.map, p->side, rules, &p->merge);
}

void
activity_pair_init(struct activity_pair *p, const struct activity_world *world,
                   const struct activity_case *c, bool is_linked)
{
    const struct activity_rules *rules = &world->rules[c->activity];
    struct linked_pair *both = &p->both;

    memset(p, 0, sizeof(*p));
    linked_pair_init(both, &rules->map, rules->prefers_opportunity,
                     is_linked ? c->link->snapshot : (struct span){NULL, 0});
    if (is_linked)
        linked_pair_follow(both, &c->agreed);
    for (int s = 0; s < SIDE_COUNT; s++) {
        p->side[s].was = both->snapshot.life[s];
        p->side[s].now = (const char *const *)both->now[s].v;
        p->side[s].base = (const char *const *)both->snapshot.base[s].v;
    }
}

void
activity_pair_fini(struct activity_pair *p)
{
    linked_pair_fini(&p->both);
    free(p->flipped_to);
}
