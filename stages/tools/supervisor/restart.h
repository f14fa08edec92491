/* restart: when a stage that has died is started again. Pure. */
#ifndef SUPERVISOR_RESTART_H
#define SUPERVISOR_RESTART_H

#include <stdbool.h>
#include <stdint.h>

#define RESTART_MIN_MS   1000
#define RESTART_MAX_MS   60000
#define RESTART_RESET_MS 60000 /* who has lived so long begins anew */

/* The pause before the next start: 1 s at first, then double the last one, 60 s
 * at most. `last_ms` is 0 when there was none. */
int64_t restart_pause_ms(int64_t last_ms, int64_t lived_ms);

/* Can another start help? Not when a person has to mend something: wrong usage,
 * bad data, bad config. `status` is that of waitpid(). */
bool restart_helps(int status);
/* What a shell would say: the exit code, or 128 + the signal. */
int restart_exit_code(int status);
/* "exit 78", "killed by signal 9". */
void restart_describe(int status, char *buf, unsigned long size);

#endif
