/* hubspot: HubSpot's native records, one function a family of types. Each sets
 * kind, occurred_at and the common properties of the record, or says why it is
 * none. `native` is a map; texts are borrowed from it. NORMALIZE_BAD_RECORD
 * fills `err`. */
#ifndef NORMALIZER_HUBSPOT_H
#define NORMALIZER_HUBSPOT_H

#include "common/error.h"
#include "stages/normalizer/record.h"

typedef enum normalize_verdict hubspot_fn(struct record *r, struct span native,
                                          struct error *err);

/* The function for a native type, the second part of an event's key ("call",
 * "email_event", ...); NULL when there is none. */
hubspot_fn *hubspot_find(const char *type, size_t len);

hubspot_fn hubspot_call;
hubspot_fn hubspot_email;
hubspot_fn hubspot_meeting;
hubspot_fn hubspot_note;
hubspot_fn hubspot_task;
hubspot_fn hubspot_email_event;
hubspot_fn hubspot_form_submission;
hubspot_fn hubspot_occurrence;
hubspot_fn hubspot_email_open;
hubspot_fn hubspot_email_click;
hubspot_fn hubspot_document_view;

/* Who owns an activity: {id, email, firstName, lastName}, as the fetcher found
 * it. Leaves out what is not there. -1: of the wrong type. */
int hubspot_owner(struct props *p, struct span owner, struct error *err);

/* A map of scalars (a form's values, an event's properties) as a map of texts:
 * pairs are added one by one; the same name again is joined by "; ". */
#define HUBSPOT_PAIRS_MAX 256 /* more are left out */
struct hubspot_pairs {
    struct span name[HUBSPOT_PAIRS_MAX];
    struct span value[HUBSPOT_PAIRS_MAX];
    size_t n;
};
void hubspot_pair_add(struct props *p, struct hubspot_pairs *pairs,
                      struct span name, struct span value);
/* Set the property to the map of the pairs; nothing when there are none. */
void hubspot_pairs_set(struct props *p, int prop,
                       const struct hubspot_pairs *pairs);

#endif
