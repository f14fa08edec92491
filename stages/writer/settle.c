/* settle: see settle.h. */
#include "stages/writer/settle.h"

#include "common/chance.h"
#include "common/log.h"

#include <stdio.h>

void
settle_dead(struct writer *w, struct held *h, const char *code,
            const char *detail)
{
    struct outcome o = {.outcome = "dead"};

    snprintf(o.reason, sizeof(o.reason), "%s", code);
    snprintf(o.detail, sizeof(o.detail), "%s", detail);
    log_write(LOG_WARN, "record refused", "id", h->id, "reason", o.reason,
              NULL);
    held_end(w->ctx, h, &o);
}

void
settle_later(struct writer *w, struct held *h, const char *code,
             const char *detail)
{
    if (++h->tries >= w->rules.max_tries) {
        settle_dead(w, h, code, detail);
        return;
    }
    w->n_retries++;
    h->item.due_at = clock_monotonic_ms() +
                     backoff_ms(&w->rules.backoff, h->tries, chance_bits(), -1);
}

void
settle_answered(struct writer *w, enum side side)
{
    struct service *s = &w->services[side];

    outage_end(&s->outage, clock_monotonic_ms());
    s->n_good++;
    s->rows_max =
        s->rows_max < s->rows_most / 2 ? 2 * s->rows_max : s->rows_most;
}

/* A row that fails alone while others are taken is the cause itself: its tries
 * count, and it goes alone from now on. */
static bool
is_suspect(const struct service *s, const struct held *first, size_t n,
           const struct settle_trouble *t)
{
    return n == 1 && t->status == 500 && first->good_seen != s->n_good;
}

void
settle_trouble(struct writer *w, enum side side, struct held *first, size_t n,
               const struct settle_trouble *t)
{
    struct service *s = &w->services[side];

    w->n_retries++;
    /* It may be the batch: too much of it, or one row in it. */
    if (n > 0 && (t->status == 500 || t->status == 0))
        s->rows_max = n > 1 ? n / 2 : 1;
    if (is_suspect(s, first, n, t)) {
        first->good_seen = s->n_good;
        first->item.size = BATCH_BYTES_MAX + 1;
        first->asked++;
        settle_later(w, first, t->code, t->message);
        return;
    }
    outage_fail(&s->outage, clock_monotonic_ms(), &w->rules.backoff,
                chance_bits(), t->retry_after_ms, t->code, t->message);
}
