/* import: the feeds of an import: of each chosen kind all that happened from
 * some time on, read once from its beginning to its end by record id, whatever
 * a sync has seen of it. Before them the people are brought up to date, whom
 * all of it hangs on.
 *
 * Each has a checkpoint of its own name ("hubspot.import.call", with a time
 * "hubspot.import.call.1735689600000"), so that an import that was cut off goes
 * on when the same is asked for again. */
#ifndef FETCHER_IMPORT_H
#define FETCHER_IMPORT_H

#include "stages/fetcher/feed.h"

#define IMPORT_ALL INT64_MIN /* as a time: from whenever on */

/* What a feed of an import reads (its `data`). */
struct import_wish {
    char type[16];    /* "call": a type of HubSpot's, a kind of activity sync */
    int64_t since_ms; /* when it happened, or later; IMPORT_ALL */
};

struct import;

/* `service`: "hubspot" | "salesforce"; `types`: "call,email", "": only the
 * people; `since`: ms since 1970 UTC in digits, NULL: all. -1 (EX_USAGE).
 * Caller frees with import_free(). */
int import_new(const char *service, const char *types, const char *since,
               struct import **out, struct error *err);
void import_free(struct import *import);
/* NULL-terminated, for the engine. Borrowed. */
const struct feed *const *import_feeds(const struct import *import);

/* How the two services read one page of it (feed.h). */
int import_poll_hubspot(const struct feed_env *env, const struct feed *feed,
                        const cJSON *cursor, struct feed_page *page,
                        struct error *err);
int import_poll_salesforce(const struct feed_env *env, const struct feed *feed,
                           const cJSON *cursor, struct feed_page *page,
                           struct error *err);
bool import_knows_salesforce(const char *type);

#endif
