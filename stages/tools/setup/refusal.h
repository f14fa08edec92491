/* refusal: which permission a service misses when it refuses, and how to mend
 * that. Pure. */
#ifndef SETUP_REFUSAL_H
#define SETUP_REFUSAL_H

#include "common/hubspot.h"
#include "common/salesforce.h"
#include "stages/tools/setup/plan.h"

#define REFUSAL_AWAY                                                           \
    "look at the network and the service's status page, then run setup "       \
    "again: "                                                                  \
    "what is made stays"
#define REFUSAL_VIEW  "View Setup and Configuration"
#define REFUSAL_SCOPE "crm.schemas.contacts.write"

/* How to mend a sign-in that is refused. Borrowed for ever. */
const char *refusal_sign_in(enum side side);
/* How to give crmpipe's user a permission of Salesforce. */
void refusal_mend(const char *permission, char *buf, size_t size);
/* The permission of Salesforce that a step takes; NULL: it takes none. */
const char *refusal_permission(enum step_kind kind);

/* How far a refusal reaches. */
enum refusal {
    REFUSAL_NONE,  /* it is there already */
    REFUSAL_LATER, /* not for good: look for the thing, then try again */
    REFUSAL_HERE,  /* this thing only */
    REFUSAL_ALL    /* what comes behind it on this side, too */
};

/* What an answer that is no good comes to: the step's state, detail and fix. */
enum refusal refusal_salesforce(struct step *s,
                                const struct salesforce_answer *answer);
enum refusal refusal_hubspot(struct step *s,
                             const struct hubspot_answer *answer);

#endif
