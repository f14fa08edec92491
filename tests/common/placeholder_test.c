/* placeholder_test: good templates and bad ones, and what is said of those. */
#include "common/placeholder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const struct row {
    const char *template;
    const char *says; /* NULL: it is good */
} rows[] = {
    {"", NULL},
    {"plain; text", NULL},
    {"{title} {body} {duration} {occurred_at} {owner_name}", NULL},
    {"{fields.any thing} {event_properties.x} {fields}", NULL},
    {"{{nosuch}} {{ }} {{}}", NULL},
    {"{{{title}}}", NULL},

    {"{titel}", "{titel} is no property of an activity; the nearest known one "
                "is {title}"},
    {"{title} {bdoy} {titel}", "{bdoy} is no property of an activity; the "
                               "nearest known one is {body}"},
    {"{Title}", "{title}"},
    {"{ title}", "{ title} is no property"},
    {"{title.x}", "{title.x} is no property"},
    {"{field.city}", "the nearest known one is {fields}"},
    {"{subject}", "{subject} is no property"},
    {"{description}", "{description} is no property"},
    {"{hs_call_title}", "nearest"},
    {"{}", "{} is no property"},
    {"{aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "}",
     "aaa} is no property"},

    {"{", "a \"{\" is not closed"},
    {"a { b", "a \"{\" is not closed"},
    {"{title", "a \"{\" is not closed"},
    {"{ti\ntle}", "a \"{\" is not closed in its line"},
    {"{title {body}", "a \"{\" is not closed"},
    {"{{{title", "itself is written {{"},
    {"}", "a \"}\" closes nothing"},
    {"{title}}", "itself is written }}"},
};

static void
check(void **state)
{
    const struct row *r = *state;
    struct error err = {0, ""};

    assert_int_equal(placeholder_check(r->template, &err),
                     r->says == NULL ? 0 : -1);
    assert_int_equal(err.code, r->says == NULL ? 0 : EX_CONFIG);
    if (strstr(err.text, r->says == NULL ? "" : r->says) == NULL)
        fail_msg("%s", err.text);
}

/* Each property is found by its name, and by no other. */
static void
names(void **state)
{
    (void)state;
    for (int i = 0; i < PROP_COUNT; i++) {
        const char *name = prop_name((enum prop)i);

        assert_int_equal(prop_find(name, strlen(name)), i);
    }
    assert_int_equal(prop_find("titl", 4), PROP_COUNT);
    assert_int_equal(prop_find("titles", 6), PROP_COUNT);
}

int
main(void)
{
    enum { N = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N + 1] = {cmocka_unit_test(names)};

    for (size_t i = 0; i < N; i++)
        tests[1 + i] = (struct CMUnitTest){.name = rows[i].template,
                                           .test_func = check,
                                           .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("placeholder", tests, NULL, NULL);
}
