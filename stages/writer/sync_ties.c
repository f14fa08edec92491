/* sync_ties: the contacts and companies of a HubSpot record, after its
 * properties: of a new one where they could not be given with it (after an
 * upsert, or when one of them is gone), of an old one what has changed. A tie
 * may be made, or taken away, twice without harm. */
#include "stages/writer/sync_private.h"

#include "common/log.h"
#include "common/text.h"
#include "stages/writer/settle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a write ties its record to ---- */

static void
add_tie(struct tie_list *list, enum hubspot_tie to, struct span id)
{
    char *copy = strndup((const char *)id.data, id.len);

    if (list->n == list->size) {
        list->size = list->size > 0 ? 2 * list->size : 8;
        list->ties = realloc(list->ties, list->size * sizeof(*list->ties));
    }
    if (copy == NULL || list->ties == NULL)
        abort(); /* out of memory: the fetcher sends again */
    list->ties[list->n++] = (struct hubspot_tied){to, copy};
}

static bool
has_tie(const struct tie_list *list, enum hubspot_tie to, struct span id)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->ties[i].to == to && strlen(list->ties[i].id) == id.len &&
            memcmp(list->ties[i].id, id.data, id.len) == 0)
            return true;
    return false;
}

static void
add_ties(struct tie_list *list, enum hubspot_tie to, struct span ids)
{
    struct span id;
    uint32_t n = 0;

    if (ids.data == NULL || !mp_array(&ids, &n))
        return;
    for (uint32_t i = 0; i < n; i++)
        if (mp_str(mp_next(&ids), &id) && id.len > 0 && !has_tie(list, to, id))
            add_tie(list, to, id);
}

void
tie_list_read(const struct write *write, struct tie_list *out)
{
    memset(out, 0, sizeof(*out));
    add_ties(out, HUBSPOT_TIE_CONTACT, write->contacts);
    add_ties(out, HUBSPOT_TIE_COMPANY, write->companies);
}

void
tie_list_read_unties(const struct write *write, struct tie_list *out)
{
    memset(out, 0, sizeof(*out));
    add_ties(out, HUBSPOT_TIE_CONTACT, write->untie_contacts);
    add_ties(out, HUBSPOT_TIE_COMPANY, write->untie_companies);
}

void
tie_list_fini(struct tie_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free((char *)list->ties[i].id);
    free(list->ties);
}

/* ---- the calls ---- */

/* The ties of some jobs to one kind of record: made, or taken away. */
struct pairs {
    bool archive;
    enum activity activity;
    enum hubspot_tie to;
    struct hubspot_pair *pairs;
    struct held **helds; /* whose each is */
    size_t n;
};

/* The record is there and stays; a person is told what is missing. */
static void
give_up(const struct pairs *p, size_t i, const struct hubspot_result *r)
{
    log_write(LOG_WARN,
              p->archive ? "record left with a tie"
                         : "record left without a tie",
              "id", p->helds[i]->id, "to", p->pairs[i].to, "code", r->code,
              "detail", r->detail, NULL);
    p->helds[i]->may_be_gone = true;
    if (!p->archive)
        p->helds[i]->made.is_untied[p->to] = true;
}

static void
take_results(struct writer *w, const struct pairs *p,
             const struct hubspot_result *results)
{
    for (size_t i = 0; i < p->n; i++) {
        struct held *h = p->helds[i];

        /* HubSpot does not say that it is nobody who is untied. */
        h->may_be_gone = h->may_be_gone || p->archive;
        /* One of its ties may have ended it, or made it wait, already. */
        if (results[i].verdict == HUBSPOT_ROW_RETRY && h->n_seqs > 0 &&
            h->item.due_at == 0)
            settle_later(w, h, results[i].code, results[i].detail);
        else if (results[i].verdict != HUBSPOT_ROW_OK)
            give_up(p, i, &results[i]);
    }
}

static bool send_pairs(struct writer *w, const struct pairs *p);

/* One of them must not sink the rest. */
static bool
take_refusal(struct writer *w, const struct pairs *p,
             const struct hubspot_answer *answer)
{
    struct pairs first = *p, second = *p;
    struct hubspot_result r;

    if (p->n == 1) {
        hubspot_result_set(&r, HUBSPOT_ROW_NEVER, answer->code,
                           answer->message);
        give_up(p, 0, &r);
        return true;
    }
    first.n = p->n / 2;
    second.pairs += first.n;
    second.helds += first.n;
    second.n -= first.n;
    return send_pairs(w, &first) && send_pairs(w, &second);
}

/* false: not answered; what it means for the service is seen to. */
static bool
send_pairs(struct writer *w, const struct pairs *p)
{
    struct hubspot_result *results = calloc(p->n, sizeof(*results));
    cJSON *body =
        p->archive ? hubspot_assoc_archive(p->pairs, p->n)
                   : hubspot_assoc_create(p->activity, p->to, p->pairs, p->n);
    struct hubspot_answer answer;
    char tail[64];
    bool ok = true;

    if (results == NULL)
        abort();
    hubspot_assoc_tail(p->archive, p->activity, p->to, tail, sizeof(tail));
    hubspot_call(w->hs, "POST", HUBSPOT_ASSOCIATIONS, tail, body, &answer);
    cJSON_Delete(body);
    if (answer.end == HUBSPOT_OK &&
        !hubspot_assoc_read(p->archive, answer.json, p->pairs, p->n, results))
        answer.end = HUBSPOT_UNSURE;
    if (answer.end == HUBSPOT_OK) {
        settle_answered(w, SIDE_HUBSPOT);
        take_results(w, p, results);
    } else if (answer.end == HUBSPOT_REFUSED || answer.end == HUBSPOT_NOPERM) {
        ok = take_refusal(w, p, &answer);
    } else {
        sync_hubspot_trouble(w, NULL, 0, &answer);
        ok = false;
    }
    hubspot_answer_fini(&answer);
    free(results);
    return ok;
}

/* As many calls as it takes. */
static bool
send_all(struct writer *w, const struct pairs *all)
{
    bool ok = true;

    for (size_t at = 0; at < all->n && ok && !w->has_failed;
         at += HUBSPOT_PAIRS_MAX) {
        struct pairs part = *all;

        part.pairs += at;
        part.helds += at;
        part.n =
            all->n - at < HUBSPOT_PAIRS_MAX ? all->n - at : HUBSPOT_PAIRS_MAX;
        ok = send_pairs(w, &part);
    }
    return ok;
}

static const char *
record_of(const struct job *job)
{
    return write_makes(job->write) ? job->held->made.id[SIDE_HUBSPOT]
                                   : job->write->id;
}

static bool
send_ties(struct writer *w, const struct job *jobs, size_t n,
          const struct tie_list *lists, bool archive, enum hubspot_tie to)
{
    struct pairs p = {archive, jobs[0].write->activity, to, NULL, NULL, 0};
    size_t most = 0;
    bool ok;

    for (size_t i = 0; i < n; i++)
        most += lists[i].n;
    p.pairs = calloc(most + 1, sizeof(*p.pairs));
    p.helds = calloc(most + 1, sizeof(struct held *));
    if (p.pairs == NULL || p.helds == NULL)
        abort();
    for (size_t i = 0; i < n; i++)
        for (size_t t = 0; t < lists[i].n; t++) {
            if (lists[i].ties[t].to != to)
                continue;
            p.pairs[p.n] =
                (struct hubspot_pair){record_of(&jobs[i]), lists[i].ties[t].id};
            p.helds[p.n++] = jobs[i].held;
        }
    ok = send_all(w, &p);
    free(p.pairs);
    free(p.helds);
    return ok;
}

/* false: not answered. */
static bool
send_lists(struct writer *w, const struct job *jobs, size_t n, bool archive)
{
    struct tie_list *lists = calloc(n, sizeof(*lists));
    bool ok;

    if (lists == NULL)
        abort();
    for (size_t i = 0; i < n; i++)
        if (archive)
            tie_list_read_unties(jobs[i].write, &lists[i]);
        else
            tie_list_read(jobs[i].write, &lists[i]);
    ok = send_ties(w, jobs, n, lists, archive, HUBSPOT_TIE_CONTACT) &&
         send_ties(w, jobs, n, lists, archive, HUBSPOT_TIE_COMPANY);
    for (size_t i = 0; i < n; i++)
        tie_list_fini(&lists[i]);
    free(lists);
    return ok;
}

/* It may be the record itself that is gone since it was changed: then nothing
 * was agreed on, and it is decided anew. false: not answered. */
static bool
leave_gone(struct writer *w, const struct job *jobs, size_t n)
{
    const struct job *asked[BATCH_ROWS_MAX];
    bool is_gone[BATCH_ROWS_MAX] = {false};
    size_t n_asked = 0;

    for (size_t i = 0; i < n; i++) {
        const struct held *h = jobs[i].held;

        if (h->n_seqs > 0 && h->item.due_at == 0 && h->may_be_gone &&
            !write_makes(jobs[i].write))
            asked[n_asked++] = &jobs[i];
    }
    if (n_asked > 0 && !sync_find_gone(w, asked, n_asked, is_gone))
        return false;
    for (size_t i = 0; i < n_asked; i++)
        if (is_gone[i])
            sync_again(w, asked[i]->held, "record-gone");
    return true;
}

void
sync_ties(struct writer *w, struct job *jobs, size_t n)
{
    struct held *done[BATCH_ROWS_MAX];
    size_t n_done = 0;
    bool ok;

    for (size_t i = 0; i < n; i++) {
        jobs[i].held->item.due_at = 0;
        jobs[i].held->may_be_gone = false;
    }
    /* The new ones first: in between it hangs on both rather than on none. */
    ok = w->hs != NULL && send_lists(w, jobs, n, false) &&
         send_lists(w, jobs, n, true) && leave_gone(w, jobs, n);
    for (size_t i = 0; i < n; i++) {
        struct held *h = jobs[i].held;

        if ((ok || w->hs == NULL) && h->n_seqs > 0 && h->item.due_at == 0)
            done[n_done++] = h;
    }
    if (!w->has_failed)
        sync_done(w, done, n_done);
}
