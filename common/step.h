/* step: named steps of the work on an event, at which a test lets the process
 * die, to see that nothing is lost or doubled by it.
 *
 * CRMPIPE_DIE_AT=NAME:N[,NAME:N]... in the environment: SIGKILL when the step
 * is passed for the N-th time. Not set, as ever but in tests: nothing. */
#ifndef COMMON_STEP_H
#define COMMON_STEP_H

/* The step is passed. */
void step(const char *name);

#endif
