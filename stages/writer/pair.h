/* pair: the link of two records that are kept equal, as a decision leaves it.
 * Pure. */
#ifndef WRITER_PAIR_H
#define WRITER_PAIR_H

#include "common/store.h"
#include "stages/writer/decision.h"

/* What was made for the decision. */
struct pair_made {
    char id[SIDE_COUNT][32]; /* of new records; "": none */
    bool is_untied[2];       /* the HubSpot record could not be tied to a
                                contact, to a company */
};

/* Is the link, as it is now (NULL: there is none), the one that was decided on?
 * One that the timeline sync has left, before the kind was kept equal, counts
 * as none too: a record made by the external id is the one that is there. */
bool pair_is_current(const struct decision *d, const struct store_link *link);

/* The Salesforce record: "salesforce:Task:00T..."; "": it is not known. `made`
 * may be NULL. size: EVENT_ID_MAX. */
void pair_salesforce(const struct event *ev, const struct decision *d,
                     const struct store_link *link,
                     const struct pair_made *made, char *key, size_t size);

/* The link when all is written. `now`: ms since 1970 UTC. Its snapshot is
 * appended to `bytes`, and points there. false: one of the two is not known, so
 * that there can be none. */
bool pair_link(const struct event *ev, const struct decision *d,
               const struct store_link *link, const struct pair_made *made,
               int64_t now, struct store_link *out, msgpack_sbuffer *bytes);

/* Do both say the same of the pair? */
bool pair_same(const struct store_link *a, const struct store_link *b);

/* "salesforce:Task:00T..." or "hubspot:call:512": what the write is, or has
 * made. */
void pair_target(const struct write *write, const struct pair_made *made,
                 char *buf, size_t size);

#endif
