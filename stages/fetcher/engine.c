/* engine: see engine.h. Its life and its schedule. */
#include "stages/fetcher/engine.h"
#include "common/json.h"
#include "common/log.h"
#include "common/summary.h"
#include "stages/fetcher/engine_private.h"
#include "stages/fetcher/trim.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDLE_MS       1000 /* longest sleep */
#define DRAIN_LOOK_MS 20
#define CALL_TRIES    3
#define CALL_REST_MS  12000 /* ten seconds' calls are spent: no outage yet */
#define WAITING_MAX   256   /* events not sent yet; more: no poll */
#define PAGES_MAX     64    /* of a feed that have not ended */
#define DEAD_LOOK_MS  3000
#define TRIM_MS       600000
#define TRIM_ROWS     500  /* at once: nobody waits for long */
#define SEQS_A_MS     1024 /* numbers of a later run are above those before */

int
engine_begin(struct engine *e, struct error *err)
{
    if (e->in_tx)
        return 0;
    if (store_begin(e->env.store, err) < 0) {
        engine_state_fails(e, err);
        return -1;
    }
    e->in_tx = true;
    e->has_put = false;
    return 0;
}

int
engine_commit(struct engine *e, struct error *err)
{
    int rv = 0;

    if (!e->in_tx)
        return 0;
    rv = store_commit(e->env.store, err);
    e->in_tx = false;
    if (rv < 0) {
        store_rollback(e->env.store);
        engine_state_fails(e, err);
    } else if (e->has_put) {
        engine_state_works(e);
    }
    return rv;
}

/* The network is waited for without a transaction: the writer needs the state
 * meanwhile. */
static int
before_call(void *ctx, struct error *err)
{
    return engine_commit(ctx, err);
}

static int
after_call(void *ctx, struct error *err)
{
    return engine_begin(ctx, err);
}

/* In a running chain a call gets few tries, and but one when its feed fails
 * already or the service asks for a longer rest: the pauses between polls take
 * over, the other feeds get their turn, and who looks at the status sees it
 * fail. A pass has no tries but these. */
static bool
call_again(void *ctx, int tries)
{
    const struct engine *e = ctx;

    return e->options.once || (tries < CALL_TRIES && e->polled->tries == 0 &&
                               engine_rest_ms(e) <= CALL_REST_MS);
}

static void
set_around(struct engine *e, const struct around *around)
{
    if (e->env.hubspot != NULL)
        hubspot_around(e->env.hubspot, around);
    if (e->env.salesforce != NULL)
        salesforce_around(e->env.salesforce, around);
    if (e->env.lists != NULL)
        hubspot_around(e->env.lists, around);
}

static int
load_cursor(struct engine *e, struct feed_state *fs, struct error *err)
{
    char *text;
    int rv = store_checkpoint_get(e->env.store, fs->feed->name, &text, err);

    if (rv <= 0)
        return rv;
    fs->cursor = json_parse(text, strlen(text), err);
    free(text);
    return fs->cursor != NULL
               ? 0
               : error_wrap(err, "checkpoint of %s", fs->feed->name);
}

/* What changes while it is off is none of its business. */
static int
switch_feed(struct engine *e, struct feed_state *fs, struct error *err)
{
    const struct feed *f = fs->feed;

    fs->is_done = f->wanted != NULL && !f->wanted(&e->env, f);
    if (!fs->is_done)
        return 0;
    cJSON_Delete(fs->cursor);
    fs->cursor = NULL;
    return store_checkpoint_put(e->env.store, f->name, NULL, err);
}

static int
load_note(void *ctx, const struct store_feed *feed)
{
    struct engine *e = ctx;

    if (e->n_notes < ENGINE_NOTES_MAX)
        e->notes[e->n_notes++] = *feed;
    return 0;
}

static int
load(struct engine *e, struct error *err)
{
    for (const struct feed *const *f = e->options.feeds; *f != NULL; f++) {
        struct feed_state *fs = &e->feeds[e->n_feeds];

        if (e->n_feeds == ENGINE_FEEDS_MAX)
            abort();
        fs->feed = *f;
        fs->has_more = true;
        checkpoint_init(&fs->checkpoint);
        e->n_feeds++;
        if (switch_feed(e, fs, err) < 0 || load_cursor(e, fs, err) < 0)
            return -1;
    }
    return store_feed_each(e->env.store, load_note, e, err);
}

static void
take_conf(struct engine *e, const struct conf *conf, struct hubspot *lists)
{
    const struct around around = {before_call, after_call, call_again,
                                  .ctx = e};

    e->env.conf = conf;
    e->env.lists = lists;
    set_around(e, &around);
    guard_rules_read(conf, &e->guard);
    e->recheck_due_ms = 0;
    e->poll_interval_ms = conf_ms(conf, e->options.source, "poll_interval");
    e->letters_max = conf_int(conf, "delivery", "dead_letters_max");
    e->resend_after_ms = conf_ms(conf, "delivery", "resend_after");
    e->sync_timeout_ms = conf_ms(conf, "delivery", "sync_timeout");
}

void
engine_reload(struct engine *e, const struct conf *conf, struct hubspot *lists)
{
    struct error err;

    take_conf(e, conf, lists);
    engine_reload_lists(e);
    for (int i = 0; i < e->n_feeds && !e->options.once; i++) {
        e->feeds[i].due_ms = 0; /* it may be what was to be mended */
        if (switch_feed(e, &e->feeds[i], &err) < 0)
            log_write(LOG_WARN, "a checkpoint that is over cannot be removed",
                      "feed", e->feeds[i].feed->name, "reason", err.text, NULL);
    }
}

int
engine_open(struct stage_ctx *ctx, const struct engine_options *options,
            const struct feed_env *env, struct engine **out, struct error *err)
{
    struct engine *e = calloc(1, sizeof(*e));

    if (e == NULL)
        abort();
    e->ctx = ctx;
    e->options = *options;
    e->env = *env;
    e->env.engine = e;
    e->side = env->hubspot != NULL ? SIDE_HUBSPOT : SIDE_SALESFORCE;
    e->polled = e->feeds;
    e->env.started_at =
        env->hubspot != NULL ? hubspot_now_ms(env->hubspot) : clock_now_ms();
    e->ends_when_written = stage_output_is_file(ctx);
    e->next_seq = (uint64_t)clock_now_ms() * SEQS_A_MS;
    e->moved_ms = clock_monotonic_ms();
    e->sum = summary_new();
    inflight_init(&e->inflight,
                  (size_t)conf_int(env->conf, "delivery", "max_in_flight"));
    take_conf(e, env->conf, env->lists);
    if (load(e, err) < 0) {
        engine_close(e);
        return -1;
    }
    engine_reload_lists(e);
    *out = e;
    return 0;
}

void
engine_close(struct engine *e)
{
    if (e == NULL)
        return;
    set_around(e, &(struct around){.ctx = NULL});
    for (int i = 0; i < e->n_feeds; i++) {
        checkpoint_fini(&e->feeds[i].checkpoint);
        cJSON_Delete(e->feeds[i].cursor);
    }
    for (size_t i = 0; i < e->n_ended; i++) {
        inflight_free(e->ended[i].item);
        free(e->ended[i].trace);
    }
    free(e->ended);
    engine_unstage(e);
    free(e->staged);
    free(e->lists);
    inflight_fini(&e->inflight);
    cJSON_Delete(e->sum);
    free(e);
}

static void
send_on(struct engine *e)
{
    int64_t now = clock_monotonic_ms();
    /* At a stop, or while nothing can be kept, nothing new is begun. */
    size_t held = stage_is_draining(e->ctx) || e->commit_tries > 0
                      ? e->inflight.max
                      : e->n_ended;
    struct inflight_item *item;
    bool has_ended = false;

    while ((item = inflight_next(&e->inflight, now, e->resend_after_ms,
                                 held)) != NULL) {
        struct span bytes = {item->bytes, item->len};

        if (stage_send(e->ctx, bytes) == 0)
            break;
        if (item->was_sent)
            e->n_resent++;
        else
            e->n_fetched++;
        inflight_sent(&e->inflight, item, now);
        if (e->ends_when_written)
            engine_end_written(e, item);
        has_ended = e->ends_when_written;
    }
    if (has_ended)
        engine_keep_progress(e);
}

static bool
has_feed(const struct inflight_queue *queue, long feed)
{
    const struct inflight_item *item = queue->head;

    while (item != NULL && item->feed != feed)
        item = item->next;
    return item != NULL;
}

/* What it waits for on the way is bounded: no poll while the chain is slow. */
static bool
may_poll(const struct engine *e, const struct feed_state *fs)
{
    if (has_feed(&e->inflight.waiting, fs - e->feeds) ||
        has_feed(&e->inflight.unlisted, fs - e->feeds))
        return false;
    return e->inflight.waiting.n < WAITING_MAX &&
           checkpoint_pages(&fs->checkpoint) < PAGES_MAX;
}

/* The feed whose turn it is. In a pass one after another, to its end; else the
 * one that has waited longest, the first (contacts, which the others hang on)
 * before all. NULL: none may be polled now. */
static struct feed_state *
next_feed(struct engine *e, int64_t now)
{
    struct feed_state *best = NULL;

    for (int i = 0; i < e->n_feeds; i++) {
        struct feed_state *fs = &e->feeds[i];

        if (fs->is_done)
            continue;
        if (e->options.once) {
            best = fs->due_ms <= now ? fs : NULL;
            break;
        }
        if (fs->due_ms <= now && (best == NULL || fs->due_ms < best->due_ms) &&
            may_poll(e, fs))
            best = fs;
        if (i == 0 && best != NULL)
            break;
    }
    return best != NULL && may_poll(e, best) ? best : NULL;
}

/* Old outcomes go, a batch a turn. Links, conflicts and dead letters stay. */
static void
trim(struct engine *e, int64_t now)
{
    const struct conf *conf = e->env.conf;
    int64_t age = trim_age_ms(conf_ms(conf, "state", "outcomes"),
                              conf_ms(conf, "hubspot", "second_look"),
                              conf_ms(conf, "hubspot", "overlap"));
    int64_t before = clock_now_ms() - age;
    struct error err;
    int n = store_outcome_trim(e->env.store, before, TRIM_ROWS, &err);

    if (n < 0)
        log_write(LOG_DEBUG, "old outcomes stay", "reason", err.text, NULL);
    e->trim_due_ms = now + (n < TRIM_ROWS     ? TRIM_MS
                            : e->options.once ? 0 /* it may be over soon */
                                              : IDLE_MS);
}

/* Is all read that there is to read now? */
static bool
is_read(const struct engine *e)
{
    for (int i = 0; i < e->n_feeds; i++)
        if (!e->feeds[i].is_done && (e->options.once || e->feeds[i].has_more))
            return false;
    return true;
}

/* A pass looks until it has taken up all of them. */
static void
look_at_letters(struct engine *e, int64_t now)
{
    bool has_more = engine_retry_dead(e);

    engine_unpark(e);
    e->dead_due_ms = !e->options.once ? now + DEAD_LOOK_MS
                     : has_more       ? now
                                      : INT64_MAX;
}

static void
house_work(struct engine *e, int64_t now)
{
    if (now >= e->dead_due_ms)
        look_at_letters(e, now);
    if (now >= e->trim_due_ms)
        trim(e, now);
    if (!e->options.once && now >= e->deletions_due_ms && is_read(e) &&
        e->inflight.waiting.n < WAITING_MAX) {
        engine_judge(e);
        e->deletions_due_ms = now + DEAD_LOOK_MS;
    }
}

/* A pass leaves what it cannot ask for to the next one. */
static bool
is_listed(const struct engine *e)
{
    return e->inflight.unlisted.n == 0 || e->asking.err.code != 0;
}

static bool
has_all_ended(const struct engine *e)
{
    return is_read(e) && is_listed(e) && e->inflight.waiting.n == 0 &&
           e->inflight.sent.n == 0 && e->inflight.parked.n == 0 &&
           e->n_ended == 0 && e->commit_tries == 0 &&
           (!e->options.once || e->dead_due_ms == INT64_MAX);
}

/* Does nothing go on any more for want of room among the dead letters? */
static bool
is_stuck(const struct engine *e)
{
    int i = 0;

    while (i < e->n_feeds && e->feeds[i].is_done)
        i++;
    return is_listed(e) && e->inflight.parked.n > 0 &&
           e->inflight.sent.n == 0 && e->n_ended == 0 && e->commit_tries == 0 &&
           e->dead_due_ms == INT64_MAX &&
           inflight_next(&e->inflight, 0, e->resend_after_ms, 0) == NULL &&
           (i == e->n_feeds || !may_poll(e, &e->feeds[i]));
}

/* What was read to its end begins anew when it is asked for again. */
static int
forget_ended(struct engine *e, struct error *err)
{
    int rv = 0;

    for (int i = 0; i < e->n_feeds && rv == 0; i++)
        if (e->feeds[i].feed->ends && e->feeds[i].err.code == 0)
            rv = store_checkpoint_put(e->env.store, e->feeds[i].feed->name,
                                      NULL, err);
    return rv;
}

/* The pass is over. */
static void
finish(struct engine *e, const struct error *why)
{
    struct error err;

    e->is_done = true;
    if (why == NULL && e->inflight.parked.n == 0 && forget_ended(e, &err) < 0)
        stage_fail(e->ctx, &err);
    if (engine_write_summary(e, &err) < 0)
        stage_fail(e->ctx, &err);
    for (int i = 0; i < e->n_feeds && why == NULL; i++)
        if (e->feeds[i].err.code != 0)
            why = &e->feeds[i].err;
    if (why == NULL && e->asking.err.code != 0)
        why = &e->asking.err;
    if (why != NULL)
        stage_fail(e->ctx, why);
    else
        raise(SIGTERM); /* the skeleton's way to end */
}

static bool
finish_pass(struct engine *e)
{
    struct error err;

    /* The deletions come last, when it is known how many there are. */
    if (!e->options.is_import && has_all_ended(e))
        engine_judge(e);
    if (is_stuck(e))
        engine_unpark(e);
    if (has_all_ended(e) || is_stuck(e)) {
        finish(e, NULL);
        return true;
    }
    if (clock_monotonic_ms() - e->moved_ms <= e->sync_timeout_ms)
        return false;
    error_set(&err, EX_TEMPFAIL,
              "no event has ended for a long time ([delivery] sync_timeout); "
              "%zu have no outcome",
              e->inflight.sent.n + e->inflight.waiting.n);
    finish(e, &err);
    return true;
}

static int
sleep_ms(const struct engine *e, int64_t now)
{
    int64_t until = now + IDLE_MS;
    int64_t due = inflight_due_ms(&e->inflight, now, e->resend_after_ms);

    if (due >= 0 && now + due < until)
        until = now + due;
    if (e->commit_tries > 0 && e->commit_due_ms < until)
        until = e->commit_due_ms;
    if (e->inflight.unlisted.n > 0 && e->asking.due_ms < until)
        until = e->asking.due_ms;
    for (int i = 0; i < e->n_feeds; i++)
        if (!e->feeds[i].is_done && e->feeds[i].due_ms < until &&
            may_poll(e, &e->feeds[i]))
            until = e->feeds[i].due_ms;
    return until > now ? (int)(until - now) : 1;
}

int
engine_work(struct engine *e)
{
    int64_t now = clock_monotonic_ms();
    struct feed_state *fs;

    if (e->is_done)
        return DRAIN_LOOK_MS;
    engine_watch(e, now);
    if (e->commit_tries > 0 && now >= e->commit_due_ms)
        engine_keep_progress(e);
    send_on(e);
    if (stage_is_draining(e->ctx))
        return DRAIN_LOOK_MS;
    if (e->commit_tries == 0) {
        house_work(e, now);
        if (engine_may_ask(e, now)) {
            engine_ask_lists(e);
            send_on(e);
            return 0;
        }
        if ((fs = next_feed(e, now)) != NULL) {
            engine_poll(e, fs);
            send_on(e);
            return 0;
        }
    }
    if (e->options.once && finish_pass(e))
        return DRAIN_LOOK_MS;
    return sleep_ms(e, now);
}

bool
engine_drain(struct engine *e)
{
    return e->is_done || (e->inflight.sent.n == 0 && e->n_ended == 0);
}
