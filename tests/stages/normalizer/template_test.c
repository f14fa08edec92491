/* template_test: placeholders are filled, what empty ones leave behind is
 * tidied; the shipped templates read well. */
#include "stages/normalizer/template.h"

#include "common/conf.h"

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
    {"separators in a value stay", "{status}", "a - b", NULL},

    {"braces", "{{title}} {{}}", "{title} {}", NULL},
    {"a brace within", "{{{title}}}", "{T}", NULL},

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

/* The shipped subjects read well with no property at all; a shipped description
 * is nothing then. */
static void
shipped(void **state)
{
    struct props p;
    struct text out;

    (void)state;
    props_init(&p);
    for (int k = 0; k < KIND_COUNT; k++) {
        const char *section = conf_timeline((enum kind)k);
        struct template *subject =
            template_new(conf_default(section, "subject"));
        struct template *description =
            template_new(conf_default(section, "description"));

        text_init(&out);
        template_text(description, &p, &out);
        assert_int_equal(out.len, 0);
        template_line(subject, &p, &out);
        assert_true(out.len > strlen("HubSpot ") &&
                    memcmp(out.data, "HubSpot ", 8) == 0);
        assert_int_not_equal(out.data[out.len - 1], ':');
        text_fini(&out);
        template_free(subject);
        template_free(description);
    }
    props_fini(&p);
}

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

int
main(void)
{
    struct CMUnitTest tests[N_ROWS + 2];
    size_t n;

    for (n = 0; n < N_ROWS; n++)
        tests[n] = (struct CMUnitTest){.name = rows[n].name,
                                       .test_func = row,
                                       .initial_state = (void *)&rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(duration);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(shipped);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
