/* send_lead: rows that were refused because their lead has become a contact:
 * one query asks which, and the task goes to the contact. */
#ifndef WRITER_SEND_LEAD_H
#define WRITER_SEND_LEAD_H

#include "stages/writer/batch.h"
#include "stages/writer/salesforce/rows.h"
#include "stages/writer/writer_private.h"

struct lead {
    struct held *held;
    char id[SF_ID_SIZE]; /* of the lead */
    struct rows_result result;
};

struct lead_list {
    struct lead *leads;
    size_t n;
};

/* false: the row hangs on no lead. */
bool lead_list_add(struct lead_list *list, const struct record *row,
                   const struct rows_result *result);
/* Find the contacts: those rows go again at once; the others are dead. Frees
 * the list's memory. */
void lead_list_resolve(struct writer *w, struct lead_list *list);

#endif
