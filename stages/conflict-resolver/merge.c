/* merge: see merge.h. */
#include "stages/conflict-resolver/merge.h"

#include <string.h>

static bool
differ(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) != 0;
}

static bool
has_changed(const struct merge_side *side, size_t i)
{
    return differ(side->now[i], side->base[i]);
}

/* May a change of the pair's value go over? */
static bool
may_go(const struct mapping_pair *pair, const struct merge_side *side, size_t i,
       enum side from, const struct merge_rules *rules)
{
    return rules->carries_updates[from] && !value_is_alone(side[from].now[i]) &&
           mapping_goes_to(pair, side_other(from));
}

static struct merge_pair
carry(const struct merge_side *side, size_t i, enum side from,
      enum merge_pair_verdict verdict)
{
    enum side to = side_other(from);

    return (struct merge_pair){.verdict = verdict,
                               .to = to,
                               .value = side[from].now[i],
                               .lost = side[to].now[i]};
}

/* Both records are alive. */
static struct merge_pair
merge_values(const struct mapping_pair *pair, const struct merge_side *side,
             size_t i, const struct merge_rules *rules)
{
    bool is_changed[SIDE_COUNT], goes[SIDE_COUNT];

    for (enum side s = 0; s < SIDE_COUNT; s++) {
        is_changed[s] = has_changed(&side[s], i);
        goes[s] = is_changed[s] && may_go(pair, side, i, s, rules);
    }
    if (!is_changed[SIDE_HUBSPOT] && !is_changed[SIDE_SALESFORCE])
        return (struct merge_pair){.verdict = MERGE_PAIR_UNCHANGED};
    if (!differ(side[SIDE_HUBSPOT].now[i], side[SIDE_SALESFORCE].now[i]))
        return (struct merge_pair){.verdict = MERGE_PAIR_EQUAL};
    if (goes[SIDE_HUBSPOT] && goes[SIDE_SALESFORCE])
        return carry(side, i, rules->prefer, MERGE_PAIR_CONFLICT);
    for (enum side s = 0; s < SIDE_COUNT; s++)
        if (goes[s])
            return carry(side, i, s, MERGE_PAIR_CARRIED);
    return (struct merge_pair){.verdict = MERGE_PAIR_HELD};
}

static void
both_alive(const struct mapping *map, const struct merge_side *side,
           const struct merge_rules *rules, struct merge *out)
{
    out->verdict = MERGE_UNCHANGED;
    for (size_t i = 0; i < map->n; i++) {
        struct merge_pair *p = &out->pairs[i];

        *p = merge_values(&map->pairs[i], side, i, rules);
        if (merge_writes(p))
            out->verdict = MERGE_WRITE;
        if (p->verdict == MERGE_PAIR_CONFLICT)
            out->is_conflict = true;
        if (p->verdict != MERGE_PAIR_UNCHANGED)
            out->moves_base = true;
    }
}

/* What has become of the living record's values: any change, and any that may
 * go over? */
static void
count_changes(const struct mapping *map, const struct merge_side *side,
              enum side living, const struct merge_rules *rules, bool *any,
              bool *any_goes)
{
    *any = *any_goes = false;
    for (size_t i = 0; i < map->n; i++)
        if (has_changed(&side[living], i)) {
            *any = true;
            *any_goes =
                *any_goes || may_go(&map->pairs[i], side, i, living, rules);
        }
}

static enum merge_verdict
one_gone(const struct mapping *map, const struct merge_side *side,
         const struct merge_rules *rules, enum side gone, bool *is_conflict)
{
    enum side living = side_other(gone);
    bool is_restored = side[living].was.is_deleted;
    bool is_changed, goes;

    *is_conflict = false;
    if (side[gone].was.is_deleted)
        return is_restored && side[gone].was.by_sync ? MERGE_REVIVE
                                                     : MERGE_LEAVE;
    if (!rules->carries_deletes[gone])
        return MERGE_LEAVE;
    count_changes(map, side, living, rules, &is_changed, &goes);
    if (!is_changed && !is_restored)
        return MERGE_DELETE;
    *is_conflict = true;
    if (rules->prefer == gone)
        return MERGE_DELETE;
    return goes || is_restored ? MERGE_REVIVE : MERGE_LEAVE;
}

/* The pairs of a record that lives alone. */
static void
fill_alone(const struct mapping *map, const struct merge_side *side,
           enum side gone, struct merge *out)
{
    enum side living = side_other(gone);

    for (size_t i = 0; i < map->n; i++) {
        struct merge_pair *p = &out->pairs[i];
        const char *now = side[living].now[i];

        if (out->verdict == MERGE_REVIVE && !value_is_alone(now) &&
            mapping_goes_to(&map->pairs[i], gone))
            *p = (struct merge_pair){MERGE_PAIR_CARRIED, gone, now, NULL};
        else if (!has_changed(&side[living], i))
            p->verdict = MERGE_PAIR_UNCHANGED;
        else if (out->verdict == MERGE_DELETE)
            *p = (struct merge_pair){MERGE_PAIR_LOST, living, NULL, now};
        else
            p->verdict = MERGE_PAIR_HELD;
    }
}

/* What the link is to know of each side's life, and whether that is news. */
static void
set_life(const struct merge_side *side, struct merge *out)
{
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        struct merge_life *life = &out->life[s];

        life->is_deleted = side[s].is_deleted;
        life->by_sync =
            side[s].is_deleted && side[s].was.is_deleted && side[s].was.by_sync;
        if (out->verdict == MERGE_DELETE && !side[s].is_deleted)
            *life = (struct merge_life){true, true};
        if (out->verdict == MERGE_REVIVE)
            *life = (struct merge_life){false, false};
        if (life->is_deleted != side[s].was.is_deleted ||
            life->by_sync != side[s].was.by_sync)
            out->moves_base = true;
    }
}

void
merge_records(const struct mapping *map, const struct merge_side *side,
              const struct merge_rules *rules, struct merge *out)
{
    bool is_gone = side[SIDE_HUBSPOT].is_deleted;

    memset(out, 0, sizeof(*out));
    out->n = map->n;
    if (is_gone && side[SIDE_SALESFORCE].is_deleted) {
        out->verdict = MERGE_CLOSED;
    } else if (is_gone || side[SIDE_SALESFORCE].is_deleted) {
        enum side gone = is_gone ? SIDE_HUBSPOT : SIDE_SALESFORCE;

        out->verdict = one_gone(map, side, rules, gone, &out->is_conflict);
        fill_alone(map, side, gone, out);
    } else {
        both_alive(map, side, rules, out);
    }
    set_life(side, out);
}

bool
merge_writes(const struct merge_pair *pair)
{
    return pair->verdict == MERGE_PAIR_CARRIED ||
           pair->verdict == MERGE_PAIR_CONFLICT;
}

bool
merge_writes_to(const struct merge_pair *pair, enum side side)
{
    return pair->verdict == MERGE_PAIR_FLIPPED ||
           (merge_writes(pair) && pair->to == side);
}

void
merge_flip(struct merge *m, size_t i, const char *value)
{
    m->pairs[i] =
        (struct merge_pair){.verdict = MERGE_PAIR_FLIPPED, .value = value};
    m->verdict = MERGE_WRITE;
    m->moves_base = true;
}

const char *
merge_reason(enum merge_verdict verdict)
{
    switch (verdict) {
    case MERGE_UNCHANGED:
        return "no-difference";
    case MERGE_LEAVE:
        return "other-side-deleted";
    case MERGE_CLOSED:
        return "both-deleted";
    default:
        return NULL;
    }
}

void
merge_new_base(const struct merge_side *side, const struct merge *m,
               enum side which, const char *const *given_back,
               const char **base)
{
    bool has_gone = m->verdict == MERGE_DELETE || m->verdict == MERGE_LEAVE ||
                    m->verdict == MERGE_CLOSED;
    bool is_new = m->verdict == MERGE_REVIVE && side[which].is_deleted;

    for (size_t i = 0; i < m->n; i++) {
        const struct merge_pair *p = &m->pairs[i];

        if (has_gone)
            base[i] = side[which].base[i];
        else if (is_new || merge_writes_to(p, which))
            base[i] = given_back[i];
        else
            base[i] = side[which].now[i];
    }
}
