/* activity: a native record of either service to an event of the activity sync.
 * Pure.
 *
 * Sets kind, sync, occurred_at, other and about, and props: the values of the
 * mapped properties by their name on the record's own side, as text or nil; of
 * a Salesforce record what it hangs on too (WhoId, WhatId, AccountId). What a
 * value means on the other side depends on the org (its time zone, its users),
 * so that is the conflict-resolver's. */
#ifndef NORMALIZER_ACTIVITY_H
#define NORMALIZER_ACTIVITY_H

#include "common/event.h"
#include "common/mapping.h"
#include "stages/normalizer/record.h"

struct activity_rules {
    bool is_on[ACTIVITY_COUNT];
    struct mapping mapping[ACTIVITY_COUNT];
    char external_id[MAPPING_NAME_MAX + 1]; /* Salesforce's field */
    char ical_uid[MAPPING_NAME_MAX + 1];    /* of Event; "": it has none */
    bool syncs_captured;                    /* [salesforce] eac = sync */
};

int activity_rules_read(const struct conf *conf, struct activity_rules *out,
                        struct error *err);

/* Is the event one of the activity sync: a record of Salesforce, or of HubSpot
 * of a kind that is kept equal? */
bool activity_is_one(const struct event *ev,
                     const struct activity_rules *rules);

/* Anything but NORMALIZE_OK leaves the event as it was; NORMALIZE_BAD_RECORD
 * fills `err`. A deletion needs no native record. */
enum normalize_verdict activity_normalize(struct event *ev,
                                          const struct activity_rules *rules,
                                          struct error *err);

#endif
