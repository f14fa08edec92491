/* engagement_event: calls, e-mails, meetings, notes and tasks of a page as
 * events, with whom they hang on. */
#ifndef FETCHER_HUBSPOT_ENGAGEMENT_EVENT_H
#define FETCHER_HUBSPOT_ENGAGEMENT_EVENT_H

#include "stages/fetcher/hubspot/keyset_page.h"

struct engagement_type {
    const char *type, *plural;
    const char *const *properties; /* NULL-terminated */
    const char *const *times;      /* which say when it happened; likewise */
};

/* feed_has_ended() of this version. */
bool engagement_has_ended(const struct feed_env *env,
                          const struct engagement_type *type,
                          const struct keyset_record *r, enum feed_why why);
/* Give what has not ended of a page to the engine. -1: what they hang on cannot
 * be read. One that is too large becomes a dead letter. */
int engagement_emit(const struct feed_env *env,
                    const struct engagement_type *type,
                    const struct keyset_page *page, enum feed_why why,
                    struct error *err);

#endif
