/* command_test: command lines are split as a shell would, and nothing in them
 * is expanded. */
#include "common/command.h"

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
    const char *text;
    const char *want; /* the words with '|' between them; NULL: refused */
} rows[] = {
    {"one word", "build/writer", "build/writer"},
    {"two words", "build/fetcher --service", "build/fetcher|--service"},
    {"blanks of all sorts", "  a \t b\r\nc  ", "a|b|c"},
    {"single quotes", "a 'b c' d", "a|b c|d"},
    {"double quotes", "a \"b c\" d", "a|b c|d"},
    {"quotes within a word", "a'b c'd\"e f\"", "ab cde f"},
    {"an empty word", "a '' b", "a||b"},
    {"a quote in the other quotes", "\"it's\" '\"'", "it's|\""},
    {"an escaped blank", "a\\ b c", "a b|c"},
    {"an escaped quote", "a \\\" b", "a|\"|b"},
    {"escapes in double quotes", "\"a\\\"b\\\\c\\d\"", "a\"b\\c\\d"},
    {"no escapes in single quotes", "'a\\'", "a\\"},
    {"nothing is expanded", "$HOME ~ * `id` | ; &", "$HOME|~|*|`id`|||;|&"},
    {"nothing", "", NULL},
    {"only blanks", "  \t ", NULL},
    {"open single quote", "a 'b", NULL},
    {"open double quote", "a \"b\\\"", NULL},
    {"unfinished escape", "a b\\", NULL},
};

static void
check_row(void **state)
{
    const struct row *r = *state;
    char joined[256] = "";
    struct error err = {0};
    char **words = NULL;

    if (r->want == NULL) {
        assert_int_equal(command_split(r->text, &words, &err), -1);
        assert_int_equal(err.code, EX_CONFIG);
        return;
    }
    assert_int_equal(command_split(r->text, &words, &err), 0);
    for (size_t i = 0; words[i] != NULL; i++) {
        if (i > 0)
            strcat(joined, "|");
        strcat(joined, words[i]);
    }
    command_free(words);
    assert_string_equal(joined, r->want);
}

static struct conf *
own_conf(void)
{
    static const char path[] = "/tmp/crmpipe-command-test.conf";
    FILE *f = fopen(path, "w");
    struct error err;
    struct conf *conf;

    assert_non_null(f);
    fclose(f);
    assert_int_equal(conf_load(path, &conf, &err), 0);
    remove(path);
    return conf;
}

static void
programs_are_found(void **state)
{
    struct conf *conf = own_conf();
    struct error err;
    char *path;

    (void)state;
    assert_int_equal(command_find(conf, "sh", &path, &err), 0);
    assert_int_equal(path[0], '/');
    free(path);
    assert_int_equal(command_find(conf, "/bin/sh", &path, &err), 0);
    assert_string_equal(path, "/bin/sh");
    free(path);
    conf_free(conf);
}

static void
what_is_no_program_is_refused(void **state)
{
    static const char *const bad[] = {"no-such-program-here", "/etc",
                                      "/etc/passwd", "build/no-such-stage"};
    struct conf *conf = own_conf();
    struct error err;
    char *path;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(command_find(conf, bad[i], &path, &err), -1);
        assert_int_equal(err.code, EX_CONFIG);
        assert_non_null(strstr(err.text, bad[i]));
    }
    conf_free(conf);
}

int
main(void)
{
    enum { N = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N + 2] = {
        cmocka_unit_test(programs_are_found),
        cmocka_unit_test(what_is_no_program_is_refused),
    };

    for (size_t i = 0; i < N; i++)
        tests[2 + i] = (struct CMUnitTest){.name = rows[i].name,
                                           .test_func = check_row,
                                           .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
