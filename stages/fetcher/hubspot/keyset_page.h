/* keyset_page: one page of a search feed: the search that keyset.h asks for,
 * made. */
#ifndef FETCHER_HUBSPOT_KEYSET_PAGE_H
#define FETCHER_HUBSPOT_KEYSET_PAGE_H

#include "stages/fetcher/feed.h"
#include "stages/fetcher/hubspot/keyset.h"

struct keyset_page {
    cJSON *answer;
    size_t n;
    struct keyset_record *records; /* of the objects */
    cJSON **objects;               /* in `answer`; NULL: was not asked for */
    struct keyset next;            /* where the next poll goes on */
    bool more;                     /* the pass goes on */
    int64_t expected;              /* records that are known to come yet */
    int64_t settled; /* what changed before this, ms, lies behind the overlap:
                        the newest record comes with each pass; 0: no word */
};

/* What an object that the service gave is; false: it is no record. */
bool keyset_page_record(const cJSON *object, const char *property,
                        struct keyset_record *out);

/* Search for records of a type by their time of change. `first_look_ms` as in
 * keyset.h. Caller ends with keyset_page_fini() after 0. */
int keyset_page_read(const struct feed_env *env, const char *type,
                     const char *property, const char *const *wanted,
                     int64_t first_look_ms, const cJSON *cursor,
                     struct keyset_page *out, struct error *err);
/* The records that a search of one's own gives, all as if they were asked for;
 * `property` is their time of change. `next` and `more` are the caller's.
 * Caller ends with keyset_page_fini() after 0. */
int keyset_page_search(const struct feed_env *env, const char *type,
                       const char *property, const cJSON *body,
                       struct keyset_page *out, struct error *err);
void keyset_page_fini(struct keyset_page *page);

#endif
