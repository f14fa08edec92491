/* modes: what the supervisor can be asked to do. Each takes the config and
 * gives the exit code. */
#ifndef SUPERVISOR_MODES_H
#define SUPERVISOR_MODES_H

#include "common/tool.h"

struct mode_flags {
    bool json, dry_run;
    const char *at; /* replay: the stage to begin with; NULL: find out */
    const char *since, *from; /* import; NULL: not given */
    const char *const *kinds; /* import */
    int n_kinds;
};

/* run.c: all of the chain, until SIGTERM. */
int mode_run(const struct tool *tool, struct conf *conf);
/* sync.c: one pass. */
int mode_sync(const struct tool *tool, struct conf *conf,
              const struct mode_flags *flags);
/* import.c: what is there already, in one pass. */
int mode_import(const struct tool *tool, struct conf *conf,
                const struct mode_flags *flags);
/* replay.c: a captured file through the stages. */
int mode_replay(const struct tool *tool, struct conf *conf,
                const struct mode_flags *flags, const char *file);
/* daemon.c: `run` in the background, and its end. */
int mode_start(const struct tool *tool, struct conf *conf);
int mode_stop(const struct tool *tool, struct conf *conf);
/* Without a stage (NULL): stop and start. */
int mode_restart(const struct tool *tool, struct conf *conf, const char *stage);

#endif
