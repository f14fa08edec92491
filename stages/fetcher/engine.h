/* engine: runs the feeds of one service. It polls them in turn, sends what they
 * give, waits for the outcomes, and keeps in one transaction how events have
 * ended and how far each feed has come. Nothing that was not kept is forgotten:
 * a commit that fails is tried again, with all it held in memory. */
#ifndef FETCHER_ENGINE_H
#define FETCHER_ENGINE_H

#include "common/stage.h"
#include "stages/fetcher/feed.h"

struct engine_options {
    const struct feed *const *feeds; /* NULL-terminated */
    const char *source;              /* hubspot | salesforce */
    bool once;                       /* one pass, then a summary and an end */
    bool is_import;                  /* deletions wait for another pass: not all
                                        is read */
    const char *summary;             /* its path; NULL: standard output */
};

/* Start with `env` (copied; its engine is set). Does not take over the store
 * and the clients. */
int engine_open(struct stage_ctx *ctx, const struct engine_options *options,
                const struct feed_env *env, struct engine **out,
                struct error *err);
void engine_close(struct engine *e);

/* The hooks of the stage. */
int engine_work(struct engine *e);
void engine_outcome(struct engine *e, const struct outcome *o);
void engine_batch_end(struct engine *e);
bool engine_drain(struct engine *e);
#define ENGINE_STATS 12
void engine_stats(struct engine *e, msgpack_packer *pk);
/* Take a new config (already checked); contact lists are asked for with
 * `lists`, which may be NULL. */
void engine_reload(struct engine *e, const struct conf *conf,
                   struct hubspot *lists);

#endif
