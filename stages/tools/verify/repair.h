/* repair: what was found is sent through the chain: requests in the state
 * (store.h), and a pass that takes them up, or the chain that runs. */
#ifndef VERIFY_REPAIR_H
#define VERIFY_REPAIR_H

#include "common/conf.h"
#include "common/store.h"
#include "stages/tools/verify/findings.h"

/* Is a chain of this config running? */
bool repair_chain_runs(const struct conf *conf);

/* Write the requests; *n is how many records they name. */
int repair_ask(struct store *store, const struct findings *findings, int64_t *n,
               struct error *err);

/* Until all requests have ended. `conf_file` NULL: as run.sh finds it. -1:
 * EX_TEMPFAIL, nothing has ended for [delivery] sync_timeout; or what the pass
 * has ended with. */
int repair_wait(struct store *store, const struct conf *conf,
                const char *conf_file, struct error *err);

#endif
