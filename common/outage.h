/* outage: a service that takes or gives nothing for now: how long to wait
 * before the next probing call, and what to say. Pure but for the log.
 *
 * It is told once when it begins and once when it ends; `stats` tells it while
 * it lasts. */
#ifndef COMMON_OUTAGE_H
#define COMMON_OUTAGE_H

#include "common/backoff.h"
#include <msgpack.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of an outage's name and words, as the log has them behind each other:
 * "Salesforce" "cannot be read now". */
struct outage {
    const char *service, *begins, *ends; /* borrowed for ever */
    int failures;     /* calls that came to nothing, in a row */
    int64_t since;    /* monotonic ms; when failures > 0 or is_paused */
    int64_t until;    /* monotonic ms: no call before; 0: at once */
    bool is_paused;   /* the day's calls are spent */
    char reason[320]; /* of the last failure: the code, the words */
};

bool outage_is_on(const struct outage *o);
/* A call came to nothing. `code` may be NULL. */
void outage_fail(struct outage *o, int64_t now, const struct backoff *backoff,
                 uint32_t chance, int64_t retry_after_ms, const char *code,
                 const char *message);
/* The day's calls are spent. `utc_ms`: ms since 1970 UTC. */
void outage_pause(struct outage *o, int64_t now, int64_t utc_ms,
                  const char *message);
/* A call was answered. */
void outage_end(struct outage *o, int64_t now);

/* Has a call that began then (monotonic ms) been without an answer for so long
 * that it should be told? Then it is an outage of this moment, for
 * outage_pack(). `url`: its path is named, not what follows it. */
bool outage_of_call(struct outage *o, const char *service, const char *method,
                    const char *url, int64_t began, int64_t until, int64_t now);

/* For `stats`: the key "waits" and an array with a map for each of the n that
 * is on: service, reason, since and next (ms since 1970 UTC; next: the call
 * that tries it again, not before `utc_ms`). */
void outage_pack(msgpack_packer *pk, const struct outage *const *o, size_t n,
                 int64_t now, int64_t utc_ms);

#endif
