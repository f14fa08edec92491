/* drive: runs a fetcher's feeds, all or one of them, against the service and
 * the chain of this folder. The state is a SQLite database in memory. */
#ifndef FUZZ_ANSWERS_DRIVE_H
#define FUZZ_ANSWERS_DRIVE_H

#include "stages/fetcher/feed.h"
#include "tests/fuzz/answers/service.h"

#define DRIVE_CONFS 4

struct drive {
    const char *source; /* hubspot | salesforce */
    const struct feed *const *feeds;
    const struct service_route *routes;
    const char *confs[DRIVE_CONFS]; /* texts of pipeline.conf */
    /* Fill the new state, make the feeds forget what they remember from run to
     * run. The engine of `env` has no feeds. */
    void (*prepare)(const struct feed_env *env, struct input *in);
    /* After all: more that reads answers. May be NULL. */
    void (*finish)(const struct feed_env *env);
};

/* Once, before all runs. */
void drive_open(const struct drive *drive);
void drive_run(const struct drive *drive, const uint8_t *bytes, size_t len);

#endif
