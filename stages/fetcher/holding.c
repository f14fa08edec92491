/* holding: deletions that would be carried to the other side wait in the state
 * until all is read, so that it is known how many there are (guard.h).
 *
 * A row of the state has the whole event. It is put there in the transaction of
 * the poll, before the feed's checkpoint can move past it, and goes in that of
 * its outcome: a crash in between repeats, and neither loses nor doubles. */
#include "common/log.h"
#include "stages/fetcher/engine_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECHECK_MS INT64_C(60000)

/* ---- into the state ---- */

/* The link of a record of this service. 1/0/-1 */
static int
find_link(struct engine *e, const char *key, struct store_link *out,
          struct error *err)
{
    return e->side == SIDE_HUBSPOT
               ? store_link_get(e->env.store, key, out, err)
               : store_link_by_target(e->env.store, key, out, err);
}

/* What a deletion would lead to, by the link as it is now. */
enum effect { EFFECT_NONE, EFFECT_CARRIED, EFFECT_NOT_KNOWN };

/* -1: the state failed. */
static int
effect_of(struct engine *e, const char *key, enum effect *out,
          struct store_link *link, struct error *err)
{
    struct guard_link known;
    int rv = find_link(e, key, link, err);

    *out = EFFECT_NONE;
    if (rv == 1) {
        guard_link_read(link, &known);
        if (guard_carries(&e->guard, &known, e->side))
            *out = EFFECT_CARRIED;
    } else if (rv == 0 && guard_rules_any(&e->guard, e->side) &&
               inflight_has_key(&e->inflight, key)) {
        *out = EFFECT_NOT_KNOWN; /* its link may be made just now */
    }
    return rv < 0 ? -1 : 0;
}

static bool
is_verdict(const struct store_deletion *d, const char *verdict)
{
    return strcmp(d->verdict, verdict) == 0;
}

/* Has it an event that has not ended? */
static bool
waits(const struct store_deletion *d)
{
    return !is_verdict(d, STORE_LOOKED) && !is_verdict(d, STORE_CARRIED);
}

static int
put(struct engine *e, const struct event *ev, const struct store_link *link,
    struct span bytes, struct error *err)
{
    struct store_deletion d = {.event = bytes};

    event_str(ev, EVENT_KEY, d.key, sizeof(d.key));
    event_str(ev, EVENT_ID, d.id, sizeof(d.id));
    snprintf(d.source, sizeof(d.source), "%s", e->options.source);
    if (link != NULL) {
        snprintf(d.kind, sizeof(d.kind), "%s", link->kind);
        snprintf(d.other, sizeof(d.other), "%s",
                 e->side == SIDE_HUBSPOT ? link->target : link->key);
    }
    snprintf(d.verdict, sizeof(d.verdict), "%s", STORE_PENDING);
    d.found_at = d.judged_at = clock_now_ms();
    return store_deletion_put(e->env.store, &d, err);
}

int
engine_hold(struct engine *e, const struct event *ev, struct span bytes,
            struct error *err)
{
    char key[EVENT_ID_MAX], op[16];
    struct store_deletion d;
    struct store_link link;
    enum effect effect;
    int rv;

    event_str(ev, EVENT_KEY, key, sizeof(key));
    if (strcmp(event_str(ev, EVENT_OP, op, sizeof(op)), "delete") != 0)
        return guard_rules_any(&e->guard, e->side)
                   ? engine_unhold(e, key, event_i64(ev, EVENT_MODIFIED_AT, 0),
                                   err)
                   : 0;
    rv = store_deletion_get(e->env.store, key, &d, err);
    if (rv < 0 || (rv == 1 && waits(&d)))
        return rv < 0 ? -1 : 2;
    if (effect_of(e, key, &effect, &link, err) < 0)
        return -1;
    if (effect == EFFECT_NONE)
        return 0;
    return put(e, ev, effect == EFFECT_CARRIED ? &link : NULL, bytes, err) < 0
               ? -1
               : 1;
}

/* ---- it came to nothing ---- */

static int
end_restored(struct engine *e, const struct store_deletion *d,
             struct error *err)
{
    struct store_outcome row = {.at = clock_now_ms()};

    snprintf(row.o.source, sizeof(row.o.source), "%s", e->options.source);
    snprintf(row.o.id, sizeof(row.o.id), "%s", d->id);
    snprintf(row.o.outcome, sizeof(row.o.outcome), "dropped");
    snprintf(row.o.reason, sizeof(row.o.reason), "restored");
    snprintf(row.o.stage, sizeof(row.o.stage), "%s", stage_name(e->ctx));
    snprintf(row.key, sizeof(row.key), "%s", d->key);
    snprintf(row.kind, sizeof(row.kind), "%s", d->kind);
    if (store_outcome_put(e->env.store, &row, err) < 0)
        return -1;
    engine_count(e, &row.o);
    e->n_fetched++;
    return 0;
}

/* The version in an id, KEY@MS. */
static int64_t
version_of(const char *id)
{
    const char *at = strrchr(id, '@');

    return at != NULL ? strtoll(at + 1, NULL, 10) : 0;
}

int
engine_unhold(struct engine *e, const char *key, int64_t version,
              struct error *err)
{
    struct store_deletion d;
    int rv = store_deletion_get(e->env.store, key, &d, err);

    if (rv <= 0 || is_verdict(&d, STORE_CARRIED) ||
        is_verdict(&d, STORE_RELEASED) ||
        (version != 0 && version <= version_of(d.id)) ||
        inflight_find_id(&e->inflight, d.id) != NULL)
        return rv < 0 ? -1 : 0;
    if (waits(&d) && end_restored(e, &d, err) < 0)
        return -1;
    return store_deletion_drop(e->env.store, key, err);
}

int
feed_is_alive(const struct feed_env *env, const char *key, struct error *err)
{
    return engine_unhold(env->engine, key, 0, err);
}

/* ---- judging ---- */

/* What waits. */
struct waiting {
    struct {
        int64_t number;
        char *key;
    } * rows;
    size_t n, size;
};

static int
collect(void *ctx, const struct store_deletion *d)
{
    struct waiting *w = ctx;

    if (w->n == w->size) {
        w->size = w->size > 0 ? 2 * w->size : 64;
        w->rows = realloc(w->rows, w->size * sizeof(*w->rows));
        if (w->rows == NULL)
            abort();
    }
    w->rows[w->n].number = d->number;
    w->rows[w->n].key = strdup(d->key);
    if (w->rows[w->n++].key == NULL)
        abort();
    return 0;
}

/* What would delete nothing need not be counted: the rules may have changed, or
 * the link knows by now that it was our own doing. *is_open: of some it is not
 * known yet. */
static int
recheck(struct engine *e, const char *verdict, bool *is_open, struct error *err)
{
    struct waiting w = {NULL, 0, 0};
    struct store_link link;
    enum effect effect;
    int rv = store_deletion_each(e->env.store, e->options.source, verdict,
                                 collect, &w, err);

    for (size_t i = 0; i < w.n; i++) {
        if (rv == 0)
            rv = effect_of(e, w.rows[i].key, &effect, &link, err);
        if (rv == 0 && effect == EFFECT_NONE)
            rv = store_deletion_allow(e->env.store, w.rows[i].number,
                                      clock_now_ms(), err);
        *is_open = *is_open || (rv == 0 && effect == EFFECT_NOT_KNOWN);
        free(w.rows[i].key);
    }
    free(w.rows);
    return rv;
}

static int
limit_of(struct engine *e, int64_t n, int64_t *out, struct error *err)
{
    int64_t max = conf_int(e->env.conf, "delivery", "max_deletes");
    int64_t links;

    *out = max;
    if (n <= max)
        return 0;
    links = store_pair_count(e->env.store, "hubspot:", "hubspot;", err);
    *out = guard_limit(
        max, conf_int(e->env.conf, "delivery", "max_deletes_percent"), links);
    return links < 0 ? -1 : 0;
}

static void
tell_held(const struct engine *e, int64_t n, int64_t limit)
{
    char count[32], most[32];

    snprintf(count, sizeof(count), "%" PRId64, n);
    snprintf(most, sizeof(most), "%" PRId64, limit);
    log_write(LOG_ERROR,
              "too many records were deleted at once: nothing is deleted on "
              "the other side until a person decides (./run.sh deletes)",
              "deleted_in", e->options.source, "held", count, "max_deletes",
              most, NULL);
}

static int
judge_rows(struct engine *e, int64_t now, struct error *err)
{
    struct store_deletion_counts own, all;
    enum guard_verdict verdict;
    int64_t limit;

    if (store_deletion_count(e->env.store, e->options.source,
                             now - GUARD_WINDOW_MS, &own, err) < 0 ||
        store_deletion_count(e->env.store, NULL, now - GUARD_WINDOW_MS, &all,
                             err) < 0 ||
        limit_of(e, own.pending + all.released, &limit, err) < 0)
        return -1;
    verdict = guard_judge(own.pending, all.held, all.released, limit);
    if (verdict == GUARD_NOTHING) {
        if (e->options.once && own.held > 0 && !e->has_told_held)
            tell_held(e, own.held, limit);
        e->has_told_held = true;
        return 0;
    }
    if (verdict == GUARD_HOLD)
        tell_held(e, own.held + own.pending, limit);
    return store_deletion_judge(e->env.store, e->options.source, STORE_PENDING,
                                verdict == GUARD_HOLD ? STORE_HELD
                                                      : STORE_RELEASED,
                                now, err) < 0
               ? -1
               : 0;
}

/* In one transaction; nothing is sent before it is committed. */
static int
judge(struct engine *e, const struct store_deletion_counts *c,
      struct error *err)
{
    int64_t now = clock_now_ms(), soon = clock_monotonic_ms() + RECHECK_MS;
    bool is_open = false;

    if (c->pending > 0 && recheck(e, STORE_PENDING, &is_open, err) < 0)
        return -1;
    if (c->held > 0 && clock_monotonic_ms() >= e->recheck_due_ms) {
        if (recheck(e, STORE_HELD, &is_open, err) < 0)
            return -1;
        e->recheck_due_ms = soon;
    }
    if (!is_open && judge_rows(e, now, err) < 0)
        return -1;
    return store_deletion_trim(e->env.store, now - GUARD_WINDOW_MS, err);
}

/* ---- sending ---- */

static int
take_up(void *ctx, const struct store_deletion *d)
{
    struct engine *e = ctx;
    msgpack_sbuffer bytes;
    struct event ev;
    struct error err;
    uint64_t seq;

    if (inflight_find_id(&e->inflight, d->id) != NULL)
        return 0;
    if (event_parse(&ev, d->event.data, d->event.len, &err) < 0) {
        log_write(LOG_ERROR, "a deletion cannot be read", "id", d->id, "reason",
                  err.text, NULL);
        return 0;
    }
    seq = e->next_seq++;
    event_set_i64(&ev, EVENT_SEQ, (int64_t)seq);
    if (is_verdict(d, STORE_FORGOTTEN))
        event_set_true(&ev, EVENT_LEAVE);
    msgpack_sbuffer_init(&bytes);
    if (event_encode(&ev, &bytes, &err) == 0)
        inflight_add(&e->inflight, seq, d->id,
                     (struct span){(const uint8_t *)bytes.data, bytes.size},
                     INFLIGHT_DELETION, (uint64_t)d->number);
    msgpack_sbuffer_destroy(&bytes);
    event_fini(&ev);
    return e->inflight.waiting.n >= e->inflight.max;
}

static int
take_up_all(struct engine *e, struct error *err)
{
    static const char *const verdicts[] = {STORE_RELEASED, STORE_ALLOWED,
                                           STORE_FORGOTTEN};
    int rv = 0;

    for (size_t i = 0; i < 3 && rv == 0; i++)
        if (e->inflight.waiting.n < e->inflight.max)
            rv = store_deletion_each(e->env.store, e->options.source,
                                     verdicts[i], take_up, e, err);
    return rv;
}

void
engine_judge(struct engine *e)
{
    struct store_deletion_counts c;
    struct error err;
    int rv = store_deletion_count(e->env.store, e->options.source, 0, &c, &err);

    if (rv == 0 && c.pending + c.held + c.released > 0) {
        rv = engine_begin(e, &err);
        if (rv == 0 && (rv = judge(e, &c, &err)) < 0) {
            store_rollback(e->env.store);
            e->in_tx = false;
        }
        if (rv == 0)
            rv = engine_commit(e, &err);
    }
    if (rv == 0)
        rv = take_up_all(e, &err);
    if (rv < 0)
        log_write(LOG_WARN, "deletions wait: the state cannot be used",
                  "reason", err.text, NULL);
}

int64_t
engine_held(struct engine *e)
{
    struct store_deletion_counts c;
    struct error err;

    return store_deletion_count(e->env.store, e->options.source, 0, &c, &err) ==
                   0
               ? c.held
               : 0;
}
