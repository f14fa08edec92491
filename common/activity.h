/* activity: the four kinds that are kept equal on both sides (activity sync),
 * and what each is on either of them. */
#ifndef COMMON_ACTIVITY_H
#define COMMON_ACTIVITY_H

#include "common/kind.h"
#include <stddef.h>

/* HubSpot's property with the id of the Salesforce record that an activity was
 * made for. An account need not have it. */
#define HUBSPOT_SALESFORCE_ID "crmpipe_salesforce_id"

enum activity {
    ACTIVITY_TASK,
    ACTIVITY_EMAIL,
    ACTIVITY_CALL,
    ACTIVITY_MEETING,
    ACTIVITY_COUNT,
    ACTIVITY_NONE = -1
};

struct activity_facts {
    const char *name; /* "call": of its config, in event keys of HubSpot */
    const char *collection; /* "calls": in HubSpot's paths */
    const char *object;     /* "Task" | "Event" in Salesforce */
    const char *subtype;    /* its TaskSubtype; NULL: an Event */
    enum kind timeline;     /* the timeline kind that it silences */
    const char *title;      /* HubSpot's property that names it */
    const char *time;       /* and that says when it is */
};

/* Borrowed for ever. */
const struct activity_facts *activity_facts(enum activity activity);
/* The one of that name (not necessarily NUL-terminated), or ACTIVITY_NONE. */
enum activity activity_parse(const char *name, size_t len);
/* The one that a Salesforce record is: its object and TaskSubtype (NULL: it has
 * none, which is a Task's). ACTIVITY_NONE: none of ours (ListEmail, ...). */
enum activity activity_of_salesforce(const char *object, const char *subtype);

#endif
