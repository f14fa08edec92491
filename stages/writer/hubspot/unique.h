/* unique: is there a property of an activity that holds the Salesforce id and
 * that HubSpot keeps unique? With it a create can be an upsert, which may be
 * repeated. Whether HubSpot allows one on activities is not documented
 * (hubspot-api.md, 2.2), so it is asked. */
#ifndef WRITER_HUBSPOT_UNIQUE_H
#define WRITER_HUBSPOT_UNIQUE_H

#include "common/activity.h"
#include "common/hubspot.h"

enum hubspot_unique {
    HUBSPOT_UNIQUE_UNASKED,
    HUBSPOT_UNIQUE_NONE,  /* there is no such property, or none to be used */
    HUBSPOT_UNIQUE_PLAIN, /* it is there, but two records may hold one value */
    HUBSPOT_UNIQUE_YES
};

/* What is known, of each kind; zeroed at the start of a process. */
struct hubspot_uniques {
    enum hubspot_unique of[ACTIVITY_COUNT];
};

/* What the answer to the property's GET says; HUBSPOT_UNIQUE_UNASKED: nothing.
 * Pure. */
enum hubspot_unique hubspot_unique_read(const struct hubspot_answer *answer);

/* Ask, unless it is known. HUBSPOT_UNIQUE_UNASKED: not known now, `why->end` is
 * as of any call that did not come off (RETRY, PAUSE, CONFIG, NOPERM). The
 * caller ends `why` with hubspot_answer_fini() in any case. */
enum hubspot_unique hubspot_unique_ask(struct hubspot_uniques *known,
                                       struct hubspot *hs,
                                       enum activity activity,
                                       struct hubspot_answer *why);

#endif
