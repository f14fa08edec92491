/* template_test: placeholders are filled, what empty ones leave behind is
 * tidied, unknown ones are found. */
#include "stages/normalizer/template.h"

#include "stages/normalizer/defaults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* The props of all rows: title "T", status "a - b", body of two lines, counter
 * 3, is_forwarded, due_at, duration 245 s, fields {name: Zoë, note: "x\ny"}.
 * outcome, location, priority, ... are absent. */
static void
fill(struct props *p)
{
    static const char fields[] = "\x82\xa4name\xa4Zo\xc3\xab\xa4note\xa3x\ny";

    props_init(p);
    props_set_text(p, PROP_TITLE, (struct span){(const uint8_t *)"T", 1});
    props_set_text(p, PROP_STATUS, (struct span){(const uint8_t *)"a - b", 5});
    props_set_text(p, PROP_BODY, (struct span){(const uint8_t *)"l1\n\nl2", 6});
    props_set_int(p, PROP_COUNTER, 3);
    props_set_bool(p, PROP_IS_FORWARDED, true);
    props_set_time(p, PROP_DUE_AT, INT64_C(1714060800000));
    props_set_int(p, PROP_DURATION_MS, 245999);
    props_set_raw(p, PROP_FIELDS,
                  (struct span){(const uint8_t *)fields, sizeof(fields) - 1});
}

static const struct row {
    const char *name;
    const char *template;
    const char *line; /* as a subject */
    const char *text; /* as a description; NULL: the same */
} rows[] = {
    {"nothing", "", "", NULL},
    {"no placeholder", "Just text", "Just text", NULL},
    {"a placeholder", "Call: {title}", "Call: T", NULL},
    {"two", "{title}/{counter}", "T/3", NULL},
    {"side by side", "{title}{title}", "TT", NULL},
    {"a truth value", "{is_forwarded}", "yes", NULL},
    {"a time", "{due_at}", "2024-04-25 16:00 UTC", NULL},
    {"a duration", "{duration}", "4 min 5 s", NULL},
    {"an unknown one is empty", "a {nosuch} b", "a b", ""},
    {"separators in a value stay", "{status}", "a - b", NULL},

    {"braces", "{{title}} {{}}", "{title} {}", NULL},
    {"a lone opening brace", "a { b", "a { b", NULL},
    {"a lone closing brace", "a } b", "a } b", NULL},
    {"a brace that does not close", "{title", "{title", NULL},
    {"a brace that closes on another line", "{ti\ntle}", "{ti tle}",
     "{ti\ntle}"},
    {"empty braces", "a{}b", "a{}b", NULL},
    {"a brace within", "{{{title}}}", "{T}", NULL},
    {"names are exact", "{Title}{ title}", "", NULL},

    {"an empty one at the end", "HubSpot call: {outcome}", "HubSpot call", ""},
    {"with a dash", "Call - {outcome}", "Call", ""},
    {"with a comma", "{title}, {outcome}", "T", NULL},
    {"an empty one at the start", "{outcome} - {title}", "T", NULL},
    {"in the middle", "{title} - {outcome} - {counter}", "T - 3", NULL},
    {"several", "{outcome}: {location}, {title}; {priority}", "T", NULL},
    {"all", "{outcome} - {location}", "", NULL},
    {"between words", "a {outcome} b", "a b", ""},
    {"in brackets", "{title} ({outcome})", "T", NULL},
    {"in square brackets", "{title} [{outcome}] x", "T x", NULL},
    {"in brackets with text", "{title} (by {outcome})", "T (by )", NULL},
    {"a value's separator at the end stays", "{title}{outcome}{status} -",
     "Ta - b", NULL},

    {"lines", "a {title}\nb {counter}", "a T b 3", "a T\nb 3"},
    {"\\n is a line break", "a\\nb\\n\\nc", "a b c", "a\nb\n\nc"},
    {"a line of empty placeholders goes", "a\nOutcome: {outcome}\nb",
     "a Outcome b", "a\nb"},
    {"a line with one that is not empty stays", "x: {outcome}, {title}\nb",
     "x: T b", "x: T\nb"},
    {"a line without placeholders stays", "Head:\n{title}", "Head: T",
     "Head:\nT"},
    {"empty lines between", "a\n\n{title}", "a T", "a\n\nT"},
    {"one of several empty lines", "a\n\n\n\n{title}", "a T", "a\n\nT"},
    {"none at the start", "{outcome}\n\n{title}", "T", NULL},
    {"none at the end", "{title}\n\n{outcome}\n", "T", NULL},
    {"none left where a paragraph went", "a\n\n{outcome}\n\nb", "a b",
     "a\n\nb"},
    {"a value of several lines", "B: {body}", "B: l1 l2", "B: l1\n\nl2"},

    {"a map", "{fields}", "name: Zoë note: x y", "name: Zoë\nnote: x\ny"},
    {"one of a map", "{fields.name}!", "Zoë!", NULL},
    {"one that a map lacks", "a: {fields.phone}", "a", ""},
    {"an absent map", "{event_properties}", "", NULL},
    {"blanks collapse in a line", "  a  \t{title} ", "a T", "  a  \tT "},
};

static void
row(void **state)
{
    const struct row *r = *state;
    struct template *t = template_new(r->template);
    struct props p;
    struct text out;

    fill(&p);
    text_init(&out);
    template_line(t, &p, &out);
    text_putc(&out, '\0');
    assert_string_equal(out.data, r->line);
    out.len = 0;
    template_text(t, &p, &out);
    text_putc(&out, '\0');
    assert_string_equal(out.data, r->text != NULL ? r->text : r->line);
    text_fini(&out);
    props_fini(&p);
    template_free(t);
}

static const struct {
    int64_t ms;
    const char *want;
} durations[] = {
    {0, "0 s"},
    {999, "0 s"},
    {1000, "1 s"},
    {59999, "59 s"},
    {60000, "1 min"},
    {61000, "1 min 1 s"},
    {3599000, "59 min 59 s"},
    {3600000, "1 h 0 min"},
    {5400000, "1 h 30 min"},
    {90061000, "25 h 1 min"},
};

static void
duration(void **state)
{
    struct template *t = template_new("{duration}");
    struct props p;
    struct text out;

    (void)state;
    props_init(&p);
    text_init(&out);
    for (size_t i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
        props_set_int(&p, PROP_DURATION_MS, durations[i].ms);
        out.len = 0;
        template_line(t, &p, &out);
        text_putc(&out, '\0');
        assert_string_equal(out.data, durations[i].want);
    }
    text_fini(&out);
    props_fini(&p);
    template_free(t);
}

static const struct {
    const char *template;
    const char *unknown; /* NULL: none */
} checks[] = {
    {"", NULL},
    {"plain", NULL},
    {"{title} {body} {duration} {occurred_at} {owner_name}", NULL},
    {"{fields.any thing} {event_properties.x}", NULL},
    {"{{nosuch}}", NULL},
    {"{", NULL},
    {"{nosuch}", "nosuch"},
    {"{title} {titel} {bdoy}", "titel"},
    {"{title.x}", "title.x"},
    {"{subject}", "subject"},
    {"{description}", "description"},
    {"{hs_call_title}", "hs_call_title"},
};

static void
check(void **state)
{
    char unknown[32];

    (void)state;
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        strcpy(unknown, "untouched");
        assert_int_equal(
            template_check(checks[i].template, unknown, sizeof(unknown)),
            checks[i].unknown == NULL);
        assert_string_equal(unknown, checks[i].unknown == NULL
                                         ? "untouched"
                                         : checks[i].unknown);
    }
}

/* The shipped templates name known properties only, and their subjects read
 * well with no property at all. */
static void
shipped(void **state)
{
    char unknown[32];
    struct props p;
    struct text out;

    (void)state;
    props_init(&p);
    for (int k = 0; k < KIND_COUNT; k++) {
        struct template *t = template_new(defaults[k].subject);

        assert_true(
            template_check(defaults[k].subject, unknown, sizeof(unknown)));
        assert_true(
            template_check(defaults[k].description, unknown, sizeof(unknown)));
        text_init(&out);
        template_line(t, &p, &out);
        assert_true(out.len > strlen("HubSpot ") &&
                    memcmp(out.data, "HubSpot ", 8) == 0);
        assert_int_not_equal(out.data[out.len - 1], ':');
        text_fini(&out);
        template_free(t);
    }
    props_fini(&p);
}

/* A name is known to the template by the same name that the event bears. */
static void
names(void **state)
{
    (void)state;
    for (int i = 0; i < PROP_NAMED; i++) {
        const char *name = prop_name((enum prop)i);

        assert_int_equal(prop_find(name, strlen(name)), i);
    }
    assert_int_equal(prop_find("titl", 4), PROP_COUNT);
    assert_int_equal(prop_find("titles", 6), PROP_COUNT);
}

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

int
main(void)
{
    struct CMUnitTest tests[N_ROWS + 4];
    size_t n;

    for (n = 0; n < N_ROWS; n++)
        tests[n] = (struct CMUnitTest){.name = rows[n].name,
                                       .test_func = row,
                                       .initial_state = (void *)&rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(duration);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(shipped);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(names);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
