/* gather: how the chain is, as one JSON document.
 *
 *   running      bool
 *   pid          n | null
 *   ok           no stage has failed or waits for a service, no feed fails, the
 *                dead letters are not full, the state works, no event is stuck
 *   stages       {NAME: {state, pid, restarts, exit, since, answers, then what
 *                the stage itself says: in, out, ended, in_hand ...}}
 *   waits        [{stage, service, since, next, reason}], see outage.h
 *   state        see trouble.h
 *   stuck        see trouble.h
 *   feeds        [{feed, status, detail, since, ok_at}]; ok | refused | failing
 *                since; last success, to 10 s, or null
 *   dead         n
 *   dead_by_class {retryable | user | never: n}
 *   dead_max     how many there may be
 *   dead_full    bool
 *   held_deletes n
 *   api_calls    {SERVICE: calls of today (UTC)} */
#ifndef STATUS_GATHER_H
#define STATUS_GATHER_H

#include "common/conf.h"
#include <cJSON.h>

/* When the state cannot be read `err` (else untouched) says why, and what it
 * would have told is missing. Caller frees with cJSON_Delete(). */
cJSON *gather(const struct conf *conf, struct error *err);

#endif
