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
    ties_of_event(ev, c->side, &p->both.ties[c->side]);
    linked_pair_tie(&p->both, c->side);
    return 0;
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
