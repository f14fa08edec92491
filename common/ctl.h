/* ctl: asks running stages through their control sockets, and looks at their
 * taps. One struct ctl is a line to one stage, which may come, go and come
 * again meanwhile. */
#ifndef COMMON_CTL_H
#define COMMON_CTL_H

#include "common/codec.h"
#include "common/error.h"

struct ctl;

/* A line to NAME's control socket in `run_dir`; works before the stage does. */
int ctl_open(void *zmq, const char *run_dir, const char *name, struct ctl **out,
             struct error *err);
void ctl_close(struct ctl *ctl);

/* Send a request; a reply to an older one that comes later is ignored. The
 * argument may be NULL. */
void ctl_send(struct ctl *ctl, const char *command, const char *argument);
/* The reply: 1, `reply` is a map, borrowed until the next call; 0: none came
 * within timeout_ms; -1: one came that is no map. */
int ctl_receive(struct ctl *ctl, int timeout_ms, struct span *reply);

/* Send and receive. -1: EX_UNAVAILABLE when nothing came in time, or the
 * stage's own words when it refuses (EX_USAGE). */
int ctl_ask(struct ctl *ctl, const char *command, const char *argument,
            int timeout_ms, struct span *reply, struct error *err);

/* A SUB socket on NAME's tap; caller closes it with zmq_close(). */
void *ctl_tap_open(void *zmq, const char *run_dir, const char *name,
                   struct error *err);

#endif
