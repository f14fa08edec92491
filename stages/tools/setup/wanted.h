/* wanted: what the config names that has to be there in an account: fields of
 * Salesforce's activities, the property of HubSpot's. Pure. */
#ifndef SETUP_WANTED_H
#define SETUP_WANTED_H

#include "common/activity.h"
#include "stages/tools/setup/field.h"

#define WANTED_FIELDS_MAX 128

enum wanted_object { WANTED_TASK, WANTED_EVENT, WANTED_OBJECTS };
/* "Task" | "Event" */
const char *wanted_object_name(enum wanted_object object);

/* A field that Activity is to have. */
struct wanted_field {
    char name[MAPPING_NAME_MAX + 1];
    bool is_key;             /* the external id */
    bool on[WANTED_OBJECTS]; /* where it is used */
    /* The first line that maps it; of the external id and the iCal UID: a text
     * without a property. */
    enum transform transform;
    enum activity activity;              /* ACTIVITY_NONE: no line */
    char property[MAPPING_NAME_MAX + 1]; /* "": no line */
    char why[600];                       /* what for, and its place */
    char clash[600]; /* the line that wants another type; "": none */
};

struct wanted {
    size_t n;
    struct wanted_field fields[WANTED_FIELDS_MAX];
    bool activities[ACTIVITY_COUNT]; /* those that are kept equal */
    bool uses[WANTED_OBJECTS];
};

/* -1: EX_CONFIG, a mapping is no good. */
int wanted_read(const struct conf *conf, struct wanted *out, struct error *err);

#endif
