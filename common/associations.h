/* associations: what a page of records hangs on, read in bulk. */
#ifndef COMMON_ASSOCIATIONS_H
#define COMMON_ASSOCIATIONS_H

#include "common/hubspot.h"

#define ASSOCIATIONS_INPUTS_MAX 1000 /* records a call */
#define ASSOCIATIONS_ID         24

struct association {
    char from[ASSOCIATIONS_ID];
    char to[ASSOCIATIONS_ID];
};

struct associations {
    struct association *pairs; /* ordered by from, then as HubSpot gave them */
    size_t n, size;
};

/* Read what the records `ids` of a type ("calls") are associated with of
 * another
 * ("contacts"), all pages. Records without any, or unknown ones, have none.
 * Caller ends with associations_fini(), also after -1 (as hubspot_read()). */
int associations_read(struct hubspot *hs, const char *from, const char *to,
                      const char *const *ids, size_t n,
                      struct associations *out, struct error *err);
void associations_fini(struct associations *a);
/* The pairs of one record; *n of them. NULL when there are none. Borrowed. */
const struct association *associations_of(const struct associations *a,
                                          const char *from, size_t *n);

#endif
