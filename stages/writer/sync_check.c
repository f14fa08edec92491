/* sync_check: is the record that is to be changed or deleted still the version
 * that was decided on? A person may have changed it while the decision waited:
 * then it is decided anew. What was read a moment ago is not asked for. */
#include "stages/writer/sync_private.h"

#include "common/batch_read.h"
#include "common/json.h"
#include "common/text.h"
#include "stages/writer/send_salesforce.h"
#include "stages/writer/settle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRESH_MS 300

/* The versions of some records now, by id. */
struct versions {
    cJSON *at;    /* {id: ms} */
    bool is_told; /* by HubSpot's answer; else it has refused */
    const char *time_name;
};

static bool
is_event_of(const struct job *job, enum side side)
{
    char source[16];

    event_str(&job->ev, EVENT_SOURCE, source, sizeof(source));
    return strcmp(source, side_name(side)) == 0;
}

/* false: it need not be asked for, or cannot be told. What the event itself
 * says of its record is as old as its fetching, however long it waited. */
static bool
wants(const struct job *job, int64_t now)
{
    enum side side = job->write->side;
    int64_t age = now - job->decision.read_at;

    return decision_seen(&job->decision, side) > 0 &&
           (is_event_of(job, side) || age < 0 || age >= FRESH_MS);
}

static void
take(struct versions *v, const char *id, const cJSON *fields)
{
    int64_t ms;

    if (id != NULL && json_time(fields, v->time_name, &ms))
        cJSON_AddNumberToObject(v->at, id, (double)ms);
}

/* ---- Salesforce ---- */

static void
put_query(const struct job *const *jobs, size_t n, struct text *soql)
{
    text_printf(soql, "SELECT Id, SystemModstamp FROM %s WHERE Id IN (",
                jobs[0]->write->object);
    for (size_t i = 0; i < n; i++)
        text_printf(soql, "%s'%s'", i > 0 ? "," : "", jobs[i]->write->id);
    text_puts(soql, ")");
    text_putc(soql, '\0');
}

/* A refusal is an answer too: the write will tell. */
static bool
ask_salesforce(struct writer *w, const struct job *const *jobs, size_t n,
               struct versions *v)
{
    struct salesforce_answer answer;
    const cJSON *record;
    struct text soql;
    bool ok;

    text_init(&soql);
    put_query(jobs, n, &soql);
    send_salesforce_query(w, soql.data, &answer);
    text_fini(&soql);
    ok = answer.end == SALESFORCE_OK || answer.end == SALESFORCE_REFUSED;
    if (!ok)
        send_salesforce_trouble(w, NULL, 0, &answer);
    v->time_name = "SystemModstamp";
    if (answer.end == SALESFORCE_OK)
        cJSON_ArrayForEach(
            record, cJSON_GetObjectItemCaseSensitive(answer.json, "records"))
            take(v, json_str(record, "Id"), record);
    salesforce_answer_fini(&answer);
    return ok;
}

/* ---- HubSpot ---- */

static cJSON *
make_body(const struct job *const *jobs, size_t n)
{
    static const char *const properties[] = {"hs_lastmodifieddate", NULL};
    const char *ids[BATCH_ROWS_MAX];

    for (size_t i = 0; i < n; i++)
        ids[i] = jobs[i]->write->id;
    return batch_read_body(NULL, properties, ids, n);
}

static bool
ask_hubspot(struct writer *w, const struct job *const *jobs, size_t n,
            struct versions *v)
{
    cJSON *body = make_body(jobs, n);
    struct hubspot_answer answer;
    const cJSON *record;
    char tail[64], id[32];
    bool ok;

    snprintf(tail, sizeof(tail), "/%s/batch/read?archived=false",
             jobs[0]->write->object);
    hubspot_call(w->hs, "POST", HUBSPOT_OBJECTS, tail, body, &answer);
    cJSON_Delete(body);
    ok = answer.end == HUBSPOT_OK || answer.end == HUBSPOT_REFUSED ||
         answer.end == HUBSPOT_NOPERM;
    if (!ok)
        sync_hubspot_trouble(w, NULL, 0, &answer);
    v->time_name = "hs_lastmodifieddate";
    v->is_told = answer.end == HUBSPOT_OK;
    if (v->is_told)
        cJSON_ArrayForEach(
            record, cJSON_GetObjectItemCaseSensitive(
                        answer.json, "results")) if (json_id(record, "id", id,
                                                             sizeof(id)))
            take(v, id, cJSON_GetObjectItemCaseSensitive(record, "properties"));
    hubspot_answer_fini(&answer);
    return ok;
}

/* ---- what follows ---- */

/* Its own record's newer version is on its way as an event of its own. */
static void
settle(struct writer *w, const struct job *job, const struct versions *v)
{
    struct outcome o = {.outcome = "unchanged", .reason = "superseded"};
    enum side side = job->write->side;
    int64_t now;

    if (!json_i64(v->at, job->write->id, &now) ||
        now <= decision_seen(&job->decision, side))
        return;
    if (is_event_of(job, side) && job->held->next == 0)
        held_end(w->ctx, job->held, &o);
    else
        sync_again(w, job->held, "record-moved");
}

bool
sync_check(struct writer *w, const struct job *jobs, size_t n)
{
    const struct job **asked = calloc(n, sizeof(*asked));
    struct versions v = {.at = NULL};
    int64_t now = clock_now_ms();
    size_t n_asked = 0;
    bool ok = true;

    if (asked == NULL)
        abort();
    for (size_t i = 0; i < n; i++)
        if (wants(&jobs[i], now))
            asked[n_asked++] = &jobs[i];
    if (n_asked > 0) {
        v.at = cJSON_CreateObject();
        ok = jobs[0].write->side == SIDE_SALESFORCE
                 ? ask_salesforce(w, asked, n_asked, &v)
                 : ask_hubspot(w, asked, n_asked, &v);
    }
    for (size_t i = 0; i < n_asked && ok; i++)
        settle(w, asked[i], &v);
    cJSON_Delete(v.at);
    free(asked);
    return ok;
}

bool
sync_find_gone(struct writer *w, const struct job *const *jobs, size_t n,
               bool *is_gone)
{
    struct versions v = {.at = cJSON_CreateObject()};
    bool ok = ask_hubspot(w, jobs, n, &v);

    for (size_t i = 0; i < n && ok; i++)
        is_gone[i] =
            v.is_told && !cJSON_HasObjectItem(v.at, jobs[i]->write->id);
    cJSON_Delete(v.at);
    return ok;
}
