/* ending: outcomes, and what is kept of them. */
#include "common/backoff.h"
#include "common/chance.h"
#include "common/log.h"
#include "common/step.h"
#include "stages/fetcher/engine_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The kind that a record's type stands for, when nobody has told it. */
static const char *
kind_of_key(const char *key)
{
    static const struct {
        const char *type, *kind;
    } known[] = {{"call:", "call"},
                 {"email:", "sales_email_sent"},
                 {"meeting:", "meeting"},
                 {"note:", "note"},
                 {"task:", "task"},
                 {"form_submission:", "form_submission"},
                 {"email_open:", "sales_email_opened"},
                 {"email_click:", "sales_email_clicked"},
                 {"document_view:", "sales_content_viewed"}};
    const char *type = strchr(key, ':');

    for (size_t i = 0; type != NULL && i < sizeof(known) / sizeof(known[0]);
         i++)
        if (strncmp(type + 1, known[i].type, strlen(known[i].type)) == 0)
            return known[i].kind;
    return "";
}

static struct ended *
ended_add(struct engine *e)
{
    if (e->n_ended == e->ended_size) {
        e->ended_size = e->ended_size > 0 ? 2 * e->ended_size : 256;
        e->ended = realloc(e->ended, e->ended_size * sizeof(*e->ended));
        if (e->ended == NULL)
            abort();
    }
    memset(&e->ended[e->n_ended], 0, sizeof(*e->ended));
    return &e->ended[e->n_ended++];
}

static void
keep_trace(struct ended *end, const struct outcome *o)
{
    if (o->trace.data == NULL)
        return;
    end->trace = malloc(o->trace.len > 0 ? o->trace.len : 1);
    if (end->trace == NULL)
        abort();
    memcpy(end->trace, o->trace.data, o->trace.len);
    end->row.o.trace.data = end->trace;
}

/* An event that a person has put into the chain further on: who did that looks
 * here for how it ended. */
static void
keep_strange(struct engine *e, const struct outcome *o)
{
    struct ended *end;

    if (o->id[0] == '\0' || strcmp(o->outcome, "again") == 0)
        return;
    end = ended_add(e);
    end->row.o = *o;
    end->row.at = clock_now_ms();
    snprintf(end->row.key, sizeof(end->row.key), "%.*s",
             (int)strcspn(o->id, "@"), o->id);
    snprintf(end->row.kind, sizeof(end->row.kind), "%s", o->kind);
    end->row.occurred_at = o->occurred_at;
    keep_trace(end, o);
}

static void
fill_row(struct ended *end, const struct outcome *o)
{
    struct span bytes = {end->item->bytes, end->item->len};
    struct store_outcome *row = &end->row;

    row->o = *o;
    row->at = clock_now_ms();
    snprintf(row->o.id, sizeof(row->o.id), "%s", end->item->id);
    mp_get_str(bytes, event_field_name(EVENT_KEY), row->key, sizeof(row->key));
    snprintf(row->kind, sizeof(row->kind), "%s", o->kind);
    if (row->kind[0] == '\0')
        mp_get_str(bytes, event_field_name(EVENT_KIND), row->kind,
                   sizeof(row->kind));
    if (row->kind[0] == '\0')
        snprintf(row->kind, sizeof(row->kind), "%s", kind_of_key(row->key));
    event_whom_of(bytes, row->contact);
    row->occurred_at =
        o->occurred_at != 0
            ? o->occurred_at
            : mp_get_i64(bytes, event_field_name(EVENT_OCCURRED_AT), 0);
    keep_trace(end, o);
}

/* It is out of the way; its feed's page has one less to wait for. */
static void
let_go(struct engine *e, struct inflight_item *item)
{
    inflight_take(&e->inflight, item);
    if (item->feed >= 0)
        checkpoint_end(&e->feeds[item->feed].checkpoint, item->page);
    e->moved_ms = clock_monotonic_ms();
}

void
engine_outcome(struct engine *e, const struct outcome *o)
{
    struct inflight_item *item;
    struct ended *end;

    if (strcmp(o->source, e->options.source) != 0)
        return;
    if (strcmp(o->outcome, "started") == 0) {
        /* What that stage's predecessor had in hand is gone. */
        inflight_again(&e->inflight, o->seq != 0 ? (int64_t)o->seq : INT64_MAX);
        return;
    }
    if (o->seq == 0) {
        keep_strange(e, o);
        return;
    }
    item = inflight_find(&e->inflight, o->seq);
    if (item == NULL || (o->id[0] != '\0' && strcmp(o->id, item->id) != 0))
        return; /* of an earlier run, or told twice */
    if (strcmp(o->outcome, "again") == 0) {
        /* The filter has read a newer config, or an older one: what this one
         * does not name either is sent again when it is due. */
        if (strcmp(o->reason, "list-unknown") == 0)
            engine_unlist(e, item);
        else
            inflight_back(&e->inflight, item);
        return;
    }
    if (strcmp(o->outcome, "dead") == 0 && !engine_has_room(e, item)) {
        engine_park(e, item, o);
        return;
    }
    end = ended_add(e);
    end->item = item;
    fill_row(end, o);
    e->n_dying += strcmp(o->outcome, "dead") == 0;
    engine_count(e, &end->row.o);
    let_go(e, item);
}

/* Is it one of the state's requests? */
static bool
is_asked(const struct inflight_item *item)
{
    struct span bytes = {item->bytes, item->len};
    bool asked;

    return mp_bool(mp_get(bytes, event_field_name(EVENT_ASKED)), &asked) &&
           asked;
}

void
engine_end_written(struct engine *e, struct inflight_item *item)
{
    char key[EVENT_ID_MAX];
    struct error err;

    mp_get_str((struct span){item->bytes, item->len},
               event_field_name(EVENT_KEY), key, sizeof(key));
    if (is_asked(item) && store_request_drop(e->env.store, key, &err) < 0)
        log_write(LOG_WARN, "a request stays", "key", key, "reason", err.text,
                  NULL);
    if (item->feed == INFLIGHT_DELETION &&
        store_deletion_end(e->env.store, (int64_t)item->page, &err) < 0)
        log_write(LOG_WARN, "a deletion stays in the state", "id", item->id,
                  "reason", err.text, NULL);
    let_go(e, item);
    inflight_free(item);
}

static int
put_ended(struct engine *e, const struct ended *end, struct error *err)
{
    if (store_outcome_put(e->env.store, &end->row, err) < 0)
        return -1;
    if (end->item == NULL)
        return 0;
    if (is_asked(end->item) &&
        store_request_drop(e->env.store, end->row.key, err) < 0)
        return -1;
    if (end->item->feed == INFLIGHT_DELETION &&
        store_deletion_end(e->env.store, (int64_t)end->item->page, err) < 0)
        return -1;
    if (strcmp(end->row.o.outcome, "dead") == 0)
        return engine_put_letter(e, end, err);
    if (end->item->feed != INFLIGHT_LETTER)
        return 0;
    /* It came to life. */
    return store_dead_drop(e->env.store, (int64_t)end->item->page, err) < 0 ? -1
                                                                            : 0;
}

static int
put_progress(struct engine *e, struct error *err)
{
    e->has_put |= e->n_ended > 0;
    for (size_t i = 0; i < e->n_ended; i++)
        if (put_ended(e, &e->ended[i], err) < 0)
            return -1;
    for (int i = 0; i < e->n_feeds; i++) {
        const char *cursor = checkpoint_ready(&e->feeds[i].checkpoint);

        if (cursor == NULL)
            continue;
        e->has_put = true;
        if (store_checkpoint_put(e->env.store, e->feeds[i].feed->name, cursor,
                                 err) < 0)
            return -1;
    }
    return 0;
}

static void
progress_is_kept(struct engine *e)
{
    for (size_t i = 0; i < e->n_ended; i++) {
        inflight_free(e->ended[i].item);
        free(e->ended[i].trace);
    }
    e->n_ended = 0;
    e->n_dying = 0;
    for (int i = 0; i < e->n_feeds; i++)
        checkpoint_committed(&e->feeds[i].checkpoint);
    e->commit_tries = 0;
}

/* Outcomes and checkpoints in one transaction. When it fails, all stays in
 * memory until the next try. */
void
engine_keep_progress(struct engine *e)
{
    static const struct backoff pauses = {200, ENGINE_OUTAGE_MS};
    struct error err;
    int rv;

    step("before-checkpoint");
    rv = engine_begin(e, &err);
    if (rv == 0 && (rv = put_progress(e, &err)) < 0) {
        store_rollback(e->env.store);
        e->in_tx = false;
        engine_state_fails(e, &err);
    }
    if (rv == 0)
        rv = engine_commit(e, &err);
    if (rv == 0) {
        step("after-checkpoint");
        progress_is_kept(e);
        return;
    }
    e->commit_tries++;
    e->commit_due_ms = clock_monotonic_ms() + 100 +
                       backoff_ms(&pauses, e->commit_tries, chance_bits(), -1);
}

void
engine_batch_end(struct engine *e)
{
    if (e->n_ended > 0 && e->commit_tries == 0)
        engine_keep_progress(e);
}
