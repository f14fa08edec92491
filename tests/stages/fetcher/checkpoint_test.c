/* checkpoint_test: which cursor may be committed when, as scripts:
 *   pN  a page of N events comes; its cursor is its number
 *   nN  the same without a cursor      eN  an event of page N ends
 *   =N  cursor N may be committed      =-  none may
 *   c   what may be was committed      #N  N pages are left
 * Pages are numbered from 0. */
#include "stages/fetcher/checkpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct row {
    const char *name;
    const char *script;
} rows[] = {
    {"nothing came", "=- #0 c =-"},
    {"an empty page at once", "p0 =0 c =- #0"},
    {"when all its events have ended", "p2 =- e0 =- e0 =0"},
    {"not before the page in front", "p1 p1 e1 =- e0 =1 c =- #0"},
    {"an empty page waits for the one in front", "p1 p0 =- e0 =1"},
    {"the pages that have ended only", "p1 p1 p1 e0 e1 =1 c =- #1 e2 =2"},
    {"until it is committed it stays", "p0 =0 =0 p1 =0 c =- #1"},
    {"a page without a cursor moves nothing", "n0 =- c #0"},
    {"the last cursor before a page without one", "p0 n1 p0 =0 e1 =2"},
    {"more pages than at first", "p1 p1 p1 p1 p1 p1 p1 p1 p1 e0 c #8 e8 e7 e6 "
                                 "e5 e4 e3 e2 =- e1 =8 c #0"},
    {"the ring goes round", "p0 p0 p0 c p1 p1 p1 p1 p1 e3 =3 c e5 e4 =5 c #2"},
};

static void
step(struct checkpoint *c, const char *p)
{
    unsigned long n = strtoul(p + 1, NULL, 10);
    char cursor[24];

    switch (*p) {
    case 'p':
        snprintf(cursor, sizeof(cursor), "%d", (int)(c->first + c->n));
        checkpoint_add(c, n, strdup(cursor));
        break;
    case 'n':
        checkpoint_add(c, n, NULL);
        break;
    case 'e':
        checkpoint_end(c, n);
        break;
    case 'c':
        checkpoint_committed(c);
        break;
    case '#':
        assert_int_equal(checkpoint_pages(c), n);
        break;
    default:
        snprintf(cursor, sizeof(cursor), "%.*s", (int)strcspn(p + 1, " "),
                 p + 1);
        assert_string_equal(
            checkpoint_ready(c) != NULL ? checkpoint_ready(c) : "-", cursor);
    }
}

static void
check_row(void **state)
{
    const struct row *row = *state;
    struct checkpoint c;

    checkpoint_init(&c);
    for (const char *p = row->script; *p != '\0';) {
        step(&c, p);
        p += strcspn(p, " ");
        p += *p == ' ';
    }
    checkpoint_fini(&c);
}

int
main(void)
{
    enum { N_ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N_ROWS];

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
