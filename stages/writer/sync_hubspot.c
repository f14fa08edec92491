/* sync_hubspot: writes of the activity sync into HubSpot. */
#include "stages/writer/sync_private.h"

#include "common/json.h"
#include "common/log.h"
#include "common/step.h"
#include "stages/writer/settle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One call: rows[i] is of helds[i]. */
struct call {
    struct hubspot_batch batch;
    struct held **helds;
};

static bool
makes(const struct call *c)
{
    return c->batch.verb == HUBSPOT_CREATE || c->batch.verb == HUBSPOT_UPSERT;
}

static bool
repeats(const struct call *c)
{
    return c->batch.verb == HUBSPOT_UPSERT;
}

void
sync_hubspot_trouble(struct writer *w, struct held *first, size_t n,
                     const struct hubspot_answer *a)
{
    const struct settle_trouble t = {a->status, a->retry_after_ms, a->code,
                                     a->message};
    struct error err;

    if (a->end == HUBSPOT_PAUSE) {
        outage_pause(&w->services[SIDE_HUBSPOT].outage, clock_monotonic_ms(),
                     clock_now_ms(), a->message);
    } else if (a->end == HUBSPOT_CONFIG) {
        error_set(&err, EX_CONFIG, "HubSpot: %s: %.400s", a->code, a->message);
        writer_fail(w, &err);
    } else {
        settle_trouble(w, SIDE_HUBSPOT, first, n, &t);
    }
}

/* ---- what becomes of a row ---- */

/* Its ties are next; whether it has any is not asked. */
static void
turn_to_ties(struct held *h)
{
    struct decision d;
    struct event ev;
    struct error err;

    held_event(h, &ev);
    if (decision_read(&ev, &d, &err) < 0)
        abort(); /* it could be read before */
    held_turn(h, HELD_TIES, &d.writes[h->next]);
    event_fini(&ev);
}

static bool
has_ties(struct held *h)
{
    struct decision d;
    struct event ev;
    struct error err;
    bool rv;

    held_event(h, &ev);
    rv =
        decision_read(&ev, &d, &err) == 0 && write_has_ties(&d.writes[h->next]);
    event_fini(&ev);
    return rv;
}

/* The record is there. */
static bool
settle_made(const struct call *c, struct held *h,
            const struct hubspot_result *r, const struct hubspot_row *row)
{
    snprintf(h->made.id[SIDE_HUBSPOT], sizeof(h->made.id[SIDE_HUBSPOT]), "%s",
             r->id);
    /* Also when an upsert has found it: we may have died before the ties. */
    if ((c->batch.verb == HUBSPOT_CREATE && !h->ties_apart) ||
        (row->n_ties == 0 && !h->ties_apart))
        return true;
    turn_to_ties(h);
    return false;
}

/* The properties are as they should be. */
static bool
settle_changed(const struct call *c, struct held *h)
{
    if (c->batch.verb != HUBSPOT_UPDATE || !has_ties(h))
        return true;
    turn_to_ties(h);
    return false;
}

/* May it be one of the records that it is to be tied to? Then that must not
 * sink it: it is made first, and tied after that. */
static bool
is_for_a_tie(const struct call *c, size_t i, const struct hubspot_result *r)
{
    return c->batch.verb == HUBSPOT_CREATE && c->batch.rows[i].n_ties > 0 &&
           (r->verdict == HUBSPOT_ROW_GONE ||
            (r->verdict == HUBSPOT_ROW_NEVER && r->bad_names[0] == '\0'));
}

/* true: its write is done. */
static bool
settle(struct writer *w, const struct call *c, size_t i,
       const struct hubspot_result *r)
{
    struct held *h = c->helds[i];

    if (is_for_a_tie(c, i, r)) {
        h->ties_apart = true;
        w->n_retries++;
        return false;
    }
    switch (r->verdict) {
    case HUBSPOT_ROW_OK:
        return makes(c) ? settle_made(c, h, r, &c->batch.rows[i])
                        : settle_changed(c, h);
    case HUBSPOT_ROW_RETRY:
        if (strcmp(r->code, "batch-refused") != 0)
            settle_later(w, h, r->code, r->detail);
        break;
    case HUBSPOT_ROW_NEVER:
        settle_dead(w, h, r->code, r->detail);
        break;
    case HUBSPOT_ROW_GONE:
        if (c->batch.verb == HUBSPOT_ARCHIVE)
            return true;
        if (makes(c))
            settle_dead(w, h, r->code, r->detail);
        else
            sync_again(w, h, "record-gone");
        break;
    case HUBSPOT_ROW_VANISHED:
        settle_later(w, h, r->code, r->detail);
        if (makes(c) && h->n_seqs > 0)
            sync_unsure(w, h, repeats(c));
        break;
    }
    return false;
}

static void
take_results(struct writer *w, const struct call *c,
             const struct hubspot_result *results)
{
    struct held *done[HUBSPOT_ROWS_MAX], *unmade[HUBSPOT_ROWS_MAX];
    size_t n_done = 0, n_unmade = 0;

    for (size_t i = 0; i < c->batch.n; i++)
        if (results[i].verdict != HUBSPOT_ROW_OK &&
            results[i].verdict != HUBSPOT_ROW_VANISHED)
            unmade[n_unmade++] = c->helds[i];
    if (makes(c))
        sync_forget(w, unmade, n_unmade);
    for (size_t i = 0; i < c->batch.n && !w->has_failed; i++) {
        c->helds[i]->asked++;
        if (settle(w, c, i, &results[i]))
            done[n_done++] = c->helds[i];
    }
    if (!w->has_failed)
        sync_done(w, done, n_done);
}

/* ---- the call ---- */

static void send_call(struct writer *w, const struct call *c);

/* The refusal names nobody: halves find out whose it is. */
static void
send_halves(struct writer *w, const struct call *c)
{
    struct call first = *c, second = *c;

    first.batch.n = c->batch.n / 2;
    second.batch.rows += first.batch.n;
    second.helds += first.batch.n;
    second.batch.n -= first.batch.n;
    send_call(w, &first);
    if (!w->has_failed && !outage_is_on(&w->services[SIDE_HUBSPOT].outage))
        send_call(w, &second);
    else if (!w->has_failed && makes(c))
        sync_forget(w, second.helds, second.batch.n);
}

static void
take_refusal(struct writer *w, const struct call *c,
             const struct hubspot_answer *answer)
{
    struct hubspot_result results[HUBSPOT_ROWS_MAX];
    bool is_told = hubspot_rows_refused(&c->batch, answer, results);

    outage_end(&w->services[SIDE_HUBSPOT].outage, clock_monotonic_ms());
    if (!is_told && answer->end == HUBSPOT_REFUSED) {
        send_halves(w, c);
        return;
    }
    log_write(LOG_ERROR, "HubSpot refused a batch", "code", answer->code,
              "message", answer->message, NULL);
    take_results(w, c, results);
}

/* Nothing came of it, or nobody knows. */
static void
take_trouble(struct writer *w, const struct call *c,
             const struct hubspot_answer *answer)
{
    if (makes(c) && answer->end != HUBSPOT_UNSURE)
        sync_forget(w, c->helds, c->batch.n);
    if (w->has_failed)
        return;
    sync_hubspot_trouble(w, c->helds[0], c->batch.n, answer);
    if (makes(c) && answer->end == HUBSPOT_UNSURE)
        for (size_t i = 0; i < c->batch.n; i++)
            if (c->helds[i]->n_seqs > 0)
                sync_unsure(w, c->helds[i], repeats(c));
}

static void
send_call(struct writer *w, const struct call *c)
{
    struct hubspot_result results[HUBSPOT_ROWS_MAX];
    cJSON *body = hubspot_rows_body(&c->batch);
    struct hubspot_answer answer;
    char tail[64];

    hubspot_rows_tail(&c->batch, tail, sizeof(tail));
    w->n_batches++;
    step("before-call");
    hubspot_call(w->hs, "POST", HUBSPOT_OBJECTS, tail, body, &answer);
    step("after-call");
    cJSON_Delete(body);
    if (answer.end == HUBSPOT_OK &&
        !hubspot_rows_read(&c->batch, answer.json, results)) {
        answer.end = HUBSPOT_UNSURE;
        snprintf(answer.code, sizeof(answer.code), "bad-answer");
    }
    if (answer.end == HUBSPOT_OK) {
        settle_answered(w, SIDE_HUBSPOT);
        take_results(w, c, results);
    } else if (answer.end == HUBSPOT_REFUSED || answer.end == HUBSPOT_NOPERM) {
        take_refusal(w, c, &answer);
    } else {
        take_trouble(w, c, &answer);
    }
    hubspot_answer_fini(&answer);
}

/* ---- what goes into it ---- */

enum hubspot_unique
sync_unique(struct writer *w, enum activity activity)
{
    struct hubspot_answer why;
    enum hubspot_unique unique =
        hubspot_unique_ask(&w->uniques, w->hs, activity, &why);

    if (unique == HUBSPOT_UNIQUE_UNASKED && why.end == HUBSPOT_NOPERM) {
        /* Who may not look at properties goes without. */
        unique = w->uniques.of[activity] = HUBSPOT_UNIQUE_NONE;
    } else if (unique == HUBSPOT_UNIQUE_UNASKED) {
        sync_hubspot_trouble(w, NULL, 0, &why);
    }
    hubspot_answer_fini(&why);
    return unique;
}

static cJSON *
properties_of(const struct job *job, enum hubspot_unique unique)
{
    cJSON *properties = json_from_mp(job->write->fields);

    if (properties == NULL)
        abort(); /* out of memory: the fetcher sends again */
    cJSON_DeleteItemFromObjectCaseSensitive(properties, HUBSPOT_SALESFORCE_ID);
    if (write_makes(job->write) && unique != HUBSPOT_UNIQUE_NONE &&
        cJSON_AddStringToObject(properties, HUBSPOT_SALESFORCE_ID,
                                job->salesforce_id) == NULL)
        abort();
    return properties;
}

static void
make_row(const struct job *job, enum hubspot_unique unique,
         struct hubspot_row *row, struct tie_list *ties)
{
    bool is_new = write_makes(job->write);

    row->id = is_new ? job->salesforce_id : job->write->id;
    if (job->write->verb != WRITE_DELETE)
        row->properties = properties_of(job, unique);
    if (!is_new)
        return;
    tie_list_read(job->write, ties);
    row->ties = ties->ties;
    row->n_ties = job->held->ties_apart ? 0 : ties->n;
}

static void
send_jobs(struct writer *w, const struct job *jobs, size_t n,
          enum hubspot_verb verb, enum hubspot_unique unique)
{
    struct hubspot_row rows[HUBSPOT_ROWS_MAX] = {{NULL, NULL, NULL, 0}};
    struct tie_list ties[HUBSPOT_ROWS_MAX] = {{NULL, 0, 0}};
    struct held *helds[HUBSPOT_ROWS_MAX];
    struct call c = {
        {verb, jobs[0].write->activity,
         unique == HUBSPOT_UNIQUE_NONE ? NULL : HUBSPOT_SALESFORCE_ID, rows, 0},
        helds};

    for (size_t i = 0; i < n; i++) {
        if (jobs[i].held->phase == HELD_LOOK || jobs[i].held->n_seqs == 0)
            continue;
        if (verb == HUBSPOT_UPDATE && !write_has_fields(jobs[i].write)) {
            turn_to_ties(jobs[i].held);
            continue;
        }
        make_row(&jobs[i], unique, &rows[c.batch.n], &ties[c.batch.n]);
        helds[c.batch.n++] = jobs[i].held;
    }
    if (c.batch.n > 0)
        send_call(w, &c);
    for (size_t i = 0; i < n; i++) {
        cJSON_Delete(rows[i].properties);
        tie_list_fini(&ties[i]);
    }
}

static void
send_new(struct writer *w, struct job *jobs, size_t n)
{
    enum hubspot_unique unique = sync_unique(w, jobs[0].write->activity);
    struct making how = {unique == HUBSPOT_UNIQUE_YES,
                         unique != HUBSPOT_UNIQUE_NONE};

    for (size_t i = 0; i < n; i++)
        if (jobs[i].salesforce_id[0] == '\0')
            settle_dead(w, jobs[i].held, "bad-decision",
                        "a record to be made in HubSpot for none in "
                        "Salesforce");
    if (unique != HUBSPOT_UNIQUE_UNASKED && sync_intend(w, jobs, n, how) == 0)
        send_jobs(w, jobs, n, how.repeats ? HUBSPOT_UPSERT : HUBSPOT_CREATE,
                  unique);
}

void
sync_hubspot(struct writer *w, struct job *jobs, size_t n)
{
    if (write_makes(jobs[0].write))
        send_new(w, jobs, n);
    else if (sync_check(w, jobs, n) && sync_conflicts(w, jobs, n))
        send_jobs(w, jobs, n,
                  jobs[0].write->verb == WRITE_UPDATE ? HUBSPOT_UPDATE
                                                      : HUBSPOT_ARCHIVE,
                  HUBSPOT_UNIQUE_NONE);
}
