/* activity_decide: see activity_decide.h. */
#include "stages/conflict-resolver/activity_decide.h"

#include "common/compare.h"
#include "common/json.h"
#include "stages/conflict-resolver/activity_flip.h"
#include "stages/conflict-resolver/activity_pair.h"
#include "stages/conflict-resolver/activity_put.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How an event's record hangs together with one of the other side. */
enum relation {
    RELATION_NONE,     /* it is alone */
    RELATION_NAMED,    /* it names the other, or is its twin, and no link says
                          so yet */
    RELATION_TIMELINE, /* by a link of the timeline sync */
    RELATION_LINK
};

static enum activity_step
end(struct outcome *o, const char *outcome, const char *reason,
    const char *detail)
{
    snprintf(o->outcome, sizeof(o->outcome), "%s", outcome);
    snprintf(o->reason, sizeof(o->reason), "%s", reason);
    snprintf(o->detail, sizeof(o->detail), "%s", detail != NULL ? detail : "");
    return ACTIVITY_END;
}

/* "call" and "512" of "hubspot:call:512". */
static bool
split(const char *key, char type[32], const char **id)
{
    const char *first = strchr(key, ':');
    const char *second = first != NULL ? strchr(first + 1, ':') : NULL;

    if (second == NULL || second - first > 32)
        return false;
    snprintf(type, 32, "%.*s", (int)(second - first - 1), first + 1);
    *id = second + 1;
    return **id != '\0';
}

bool
activity_case_of(const struct event *ev, struct activity_case *c, char *id,
                 size_t size, struct outcome *o)
{
    char key[EVENT_ID_MAX], source[16], kind[32], type[32];
    const char *own;

    memset(c, 0, sizeof(*c));
    event_str(ev, EVENT_KEY, key, sizeof(key));
    event_str(ev, EVENT_SOURCE, source, sizeof(source));
    event_str(ev, EVENT_KIND, kind, sizeof(kind));
    c->activity = activity_parse(kind, strlen(kind));
    c->side = strcmp(source, side_name(SIDE_SALESFORCE)) == 0 ? SIDE_SALESFORCE
                                                              : SIDE_HUBSPOT;
    if (c->activity == ACTIVITY_NONE || !split(key, type, &own) ||
        strlen(own) >= size || strcmp(source, side_name(c->side)) != 0) {
        end(o, "dead", "bad-record", "no activity of either side");
        return false;
    }
    snprintf(id, size, "%s", own);
    c->id = id;
    return true;
}

/* The event's own record, as the link has it. */
static const char *
linked_as(const struct activity_case *c)
{
    return c->side == SIDE_SALESFORCE ? c->link->target : c->link->key;
}

/* Does the link lead to another record of its side than the event's? */
static bool
leads_elsewhere(const struct activity_case *c, const struct event *ev)
{
    char key[EVENT_ID_MAX];

    return c->link != NULL && strcmp(linked_as(c), event_str(ev, EVENT_KEY, key,
                                                             sizeof(key))) != 0;
}

bool
activity_fits(const struct activity_case *c, const struct event *ev,
              struct outcome *o)
{
    char type[32];
    const char *id;

    if (c->link == NULL)
        return true;
    /* A Task that the timeline sync made of something else, of a meeting say.
     */
    if (!split(c->link->key, type, &id) ||
        activity_parse(type, strlen(type)) != c->activity) {
        end(o, "dropped", "own-task", NULL);
        return false;
    }
    /* What a record of Salesforce says itself may be right, and the link wrong;
     * that it is a twin takes nothing from a pair. */
    if (!leads_elsewhere(c, ev) || (c->side == SIDE_SALESFORCE &&
                                    event_bool(ev, EVENT_ASKED) && !c->is_twin))
        return true;
    end(o, "dropped", "linked-elsewhere", linked_as(c));
    return false;
}

static enum relation
relation_of(const struct activity_case *c, const struct event *ev,
            const struct snapshot *snapshot)
{
    char type[32];
    const char *id;

    if (c->link == NULL || leads_elsewhere(c, ev))
        return ev->field[EVENT_OTHER].data != NULL ? RELATION_NAMED
                                                   : RELATION_NONE;
    if (snapshot->is_activity)
        return RELATION_LINK;
    /* Of a meeting the timeline sync makes a Task, this one an Event. */
    return split(c->link->target, type, &id) &&
                   strcmp(type, activity_facts(c->activity)->object) == 0
               ? RELATION_TIMELINE
               : RELATION_NONE;
}

static bool
is_delete(const struct event *ev)
{
    char op[16];

    return strcmp(event_str(ev, EVENT_OP, op, sizeof(op)), "delete") == 0;
}

/* Has the link seen a later version of this record? */
static bool
is_old(const struct activity_case *c, const struct event *ev,
       enum relation relation, const struct snapshot *snapshot)
{
    int64_t seen = snapshot->seen[c->side];
    int64_t at = event_i64(ev, EVENT_MODIFIED_AT, 0);

    if (relation == RELATION_TIMELINE && c->side == SIDE_HUBSPOT)
        seen = c->link->modified_at;
    return at > 0 && at < seen;
}

static enum activity_step
put(const struct activity_world *world, const struct activity_case *c,
    struct activity_pair *p, const char *id[SIDE_COUNT], struct event *ev,
    int64_t other_at, struct outcome *o)
{
    enum side other = side_other(c->side);
    struct activity_draft draft = {.world = world,
                                   .activity = c->activity,
                                   .side = p->side,
                                   .ties = p->ties,
                                   .opportunity = c->opportunity,
                                   .merge = &p->merge,
                                   .id = {id[0], id[1]},
                                   .version =
                                       c->link != NULL ? c->link->version : 0};
    char key[EVENT_ID_MAX];
    struct error err;

    draft.seen[c->side] = event_i64(ev, EVENT_MODIFIED_AT, 0);
    draft.seen[other] = other_at;
    for (int s = 0; s < SIDE_COUNT; s++)
        if (draft.seen[s] < p->snapshot.seen[s])
            draft.seen[s] = p->snapshot.seen[s];
    if (c->link != NULL)
        draft.link = c->link->key;
    else if (c->side == SIDE_HUBSPOT)
        draft.link = event_str(ev, EVENT_KEY, key, sizeof(key));
    else if (ev->field[EVENT_OTHER].data != NULL)
        draft.link = event_str(ev, EVENT_OTHER, key, sizeof(key));
    if (activity_put(&draft, ev, &err) < 0)
        return end(o, "dead", "bad-record", err.text);
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
        return end(o, "dropped", "creation-ignored", NULL);
    p->side[c->side].was.is_deleted = true;
    p->side[other].is_deleted = true;
    p->side[other].was = (struct merge_life){true, true};
    activity_pair_merge(&rules->map, &rules->merge, p);
    id[c->side] = c->id;
    return put(world, c, p, id, ev, 0, o);
}

static bool
is_same(const struct activity_pair *p, const struct activity_case *c, size_t n)
{
    const struct merge_side *own = &p->side[c->side];

    if (own->is_deleted || own->was.is_deleted)
        return own->is_deleted == own->was.is_deleted;
    return !values_differ(&p->now[c->side], &p->snapshot.base[c->side], n);
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

    if (event_i64(ev, EVENT_MODIFIED_AT, 0) <= p->snapshot.seen[c->side])
        return end(o, "unchanged", "no-difference", NULL);
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
    enum relation relation = relation_of(c, ev, &p->snapshot);
    char reason[sizeof(o->reason)], detail[sizeof(o->detail)];
    struct error err;

    p->side[c->side].is_deleted = is_delete(ev);
    if (!rules->is_on)
        return end(o, "dropped", "kind-off", NULL);
    if (relation == RELATION_NONE &&
        ev->field[EVENT_UNLESS_LINKED].data != NULL)
        return end(o, "dropped",
                   event_str(ev, EVENT_UNLESS_LINKED, reason, sizeof(reason)),
                   event_str(ev, EVENT_UNLESS_DETAIL, detail, sizeof(detail)));
    if ((relation == RELATION_NONE || relation == RELATION_NAMED) &&
        is_delete(ev))
        return end(o, "dropped", "not-linked", NULL);
    if (activity_is_flip(ev))
        return relation == RELATION_LINK
                   ? ACTIVITY_READ
                   : end(o, "dropped", "not-linked", NULL);
    if (relation != RELATION_NONE && is_old(c, ev, relation, &p->snapshot))
        return end(o, "unchanged", "superseded", NULL);
    if (!is_delete(ev) && activity_pair_read(world, c, ev, p, &err) < 0)
        return end(o, "dead", "bad-record", err.text);
    if (relation == RELATION_NONE)
        return c->link == NULL && event_bool(ev, EVENT_IMPORT)
                   ? ACTIVITY_MATCH
                   : create(world, c, p, ev, o);
    if (relation == RELATION_LINK && !event_bool(ev, EVENT_ASKED) &&
        is_same(p, c, rules->map.n))
        return agree(world, c, p, ev, o);
    return relation == RELATION_LINK &&
                   activity_pair_hangs_anew(&rules->map, c, p)
               ? ACTIVITY_READ_BOTH
               : ACTIVITY_READ;
}

/* The id of a value that the other side has; false: there is none. */
static bool
take_value(const struct tie_list *list, char id[20])
{
    char *value = tie_list_value(list, SIDE_HUBSPOT, NULL);
    bool is_there = value != NULL && value[0] != VALUE_ALONE;

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
        c->link != NULL || !creates(rules, c, ev) || is_delete(ev) ||
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

static void
put_target(const struct activity_case *c, struct outcome *o)
{
    if (c->link != NULL)
        snprintf(o->target, sizeof(o->target), "%.*s",
                 (int)sizeof(o->target) - 1, c->link->target);
}

enum activity_step
activity_begin(const struct activity_world *world,
               const struct activity_case *c, struct event *ev,
               struct outcome *o)
{
    enum activity_step step;
    struct activity_pair p;

    activity_pair_init(&p, world, c,
                       c->link != NULL && !leads_elsewhere(c, ev));
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
        end(o, "dead", "bad-record", err.text);
    else
        step = create(world, c, &p, ev, o);
    activity_pair_fini(&p);
    return step;
}

void
activity_other_id(const struct activity_case *c, const struct event *ev,
                  char *buf, size_t size)
{
    char key[EVENT_ID_MAX], type[32];
    const char *id = "";

    if (c->link == NULL)
        event_str(ev, EVENT_OTHER, key, sizeof(key));
    else
        snprintf(key, sizeof(key), "%s",
                 c->side == SIDE_HUBSPOT ? c->link->target : c->link->key);
    if (!split(key, type, &id) || strlen(id) >= size)
        id = "";
    snprintf(buf, size, "%s", id);
}

/* Somebody has seen that the other record is not there any more: it is made
 * anew, as in create(). */
static bool
take_missing(const struct activity_world *world, const struct activity_case *c,
             const struct event *ev, struct activity_pair *p, struct outcome *o)
{
    enum side other = side_other(c->side);

    if (!event_bool(ev, EVENT_ASKED)) {
        end(o, "unchanged", "other-side-missing", NULL);
        return false;
    }
    if (!is_delete(ev) && !creates(&world->rules[c->activity], c, ev)) {
        end(o, "dropped", "creation-ignored", NULL);
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
    p->ties[other] = current->ties;
    memset(&current->ties, 0, sizeof(current->ties));
    if (current->state != CURRENT_ALIVE)
        return true;
    if (values_read(world->env, &world->rules[c->activity].map, other,
                    current->fields, &p->now[other], &err) == 0) {
        activity_pair_tie(world, c, p, other);
        return true;
    }
    error_wrap(&err, "the record of %s", side_name(other));
    end(o, "dead", "bad-record", err.text);
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
            now[s] = p->now[s].v[i];
            base[s] = p->snapshot.base[s].v[i];
        }
        if (compare_pair(&rules->map.pairs[i], rules->merge.carries_updates,
                         now, base) != COMPARE_APART)
            continue;
        for (int s = 0; s < SIDE_COUNT; s++)
            values_set(&p->snapshot.base[s], i, MERGE_UNKNOWN);
    }
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

    p->side[c->side].is_deleted = is_delete(ev);
    if (!is_delete(ev) && activity_pair_read(world, c, ev, p, &err) < 0)
        return end(o, "dead", "bad-record", err.text);
    if (!take_other(world, c, ev, current, p, o))
        return ACTIVITY_END;
    if (!p->side[SIDE_HUBSPOT].is_deleted &&
        !p->side[SIDE_SALESFORCE].is_deleted)
        activity_pair_fit(&world->rules[c->activity], p);
    if (event_bool(ev, EVENT_ASKED) && p->snapshot.is_activity &&
        !is_delete(ev) && current->state == CURRENT_ALIVE)
        forget_wrong(&world->rules[c->activity], p);
    if (relation_of(c, ev, &p->snapshot) == RELATION_TIMELINE) {
        rules.prefer = SIDE_HUBSPOT;
        rules.carries_updates[SIDE_SALESFORCE] = false;
        rules.carries_deletes[SIDE_HUBSPOT] = false;
        rules.carries_deletes[SIDE_SALESFORCE] = false;
    }
    /* A person may have decided that the other record stays. */
    if (event_bool(ev, EVENT_LEAVE))
        rules.carries_deletes[c->side] = false;
    if (activity_is_flip(ev))
        activity_pair_keep_ties(map, p);
    activity_pair_merge(map, &rules, p);
    /* The other side's deletion has an event of its own, which its fetcher
     * counts: nothing is deleted past that. */
    if (p->merge.verdict == MERGE_DELETE && !is_delete(ev))
        return end(o, "unchanged", merge_reason(MERGE_LEAVE), NULL);
    if (activity_is_flip(ev) && !activity_flip(world->env, map, p->side, ev,
                                               &p->merge, &p->flipped_to, o))
        return ACTIVITY_END;
    if (!p->merge.moves_base && merge_reason(p->merge.verdict) != NULL &&
        event_i64(ev, EVENT_MODIFIED_AT, 0) == p->snapshot.seen[c->side])
        return end(o, "unchanged", merge_reason(p->merge.verdict), NULL);
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
                       c->link != NULL && !leads_elsewhere(c, ev));
    put_target(c, o);
    step = finish(world, c, other, &p, ev, o);
    activity_pair_fini(&p);
    return step;
}
