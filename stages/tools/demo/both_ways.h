/* both_ways: the demo's second act. Tasks, e-mails, calls and meetings are kept
 * equal; users work on both sides, and `verify` says whether both are equal. */
#ifndef DEMO_BOTH_WAYS_H
#define DEMO_BOTH_WAYS_H

#include "stages/tools/demo/world.h"
#include <stdbool.h>

/* Play it. *out: {records: [{kind, hubspot, salesforce}], links, findings,
 * conflicts, ok}, as far as it came; caller frees with cJSON_Delete(). `pass`
 * makes one pass and says `what` it is about. -1: an error, `err` says which.
 */
int both_ways_play(struct world *w,
                   int (*pass)(struct world *w, const char *what, cJSON **sum,
                               struct error *err),
                   cJSON **out, struct error *err);
void both_ways_print(const cJSON *out);

#endif
