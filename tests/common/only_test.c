/* only_test: the terms of `only` and each way to get one wrong, row by row. */
#include "common/only.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define CALL "timeline.call"
#define FORM "timeline.form_submission"

/* What is read, as FACT[VALUE][VALUE] FACT...; or the mistake's words. */
static const struct row {
    const char *name, *only, *reads;
} good[] = {
    {"everything", "", ""},
    {"blanks alone", " \t ", ""},
    {"one", "owner:ann@example.com", "0[ann@example.com]"},
    {"alternatives", "owner:a@b.c|51|x", "0[a@b.c][51][x]"},
    {"all of them",
     "owner:a subject:*demo*  contact:*@b.c company:yes\ttype:lead",
     "0[a] 1[*demo*] 2[*@b.c] 4[yes] 5[lead]"},
    {"quoted", "subject:\"a demo\"|\"b|c\"|d company:no",
     "1[a demo][b|c][d] 4[no]"},
    {"lists", "list:12|\"Good ones\" list:x", "3[12][Good ones] 3[x]"},
    {"a colon in a value", "subject:Re:*", "1[Re:*]"},
    {"one term twice", "subject:*a* subject:*b*", "1[*a*] 1[*b*]"},
    {"lines", "company:yes|no\ntype:contact|lead",
     "4[yes][no] 5[contact][lead]"},
};

#define X16 "xxxxxxxxxxxxxxxx"
#define X64 X16 X16 X16 X16
static const char long_list[] = "list:" X64 X64 X64 X64;

static const struct mistake {
    const char *name, *section, *only, *says;
} mistakes[] = {
    {"no term", CALL, "demo", "\"demo\" is no term like owner:"},
    {"a blank in a value", CALL, "subject:a demo", "\"demo\" is no term like"},
    {"misspelt", CALL, "onwer:a", "the nearest known one is \"owner:\""},
    {"capitals", CALL, "Owner:a", "the nearest known one is \"owner:\""},
    {"no name", CALL, ":a", "\":\" is no term"},
    {"empty", CALL, "owner:", "owner: a value is empty"},
    {"empty before the next", CALL, "owner: company:yes",
     "owner: a value is empty"},
    {"empty alternative", CALL, "owner:a|", "owner: a value is empty"},
    {"empty first alternative", CALL, "owner:|a", "owner: a value is empty"},
    {"empty in quotes", CALL, "subject:\"\"", "subject: a value is empty"},
    {"open quote", CALL, "subject:\"a demo", "not closed"},
    {"a quote within", CALL, "subject:a\"b\"", "around a whole value"},
    {"behind a quote", CALL, "subject:\"a\"b", "around a whole value"},
    {"a quote alone", CALL, "\"a\"", "is no term like"},
    {"neither yes nor no", CALL, "company:maybe",
     "company: \"maybe\" is neither yes nor no"},
    {"type", CALL, "type:Lead", "type: \"Lead\" is neither lead nor contact"},
    {"a list without a name", CALL, "list:", "list: a value is empty"},
    {"a list's name is too long", CALL, long_list,
     "list: a value is longer than 255 bytes"},
    {"the second is bad", CALL,
     "owner:a company:", "company: a value is empty"},
    {"a form has no owner", FORM, "owner:a", "no form_submission has an owner"},
    {"nor a company", FORM, "type:lead company:no",
     "no form_submission has a company"},
    {"a click has none", "timeline.sales_email_clicked", "owner:a",
     "no sales_email_clicked has an owner"},
};

static void
is_read(void **state)
{
    const struct row *r = *state;
    const char *at = r->only;
    struct only_term term;
    struct only_value v;
    struct error err;
    char text[256] = "";

    assert_int_equal(only_check(CALL, r->only, &err), 0);
    assert_int_equal(only_check("activity.meeting", r->only, &err), 0);
    while (only_term(&at, &term, &err) == 1) {
        size_t n = strlen(text);

        snprintf(text + n, sizeof(text) - n, "%s%d", n > 0 ? " " : "",
                 (int)term.fact);
        while (only_value(&term, &v)) {
            n = strlen(text);
            snprintf(text + n, sizeof(text) - n, "[%.*s]", (int)v.len, v.s);
        }
    }
    assert_string_equal(text, r->reads);
}

static void
is_refused(void **state)
{
    const struct mistake *r = *state;
    struct error err = {0};

    assert_int_equal(only_check(r->section, r->only, &err), -1);
    assert_int_equal(err.code, EX_CONFIG);
    if (strstr(err.text, r->says) == NULL)
        fail_msg("%s", err.text);
}

static void
a_term_is_shown_as_it_is_written(void **state)
{
    const char *at = " subject:\"a demo\"|b  type:lead";
    struct only_term term;
    struct error err;

    (void)state;
    assert_int_equal(only_term(&at, &term, &err), 1);
    assert_int_equal(term.len, strlen("subject:\"a demo\"|b"));
    assert_memory_equal(term.s, "subject:\"a demo\"|b", term.len);
}

static void
add_list(void *ctx, const struct only_value *list)
{
    char *text = ctx;
    size_t n = strlen(text);

    snprintf(text + n, 64 - n, "[%.*s]", (int)list->len, list->s);
}

static void
its_lists_are_given(void **state)
{
    char text[64] = "";

    (void)state;
    only_each_list("owner:a list:12|\"a b\" subject:list list:c", add_list,
                   text);
    assert_string_equal(text, "[12][a b][c]");
    only_each_list("owner:a", add_list, text);
    assert_string_equal(text, "[12][a b][c]");
}

int
main(void)
{
    enum {
        N = sizeof(good) / sizeof(good[0]),
        M = sizeof(mistakes) / sizeof(mistakes[0])
    };
    struct CMUnitTest tests[N + M + 2];

    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){.name = good[i].name,
                                       .test_func = is_read,
                                       .initial_state = (void *)&good[i]};
    for (size_t i = 0; i < M; i++)
        tests[N + i] =
            (struct CMUnitTest){.name = mistakes[i].name,
                                .test_func = is_refused,
                                .initial_state = (void *)&mistakes[i]};
    tests[N + M] =
        (struct CMUnitTest)cmocka_unit_test(a_term_is_shown_as_it_is_written);
    tests[N + M + 1] = (struct CMUnitTest)cmocka_unit_test(its_lists_are_given);
    return cmocka_run_group_tests_name("only", tests, NULL, NULL);
}
