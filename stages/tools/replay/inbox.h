/* inbox: the outcome wires of all fetchers, in place of them. */
#ifndef REPLAY_INBOX_H
#define REPLAY_INBOX_H

#include "common/conf.h"
#include "common/event.h"

struct inbox;

/* Bind what the fetchers of the config would. -1: EX_TEMPFAIL when one runs. */
int inbox_open(const struct conf *conf, struct inbox **out, struct error *err);
void inbox_close(struct inbox *inbox);
/* The next outcome; false: none is there. `o` is borrowed until the next call.
 */
bool inbox_next(struct inbox *inbox, struct outcome *o);

#endif
