/* merge_test: every combination of changes, deletions, directions and rules has
 * its row; the README's table says what merge does. */
#include "stages/conflict-resolver/merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define H        SIDE_HUBSPOT
#define S        SIDE_SALESFORCE

/* A pair of records with one mapped pair, and room to say it shortly. */
struct sample {
    struct mapping map;
    const char *now[SIDE_COUNT][1], *base[SIDE_COUNT][1];
    struct merge_side side[SIDE_COUNT];
    struct merge_rules rules;
    struct merge m;
};

static struct sample *
sample(const char *base)
{
    static struct sample s;

    memset(&s, 0, sizeof(s));
    s.map.n = 1;
    for (enum side x = 0; x < SIDE_COUNT; x++) {
        s.now[x][0] = s.base[x][0] = base;
        s.side[x].now = s.now[x];
        s.side[x].base = s.base[x];
        s.rules.carries_updates[x] = s.rules.carries_deletes[x] = true;
    }
    return &s;
}

static const struct merge *
merged(struct sample *s)
{
    merge_records(&s->map, s->side, &s->rules, &s->m);
    return &s->m;
}

/* ---- values ---- */

/* What was changed since the agreement, and what is to happen when changes may
 * go over from: neither, HubSpot, Salesforce, both (prefer = hubspot, prefer =
 * salesforce). '.' nothing changed, '=' equal, '-' held, 'h' HubSpot's value is
 * written, 's' Salesforce's, 'H' 'S' as a conflict. */
static const struct value_row {
    const char *name;
    const char *hubspot, *salesforce; /* base: "b" */
    const char *want;
} value_rows[] = {
    {"neither changed", "b", "b", "....."},
    {"changed in hubspot", "x", "b", "-h-hh"},
    {"changed in salesforce", "b", "y", "--sss"},
    {"emptied in hubspot", "", "b", "-h-hh"},
    {"emptied in salesforce", "b", NULL, "--sss"},
    {"both changed to the same", "x", "x", "====="},
    {"both emptied, each in its way", "", NULL, "====="},
    {"both changed", "x", "y", "-hsHS"},
    {"emptied against changed", NULL, "y", "-hsHS"},
    {"only case and blanks differ", "B ", "B", "-hsHS"},
};

static char
letter(const struct merge *m)
{
    const struct merge_pair *p = &m->pairs[0];

    switch (p->verdict) {
    case MERGE_PAIR_UNCHANGED:
        return '.';
    case MERGE_PAIR_EQUAL:
        return '=';
    case MERGE_PAIR_HELD:
        return '-';
    case MERGE_PAIR_CARRIED:
        return p->to == S ? 'h' : 's';
    case MERGE_PAIR_CONFLICT:
        return p->to == S ? 'H' : 'S';
    default:
        return '?';
    }
}

static void
check_written(const struct sample *s)
{
    const struct merge_pair *p = &s->m.pairs[0];
    bool writes = merge_writes(p);

    assert_int_equal(s->m.verdict, writes ? MERGE_WRITE : MERGE_UNCHANGED);
    assert_int_equal(s->m.is_conflict, p->verdict == MERGE_PAIR_CONFLICT);
    assert_int_equal(s->m.moves_base, p->verdict != MERGE_PAIR_UNCHANGED);
    if (writes) {
        assert_ptr_equal(p->value, s->now[side_other(p->to)][0]);
        assert_ptr_equal(p->lost, s->now[p->to][0]);
    }
}

/* Each direction with each pair of update rules and each preference. */
static void
value(void **state)
{
    const struct value_row *r = *state;

    for (int i = 0; i < 3 * 2 * 2 * 2; i++) {
        struct sample *s = sample("b");
        struct mapping_pair *pair = &s->map.pairs[0];
        bool from_h, from_s;

        s->now[H][0] = r->hubspot;
        s->now[S][0] = r->salesforce;
        pair->direction = (enum mapping_direction)(i / 8);
        s->rules.carries_updates[H] = i & 1;
        s->rules.carries_updates[S] = i & 2;
        s->rules.prefer = i & 4 ? S : H;
        from_h = (i & 1) && pair->direction != MAPPING_TO_HUBSPOT;
        from_s = (i & 2) && pair->direction != MAPPING_TO_SALESFORCE;
        merged(s);
        assert_int_equal(
            letter(&s->m),
            r->want[from_h && from_s ? (i & 4 ? 4 : 3) : from_h + 2 * from_s]);
        check_written(s);
    }
}

/* Services give back less than they are given: what differs and was not
 * touched stays as it is. */
static void
lossy_and_untouched(void **state)
{
    struct sample *s = sample("high");

    (void)state;
    s->now[S][0] = s->base[S][0] = "High";
    assert_int_equal(merged(s)->verdict, MERGE_UNCHANGED);
    assert_false(s->m.moves_base);
}

/* ---- records ---- */

/* One is gone, the other living; `*` is any. Columns:
 *   as of the last agreement the gone one, the living one were: a alive,
 *     u deleted by a user, s by sync
 *   the living one's value: = unchanged, ~ changed
 *   deleted_in of the gone one: d delete, i ignore
 *   the change may go over: y, n
 *   preferred: g the gone one, l the living one */
static const struct life_row {
    const char *name;
    const char *when[6];
    enum merge_verdict want;
    bool is_conflict;
} life_rows[] = {
    {"deleted, not to be carried over",
     {"a", "*", "*", "i", "*", "*"},
     MERGE_LEAVE,
     false},
    {"deleted against unchanged",
     {"a", "a", "=", "d", "*", "*"},
     MERGE_DELETE,
     false},
    {"deletion preferred to a change",
     {"a", "a", "~", "d", "*", "g"},
     MERGE_DELETE,
     true},
    {"change preferred to a deletion",
     {"a", "a", "~", "d", "y", "l"},
     MERGE_REVIVE,
     true},
    {"preferred change that may not go over",
     {"a", "a", "~", "d", "n", "l"},
     MERGE_LEAVE,
     true},
    {"deletion preferred to a restoration",
     {"a", "us", "*", "d", "*", "g"},
     MERGE_DELETE,
     true},
    {"restoration preferred to a deletion",
     {"a", "us", "*", "d", "*", "l"},
     MERGE_REVIVE,
     true},
    {"known to be gone", {"us", "a", "*", "*", "*", "*"}, MERGE_LEAVE, false},
    {"restored, the other was a user's deletion",
     {"u", "us", "*", "*", "*", "*"},
     MERGE_LEAVE,
     false},
    {"restored, the other went with it",
     {"s", "us", "*", "*", "*", "*"},
     MERGE_REVIVE,
     false},
};

/* One combination: an index into each column's letters. */
static const char *const columns[6] = {"aus", "aus", "=~", "di", "yn", "gl"};

static bool
next_combination(char at[6])
{
    for (int c = 0; c < 6; c++) {
        const char *next = strchr(columns[c], at[c]) + 1;

        at[c] = *next != '\0' ? *next : columns[c][0];
        if (*next != '\0')
            return true;
    }
    return false;
}

static const struct life_row *
row_of(const char at[6])
{
    const struct life_row *found = NULL;

    for (size_t i = 0; i < COUNT(life_rows); i++) {
        bool fits = true;

        for (int c = 0; c < 6; c++)
            fits = fits && (*life_rows[i].when[c] == '*' ||
                            strchr(life_rows[i].when[c], at[c]) != NULL);
        assert_false(fits && found != NULL); /* two rows for one case */
        found = fits ? &life_rows[i] : found;
    }
    assert_non_null(found);
    return found;
}

static struct merge_life
life_of(char c)
{
    return (struct merge_life){.is_deleted = c != 'a', .by_sync = c == 's'};
}

static struct sample *
sample_of(const char at[6], enum side gone)
{
    struct sample *s = sample("b");
    enum side living = side_other(gone);

    s->side[gone].is_deleted = true;
    s->side[gone].now = NULL; /* is not to be read */
    s->side[gone].was = life_of(at[0]);
    s->side[living].was = life_of(at[1]);
    s->now[living][0] = at[2] == '~' ? "x" : "b";
    s->rules.carries_deletes[gone] = at[3] == 'd';
    s->rules.carries_deletes[living] = at[3] != 'd'; /* is not to matter */
    s->rules.carries_updates[living] = at[4] == 'y';
    s->rules.prefer = at[5] == 'g' ? gone : living;
    return s;
}

/* The link's knowledge and the values that go with the verdict. */
static void
check_life(const struct sample *s, const struct life_row *row, enum side gone)
{
    enum side living = side_other(gone);
    const struct merge *m = &s->m;
    bool is_revived = row->want == MERGE_REVIVE;
    bool is_lost = row->want == MERGE_DELETE && s->now[living][0][0] == 'x';

    assert_int_equal(m->life[gone].is_deleted, !is_revived);
    assert_int_equal(m->life[living].is_deleted, row->want == MERGE_DELETE);
    assert_int_equal(m->life[living].by_sync, row->want == MERGE_DELETE);
    assert_int_equal(
        m->moves_base,
        m->life[gone].is_deleted != s->side[gone].was.is_deleted ||
            m->life[living].is_deleted != s->side[living].was.is_deleted ||
            m->life[living].by_sync != s->side[living].was.by_sync);
    assert_int_equal(merge_writes(&m->pairs[0]), is_revived);
    assert_int_equal(m->pairs[0].verdict == MERGE_PAIR_LOST, is_lost);
    if (is_revived)
        assert_ptr_equal(m->pairs[0].value, s->now[living][0]);
    if (is_lost)
        assert_ptr_equal(m->pairs[0].lost, s->now[living][0]);
}

static void
one_gone(void **state)
{
    const struct life_row *row = *state;
    char at[6] = {'a', 'a', '=', 'd', 'y', 'g'};
    int n = 0;

    do {
        for (enum side gone = 0; gone < SIDE_COUNT; gone++) {
            struct sample *s;

            if (row_of(at) != row)
                continue;
            s = sample_of(at, gone);
            merged(s);
            assert_int_equal(s->m.verdict, row->want);
            assert_int_equal(s->m.is_conflict, row->is_conflict);
            check_life(s, row, gone);
            n++;
        }
    } while (next_combination(at));
    assert_true(n > 0);
}

/* Whatever they were: nothing to write, and no conflict. */
static void
both_gone(void **state)
{
    (void)state;
    for (int i = 0; i < 9; i++) {
        struct sample *s = sample("b");

        s->side[H].is_deleted = s->side[S].is_deleted = true;
        s->side[H].now = s->side[S].now = NULL;
        s->side[H].was = life_of("aus"[i % 3]);
        s->side[S].was = life_of("aus"[i / 3]);
        assert_int_equal(merged(s)->verdict, MERGE_CLOSED);
        assert_false(s->m.is_conflict);
        assert_int_equal(s->m.moves_base, i % 3 == 0 || i / 3 == 0);
        assert_int_equal(s->m.life[H].by_sync, i % 3 == 2);
        assert_int_equal(s->m.life[S].by_sync, i / 3 == 2);
    }
}

/* What was done while the other one was gone goes over as any change. */
static void
both_alive_again(void **state)
{
    struct sample *s = sample("b");

    (void)state;
    s->side[H].was = life_of('u');
    assert_int_equal(merged(s)->verdict, MERGE_UNCHANGED);
    assert_true(s->m.moves_base);
    s->now[S][0] = "y";
    assert_int_equal(merged(s)->verdict, MERGE_WRITE);
    assert_int_equal(letter(&s->m), 's');
    assert_false(s->m.life[H].is_deleted);
}

/* A new one is made of all that may go to it, changed or not, empty or not. */
static void
revived_as_a_whole(void **state)
{
    const char *now[4] = {"x", "b", NULL, "z"};
    const char *base[4] = {"b", "b", NULL, "b"};
    struct sample *s = sample("b");

    (void)state;
    s->map.n = 4;
    s->map.pairs[3].direction = MAPPING_TO_SALESFORCE;
    s->side[S].now = now;
    s->side[S].base = base;
    s->side[H].is_deleted = true;
    s->rules.prefer = S;
    assert_int_equal(merged(s)->verdict, MERGE_REVIVE);
    for (size_t i = 0; i < 3; i++) {
        assert_true(merge_writes(&s->m.pairs[i]));
        assert_int_equal(s->m.pairs[i].to, H);
        assert_ptr_equal(s->m.pairs[i].value, now[i]);
    }
    assert_int_equal(s->m.pairs[3].verdict, MERGE_PAIR_HELD);
}

/* ---- the next base ---- */

static void
base_after_a_write(void **state)
{
    struct sample *s = sample("b");
    const char *given_back[1] = {"X"};
    const char *base[1];

    (void)state;
    s->now[H][0] = "x";
    merged(s);
    merge_new_base(s->side, &s->m, S, given_back, base);
    assert_string_equal(base[0], "X");
    merge_new_base(s->side, &s->m, H, NULL, base);
    assert_string_equal(base[0], "x");
}

static void
base_of_a_held_change(void **state)
{
    struct sample *s = sample("b");
    const char *base[1];

    (void)state;
    s->now[H][0] = "x";
    s->rules.carries_updates[H] = false;
    merged(s);
    merge_new_base(s->side, &s->m, H, NULL, base);
    assert_string_equal(base[0], "x");
    merge_new_base(s->side, &s->m, S, NULL, base);
    assert_string_equal(base[0], "b");
}

static void
base_stands_when_left(void **state)
{
    struct sample *s = sample("b");
    const char *base[1];

    (void)state;
    s->now[H][0] = "x";
    s->side[S].is_deleted = true;
    s->rules.carries_deletes[S] = false;
    assert_int_equal(merged(s)->verdict, MERGE_LEAVE);
    merge_new_base(s->side, &s->m, H, NULL, base);
    assert_string_equal(base[0], "b");
    merge_new_base(s->side, &s->m, S, NULL, base);
    assert_string_equal(base[0], "b");
}

/* Of a revived one also what was not written to it is what it gives back. */
static void
base_of_a_revived_one(void **state)
{
    struct sample *s = sample("b");
    const char *given_back[1] = {"fresh"};
    const char *base[1];

    (void)state;
    s->now[H][0] = "x";
    s->side[S].is_deleted = true;
    s->map.pairs[0].direction = MAPPING_TO_HUBSPOT;
    s->side[S].was = life_of('s');
    s->side[H].was = life_of('u');
    assert_int_equal(merged(s)->verdict, MERGE_REVIVE);
    merge_new_base(s->side, &s->m, S, given_back, base);
    assert_string_equal(base[0], "fresh");
    merge_new_base(s->side, &s->m, H, NULL, base);
    assert_string_equal(base[0], "x");
}

/* Neither side's value is taken for the older one, also if it is empty. */
static void
unknown_base(void **state)
{
    struct sample *s = sample(MERGE_UNKNOWN);

    (void)state;
    s->now[H][0] = "x";
    s->now[S][0] = NULL;
    assert_true(merged(s)->is_conflict);
    s->now[S][0] = "x";
    assert_int_equal(merged(s)->pairs[0].verdict, MERGE_PAIR_EQUAL);
    s->now[H][0] = s->now[S][0] = "";
    assert_int_equal(merged(s)->pairs[0].verdict, MERGE_PAIR_EQUAL);
}

static void
reasons(void **state)
{
    (void)state;
    assert_string_equal(merge_reason(MERGE_LEAVE), "other-side-deleted");
    assert_string_equal(merge_reason(MERGE_CLOSED), "both-deleted");
    assert_string_equal(merge_reason(MERGE_UNCHANGED), "no-difference");
    assert_null(merge_reason(MERGE_WRITE));
}

int
main(void)
{
    static const struct CMUnitTest plain[] = {
        cmocka_unit_test(lossy_and_untouched),
        cmocka_unit_test(both_gone),
        cmocka_unit_test(both_alive_again),
        cmocka_unit_test(revived_as_a_whole),
        cmocka_unit_test(base_after_a_write),
        cmocka_unit_test(base_of_a_held_change),
        cmocka_unit_test(base_stands_when_left),
        cmocka_unit_test(base_of_a_revived_one),
        cmocka_unit_test(unknown_base),
        cmocka_unit_test(reasons),
    };
    struct CMUnitTest
        tests[COUNT(plain) + COUNT(value_rows) + COUNT(life_rows)];
    struct CMUnitTest *t = tests + COUNT(plain);

    memcpy(tests, plain, sizeof(plain));
    for (size_t i = 0; i < COUNT(value_rows); i++)
        *t++ = (struct CMUnitTest){.name = value_rows[i].name,
                                   .test_func = value,
                                   .initial_state = (void *)&value_rows[i]};
    for (size_t i = 0; i < COUNT(life_rows); i++)
        *t++ = (struct CMUnitTest){.name = life_rows[i].name,
                                   .test_func = one_gone,
                                   .initial_state = (void *)&life_rows[i]};
    return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
