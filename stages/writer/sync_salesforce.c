/* sync_salesforce: writes of the activity sync into Salesforce: an upsert by
 * the external id, which holds the HubSpot record's key; or by its id. */
#include "stages/writer/sync_private.h"

#include "common/json.h"
#include "stages/writer/send_salesforce.h"
#include "stages/writer/settle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static cJSON *
str(const char *value)
{
    cJSON *item = cJSON_CreateString(value);

    if (item == NULL)
        abort(); /* out of memory: the fetcher sends again */
    return item;
}

static void
put(cJSON *row, const char *name, cJSON *value)
{
    cJSON_DeleteItemFromObjectCaseSensitive(row, name);
    if (!cJSON_AddItemToObject(row, name, value))
        abort();
}

/* Salesforce takes it at the creation only, and Events have none. */
static void
put_subtype(const struct job *job, cJSON *row)
{
    const char *subtype = NULL;
    enum activity a;
    char kind[32];

    event_str(&job->ev, EVENT_KIND, kind, sizeof(kind));
    a = activity_parse(kind, strlen(kind));
    if (a != ACTIVITY_NONE)
        subtype = activity_facts(a)->subtype;
    if (job->held->without_subtype || subtype == NULL ||
        strcmp(job->write->object, "Task") != 0)
        cJSON_DeleteItemFromObjectCaseSensitive(row, "TaskSubtype");
    else if (!cJSON_HasObjectItem(row, "TaskSubtype"))
        put(row, "TaskSubtype", str(subtype));
}

static void
make_row(const struct writer *w, const struct job *job, struct record *out)
{
    const struct write *write = job->write;
    cJSON *row = write->fields.data != NULL ? json_from_mp(write->fields)
                                            : cJSON_CreateObject();
    cJSON *attributes = cJSON_CreateObject();
    const char *who;

    if (row == NULL || attributes == NULL)
        abort();
    put(attributes, "type", str(write->object));
    put(row, "attributes", attributes);
    if (write_makes(write)) {
        put(row, w->rules.external_id, str(job->decision.link));
        put_subtype(job, row);
    } else {
        put(row, "id", str(write->id));
    }
    if (job->held->contact[0] != '\0')
        put(row, "WhoId", str(job->held->contact));
    who = json_str(row, "WhoId");
    out->held = job->held;
    out->task = row;
    snprintf(out->who_id, sizeof(out->who_id), "%s", who != NULL ? who : "");
}

/* The record is gone, not one that it hangs on: whoever decided did not know.
 */
static bool
is_gone(const struct rows_call *call, const struct record *row,
        const struct rows_result *r)
{
    return call->verb != ROWS_UPSERT &&
           strcmp(r->code, "ENTITY_IS_DELETED") == 0 &&
           json_str(row->task, "WhoId") == NULL &&
           json_str(row->task, "WhatId") == NULL;
}

static void
take_results(struct writer *w, const struct rows_call *call,
             const struct rows_result *results)
{
    struct held *done[BATCH_ROWS_MAX], *unmade[BATCH_ROWS_MAX];
    struct lead_list leads = {.n = 0};
    size_t n = 0, n_unmade = 0;

    for (size_t i = 0; i < call->n; i++)
        if (call->verb == ROWS_UPSERT && results[i].verdict != ROWS_OK)
            unmade[n_unmade++] = call->rows[i].held;
    sync_forget(w, unmade, n_unmade);

    for (size_t i = 0; i < call->n; i++) {
        const struct rows_result *r = &results[i];
        struct held *h = call->rows[i].held;
        bool gone = is_gone(call, &call->rows[i], r);

        if (r->verdict == ROWS_OK && call->verb == ROWS_UPSERT)
            snprintf(h->made.id[SIDE_SALESFORCE],
                     sizeof(h->made.id[SIDE_SALESFORCE]), "%s", r->id);
        if (r->verdict == ROWS_OK || (gone && call->verb == ROWS_DELETE))
            done[n++] = h;
        else if (gone)
            sync_again(w, h, "record-gone");
        else
            send_salesforce_failed(w, &call->rows[i], r, &leads);
    }
    sync_done(w, done, n);
    lead_list_resolve(w, &leads);
}

/* Those that are to be made, when the call is over: who waits for another one
 * had no answer, who has ended otherwise was refused. */
static void
take_rest(struct writer *w, const struct rows_call *call)
{
    struct held *unmade[BATCH_ROWS_MAX];
    size_t n = 0;

    for (size_t i = 0; i < call->n; i++) {
        struct held *h = call->rows[i].held;

        if (h->intent[0] == '\0')
            continue;
        if (h->n_seqs > 0)
            sync_unsure(w, h, true);
        else
            unmade[n++] = h;
    }
    sync_forget(w, unmade, n);
}

void
sync_salesforce(struct writer *w, struct job *jobs, size_t n)
{
    const struct write *first = jobs[0].write;
    struct rows_call call = {.verb = write_makes(first) ? ROWS_UPSERT
                                     : first->verb == WRITE_UPDATE
                                         ? ROWS_UPDATE
                                         : ROWS_DELETE,
                             .object = first->object,
                             .rows = calloc(n, sizeof(*call.rows)),
                             .taken = take_results};

    if (call.rows == NULL)
        abort();
    if (write_makes(first)
            ? sync_intend(w, jobs, n, (struct making){true, true}) == 0
            : sync_check(w, jobs, n) && sync_conflicts(w, jobs, n))
        for (size_t i = 0; i < n; i++)
            if (jobs[i].held->n_seqs > 0 && jobs[i].held->phase != HELD_LOOK)
                make_row(w, &jobs[i], &call.rows[call.n++]);
    if (call.n > 0)
        send_salesforce(w, &call);
    if (call.n > 0 && !w->has_failed)
        take_rest(w, &call);
    for (size_t i = 0; i < call.n; i++)
        record_fini(&call.rows[i]);
    free(call.rows);
}
