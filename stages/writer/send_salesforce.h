/* send_salesforce: one call with rows for Salesforce (sObject Collections), and
 * what an answer that is none means for the service. */
#ifndef WRITER_SEND_SALESFORCE_H
#define WRITER_SEND_SALESFORCE_H

#include "stages/writer/salesforce/rows.h"
#include "stages/writer/send_lead.h"
#include "stages/writer/writer_private.h"

enum rows_verb {
    ROWS_UPSERT, /* by the external id */
    ROWS_UPDATE, /* by "id" */
    ROWS_DELETE  /* of "id" */
};

struct rows_call {
    enum rows_verb verb;
    const char *object; /* "Task" */
    struct record *rows;
    size_t n;
    /* What follows from an answer: one result a row. */
    void (*taken)(struct writer *w, const struct rows_call *call,
                  const struct rows_result *results);
};

/* A call that came to nothing: what it means for the service. `first` of the n
 * that were in it, which stay in hand; NULL, 0: a call without any. Not for
 * SALESFORCE_OK, REFUSED. */
void send_salesforce_trouble(struct writer *w, struct held *first, size_t n,
                             const struct salesforce_answer *answer);

/* One try of a query that fits a page. Always fills `out`; end it with
 * salesforce_answer_fini(). */
void send_salesforce_query(struct writer *w, const char *soql,
                           struct salesforce_answer *out);

/* Rows for which nothing came of it stay in hand. */
void send_salesforce(struct writer *w, const struct rows_call *call);

/* What a row that failed gets. Rows whose lead has become a contact are
 * gathered in `leads`. */
void send_salesforce_failed(struct writer *w, const struct record *row,
                            const struct rows_result *result,
                            struct lead_list *leads);

#endif
