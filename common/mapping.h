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
#define MAPPING_MAX      64  /* pairs of a kind */

/* The two services, as indices. */
enum side { SIDE_HUBSPOT, SIDE_SALESFORCE, SIDE_COUNT };
/* "hubspot" | "salesforce" */
const char *side_name(enum side side);
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
    TRANSFORM_COUNT
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

#endif
