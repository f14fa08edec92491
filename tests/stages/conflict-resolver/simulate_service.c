/* simulate_service: two services that each give back less than they are given,
 * and people who work in them. */
#include "tests/stages/conflict-resolver/simulate.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 256

const char *
sim_keep(struct sim *sim, const char *text)
{
    if (text == NULL)
        return NULL;
    if (sim->n_texts == sim->room_texts) {
        sim->room_texts = sim->room_texts * 2 + 64;
        sim->texts = realloc(sim->texts, sim->room_texts * sizeof(char *));
        if (sim->texts == NULL)
            abort();
    }
    sim->texts[sim->n_texts] = strdup(text);
    return sim->texts[sim->n_texts++];
}

bool
sim_same(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

/* ---- what gets lost: each changes the text in place ---- */

static void
trim(char *s)
{
    size_t lead = strspn(s, " \r\n"), len;

    memmove(s, s + lead, strlen(s + lead) + 1);
    for (len = strlen(s); len > 0 && strchr(" \r\n", s[len - 1]) != NULL;)
        s[--len] = '\0';
}

static void
truncate_short(char *s)
{
    if (strlen(s) > 10)
        s[10] = '\0';
}

/* It may grow: the values are far shorter than their room. */
static void
replace(char *s, const char *from, const char *to)
{
    size_t from_len = strlen(from), to_len = strlen(to);

    while ((s = strstr(s, from)) != NULL) {
        memmove(s + to_len, s + from_len, strlen(s + from_len) + 1);
        memcpy(s, to, to_len);
        s += to_len;
    }
}

static void
line_ends(char *s)
{
    replace(s, "\r\n", "\n");
}

static void
to_html(char *s)
{
    replace(s, "\r\n", "\n");
    replace(s, "\n", "<br>");
    replace(s, "  ", " ");
}

static void
to_text(char *s)
{
    replace(s, "<br>", "\n");
    replace(s, "<b>", "");
    replace(s, "</b>", "");
}

static void
lower(char *s)
{
    for (; *s != '\0'; s++)
        *s = (char)tolower((unsigned char)*s);
}

static void
capital(char *s)
{
    lower(s);
    *s = (char)toupper((unsigned char)*s);
}

static void (*const losses[SIDE_COUNT][SIM_PAIRS])(char *) = {
    [SIDE_HUBSPOT] = {trim, to_html, lower, NULL, trim, to_html, NULL},
    [SIDE_SALESFORCE] = {truncate_short, to_text, capital, line_ends, trim,
                         truncate_short, NULL},
};

/* One service keeps an empty text, the other makes it nothing. */
const char *
sim_given_back(struct sim *sim, enum side side, size_t pair, const char *value)
{
    char text[TEXT_MAX];

    snprintf(text, sizeof(text), "%s", value == NULL ? "" : value);
    if (losses[side][pair] != NULL)
        losses[side][pair](text);
    if (side == SIDE_SALESFORCE && *text == '\0')
        return NULL;
    return value != NULL && strcmp(text, value) == 0 ? value
                                                     : sim_keep(sim, text);
}

/* ---- records ---- */

void
sim_send(struct sim *sim, enum side side, int id)
{
    if (sim->n_events == SIM_EVENTS)
        sim_fail(sim, "events without end");
    else
        sim->event[sim->n_events++] = (struct sim_event){
            .side = side, .id = id, .record = sim->record[side][id]};
}

/* A new version, by the chain or by a user. */
static void
changed(struct sim *sim, enum side side, int id, bool is_ours)
{
    struct sim_record *r = &sim->record[side][id];

    r->version = ++sim->clock;
    r->is_ours = is_ours;
    sim->n_writes += is_ours;
    judge_note(sim, side, id);
    sim_send(sim, side, id);
}

static int
add(struct sim *sim, enum side side, int origin)
{
    int id = (int)sim->n_records[side];

    if (id == SIM_RECORDS) {
        sim_fail(sim, "records without end");
        return 0;
    }
    sim->n_records[side]++;
    sim->record[side][id].origin = origin;
    return id;
}

int
sim_made_of(const struct sim *sim, enum side side, int origin)
{
    for (size_t i = 0; i < sim->n_records[side]; i++)
        if (sim->record[side][i].origin == origin)
            return (int)i;
    return SIM_NONE;
}

void
sim_write(struct sim *sim, enum side side, int id, const struct sim_decision *d)
{
    struct sim_record *r = &sim->record[side][id];

    for (size_t i = 0; i < SIM_PAIRS; i++) {
        const struct merge_pair *p = &d->m.pairs[i];
        const char *value;

        if (!merge_writes(p) || p->to != side)
            continue;
        value = sim_given_back(sim, side, i, p->value);
        if (i == SIM_TIE && side == SIDE_HUBSPOT)
            /* What is brought back there is made anew. */
            value = sim_tie_moved(sim, r->is_deleted ? NULL : r->value[i],
                                  d->agreed, p->value);
        judge_write(sim, side, id, i, p->value);
        sim_say(sim, "  %s %d: %d = \"%s\"", side_name(side), id, (int)i,
                value == NULL ? "" : value);
        r->value[i] = value;
    }
    r->is_deleted = r->is_user_deleted = false;
    changed(sim, side, id, true);
}

int
sim_create(struct sim *sim, enum side side, int origin,
           const struct sim_decision *d)
{
    int id = sim_made_of(sim, side, origin);

    if (id == SIM_NONE)
        id = add(sim, side, origin);
    sim_write(sim, side, id, d);
    return id;
}

void
sim_delete(struct sim *sim, enum side side, int id)
{
    judge_delete(sim, side, id);
    sim->record[side][id].is_deleted = true;
    changed(sim, side, id, true);
}

/* ---- users ---- */

/* Never the same twice, so that the judge can tell whose value it is; its
 * number survives each loss. */
static const char *
invent(struct sim *sim, size_t pair)
{
    static const char *const words[] = {"HIGH", "high", "Low", "nOrmal"};
    static const char *const leads[] = {"", " ", "", "\n"};
    static const char *const tails[] = {"",      " ",         "  x\r\ny",
                                        "\nz  ", " <b>b</b>", "<br>a long end"};
    char text[TEXT_MAX];

    if (sim_chance(sim, 10))
        return sim_chance(sim, 50) ? "" : NULL;
    if (pair == 2)
        return words[sim_random(sim, 4)];
    snprintf(text, sizeof(text), "%s%d%s", leads[sim_random(sim, 4)],
             sim->n_actions, tails[sim_random(sim, 6)]);
    return sim_keep(sim, text);
}

static void
user_creates(struct sim *sim, enum side side)
{
    int id = add(sim, side, SIM_NONE);

    for (size_t i = 0; i < SIM_TIE; i++)
        sim->record[side][id].value[i] =
            sim_given_back(sim, side, i, invent(sim, i));
    sim->record[side][id].value[SIM_TIE] = sim_invent_people(sim, side, NULL);
    sim_say(sim, "user of %s creates %d", side_name(side), id);
    changed(sim, side, id, false);
}

static void
user_ties(struct sim *sim, enum side side, int id)
{
    struct sim_record *r = &sim->record[side][id];

    r->value[SIM_TIE] = sim_invent_people(sim, side, r->value[SIM_TIE]);
    sim_say(sim, "user of %s ties %d to %s", side_name(side), id,
            r->value[SIM_TIE] == NULL ? "nobody" : r->value[SIM_TIE]);
    changed(sim, side, id, false);
}

/* Now and then with the very value that the other side has. */
static void
user_edits(struct sim *sim, enum side side, int id)
{
    struct sim_record *r = &sim->record[side][id];
    size_t pair = (size_t)sim_random(sim, SIM_TIE);
    const char *value = invent(sim, pair);
    int other = r->origin != SIM_NONE ? r->origin
                                      : sim_made_of(sim, side_other(side), id);

    if (other != SIM_NONE && sim_chance(sim, 15))
        value = sim->record[side_other(side)][other].value[pair];
    r->value[pair] = sim_given_back(sim, side, pair, value);
    sim_say(sim, "user of %s edits %d: %d = \"%s\"", side_name(side), id,
            (int)pair, value == NULL ? "" : value);
    changed(sim, side, id, false);
}

static void
user_ends(struct sim *sim, enum side side, int id)
{
    struct sim_record *r = &sim->record[side][id];

    r->is_user_deleted = r->is_deleted = !r->is_deleted;
    r->was_restored = r->was_restored || !r->is_deleted;
    sim_say(sim, "user of %s %s %d", side_name(side),
            r->is_deleted ? "deletes" : "restores", id);
    changed(sim, side, id, false);
}

void
sim_user(struct sim *sim)
{
    enum side side = (enum side)sim_random(sim, SIDE_COUNT);
    size_t n;
    int id;

    if (!sim->has_users[side])
        side = side_other(side);
    n = sim->n_records[side];
    sim->n_actions++;
    if (n == 0 || (n < 6 && sim_chance(sim, 10))) {
        user_creates(sim, side);
        return;
    }
    id = sim_random(sim, (int)n);
    if (sim->record[side][id].is_deleted || sim_chance(sim, 12))
        user_ends(sim, side, id);
    else if (sim_chance(sim, 30))
        user_ties(sim, side, id);
    else
        user_edits(sim, side, id);
}
