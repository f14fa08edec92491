/* sync: see sync.h. What is next for each event, and how it ends. */
#include "stages/writer/sync_private.h"

#include "common/log.h"
#include "common/step.h"
#include "stages/writer/settle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_MS  (24 * HOUR_MS)

void
sync_again(struct writer *w, struct held *h, const char *why)
{
    struct outcome o = {.outcome = "again"};

    snprintf(o.reason, sizeof(o.reason), "%s", why);
    log_write(w->is_live ? LOG_INFO : LOG_WARN,
              "decided on what is out of date: to be decided anew", "id", h->id,
              "reason", why, NULL);
    w->n_again++;
    held_end(w->ctx, h, &o);
}

/* The link of the pair as it is now. Before the HubSpot record is known it is
 * found by the other one. */
static int
find_link(struct writer *w, const struct event *ev, const struct decision *d,
          struct store_link *out, struct error *err)
{
    char key[EVENT_ID_MAX];

    if (d->link[0] != '\0')
        return store_link_get(w->store, d->link, out, err);
    return store_link_by_target(
        w->store, event_str(ev, EVENT_KEY, key, sizeof(key)), out, err);
}

/* Two records are found to be one, and meanwhile that of Salesforce was linked
 * with a third. */
static int
is_taken(struct writer *w, const char *salesforce, const char *hubspot,
         struct error *err)
{
    struct store_link link;
    int rv;

    if (salesforce[0] == '\0' || hubspot[0] == '\0')
        return 0;
    rv = store_link_by_target(w->store, salesforce, &link, err);
    return rv == 1 ? strcmp(link.key, hubspot) != 0 : rv;
}

/* ---- all writes are done ---- */

static uint32_t
count(struct span array)
{
    uint32_t n;

    return array.data != NULL && mp_array(&array, &n) ? n : 0;
}

/* The link and what goes with it. `since`: when the link was saved last. */
static int
save_link(struct writer *w, const struct decision *d,
          const struct store_link *link, int64_t since, struct error *err)
{
    int rv = 0;

    /* A HubSpot record that was made anew has another key. */
    if (d->link[0] != '\0' && strcmp(d->link, link->key) != 0)
        rv = store_link_move(w->store, d->link, link->key, err);
    if (rv == 0)
        rv = store_link_put(w->store, link, err);
    if (rv == 0)
        rv = store_intent_drop(w->store, link->target, err);
    if (rv == 0)
        rv = store_intent_drop(w->store, link->key, err);
    if (rv == 0)
        rv = sync_conflicts_save(w, link->key, since, d->conflicts, err);
    return rv;
}

/* Save it, unless one that is saved with it has taken its other record (one
 * that was made has nobody else). `old`: its link as it was, NULL: none. */
static int
save_new(struct writer *w, struct held *h, const struct decision *d,
         const struct store_link *link, const struct store_link *old,
         struct error *err)
{
    bool is_made = h->made.id[SIDE_HUBSPOT][0] != '\0' ||
                   h->made.id[SIDE_SALESFORCE][0] != '\0';
    int rv =
        old != NULL || is_made ? 0 : is_taken(w, link->target, link->key, err);

    h->is_late = rv == 1;
    if (rv != 0)
        return rv < 0 ? -1 : 0;
    h->n_conflicts = count(d->conflicts);
    return save_link(w, d, link, old != NULL ? old->written_at : 0, err);
}

static int
save_pair(struct writer *w, struct held *h, struct error *err)
{
    struct store_link old, link;
    msgpack_sbuffer snapshot;
    struct decision d;
    struct event ev;
    bool is_new;
    int rv;

    held_event(h, &ev);
    msgpack_sbuffer_init(&snapshot);
    rv = decision_read(&ev, &d, err);
    if (rv == 0)
        rv = find_link(w, &ev, &d, &old, err);
    if (rv >= 0) {
        is_new = pair_link(&ev, &d, rv == 1 ? &old : NULL, &h->made,
                           clock_now_ms(), &link, &snapshot) &&
                 (d.n_writes > 0 || rv == 0 || !pair_same(&old, &link));
        h->n_conflicts = 0;
        rv = is_new ? save_new(w, h, &d, &link, rv == 1 ? &old : NULL, err) : 0;
        if (rv == 0 && d.flip != 0)
            rv = store_conflict_flip(w->store, d.flip,
                                     d.flips_back ? 0 : clock_now_ms(), err);
    }
    msgpack_sbuffer_destroy(&snapshot);
    event_fini(&ev);
    return rv;
}

/* Nothing was to be written: why not. */
static void
put_reason(const struct held *h, struct outcome *o)
{
    struct event ev;

    snprintf(o->outcome, sizeof(o->outcome), "unchanged");
    held_event(h, &ev);
    if (mp_get_str(ev.field[EVENT_DECISION], "reason", o->reason,
                   sizeof(o->reason)) == 0)
        snprintf(o->reason, sizeof(o->reason), "no-difference");
    event_fini(&ev);
}

static void
end_saved(struct writer *w, struct held *h)
{
    struct outcome o = {.outcome = "written", .conflicts = h->n_conflicts};

    h->intent[0] = '\0'; /* it went when the link was saved */
    if (h->is_late || h->is_of_before) {
        sync_again(w, h, h->is_late ? "link-moved" : "made-before");
        return;
    }
    if (h->next == 0)
        put_reason(h, &o);
    snprintf(o.target, sizeof(o.target), "%s", h->target);
    held_end(w->ctx, h, &o);
}

/* In one transaction, and only then they end: after a crash in between they
 * come again, and are decided anew. */
static void
finish(struct writer *w, struct held *const *helds, size_t n)
{
    struct error err;
    int rv;

    if (n == 0)
        return;
    step("before-commit");
    rv = store_begin(w->store, &err);
    for (size_t i = 0; i < n && rv == 0; i++)
        rv = save_pair(w, helds[i], &err);
    if (rv == 0)
        rv = store_commit(w->store, &err);
    if (rv < 0) {
        store_rollback(w->store);
        writer_fail(w, &err);
        return;
    }
    step("after-commit");
    for (size_t i = 0; i < n; i++)
        end_saved(w, helds[i]);
}

/* true: there is another write to be done. */
static bool
step_on(struct held *h)
{
    struct decision d;
    struct event ev;
    struct error err;
    bool goes_on;

    held_event(h, &ev);
    if (decision_read(&ev, &d, &err) < 0)
        abort(); /* it could be read before */
    if (h->next == 0 && d.n_writes > 0)
        pair_target(&d.writes[0], &h->made, h->target, sizeof(h->target));
    h->next += h->next < d.n_writes;
    goes_on = h->next < d.n_writes;
    held_turn(h, HELD_WRITE, goes_on ? &d.writes[h->next] : NULL);
    event_fini(&ev);
    return goes_on;
}

void
sync_done(struct writer *w, struct held *const *done, size_t n)
{
    struct held **ready = calloc(n > 0 ? n : 1, sizeof(*ready));
    size_t n_ready = 0;

    if (ready == NULL)
        abort();
    for (size_t i = 0; i < n; i++)
        if (!step_on(done[i]))
            ready[n_ready++] = done[i];
    finish(w, ready, n_ready);
    free(ready);
}

/* ---- whose turn it is ---- */

/* Older intents are orphans: their kind was switched off, so that no event of
 * theirs comes again. After a start what was left behind has an hour to come,
 * however long the chain was down. */
static int64_t
orphans_before(const struct writer *w)
{
    int64_t now = clock_now_ms();

    return now - w->started_at < HOUR_MS ? now - 7 * DAY_MS : now - DAY_MS;
}

/* Is this HubSpot record one that we are making, or have made before we died,
 * for a Salesforce record, so that the pair will be there in a moment? Then it
 * must not be made in Salesforce once more, nor paired with another one. That
 * record's own event comes again until it has ended, and tells; what it takes
 * its time for, Salesforce that is away, keeps this one waiting too. */
static int
is_being_made(struct writer *w, const struct job *job, struct error *err)
{
    const char *link = job->decision.link;
    const char *id = strrchr(link, ':');
    char what[32];

    if (id == NULL || job->has_link)
        return 0;
    if (hand_has_made(&w->hand, job->held, job->held->activity, id + 1))
        return 1;
    if (job->write == NULL || job->write->side != SIDE_SALESFORCE ||
        !write_makes(job->write))
        return 0;
    snprintf(what, sizeof(what), "%.*s", (int)(id - link), link);
    return store_intent_open(w->store, what, orphans_before(w), err);
}

/* Does the record name one that we were making it of when we died? Then it is
 * linked as it would have been then, and decided on once more: what it says is
 * no user's word. 1/0/-1 */
static int
was_made_before(struct writer *w, const struct job *job, struct error *err)
{
    char other[EVENT_ID_MAX], own[EVENT_ID_MAX];
    struct store_intent intent;
    int rv;

    if (job->has_link || job->held->is_of_before)
        return 0;
    event_str(&job->ev, EVENT_OTHER, other, sizeof(other));
    event_str(&job->ev, EVENT_KEY, own, sizeof(own));
    rv = store_intent_get(w->store, other, &intent, err);
    if (rv != 1 || intent.what[0] != '\0' || strrchr(own, ':') == NULL ||
        !held_made_before(job->held, intent.decision, strrchr(own, ':') + 1))
        return rv < 0 ? -1 : 0;
    job->held->is_of_before = true;
    return 1;
}

/* Two records that were found to be a pair: has the Salesforce one been linked
 * with another meanwhile? 1/0/-1 */
static int
is_linked_elsewhere(struct writer *w, const struct job *job, struct error *err)
{
    struct store_link link;
    char other[EVENT_ID_MAX];

    event_str(&job->ev, EVENT_OTHER, other, sizeof(other));
    return strncmp(other, "salesforce:", 11) == 0
               ? store_link_by_target(w->store, other, &link, err)
               : 0;
}

/* 1: it is its turn, 0: it has ended or waits, -1: the state failed. */
static int
open_job(struct writer *w, struct held *h, struct job *job, struct error *err)
{
    struct store_link link;
    int found, wait, moved = 0;

    job->held = h;
    held_event(h, &job->ev);
    if (decision_read(&job->ev, &job->decision, err) < 0) {
        settle_dead(w, h, "bad-decision", err->text);
        return 0;
    }
    found = find_link(w, &job->ev, &job->decision, &link, err);
    if (found < 0)
        return -1;
    job->has_link = found == 1;
    job->linked_at = found == 1 ? link.written_at : 0;
    if (found == 0 && (moved = is_linked_elsewhere(w, job, err)) < 0)
        return -1;
    if (moved == 1 ||
        !pair_is_current(&job->decision, job->has_link ? &link : NULL)) {
        sync_again(w, h, "link-moved");
        return 0;
    }
    if (h->next < job->decision.n_writes)
        job->write = &job->decision.writes[h->next];
    pair_salesforce(&job->ev, &job->decision, job->has_link ? &link : NULL,
                    &h->made, job->salesforce, sizeof(job->salesforce));
    job->salesforce_id = strrchr(job->salesforce, ':');
    job->salesforce_id =
        job->salesforce_id != NULL ? job->salesforce_id + 1 : "";
    wait = job->has_link
               ? 0
               : is_taken(w, job->salesforce, job->decision.link, err);
    if (wait == 1)
        sync_again(w, h, "link-moved");
    if (wait != 0)
        return wait < 0 ? -1 : 0;
    wait = is_being_made(w, job, err);
    if (wait == 1)
        h->item.due_at =
            clock_monotonic_ms() + w->rules.search_lag_ms / 4 + 100;
    if (wait == 0)
        wait = was_made_before(w, job, err);
    return wait < 0 ? -1 : wait == 0;
}

/* Read the links in one transaction. Returns how many jobs there are. */
static size_t
open_jobs(struct writer *w, const size_t *chosen, size_t n, struct job *jobs)
{
    struct error err;
    size_t n_jobs = 0;
    int rv = 0;

    if (store_begin(w->store, &err) < 0) {
        writer_fail(w, &err);
        return 0;
    }
    for (size_t i = 0; i < n && rv >= 0; i++) {
        struct job *job = &jobs[n_jobs];

        memset(job, 0, sizeof(*job));
        rv = open_job(w, w->hand.held[chosen[i]], job, &err);
        if (rv == 1)
            n_jobs++;
        else
            event_fini(&job->ev);
    }
    store_rollback(w->store); /* nothing was written */
    if (rv < 0)
        writer_fail(w, &err);
    return n_jobs;
}

static void
finish_jobs(struct writer *w, const struct job *jobs, size_t n)
{
    struct held *helds[BATCH_ROWS_MAX];

    for (size_t i = 0; i < n; i++)
        helds[i] = jobs[i].held;
    finish(w, helds, n);
}

/* A reload has switched it off, or the event is an old one. */
static void
drop_jobs(struct writer *w, const struct job *jobs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct outcome o = {.outcome = "dropped", .reason = "kind-off"};

        held_end(w->ctx, jobs[i].held, &o);
    }
}

static void
do_jobs(struct writer *w, struct job *jobs, size_t n)
{
    if (jobs[0].write == NULL)
        finish_jobs(w, jobs, n);
    else if (jobs[0].write->side == SIDE_HUBSPOT && w->hs == NULL &&
             jobs[0].held->phase != HELD_TIES)
        drop_jobs(w, jobs, n);
    else if (jobs[0].held->phase == HELD_LOOK)
        sync_look(w, jobs, n);
    else if (jobs[0].held->phase == HELD_TIES)
        sync_ties(w, jobs, n);
    else if (jobs[0].write->side == SIDE_HUBSPOT)
        sync_hubspot(w, jobs, n);
    else
        sync_salesforce(w, jobs, n);
}

void
sync_send(struct writer *w, const size_t *chosen, size_t n)
{
    struct job *jobs = calloc(n, sizeof(*jobs));
    size_t n_jobs;

    if (jobs == NULL)
        abort();
    n_jobs = open_jobs(w, chosen, n, jobs);
    if (n_jobs > 0 && !w->has_failed)
        do_jobs(w, jobs, n_jobs);
    for (size_t i = 0; i < n_jobs; i++)
        event_fini(&jobs[i].ev);
    free(jobs);
}
