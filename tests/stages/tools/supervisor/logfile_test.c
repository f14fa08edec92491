/* Several processes write lines while the log is rotated: by itself, and by
 * somebody from outside. Each line is there once, whole, in its order. */
#include "stages/tools/supervisor/logfile.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define WRITERS 3
#define LINES   2000 /* a writer; about 60 bytes each */
#define MAX     4096
#define MANY    1000 /* files: nothing goes */

static char dir[64], path[96];

static int
make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/crmpipe-logfile-XXXXXX");
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/a.log", dir);
    return 0;
}

static int
remove_dir(void **state)
{
    DIR *d = opendir(dir);
    struct dirent *entry;
    char name[400];

    (void)state;
    assert_non_null(d);
    while ((entry = readdir(d)) != NULL) {
        snprintf(name, sizeof(name), "%s/%s", dir, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(name);
    }
    closedir(d);
    return rmdir(dir);
}

static void
write_line(int writer, int n)
{
    char line[128];
    int len = snprintf(line, sizeof(line), "writer=%d line=%d %.*s\n", writer,
                       n, n % 60,
                       "------------------------------------------"
                       "------------------");

    if (write(STDERR_FILENO, line, (size_t)len) != len)
        _exit(1);
}

/* In a process of its own, whose standard error it takes over. `rename_at`: of
 * the writer's lines, the one after which somebody renames the file. */
static void
log_lines(int keep, int rename_at)
{
    char away[128];
    struct error err;
    int status;

    snprintf(away, sizeof(away), "%s/a.log.away", dir);
    if (logfile_start(path, MAX, keep, &err) < 0)
        _exit(2);
    for (int w = 0; w < WRITERS; w++) {
        if (fork() > 0)
            continue;
        for (int n = 0; n < LINES; n++) {
            write_line(w, n);
            while (w == 0 && n == rename_at && rename(path, away) < 0)
                if (errno != ENOENT) /* it is being rotated */
                    _exit(3);
        }
        _exit(0);
    }
    while (wait(&status) > 0)
        if (status != 0)
            _exit(4);
    logfile_stop();
    write_line(WRITERS, 0); /* what comes late goes there too */
    _exit(0);
}

static void
run_it(int keep, int rename_at)
{
    int status;
    pid_t pid = fork();

    if (pid == 0)
        log_lines(keep, rename_at);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

/* Are the lines of one file those that come next? False: there is no file. */
static bool
read_file(const char *name, int next[WRITERS + 1])
{
    FILE *f = fopen(name, "r");
    char line[128];
    struct stat st;
    int writer, n;

    if (f == NULL)
        return false;
    assert_int_equal(fstat(fileno(f), &st), 0);
    assert_true(st.st_size <= MAX + 64); /* the late line is not counted */
    while (fgets(line, sizeof(line), f) != NULL) {
        assert_int_equal(sscanf(line, "writer=%d line=%d", &writer, &n), 2);
        assert_non_null(strchr(line, '\n'));
        assert_in_range(writer, 0, WRITERS);
        if (next[writer] < 0)
            next[writer] = n; /* those before are gone */
        assert_int_equal(n, next[writer]);
        next[writer]++;
    }
    fclose(f);
    return true;
}

/* From the oldest to the newest; how many files there are. */
static int
read_all(int next[WRITERS + 1])
{
    char name[128];
    int files = 1, n = MANY;

    for (; n > 0; n--) {
        snprintf(name, sizeof(name), "%s.%d", path, n);
        files += read_file(name, next);
    }
    assert_true(read_file(path, next));
    return files;
}

static void
no_line_is_lost(void **state)
{
    int next[WRITERS + 1] = {0};

    (void)state;
    run_it(MANY, -1);
    assert_true(read_all(next) > WRITERS * LINES * 20 / MAX);
    for (int w = 0; w < WRITERS; w++)
        assert_int_equal(next[w], LINES);
    assert_int_equal(next[WRITERS], 1);
}

static void
so_many_old_ones_stay(void **state)
{
    int next[WRITERS + 1];

    (void)state;
    memset(next, -1, sizeof(next));
    run_it(2, -1);
    assert_int_equal(read_all(next), 3);
    for (int w = 0; w < WRITERS; w++)
        assert_true(next[w] == -1 || next[w] == LINES);
    assert_int_equal(next[WRITERS], 1);
}

/* How many lines there are in a file. */
static int
count_lines(const char *name)
{
    FILE *f = fopen(name, "r");
    char line[128];
    int n = 0;

    while (f != NULL && fgets(line, sizeof(line), f) != NULL)
        n++;
    if (f != NULL)
        fclose(f);
    return n;
}

/* As logrotate does it. */
static void
a_renamed_file_is_left(void **state)
{
    char name[128];
    int n;

    (void)state;
    run_it(MANY, LINES / 2);
    snprintf(name, sizeof(name), "%s/a.log.away", dir);
    assert_int_equal(access(name, F_OK), 0);
    n = count_lines(name); /* it may have been a new one */
    assert_true(count_lines(path) > 0);
    n += count_lines(path);
    for (int i = 1; i <= MANY; i++) {
        snprintf(name, sizeof(name), "%s.%d", path, i);
        n += count_lines(name);
    }
    assert_int_equal(n, WRITERS * LINES + 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_line_is_lost, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(so_many_old_ones_stay, make_dir,
                                        remove_dir),
        cmocka_unit_test_setup_teardown(a_renamed_file_is_left, make_dir,
                                        remove_dir),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
