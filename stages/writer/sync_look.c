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

    for (size_t i = 0; i < a->w->hand.n; i++)
        if (a->w->hand.held[i]->n_seqs > 0 &&
            a->w->hand.held[i] != a->job->held &&
            strcmp(a->w->hand.held[i]->made.id[SIDE_HUBSPOT], id) == 0)
            return false;
    snprintf(key, sizeof(key), "%s:%s:%s", side_name(SIDE_HUBSPOT),
             activity_facts(a->job->write->activity)->name, id);
    rv = store_link_get(a->w->store, key, &link, &err);
    if (rv < 0)
        writer_fail(a->w, &err);
    return rv == 0;
}

/* Found: it is ours now; as the event says, if the same one has made it. Not
 * found: it may be made. `made_of`: the version that it was made of; 0: not
 * known. */
static void
settle_look(struct writer *w, const struct job *job, const char *id,
            int64_t made_of)
{
    struct held *h = job->held;
    bool is_same = made_of == h->item.modified_at || made_of == 0;

    if (id[0] == '\0') {
        sync_forget(w, &h, 1);
        held_turn(h, HELD_WRITE, job->write);
        return;
    }
    log_write(LOG_INFO, "record found that was made before its answer was lost",
              "id", h->id, "hubspot", id, NULL);
    snprintf(h->made.id[SIDE_HUBSPOT], sizeof(h->made.id[SIDE_HUBSPOT]), "%s",
             id);
    held_turn(h, is_same ? HELD_TIES : HELD_MEND, job->write);
}

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
            const struct hubspot_sought *sought, int64_t made_of,
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
            settle_look(w, job, id, made_of);
    } else if (answer->end == HUBSPOT_REFUSED ||
               answer->end == HUBSPOT_NOPERM) {
        settle_dead(w, job->held, answer->code, answer->message);
    } else {
        sync_hubspot_trouble(w, NULL, 0, answer);
    }
}

/* false: not answered now. */
static bool
look(struct writer *w, const struct job *job, enum hubspot_unique unique,
     int64_t since, int64_t made_of)
{
    cJSON *properties = json_from_mp(job->write->fields);
    const struct hubspot_sought sought = {
        job->write->activity, job->salesforce_id, unique != HUBSPOT_UNIQUE_NONE,
        properties, since};
    struct hubspot_answer answer;
    bool ok;

    call(w, &sought, &answer);
    ok = answer.end == HUBSPOT_OK;
    take_answer(w, job, &sought, made_of, &answer);
    hubspot_answer_fini(&answer);
    cJSON_Delete(properties);
    return ok;
}

void
sync_look(struct writer *w, struct job *jobs, size_t n)
{
    enum hubspot_unique unique = sync_unique(w, jobs[0].write->activity);
    bool ok = unique != HUBSPOT_UNIQUE_UNASKED;
    /* Ours and HubSpot's clock may differ. */
    int64_t ahead = hubspot_now_ms(w->hs) - clock_now_ms();
    struct store_intent intent;
    struct error err;
    int rv;

    for (size_t i = 0; i < n && i < LOOKS_MAX && ok && !w->has_failed; i++) {
        rv = store_intent_get(w->store, jobs[i].salesforce, &intent, &err);
        if (rv < 0)
            writer_fail(w, &err);
        else if (rv == 0) /* somebody has taken it away: nothing was made */
            settle_look(w, &jobs[i], "", 0);
        else
            ok = look(w, &jobs[i], unique, intent.at + ahead - SKEW_MS,
                      intent.version);
    }
}
