/* send_salesforce: see send_salesforce.h. */
#include "stages/writer/send_salesforce.h"

#include "common/dead_class.h"
#include "common/json.h"
#include "common/log.h"
#include "common/step.h"
#include "common/text.h"
#include "stages/writer/settle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
send_salesforce_failed(struct writer *w, const struct record *row,
                       const struct rows_result *r, struct lead_list *leads)
{
    struct held *h = row->held;
    bool again = false;

    switch (r->verdict) {
    case ROWS_RETRY:
        settle_later(w, h, r->code, r->detail);
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
    case ROWS_REFUSED:
        break;
    }
    if (again)
        w->n_retries++;
    else
        settle_dead(w, h, r->code, r->detail);
}

static void
take_results(struct writer *w, const struct rows_call *c, const cJSON *answer)
{
    struct rows_result *results = calloc(c->n, sizeof(*results));
    const cJSON *row = answer->child;

    if (results == NULL)
        abort();
    for (size_t i = 0; i < c->n; i++, row = row->next) {
        rows_read(row, w->rules.external_id, &results[i]);
        c->rows[i].held->asked++;
    }
    c->taken(w, c, results);
    free(results);
}

/* The service refused the call as a whole. */
static void
refuse_all(struct writer *w, const struct rows_call *c,
           const struct salesforce_answer *answer)
{
    struct rows_result r;

    rows_refused(answer->code, answer->message, w->rules.external_id, &r);
    log_write(LOG_ERROR, "Salesforce refused a whole batch", "code",
              answer->code, "detail", r.detail, "mend",
              dead_reason_of(r.code, r.detail)->mend, NULL);
    for (size_t i = 0; i < c->n; i++) {
        c->rows[i].held->asked++;
        settle_dead(w, c->rows[i].held, r.code, r.detail);
    }
}

void
send_salesforce_trouble(struct writer *w, struct held *first, size_t n,
                        const struct salesforce_answer *answer)
{
    const struct settle_trouble t = {answer->status, answer->retry_after_ms,
                                     answer->code, answer->message};
    struct error err;

    if (answer->end == SALESFORCE_PAUSE) {
        outage_pause(&w->services[SIDE_SALESFORCE].outage, clock_monotonic_ms(),
                     clock_now_ms(), answer->message);
    } else if (answer->end == SALESFORCE_CONFIG) {
        error_set(&err, EX_CONFIG, "Salesforce: %s: %.400s", answer->code,
                  answer->message);
        writer_fail(w, &err);
    } else {
        settle_trouble(w, SIDE_SALESFORCE, first, n, &t);
    }
}

void
send_salesforce_query(struct writer *w, const char *soql,
                      struct salesforce_answer *out)
{
    char *encoded = http_encode(soql);
    struct text path;

    text_init(&path);
    text_printf(&path, "/query?q=%s", encoded);
    text_putc(&path, '\0');
    salesforce_call(w->sf, "GET", path.data, NULL, out);
    text_fini(&path);
    free(encoded);
}

static cJSON *
body_of(const struct rows_call *c)
{
    cJSON *body = cJSON_CreateObject();
    cJSON *records = cJSON_CreateArray();

    if (body == NULL || records == NULL ||
        cJSON_AddFalseToObject(body, "allOrNone") == NULL ||
        !cJSON_AddItemToObject(body, "records", records))
        abort(); /* out of memory: the fetcher sends again */
    for (size_t i = 0; i < c->n; i++)
        if (!cJSON_AddItemReferenceToArray(records, c->rows[i].task))
            abort();
    return body;
}

static void
put_path(const struct writer *w, const struct rows_call *c, struct text *path)
{
    text_puts(path, "/composite/sobjects");
    if (c->verb == ROWS_UPSERT)
        text_printf(path, "/%s/%s", c->object, w->rules.external_id);
    if (c->verb == ROWS_DELETE) {
        text_puts(path, "?allOrNone=false&ids=");
        for (size_t i = 0; i < c->n; i++)
            text_printf(path, "%s%s", i > 0 ? "," : "",
                        json_str(c->rows[i].task, "id"));
    }
    text_putc(path, '\0');
}

static void
call(struct writer *w, const struct rows_call *c,
     struct salesforce_answer *answer)
{
    bool is_delete = c->verb == ROWS_DELETE;
    cJSON *body = is_delete ? NULL : body_of(c);
    struct text path;

    text_init(&path);
    put_path(w, c, &path);
    w->n_batches++;
    step("before-call");
    salesforce_call(w->sf, is_delete ? "DELETE" : "PATCH", path.data, body,
                    answer);
    step("after-call");
    text_fini(&path);
    cJSON_Delete(body);
}

static bool
is_batch_at_fault(const struct salesforce_answer *answer)
{
    return answer->end == SALESFORCE_REFUSED &&
           (answer->status == 413 ||
            strcmp(answer->code, "JSON_PARSER_ERROR") == 0);
}

/* One row must not sink the rest. */
static void
send_halves(struct writer *w, const struct rows_call *c)
{
    struct rows_call first = *c, second = *c;

    first.n = c->n / 2;
    second.rows += first.n;
    second.n -= first.n;
    send_salesforce(w, &first);
    if (!w->has_failed && !outage_is_on(&w->services[SIDE_SALESFORCE].outage))
        send_salesforce(w, &second);
}

void
send_salesforce(struct writer *w, const struct rows_call *c)
{
    struct salesforce_answer answer;

    call(w, c, &answer);
    if (answer.end == SALESFORCE_OK && rows_check(answer.json, c->n) == NULL) {
        answer.end = SALESFORCE_RETRY;
        snprintf(answer.code, sizeof(answer.code), "bad-answer");
        snprintf(answer.message, sizeof(answer.message),
                 "not one result a row");
    }
    switch (answer.end) {
    case SALESFORCE_OK:
        settle_answered(w, SIDE_SALESFORCE);
        take_results(w, c, answer.json);
        break;
    case SALESFORCE_REFUSED:
        outage_end(&w->services[SIDE_SALESFORCE].outage, clock_monotonic_ms());
        if (is_batch_at_fault(&answer) && c->n > 1)
            send_halves(w, c);
        else
            refuse_all(w, c, &answer);
        break;
    default:
        send_salesforce_trouble(w, c->rows[0].held, c->n, &answer);
        break;
    }
    salesforce_answer_fini(&answer);
}
