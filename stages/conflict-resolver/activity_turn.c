/* activity_turn: see activity_private.h. */
#include "common/log.h"
#include "common/ties_know.h"
#include "stages/conflict-resolver/activity_flip.h"
#include "stages/conflict-resolver/activity_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CLOCK_MS 1000 /* how well Salesforce's clock is known */

void
turn_leave(struct turn *t, struct item *it, enum side side)
{
    it->held->due_at = t->sync->outage[side].until;
    it->is_done = true;
}

/* ---- one event ---- */

static void
end(struct turn *t, struct item *it, struct outcome *o)
{
    held_end(t->sync->ctx, it->held, o);
    it->is_done = true;
}

static void
pass(struct turn *t, struct item *it)
{
    char action[16];

    mp_get_str(it->ev.field[EVENT_DECISION], "action", action, sizeof(action));
    event_trace(&it->ev, stage_name(t->sync->ctx),
                action[0] != '\0' ? action : "agreed", NULL);
    held_pass(t->sync->ctx, it->held, &it->ev);
    it->is_done = true;
}

void
turn_settle(struct turn *t, struct item *it, enum activity_step step,
            struct outcome *o)
{
    if (step == ACTIVITY_MATCH)
        it->wants_match = true;
    else if (step == ACTIVITY_READ_BOTH)
        it->wants_own = true;
    else if (step == ACTIVITY_PASS)
        pass(t, it);
    else if (step == ACTIVITY_END)
        end(t, it, o);
}

static void
take(struct item *it, struct held *held)
{
    memset(it, 0, sizeof(*it));
    it->held = held;
    held_event(held, &it->ev);
}

/* ---- links ---- */

/* The link of one side's record. 1/0/-1 */
static int
find_side(struct store *store, enum side side, const char *key,
          struct store_link *out, struct error *err)
{
    return side == SIDE_HUBSPOT ? store_link_get(store, key, out, err)
                                : store_link_by_target(store, key, out, err);
}

/* The link of the record that it names. 1/0/-1 */
static int
find_named(struct store *store, struct item *it, struct error *err)
{
    char key[EVENT_ID_MAX];

    if (it->ev.field[EVENT_OTHER].data == NULL)
        return 0;
    event_str(&it->ev, EVENT_OTHER, key, sizeof(key));
    return find_side(store, side_other(it->c.side), key, &it->link, err);
}

/* A copy that a user made of a HubSpot record may name what the first one is
 * linked with: it is a record of its own. Who imports or asks is told; what was
 * found to be of one thing is no copy. */
static bool
is_copy(const struct item *it, const char *key)
{
    return it->c.side == SIDE_HUBSPOT && !it->c.is_twin &&
           strcmp(it->link.key, key) != 0 &&
           !event_bool(&it->ev, EVENT_IMPORT) &&
           !event_bool(&it->ev, EVENT_ASKED);
}

/* By either name of the pair. 1/0/-1. Of a record of Salesforce that was asked
 * for it may be the links that are wrong: what it says itself comes first. */
static int
find_link(struct store *store, struct item *it, struct error *err)
{
    char key[EVENT_ID_MAX];
    int rv;

    event_str(&it->ev, EVENT_KEY, key, sizeof(key));
    rv = it->c.side == SIDE_SALESFORCE && event_bool(&it->ev, EVENT_ASKED)
             ? find_named(store, it, err)
             : 0;
    if (rv == 0)
        rv = find_side(store, it->c.side, key, &it->link, err);
    if (rv != 0)
        return rv;
    rv = find_named(store, it, err);
    if (rv != 1 || !is_copy(it, key))
        return rv;
    event_drop(&it->ev, EVENT_OTHER);
    return 0;
}

/* What was made in the place of a HubSpot record. 1/0/-1 */
static int
find_successor(struct store *store, struct item *it, struct error *err)
{
    char key[EVENT_ID_MAX];

    return it->c.side == SIDE_HUBSPOT
               ? store_link_moved(
                     store, event_str(&it->ev, EVENT_KEY, key, sizeof(key)),
                     it->c.successor, sizeof(it->c.successor), err)
               : 0;
}

/* The snapshot is the store's only until its next answer. */
static void
keep_link(struct item *it)
{
    struct span *s = &it->link.snapshot;

    it->c.link = &it->link;
    if (s->data == NULL)
        return;
    it->snapshot = malloc(s->len > 0 ? s->len : 1);
    if (it->snapshot == NULL)
        abort();
    memcpy(it->snapshot, s->data, s->len);
    s->data = it->snapshot;
}

/* Without the links it would write blindly: -1 ends the stage, and the fetcher
 * sends again when it is back. */
static int
find_links(struct turn *t, bool of_twins, struct error *err)
{
    struct store *store = t->store;
    int rv = 0;

    if (store == NULL)
        return 0;
    if (store_begin(store, err) < 0)
        return -1;
    for (size_t i = 0; i < t->n && rv >= 0; i++) {
        if (t->item[i].is_done || t->item[i].c.is_twin != of_twins)
            continue;
        rv = find_link(store, &t->item[i], err);
        if (rv == 0)
            rv = find_successor(store, &t->item[i], err);
        else if (rv == 1) {
            keep_link(&t->item[i]);
            ties_know_agreed(store, t->item[i].link.snapshot,
                             &t->item[i].c.agreed);
        }
    }
    store_rollback(store); /* nothing was written */
    return rv < 0 ? -1 : 0;
}

static bool
is_of_one_pair(const struct item *a, const struct item *b)
{
    if (a->c.link != NULL && b->c.link != NULL)
        return strcmp(a->link.key, b->link.key) == 0;
    return a->twin.uid[0] != '\0' && b->twin.uid[0] != '\0' &&
           a->c.activity == b->c.activity &&
           strcasecmp(a->twin.uid, b->twin.uid) == 0;
}

/* Two events of one pair, one of each side: the later waits for the next turn.
 */
static void
leave_doubles(struct turn *t)
{
    for (size_t i = 0; i < t->n; i++)
        for (size_t k = 0; k < i && !t->item[i].is_done; k++)
            if (is_of_one_pair(&t->item[i], &t->item[k]))
                t->item[i].is_done = true;
}

/* ---- what a side says now ---- */

/* Who the people and accounts are that records of one side hang on. */
static int
know_ties(struct turn *t, enum side side, struct current *current, size_t n,
          struct error *err)
{
    int rv = 0;

    if (t->store != NULL && store_begin(t->store, err) < 0)
        return -1;
    for (size_t i = 0; i < n && rv == 0; i++)
        rv = ties_know(t->store, side, &current[i], err);
    if (t->store != NULL)
        store_rollback(t->store); /* nothing was written */
    if (rv < 0)
        activity_fail(t->sync, err);
    return rv;
}

static void
take_answer(struct turn *t, struct item *it, enum turn_group which,
            struct current *current)
{
    struct outcome o = {.outcome = ""};

    if (which == TURN_OTHER)
        turn_settle(t, it,
                    activity_finish(&t->world, &it->c, current, &it->ev, &o),
                    &o);
    else if (it->wants_own)
        turn_settle(t, it,
                    activity_own(&it->c, current, &it->own_ties, &it->ev, &o),
                    &o);
    else if (!activity_flip_read(current, &it->ev, &o))
        end(t, it, &o);
}

bool
turn_has_answer(struct turn *t, enum side side, struct item *const *group,
                size_t n, int rv, const struct error *err)
{
    struct activity_sync *sync = t->sync;

    side_has_answered(sync, side, rv, err);
    for (size_t i = 0; i < n && rv < 0; i++) {
        struct outcome o = {.outcome = "dead", .reason = "cannot-read"};

        if (sync->has_failed || outage_is_on(&sync->outage[side])) {
            turn_leave(t, group[i], side);
        } else { /* refused for good */
            snprintf(o.detail, sizeof(o.detail), "%s", err->text);
            end(t, group[i], &o);
        }
    }
    return rv == 0;
}

/* The side that is read for an event of such a group. */
static enum side
side_of(const struct item *it, enum turn_group which)
{
    return which == TURN_OWN ? it->c.side : side_other(it->c.side);
}

static bool
is_wanted(const struct item *it, enum turn_group which)
{
    return !it->is_done &&
           (which == TURN_OWN ? it->wants_own || activity_is_flip(&it->ev)
                              : it->wants_match == (which == TURN_MATCH));
}

void
turn_each_group(struct turn *t, enum turn_group which,
                void (*fn)(struct turn *t, struct item **group, size_t n))
{
    struct item *group[CURRENT_MAX];
    bool seen[CURRENT_MAX] = {false};

    for (size_t i = 0; i < t->n && !t->sync->has_failed; i++) {
        const struct activity_case *c = &t->item[i].c;
        enum side side = side_of(&t->item[i], which);
        size_t n = 0;

        for (size_t k = i; k < t->n; k++) {
            struct item *it = &t->item[k];

            if (seen[k] || !is_wanted(it, which) || it->c.side != c->side ||
                it->c.activity != c->activity)
                continue;
            seen[k] = true;
            group[n++] = it;
        }
        if (n > 0 && t->sync->outage[side].until > clock_monotonic_ms())
            for (size_t k = 0; k < n; k++)
                turn_leave(t, group[k], side);
        else if (n > 0)
            fn(t, group, n);
    }
}

/* The records of a group. Of one that HubSpot does not have its recycle bin
 * says whether a user has deleted it. */
static int
read_current(struct turn *t, struct item **group, size_t n,
             enum turn_group which, struct current *current, struct error *err)
{
    const struct setup *setup = t->sync->setup;
    enum activity activity = group[0]->c.activity;
    enum side side = side_of(group[0], which);
    const struct mapping *map = &setup->rules[activity].map;
    const char *ids[CURRENT_MAX];
    bool looks = false;
    int rv;

    for (size_t i = 0; i < n; i++)
        ids[i] = which == TURN_OWN ? group[i]->id : group[i]->other_id;
    rv = current_read(&setup->services, side, activity, map, ids, n, current,
                      err);
    for (size_t i = 0; i < n && rv == 0; i++)
        looks = looks || current[i].state == CURRENT_MISSING;
    if (looks && side == SIDE_HUBSPOT)
        rv = current_find_deleted(&setup->services, activity, map, ids, n,
                                  current, err);
    return rv;
}

/* Read what is left of one kind from one side, with one call. */
static void
read_group(struct turn *t, struct item **group, size_t n, enum turn_group which)
{
    enum side side = side_of(group[0], which);
    struct current current[CURRENT_MAX];
    struct error err = {0};
    int rv = read_current(t, group, n, which, current, &err);
    bool is_read = turn_has_answer(t, side, group, n, rv, &err) &&
                   know_ties(t, side, current, n, &err) == 0;

    for (size_t i = 0; i < n; i++) {
        if (is_read)
            take_answer(t, group[i], which, &current[i]);
        current_fini(&current[i]);
    }
}

static void
read_own(struct turn *t, struct item **group, size_t n)
{
    read_group(t, group, n, TURN_OWN);
}

static void
finish_group(struct turn *t, struct item **group, size_t n)
{
    read_group(t, group, n, TURN_OTHER);
}

/* ---- a turn ---- */

/* What one of an import names is not there for another that is only alike. */
void
turn_claim(struct turn *t, const struct item *it)
{
    char key[EVENT_ID_MAX], other[EVENT_ID_MAX];

    event_str(&it->ev, EVENT_OTHER, other, sizeof(other));
    if (other[0] != '\0' && event_bool(&it->ev, EVENT_IMPORT))
        claims_put(&t->sync->claims, other,
                   event_str(&it->ev, EVENT_KEY, key, sizeof(key)));
}

/* Decide what needs no look at the other side. */
static void
begin_all(struct turn *t)
{
    for (size_t i = 0; i < t->n; i++) {
        struct item *it = &t->item[i];
        struct outcome o = {.outcome = ""};

        if (it->is_done)
            continue;
        if (!activity_fits(&it->c, &it->ev, &o)) {
            end(t, it, &o);
            continue;
        }
        turn_settle(t, it, activity_begin(&t->world, &it->c, &it->ev, &o), &o);
        activity_other_id(&it->c, &it->ev, it->other_id, sizeof(it->other_id));
        if (!it->is_done && !it->wants_match)
            turn_claim(t, it);
    }
}

/* Is it too early to ask again for what is not known yet? */
static bool
is_too_early(const struct activity_sync *sync, enum side *failed)
{
    for (int s = 0; s < SIDE_COUNT && !org_is_known(&sync->setup->org); s++)
        if (sync->outage[s].until > clock_monotonic_ms()) {
            *failed = (enum side)s;
            return true;
        }
    return false;
}

/* Whatever is needed to understand a value; false: it cannot be had now. */
static bool
know_org(struct turn *t)
{
    struct activity_sync *sync = t->sync;
    struct setup *setup = sync->setup;
    enum side failed;
    struct error err;
    int rv = -1;

    if (!setup->is_on)
        return true;
    if (!is_too_early(sync, &failed)) {
        rv = org_refresh(&setup->org, &setup->services, &failed, &err);
        if (rv < 0)
            side_is_away(sync, failed, &err);
    }
    for (int s = 0; s < SIDE_COUNT && rv == 1; s++)
        side_is_back(sync, (enum side)s);
    for (size_t i = 0; i < t->n && rv < 0 && !sync->has_failed; i++)
        turn_leave(t, &t->item[i], failed);
    return rv >= 0;
}

static void
take_all(struct turn *t, struct held *const *chosen, size_t n)
{
    t->n = n;
    t->item = malloc(n * sizeof(*t->item));
    if (t->item == NULL)
        abort();
    for (size_t i = 0; i < n; i++) {
        struct item *it = &t->item[i];
        struct outcome o = {.outcome = ""};

        take(it, chosen[i]);
        if (!activity_case_of(&it->ev, &it->c, it->id, sizeof(it->id), &o))
            end(t, it, &o);
    }
}

static void
free_all(struct turn *t)
{
    for (size_t i = 0; i < t->n; i++) {
        event_fini(&t->item[i].ev);
        free(t->item[i].snapshot);
        ties_fini(&t->item[i].own_ties);
    }
    free(t->item);
}

void
activity_turn(struct activity_sync *sync, struct store *store,
              struct held *const *chosen, size_t n)
{
    struct setup *setup = sync->setup;
    struct turn t = {.sync = sync,
                     .store = store,
                     .world = {.rules = setup->rules,
                               .env = &setup->org.env,
                               .fallback = setup->org.fallback,
                               .user = ""}};
    struct error err;

    take_all(&t, chosen, n);
    if (!know_org(&t))
        goto out;
    if (setup->is_on) {
        t.world.user = salesforce_user(setup->services.salesforce);
        t.world.over = salesforce_now_ms(setup->services.salesforce) - CLOCK_MS;
    }
    if (find_links(&t, false, &err) < 0) {
        activity_fail(sync, &err);
        goto out;
    }
    turn_want_twins(&t);
    leave_doubles(&t);
    turn_find_twins(&t);
    if (find_links(&t, true, &err) < 0) {
        activity_fail(sync, &err);
        goto out;
    }
    t.world.now = clock_now_ms();
    turn_find_opportunities(&t);
    begin_all(&t);
    turn_each_group(&t, TURN_OWN, read_own);
    if (turn_match(&t, &err) < 0) {
        activity_fail(sync, &err);
        goto out;
    }
    turn_each_group(&t, TURN_OTHER, finish_group);
out:
    free_all(&t);
}
