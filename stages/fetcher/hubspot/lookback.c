/* lookback: when a contact's sync begins, its marketing e-mail events and form
 * submissions of some time before are fetched; the feeds of these kinds only go
 * forward.
 *
 *   {"serial": n,                 number of the batch
 *    "ids": [...],                its contacts; [] or absent: no batch
 *    "end": ms,                   what is later comes by the feeds
 *    "phase": "each" | "range" | "forms",
 *    "at": n, "offset": "...",    where the phase stands; beside them "email"
 *                                 or "form", the one under way
 *    "done": [{"id", "serial"}]}  fetched, and still marked as due in the state
 *
 * A batch is some contacts. Few of them are asked for one by one (each), many
 * by one reading of all events of the time (range). The forms, which can only
 * be asked for all of a form's submissions, are read once for the whole batch.
 *
 * The mark of a contact that is done is taken away only when the checkpoint has
 * reached its batch: a fetcher that dies then goes on from a cursor that holds
 * the batch. Before that it would go back to where the batch was chosen by the
 * marks. */
#include "common/json.h"
#include "common/log.h"
#include "stages/fetcher/hubspot/batch.h"
#include "stages/fetcher/hubspot/due.h"
#include "stages/fetcher/hubspot/email_events.h"
#include "stages/fetcher/hubspot/forms.h"
#include "stages/fetcher/hubspot/more_feeds.h"

#include <stdlib.h>
#include <string.h>

#define CALLS_MAX 10  /* in a poll, when they bring little */
#define FULL      300 /* events; a poll that has seen these ends */

/* What the account may refuse; in the cursor too while it does. */
#define EVENTS_NOTE "hubspot.lookback.email_events"
#define FORMS_NOTE  "hubspot.lookback.forms"

/* One poll. */
struct work {
    const struct feed_env *env;
    const struct feed *feed;
    struct due due;
    struct due_reach reach;
    cJSON *cursor;     /* the next one */
    int64_t end, at;   /* of the cursor */
    char offset[4096]; /* of the cursor */
    size_t n_seen;     /* events that were emitted */
    const char *phase;
};

/* Go on behind this page: NULL, with the next contact, type or form. */
static int
turn(struct work *w, const char *next, struct error *err)
{
    if (next == NULL) {
        batch_set_str(w->cursor, "again", NULL);
        w->at++;
        w->offset[0] = '\0';
        return 0;
    }
    if (strlen(next) >= sizeof(w->offset) || strcmp(next, w->offset) == 0)
        return error_set(err, EX_PROTOCOL,
                         "the next page's offset is too long, or the same");
    strcpy(w->offset, next);
    return 0;
}

static void
set_phase(struct work *w, const char *phase)
{
    w->phase = phase;
    w->at = 0;
    w->offset[0] = '\0';
}

/* What is refused is passed over; but an offset may only have grown too old:
 * then it is read from its first page, once more. */
static void
go_back(struct work *w)
{
    bool was_here = json_str(w->cursor, "again") != NULL;

    if (w->offset[0] == '\0' || was_here)
        w->at++;
    batch_set_str(w->cursor, "again",
                  w->offset[0] == '\0' || was_here ? NULL : "yes");
    w->offset[0] = '\0';
}

/* A page could not be read. What the account refuses is noted, and the phase
 * left; what makes no sense to the service is passed over. */
static int
pass_over(struct work *w, const char *name, const char *next_phase,
          struct error *err)
{
    if (err->code == EX_NOPERM) {
        feed_note(w->env, name, "refused", err->text);
        batch_set_str(w->cursor, name, "refused");
        set_phase(w, next_phase);
        return 0;
    }
    if (err->code != EX_DATAERR)
        return -1;
    log_write(LOG_WARN, "a look-back is refused", "feed", name, "reason",
              err->text, NULL);
    go_back(w);
    return 0;
}

/* It can be read (again). */
static void
note_ok(struct work *w, const char *name)
{
    if (json_str(w->cursor, name) == NULL)
        return;
    feed_note(w->env, name, "ok", "");
    batch_set_str(w->cursor, name, NULL);
}

static bool
is_activity(const cJSON *event)
{
    const char *type = json_str(event, "type");

    for (size_t i = 0; type != NULL && i < EMAIL_EVENTS_TYPES; i++)
        if (strcmp(type, email_events_types[i]) == 0)
            return true;
    return false;
}

/* Emit the events of a page that belong to contacts that are due. */
static int
take_events(struct work *w, cJSON *answer, struct error *err)
{
    cJSON *event;

    cJSON_ArrayForEach(event,
                       cJSON_GetObjectItemCaseSensitive(answer, "events"))
    {
        const struct store_contact *c =
            is_activity(event) ? due_find(&w->due, json_str(event, "recipient"))
                               : NULL;

        if (c == NULL ||
            batch_i64(event, "created") < c->synced_at - w->reach.email_events)
            continue;
        w->n_seen++;
        if (email_events_emit(w->env, w->feed->name, event, c, err) < 0)
            return -1;
    }
    return 0;
}

static int
read_events(struct work *w, struct email_events_ask *ask, struct error *err)
{
    cJSON *answer = NULL;
    const char *next;
    int r;

    ask->offset = w->offset;
    ask->end = w->end;
    if (ask->start < 1000)
        ask->start = 1000; /* the service does not bear 0 */
    if (email_events_read(w->env, ask, &answer, &next, err) < 0)
        return pass_over(w, EVENTS_NOTE, "forms", err);
    note_ok(w, EVENTS_NOTE);
    r = take_events(w, answer, err);
    if (r == 0)
        r = turn(w, next, err);
    cJSON_Delete(answer);
    return r;
}

/* Each: go on with the address that was under way, or the one behind it. The
 * contacts may have got and lost some since the last poll. */
static void
resume_each(struct work *w)
{
    const char *email = json_str(w->cursor, "email");

    w->at = 0;
    while (email != NULL && (size_t)w->at < w->due.n_addresses &&
           strcmp(w->due.addresses[w->at].email, email) < 0)
        w->at++;
    if (email == NULL || (size_t)w->at == w->due.n_addresses ||
        strcmp(w->due.addresses[w->at].email, email) != 0)
        w->offset[0] = '\0';
}

static void
keep_each(struct work *w)
{
    if ((size_t)w->at < w->due.n_addresses)
        batch_set_str(w->cursor, "email", w->due.addresses[w->at].email);
    else
        set_phase(w, "forms");
}

/* One address after the other; `at` counts them. */
static int
step_each(struct work *w, struct error *err)
{
    struct email_events_ask ask = {.type = NULL};

    if ((size_t)w->at >= w->due.n_addresses) {
        set_phase(w, "forms");
        return 0;
    }
    ask.recipient = w->due.addresses[w->at].email;
    ask.start = w->due.contacts[w->due.addresses[w->at].contact].synced_at -
                w->reach.email_events;
    return read_events(w, &ask, err);
}

/* One type of event after the other; `at` counts them. */
static int
step_range(struct work *w, struct error *err)
{
    struct email_events_ask ask = {.start = w->due.first_synced_at -
                                            w->reach.email_events};

    if (w->at >= EMAIL_EVENTS_TYPES) {
        set_phase(w, "forms");
        return 0;
    }
    ask.type = email_events_types[w->at];
    return read_events(w, &ask, err);
}

/* Emit a page's submissions of contacts that are due; *is_below: it reaches
 * further back than any of them wants. */
static int
take_submissions(struct work *w, const cJSON *form, cJSON *answer,
                 bool *is_below, struct error *err)
{
    cJSON *submission;

    cJSON_ArrayForEach(submission,
                       cJSON_GetObjectItemCaseSensitive(answer, "results"))
    {
        int64_t at = forms_submitted_at(submission);
        const struct store_contact *c =
            due_find(&w->due, forms_address(submission));

        if (at > 0 && at < w->due.first_synced_at - w->reach.forms)
            *is_below = true;
        if (c == NULL || at < c->synced_at - w->reach.forms)
            continue;
        w->n_seen++;
        if (forms_emit(w->env, w->feed->name, form, submission, c, err) < 0)
            return -1;
    }
    return 0;
}

/* One form after the other; `at` counts them, "form" is the one under way. */
static int
step_forms(struct work *w, const cJSON *forms, struct error *err)
{
    const cJSON *form = cJSON_GetArrayItem(forms, (int)w->at);
    cJSON *answer = NULL;
    const char *next;
    bool is_below = false;
    int r;

    if (form == NULL) {
        set_phase(w, "");
        return 0;
    }
    r = forms_read(w->env, json_str(form, "id"), w->offset, &answer, &next,
                   err);
    if (r > 0) {
        go_back(w);
        return 0;
    }
    if (r < 0)
        return pass_over(w, FORMS_NOTE, "", err);
    note_ok(w, FORMS_NOTE);
    r = take_submissions(w, form, answer, &is_below, err);
    if (r == 0)
        r = turn(w, is_below ? NULL : next, err);
    if (w->offset[0] != '\0')
        batch_set_str(w->cursor, "form", json_str(form, "id"));
    cJSON_Delete(answer);
    return r;
}

/* A form may have been made or taken away since the last poll. */
static int
run_forms(struct work *w, int calls, struct error *err)
{
    cJSON *forms = NULL;
    int at, r = 0;

    if (forms_list(w->env, &forms, err) < 0) {
        if (err->code == EX_DATAERR)
            err->code = EX_NOPERM; /* without a list there is no next one */
        return pass_over(w, FORMS_NOTE, "", err);
    }
    if (w->offset[0] != '\0') {
        at = forms_find(forms, json_str(w->cursor, "form"));
        if (at < cJSON_GetArraySize(forms))
            w->at = at;
        else
            w->offset[0] = '\0';
    }
    while (r == 0 && calls++ < CALLS_MAX && w->n_seen < FULL &&
           strcmp(w->phase, "forms") == 0)
        r = step_forms(w, forms, err);
    cJSON_Delete(forms);
    return r;
}

/* Work on the batch until there is enough for one poll. */
static int
run(struct work *w, struct error *err)
{
    int calls = 0, r = 0;

    if (strcmp(w->phase, "each") == 0)
        resume_each(w);
    while (r == 0 && calls < CALLS_MAX && w->n_seen < FULL) {
        if (strcmp(w->phase, "each") == 0)
            r = step_each(w, err);
        else if (strcmp(w->phase, "range") == 0)
            r = step_range(w, err);
        else
            break;
        calls++;
    }
    if (r == 0 && strcmp(w->phase, "each") == 0)
        keep_each(w);
    if (r == 0 && strcmp(w->phase, "forms") == 0 && calls < CALLS_MAX &&
        w->n_seen < FULL)
        r = run_forms(w, calls, err);
    return r;
}

/* Take the batch of the cursor one step on. */
static int
work_on(const struct feed_env *env, const struct feed *feed, cJSON *cursor,
        struct error *err)
{
    const char *phase = json_str(cursor, "phase");
    const char *offset = json_str(cursor, "offset");
    struct work w = {.env = env, .feed = feed, .cursor = cursor};
    int r;

    w.end = batch_i64(cursor, "end");
    w.at = batch_i64(cursor, "at");
    w.phase = phase != NULL ? phase : "";
    if (w.at < 0 || w.at > INT32_MAX)
        w.at = 0;
    if (offset != NULL && strlen(offset) < sizeof(w.offset))
        strcpy(w.offset, offset);
    due_reach(env->conf, &w.reach);
    r = due_load(env, cJSON_GetObjectItemCaseSensitive(cursor, "ids"), &w.due,
                 err);
    if (r == 0)
        r = run(&w, err);
    due_fini(&w.due);
    if (r < 0)
        return -1;
    if (w.phase[0] == '\0') {
        batch_finish(cursor);
        return 0;
    }
    if (w.phase != phase)
        batch_set_str(cursor, "phase", w.phase);
    batch_set_i64(cursor, "at", w.at);
    batch_set_str(cursor, "offset", w.offset[0] != '\0' ? w.offset : NULL);
    return 0;
}

static int
poll_lookback(const struct feed_env *env, const struct feed *feed,
              const cJSON *cursor, struct feed_page *page, struct error *err)
{
    cJSON *next =
        cursor != NULL ? cJSON_Duplicate(cursor, true) : cJSON_CreateObject();
    bool is_changed = false;
    int r;

    r = batch_unmark(env, feed, next, &is_changed, err);
    if (r == 0 && json_str(next, "phase") != NULL) {
        r = work_on(env, feed, next, err);
        page->more = is_changed = true;
    } else if (r == 0) {
        r = batch_choose(env, next, err);
        page->more = r > 0;
        is_changed = is_changed || r > 0;
    }
    if (r < 0 || !is_changed) {
        cJSON_Delete(next);
        return r < 0 ? -1 : 0;
    }
    page->cursor = next;
    return 0;
}

const struct feed lookback_feed = {
    .name = "hubspot.lookback",
    .poll = poll_lookback,
};
