/* child: one process of the chain: its command line, its life. */
#ifndef SUPERVISOR_CHILD_H
#define SUPERVISOR_CHILD_H

#include "common/conf.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum child_state {
    CHILD_IDLE, /* is not to run */
    CHILD_RUNNING,
    CHILD_WAITING, /* died, is started again at due_ms */
    CHILD_STOPPING,
    CHILD_STOPPED,
    CHILD_FAILED /* died, and a restart cannot help */
};

struct child {
    char name[64];
    bool is_source;
    int rank;          /* stages behind it */
    char *dir;         /* where it runs: the config's folder */
    char **argv;       /* argv[0] is the program's path */
    size_t n_own;      /* words before what child_set_flags() has added */
    bool keeps_stdout; /* else its standard output is our standard error */
    bool is_once;      /* runs to its end, is not started again */

    enum child_state state;
    pid_t pid;         /* 0: no process */
    int status;        /* of waitpid(), of the last end */
    bool has_ended;    /* `status` is set */
    bool starts_again; /* a restart was asked for */
    int n_restarts;
    int64_t pause_ms;                    /* before the last restart */
    int64_t started_ms, due_ms, kill_ms; /* monotonic; 0: never */
    int64_t since_ms;                    /* wall clock: in this state since */
};

/* Make the command line: the words of `command` with the program found, then
 * --conf FILE --name NAME, then `flags` (NULL-terminated, may be NULL). */
int child_prepare(struct child *c, const struct conf *conf, const char *name,
                  const char *command, const char *const *flags,
                  struct error *err);
void child_fini(struct child *c);
/* Put flags (NULL-terminated) at the end of the command line, in the place of
 * those that were put there before. */
void child_set_flags(struct child *c, const char *const *flags);

/* Start the process, in a process group of its own; the kernel kills it when
 * this process dies. -1: it could not be started. Sets pid only. */
int child_spawn(struct child *c, struct error *err);
/* Send a signal to the process, or (SIGKILL) to all of its group. */
void child_signal(const struct child *c, int signal);

const char *child_state_name(enum child_state state);

#endif
