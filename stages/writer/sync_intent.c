/* sync_intent: an intent stands in the state from before a call that makes a
 * record until the link is saved, or until it is known that nothing was made.
 * So whoever finds one has to look for the record before it makes it: also
 * where an upsert makes none twice, it would write over what a user has changed
 * since. */
#include "stages/writer/sync_private.h"

#include <stdio.h>
#include <string.h>

/* When the record can be looked for: monotonic ms. HubSpot's search has a lag.
 */
static int64_t
look_due(const struct writer *w, enum side side, int64_t intended_at)
{
    int64_t age = clock_now_ms() - intended_at;
    int64_t lag = side == SIDE_HUBSPOT ? w->rules.search_lag_ms : 0;

    if (age < 0)
        age = 0; /* the clock was set back */
    return clock_monotonic_ms() + (age < lag ? lag - age : 0);
}

static void
wait_to_look(struct writer *w, struct held *h, const struct write *write,
             int64_t intended_at)
{
    held_turn(h, HELD_LOOK, write);
    h->item.due_at = look_due(w, write->side, intended_at);
}

void
sync_unsure(struct writer *w, struct held *h, bool repeats)
{
    struct decision d;
    struct event ev;
    struct error err;

    h->is_unsure = true;
    if (repeats)
        return;
    held_event(h, &ev);
    if (decision_read(&ev, &d, &err) == 0)
        wait_to_look(w, h, &d.writes[h->next], clock_now_ms());
    event_fini(&ev);
}

const char *
sync_made_of(const struct job *job)
{
    return job->write->side == SIDE_HUBSPOT ? job->salesforce
                                            : job->decision.link;
}

static int
put(struct writer *w, const struct job *job, bool is_named, struct error *err)
{
    struct store_intent intent = {.at = clock_now_ms(),
                                  .version = job->held->item.modified_at};
    msgpack_sbuffer bytes;
    int rv;

    snprintf(intent.key, sizeof(intent.key), "%s", sync_made_of(job));
    if (!is_named)
        snprintf(intent.what, sizeof(intent.what), "%s:%s",
                 side_name(job->write->side),
                 activity_facts(job->write->activity)->name);
    msgpack_sbuffer_init(&bytes);
    decision_pack_made(&job->decision, job->held->next, &bytes);
    intent.decision = (struct span){(const uint8_t *)bytes.data, bytes.size};
    memcpy(job->held->intent, intent.key, sizeof(intent.key));
    rv = store_intent_put(w->store, &intent, err);
    msgpack_sbuffer_destroy(&bytes);
    return rv;
}

static int
intend(struct writer *w, struct job *job, struct making how, struct error *err)
{
    struct store_intent intent;
    int rv;

    if (how.repeats && job->held->intent[0] != '\0')
        return 0;
    rv = store_intent_get(w->store, sync_made_of(job), &intent, err);
    if (rv == 0)
        return put(w, job, how.is_named, err);
    if (rv == 1) {
        memcpy(job->held->intent, intent.key, sizeof(intent.key));
        wait_to_look(w, job->held, job->write, intent.at);
    }
    return rv < 0 ? -1 : 0;
}

int
sync_intend(struct writer *w, struct job *jobs, size_t n, struct making how)
{
    struct error err;
    int rv = store_begin(w->store, &err);

    for (size_t i = 0; i < n && rv == 0; i++)
        rv = intend(w, &jobs[i], how, &err);
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
    int rv;

    if (n == 0)
        return;
    rv = store_begin(w->store, &err);
    for (size_t i = 0; i < n && rv == 0; i++) {
        if (helds[i]->intent[0] == '\0' || helds[i]->is_unsure)
            continue;
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
