/* poll: one poll of one feed, and what becomes of it. */
#include "common/backoff.h"
#include "common/chance.h"
#include "common/log.h"
#include "common/timetext.h"
#include "stages/fetcher/engine_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REFUSED_MS (3600 * INT64_C(1000)) /* then it is asked again */
#define HELD_MS    500

/* What the feed gave waits for its sending; its cursor for their end. */
static void
take_page(struct engine *e, struct feed_state *fs, struct feed_page *page)
{
    char *text = NULL;
    uint64_t number;

    if (page->cursor != NULL) {
        text = cJSON_PrintUnformatted(page->cursor);
        if (text == NULL)
            abort();
        cJSON_Delete(fs->cursor);
        fs->cursor = page->cursor;
        page->cursor = NULL;
    }
    number = checkpoint_add(&fs->checkpoint, e->n_staged, text);
    for (size_t i = 0; i < e->n_staged; i++) {
        struct staged *s = &e->staged[i];

        engine_unlist(e, inflight_add(&e->inflight, s->seq, s->id,
                                      (struct span){s->bytes, s->len},
                                      (int)(fs - e->feeds), number));
    }
    fs->expected = page->expected;
    if (checkpoint_ready(&fs->checkpoint) != NULL || e->n_staged == 0)
        engine_keep_progress(e);
}

/* What ends says how it was in the summary only. */
static void
note(struct engine *e, const struct feed_state *fs, const char *status,
     const char *detail)
{
    if (!fs->feed->ends)
        engine_note(e, fs->feed->name, status, detail);
}

static void
tell_slow(const struct budget *b)
{
    int64_t now = clock_now_ms();
    bool is_account = budget_quota_slowness(&b->quota, now) >=
                      budget_slowness(b->total, b->limit, now);
    char times[16], used[24], allowed[24];

    snprintf(times, sizeof(times), "%d", budget_slow(b));
    snprintf(used, sizeof(used), "%" PRId64,
             is_account ? b->quota.used : b->total);
    snprintf(allowed, sizeof(allowed), "%" PRId64,
             is_account ? b->quota.allowed : b->limit);
    log_write(LOG_WARN,
              is_account
                  ? "few API calls are left to the account, for all its apps: "
                    "news is asked for less often, so that they last"
                  : "few of the day's API calls are left (daily_api_limit): "
                    "news is asked for less often, so that they last",
              "service", b->service, "times", times, "used", used, "of",
              allowed, NULL);
}

/* How many times longer than usual the pauses are. */
static int
slowness(struct engine *e)
{
    const struct budget *b = e->env.hubspot != NULL
                                 ? hubspot_budget(e->env.hubspot)
                                 : salesforce_budget(e->env.salesforce);
    int now = budget_slow(b);

    if (now > 1 && e->slowness <= 1)
        tell_slow(b);
    else if (now == 1 && e->slowness > 1)
        log_write(LOG_INFO, "news is asked for as often as usual again", NULL);
    e->slowness = now;
    return now;
}

static void
went_well(struct engine *e, struct feed_state *fs, struct feed_page *page)
{
    int64_t now = clock_monotonic_ms();
    bool held = page->held && e->options.once;
    int64_t own = page->pause_ms > 0 ? page->pause_ms : fs->feed->pause_ms;
    int64_t pause =
        slowness(e) * (e->poll_interval_ms > own ? e->poll_interval_ms : own);

    fs->tries = 0;
    fs->has_more = page->more;
    fs->err.code = 0;
    fs->due_ms = page->more ? now : now + (held ? HELD_MS : pause);
    fs->is_done = e->options.once && !page->more && !held;
    e->moved_ms = now;
    take_page(e, fs, page);
}

int64_t
engine_rest_ms(const struct engine *e)
{
    const struct hubspot *hs =
        e->polled == &e->asking ? e->env.lists : e->env.hubspot;
    int64_t ms = hs != NULL ? hubspot_rest_ms(hs)
                            : salesforce_rest_ms(e->env.salesforce);

    return ms < BACKOFF_SPENT_MS ? ms : BACKOFF_SPENT_MS;
}

int64_t
engine_pause_ms(const struct engine *e)
{
    static const struct backoff pauses = {1000, ENGINE_OUTAGE_MS};
    int tries = e->polled->tries;
    int64_t rest = engine_rest_ms(e);
    int64_t ms = backoff_ms(&pauses, tries, chance_bits(), -1) + 100;

    return rest < ms ? ms : backoff_ms(&pauses, tries, chance_bits(), rest);
}

/* A long pause is told beside its reason. */
static void
note_failing(struct engine *e, const struct feed_state *fs, int64_t pause,
             const struct error *err)
{
    char text[600], at[TIMETEXT_SIZE];

    snprintf(text, sizeof(text), "%s", err->text);
    if (pause > ENGINE_OUTAGE_MS + 1000)
        snprintf(text, sizeof(text), "%.450s; asked again at %s", err->text,
                 timetext_plain(clock_now_ms() + pause, at));
    note(e, fs, "failing", text);
}

static void
went_wrong(struct engine *e, struct feed_state *fs, const struct error *err)
{
    int64_t now = clock_monotonic_ms(), pause;

    if (err->code != EX_CONFIG && stage_is_draining(e->ctx))
        return;           /* a stop, no outage */
    fs->has_more = false; /* what it has is not to be had now */
    if (err->code == EX_CONFIG) {
        note(e, fs, "failing", err->text);
        stage_fail(e->ctx, err);
        return;
    }
    if (err->code == EX_NOPERM) {
        note(e, fs, "refused", err->text);
        fs->due_ms = now + REFUSED_MS;
        fs->is_done = e->options.once;
        fs->tries = 0;
        if (fs->feed->ends)
            fs->err = *err;
        return;
    }
    fs->tries++;
    pause = e->options.once ? 0 : engine_pause_ms(e);
    fs->due_ms = now + pause;
    note_failing(e, fs, pause, err);
    if (e->options.once) {
        fs->err = *err;
        fs->err.code = EX_TEMPFAIL;
        error_wrap(&fs->err, "%s could not be read to its end", fs->feed->name);
        fs->is_done = true;
    }
}

void
engine_poll(struct engine *e, struct feed_state *fs)
{
    struct feed_page page = {0};
    struct error err = {0}, commit_err;
    int rv = engine_begin(e, &err);

    e->polled = fs;
    if (rv == 0) {
        rv = fs->feed->poll(&e->env, fs->feed, fs->cursor, &page, &err);
        if (rv == 0)
            note(e, fs, "ok", "");
        if (engine_commit(e, &commit_err) < 0 && rv == 0) {
            err = commit_err;
            rv = -1;
        }
    }
    if (rv == 0)
        went_well(e, fs, &page);
    else
        went_wrong(e, fs, &err);
    cJSON_Delete(page.cursor);
    engine_unstage(e);
}
