/* batch: which contacts the look-back is working on, which are done, and what
 * is kept of both in its cursor (see lookback.c). */
#ifndef FETCHER_HUBSPOT_BATCH_H
#define FETCHER_HUBSPOT_BATCH_H

#include "stages/fetcher/feed.h"

#define BATCH_MAX      1000 /* contacts */
#define BATCH_EACH_MAX 20   /* so few are asked for one by one */

/* Choose the next batch and put it into the cursor. 1: there is one; 0: no
 * contact is due; -1. */
int batch_choose(const struct feed_env *env, cJSON *cursor, struct error *err);
/* The batch is done: its contacts wait in the cursor for the checkpoint. */
void batch_finish(cJSON *cursor);
/* Take the mark of being due from those that are done and safe. *is_changed is
 * set when the cursor has become another. */
int batch_unmark(const struct feed_env *env, const struct feed *feed,
                 cJSON *cursor, bool *is_changed, struct error *err);

/* The cursor's numbers and texts; value NULL takes it out. */
void batch_set_i64(cJSON *object, const char *name, int64_t value);
void batch_set_str(cJSON *object, const char *name, const char *value);
int64_t batch_i64(const cJSON *object, const char *name); /* 0: none */

#endif
