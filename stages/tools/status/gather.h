/* gather: how the chain is, as one JSON document.
 *
 * {"running": bool, "pid": n | null,
 *  "ok": bool,   no stage has failed, no feed fails, the dead letters are not
 * full "stages": {NAME: {"state", "pid", "restarts", "exit", "since", then what
 * the stage itself says: "in", "out", "ended", "in_hand", ...}}, "feeds":
 * [{"feed", "status": ok | refused | failing, "detail", "since": when it got
 * this status, "ok_at": last success, to 10 s, | null}], "dead": n,
 * "dead_by_class": {retryable | user | never: n}, "dead_max": how many there
 * may be, "dead_full": bool, "held_deletes": n, "api_calls": {SERVICE: calls of
 * today (UTC)}} */
#ifndef STATUS_GATHER_H
#define STATUS_GATHER_H

#include "common/conf.h"
#include <cJSON.h>

/* NULL on an error of the store. Caller frees with cJSON_Delete(). */
cJSON *gather(const struct conf *conf, struct error *err);

#endif
