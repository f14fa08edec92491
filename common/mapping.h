/* mapping: which HubSpot property and which Salesforce field of an activity are
 * kept equal, in which direction, and how a value goes over. Pure.
 *
 * One line of [activity.KIND.mapping] is
 *   hs_call_duration = CallDurationInSeconds, both, ms_to_s
 * The shipped lines hold unless the file gives the same property another value;
 * an empty value takes the line away. */
#ifndef COMMON_MAPPING_H
#define COMMON_MAPPING_H

#include "common/conf.h"

#define MAPPING_NAME_MAX 100 /* HubSpot's and Salesforce's own bound */
#define MAPPING_LINES    64  /* of a kind */
#define MAPPING_MAX      (MAPPING_LINES + 2) /* pairs: with the associations */

/* The two services, as indices. */
enum side { SIDE_HUBSPOT, SIDE_SALESFORCE, SIDE_COUNT };
/* "hubspot" | "salesforce" */
const char *side_name(enum side side);
/* "HubSpot" | "Salesforce" */
const char *side_title(enum side side);
enum side side_other(enum side side);

enum mapping_direction {
    MAPPING_BOTH,
    MAPPING_TO_SALESFORCE,
    MAPPING_TO_HUBSPOT
};

/* How a value goes over; see transform.h. */
enum transform {
    TRANSFORM_TEXT,
    TRANSFORM_HTML, /* HubSpot's HTML, Salesforce's plain text */
    TRANSFORM_NUMBER,
    TRANSFORM_MS_TO_S, /* HubSpot's ms, Salesforce's s */
    TRANSFORM_BOOL,
    TRANSFORM_TIME,
    TRANSFORM_DATE,        /* HubSpot's instant, Salesforce's date in the org's
                              time zone */
    TRANSFORM_DISPOSITION, /* HubSpot's GUID, Salesforce's label */
    TRANSFORM_OWNER,
    TRANSFORM_TASK_STATUS,
    TRANSFORM_TASK_PRIORITY,
    TRANSFORM_CALL_STATUS,
    TRANSFORM_CALL_DIRECTION,
    TRANSFORM_EMAIL_STATUS,
    TRANSFORM_COUNT,
    /* No line names these: the pair is an association. */
    TRANSFORM_CONTACT = TRANSFORM_COUNT,
    TRANSFORM_ACCOUNT
};

struct mapping_pair {
    char name[SIDE_COUNT][MAPPING_NAME_MAX + 1]; /* property, field */
    enum mapping_direction direction;
    enum transform transform;
};

struct mapping {
    size_t n;
    struct mapping_pair pairs[MAPPING_MAX];
};

/* "both" | "to_salesforce" | "to_hubspot"; "ms_to_s". Borrowed for ever. */
const char *mapping_direction_name(enum mapping_direction direction);
const char *transform_name(enum transform transform);

/* May a value of this pair go to that side? */
bool mapping_goes_to(const struct mapping_pair *pair, enum side side);

/* Read one line. An empty value gives an empty field name. -1 (EX_CONFIG): what
 * is wrong with it, and the nearest known word. */
int mapping_parse(const char *property, const char *value,
                  struct mapping_pair *out, struct error *err);

/* All pairs of a kind, as the config has them, owners included when [owners]
 * sync is on. -1 (EX_CONFIG): two lines fill one field, or there are too many.
 */
int mapping_read(const struct conf *conf, enum activity activity,
                 struct mapping *out, struct error *err);

/* Is it a pair that is shipped, in whatever direction: of a mapping's lines, of
 * the associations, or of the owners? */
bool mapping_is_shipped(const struct mapping_pair *pair);

#define MAPPING_CONTACT_NAME "contact_association"
#define MAPPING_ACCOUNT_NAME "account_association"

/* Add the associations that are on to what mapping_read() has given:
 *   contact_association = WhoId, account_association = WhatId
 * in their direction. HubSpot has no property of that name. -1 (EX_CONFIG): a
 * line fills the same field. */
int mapping_add_ties(const struct conf *conf, enum activity activity,
                     struct mapping *out, struct error *err);
/* Which association a pair is. */
enum mapping_tie {
    MAPPING_NO_TIE,
    MAPPING_CONTACT,
    MAPPING_ACCOUNT,
    MAPPING_TIES
};
enum mapping_tie mapping_tie_of(const struct mapping_pair *pair);
/* The pair of an association; NULL: it is off. Borrowed. */
const struct mapping_pair *mapping_tie(const struct mapping *map,
                                       enum mapping_tie tie);

#endif
