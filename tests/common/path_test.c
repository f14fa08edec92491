/* path_test: folders for their owner alone, sockets at long paths. */
#include "common/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char dir[64];

static int
make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/path_test.XXXXXX");
    return mkdtemp(dir) != NULL ? 0 : -1;
}

static int
remove_dir(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf '%s'", dir);
    return system(command);
}

static int
mode_of(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return (int)st.st_mode & 0777;
}

static void
put_file(const char *path)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fclose(f);
}

static void
folders_are_made_for_the_owner(void **state)
{
    char path[128];
    struct error err = {0, ""};

    (void)state;
    snprintf(path, sizeof(path), "%s/a/b/c", dir);
    assert_int_equal(path_make_dirs(path, &err), 0);
    assert_int_equal(mode_of(path), 0700);
    *strrchr(path, '/') = '\0';
    assert_int_equal(mode_of(path), 0700);
    assert_int_equal(chmod(path, 0755), 0);
    assert_int_equal(path_make_dirs(path, &err), 0);
    assert_int_equal(mode_of(path), 0755); /* what is there stays */
    snprintf(path, sizeof(path), "%s/d/e/file", dir);
    assert_int_equal(path_make_parent(path, &err), 0);
    assert_int_not_equal(access(path, F_OK), 0);
    *strrchr(path, '/') = '\0';
    assert_int_equal(mode_of(path), 0700);
    assert_int_equal(path_make_parent("file", &err), 0);
    assert_int_equal(path_make_parent("/file", &err), 0);
}

static void
what_cannot_be_made_is_told(void **state)
{
    char path[128], large[PATH_MAX + 16];
    struct error err = {0, ""};

    (void)state;
    snprintf(path, sizeof(path), "%s/f", dir);
    put_file(path);
    assert_int_equal(path_make_dirs(path, &err), -1);
    assert_int_equal(err.code, EX_CANTCREAT);
    assert_non_null(strstr(err.text, path));
    assert_non_null(strstr(err.text, strerror(ENOTDIR)));
    strcat(path, "/g");
    assert_int_equal(path_make_dirs(path, &err), -1);
    assert_int_equal(err.code, EX_CANTCREAT);
    assert_non_null(strstr(err.text, "/f: ")); /* what is in the way */
    memset(large, 'x', sizeof(large) - 1);
    large[0] = '/';
    large[sizeof(large) - 1] = '\0';
    assert_int_equal(path_make_dirs(large, &err), -1);
    memcpy(large + sizeof(large) - 4, "/xx", 3);
    assert_int_equal(path_make_parent(large, &err), -1);
    assert_int_equal(err.code, EX_CANTCREAT);
}

static void
sockets(void **state)
{
    char path[256], uri[256], want[300];
    struct error err = {0, ""};
    size_t n;

    (void)state;
    snprintf(path, sizeof(path), "%s/run/x.in", dir);
    assert_int_equal(path_ipc(path, uri, sizeof(uri), &err), 0);
    snprintf(want, sizeof(want), "ipc://%s", path);
    assert_string_equal(uri, want);
    put_file(path);
    assert_int_equal(path_ipc(path, uri, sizeof(uri), &err), -1);
    assert_int_equal(err.code, EX_CANTCREAT);
    assert_non_null(strstr(err.text, "in the way"));
    /* 107 bytes fit into an address, 108 do not. */
    snprintf(path, sizeof(path), "%s/", dir);
    n = strlen(path);
    memset(path + n, 'l', 107 - n);
    strcpy(path + 103, "/x.i");
    assert_int_equal(path_ipc(path, uri, sizeof(uri), &err), 0);
    snprintf(want, sizeof(want), "ipc://%s", path);
    assert_string_equal(uri, want);
    strcat(path, "n");
    assert_int_equal(path_ipc(path, uri, sizeof(uri), &err), 0);
    assert_int_equal(strncmp(uri, "ipc:///proc/self/fd/", 20), 0);
    assert_string_equal(strrchr(uri, '/'), "/x.in");
    put_file(uri + 6); /* that is the same folder */
    assert_int_equal(access(path, F_OK), 0);
}

static void
the_root_is_above_build(void **state)
{
    char exe[PATH_MAX] = "", want[PATH_MAX + 16];

    (void)state;
    assert_true(readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0);
    snprintf(want, sizeof(want), "%s/build/", path_root());
    assert_int_equal(strncmp(exe, want, strlen(want)), 0);
    assert_ptr_equal(path_root(), path_root());
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders_are_made_for_the_owner),
        cmocka_unit_test(what_cannot_be_made_is_told),
        cmocka_unit_test(sockets),
        cmocka_unit_test(the_root_is_above_build),
    };

    return cmocka_run_group_tests_name("path", tests, make_dir, remove_dir);
}
