/* send: one call with tasks of the timeline, and what follows from its answer
 * for each.
 *
 * The links of all rows that were taken are written in one transaction, and
 * only then their events end: after a crash in between they come again, and
 * the upsert by external id finds the task that is there. */
#include "stages/writer/writer_private.h"

#include "common/step.h"
#include "stages/writer/send_salesforce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Look at the links and make the tasks; what needs no writing ends. -1: failed.
 * Fills rows[] with what is to be written, *n of them. */
static int
make_rows(struct writer *w, const size_t *chosen, size_t n_chosen,
          struct rows_call *b)
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

static int
put_links(struct writer *w, const struct rows_call *b,
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

static void
take_results(struct writer *w, const struct rows_call *call,
             const struct rows_result *results)
{
    struct lead_list leads = {.n = 0};
    struct error err;

    step("before-commit");
    if (put_links(w, call, results, &err) < 0) {
        writer_fail(w, &err);
        return;
    }
    step("after-commit");
    for (size_t i = 0; i < call->n; i++) {
        if (results[i].verdict == ROWS_OK)
            end_written(w, call->rows[i].held, &results[i]);
        else
            send_salesforce_failed(w, &call->rows[i], &results[i], &leads);
    }
    lead_list_resolve(w, &leads);
}

void
send_batch(struct writer *w, const size_t *chosen, size_t n)
{
    struct rows_call call = {.verb = ROWS_UPSERT,
                             .object = "Task",
                             .rows = calloc(n, sizeof(*call.rows)),
                             .taken = take_results};

    if (call.rows == NULL)
        abort();
    if (make_rows(w, chosen, n, &call) == 0 && call.n > 0)
        send_salesforce(w, &call);
    for (size_t i = 0; i < n; i++)
        record_fini(&call.rows[i]);
    free(call.rows);
}
