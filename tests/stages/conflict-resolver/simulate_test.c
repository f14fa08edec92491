/* simulate_test: users on both sides do what they like, and all that may go
 * wrong on the way does; when all is quiet both sides must be equal, nothing
 * lost, nothing doubled.
 *
 *   SIMULATE_SEEDS=N   or the first argument: so many seeds, 5000 if unset
 *   SIMULATE_SEED=n    that one alone, and the course of it */
#include "tests/stages/conflict-resolver/simulate.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define QUIET_STEPS 20000 /* far more than any run needs */

static uint64_t n_seeds = 5000;

int
sim_random(struct sim *sim, int n)
{
    uint64_t z = sim->random += 0x9e3779b97f4a7c15u; /* splitmix64 */

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (int)((z ^ (z >> 31)) % (uint64_t)n);
}

bool
sim_chance(struct sim *sim, int percent)
{
    return sim_random(sim, 100) < percent;
}

void
sim_fail(struct sim *sim, const char *format, ...)
{
    va_list args;

    if (sim->failure[0] != '\0')
        return;
    va_start(args, format);
    vsnprintf(sim->failure, sizeof(sim->failure), format, args);
    va_end(args);
}

void
sim_say(const struct sim *sim, const char *format, ...)
{
    va_list args;

    if (!sim->is_loud)
        return;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

/* ---- one run ---- */

static void
choose_rules(struct sim *sim)
{
    sim->map.n = SIM_PAIRS;
    for (size_t i = 0; i < SIM_PAIRS; i++)
        sim->map.pairs[i].direction =
            sim_chance(sim, 70)
                ? MAPPING_BOTH
                : (enum mapping_direction)(1 + sim_random(sim, 2));
    sim->map.pairs[SIM_TIE].transform = TRANSFORM_CONTACT;
    sim->rules.prefer = (enum side)sim_random(sim, SIDE_COUNT);
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        sim->rules.carries_updates[s] = sim_chance(sim, 80);
        sim->rules.carries_deletes[s] = sim_chance(sim, 65);
        sim->has_users[s] = true;
    }
    if (sim_chance(sim, 20))
        sim->has_users[sim_random(sim, SIDE_COUNT)] = false;
    sim->has_crashes = sim_chance(sim, 65);
    sim_say(sim, "prefer %s, updates %d %d, deletes %d %d",
            side_name(sim->rules.prefer), sim->rules.carries_updates[0],
            sim->rules.carries_updates[1], sim->rules.carries_deletes[0],
            sim->rules.carries_deletes[1]);
}

/* Any event that is on its way, so that they overtake each other; now and then
 * one that has long ended. */
static int
pick_event(struct sim *sim)
{
    int n = 0, left;

    for (size_t i = 0; i < sim->n_events; i++)
        n += !sim->event[i].is_ended;
    if (sim->n_events > 0 && sim_chance(sim, 5))
        return sim_random(sim, (int)sim->n_events);
    if (n == 0)
        return SIM_NONE;
    left = sim_random(sim, n);
    for (size_t i = 0; i < sim->n_events; i++)
        if (!sim->event[i].is_ended && left-- == 0)
            return (int)i;
    return SIM_NONE;
}

/* Something happens to what is on its way. */
static void
move(struct sim *sim)
{
    int event;

    if (sim->has_crashes && sim_chance(sim, 1)) {
        sim_say(sim, "restart");
        sim_restart(sim);
    } else if (sim->n_in_flight > 0 && sim_chance(sim, 50)) {
        sim_carry_out(sim, (size_t)sim_random(sim, (int)sim->n_in_flight));
    } else if ((event = pick_event(sim)) != SIM_NONE && sim_chance(sim, 90)) {
        sim_resolve(sim, event); /* else it is lost, and sent again later */
    }
}

static bool
is_quiet(const struct sim *sim)
{
    for (size_t i = 0; i < sim->n_events; i++)
        if (!sim->event[i].is_ended)
            return false;
    return sim->n_in_flight == 0;
}

static void
come_to_rest(struct sim *sim)
{
    for (int i = 0; !is_quiet(sim) && sim->failure[0] == '\0'; i++) {
        move(sim);
        if (i == QUIET_STEPS)
            sim_fail(sim, "no rest after %d steps", i);
    }
}

/* All records once more: nothing is written, nothing recorded. */
static void
check_next_pass(struct sim *sim)
{
    int n_writes = sim->n_writes;
    size_t n_conflicts = sim->n_conflicts;

    sim_say(sim, "the next pass");
    for (enum side s = 0; s < SIDE_COUNT; s++)
        for (size_t i = 0; i < sim->n_records[s]; i++)
            sim_send(sim, s, (int)i);
    come_to_rest(sim);
    if (sim->n_writes != n_writes)
        sim_fail(sim, "the next pass writes %d", sim->n_writes - n_writes);
    if (sim->n_conflicts != n_conflicts)
        sim_fail(sim, "the next pass finds conflicts");
}

static void
run(struct sim *sim, uint64_t seed, bool is_loud)
{
    int n_actions;

    memset(sim, 0, sizeof(*sim));
    sim->seed = sim->random = seed;
    sim->is_loud = is_loud;
    judge_open(sim);
    choose_rules(sim);
    n_actions = 5 + sim_random(sim, 60);
    while (sim->n_actions < n_actions && sim->failure[0] == '\0') {
        if (sim_chance(sim, 25))
            sim_user(sim);
        else
            move(sim);
    }
    come_to_rest(sim);
    judge_end(sim);
    if (sim->failure[0] == '\0')
        check_next_pass(sim);
    judge_close(sim);
}

static void
clear(struct sim *sim)
{
    for (size_t i = 0; i < sim->n_texts; i++)
        free(sim->texts[i]);
    free(sim->texts);
}

/* ---- tests ---- */

/* What has happened at all: a simulation proves nothing of what it never
 * reaches. */
static struct sim seen;

static void
add_up(const struct sim *sim)
{
    for (size_t i = 0; i <= MERGE_CLOSED; i++)
        seen.n_verdicts[i] += sim->n_verdicts[i];
    for (size_t i = 0; i <= MERGE_PAIR_LOST; i++)
        seen.n_pair_verdicts[i] += sim->n_pair_verdicts[i];
    seen.n_actions += sim->n_actions;
    seen.n_writes += sim->n_writes;
    seen.n_crashes += sim->n_crashes;
    seen.n_anew += sim->n_anew;
    seen.n_superseded += sim->n_superseded;
    seen.n_unknown += sim->n_unknown;
    seen.n_conflicts += sim->n_conflicts;
}

static void
seeds(void **state)
{
    const char *one = getenv("SIMULATE_SEED");
    uint64_t first = one != NULL ? strtoull(one, NULL, 10) : 1;
    uint64_t n = one != NULL ? 1 : n_seeds;
    static struct sim sim_of_all, *sim = &sim_of_all;

    (void)state;
    for (uint64_t seed = first; seed < first + n; seed++) {
        run(sim, seed, one != NULL);
        add_up(sim);
        clear(sim);
        if (sim->failure[0] != '\0')
            fail_msg("SIMULATE_SEED=%" PRIu64 ": %s", seed, sim->failure);
    }
    print_message("# %" PRIu64 " seeds: %d actions, %d writes, %zu conflicts, "
                  "%d crashes, %d decided anew\n",
                  n, seen.n_actions, seen.n_writes, seen.n_conflicts,
                  seen.n_crashes, seen.n_anew);
}

static void
all_has_happened(void **state)
{
    (void)state;
    if (getenv("SIMULATE_SEED") != NULL || n_seeds < 1000)
        skip();
    for (size_t i = 0; i <= MERGE_CLOSED; i++)
        assert_true(seen.n_verdicts[i] > 20);
    for (size_t i = 0; i <= MERGE_PAIR_LOST; i++)
        assert_true(seen.n_pair_verdicts[i] > 20);
    assert_true(seen.n_anew > 20 && seen.n_superseded > 20);
    assert_true(seen.n_crashes > 20 && seen.n_unknown > 20);
}

static void
same_seed_same_course(void **state)
{
    struct sim *a = malloc(sizeof(*a)), *b = malloc(sizeof(*b));

    (void)state;
    assert_non_null(a);
    assert_non_null(b);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        run(a, seed, false);
        run(b, seed, false);
        assert_true(a->random == b->random);
        assert_int_equal(a->n_writes, b->n_writes);
        clear(a);
        clear(b);
    }
    free(a);
    free(b);
}

int
main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(seeds),
        cmocka_unit_test(all_has_happened),
        cmocka_unit_test(same_seed_same_course),
    };
    const char *n = argc > 1 ? argv[1] : getenv("SIMULATE_SEEDS");

    if (n != NULL)
        n_seeds = strtoull(n, NULL, 10);
    return cmocka_run_group_tests_name("simulate", tests, NULL, NULL);
}
