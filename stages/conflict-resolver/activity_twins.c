/* activity_twins: of the events of a turn that would make a record, which have
 * their record on the other side already (twin.h). */
#include "stages/conflict-resolver/activity_private.h"

#include "common/current.h"
#include "common/log.h"

#include <stdio.h>
#include <string.h>

/* May it be that the other side has a record of the same thing already? */
static void
want_twin(const struct turn *t, struct item *it)
{
    const struct activity_rules *rules = &t->world.rules[it->c.activity];
    const struct event *ev = &it->ev;
    struct span uid;
    char op[16];

    if (it->is_done || it->c.link != NULL || !rules->is_on ||
        !(rules->creates_from[it->c.side] || event_bool(ev, EVENT_IMPORT)) ||
        ev->field[EVENT_OTHER].data != NULL ||
        ev->field[EVENT_UNLESS_LINKED].data != NULL ||
        ev->field[EVENT_ABOUT].data == NULL ||
        strcmp(event_str(ev, EVENT_OP, op, sizeof(op)), "delete") == 0 ||
        !mp_str(mp_get(ev->field[EVENT_ABOUT], "uid"), &uid) ||
        !twin_uid((const char *)uid.data, uid.len, it->twin.uid))
        return;
    it->twin.at = event_i64(ev, EVENT_OCCURRED_AT, 0);
}

void
turn_want_twins(struct turn *t)
{
    for (size_t i = 0; i < t->n; i++)
        want_twin(t, &t->item[i]);
}

static void
take_twin(struct item *it)
{
    const struct activity_facts *facts = activity_facts(it->c.activity);
    enum side other = side_other(it->c.side);
    char key[EVENT_ID_MAX];

    it->c.is_twin = true;
    snprintf(key, sizeof(key), "%s:%s:%s", side_name(other),
             other == SIDE_HUBSPOT ? facts->name : facts->object, it->twin.id);
    event_set_str(&it->ev, EVENT_OTHER, key);
}

/* HubSpot's index may not have it yet (hubspot-api.md, 2.3): made too early, it
 * would be there twice. */
static void
wait_for_index(struct turn *t, struct item *it)
{
    const struct setup *setup = t->sync->setup;
    int64_t age = salesforce_now_ms(setup->services.salesforce) -
                  event_i64(&it->ev, EVENT_MODIFIED_AT, 0);

    if (it->c.side != SIDE_SALESFORCE || age < 0 || age >= setup->search_lag_ms)
        return;
    it->held->due_at = clock_monotonic_ms() + setup->search_lag_ms - age;
    it->is_done = true;
}

/* What is refused for good must not stop everything else. */
static void
do_without_twins(struct activity_sync *sync, enum side side,
                 const struct error *err)
{
    if (!sync->told_twins)
        log_write(LOG_WARN,
                  "what both sides have logged cannot be recognised, and may "
                  "come twice",
                  "service", side_name(side), "reason", err->text, NULL);
    sync->told_twins = true;
}

/* Ask for what is wanted of one kind from one side. */
static void
ask_twins(struct turn *t, struct item **group, size_t n)
{
    struct activity_sync *sync = t->sync;
    enum side other = side_other(group[0]->c.side);
    struct twin *twins[CURRENT_MAX];
    struct error err = {0};
    int rv;

    for (size_t i = 0; i < n; i++)
        twins[i] = &group[i]->twin;
    rv = twin_read(&sync->setup->services, other, group[0]->c.activity,
                   sync->setup->ical_field, twins, n, &err);
    if (!side_has_answered(sync, other, rv, &err)) {
        for (size_t i = 0; i < n; i++)
            turn_leave(t, group[i], other);
        return;
    }
    if (rv < 0)
        do_without_twins(sync, other, &err);
    for (size_t i = 0; i < n; i++) {
        if (group[i]->twin.id[0] != '\0')
            take_twin(group[i]);
        else if (rv == 0)
            wait_for_index(t, group[i]);
    }
}

void
turn_find_twins(struct turn *t)
{
    struct item *group[CURRENT_MAX];

    for (size_t i = 0; i < t->n && !t->sync->has_failed; i++) {
        const struct item *first = &t->item[i];
        enum side other = side_other(first->c.side);
        size_t n = 0;

        for (size_t k = i; k < t->n; k++) {
            struct item *it = &t->item[k];

            if (!it->is_done && it->twin.uid[0] != '\0' && !it->is_looked_for &&
                it->c.side == first->c.side &&
                it->c.activity == first->c.activity) {
                it->is_looked_for = true;
                group[n++] = it;
            }
        }
        if (n == 0)
            continue;
        if (t->sync->outage[other].until <= clock_monotonic_ms()) {
            ask_twins(t, group, n);
            continue;
        }
        for (size_t k = 0; k < n; k++)
            turn_leave(t, group[k], other);
    }
}
