/* sync: events of the activity sync: each has up to two writes, which are
 * done one after the other; when all are, the pair is saved and the event
 * ends.
 *
 * All of it may happen again after a crash: an update and a delete do no harm
 * then, and for what is to be made the intent says that there is something to
 * look for. */
#ifndef WRITER_SYNC_H
#define WRITER_SYNC_H

#include "stages/writer/writer_private.h"

/* Do what is next with hand.held[chosen[0..n)], which are of one group. */
void sync_send(struct writer *w, const size_t *chosen, size_t n);

#endif
