/* control: the supervisor's own control socket, RUN/supervisor.ctl: ping,
 * stats, stop, and ["restart", NAME]. */
#ifndef SUPERVISOR_CONTROL_H
#define SUPERVISOR_CONTROL_H

#include "common/error.h"

struct chain;

int control_open(struct chain *c, struct error *err);
void control_serve(struct chain *c);
void control_close(struct chain *c);

#endif
