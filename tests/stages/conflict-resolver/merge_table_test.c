/* merge_table_test: the README's table of conflicts, read row by row, says what
 * merge does; and no combination is missing. */
#include "stages/conflict-resolver/merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define SECTION "### When both sides change"
#define COLUMNS 4

/* A side's state: the words of the first two columns. */
enum state { UNCHANGED, CHANGED, SAME, DELETED, IGNORED, N_STATES };
static const char *const states[N_STATES] = {
    [UNCHANGED] = "unchanged",      [CHANGED] = "changed",
    [SAME] = "changed to the same", [DELETED] = "deleted",
    [IGNORED] = "deleted, ignored",
};

struct line {
    char text[256];
    char *cell[COLUMNS];
};

/* The next row of the section; the heading's two are rows too. */
static bool
next_row(FILE *f, struct line *line)
{
    while (fgets(line->text, sizeof(line->text), f) != NULL &&
           strncmp(line->text, "## ", 3) != 0) {
        char *at = line->text + 1;

        if (line->text[0] != '|')
            continue;
        for (int i = 0; i < COLUMNS; i++) {
            char *end = strchr(at, '|');

            assert_non_null(end);
            assert_true(end >= at + 2); /* a blank on either side */
            end[-1] = '\0';
            line->cell[i] = at + 1;
            at = end + 1;
        }
        return true;
    }
    return false;
}

static FILE *
open_section(void)
{
    FILE *f = fopen("README.md", "r");
    char text[256];

    assert_non_null(f); /* run from the repository's root */
    while (fgets(text, sizeof(text), f) != NULL)
        if (strncmp(text, SECTION, strlen(SECTION)) == 0)
            return f;
    fail_msg("README.md has no section %s", SECTION);
    return NULL;
}

static enum state
state_of(const char *word)
{
    for (enum state s = 0; s < N_STATES; s++)
        if (strcmp(states[s], word) == 0)
            return s;
    fail_msg("\"%s\" is no state of a side", word);
    return N_STATES;
}

static const char *
value_of(enum state own, enum state other, const char *mine)
{
    if (own == UNCHANGED)
        return "base";
    return own == SAME || other == SAME ? "same" : mine;
}

static void
decide(const enum state at[SIDE_COUNT], enum side prefer, struct merge *m)
{
    static const char *const base[1] = {"base"};
    static const struct mapping map = {.n = 1};
    const char *now[SIDE_COUNT][1];
    struct merge_side side[SIDE_COUNT] = {0};
    struct merge_rules rules = {.prefer = prefer};

    for (enum side s = 0; s < SIDE_COUNT; s++) {
        now[s][0] = value_of(at[s], at[side_other(s)], side_name(s));
        side[s].is_deleted = at[s] == DELETED || at[s] == IGNORED;
        side[s].now = now[s];
        side[s].base = base;
        rules.carries_updates[s] = true;
        rules.carries_deletes[s] = at[s] != IGNORED;
    }
    merge_records(&map, side, &rules, m);
}

static const char *
outcome(const struct merge *m, enum side gone, char *out, size_t size)
{
    static const char *const title[SIDE_COUNT] = {"HubSpot", "Salesforce"};
    enum side living = side_other(gone);
    const char *conflict = m->is_conflict ? ", conflict" : "";

    switch (m->verdict) {
    case MERGE_UNCHANGED:
    case MERGE_CLOSED:
        snprintf(out, size, "nothing%s", conflict);
        break;
    case MERGE_WRITE:
        snprintf(out, size, "%s's goes over%s",
                 title[side_other(m->pairs[0].to)], conflict);
        break;
    case MERGE_DELETE:
        snprintf(out, size, "deleted in %s%s", title[living], conflict);
        break;
    case MERGE_REVIVE:
        snprintf(out, size, "brought back in %s%s", title[gone], conflict);
        break;
    case MERGE_LEAVE:
        snprintf(out, size, "left alone%s", conflict);
        break;
    }
    return out;
}

static void
rows_hold(void **state)
{
    FILE *f = open_section();
    struct line line;
    int n = 0;

    (void)state;
    for (; next_row(f, &line); n++) {
        enum state at[SIDE_COUNT];
        enum side gone;
        struct merge m;
        char text[64];

        if (n < 2)
            continue;
        for (enum side s = 0; s < SIDE_COUNT; s++)
            at[s] = state_of(line.cell[s]);
        gone = at[SIDE_HUBSPOT] >= DELETED ? SIDE_HUBSPOT : SIDE_SALESFORCE;
        decide(at, SIDE_SALESFORCE, &m);
        assert_string_equal(line.cell[2],
                            outcome(&m, gone, text, sizeof(text)));
        decide(at, SIDE_HUBSPOT, &m);
        assert_string_equal(line.cell[3],
                            outcome(&m, gone, text, sizeof(text)));
    }
    fclose(f);
}

static void
heading_holds(void **state)
{
    FILE *f = open_section();
    struct line line;

    (void)state;
    assert_true(next_row(f, &line));
    assert_string_equal(line.cell[0], "HubSpot");
    assert_string_equal(line.cell[1], "Salesforce");
    assert_string_equal(line.cell[2], "`prefer = salesforce`");
    assert_string_equal(line.cell[3], "`prefer = hubspot`");
    fclose(f);
}

/* Unchanged, changed and deleted against each other, each of them once; and
 * ignored deletions against what lives. */
static void
no_row_is_missing(void **state)
{
    FILE *f = open_section();
    int seen[N_STATES][N_STATES] = {{0}};
    struct line line;

    (void)state;
    for (int n = 0; next_row(f, &line); n++)
        if (n >= 2)
            seen[state_of(line.cell[0])][state_of(line.cell[1])]++;
    fclose(f);
    for (enum state h = 0; h < N_STATES; h++)
        for (enum state s = 0; s < N_STATES; s++) {
            bool is_same = h == SAME || s == SAME;
            bool is_ignored = h == IGNORED || s == IGNORED;
            bool is_wanted = is_same
                                 ? h == CHANGED && s == SAME
                                 : !is_ignored || h <= CHANGED || s <= CHANGED;

            if (seen[h][s] != is_wanted)
                fail_msg("%s | %s stands %d times", states[h], states[s],
                         seen[h][s]);
        }
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(heading_holds),
        cmocka_unit_test(rows_hold),
        cmocka_unit_test(no_row_is_missing),
    };

    return cmocka_run_group_tests_name("merge_table", tests, NULL, NULL);
}
