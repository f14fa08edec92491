/* sync_look: a call that was to make a record was not answered, or we died
 * before its answer: is the record there? A search tells, once its index has
 * caught up. */
#include "stages/writer/sync_private.h"

#include "common/json.h"
#include "common/log.h"
#include "stages/writer/hubspot/find.h"
#include "stages/writer/settle.h"

#include <stdio.h>
#include <string.h>

#define LOOKS_MAX 5 /* a turn: searches have a rate of their own */
#define SKEW_MS   INT64_C(300000) /* clocks, and a call's own time */

struct asked {
    struct writer *w;
    const struct job *job;
};

/* Not linked, and nobody else's in hand. */
static bool
is_free(void *ctx, const char *id)
{
    const struct asked *a = ctx;
    struct store_link link;
    struct error err;
    char key[EVENT_ID_MAX];
    int rv;

    if (hand_has_made(&a->w->hand, a->job->held, a->job->write->activity, id))
        return false;
    snprintf(key, sizeof(key), "%s:%s:%s", side_name(SIDE_HUBSPOT),
             activity_facts(a->job->write->activity)->name, id);
    rv = store_link_get(a->w->store, key, &link, &err);
    if (rv < 0)
        writer_fail(a->w, &err);
    return rv == 0;
}

/* Found: it is ours now, and what is missing of it follows, as it was decided
 * then. If it is of another version of the event's record, that is decided on
 * once more: so what users have changed since on either side is merged as ever.
 * Not found: it may be made. */
static void
settle_look(struct writer *w, const struct job *job, const char *id)
{
    struct held *h = job->held;
    struct store_intent intent;
    struct error err;
    int rv = store_intent_get(w->store, sync_made_of(job), &intent, &err);

    if (rv < 0) {
        writer_fail(w, &err);
        return;
    }
    if (id[0] == '\0' || rv == 0) {
        h->is_unsure = false;
        sync_forget(w, &h, 1);
        held_turn(h, HELD_WRITE, job->write);
        return;
    }
    log_write(LOG_INFO, "record found that was made before its answer was lost",
              "id", h->id, side_name(job->write->side), id, NULL);
    h->is_of_before =
        intent.version != h->item.modified_at && intent.version != 0;
    if (!held_made_before(h, intent.decision, id))
        settle_dead(w, h, "bad-state", "an intent without a decision");
}

/* ---- by a search, whose index may lag ---- */

static void
call(struct writer *w, const struct hubspot_sought *sought,
     struct hubspot_answer *answer)
{
    cJSON *body = hubspot_find_body(sought);
    char tail[32];

    hubspot_find_tail(sought->activity, tail, sizeof(tail));
    hubspot_call(w->hs, "POST", HUBSPOT_OBJECTS, tail, body, answer);
    cJSON_Delete(body);
}

static void
take_answer(struct writer *w, const struct job *job,
            const struct hubspot_sought *sought,
            const struct hubspot_answer *answer)
{
    struct asked asked = {w, job};
    char id[32];

    if (answer->end == HUBSPOT_OK) {
        hubspot_find_read(sought, answer->json, is_free, &asked, id);
        /* A search that works says nothing of writes, unless it finds one: an
         * outage of these goes on, and no row is suspected for it. */
        if (id[0] != '\0')
            settle_answered(w, SIDE_HUBSPOT);
        if (!w->has_failed)
            settle_look(w, job, id);
    } else if (answer->end == HUBSPOT_REFUSED ||
               answer->end == HUBSPOT_NOPERM) {
        settle_dead(w, job->held, answer->code, answer->message);
    } else {
        sync_hubspot_trouble(w, NULL, 0, answer);
    }
}

/* false: not answered now. */
static bool
search(struct writer *w, const struct job *job,
       const struct store_intent *intent)
{
    cJSON *properties = json_from_mp(job->write->fields);
    /* Ours and HubSpot's clock may differ. */
    int64_t ahead = hubspot_now_ms(w->hs) - clock_now_ms();
    const struct hubspot_sought sought = {
        job->write->activity, job->salesforce_id, intent->what[0] == '\0',
        properties, intent->at + ahead - SKEW_MS};
    struct hubspot_answer answer;
    bool ok;

    call(w, &sought, &answer);
    ok = answer.end == HUBSPOT_OK;
    take_answer(w, job, &sought, &answer);
    hubspot_answer_fini(&answer);
    cJSON_Delete(properties);
    return ok;
}

/* ---- both ---- */

static void
take_named(struct writer *w, const struct job *const *jobs, size_t n)
{
    cJSON *there = n > 0 ? sync_named(w, jobs, n) : NULL;

    for (size_t i = 0; i < n && there != NULL && !w->has_failed; i++) {
        const char *id = json_str(there, sync_name(jobs[i]));

        settle_look(w, jobs[i], id != NULL ? id : "");
    }
    cJSON_Delete(there);
}

void
sync_look(struct writer *w, struct job *jobs, size_t n)
{
    bool is_hubspot = jobs[0].write->side == SIDE_HUBSPOT;
    enum hubspot_unique unique = is_hubspot
                                     ? sync_unique(w, jobs[0].write->activity)
                                     : HUBSPOT_UNIQUE_YES;
    const struct job *named[BATCH_ROWS_MAX];
    size_t n_named = 0, n_searched = 0;
    bool ok = unique != HUBSPOT_UNIQUE_UNASKED;

    for (size_t i = 0; i < n && ok && !w->has_failed; i++) {
        struct store_intent intent;
        struct error err;
        int rv =
            store_intent_get(w->store, sync_made_of(&jobs[i]), &intent, &err);

        if (rv < 0)
            writer_fail(w, &err);
        else if (rv == 0) /* somebody has taken it away: nothing was made */
            settle_look(w, &jobs[i], "");
        else if (unique == HUBSPOT_UNIQUE_YES && intent.what[0] == '\0')
            named[n_named++] = &jobs[i];
        else if (n_searched++ < LOOKS_MAX)
            ok = search(w, &jobs[i], &intent);
    }
    if (!w->has_failed)
        take_named(w, named, n_named);
}
