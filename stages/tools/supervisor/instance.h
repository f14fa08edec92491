/* instance: one chain a state folder. RUN/lock is held (flock) by the process
 * that runs it and holds that process's id. */
#ifndef SUPERVISOR_INSTANCE_H
#define SUPERVISOR_INSTANCE_H

#include "common/conf.h"
#include <sys/types.h>

/* Make the run folder (0700) and take its lock; waits a moment for the stages
 * of a chain that was killed to be gone. The descriptor that holds it, or -1:
 * EX_TEMPFAIL when another chain runs, with its process id. */
int instance_take(const struct conf *conf, struct error *err);

/* The process that runs a chain there; 0: none. */
pid_t instance_running(const struct conf *conf);

#endif
