/* simulate_chain: resolver and writer around merge, with the links between
 * them. What they must do for merge to be right stands here in short. */
#include "tests/stages/conflict-resolver/simulate.h"

#include <string.h>

static int
find_link(const struct sim *sim, enum side side, int id)
{
    int origin = sim->record[side][id].origin;

    for (size_t i = 0; i < sim->n_links; i++)
        if (sim->link[i].id[side] == id ||
            (origin != SIM_NONE && sim->link[i].id[side_other(side)] == origin))
            return (int)i;
    return SIM_NONE;
}

/* What is true of a record that no link knows: the other side's was never made,
 * which is as if it had gone with this one. */
static struct sim_link
no_link(enum side side, int id)
{
    struct sim_link link = {.version = 0};

    link.id[side] = id;
    link.id[side_other(side)] = SIM_NONE;
    link.life[side].is_deleted = true;
    link.life[side_other(side)] = (struct merge_life){true, true};
    return link;
}

/* Has the record been written by the decision that was cut short? */
enum fate { NOT_WRITTEN, WRITTEN, UNKNOWN };

static enum fate
fate_of(const struct sim *sim, const struct sim_link *link, enum side side)
{
    const struct sim_record *r;

    if (link->id[side] == SIM_NONE)
        return NOT_WRITTEN;
    r = &sim->record[side][link->id[side]];
    if (r->version == link->intent.seen[side])
        return NOT_WRITTEN;
    /* A user may have written after us, or instead of us. */
    return r->is_ours ? WRITTEN : UNKNOWN;
}

static bool
writes_to(const struct sim_decision *d, enum side side)
{
    if (d->m.verdict == MERGE_DELETE)
        return !d->is_deleted[side];
    if (d->m.verdict == MERGE_REVIVE)
        return d->is_deleted[side];
    for (size_t i = 0; i < SIM_PAIRS; i++)
        if (merge_writes(&d->m.pairs[i]) && d->m.pairs[i].to == side)
            return true;
    return false;
}

static void
sides_of(const struct sim_link *link, const struct sim_decision *d,
         struct merge_side side[SIDE_COUNT])
{
    for (enum side s = 0; s < SIDE_COUNT; s++)
        side[s] = (struct merge_side){.is_deleted = d->is_deleted[s],
                                      .was = link->life[s],
                                      .now = d->now[s],
                                      .base = link->base[s]};
}

/* What is known of a pair's write. */
static enum fate
fate_of_pair(const struct sim_decision *d, size_t pair,
             const enum fate fate[SIDE_COUNT])
{
    const struct merge_pair *p = &d->m.pairs[pair];
    bool is_whole = d->m.verdict == MERGE_REVIVE;

    for (enum side s = 0; s < SIDE_COUNT; s++)
        if (writes_to(d, s) && (is_whole || (merge_writes(p) && p->to == s)))
            return fate[s];
    return WRITTEN;
}

/* The side that gives way. */
static enum side
loser(const struct sim_decision *d, const struct merge_pair *p)
{
    enum side gone =
        d->is_deleted[SIDE_HUBSPOT] ? SIDE_HUBSPOT : SIDE_SALESFORCE;

    if (p != NULL)
        return p->to;
    return d->m.verdict == MERGE_DELETE ? side_other(gone) : gone;
}

static void
record_conflict(struct sim *sim, int link, const struct sim_decision *d,
                int pair)
{
    const struct merge_pair *p = pair == SIM_NONE ? NULL : &d->m.pairs[pair];
    enum side lost = loser(d, p);
    struct sim_conflict *c = &sim->conflict[sim->n_conflicts];

    if (sim->n_conflicts == SIM_CONFLICTS) {
        sim_fail(sim, "conflicts without end");
        return;
    }
    sim->n_conflicts++;
    *c = (struct sim_conflict){link, pair, d->m.verdict, side_other(lost), {0}};
    if (p != NULL) {
        c->value[lost] = p->lost;
        c->value[side_other(lost)] = p->value;
    }
}

/* But for those that are decided anew. */
static void
record_conflicts(struct sim *sim, int link, const struct sim_decision *d,
                 const enum fate fate[SIDE_COUNT])
{
    if (d->m.is_conflict && d->m.verdict != MERGE_WRITE)
        record_conflict(sim, link, d, SIM_NONE);
    for (int i = 0; i < SIM_PAIRS; i++)
        if ((d->m.pairs[i].verdict == MERGE_PAIR_CONFLICT ||
             d->m.pairs[i].verdict == MERGE_PAIR_LOST) &&
            fate_of_pair(d, (size_t)i, fate) != NOT_WRITTEN)
            record_conflict(sim, link, d, i);
}

/* What the service has made of what was written, see merge_new_base(). Both
 * services restore, so only a record that never was is new. */
static void
give_back(struct sim *sim, const struct sim_link *link,
          const struct sim_decision *d, enum side side, const char **out)
{
    const struct sim_record *r = &sim->record[side][link->id[side]];
    bool is_restored = d->m.verdict == MERGE_REVIVE && d->seen[side] != 0;

    for (size_t i = 0; i < SIM_PAIRS; i++) {
        const struct merge_pair *p = &d->m.pairs[i];
        const char *agreed =
            merge_writes(p) && p->to == side ? p->value : link->base[side][i];

        if (is_restored && !merge_writes(p))
            out[i] = link->base[side][i];
        else if (i == SIM_TIE)
            out[i] = sim_tie_value(sim, side, r->value[i], agreed);
        else
            out[i] = r->value[i];
    }
}

/* The new snapshots; the old ones of what was not written. */
static void
move_base(struct sim *sim, struct sim_link *link, const struct sim_decision *d,
          const enum fate fate[SIDE_COUNT])
{
    const char *given_back[SIM_PAIRS], *base[SIDE_COUNT][SIM_PAIRS];
    struct merge_side side[SIDE_COUNT];

    sides_of(link, d, side);
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        if (writes_to(d, s))
            give_back(sim, link, d, s, given_back);
        merge_new_base(side, &d->m, s, writes_to(d, s) ? given_back : NULL,
                       base[s]);
    }
    for (size_t i = 0; i < SIM_PAIRS; i++) {
        enum fate f = fate_of_pair(d, i, fate);

        for (enum side s = 0; f != NOT_WRITTEN && s < SIDE_COUNT; s++)
            link->base[s][i] = f == WRITTEN ? base[s][i] : MERGE_UNKNOWN;
    }
}

/* The agreement is reached, as far as the writes are known to be done. */
static void
agree(struct sim *sim, int at, const struct sim_decision *d,
      const enum fate fate[SIDE_COUNT])
{
    struct sim_link *link = &sim->link[at];
    bool is_deleted = true; /* what was to be */

    sim_say(sim, "link %d agreed: verdict %d of versions %d %d", at,
            (int)d->m.verdict, (int)d->seen[0], (int)d->seen[1]);
    record_conflicts(sim, at, d, fate);
    move_base(sim, link, d, fate);
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        if (!writes_to(d, s))
            link->seen[s] = d->seen[s];
        else if (fate[s] != NOT_WRITTEN) /* what is older counts no more */
            link->seen[s] = sim->record[s][link->id[s]].version;
        if (writes_to(d, s) && d->m.verdict == MERGE_DELETE)
            is_deleted = fate[s] == WRITTEN;
    }
    for (enum side s = 0; is_deleted && s < SIDE_COUNT; s++)
        link->life[s] = d->m.life[s];
    for (size_t i = 0; i < SIM_PAIRS; i++)
        sim->n_pair_verdicts[d->m.pairs[i].verdict]++;
    sim->n_verdicts[d->m.verdict]++;
    link->has_intent = false;
    link->version++;
}

/* The writer died over this link: find out what was written. */
static void
recover(struct sim *sim, int at)
{
    struct sim_link *link = &sim->link[at];
    struct sim_decision d = link->intent;
    enum fate fate[SIDE_COUNT] = {NOT_WRITTEN, NOT_WRITTEN};
    bool is_begun = false;

    for (enum side s = 0; s < SIDE_COUNT; s++) {
        if (link->id[s] == SIM_NONE)
            link->id[s] = sim_made_of(sim, s, link->id[side_other(s)]);
        if (writes_to(&d, s))
            fate[s] = fate_of(sim, link, s);
        is_begun = is_begun || fate[s] != NOT_WRITTEN;
        sim->n_unknown += fate[s] == UNKNOWN;
    }
    sim_say(sim, "link %d recovered: %d %d", at, (int)fate[0], (int)fate[1]);
    link->has_intent = false;
    if (is_begun)
        agree(sim, at, &d, fate);
}

/* ---- resolver ---- */

/* One side as the decision sees it: as the event tells, or as it is now. */
static void
look(struct sim *sim, const struct sim_link *link, enum side side,
     const struct sim_record *told, struct sim_decision *d)
{
    const struct sim_record *r = told;

    if (r == NULL && link->id[side] != SIM_NONE)
        r = &sim->record[side][link->id[side]];
    d->is_deleted[side] = r == NULL || r->is_deleted;
    if (r != NULL) {
        d->seen[side] = r->version;
        memcpy(d->now[side], r->value, sizeof(r->value));
        d->now[side][SIM_TIE] = sim_tie_value(sim, side, r->value[SIM_TIE],
                                              link->base[side][SIM_TIE]);
    }
}

/* `is_anew`: a decision was refused, so that the event may be out of date. */
static void
decide(struct sim *sim, int event, bool is_anew)
{
    struct sim_event *ev = &sim->event[event];
    int at = find_link(sim, ev->side, ev->id);
    struct sim_decision d = {.event = event, .link = at};
    struct merge_side side[SIDE_COUNT];
    struct sim_link link;

    if (at != SIM_NONE && sim->link[at].has_intent)
        recover(sim, at);
    link = at != SIM_NONE ? sim->link[at] : no_link(ev->side, ev->id);
    if (ev->record.version < link.seen[ev->side]) {
        sim->n_superseded++;
        ev->is_ended = true;
        return;
    }
    for (enum side s = 0; s < SIDE_COUNT; s++)
        look(sim, &link, s, s == ev->side && !is_anew ? &ev->record : NULL, &d);
    d.link_version = link.version;
    if (!sim_same(link.base[SIDE_SALESFORCE][SIM_TIE], NULL) ||
        !sim->rules.carries_updates[SIDE_HUBSPOT] ||
        !mapping_goes_to(&sim->map.pairs[SIM_TIE], SIDE_SALESFORCE))
        d.agreed = link.base[SIDE_HUBSPOT][SIM_TIE];
    sides_of(&link, &d, side);
    merge_records(&sim->map, side, &sim->rules, &d.m);
    /* An echo, or sent again. But a version that the link has not seen goes on
     * to the writer even if it changes nothing: it may take back one that is on
     * its way there. */
    if (!d.m.moves_base && merge_reason(d.m.verdict) != NULL &&
        d.seen[ev->side] == link.seen[ev->side]) {
        sim->n_verdicts[d.m.verdict]++;
        ev->is_ended = true;
        return;
    }
    if (sim->n_in_flight < SIM_IN_FLIGHT)
        sim->in_flight[sim->n_in_flight++] = d;
}

void
sim_resolve(struct sim *sim, int event)
{
    decide(sim, event, false);
}

/* ---- writer ---- */

static bool
crashes(struct sim *sim)
{
    if (!sim->has_crashes || !sim_chance(sim, 4))
        return false;
    sim->n_crashes++;
    sim_say(sim, "the writer dies");
    sim_restart(sim);
    return true;
}

/* Is what is to be written over still what the decision was made on? */
static bool
is_current(const struct sim *sim, const struct sim_decision *d)
{
    const struct sim_link *link =
        d->link != SIM_NONE ? &sim->link[d->link] : NULL;
    const struct sim_event *ev = &sim->event[d->event];

    if (link == NULL)
        return find_link(sim, ev->side, ev->id) == SIM_NONE;
    if (link->version != d->link_version || link->has_intent)
        return false;
    for (enum side s = 0; s < SIDE_COUNT; s++)
        if (writes_to(d, s) && link->id[s] != SIM_NONE &&
            sim->record[s][link->id[s]].version != d->seen[s])
            return false;
    return true;
}

static void
write_side(struct sim *sim, struct sim_link *link, const struct sim_decision *d,
           enum side side)
{
    sim_say(sim, "write to %s %d (verdict %d)", side_name(side), link->id[side],
            (int)d->m.verdict);
    if (d->m.verdict == MERGE_DELETE)
        sim_delete(sim, side, link->id[side]);
    else if (link->id[side] != SIM_NONE)
        sim_write(sim, side, link->id[side], d);
    else
        sim_create(sim, side, link->id[side_other(side)], d);
}

void
sim_carry_out(struct sim *sim, size_t decision)
{
    static const enum fate done[SIDE_COUNT] = {WRITTEN, WRITTEN};
    struct sim_decision d = sim->in_flight[decision];
    struct sim_event *ev = &sim->event[d.event];
    struct sim_link *link;

    sim->in_flight[decision] = sim->in_flight[--sim->n_in_flight];
    if (!is_current(sim, &d)) {
        sim->n_anew++;
        decide(sim, d.event, true);
        return;
    }
    if (d.link == SIM_NONE) {
        d.link = (int)sim->n_links++;
        sim->link[d.link] = no_link(ev->side, ev->id);
    }
    link = &sim->link[d.link];
    link->has_intent = true;
    link->intent = d;
    for (enum side s = 0; s < SIDE_COUNT; s++)
        if (writes_to(&d, s)) {
            if (crashes(sim))
                return;
            write_side(sim, link, &d, s);
            if (crashes(sim))
                return;
            if (link->id[s] == SIM_NONE)
                link->id[s] = sim_made_of(sim, s, link->id[side_other(s)]);
        }
    agree(sim, d.link, &d, done);
    ev->is_ended = true;
}

void
sim_restart(struct sim *sim)
{
    sim->n_in_flight = 0;
}
