/* activity_match: what the events of an import are on the other side already.
 * Theirs are read first, outside of a transaction; then who is linked is asked
 * of the state, for all of them at one time. */
#include "stages/conflict-resolver/activity_private.h"

#include "common/json.h"
#include "common/sf_id.h"
#include "stages/conflict-resolver/candidates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MATCH_MAX CURRENT_MAX

/* An event and what was found for it. */
struct match {
    struct item *item;
    char key[EVENT_ID_MAX]; /* the event's */
    struct values values;
    char day[ZONE_DATE_SIZE];
    struct pairing found;
    bool is_read;
};

/* All of a turn. */
struct matching {
    struct match match[MATCH_MAX];
    struct pairing_event events[MATCH_MAX];
    size_t n;
};

/* ---- reading ---- */

static void
add_who(struct pairing_event *event, struct span contact, enum side side)
{
    char id[32], full[SF_ID_SIZE];

    if (contact.data == NULL || event->n_who == PAIRING_WHO_MAX ||
        mp_get_str(contact,
                   side == SIDE_HUBSPOT ? "hubspot_id" : "salesforce_id", id,
                   sizeof(id)) == 0)
        return;
    if (side == SIDE_SALESFORCE && sf_id_normalise(id, full))
        memcpy(id, full, sizeof(full));
    if (strlen(id) < PAIRING_ID)
        snprintf(event->who[event->n_who++], PAIRING_ID, "%.*s", PAIRING_ID - 1,
                 id);
}

/* Its contacts on that side. */
static void
add_all_who(struct pairing_event *event, const struct event *ev, enum side side)
{
    struct span list = ev->field[EVENT_CONTACTS];
    uint32_t n;

    add_who(event, ev->field[EVENT_CONTACT], side);
    if (list.data != NULL && mp_array(&list, &n))
        while (n-- > 0)
            add_who(event, mp_next(&list), side);
}

/* Values that make no sense are like none: activity_create() will say so. */
static void
describe(const struct turn *t, struct match *m, struct pairing_event *event)
{
    const struct item *it = m->item;
    const struct mapping *map = &t->world.rules[it->c.activity].map;
    struct pairing_rule rule;
    struct error err;
    cJSON *props = it->ev.field[EVENT_PROPS].data != NULL
                       ? json_from_mp(it->ev.field[EVENT_PROPS])
                       : NULL;

    event_str(&it->ev, EVENT_KEY, m->key, sizeof(m->key));
    memset(event, 0, sizeof(*event));
    event->name = it->c.side == SIDE_HUBSPOT ? m->key : it->c.id;
    add_all_who(event, &it->ev, side_other(it->c.side));
    if (pairing_rule_read(map, it->c.activity, &rule) &&
        values_read(t->world.env, map, it->c.side, props, &m->values, &err) ==
            0) {
        event->title = m->values.v[rule.title_at];
        event->time = m->values.v[rule.time_at];
        if (it->c.side == SIDE_SALESFORCE)
            event->time =
                pairing_time(rule.time, event->time, t->world.env->zone,
                             event_i64(&it->ev, EVENT_OCCURRED_AT, 0), m->day);
    }
    cJSON_Delete(props);
}

static void
read_group(struct turn *t, struct item **group, size_t n)
{
    struct setup *setup = t->sync->setup;
    struct matching *all = t->matching;
    struct match *first = &all->match[all->n];
    struct pairing found[MATCH_MAX];
    enum activity activity = group[0]->c.activity;
    enum side other = side_other(group[0]->c.side);
    struct candidates_ask ask = {.activity = activity,
                                 .map = &setup->rules[activity].map,
                                 .env = t->world.env,
                                 .external_id = setup->external_id,
                                 .events = &all->events[all->n],
                                 .n = n,
                                 .pool = &t->sync->pool};
    struct error err = {0};
    bool is_read;

    memset(found, 0, n * sizeof(found[0]));
    for (size_t i = 0; i < n; i++) {
        first[i].item = group[i];
        describe(t, &first[i], &all->events[all->n + i]);
    }
    is_read = turn_has_answer(
        t, other, group, n,
        candidates_read(&setup->services, other, &ask, found, &err), &err);
    for (size_t i = 0; i < n; i++) {
        first[i].found = found[i];
        first[i].is_read = is_read;
    }
    all->n += n;
}

/* ---- choosing ---- */

struct choosing {
    struct turn *t;
    const struct match *match;
    struct error *err;
};

static void
key_of(const struct match *m, const char *id, char *key, size_t size)
{
    const struct activity_facts *facts = activity_facts(m->item->c.activity);
    enum side other = side_other(m->item->c.side);

    snprintf(key, size, "%s:%s:%s", side_name(other),
             other == SIDE_HUBSPOT ? facts->name : facts->object, id);
}

/* By a link, or by another event of the import. 1/0/-1 */
static int
is_taken(void *ctx, const char *id)
{
    const struct choosing *c = ctx;
    struct store *store = c->t->store;
    char key[EVENT_ID_MAX];
    struct store_link link;

    key_of(c->match, id, key, sizeof(key));
    if (claims_other(&c->t->sync->claims, key, c->match->key))
        return 1;
    if (store == NULL)
        return 0;
    return c->match->item->c.side == SIDE_SALESFORCE
               ? store_link_get(store, key, &link, c->err)
               : store_link_by_target(store, key, &link, c->err);
}

/* From here on it is as if the record named the other one. */
static void
take_one(struct turn *t, const struct match *m, const char *id)
{
    struct item *it = m->item;
    char key[EVENT_ID_MAX];

    key_of(m, id, key, sizeof(key));
    event_set_str(&it->ev, EVENT_OTHER, key);
    turn_claim(t, it);
    activity_other_id(&it->c, &it->ev, it->other_id, sizeof(it->other_id));
    it->wants_match = false;
}

static void
end_several(struct turn *t, struct item *it, const struct text *ids)
{
    struct outcome o = {.outcome = "dropped", .reason = "ambiguous-pair"};

    snprintf(o.detail, sizeof(o.detail), "%.*s", (int)ids->len, ids->data);
    turn_settle(t, it, ACTIVITY_END, &o);
}

static int
choose(struct choosing *c)
{
    struct item *it = c->match->item;
    struct outcome o = {.outcome = ""};
    enum pairing_verdict verdict;
    char id[PAIRING_ID];
    struct text ids;

    text_init(&ids);
    verdict = pairing_choose(&c->match->found, is_taken, c, id, &ids);
    if (verdict == PAIRING_ONE)
        take_one(c->t, c->match, id);
    else if (verdict == PAIRING_SEVERAL)
        end_several(c->t, it, &ids);
    else if (verdict == PAIRING_NONE)
        turn_settle(c->t, it,
                    activity_create(&c->t->world, &it->c, &it->ev, &o), &o);
    text_fini(&ids);
    return verdict == PAIRING_FAILED ? -1 : 0;
}

static int
choose_all(struct turn *t, const struct matching *all, struct error *err)
{
    struct store *store = t->store;
    int rv = 0;

    if (store != NULL && store_begin(store, err) < 0)
        return -1;
    for (size_t i = 0; i < all->n && rv == 0; i++)
        if (all->match[i].is_read)
            rv = choose(&(struct choosing){t, &all->match[i], err});
    if (store != NULL)
        store_rollback(store); /* nothing was written */
    return rv;
}

int
turn_match(struct turn *t, struct error *err)
{
    struct matching *all = calloc(1, sizeof(*all));
    int rv = 0;

    if (all == NULL)
        abort();
    t->matching = all;
    pool_renew(&t->sync->pool, clock_monotonic_ms());
    turn_each_group(t, TURN_MATCH, read_group);
    if (!t->sync->has_failed)
        rv = choose_all(t, all, err);
    for (size_t i = 0; i < all->n; i++) {
        values_fini(&all->match[i].values);
        pairing_fini(&all->match[i].found);
    }
    t->matching = NULL;
    free(all);
    return rv;
}
