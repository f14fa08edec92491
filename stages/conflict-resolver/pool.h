/* pool: what HubSpot's contacts had of a kind when an import first asked, kept
 * for a while: the events of a busy contact come in many turns, and each would
 * read all of it again. What is made meanwhile is nobody's candidate: by then
 * it belongs to the event that it was made for. Pure. */
#ifndef CONFLICT_RESOLVER_POOL_H
#define CONFLICT_RESOLVER_POOL_H

#include "common/activity.h"
#include "stages/conflict-resolver/pairing.h"
#include <stdint.h>

struct pool {
    void *tree;         /* NULL: empty */
    int64_t emptied_ms; /* monotonic */
};
struct pool_contact;

/* Now and then, or at once with `now_ms` INT64_MAX, all is forgotten. */
void pool_renew(struct pool *p, int64_t now_ms);
/* What is known of a contact; NULL: nothing. Borrowed: valid until
 * pool_renew(). */
const struct pool_contact *
pool_find(const struct pool *p, enum activity activity, const char *contact);
/* One that is being read; it is found when pool_done() was called. */
struct pool_contact *pool_add(struct pool *p, enum activity activity,
                              const char *contact);
void pool_put(struct pool_contact *c, const struct pairing_record *record);
void pool_done(struct pool_contact *c);
/* Record i as one of the contact; false: there are no more. */
bool pool_record(const struct pool_contact *c, size_t i,
                 struct pairing_record *out);

#endif
