/* chain: all processes of a config, started, watched, restarted and stopped. */
#ifndef SUPERVISOR_CHAIN_H
#define SUPERVISOR_CHAIN_H

#include "stages/tools/supervisor/child.h"
#include "stages/tools/supervisor/wiring.h"

struct chain {
    struct conf *conf; /* borrowed */
    struct wiring wiring;
    struct child
        child[WIRING_MAX + 1]; /* as wiring, then one of the mode's own */
    int n;
    int lock_fd, signal_fd;
    void *zmq, *ctl;
    int64_t drain_ms; /* how long a stop waits for one of them */
    int stop_signal;  /* a stop was asked for; 0: not */
    bool is_hurried;  /* asked for again: do not wait */
};

struct chain_options {
    bool dry_run;        /* sources and the last stage get --dry-run */
    bool stdout_is_ours; /* no stage may write on standard output */
};

/* Take the state folder, prepare all command lines, open the control socket.
 * Starts nothing. On failure nothing is left. */
int chain_open(struct chain *c, struct conf *conf,
               const struct chain_options *options, struct error *err);
/* Kills what still runs. */
void chain_close(struct chain *c);

/* Start a child (its first start). What cannot be started now is tried again
 * like one that died. */
void chain_start(struct chain *c, struct child *child);
/* Start the stages (not the sources), the last one of the chain first: all of
 * them (first < 0), or stage `first` and what stands behind it. */
void chain_start_stages(struct chain *c, int first);

/* One turn: wait for at most timeout_ms, or until `socket` (may be NULL) can be
 * read; look at signals, requests, deaths, restarts. */
void chain_step(struct chain *c, int timeout_ms, void *socket);

/* Ask a child to end; it is killed when it takes longer than drain_ms. */
void chain_stop_child(struct chain *c, struct child *child);
/* Restart a child by its name; false: there is none of that name. */
bool chain_restart(struct chain *c, const char *name);
/* Stop all: first the sources, then the stages in the order of the chain. */
void chain_stop(struct chain *c);
/* Stop all at once: nothing is under way between them. */
void chain_stop_idle(struct chain *c);

/* The first stage that has failed; NULL: none. */
struct child *chain_failed(struct chain *c);

#endif
