/* sync_named: which records are there that bear a unique name: in Salesforce
 * the external id, which holds the HubSpot record's key; in HubSpot the
 * property that holds the Salesforce id. No search is asked, so there is no
 * lag. */
#include "stages/writer/sync_private.h"

#include "common/batch_read.h"
#include "common/json.h"
#include "common/text.h"
#include "stages/writer/send_salesforce.h"
#include "stages/writer/settle.h"

#include <stdio.h>
#include <stdlib.h>

const char *
sync_name(const struct job *job)
{
    return job->write->side == SIDE_HUBSPOT ? job->salesforce_id
                                            : job->decision.link;
}

static void
put(cJSON *there, const char *name, const char *id)
{
    if (name == NULL || id == NULL)
        return;
    cJSON_DeleteItemFromObjectCaseSensitive(there, name);
    if (cJSON_AddStringToObject(there, name, id) == NULL)
        abort(); /* out of memory: the fetcher sends again */
}

/* Who may not ask may not write either. */
static void
end_all(struct writer *w, const struct job *const *jobs, size_t n,
        const char *code, const char *message)
{
    for (size_t i = 0; i < n; i++)
        settle_dead(w, jobs[i]->held, code, message);
}

static char *
soql_of(const char *external_id, const struct job *const *jobs, size_t n)
{
    struct text soql;

    text_init(&soql);
    text_printf(&soql, "SELECT Id, %s FROM %s WHERE %s IN (", external_id,
                jobs[0]->write->object, external_id);
    for (size_t i = 0; i < n; i++) {
        char *quoted = salesforce_quote(sync_name(jobs[i]));

        text_printf(&soql, "%s%s", i > 0 ? "," : "", quoted);
        free(quoted);
    }
    text_puts(&soql, ")");
    text_putc(&soql, '\0');
    return soql.data;
}

static cJSON *
read_salesforce(struct writer *w, const struct job *const *jobs, size_t n)
{
    const char *external_id = w->rules.external_id;
    char *soql = soql_of(external_id, jobs, n);
    struct salesforce_answer answer;
    const cJSON *record;
    cJSON *there = NULL;

    send_salesforce_query(w, soql, &answer);
    free(soql);
    if (answer.end == SALESFORCE_OK) {
        there = cJSON_CreateObject();
        cJSON_ArrayForEach(
            record, cJSON_GetObjectItemCaseSensitive(answer.json, "records"))
            put(there, json_str(record, external_id), json_str(record, "Id"));
    } else if (answer.end == SALESFORCE_REFUSED) {
        end_all(w, jobs, n, answer.code, answer.message);
    } else {
        send_salesforce_trouble(w, NULL, 0, &answer);
    }
    salesforce_answer_fini(&answer);
    return there;
}

static cJSON *
body_of(const struct job *const *jobs, size_t n)
{
    static const char *const properties[] = {HUBSPOT_SALESFORCE_ID, NULL};
    const char *ids[BATCH_ROWS_MAX];

    for (size_t i = 0; i < n; i++)
        ids[i] = sync_name(jobs[i]);
    return batch_read_body(HUBSPOT_SALESFORCE_ID, properties, ids, n);
}

static cJSON *
read_hubspot(struct writer *w, const struct job *const *jobs, size_t n)
{
    cJSON *body = body_of(jobs, n);
    struct hubspot_answer answer;
    const cJSON *record;
    cJSON *there = NULL;
    char tail[64], id[32];

    snprintf(tail, sizeof(tail), "/%s/batch/read?archived=false",
             jobs[0]->write->object);
    hubspot_call(w->hs, "POST", HUBSPOT_OBJECTS, tail, body, &answer);
    cJSON_Delete(body);
    if (answer.end == HUBSPOT_OK) {
        there = cJSON_CreateObject();
        cJSON_ArrayForEach(
            record, cJSON_GetObjectItemCaseSensitive(answer.json, "results"))
        {
            if (json_id(record, "id", id, sizeof(id)))
                put(there,
                    json_str(json_at(record, "properties"),
                             HUBSPOT_SALESFORCE_ID),
                    id);
        }
    } else if (answer.end == HUBSPOT_REFUSED || answer.end == HUBSPOT_NOPERM) {
        end_all(w, jobs, n, answer.code, answer.message);
    } else {
        sync_hubspot_trouble(w, NULL, 0, &answer);
    }
    hubspot_answer_fini(&answer);
    return there;
}

cJSON *
sync_named(struct writer *w, const struct job *const *jobs, size_t n)
{
    return jobs[0]->write->side == SIDE_SALESFORCE ? read_salesforce(w, jobs, n)
                                                   : read_hubspot(w, jobs, n);
}
