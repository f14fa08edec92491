/* send: one call with a batch, and what follows from its answer for each row.
 *
 * The links of all rows that were taken are written in one transaction, and
 * only then their events end: after a crash in between they come again, and
 * the upsert by external id finds the task that is there. */
#include "stages/writer/writer_private.h"

#include "common/log.h"
#include "stages/writer/salesforce/rows.h"
#include "stages/writer/send_lead.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The rows of one call. */
struct batch {
    struct record *rows;
    size_t n;
};

/* Look at the links and make the tasks; what needs no writing ends. -1: failed.
 * Fills rows[] with what is to be written, *n of them. */
static int
make_rows(struct writer *w, const size_t *chosen, size_t n_chosen,
          struct batch *b)
{
    struct error err;
    int rv = 0;

    if (store_begin(w->store, &err) < 0)
        goto failed;
    for (size_t i = 0; i < n_chosen && rv >= 0; i++) {
        struct held *h = w->hand.held[chosen[i]];
        struct store_link link;
        struct outcome o;
        struct event ev;
        int found;

        held_event(h, &ev);
        found = rv = store_link_get(w->store, h->key, &link, &err);
        if (found >= 0)
            rv = record_make(&ev, &w->rules, w->zone, clock_now_ms(),
                             found == 1 ? &link : NULL, h, &b->rows[b->n], &o,
                             &err);
        event_fini(&ev);
        if (rv == 1)
            b->n++;
        else if (rv == 0)
            held_end(w->ctx, h, &o);
    }
    store_rollback(w->store); /* nothing was written */
    if (rv >= 0)
        return 0;
failed:
    writer_fail(w, &err);
    return -1;
}

static void
end_dead(struct writer *w, struct held *h, const struct rows_result *r)
{
    struct outcome o = {.outcome = "dead"};

    snprintf(o.reason, sizeof(o.reason), "%s", r->code);
    snprintf(o.detail, sizeof(o.detail), "%s", r->detail);
    log_write(LOG_WARN, "record refused", "id", h->id, "reason", o.reason,
              NULL);
    held_end(w->ctx, h, &o);
}

/* A try failed that counts. */
static void
try_later(struct writer *w, struct held *h, const struct rows_result *r)
{
    if (++h->tries >= w->rules.max_tries) {
        end_dead(w, h, r);
        return;
    }
    w->n_retries++;
    h->item.due_at =
        clock_monotonic_ms() +
        backoff_ms(&w->rules.backoff, h->tries, writer_chance(), -1);
}

static int
put_links(struct writer *w, const struct batch *b,
          const struct rows_result *results, struct error *err)
{
    msgpack_sbuffer snapshot;
    int rv = 0;

    if (store_begin(w->store, err) < 0)
        return -1;
    msgpack_sbuffer_init(&snapshot);
    for (size_t i = 0; i < b->n && rv == 0; i++) {
        const struct record *r = &b->rows[i];
        struct store_link link = {.version = r->version + 1,
                                  .modified_at = r->modified_at,
                                  .written_at = clock_now_ms()};

        if (results[i].verdict != ROWS_OK)
            continue;
        snprintf(link.key, sizeof(link.key), "%s", r->key);
        snprintf(link.kind, sizeof(link.kind), "%s", r->kind);
        snprintf(link.target, sizeof(link.target), "salesforce:Task:%s",
                 results[i].id);
        snapshot.size = 0;
        record_snapshot(r, &snapshot);
        link.snapshot =
            (struct span){(const uint8_t *)snapshot.data, snapshot.size};
        rv = store_link_put(w->store, &link, err);
    }
    msgpack_sbuffer_destroy(&snapshot);
    if (rv == 0)
        rv = store_commit(w->store, err);
    if (rv < 0)
        store_rollback(w->store);
    return rv;
}

static void
end_written(struct writer *w, struct held *h, const struct rows_result *r)
{
    struct outcome o = {.outcome = "written"};

    snprintf(o.target, sizeof(o.target), "salesforce:Task:%s", r->id);
    held_end(w->ctx, h, &o);
}

/* What a row that failed gets. */
static void
settle_failed(struct writer *w, struct record *row, const struct rows_result *r,
              struct lead_list *leads)
{
    struct held *h = row->held;
    bool again = false;

    switch (r->verdict) {
    case ROWS_RETRY:
        try_later(w, h, r);
        return;
    case ROWS_DUPLICATE:
        /* Somebody made it at the same moment: now it is an update. */
        again = !h->was_duplicate;
        h->was_duplicate = h->without_subtype = true;
        break;
    case ROWS_EXISTS:
        /* We died between the call and the link. */
        again = !h->without_subtype;
        h->without_subtype = true;
        break;
    case ROWS_CONVERTED:
        again = h->contact[0] == '\0' && row->who_id[0] != '\0' &&
                lead_list_add(leads, row, r);
        break;
    case ROWS_OK:
    case ROWS_PERSON:
    case ROWS_NEVER:
        break;
    }
    if (again)
        w->n_retries++;
    else
        end_dead(w, h, r);
}

static void
take_results(struct writer *w, struct batch *b, const cJSON *answer)
{
    struct rows_result *results = calloc(b->n, sizeof(*results));
    const cJSON *row = answer->child;
    struct lead_list leads = {.n = 0};
    struct error err;

    if (results == NULL)
        abort();
    for (size_t i = 0; i < b->n; i++, row = row->next) {
        rows_read(row, w->rules.external_id, &results[i]);
        b->rows[i].held->asked++;
    }
    if (put_links(w, b, results, &err) < 0) {
        writer_fail(w, &err);
        free(results);
        return;
    }
    for (size_t i = 0; i < b->n; i++) {
        if (results[i].verdict == ROWS_OK)
            end_written(w, b->rows[i].held, &results[i]);
        else
            settle_failed(w, &b->rows[i], &results[i], &leads);
    }
    free(results);
    lead_list_resolve(w, &leads, end_dead);
}

/* The service refused the call as a whole. */
static void
refuse_all(struct writer *w, struct batch *b,
           const struct salesforce_answer *answer)
{
    struct rows_result r;

    rows_refused(answer->code, answer->message, w->rules.external_id, &r);
    log_write(LOG_ERROR, "Salesforce refused a whole batch", "code",
              answer->code, "detail", r.detail, NULL);
    for (size_t i = 0; i < b->n; i++) {
        b->rows[i].held->asked++;
        end_dead(w, b->rows[i].held, &r);
    }
}

/* A row that fails alone while others are taken is the cause itself: its tries
 * count, and it goes alone from now on. */
static bool
is_suspect(const struct writer *w, const struct batch *b,
           const struct salesforce_answer *answer)
{
    return b->n == 1 && answer->status == 500 &&
           b->rows[0].held->good_seen != w->n_good;
}

static void
suspect(struct writer *w, struct held *h,
        const struct salesforce_answer *answer)
{
    struct rows_result r = {.verdict = ROWS_RETRY};

    h->good_seen = w->n_good;
    h->item.size = BATCH_BYTES_MAX + 1;
    h->asked++;
    snprintf(r.code, sizeof(r.code), "%s", answer->code);
    snprintf(r.detail, sizeof(r.detail), "%s", answer->message);
    try_later(w, h, &r);
}

static void
take_outage(struct writer *w, struct batch *b,
            const struct salesforce_answer *answer)
{
    w->n_retries++;
    /* It may be the batch: too much of it, or one row in it. */
    if (answer->status == 500 || answer->status == 0)
        w->rows_max = b->n > 1 ? b->n / 2 : 1;
    if (is_suspect(w, b, answer))
        suspect(w, b->rows[0].held, answer);
    else
        outage_fail(&w->outage, clock_monotonic_ms(), &w->rules.backoff,
                    writer_chance(), answer->retry_after_ms, answer->code,
                    answer->message);
}

static void
call(struct writer *w, const struct batch *b, struct salesforce_answer *answer)
{
    cJSON *body = cJSON_CreateObject();
    cJSON *records = cJSON_CreateArray();
    char path[200];

    if (body == NULL || records == NULL ||
        cJSON_AddFalseToObject(body, "allOrNone") == NULL ||
        !cJSON_AddItemToObject(body, "records", records))
        abort(); /* out of memory: the fetcher sends again */
    for (size_t i = 0; i < b->n; i++)
        if (!cJSON_AddItemReferenceToArray(records, b->rows[i].task))
            abort();
    snprintf(path, sizeof(path), "/composite/sobjects/Task/%s",
             w->rules.external_id);
    w->n_batches++;
    salesforce_call(w->sf, "PATCH", path, body, answer);
    cJSON_Delete(body);
}

static bool
is_batch_at_fault(const struct salesforce_answer *answer)
{
    return answer->end == SALESFORCE_REFUSED &&
           (answer->status == 413 ||
            strcmp(answer->code, "JSON_PARSER_ERROR") == 0);
}

static void send_rows(struct writer *w, struct batch *b);

/* One row must not sink the rest. */
static void
send_halves(struct writer *w, const struct batch *b)
{
    struct batch first = {b->rows, b->n / 2};
    struct batch second = {b->rows + first.n, b->n - first.n};

    send_rows(w, &first);
    if (!w->has_failed && !outage_is_on(&w->outage))
        send_rows(w, &second);
}

static void
answered(struct writer *w)
{
    outage_end(&w->outage, clock_monotonic_ms());
    w->n_good++;
    w->rows_max =
        w->rows_max < BATCH_ROWS_MAX / 2 ? 2 * w->rows_max : BATCH_ROWS_MAX;
}

static void
send_rows(struct writer *w, struct batch *b)
{
    struct salesforce_answer answer;
    struct error err;

    call(w, b, &answer);
    if (answer.end == SALESFORCE_OK && rows_check(answer.json, b->n) == NULL) {
        answer.end = SALESFORCE_RETRY;
        snprintf(answer.code, sizeof(answer.code), "bad-answer");
        snprintf(answer.message, sizeof(answer.message),
                 "not one result a row");
    }
    switch (answer.end) {
    case SALESFORCE_OK:
        answered(w);
        take_results(w, b, answer.json);
        break;
    case SALESFORCE_REFUSED:
        outage_end(&w->outage, clock_monotonic_ms());
        if (is_batch_at_fault(&answer) && b->n > 1)
            send_halves(w, b);
        else
            refuse_all(w, b, &answer);
        break;
    case SALESFORCE_RETRY:
        take_outage(w, b, &answer);
        break;
    case SALESFORCE_PAUSE:
        outage_pause(&w->outage, clock_monotonic_ms(), clock_now_ms(),
                     answer.message);
        break;
    case SALESFORCE_CONFIG:
        error_set(&err, EX_CONFIG, "Salesforce: %s: %.400s", answer.code,
                  answer.message);
        writer_fail(w, &err);
        break;
    }
    salesforce_answer_fini(&answer);
}

void
send_batch(struct writer *w, const size_t *chosen, size_t n)
{
    struct batch b = {calloc(n, sizeof(*b.rows)), 0};
    size_t n_made;

    if (b.rows == NULL)
        abort();
    if (make_rows(w, chosen, n, &b) == 0 && b.n > 0) {
        n_made = b.n;
        send_rows(w, &b);
        if (outage_is_on(&w->outage) && n_made < w->hand.n)
            hand_to_back(&w->hand, chosen, n);
    }
    for (size_t i = 0; i < n; i++)
        record_fini(&b.rows[i]);
    free(b.rows);
}
