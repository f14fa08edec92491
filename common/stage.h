/* stage: the skeleton of a stage process around its rule.
 *
 * stage_main() reads the command line (--conf FILE --name NAME [--in URI]
 * [--out URI] and the stage's own flags), the config and the wiring, then runs
 * the loop: input, hooks, output, outcomes, control socket, tap, capture,
 * signals. It exits with a code of sysexits.h.
 *
 * Each event that the `event` hook gets is passed (stage_pass) or ended
 * (stage_end) exactly once, in the hook or later (stage_keep). The skeleton
 * counts, and says at the end if they do not agree.
 *
 * Knows neither http nor store: a stage that needs them opens them itself. */
#ifndef COMMON_STAGE_H
#define COMMON_STAGE_H

#include "common/clock.h"
#include "common/conf.h"
#include "common/event.h"
#include <stdbool.h>

/* In the environment of each stage of a dry run. */
#define STAGE_DRY_RUN "CRMPIPE_DRY_RUN"

struct stage_ctx;

struct stage_flag {
    const char *name; /* "--dry-run" */
    bool has_value;
    const char *help;
};

struct stage {
    const char *name;               /* "window-filter", for messages */
    const struct stage_flag *flags; /* own flags, ended by a NULL name */
    bool is_source; /* a fetcher: has no input, `work` drives it */

    int (*open)(struct stage_ctx *ctx, struct error *err);
    /* `ev` is borrowed for the call. */
    void (*event)(struct stage_ctx *ctx, struct event *ev);
    /* Before the first and after the last event of what one poll brought: the
     * place for a read transaction around the look-ups of a batch. */
    void (*batch_begin)(struct stage_ctx *ctx);
    void (*batch_end)(struct stage_ctx *ctx);
    /* One turn of own work (a fetcher's polling, a writer's batch), called
     * between inputs. Returns in how many ms it wants to be called again; 0: at
     * once, -1: only after the next input. */
    int (*work)(struct stage_ctx *ctx);
    /* An outcome came back (sources only). */
    void (*outcome)(struct stage_ctx *ctx, const struct outcome *o);
    /* SIGHUP: `conf` is the new config, already checked. -1: keep the old one.
     */
    int (*reload)(struct stage_ctx *ctx, const struct conf *conf,
                  struct error *err);
    /* SIGTERM or end of input: true when nothing is in hand any more; called
     * again (with work and input of outcomes going on) until then. */
    bool (*drain)(struct stage_ctx *ctx);
    /* Add own figures to the answer to `stats`: `n` pairs, as promised by
     * n_stats. */
    uint32_t n_stats;
    void (*stats)(struct stage_ctx *ctx, msgpack_packer *pk);
    void (*close)(struct stage_ctx *ctx);
};

int stage_main(const struct stage *stage, int argc, char **argv);

/* The event goes on to the next stage. Blocks (serving control and signals)
 * while the next stage takes nothing. */
void stage_pass(struct stage_ctx *ctx, struct event *ev);
/* The event ends here. `o` needs outcome, reason and what else is known; id,
 * source, seq, stage and trace are filled from the event. */
void stage_end(struct stage_ctx *ctx, struct event *ev, struct outcome *o);
/* The hook took the event over and will end it later with stage_end_later(), or
 * pass it on with stage_pass_later(), after having copied what it needs. */
void stage_keep(struct stage_ctx *ctx, struct event *ev);
/* End a kept event: every field of `o` but stage is the caller's. */
void stage_end_later(struct stage_ctx *ctx, struct outcome *o);
/* A kept event goes on to the next stage; blocks as stage_pass() does. Not for
 * the `event` hook: in `work` only. */
void stage_pass_later(struct stage_ctx *ctx, struct event *ev);
/* A source sends an encoded event. 1: sent or packed; 0: the next stage takes
 * nothing now. */
int stage_send(struct stage_ctx *ctx, struct span event);

/* Serve the control socket and look at signals, for use in long waits (an HTTP
 * call). Returns false when the stage should finish. */
bool stage_breathe(struct stage_ctx *ctx);
bool stage_is_draining(const struct stage_ctx *ctx);
/* Does its input come from a socket, whose sender sends again what is lost? */
bool stage_is_live(const struct stage_ctx *ctx);
/* End the process with an error that is logged: a fault that only a person can
 * mend. Takes effect when the hook returns. */
void stage_fail(struct stage_ctx *ctx, const struct error *err);

const struct conf *stage_conf(const struct stage_ctx *ctx);
const char *stage_name(const struct stage_ctx *ctx);
/* Does its output take everything for good: a file or standard output, behind
 * which nobody sends outcomes? */
bool stage_output_is_file(const struct stage_ctx *ctx);
/* The value of an own flag ("" for one without value), or NULL. */
const char *stage_flag(const struct stage_ctx *ctx, const char *name);
void stage_set_data(struct stage_ctx *ctx, void *data);
void *stage_data(const struct stage_ctx *ctx);

#endif
