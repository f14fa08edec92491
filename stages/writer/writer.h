/* writer: the machine around the writer's rules: what is in hand, when to send
 * it, what follows from the answer.
 *
 * One call at a time, while the control socket goes on being served. It sends
 * when as many records wait as a call takes or when its input is idle, so that
 * batching costs no latency; what comes during a call goes with the next. */
#ifndef WRITER_WRITER_H
#define WRITER_WRITER_H

#include "common/stage.h"

struct writer;

#define WRITER_N_STATS 8

/* `is_live`: the input is a socket, so what is not ended is sent again. */
int writer_open(struct stage_ctx *ctx, bool is_live, bool is_dry,
                struct writer **out, struct error *err);
void writer_close(struct writer *w);
/* Takes the event over, or ends it. */
void writer_take(struct writer *w, struct event *ev);
int writer_work(struct writer *w);
/* true: nothing is in hand, or nothing can be done about it now and it is sent
 * again. */
bool writer_drain(struct writer *w);
int writer_reload(struct writer *w, const struct conf *conf, struct error *err);
void writer_stats(struct writer *w, msgpack_packer *pk);

#endif
