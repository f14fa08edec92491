/* inflight_test: what is sent when, as scripts of one letter a step:
 *   aN  an event of number N comes      sN  at time N (x 10 ms)
 *   >N  the next to be sent is N (0: nothing), and it is sent
 *   eN  N ends                          !   a stage behind has restarted
 *   bN  N came back undecided           lN  a letter N is tried again
 *   pN  there is no room for N          uN  there is room for N of those
 *   hN  N places are held by others     dN  due again in N (x 10 ms; - : never)
 *   xN  N lacks something               kN  N has it
 */
#include "stages/fetcher/inflight.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MAX       3
#define RESEND_MS 100

static const struct row {
    const char *name;
    const char *script;
} rows[] = {
    {"in their order", "a1 a2 >1 >2 >0"},
    {"no more than max", "a1 a2 a3 a4 >1 >2 >3 >0 e2 >4 >0"},
    {"places held by what is not kept yet", "a1 a2 a3 h2 >1 >0 h0 >2 >3"},
    {"again when nothing was heard", "a1 >1 s9 >0 s10 >1 >0 s19 >0 s20 >1"},
    {"the one sent longest ago first", "a1 >1 s5 a2 >2 s10 >1 >0 s15 >2 >0"},
    {"due before what waits", "a1 >1 s10 a2 >1 >2"},
    {"what has ended is not sent again", "a1 a2 >1 >2 e1 s10 >2 >0"},
    {"at once after a restart", "a1 a2 a3 a4 >1 >2 >3 e2 ! >1 >3 >4 >0"},
    {"a restart spares what was sent after it", "s1 a1 >1 s3 a2 >2 !2 >1 >0"},
    {"a restart spares what waits", "a1 ! >1 >0"},
    {"what waits may end", "a1 a2 e1 >2 >0"},
    {"when it is due", "d- a1 d- >1 d10 s4 d6 s12 d0 >1 d10 e1 d-"},
    {"one that came back goes first", "a1 a2 a3 >1 >2 b2 >2 >3 >0 b1 >1 e1 >0"},
    {"one that came back before it was sent", "a1 a2 b2 >1 >2 >0"},
    {"one without room is not sent again", "a1 a2 >1 p1 >2 s20 >2 >0 ! >2 >0"},
    {"one without room comes back not", "a1 >1 p1 b1 >0 p1 >0 e1 a2 >2"},
    {"room for one", "a1 a2 >1 >2 p1 p2 >0 u1 >1 >0 u5 >2 >0"},
    {"as many without room as may be under way stop the feeds",
     "a1 a2 a3 a4 >1 >2 >3 p1 p2 p3 >0 u1 >1 >4 >0"},
    {"but letters go on", "a1 a2 a3 a4 l5 >1 >2 >3 p1 p2 p3 >5 >0 e5 e1 >4 >0"},
    {"one that lacks something waits alone", "a1 x1 a2 >2 >0 k1 >1 >0"},
    {"when it has it it comes last", "a1 a2 x1 x2 a3 k2 k1 >3 >2 >1"},
    {"one that came back for something goes first",
     "a1 a2 >1 x1 d- s20 k1 d0 >1 >2 >0"},
    {"one that lacks something is not due", "a1 >1 x1 ! b1 x1 s20 >0 k1 >1"},
    {"one that lacks something may end", "a1 a2 x1 e1 >2 >0"},
    {"without room it lacks nothing", "a1 x1 p1 x1 >0 u1 >1"},
    {"due now after a restart", "a1 >1 d10 ! d0 >1 d10"},
};

static void
add(struct inflight *f, uint64_t n, int feed)
{
    static const uint8_t bytes[] = {1, 2, 3};
    char id[32];

    snprintf(id, sizeof(id), "hubspot:call:%d@1", (int)n);
    inflight_add(f, n, id, (struct span){bytes, sizeof(bytes)}, feed, n);
    assert_int_equal(inflight_find(f, n)->seq, n);
    assert_int_equal(inflight_find_id(f, id)->seq, n);
}

static void
step(struct inflight *f, char what, int64_t n, int64_t *now, size_t *held)
{
    static const uint8_t more[] = {1, 2, 3, 4};
    struct inflight_item *item;

    switch (what) {
    case 'x':
        inflight_unlist(f, inflight_find(f, (uint64_t)n));
        break;
    case 'k':
        item = inflight_find(f, (uint64_t)n);
        inflight_list(f, item, (struct span){more, sizeof(more)});
        assert_int_equal(item->len, sizeof(more));
        assert_memory_equal(item->bytes, more, sizeof(more));
        break;
    case 'a':
    case 'l':
        add(f, (uint64_t)n, what == 'l' ? INFLIGHT_LETTER : 0);
        break;
    case 'p':
        inflight_park(f, inflight_find(f, (uint64_t)n));
        break;
    case 'u':
        inflight_unpark(f, (size_t)n);
        break;
    case 's':
        *now = n * 10;
        break;
    case 'h':
        *held = (size_t)n;
        break;
    case '!':
        inflight_again(f, n == 0 ? INT64_MAX : n * 10);
        break;
    case 'b':
        inflight_back(f, inflight_find(f, (uint64_t)n));
        break;
    case 'd':
        assert_int_equal(inflight_due_ms(f, *now, RESEND_MS),
                         n < 0 ? -1 : n * 10);
        break;
    case 'e':
        item = inflight_find(f, (uint64_t)n);
        assert_non_null(item);
        inflight_take(f, item);
        inflight_free(item);
        assert_null(inflight_find(f, (uint64_t)n));
        break;
    default:
        item = inflight_next(f, *now, RESEND_MS, *held);
        assert_int_equal(item != NULL ? item->seq : 0, n);
        if (item != NULL)
            inflight_sent(f, item, *now);
    }
}

static void
check_row(void **state)
{
    const struct row *row = *state;
    struct inflight f;
    int64_t now = 0;
    size_t held = 0;

    inflight_init(&f, MAX);
    for (const char *p = row->script; *p != '\0';) {
        step(&f, *p, p[1] == '-' ? -1 : strtol(p + 1, NULL, 10), &now, &held);
        p += strcspn(p, " ");
        p += *p == ' ';
    }
    inflight_fini(&f);
}

/* Numbers and ids that meet in one bucket. */
static void
check_many(void **state)
{
    struct inflight f;

    (void)state;
    inflight_init(&f, 1);
    for (uint64_t i = 1; i <= 5000; i++)
        add(&f, i << 10, 0);
    for (uint64_t i = 5000; i >= 1; i -= 7) {
        struct inflight_item *item = inflight_find(&f, i << 10);

        assert_non_null(item);
        inflight_take(&f, item);
        inflight_free(item);
        if (i < 7)
            break;
    }
    assert_null(inflight_find(&f, 5000 << 10));
    assert_non_null(inflight_find(&f, 4999 << 10));
    assert_null(inflight_find_id(&f, "hubspot:call:0@1"));
    assert_true(inflight_has_key(&f, "hubspot:call:5118976"));
    assert_false(inflight_has_key(&f, "hubspot:call:511897"));
    inflight_fini(&f);
}

int
main(void)
{
    enum { N_ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N_ROWS + 1];

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    tests[N_ROWS] = (struct CMUnitTest)cmocka_unit_test(check_many);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
