/* step: who dies where. */
#include "common/step.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct row {
    const char *name, *die_at; /* NULL: not set */
    int passed;                /* of ten steps "a", "b", "a", ... */
} rows[] = {
    {"nothing is set", NULL, 10},
    {"nothing is said", "", 10},
    {"the first step", "a:1", 0},
    {"the third time", "a:3", 4},
    {"another step", "c:1", 10},
    {"a name's beginning", "aa:1", 10},
    {"the first of two", "a:9,b:2", 3},
    {"no number", "a:", 10},
    {"no colon", "a", 10},
    {"never so often", "b:6", 10},
};

/* In a process of its own: how many steps it has passed. */
static int
passed(const char *die_at)
{
    int fds[2], n = 0;
    char byte = 0;
    pid_t pid;

    assert_int_equal(pipe(fds), 0);
    pid = fork();
    if (pid == 0) {
        if (die_at != NULL)
            setenv("CRMPIPE_DIE_AT", die_at, 1);
        for (int i = 0; i < 10; i++) {
            step(i % 2 == 0 ? "a" : "b");
            if (write(fds[1], &byte, 1) != 1)
                abort();
        }
        _exit(0);
    }
    close(fds[1]);
    while (read(fds[0], &byte, 1) == 1)
        n++;
    close(fds[0]);
    waitpid(pid, NULL, 0);
    return n;
}

static void
check_row(void **state)
{
    const struct row *row = *state;

    assert_int_equal(passed(row->die_at), row->passed);
}

int
main(void)
{
    struct CMUnitTest tests[sizeof(rows) / sizeof(rows[0])];

    unsetenv("CRMPIPE_DIE_AT");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
