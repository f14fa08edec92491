/* pair: one line of a mapping against what both services say of its property
 * and its field. Pure. */
#ifndef CHECK_PAIR_H
#define CHECK_PAIR_H

#include "common/activity.h"
#include "common/mapping.h"
#include "stages/tools/check/finding.h"

/* What a line is checked against; all borrowed. */
struct pair_case {
    const struct mapping_pair *pair;
    enum activity activity;
    /* What there is on each side: HubSpot's property definitions, the fields of
     * Salesforce's describe. NULL: not known, and nothing is said of it. */
    const cJSON *list[SIDE_COUNT];
    /* Do new records and changes of a side go over? */
    bool makes[SIDE_COUNT], updates[SIDE_COUNT];
    const char *external_id; /* the field that crmpipe itself fills */
};

/* Findings, by code:
 *   missing      error: there is no such property or field
 *   read-only    error: the direction writes where nobody can
 *   create-only  error: changes go over, but the field keeps its first value
 *   update-only  error: a new record cannot have it
 *   own-field    error: crmpipe fills it with something else
 *   type         error: the transform does not fit; warning: not every value
 *   loses        warning: something of a value is lost
 *   length       warning: longer texts are refused
 *   values       lists that differ, see values.h */
void pair_check(const struct pair_case *c, struct findings *out);

#endif
