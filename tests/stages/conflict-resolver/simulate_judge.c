/* simulate_judge: watches the records themselves and says whether a value was
 * lost. It has a view of its own of what has travelled, so that it does not
 * repeat merge's mistakes. */
#include "tests/stages/conflict-resolver/simulate.h"

#include <stdlib.h>
#include <string.h>

#define HISTORY_MAX 128
#define LOSSES_MAX  256

/* One pair's value in one record. */
struct cell {
    /* What has last gone to the other side or come from it; and what both had
     * of themselves at one moment since, which the chain may have seen or not:
     * either may count as agreed. */
    const char *travelled, *shared;
    bool is_users; /* what it says now */
    size_t n;
    const char *history[HISTORY_MAX];
};

struct loss {
    enum side side;
    int id, pair;
    const char *value;
};

struct sim_judge {
    struct cell cell[SIDE_COUNT][SIM_RECORDS][SIM_PAIRS];
    size_t n_losses;
    struct loss loss[LOSSES_MAX];
};

void
judge_open(struct sim *sim)
{
    sim->judge = calloc(1, sizeof(*sim->judge));
    if (sim->judge == NULL)
        abort();
}

void
judge_close(struct sim *sim)
{
    free(sim->judge);
}

static int
twin(const struct sim *sim, enum side side, int id)
{
    int origin = sim->record[side][id].origin;

    return origin != SIM_NONE ? origin : sim_made_of(sim, side_other(side), id);
}

/* Is the value something that the other side cannot have? */
static bool
is_alone(struct sim *sim, enum side side, size_t pair, const char *value)
{
    return pair == SIM_TIE && !sim_same(value, NULL) &&
           (side == SIDE_HUBSPOT ? sim_first_known(sim, value) == NULL
                                 : !sim_is_known(value));
}

static bool
may_go(const struct sim *sim, enum side from, size_t pair)
{
    return sim->rules.carries_updates[from] &&
           mapping_goes_to(&sim->map.pairs[pair], side_other(from));
}

/* Do both sides say the same? Of people: is the one among the others? */
static bool
say_same(size_t pair, const char *a, enum side a_side, const char *b)
{
    const char *hubspot = a_side == SIDE_HUBSPOT ? a : b;
    const char *salesforce = a_side == SIDE_HUBSPOT ? b : a;

    return sim_same(a, b) ||
           (pair == SIM_TIE && sim_hangs_on(hubspot, salesforce));
}

/* Both sides say the same: then either's value has no need to go over. */
static void
note_equal(struct sim *sim, enum side side, int id, size_t pair)
{
    const char *value = sim->record[side][id].value[pair];
    int other = twin(sim, side, id);

    if (other == SIM_NONE ||
        !say_same(pair, value, side,
                  sim->record[side_other(side)][other].value[pair]))
        return;
    if (pair == SIM_TIE && side == SIDE_HUBSPOT)
        value = sim->record[SIDE_SALESFORCE][other].value[pair];
    sim->judge->cell[side][id][pair].shared = value;
    sim->judge->cell[side_other(side)][other][pair].shared = value;
}

void
judge_note(struct sim *sim, enum side side, int id)
{
    for (size_t i = 0; i < SIM_PAIRS; i++) {
        struct cell *c = &sim->judge->cell[side][id][i];
        const char *value = sim->record[side][id].value[i];

        if (c->n > 0 && sim_same(c->history[c->n - 1], value))
            continue;
        if (c->n == HISTORY_MAX)
            sim_fail(sim, "changes without end");
        else
            c->history[c->n++] = value;
        c->is_users = !sim->record[side][id].is_ours;
        note_equal(sim, side, id, i);
    }
}

static bool
has_had(const struct cell *c, const char *value)
{
    for (size_t i = 0; i < c->n; i++)
        if (sim_same(value, c->history[i]) ||
            sim_hangs_on(c->history[i], value))
            return true;
    return false;
}

/* Has the value there never gone over, nor the other side ever had it? */
static bool
is_unsent(const struct sim *sim, enum side side, int id, size_t pair)
{
    const char *value = sim->record[side][id].value[pair];
    const struct cell *c = &sim->judge->cell[side][id][pair];
    int other = twin(sim, side, id);

    if (sim_same(value, c->travelled) || sim_same(value, c->shared))
        return false;
    return other == SIM_NONE ||
           !has_had(&sim->judge->cell[side_other(side)][other][pair], value);
}

/* Is there a change in it that may not go over? It may also be one away from
 * the very value that the other side has now: what was seen of the two at
 * different times was equal. */
static bool
is_held_back(const struct sim *sim, enum side side, int id, size_t pair,
             const char *others)
{
    const struct cell *c = &sim->judge->cell[side][id][pair];
    const char *value = sim->record[side][id].value[pair];

    return !may_go(sim, side, pair) &&
           (!sim_same(value, c->travelled) || !sim_same(value, c->shared) ||
            (c->is_users && has_had(c, others)));
}

/* It is gone now: a conflict has to say so in the end. A value that may not go
 * over gives way by that rule. Of HubSpot's people only those go that were
 * agreed on. */
static void
lose(struct sim *sim, enum side side, int id, size_t pair)
{
    struct sim_judge *judge = sim->judge;

    if (!is_unsent(sim, side, id, pair) || !may_go(sim, side, pair) ||
        (pair == SIM_TIE && side == SIDE_HUBSPOT) ||
        is_alone(sim, side, pair, sim->record[side][id].value[pair]))
        return;
    if (judge->n_losses == LOSSES_MAX)
        sim_fail(sim, "losses without end");
    else
        judge->loss[judge->n_losses++] = (struct loss){
            side, id, (int)pair, sim->record[side][id].value[pair]};
}

void
judge_write(struct sim *sim, enum side side, int id, size_t pair,
            const char *value)
{
    const struct sim_record *r = &sim->record[side][id];
    struct cell *c = sim->judge->cell[side][id];
    const char *given_back = sim_given_back(sim, side, pair, value);
    int other = twin(sim, side, id);

    if (!mapping_goes_to(&sim->map.pairs[pair], side))
        sim_fail(sim, "pair %d went to %s", (int)pair, side_name(side));
    if (!r->is_deleted && r->version != 0 &&
        !sim_same(r->value[pair], given_back))
        lose(sim, side, id, pair);
    c[pair].travelled = c[pair].shared = given_back;
    if (other == SIM_NONE)
        return;
    c = sim->judge->cell[side_other(side)][other];
    c[pair].travelled = c[pair].shared = value;
}

void
judge_delete(struct sim *sim, enum side side, int id)
{
    if (!sim->rules.carries_deletes[side_other(side)])
        sim_fail(sim, "deleted in %s against the rule", side_name(side));
    for (size_t i = 0; i < SIM_PAIRS; i++)
        lose(sim, side, id, i);
}

/* ---- in the end ---- */

static void
check_loss(struct sim *sim, const struct loss *l)
{
    for (size_t i = 0; i < sim->n_conflicts; i++) {
        const struct sim_conflict *c = &sim->conflict[i];

        if (sim->link[c->link].id[l->side] == l->id && c->pair == l->pair &&
            c->kept != l->side && sim_same(c->value[l->side], l->value))
            return;
    }
    sim_fail(sim, "\"%s\" of pair %d of %s %d is lost and no conflict says so",
             l->value == NULL ? "" : l->value, l->pair, side_name(l->side),
             l->id);
}

static bool
had(const struct sim *sim, const struct sim_conflict *c, enum side side)
{
    int id = sim->link[c->link].id[side];

    return has_had(&sim->judge->cell[side][id][c->pair], c->value[side]);
}

/* Conflicts are what the rule says, and none is made up. */
static void
check_conflict(struct sim *sim, const struct sim_conflict *c)
{
    if (c->kept != sim->rules.prefer)
        sim_fail(sim, "a conflict kept %s", side_name(c->kept));
    if (!sim->has_crashes &&
        !(sim->has_users[SIDE_HUBSPOT] && sim->has_users[SIDE_SALESFORCE]))
        sim_fail(sim, "a conflict, and nobody to have it with");
    if (c->pair == SIM_NONE || c->verdict != MERGE_WRITE)
        return;
    if (sim_same(c->value[SIDE_HUBSPOT], c->value[SIDE_SALESFORCE]))
        sim_fail(sim, "a conflict of equal values");
    for (enum side s = 0; s < SIDE_COUNT; s++)
        if (!may_go(sim, s, (size_t)c->pair) || !had(sim, c, s))
            sim_fail(sim, "a conflict with a value that %s never sent",
                     side_name(s));
}

/* Equal, as far as a service can keep what the other one has? */
static bool
agrees(struct sim *sim, size_t pair, const char *hubspot,
       const char *salesforce)
{
    return sim_same(hubspot, salesforce) ||
           sim_same(salesforce,
                    sim_given_back(sim, SIDE_SALESFORCE, pair, hubspot)) ||
           sim_same(hubspot,
                    sim_given_back(sim, SIDE_HUBSPOT, pair, salesforce));
}

static bool
had_conflict(const struct sim *sim, enum side side, int id, int pair)
{
    for (size_t i = 0; i < sim->n_conflicts; i++)
        if (sim->conflict[i].pair == pair &&
            sim->link[sim->conflict[i].link].id[side] == id)
            return true;
    return false;
}

/* One person and many. They differ where somebody is not known on the other
 * side, and where nobody in Salesforce has won: whoever was not agreed on stays
 * in HubSpot. */
static void
check_people(struct sim *sim, int hubspot, int salesforce)
{
    const char *h = sim->record[SIDE_HUBSPOT][hubspot].value[SIM_TIE];
    const char *s = sim->record[SIDE_SALESFORCE][salesforce].value[SIM_TIE];
    const struct cell *c =
        &sim->judge->cell[SIDE_SALESFORCE][salesforce][SIM_TIE];

    if (say_same(SIM_TIE, h, SIDE_HUBSPOT, s) ||
        is_alone(sim, SIDE_HUBSPOT, SIM_TIE, h) ||
        is_alone(sim, SIDE_SALESFORCE, SIM_TIE, s) ||
        !may_go(sim, SIDE_HUBSPOT, SIM_TIE) ||
        !may_go(sim, SIDE_SALESFORCE, SIM_TIE) ||
        (sim_same(s, NULL) &&
         ((c->is_users && c->n > 1) ||
          had_conflict(sim, SIDE_HUBSPOT, hubspot, SIM_TIE))))
        return;
    sim_fail(sim, "people of hubspot %d and salesforce %d: %s | %s", hubspot,
             salesforce, h == NULL ? "" : h, s == NULL ? "" : s);
}

/* Both are alive. They may differ only where a value may not go over. */
static void
check_equal(struct sim *sim, int hubspot, int salesforce)
{
    const int id[SIDE_COUNT] = {hubspot, salesforce};

    check_people(sim, hubspot, salesforce);
    for (size_t i = 0; i < SIM_TIE; i++) {
        const char *h = sim->record[SIDE_HUBSPOT][hubspot].value[i];
        const char *s = sim->record[SIDE_SALESFORCE][salesforce].value[i];
        bool is_held = false;

        if (agrees(sim, i, h, s))
            continue;
        for (enum side x = 0; x < SIDE_COUNT; x++) {
            is_held = is_held ||
                      is_held_back(sim, x, id[x], i, x == SIDE_HUBSPOT ? s : h);
            if (may_go(sim, x, i) && is_unsent(sim, x, id[x], i))
                sim_fail(sim, "pair %d of %s %d never went over: %s | %s",
                         (int)i, side_name(x), id[x], h == NULL ? "" : h,
                         s == NULL ? "" : s);
        }
        if (!is_held)
            sim_fail(sim, "pair %d of hubspot %d and salesforce %d: %s | %s",
                     (int)i, hubspot, salesforce, h == NULL ? "" : h,
                     s == NULL ? "" : s);
    }
}

/* One lives, the other does not: a rule must have said so. */
static void
check_alone(struct sim *sim, enum side living, int id, int gone)
{
    const struct sim_record *r = &sim->record[living][id];
    bool is_left =
        !sim->rules.carries_deletes[side_other(living)] || r->was_restored;

    for (size_t i = 0; i < sim->n_conflicts; i++)
        if (sim->link[sim->conflict[i].link].id[living] == id &&
            sim->conflict[i].verdict == MERGE_LEAVE)
            is_left = true;
    if (!is_left)
        sim_fail(sim, "%s %d lives on, %s %d is deleted", side_name(living), id,
                 side_name(side_other(living)), gone);
}

static void
check_record(struct sim *sim, enum side side, int id)
{
    const struct sim_record *r = &sim->record[side][id], *other;
    int n = 0, at = twin(sim, side, id);

    for (size_t i = 0; i < sim->n_records[side_other(side)]; i++)
        n += sim->record[side_other(side)][i].origin == id;
    if (n > 1 || (n > 0 && r->origin != SIM_NONE))
        sim_fail(sim, "%s %d is doubled", side_name(side), id);
    if (at == SIM_NONE) {
        if (!r->is_deleted)
            sim_fail(sim, "%s %d never went over", side_name(side), id);
        return;
    }
    other = &sim->record[side_other(side)][at];
    if (!r->is_deleted && other->is_deleted)
        check_alone(sim, side, id, at);
    if (r->is_deleted && other->is_deleted && !r->is_user_deleted &&
        !other->is_user_deleted)
        sim_fail(sim, "%s %d is deleted, and no user did it", side_name(side),
                 id);
    if (side == SIDE_HUBSPOT && !r->is_deleted && !other->is_deleted)
        check_equal(sim, id, at);
}

void
judge_end(struct sim *sim)
{
    for (enum side s = 0; s < SIDE_COUNT; s++)
        for (size_t i = 0; i < sim->n_records[s]; i++)
            check_record(sim, s, (int)i);
    for (size_t i = 0; i < sim->judge->n_losses; i++)
        check_loss(sim, &sim->judge->loss[i]);
    for (size_t i = 0; i < sim->n_conflicts; i++)
        check_conflict(sim, &sim->conflict[i]);
    if (sim->n_writes > sim->n_actions + sim->n_crashes)
        sim_fail(sim, "%d writes for %d actions of users and %d crashes",
                 sim->n_writes, sim->n_actions, sim->n_crashes);
}
