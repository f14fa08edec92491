/* restart: see restart.h. */
#include "stages/tools/supervisor/restart.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>

int64_t
restart_pause_ms(int64_t last_ms, int64_t lived_ms)
{
    if (last_ms <= 0 || lived_ms >= RESTART_RESET_MS)
        return RESTART_MIN_MS;
    return last_ms >= RESTART_MAX_MS / 2 ? RESTART_MAX_MS : 2 * last_ms;
}

bool
restart_helps(int status)
{
    if (!WIFEXITED(status))
        return true;
    switch (WEXITSTATUS(status)) {
    case EX_USAGE:
    case EX_DATAERR:
    case EX_CONFIG:
        return false;
    default:
        return true;
    }
}

int
restart_exit_code(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void
restart_describe(int status, char *buf, unsigned long size)
{
    if (WIFSIGNALED(status))
        snprintf(buf, size, "killed by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(buf, size, "exit code %d", WEXITSTATUS(status));
}
