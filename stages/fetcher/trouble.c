/* trouble: what lasts and a person has to know of: the state cannot be written;
 * an event has no outcome though it was sent again and again. Each is logged
 * when it begins and when it ends, and is in the stats meanwhile. */
#include "common/log.h"
#include "common/timetext.h"
#include "stages/fetcher/engine_private.h"

#include <inttypes.h>
#include <stdio.h>

#define LOOK_MS     1000
#define STUCK_SENDS 3 /* fewer may be a stage that was restarted */

void
engine_state_fails(struct engine *e, const struct error *err)
{
    snprintf(e->state_detail, sizeof(e->state_detail), "%s", err->text);
    if (e->state_since != 0)
        return;
    e->state_since = clock_now_ms();
    log_write(LOG_ERROR,
              "the state cannot be written; nothing new is "
              "sent until it can",
              "reason", err->text, NULL);
}

void
engine_state_works(struct engine *e)
{
    char since[TIMETEXT_SIZE];

    if (e->state_since == 0)
        return;
    log_write(LOG_INFO, "the state can be written again", "since",
              timetext_plain(e->state_since, since), "it_was", e->state_detail,
              NULL);
    e->state_since = 0;
    e->state_detail[0] = '\0';
}

/* The event that is under way longest, if that is too long. */
const struct inflight_item *
engine_stuck(const struct engine *e, int64_t now_ms)
{
    const struct inflight_item *oldest = inflight_oldest(&e->inflight);

    return oldest != NULL && oldest->n_sent >= STUCK_SENDS &&
                   now_ms - oldest->first_ms >= 2 * e->resend_after_ms
               ? oldest
               : NULL;
}

int64_t
engine_stuck_since(const struct inflight_item *item, int64_t now_ms)
{
    return clock_now_ms() - (now_ms - item->first_ms);
}

void
engine_watch(struct engine *e, int64_t now_ms)
{
    const struct inflight_item *stuck;
    char since[TIMETEXT_SIZE], sends[16];

    if (now_ms < e->watch_due_ms)
        return;
    e->watch_due_ms = now_ms + LOOK_MS;
    stuck = engine_stuck(e, now_ms);
    if (stuck != NULL && !e->told_stuck) {
        snprintf(sends, sizeof(sends), "%" PRIu32, stuck->n_sent);
        log_write(LOG_WARN,
                  "an event has no outcome though it was sent again and again: "
                  "./run.sh status names the stage that has it",
                  "id", stuck->id, "since",
                  timetext_plain(engine_stuck_since(stuck, now_ms), since),
                  "sent", sends, NULL);
    } else if (stuck == NULL && e->told_stuck) {
        log_write(LOG_INFO, "events have outcomes again", NULL);
    }
    e->told_stuck = stuck != NULL;
}
