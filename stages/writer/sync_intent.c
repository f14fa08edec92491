/* sync_intent: an intent stands in the state from before a call that makes a
 * record until the link is saved, or until it is known that nothing was made.
 * So whoever finds one has to look for the record before it makes it. */
#include "stages/writer/sync_private.h"

#include <stdio.h>
#include <string.h>

/* When the record can be looked for: monotonic ms. */
static int64_t
look_due(const struct writer *w, int64_t intended_at)
{
    int64_t age = clock_now_ms() - intended_at;

    if (age < 0)
        age = 0; /* the clock was set back */
    return clock_monotonic_ms() +
           (age < w->rules.search_lag_ms ? w->rules.search_lag_ms - age : 0);
}

static void
wait_to_look(struct writer *w, struct held *h, const struct write *write,
             int64_t intended_at)
{
    held_turn(h, HELD_LOOK, write);
    h->item.due_at = look_due(w, intended_at);
}

void
sync_unsure(struct writer *w, struct held *h)
{
    struct decision d;
    struct event ev;
    struct error err;

    held_event(h, &ev);
    if (decision_read(&ev, &d, &err) == 0)
        wait_to_look(w, h, &d.writes[h->next], clock_now_ms());
    event_fini(&ev);
}

static int
intend(struct writer *w, struct job *job, bool is_unique, struct error *err)
{
    struct store_intent intent;
    int rv = store_intent_get(w->store, job->salesforce, &intent, err);

    if (rv < 0)
        return -1;
    if (rv == 1) {
        memcpy(job->held->intent, intent.key, sizeof(intent.key));
        wait_to_look(w, job->held, job->write, intent.at);
        return 0;
    }
    if (is_unique)
        return 0; /* an upsert may be repeated */
    snprintf(intent.key, sizeof(intent.key), "%s", job->salesforce);
    snprintf(intent.what, sizeof(intent.what), "%s:%s", side_name(SIDE_HUBSPOT),
             activity_facts(job->write->activity)->name);
    intent.at = clock_now_ms();
    intent.version = job->held->item.modified_at;
    memcpy(job->held->intent, intent.key, sizeof(intent.key));
    return store_intent_put(w->store, &intent, err);
}

int
sync_intend(struct writer *w, struct job *jobs, size_t n, bool is_unique)
{
    struct error err;
    int rv = store_begin(w->store, &err);

    for (size_t i = 0; i < n && rv == 0; i++)
        rv = intend(w, &jobs[i], is_unique, &err);
    if (rv == 0)
        rv = store_commit(w->store, &err);
    if (rv < 0) {
        store_rollback(w->store);
        writer_fail(w, &err);
    }
    return rv;
}

void
sync_forget(struct writer *w, struct held *const *helds, size_t n)
{
    struct error err;
    int rv = store_begin(w->store, &err);

    for (size_t i = 0; i < n && rv == 0; i++) {
        if (helds[i]->intent[0] != '\0')
            rv = store_intent_drop(w->store, helds[i]->intent, &err);
        helds[i]->intent[0] = '\0';
    }
    if (rv == 0)
        rv = store_commit(w->store, &err);
    if (rv < 0) {
        store_rollback(w->store);
        writer_fail(w, &err);
    }
}
