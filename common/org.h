/* org: what the values of both sides depend on and no record says: the
 * Salesforce org's time zone, the HubSpot account's own call dispositions, and
 * with [owners] sync = on who is who. Asked for when it is first needed, and
 * again some minutes later. */
#ifndef COMMON_ORG_H
#define COMMON_ORG_H

#include "common/transform.h"
#include "common/people.h"
#include "common/services.h"

struct org {
    struct transform_env env; /* its ctx is this org */
    char zone[64];            /* [salesforce] time_zone; "": ask */
    char fallback[256];       /* [owners] fallback, lower case */
    bool wants_people, wants_labels;

    struct people people[SIDE_COUNT];
    cJSON *labels; /* [{id, label}] */
    bool has_people[SIDE_COUNT], has_labels;
    int64_t asked_ms; /* monotonic; 0: never */
};

/* -1: EX_CONFIG, the zone is not known here, or a mapping is no good. `org`
 * must not move. */
int org_init(struct org *org, const struct conf *conf, struct error *err);
void org_fini(struct org *org);

bool org_is_known(const struct org *org);
/* Make sure of all that is needed. What was known stays when a later call
 * fails. 1: both services that were needed have answered; 0: nothing had to be
 * asked, or what was known stays; -1: EX_TEMPFAIL or EX_CONFIG; *failed is
 * whose call it was. */
int org_refresh(struct org *org, const struct services *services,
                enum side *failed, struct error *err);

#endif
