/* claims: records that name the other record of their pair, and whether the
 * links agree. Pure.
 *
 * In Salesforce it is the external id that names the HubSpot record, in HubSpot
 * the property that holds the Salesforce id (where there is one). */
#ifndef VERIFY_CLAIMS_H
#define VERIFY_CLAIMS_H

#include "common/mapping.h"
#include "stages/tools/verify/findings.h"
#include "stages/tools/verify/links.h"

struct claim {
    char *record, *names; /* keys: salesforce:Task:00T..., hubspot:call:512 */
    bool is_deleted;
};

struct claims {
    enum side side; /* whose records they are */
    struct claim *v;
    size_t n, size;
};

/* What can be done about an orphan. */
struct claims_rules {
    bool is_on[ACTIVITY_COUNT];     /* activity sync */
    bool is_unique[ACTIVITY_COUNT]; /* HubSpot keeps the property unique */
};

/* Copies. */
void claims_add(struct claims *claims, const char *record, const char *names,
                bool is_deleted);
void claims_fini(struct claims *claims);
/* Once, when all are added; before what follows. */
void claims_sort(struct claims *claims);
/* What the record itself says, deleted or not; NULL: it is not among them. Only
 * after claims_sort(). */
const struct claim *claims_of(const struct claims *claims, const char *record);

/* The kind that a HubSpot key stands for. Borrowed: it, or a part of buf. */
const char *claims_kind(const struct claims_rules *rules, const char *key,
                        char *buf, size_t size);
/* Can the HubSpot record of this key be read by its id? */
bool claims_can_ask(const char *key);

/* Find what is orphaned or doubled among the living. Links that lead to a
 * record of another pair get is_wrong. */
void claims_judge(struct claims *claims, const struct claims_rules *rules,
                  struct links *links, struct findings *out);
/* Find links that lead to one and the same record. `claims`: Salesforce's. */
void claims_judge_links(const struct claims *claims, struct links *links,
                        struct findings *out);

#endif
