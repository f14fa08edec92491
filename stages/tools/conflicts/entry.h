/* entry: where a tool puts events in at the conflict-resolver: of the chain
 * that runs, over its wire; when none does, by a replay with a chain of its
 * own. How an event has ended stands in the state then (store_outcome_get). */
#ifndef CONFLICTS_ENTRY_H
#define CONFLICTS_ENTRY_H

#include "common/codec.h"
#include "common/conf.h"

#define ENTRY_AGAIN_MS 2000 /* what has not ended by then is put in again */

struct entry;

int entry_open(const struct conf *conf, struct entry **out, struct error *err);
void entry_close(struct entry *entry);

/* One round: begin, put each event, send. A replay has ended when send returns.
 * -1: it cannot be done; a chain that comes or goes meanwhile is no error. */
int entry_begin(struct entry *entry, struct error *err);
int entry_put(struct entry *entry, struct span event, struct error *err);
int entry_send(struct entry *entry, struct error *err);
/* Wait a moment for the running chain. false: there is nothing to wait for. */
bool entry_wait(struct entry *entry);

#endif
