/* gather: how the chain is, as one JSON document.
 *
 *   running, pid      bool; n | null
 *   ok                no stage has failed, no feed fails, the dead letters are
 *                     not full, the state works, no stage has lost an event
 *   stages            {NAME: {state, pid, restarts, exit, since, answers, then
 *                     what the stage itself says: in, out, ended, in_hand,
 * ...}} state, stuck      see trouble.h feeds             [{feed, status: ok |
 * refused | failing, detail, since: when it got this status, ok_at: last
 * success, to 10 s, | null}] dead, dead_by_class, dead_max, dead_full n;
 * {retryable | user | never: n}; how many there may be held_deletes      n
 *   api_calls         {SERVICE: calls of today (UTC)} */
#ifndef STATUS_GATHER_H
#define STATUS_GATHER_H

#include "common/conf.h"
#include <cJSON.h>

/* When the state cannot be read `err` (else untouched) says why, and what it
 * would have told is missing. Caller frees with cJSON_Delete(). */
cJSON *gather(const struct conf *conf, struct error *err);

#endif
