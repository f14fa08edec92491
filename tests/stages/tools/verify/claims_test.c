/* claims_test: links, records that name the other of their pair, and what is
 * said of them. */
#include "stages/tools/verify/claims.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Short words: "c1" is hubspot:call:1, "n1" a note, "o1" an e-mail's opening;
 * "t1" is salesforce:Task:1. */
static const struct row {
    const char *name;
    const char *links;  /* "c1=t1 ..." */
    const char *claims; /* of Salesforce "t1=c1 ...", "-t1=c1" is deleted; or of
                           HubSpot "c1=t1" */
    const char *want;   /* "FINDING KEY TARGET REQUEST" of each; then "!KEY" of
                           links that are wrong */
} rows[] = {
    {"all is well", "c1=t1 c2=t2", "t1=c1 t2=c2", ""},
    {"a link that nobody claims", "c1=t1", "", ""},
    {"no link", "c2=t2", "t1=c1 t2=c2", "orphaned c1 t1 t1; "},
    {"no link, and it is deleted", "", "-t1=c1", ""},
    {"no link of a note", "", "t1=n1", "orphaned n1 t1 n1; "},
    {"no link of what cannot be read by its id", "", "t1=o1",
     "orphaned o1 t1 -; "},
    {"two of one key, one is linked", "c1=t1", "t1=c1 t2=c1",
     "doubled c1 t2 -; "},
    {"two of one key, one is deleted", "c1=t1", "t1=c1 -t2=c1", ""},
    {"two of one key, none is linked", "", "t1=c1 t2=c1",
     "doubled c1 t1 -; doubled c1 t2 -; "},
    {"the link leads to another pair", "c1=t2 c2=t2", "t1=c1 t2=c2",
     "orphaned c1 t1 t1; doubled c1 t2 -; !c1"},
    {"the link leads nowhere", "c1=t9", "t1=c1", "orphaned c1 t1 t1; !c1"},
    {"two links are crossed", "c1=t2 c2=t1", "t1=c1 t2=c2",
     "orphaned c1 t1 t1; orphaned c2 t2 t2; !c1!c2"},
    {"its HubSpot record was made anew", "c5=t1", "t1=c1", ""},
    {"two links to one that names nobody", "c1=t1 c2=t1", "",
     "doubled c1 t1 -; doubled c2 t1 -; !c1!c2"},
    {"HubSpot names it", "c1=t1", "c1=t1", ""},
    {"HubSpot names one without a link", "", "c1=t1", "orphaned c1 t1 t1; "},
    {"a copy in HubSpot", "c1=t1", "c1=t1 c2=t1", "doubled c2 t1 -; "},
    {"a copy whose original names nobody", "c1=t1", "c2=t1",
     "doubled c2 t1 -; "},
    {"the Task was made anew", "c1=t5", "c1=t1", ""},
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static const char *
long_key(const char *word, char buf[64])
{
    static const struct {
        char letter;
        const char *before;
    } known[] = {{'c', "hubspot:call:"},
                 {'n', "hubspot:note:"},
                 {'o', "hubspot:email_open:"},
                 {'t', "salesforce:Task:"}};
    size_t i = 0;

    while (known[i].letter != word[0])
        i++;
    snprintf(buf, 64, "%s%s", known[i].before, word + 1);
    return buf;
}

static const char *
short_key(const char *key, char buf[16])
{
    char type[32];

    links_type(key, type, sizeof(type));
    snprintf(buf, 16, "%c%s", strcmp(type, "email_open") == 0 ? 'o' : type[0],
             links_id(key));
    if (buf[0] == 'T')
        buf[0] = 't';
    return key[0] != '\0' ? buf : "-";
}

static int
by_target(const void *a, const void *b)
{
    return strcmp((*(struct linked *const *)a)->target,
                  (*(struct linked *const *)b)->target);
}

/* Each "x=y" of a text. */
static void
each(const char *text, void (*fn)(void *ctx, const char *a, const char *b),
     void *ctx)
{
    char a[16], b[16], x[64], y[64];
    int n;

    while (sscanf(text, " %15[^=]=%15s%n", a, b, &n) == 2) {
        bool is_deleted = a[0] == '-';

        long_key(a + is_deleted, x);
        fn(ctx, is_deleted ? strcat(x, "-") : x, long_key(b, y));
        text += n;
    }
}

static void
add_link(void *ctx, const char *key, const char *target)
{
    struct links *l = ctx;
    struct linked *one = &l->v[l->n++];

    one->key = strdup(key);
    one->target = strdup(target);
    one->is_wanted = true;
    l->by_target[l->n - 1] = one;
}

static void
add_claim(void *ctx, const char *record, const char *names)
{
    char own[64];
    size_t len = strlen(record);
    bool is_deleted = record[len - 1] == '-';

    snprintf(own, sizeof(own), "%.*s", (int)(len - is_deleted), record);
    claims_add(ctx, own, names, is_deleted);
}

static void
say(const struct findings *f, const struct links *links, char *buf, size_t size)
{
    char key[16], target[16], request[16];
    size_t n = 0;

    buf[0] = '\0';
    for (size_t i = 0; i < f->n; i++)
        n += (size_t)snprintf(
            buf + n, size - n, "%s %s %s %s; ", finding_name(f->v[i].type),
            short_key(f->v[i].key, key), short_key(f->v[i].target, target),
            short_key(f->v[i].request, request));
    for (size_t i = 0; i < links->n; i++)
        if (links->v[i].is_wrong)
            n += (size_t)snprintf(buf + n, size - n, "!%s",
                                  short_key(links->v[i].key, key));
}

static void
check_row(void **state)
{
    const struct row *row = *state;
    struct claims_rules rules = {.is_on = {[ACTIVITY_CALL] = true},
                                 .is_unique = {[ACTIVITY_CALL] = true}};
    const struct kinds all = {NULL, 0};
    struct links links = {.v = calloc(8, sizeof(struct linked)),
                          .by_target = calloc(8, sizeof(struct linked *)),
                          .kinds = &all};
    struct claims claims = {.side = strchr(row->claims, 't') != NULL &&
                                            row->claims[0] == 'c'
                                        ? SIDE_HUBSPOT
                                        : SIDE_SALESFORCE};
    const struct claims none = {.side = SIDE_SALESFORCE};
    struct findings findings = {NULL, 0, 0};
    char got[256];

    each(row->links, add_link, &links);
    qsort(links.by_target, links.n, sizeof(struct linked *), by_target);
    each(row->claims, add_claim, &claims);
    claims_sort(&claims);
    claims_judge(&claims, &rules, &links, &findings);
    claims_judge_links(claims.side == SIDE_SALESFORCE ? &claims : &none, &links,
                       &findings);
    say(&findings, &links, got, sizeof(got));
    assert_string_equal(got, row->want);
    findings_fini(&findings);
    claims_fini(&claims);
    links_fini(&links);
}

static void
only_the_kinds_that_are_named(void **state)
{
    static const char *const names[] = {"note"};
    const struct kinds kinds = {names, 1};
    const struct claims_rules rules = {.is_on = {[ACTIVITY_CALL] = true}};
    struct links links = {.kinds = &kinds};
    struct claims claims = {.side = SIDE_SALESFORCE};
    struct findings findings = {NULL, 0, 0};
    char got[256];

    (void)state;
    each("t1=c1 t2=n1", add_claim, &claims);
    claims_sort(&claims);
    claims_judge(&claims, &rules, &links, &findings);
    say(&findings, &links, got, sizeof(got));
    assert_string_equal(got, "orphaned n1 t2 n1; ");
    findings_fini(&findings);
    claims_fini(&claims);
}

static void
kinds_of_keys(void **state)
{
    const struct claims_rules rules = {.is_on = {[ACTIVITY_CALL] = true}};
    char buf[32];

    (void)state;
    assert_string_equal(claims_kind(&rules, "hubspot:call:1", buf, 32), "call");
    assert_string_equal(claims_kind(&rules, "hubspot:email:1", buf, 32),
                        "sales_email_sent");
    assert_string_equal(claims_kind(&rules, "hubspot:note:1", buf, 32), "note");
    assert_true(claims_can_ask("hubspot:email:1"));
    assert_false(claims_can_ask("hubspot:form_submission:f:1"));
}

int
main(void)
{
    struct CMUnitTest tests[N_ROWS + 2] = {
        [N_ROWS] = cmocka_unit_test(only_the_kinds_that_are_named),
        [N_ROWS + 1] = cmocka_unit_test(kinds_of_keys)};

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("claims", tests, NULL, NULL);
}
