/* claims: which record of the other side an event of an import has taken for
 * its own, from when it was decided until the link says so, and after that too:
 * the links are read before the writer has put them. Pure. */
#ifndef CONFLICT_RESOLVER_CLAIMS_H
#define CONFLICT_RESOLVER_CLAIMS_H

#include <stdbool.h>

struct claims {
    void *tree; /* NULL: none */
};

/* `record` and `event` are keys ("hubspot:call:512"). Another's claim of the
 * record is given up. */
void claims_put(struct claims *c, const char *record, const char *event);
/* Has another event than this one taken the record? */
bool claims_other(const struct claims *c, const char *record,
                  const char *event);
void claims_fini(struct claims *c);

#endif
