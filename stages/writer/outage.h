/* outage: a service that takes nothing for now: how long to wait before the
 * next probing call, and what to say. Pure but for the log.
 *
 * It is told once when it begins and once when it ends. */
#ifndef WRITER_OUTAGE_H
#define WRITER_OUTAGE_H

#include "common/backoff.h"
#include <stdbool.h>
#include <stdint.h>

struct outage {
    const char *service; /* "Salesforce" */
    int failures;        /* calls that came to nothing, in a row */
    int64_t since;       /* monotonic ms; when failures > 0 or is_paused */
    int64_t until;       /* monotonic ms: no call before; 0: at once */
    bool is_paused;      /* the day's calls are spent */
};

bool outage_is_on(const struct outage *o);
/* A call came to nothing. */
void outage_fail(struct outage *o, int64_t now, const struct backoff *backoff,
                 uint32_t chance, int64_t retry_after_ms, const char *code,
                 const char *message);
/* The day's calls are spent. `utc_ms`: ms since 1970 UTC. */
void outage_pause(struct outage *o, int64_t now, int64_t utc_ms,
                  const char *message);
/* A call was answered. */
void outage_end(struct outage *o, int64_t now);

#endif
