/* flip: the other value of conflicts, by way of the chain: an event for each
 * (event.h, flip) is put in at the conflict-resolver of the chain that runs, or
 * in one of its own when none does. */
#ifndef CONFLICTS_FLIP_H
#define CONFLICTS_FLIP_H

#include "common/store.h"
#include "common/conf.h"
#include <cJSON.h>

/* Flip all `rows` (conflict.h) and wait until each has ended; each gets ok
 * (bool), outcome, reason and detail. -1: it cannot be done at all. */
int flip_all(const struct conf *conf, struct store *store, cJSON *rows,
             struct error *err);

#endif
