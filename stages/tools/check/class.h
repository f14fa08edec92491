/* class: what a HubSpot property or a Salesforce field holds, as far as a
 * mapping cares, by its definition (hubspot-api.md, 8; salesforce-api.md, 6.3).
 * Pure. */
#ifndef CHECK_CLASS_H
#define CHECK_CLASS_H

#include "common/mapping.h"
#include <cJSON.h>

enum class {
    CLASS_TEXT,
    CLASS_CHOICE, /* one of a list */
    CLASS_CHOICES,
    CLASS_NUMBER,
    CLASS_BOOL,
    CLASS_DAY,
    CLASS_TIME,
    CLASS_PERSON, /* HubSpot's owner; Salesforce's reference to a user */
    CLASS_OTHER,  /* references to others, JSON, places, files */
    CLASS_COUNT
};

enum class class_of(enum side side, const cJSON *definition);
/* "a text", "a day". Borrowed for ever. */
const char *class_name(enum class class);

#endif
