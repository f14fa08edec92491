/* pass: the stages are started, sources run to their end one after the other,
 * all is stopped, and the figures are put together. */
#ifndef SUPERVISOR_PASS_H
#define SUPERVISOR_PASS_H

#include "common/progress.h"
#include "common/summary.h"
#include "stages/tools/supervisor/chain.h"
#include "stages/tools/supervisor/modes.h"

struct pass {
    const struct tool *tool;
    const struct mode_flags *flags;
    struct chain chain;
    bool is_open;
    cJSON *sum;
    struct progress progress;
    int64_t started_ms;
    struct error err; /* why it has failed; code 0: it has not */
};

/* Opens the chain; on failure (in pass->err) only pass_end() may follow. */
int pass_begin(struct pass *pass, const struct tool *tool, struct conf *conf,
               const struct mode_flags *flags);
/* The file that a source of that name writes its figures to. */
void pass_summary_path(const struct pass *pass, const char *name, char *buf,
                       size_t size);
/* Run one source to its end and add its figures. -1: the pass has failed. */
int pass_source(struct pass *pass, struct child *source);
/* Collect the stages' figures, stop all, print the summary. The exit code. */
int pass_end(struct pass *pass);

#endif
