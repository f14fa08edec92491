/* email_events: marketing e-mails sent, opened and clicked. */
#ifndef FETCHER_HUBSPOT_EMAIL_EVENTS_H
#define FETCHER_HUBSPOT_EMAIL_EVENTS_H

#include "stages/fetcher/feed.h"

/* The event types that are activities: SENT, OPEN, CLICK. */
#define EMAIL_EVENTS_TYPES 3
extern const char *const email_events_types[EMAIL_EVENTS_TYPES];

/* What to ask for; what is NULL, 0 or "" is left out. */
struct email_events_ask {
    const char *type, *recipient, *offset;
    int64_t start, end; /* ms since 1970 UTC, both in it */
};

/* Read a page. *out is the answer (caller frees with cJSON_Delete()), *next the
 * offset of the page after it, borrowed from *out, or NULL. */
int email_events_read(const struct feed_env *env,
                      const struct email_events_ask *ask, cJSON **out,
                      const char **next, struct error *err);

/* Emit one event of a page. `contact` NULL: it is looked up by the recipient.
 * Puts "campaign" into `event`. What makes no sense is left out. */
int email_events_emit(const struct feed_env *env, const char *feed,
                      cJSON *event, const struct store_contact *contact,
                      struct error *err);

#endif
