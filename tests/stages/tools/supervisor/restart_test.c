/* restart_test: pauses grow from 1 s to 60 s; what a person has to mend is not
 * started again. */
#include "stages/tools/supervisor/restart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define EXITED(code) ((code) << 8) /* as waitpid() has it */
#define KILLED(sig)  (sig)

static const struct pause_row {
    const char *name;
    int64_t last_ms, lived_ms, want_ms;
} pauses[] = {
    {"the first pause", 0, 0, 1000},
    {"the second is double", 1000, 10, 2000},
    {"and so on", 16000, 10, 32000},
    {"not more than a minute", 32000, 10, 60000},
    {"it stays at a minute", 60000, 59999, 60000},
    {"who has lived a minute begins anew", 60000, 60000, 1000},
};

static void
check_pause(void **state)
{
    const struct pause_row *r = *state;

    assert_int_equal(restart_pause_ms(r->last_ms, r->lived_ms), r->want_ms);
}

static const struct end_row {
    const char *name;
    int status;
    bool helps;
    int code;
} ends[] = {
    {"exit 0", EXITED(0), true, 0},
    {"exit 1", EXITED(1), true, 1},
    {"wrong usage", EXITED(64), false, 64},
    {"bad data", EXITED(65), false, 65},
    {"no service", EXITED(69), true, 69},
    {"for the time being", EXITED(75), true, 75},
    {"bad config", EXITED(78), false, 78},
    {"killed", KILLED(9), true, 137},
    {"crashed", KILLED(11), true, 139},
    {"killed by signal 64 is no exit code 64", KILLED(64), true, 192},
};

static void
check_end(void **state)
{
    const struct end_row *r = *state;

    assert_int_equal(restart_helps(r->status), r->helps);
    assert_int_equal(restart_exit_code(r->status), r->code);
}

int
main(void)
{
    enum {
        P = sizeof(pauses) / sizeof(pauses[0]),
        E = sizeof(ends) / sizeof(ends[0])
    };
    struct CMUnitTest tests[P + E];

    for (size_t i = 0; i < P; i++)
        tests[i] = (struct CMUnitTest){.name = pauses[i].name,
                                       .test_func = check_pause,
                                       .initial_state = (void *)&pauses[i]};
    for (size_t i = 0; i < E; i++)
        tests[P + i] = (struct CMUnitTest){.name = ends[i].name,
                                           .test_func = check_end,
                                           .initial_state = (void *)&ends[i]};
    return cmocka_run_group_tests_name("restart", tests, NULL, NULL);
}
