/* secret_test: from the environment, a file or the config; never shown. */
#include "common/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define SIZE 32 /* of the caller's buffer */

static char dir[64], conf_file[96], secret_file[96];

static const struct row {
    const char *name;
    const char *written; /* in the config */
    int mode;            /* of the config */
    const char *env;     /* of SECRET_TEST; NULL: not set */
    const char *file;    /* in the file token; NULL: none */
    const char *want;    /* NULL: refused */
    const char *says;
} rows[] = {
    {"environment", "env:SECRET_TEST", 0644, "hush", NULL, "hush", ""},
    {"environment, not set", "env:SECRET_TEST", 0644, NULL, NULL, NULL,
     "SECRET_TEST is not set"},
    {"environment, empty", "env:SECRET_TEST", 0644, "", NULL, NULL, "empty"},
    {"environment, two lines", "env:SECRET_TEST", 0644, "hush\r\nX: y", NULL,
     NULL, "one line"},
    {"environment, just fits", "env:SECRET_TEST", 0644,
     "hush567890123456789012345678901", NULL, "hush567890123456789012345678901",
     ""},
    {"environment, one too long", "env:SECRET_TEST", 0644,
     "hush5678901234567890123456789012", NULL, NULL, "longer than 31"},
    {"file", "file:token", 0644, NULL, "hush", "hush", ""},
    {"file, line break at its end", "file:token", 0644, NULL, "hush\r\n",
     "hush", ""},
    {"file, two lines", "file:token", 0644, NULL, "hush\nhush\n", NULL,
     "one line"},
    {"file, empty", "file:token", 0644, NULL, "\n", NULL, "empty"},
    {"file, missing", "file:token", 0644, NULL, NULL, NULL, "cannot be read"},
    {"literal, for the owner alone", "hush", 0600, NULL, NULL, "hush", ""},
    {"literal, the group reads it", "hush", 0640, NULL, NULL, NULL,
     "chmod 600"},
    {"literal, all read it", "hush", 0604, NULL, NULL, NULL, "chmod 600"},
};

static void
put_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static struct conf *
load(const struct row *r)
{
    char text[128];
    struct conf *conf = NULL;
    struct error err;

    snprintf(text, sizeof(text), "[hubspot]\ntoken = %s\n", r->written);
    put_file(conf_file, text);
    assert_int_equal(chmod(conf_file, (mode_t)r->mode), 0);
    unlink(secret_file);
    if (r->file != NULL)
        put_file(secret_file, r->file);
    unsetenv("SECRET_TEST");
    if (r->env != NULL)
        setenv("SECRET_TEST", r->env, 1);
    if (conf_load(conf_file, &conf, &err) < 0)
        fail_msg("%s", err.text);
    return conf;
}

static void
check(void **state)
{
    const struct row *r = *state;
    struct conf *conf = load(r);
    struct error err = {0, ""};
    char buf[SIZE] = "left over", where[128];

    assert_int_equal(
        secret_read(conf, "hubspot", "token", buf, sizeof(buf), &err),
        r->want != NULL ? 0 : -1);
    assert_string_equal(buf, r->want != NULL ? r->want : "");
    if (r->want == NULL) {
        assert_int_equal(err.code, EX_CONFIG);
        snprintf(where, sizeof(where), "%s:2", conf_file);
        assert_non_null(strstr(err.text, where));
        assert_non_null(strstr(err.text, r->says));
        assert_null(strstr(err.text, "hush"));
    }
    conf_free(conf);
}

/* A key in PEM; other control characters are none. */
static void
of_several_lines(void **state)
{
    static const struct row good = {.written = "file:token",
                                    .mode = 0644,
                                    .file = "a\r\nb\n"},
                            bad = {.written = "file:token",
                                   .mode = 0644,
                                   .file = "a\n\001b\n"};
    struct conf *conf = load(&good);
    struct error err;
    char buf[SIZE];

    (void)state;
    assert_int_equal(
        secret_read_lines(conf, "hubspot", "token", buf, sizeof(buf), &err), 0);
    assert_string_equal(buf, "a\r\nb");
    conf_free(conf);
    conf = load(&bad);
    assert_int_equal(
        secret_read_lines(conf, "hubspot", "token", buf, sizeof(buf), &err),
        -1);
    conf_free(conf);
}

static void
wiped(void **state)
{
    char buf[4] = "abc";

    (void)state;
    secret_wipe(buf, sizeof(buf));
    assert_memory_equal(buf, "\0\0\0\0", 4);
}

static int
make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/secret_test.XXXXXX");
    if (mkdtemp(dir) == NULL)
        return -1;
    snprintf(conf_file, sizeof(conf_file), "%s/pipeline.conf", dir);
    snprintf(secret_file, sizeof(secret_file), "%s/token", dir);
    return 0;
}

static int
remove_dir(void **state)
{
    (void)state;
    unlink(conf_file);
    unlink(secret_file);
    return rmdir(dir);
}

int
main(void)
{
    enum { N = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N + 2] = {cmocka_unit_test(wiped),
                                      cmocka_unit_test(of_several_lines)};

    for (size_t i = 0; i < N; i++)
        tests[i + 2] = (struct CMUnitTest){.name = rows[i].name,
                                           .test_func = check,
                                           .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("secret", tests, make_dir, remove_dir);
}
