/* activity_decide: see activity_decide.h. */
#include "stages/conflict-resolver/activity_decide.h"

#include "common/compare.h"
#include "common/json.h"
#include "stages/conflict-resolver/activity_case.h"
#include "stages/conflict-resolver/activity_flip.h"
#include "stages/conflict-resolver/activity_pair.h"
#include "stages/conflict-resolver/activity_put.h"
#include "stages/conflict-resolver/activity_takeover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum activity_step
put(const struct activity_world *world, const struct activity_case *c,
    struct activity_pair *p, const char *id[SIDE_COUNT], struct event *ev,
    int64_t other_at, struct outcome *o)
{
    enum side other = side_other(c->side);
    struct activity_draft draft = {.world = world,
                                   .activity = c->activity,
                                   .side = p->side,
                                   .ties = p->both.ties,
                                   .opportunity = c->opportunity,
                                   .merge = &p->merge,
                                   .is_leads = activity_pair_is_leads_then(p),
                                   .id = {id[0], id[1]},
                                   .version =
                                       c->link != NULL ? c->link->version : 0};
    char key[EVENT_ID_MAX];
    struct error err;

    draft.seen[c->side] = event_i64(ev, EVENT_MODIFIED_AT, 0);
    draft.seen[other] = other_at;
    for (int s = 0; s < SIDE_COUNT; s++)
        if (draft.seen[s] < p->both.snapshot.seen[s])
            draft.seen[s] = p->both.snapshot.seen[s];
    if (c->link != NULL)
        draft.link = c->link->key;
    else if (c->side == SIDE_HUBSPOT)
        draft.link = event_str(ev, EVENT_KEY, key, sizeof(key));
    else if (ev->field[EVENT_OTHER].data != NULL)
        draft.link = event_str(ev, EVENT_OTHER, key, sizeof(key));
    if (activity_put(&draft, ev, &err) < 0)
        return activity_end(o, "dead", "bad-record", err.text);
    return ACTIVITY_PASS;
}

/* Who asks for an import wants it brought over. */
static bool
creates(const struct activity_rules *rules, const struct activity_case *c,
        const struct event *ev)
{
    return rules->creates_from[c->side] || event_bool(ev, EVENT_IMPORT);
}

/* There is no other record yet: as if both had been deleted, the other by us
 * (merge.h). */
static enum activity_step
create(const struct activity_world *world, const struct activity_case *c,
       struct activity_pair *p, struct event *ev, struct outcome *o)
{
    const struct activity_rules *rules = &world->rules[c->activity];
    enum side other = side_other(c->side);
    const char *id[SIDE_COUNT] = {NULL, NULL};

    if (!creates(rules, c, ev))
        return activity_end(o, "dropped", "creation-ignored", NULL);
    p->side[c->side].was.is_deleted = true;
    p->side[other].is_deleted = true;
    p->side[other].was = (struct merge_life){true, true};
    activity_pair_merge(&rules->merge, p);
    id[c->side] = c->id;
    return put(world, c, p, id, ev, 0, o);
}

static bool
is_same(const struct activity_pair *p, const struct activity_case *c, size_t n)
{
    const struct merge_side *own = &p->side[c->side];

    if (own->is_deleted || own->was.is_deleted)
        return own->is_deleted == own->was.is_deleted;
    return !values_differ(&p->both.now[c->side],
                          &p->both.snapshot.base[c->side], n);
}

/* A version that the link has not seen goes on to be saved with it, though it
 * says nothing new: it may take back what is being written just now (merge.h).
 * What the other side says does not matter, so it is as it was. */
static enum activity_step
agree(const struct activity_world *world, const struct activity_case *c,
      struct activity_pair *p, struct event *ev, struct outcome *o)
{
    const struct activity_rules *rules = &world->rules[c->activity];
    enum side other = side_other(c->side);
    const char *id[SIDE_COUNT] = {NULL, NULL};

    if (event_i64(ev, EVENT_MODIFIED_AT, 0) <= p->both.snapshot.seen[c->side])
        return activity_end(o, "unchanged", "no-difference", NULL);
    p->side[other].is_deleted = p->side[other].was.is_deleted;
    p->side[other].now = p->side[other].base;
    merge_records(&rules->map, p->side, &rules->merge, &p->merge);
    return put(world, c, p, id, ev, 0, o);
}

static enum activity_step
begin(const struct activity_world *world, const struct activity_case *c,
      struct activity_pair *p, struct event *ev, struct outcome *o)
{
    const struct activity_rules *rules = &world->rules[c->activity];
    enum relation relation = activity_relation(c, ev, &p->both.snapshot);
    char reason[sizeof(o->reason)], detail[sizeof(o->detail)];
    struct error err;

    p->side[c->side].is_deleted = activity_is_delete(ev);
    if (!rules->is_on)
        return activity_end(o, "dropped", "kind-off", NULL);
    if (relation == RELATION_NONE &&
        ev->field[EVENT_UNLESS_LINKED].data != NULL)
        return activity_end(
            o, "dropped",
            event_str(ev, EVENT_UNLESS_LINKED, reason, sizeof(reason)),
            event_str(ev, EVENT_UNLESS_DETAIL, detail, sizeof(detail)));
    if ((relation == RELATION_NONE || relation == RELATION_NAMED) &&
        activity_is_delete(ev))
        return activity_end(o, "dropped", "not-linked", NULL);
    if (activity_is_flip(ev))
        return relation == RELATION_LINK
                   ? ACTIVITY_READ
                   : activity_end(o, "dropped", "not-linked", NULL);
    if (relation != RELATION_NONE &&
        activity_is_old(c, ev, relation, &p->both.snapshot))
        return activity_end(o, "unchanged", "superseded", NULL);
    if (!activity_is_delete(ev) &&
        activity_pair_read(world, c, ev, p, &err) < 0)
        return activity_end(o, "dead", "bad-record", err.text);
    if (relation == RELATION_NONE)
        return c->link == NULL && event_bool(ev, EVENT_IMPORT)
                   ? ACTIVITY_MATCH
                   : create(world, c, p, ev, o);
    if (relation == RELATION_LINK && !event_bool(ev, EVENT_ASKED) &&
        is_same(p, c, rules->map.n))
        return agree(world, c, p, ev, o);
    return relation == RELATION_LINK &&
                   (activity_pair_hangs_anew(c, p) ||
                    activity_may_be_old(c, ev, &p->both.snapshot))
               ? ACTIVITY_READ_BOTH
               : ACTIVITY_READ;
}

static void
put_target(const struct activity_case *c, struct outcome *o)
{
    if (c->link != NULL)
        snprintf(o->target, sizeof(o->target), "%.*s",
                 (int)sizeof(o->target) - 1, c->link->target);
}

/* A later version, and that it is gone, has an event of its own. */
enum activity_step
activity_own(struct activity_case *c, struct current *own, struct ties *taken,
             const struct event *ev, struct outcome *o)
{
    int64_t at = event_i64(ev, EVENT_MODIFIED_AT, 0);

    if (c->side == SIDE_SALESFORCE && own->modified_at > at) {
        put_target(c, o);
        return activity_end(o, "unchanged", "superseded", NULL);
    }
    if (own->state == CURRENT_ALIVE) {
        *taken = own->ties;
        memset(&own->ties, 0, sizeof(own->ties));
        c->own_ties = taken;
    }
    return ACTIVITY_READ;
}

/* The id of a value that the other side has; false: there is none. */
static bool
take_value(const struct tie_list *list, char id[20])
{
    char *value = tie_list_value(list, SIDE_HUBSPOT, NULL);
    bool is_there = value != NULL && !value_is_alone(value);

    if (is_there)
        snprintf(id, 20, "%s", value);
    free(value);
    return is_there;
}

bool
activity_wants_opportunity(const struct activity_world *world,
                           const struct event *ev, struct activity_case *c)
{
    const struct activity_rules *rules = &world->rules[c->activity];
    const struct mapping_pair *what = mapping_tie(&rules->map, MAPPING_ACCOUNT);
    struct ties ties;
    bool wants;

    if (!rules->is_on || !rules->prefers_opportunity || what == NULL ||
        !mapping_goes_to(what, SIDE_SALESFORCE) || c->side != SIDE_HUBSPOT ||
        c->link != NULL || !creates(rules, c, ev) || activity_is_delete(ev) ||
        ev->field[EVENT_OTHER].data != NULL ||
        ev->field[EVENT_UNLESS_LINKED].data != NULL)
        return false;
    ties_of_event(ev, c->side, &ties);
    wants = take_value(&ties.list[MAPPING_CONTACT], c->wanted_who) &&
            take_value(&ties.list[MAPPING_ACCOUNT], c->wanted_account) &&
            !tie_is_lead(c->wanted_who);
    ties_fini(&ties);
    return wants;
}

enum activity_step
activity_begin(const struct activity_world *world,
               const struct activity_case *c, struct event *ev,
               struct outcome *o)
{
    enum activity_step step;
    struct activity_pair p;

    activity_pair_init(&p, world, c,
                       c->link != NULL && !activity_leads_elsewhere(c, ev));
    put_target(c, o);
    step = begin(world, c, &p, ev, o);
    activity_pair_fini(&p);
    return step;
}

enum activity_step
activity_create(const struct activity_world *world,
                const struct activity_case *c, struct event *ev,
                struct outcome *o)
{
    enum activity_step step = ACTIVITY_END;
    struct error err;
    struct activity_pair p;

    activity_pair_init(&p, world, c, false);
    if (activity_pair_read(world, c, ev, &p, &err) < 0)
        activity_end(o, "dead", "bad-record", err.text);
    else
        step = create(world, c, &p, ev, o);
    activity_pair_fini(&p);
    return step;
}

/* Somebody has seen that the other record is not there any more: it is made
 * anew, as in create(). */
static bool
take_missing(const struct activity_world *world, const struct activity_case *c,
             const struct event *ev, struct activity_pair *p, struct outcome *o)
{
    enum side other = side_other(c->side);

    if (!event_bool(ev, EVENT_ASKED)) {
        activity_end(o, "unchanged", "other-side-missing", NULL);
        return false;
    }
    if (!activity_is_delete(ev) &&
        !creates(&world->rules[c->activity], c, ev)) {
        activity_end(o, "dropped", "creation-ignored", NULL);
        return false;
    }
    p->side[c->side].was.is_deleted = true;
    p->side[other].was = (struct merge_life){true, true};
    return true;
}

/* The other record as a side of the merge. Takes what it hangs on over. false:
 * it cannot be. */
static bool
take_other(const struct activity_world *world, const struct activity_case *c,
           const struct event *ev, struct current *current,
           struct activity_pair *p, struct outcome *o)
{
    enum side other = side_other(c->side);
    struct error err;

    /* What is known to be deleted is deleted still. */
    if (current->state == CURRENT_MISSING && !p->side[other].was.is_deleted &&
        !take_missing(world, c, ev, p, o))
        return false;
    p->side[other].is_deleted = current->state != CURRENT_ALIVE;
    p->both.ties[other] = current->ties;
    memset(&current->ties, 0, sizeof(current->ties));
    if (current->state != CURRENT_ALIVE)
        return true;
    if (values_read(world->env, &world->rules[c->activity].map, other,
                    current->fields, &p->both.now[other], &err) == 0) {
        linked_pair_tie(&p->both, other);
        return true;
    }
    error_wrap(&err, "the record of %s", side_name(other));
    activity_end(o, "dead", "bad-record", err.text);
    return false;
}

/* What the link calls agreed although it is not, nobody knows to have been
 * agreed: it counts as changed on both sides. */
static void
forget_wrong(const struct activity_rules *rules, struct activity_pair *p)
{
    for (size_t i = 0; i < rules->map.n; i++) {
        const char *now[SIDE_COUNT], *base[SIDE_COUNT];

        for (int s = 0; s < SIDE_COUNT; s++) {
            now[s] = p->both.now[s].v[i];
            base[s] = p->both.snapshot.base[s].v[i];
        }
        if (compare_pair(&rules->map.pairs[i], rules->merge.carries_updates,
                         now, base) != COMPARE_APART)
            continue;
        for (int s = 0; s < SIDE_COUNT; s++)
            values_set(&p->both.snapshot.base[s], i, MERGE_UNKNOWN);
    }
}

/* Before the pair was one, nobody was told that a deletion goes over. */
static void
take_over(const struct activity_world *world, const struct activity_case *c,
          const struct event *ev, const struct current *current,
          struct activity_pair *p, struct merge_rules *rules)
{
    rules->carries_deletes[SIDE_HUBSPOT] = false;
    rules->carries_deletes[SIDE_SALESFORCE] = false;
    if (!activity_is_delete(ev) && current->state == CURRENT_ALIVE)
        activity_take_over(world, c,
                           c->side == SIDE_HUBSPOT
                               ? event_i64(ev, EVENT_MODIFIED_AT, 0)
                               : current->modified_at,
                           p);
}

static enum activity_step
finish(const struct activity_world *world, const struct activity_case *c,
       struct current *current, struct activity_pair *p, struct event *ev,
       struct outcome *o)
{
    const struct mapping *map = &world->rules[c->activity].map;
    struct merge_rules rules = world->rules[c->activity].merge;
    const char *id[SIDE_COUNT];
    char other_id[64];
    struct error err;

    p->side[c->side].is_deleted = activity_is_delete(ev);
    if (!activity_is_delete(ev) &&
        activity_pair_read(world, c, ev, p, &err) < 0)
        return activity_end(o, "dead", "bad-record", err.text);
    if (!take_other(world, c, ev, current, p, o))
        return ACTIVITY_END;
    if (!p->side[SIDE_HUBSPOT].is_deleted &&
        !p->side[SIDE_SALESFORCE].is_deleted)
        linked_pair_fit(&p->both);
    if (event_bool(ev, EVENT_ASKED) && p->both.snapshot.is_activity &&
        !activity_is_delete(ev) && current->state == CURRENT_ALIVE)
        forget_wrong(&world->rules[c->activity], p);
    if (activity_relation(c, ev, &p->both.snapshot) == RELATION_TIMELINE)
        take_over(world, c, ev, current, p, &rules);
    /* A person may have decided that the other record stays. */
    if (event_bool(ev, EVENT_LEAVE))
        rules.carries_deletes[c->side] = false;
    if (activity_is_flip(ev))
        linked_pair_keep_ties(&p->both);
    activity_pair_merge(&rules, p);
    /* The other side's deletion has an event of its own, which its fetcher
     * counts: nothing is deleted past that. */
    if (p->merge.verdict == MERGE_DELETE && !activity_is_delete(ev))
        return activity_end(o, "unchanged", merge_reason(MERGE_LEAVE), NULL);
    if (activity_is_flip(ev) && !activity_flip(world->env, map, p->side, ev,
                                               &p->merge, &p->flipped_to, o))
        return ACTIVITY_END;
    if (!p->merge.moves_base && merge_reason(p->merge.verdict) != NULL &&
        event_i64(ev, EVENT_MODIFIED_AT, 0) == p->both.snapshot.seen[c->side])
        return activity_end(o, "unchanged", merge_reason(p->merge.verdict),
                            NULL);
    activity_other_id(c, ev, other_id, sizeof(other_id));
    id[c->side] = c->id;
    /* What is not there cannot be restored, only made anew. */
    id[side_other(c->side)] = current->state == CURRENT_MISSING ? "" : other_id;
    return put(world, c, p, id, ev, current->modified_at, o);
}

enum activity_step
activity_finish(const struct activity_world *world,
                const struct activity_case *c, struct current *other,
                struct event *ev, struct outcome *o)
{
    enum activity_step step;
    struct activity_pair p;

    activity_pair_init(&p, world, c,
                       c->link != NULL && !activity_leads_elsewhere(c, ev));
    put_target(c, o);
    step = finish(world, c, other, &p, ev, o);
    activity_pair_fini(&p);
    return step;
}
