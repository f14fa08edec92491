/* emit: what feeds give to the engine (feed.h). */
#include "common/log.h"
#include "stages/fetcher/engine_private.h"
#include "stages/fetcher/ties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OK_AGAIN_MS 10000 /* a last success is known to this */

void
engine_unstage(struct engine *e)
{
    for (size_t i = 0; i < e->n_staged; i++) {
        free(e->staged[i].id);
        free(e->staged[i].bytes);
    }
    e->n_staged = 0;
}

static bool
is_on_its_way(const struct engine *e, const char *id)
{
    for (size_t i = 0; i < e->n_staged; i++)
        if (strcmp(e->staged[i].id, id) == 0)
            return true;
    for (size_t i = 0; i < e->n_ended; i++)
        if (strcmp(e->ended[i].row.o.id, id) == 0)
            return true;
    return inflight_find_id(&e->inflight, id) != NULL;
}

enum how_ended { NOT_ENDED, ENDED, ENDED_UNTIED, ENDED_DEAD };

/* A drop for want of a tied contact is not for ever: the tie may come. */
static enum how_ended
how_ended(const struct engine *e, const char *id)
{
    static const char *const untied[] = {"no-contact", "contact-not-synced",
                                         "contact-ambiguous"};
    struct store_outcome row;
    struct error err;
    int rv = store_outcome_get(e->env.store, id, &row, &err);

    if (rv < 0)
        log_write(LOG_DEBUG, "an outcome cannot be read", "id", id, "reason",
                  err.text, NULL);
    if (rv <= 0)
        return NOT_ENDED; /* to send it once too often does no harm */
    if (strcmp(row.o.outcome, "dead") == 0)
        return ENDED_DEAD;
    if (strcmp(row.o.outcome, "dropped") == 0)
        for (size_t i = 0; i < sizeof(untied) / sizeof(untied[0]); i++)
            if (strcmp(row.o.reason, untied[i]) == 0)
                return ENDED_UNTIED;
    return ENDED;
}

static bool
has_ended(enum how_ended how, enum feed_why why)
{
    if (why == FEED_SETTLED)
        return how != NOT_ENDED;
    return how == ENDED_DEAD || (how == ENDED && why == FEED_CHANGED);
}

static enum feed_why
why_of(const struct event *ev)
{
    return event_bool(ev, EVENT_IMPORT)  ? FEED_IMPORT
           : event_bool(ev, EVENT_ASKED) ? FEED_ASKED
                                         : FEED_CHANGED;
}

void
feed_set_why(struct event *ev, enum feed_why why)
{
    if (why == FEED_IMPORT)
        event_set_true(ev, EVENT_IMPORT);
    else if (why == FEED_ASKED)
        event_set_true(ev, EVENT_ASKED);
}

bool
feed_has_ended(const struct feed_env *env, const char *id, enum feed_why why)
{
    return is_on_its_way(env->engine, id) ||
           (why != FEED_ASKED && has_ended(how_ended(env->engine, id), why));
}

/* What does not fit is kept without its native record. */
static int
keep_too_large(struct engine *e, struct event *ev, const struct error *why,
               struct error *err)
{
    struct store_dead dead = {.at = clock_now_ms()};
    struct store_outcome row = {.at = dead.at};
    msgpack_sbuffer bytes;

    event_str(ev, EVENT_ID, dead.id, sizeof(dead.id));
    event_str(ev, EVENT_KEY, dead.key, sizeof(dead.key));
    if (engine_need_room(e, dead.id, err) < 0)
        return -1;
    snprintf(dead.stage, sizeof(dead.stage), "%s", stage_name(e->ctx));
    snprintf(dead.reason, sizeof(dead.reason), "too-large");
    snprintf(dead.detail, sizeof(dead.detail), "%s", why->text);
    snprintf(row.o.source, sizeof(row.o.source), "%s", e->options.source);
    snprintf(row.o.id, sizeof(row.o.id), "%s", dead.id);
    snprintf(row.o.outcome, sizeof(row.o.outcome), "dead");
    snprintf(row.o.reason, sizeof(row.o.reason), "%s", dead.reason);
    snprintf(row.o.stage, sizeof(row.o.stage), "%s", dead.stage);
    snprintf(row.o.detail, sizeof(row.o.detail), "%s", dead.detail);
    snprintf(row.key, sizeof(row.key), "%s", dead.key);
    event_whom(ev->field[EVENT_CONTACT], ev->field[EVENT_NATIVE], row.contact);
    row.o.seq = (uint64_t)event_i64(ev, EVENT_SEQ, 0);
    event_drop(ev, EVENT_NATIVE);
    msgpack_sbuffer_init(&bytes);
    if (event_encode(ev, &bytes, NULL) == 0)
        dead.event = (struct span){(const uint8_t *)bytes.data, bytes.size};
    if (dead.event.data == NULL ||
        store_dead_put(e->env.store, &dead, err) < 0 ||
        store_outcome_put(e->env.store, &row, err) < 0 ||
        (event_bool(ev, EVENT_ASKED) &&
         store_request_drop(e->env.store, dead.key, err) < 0))
        log_write(LOG_ERROR, "an event that is too large is lost", "id",
                  dead.id, NULL);
    engine_count(e, &row.o);
    e->n_fetched++;
    msgpack_sbuffer_destroy(&bytes);
    return error_set(err, EX_DATAERR, "%s", why->text);
}

static void
stage_up(struct engine *e, uint64_t seq, const char *id,
         const msgpack_sbuffer *bytes)
{
    struct staged *s;

    if (e->n_staged == e->staged_size) {
        e->staged_size = e->staged_size > 0 ? 2 * e->staged_size : 256;
        e->staged = realloc(e->staged, e->staged_size * sizeof(*e->staged));
        if (e->staged == NULL)
            abort();
    }
    s = &e->staged[e->n_staged++];
    *s = (struct staged){.seq = seq, .id = strdup(id), .len = bytes->size};
    s->bytes = malloc(bytes->size > 0 ? bytes->size : 1);
    if (s->id == NULL || s->bytes == NULL)
        abort();
    memcpy(s->bytes, bytes->data, bytes->size);
}

/* Is there nothing to do for it? */
static bool
is_skipped(const struct feed_env *env, const struct event *ev, const char *id)
{
    enum how_ended how;

    if (is_on_its_way(env->engine, id))
        return true;
    if (why_of(ev) == FEED_ASKED)
        return false;
    how = how_ended(env->engine, id);
    return has_ended(how, why_of(ev)) ||
           (how == ENDED_UNTIED && why_of(ev) == FEED_CHANGED &&
            !ties_says_tied(ev->field[EVENT_CONTACT]));
}

static int
stage_or_hold(struct engine *e, const struct event *ev, const char *id,
              const msgpack_sbuffer *bytes, struct error *err)
{
    struct span b = {(const uint8_t *)bytes->data, bytes->size};
    int rv = engine_hold(e, ev, b, err);

    if (rv == 0)
        stage_up(e, (uint64_t)event_i64(ev, EVENT_SEQ, 0), id, bytes);
    else if (rv == 2)
        e->n_skipped++;
    return rv < 0 ? -1 : 0;
}

int
feed_emit(const struct feed_env *env, struct event *ev, struct error *err)
{
    struct engine *e = env->engine;
    uint64_t seq = e->next_seq;
    char id[EVENT_ID_MAX];
    msgpack_sbuffer bytes;
    struct error why;
    int rv = 0;

    event_str(ev, EVENT_ID, id, sizeof(id));
    if (id[0] == '\0')
        return error_set(err, EX_DATAERR, "an event without an id");
    if (is_skipped(env, ev, id)) {
        e->n_skipped++;
        return 0;
    }
    e->next_seq++;
    event_set_i64(ev, EVENT_V, EVENT_VERSION);
    event_set_str(ev, EVENT_SOURCE, e->options.source);
    event_set_i64(ev, EVENT_SEQ, (int64_t)seq);
    msgpack_sbuffer_init(&bytes);
    if (event_encode(ev, &bytes, &why) < 0)
        rv = keep_too_large(e, ev, &why, err);
    else
        rv = stage_or_hold(e, ev, id, &bytes, err);
    msgpack_sbuffer_destroy(&bytes);
    return rv;
}

size_t
feed_given(const struct feed_env *env)
{
    return env->engine->n_staged;
}

static struct store_feed *
note_of(struct engine *e, const char *name)
{
    for (int i = 0; i < e->n_notes; i++)
        if (strcmp(e->notes[i].feed, name) == 0)
            return &e->notes[i];
    if (e->n_notes == ENGINE_NOTES_MAX)
        return NULL;
    snprintf(e->notes[e->n_notes].feed, sizeof(e->notes[0].feed), "%s", name);
    return &e->notes[e->n_notes++];
}

void
engine_note(struct engine *e, const char *name, const char *status,
            const char *detail)
{
    struct store_feed *note = note_of(e, name);
    bool is_ok = strcmp(status, "ok") == 0;
    int64_t now = clock_now_ms();
    struct error err;

    if (note == NULL)
        return;
    if (strcmp(note->status, status) != 0) {
        note->since = now;
        if (!is_ok)
            log_write(LOG_WARN, "a feed cannot be read", "feed", name, "status",
                      status, "reason", detail, NULL);
        else if (note->status[0] != '\0')
            log_write(LOG_INFO, "a feed can be read again", "feed", name, NULL);
    } else if (is_ok && now >= note->ok_at && now < note->ok_at + OK_AGAIN_MS) {
        return; /* each poll a write to the disk would be too many */
    }
    if (is_ok)
        note->ok_at = now;
    snprintf(note->status, sizeof(note->status), "%s", status);
    snprintf(note->detail, sizeof(note->detail), "%s", detail);
    /* Put again though nothing has changed: an earlier one may have been rolled
     * back. */
    if (store_feed_put(e->env.store, note, &err) < 0)
        engine_state_fails(e, &err);
    else if (!e->in_tx)
        engine_state_works(e);
    e->has_put = true;
}

void
feed_note(const struct feed_env *env, const char *name, const char *status,
          const char *detail)
{
    engine_note(env->engine, name, status, detail);
}
