/* chain: stands in for common/stage and for the stages behind the fetcher:
 * takes its events, looks whether they are what the contract says, and sends
 * outcomes back as the input says. Linked in place of stage.c. */
#ifndef FUZZ_ANSWERS_CHAIN_H
#define FUZZ_ANSWERS_CHAIN_H

#include "stages/fetcher/engine.h"
#include "tests/fuzz/answers/input.h"

/* A new run of a fetcher of `source`; a stop comes at the `stop_after`th
 * breath (0: never). Borrowed: valid until the next. */
struct stage_ctx *chain_begin(const char *source, struct input *in,
                              int stop_after);
/* Send outcomes of what has come; `all`: of everything. */
void chain_answer(struct engine *engine, bool all);
/* How many events have no outcome yet. */
size_t chain_pending(void);
/* Has the fetcher ended: its pass is over, it failed, or was stopped? */
bool chain_has_ended(void);
bool chain_has_failed(void);
/* For waits: as stage_breathe(). */
bool chain_breathe(void *ctx);

#endif
