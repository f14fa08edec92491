/* limiter_shared_test: the limit holds for all processes together. */
#include "common/limiter_shared.h"
#include "common/clock.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define CALLS       20
#define WINDOW_MS   100
#define N_PROCESSES 4
#define EACH        50

static char dir[64], path[80];

static int
make_folder(void **state)
{
    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/crmpipe-limit-XXXXXX");
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/calls", dir);
    return 0;
}

static int
remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(dir);
}

static struct limiter_shared
open_one(size_t calls)
{
    struct limiter_shared l;
    struct error err;

    if (limiter_shared_open(&l, path, calls, WINDOW_MS, &err) < 0)
        fail_msg("%s", err.text);
    return l;
}

/* Its turns, as times, go into the pipe. */
static void
run_process(int out)
{
    struct limiter_shared l = open_one(CALLS);
    struct timespec ms = {0, 1000000};
    struct error err;

    for (int n = 0; n < EACH;) {
        int64_t now = clock_monotonic_ms();
        int64_t wait = limiter_shared_take(&l, now, &err);

        if (wait < 0)
            _exit(1);
        if (wait > 0)
            nanosleep(&ms, NULL);
        else if (write(out, &now, sizeof(now)) == sizeof(now))
            n++;
    }
    limiter_shared_close(&l);
    _exit(0);
}

static int
compare(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void
processes_keep_to_one_limit(void **state)
{
    static int64_t at[N_PROCESSES * EACH];
    size_t n = 0;
    int ends[2], status;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    for (int i = 0; i < N_PROCESSES; i++)
        if (fork() == 0)
            run_process(ends[1]);
    close(ends[1]);
    while (n < N_PROCESSES * EACH &&
           read(ends[0], &at[n], sizeof(at[0])) == sizeof(at[0]))
        n++;
    close(ends[0]);
    for (int i = 0; i < N_PROCESSES; i++) {
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(n, N_PROCESSES * EACH);
    qsort(at, n, sizeof(at[0]), compare);
    for (size_t i = 0; i + CALLS < n; i++)
        assert_true(at[i + CALLS] - at[i] >= WINDOW_MS);
}

static void
takes(struct limiter_shared *l, int64_t now, int64_t want)
{
    struct error err;

    assert_int_equal(limiter_shared_take(l, now, &err), want);
}

static void
what_has_begun_counts_in_another_limit(void **state)
{
    struct limiter_shared a = open_one(4), b = open_one(2);

    (void)state;
    takes(&a, 1000, 0);
    takes(&a, 1010, 0);
    takes(&a, 1020, 0);
    takes(&b, 1030, 80); /* of the newest two */
    limiter_shared_set(&b, 4, WINDOW_MS);
    takes(&b, 1030, 0);
    takes(&b, 1110, 0);
    takes(&a, 1110, 0);
    takes(&a, 1110, 10);
    limiter_shared_close(&a);
    limiter_shared_close(&b);
}

/* The machine was started anew: its clock begins at 0. */
static void
times_to_come_are_forgotten(void **state)
{
    struct limiter_shared l = open_one(2);

    (void)state;
    takes(&l, 1000000, 0);
    takes(&l, 1000000, 0);
    takes(&l, 5, 0);
    takes(&l, 6, 0);
    takes(&l, 7, 98);
    limiter_shared_close(&l);
}

static void
a_damaged_file_is_made_anew(void **state)
{
    static const char *const damages[] = {
        "", "x", "crmplmt2xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"};
    struct limiter_shared l = open_one(1);

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        int fd = open(path, O_WRONLY | O_TRUNC);

        assert_true(write(fd, damages[i], strlen(damages[i])) >= 0);
        close(fd);
        takes(&l, 1000, 0);
        takes(&l, 1001, 99);
    }
    limiter_shared_close(&l);
}

/* A service that has said no to one process is asked by none. */
static void
a_hold_stands_for_all(void **state)
{
    struct limiter_shared a = open_one(2), b = open_one(2), other = open_one(3);
    struct error err;

    (void)state;
    takes(&a, 1000, 0);
    limiter_shared_hold(&b, 500, 1000);
    limiter_shared_hold(&a, 100, 1000); /* a shorter one changes nothing */
    takes(&a, 1000, 500);
    takes(&b, 1499, 1);
    assert_int_equal(limiter_shared_wait_ms(&a, 1400, &err), 100);
    takes(&other, 1499, 1); /* figures that change do not end it */
    takes(&b, 1500, 0);
    limiter_shared_hold(&a, 3600000, 2000);
    takes(&b, 2000, LIMITER_HOLD_MAX_MS);
    takes(&b, 5, 0); /* the machine was started anew */
    limiter_shared_close(&a);
    limiter_shared_close(&b);
    limiter_shared_close(&other);
}

static void
to_look_takes_no_turn(void **state)
{
    struct limiter_shared l = open_one(1);
    struct error err;

    (void)state;
    assert_int_equal(limiter_shared_wait_ms(&l, 1000, &err), 0);
    assert_int_equal(limiter_shared_wait_ms(&l, 1000, &err), 0);
    takes(&l, 1000, 0);
    assert_int_equal(limiter_shared_wait_ms(&l, 1010, &err), 90);
    limiter_shared_close(&l);
}

static void
alone_it_needs_no_file(void **state)
{
    struct limiter_shared l;
    struct error err;

    (void)state;
    assert_int_equal(limiter_shared_open(&l, NULL, 1, WINDOW_MS, &err), 0);
    takes(&l, 10, 0);
    takes(&l, 11, 99);
    limiter_shared_hold(&l, 200, 11);
    takes(&l, 120, 91);
    limiter_shared_close(&l);
    assert_int_equal(limiter_shared_open(&l, "/nowhere/x", 1, WINDOW_MS, &err),
                     -1);
    assert_non_null(strstr(err.text, "/nowhere/x cannot be opened"));
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(processes_keep_to_one_limit),
        ROW(what_has_begun_counts_in_another_limit),
        ROW(times_to_come_are_forgotten),
        ROW(a_hold_stands_for_all),
        ROW(to_look_takes_no_turn),
        ROW(a_damaged_file_is_made_anew),
        cmocka_unit_test(alone_it_needs_no_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
