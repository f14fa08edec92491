/* complaint: see complaint.h. */
#include "common/complaint.h"
#include "common/log.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#define PERIOD_MS 60000

bool
complaint_told(struct complaint *c, int64_t now_ms)
{
    char n[24];

    if (c->n == 0 || now_ms - c->since_ms >= PERIOD_MS) {
        if (c->untold > 0) {
            snprintf(n, sizeof(n), "%" PRIu64, c->untold);
            log_write(LOG_ERROR, "so many more were refused and not told", "n",
                      n, NULL);
        }
        *c = (struct complaint){.since_ms = now_ms};
    }
    if (++c->n <= COMPLAINT_MAX)
        return true;
    if (c->untold++ == 0)
        log_write(LOG_ERROR,
                  "too much is refused to tell it all: for a minute it is only "
                  "counted (`bad` in ./run.sh status --json); find out who "
                  "sends it",
                  NULL);
    return false;
}
