/* engagements: the object that the CRM API gives for a call, e-mail, meeting,
 * note or task, as far as it is alike for all. */
#ifndef NORMALIZER_HUBSPOT_ENGAGEMENTS_H
#define NORMALIZER_HUBSPOT_ENGAGEMENTS_H

#include "stages/normalizer/hubspot/hubspot.h"
#include "stages/normalizer/native.h"

/* Take the object's envelope (createdAt, owner, archived) and of its properties
 * what `fields` names and what all engagements have. Returns NORMALIZE_OK,
 * NORMALIZE_DELETED or NORMALIZE_BAD_RECORD. */
enum normalize_verdict engagement_take(struct record *r, struct span native,
                                       const struct native_field *fields,
                                       size_t n_fields, struct error *err);

#endif
