/* feed: what the fetcher's engine and its feeds want of each other.
 *
 * A feed follows one kind of record. It is polled with its cursor (JSON, its
 * own affair) and gives, through feed_emit(), events for what is there from the
 * cursor on, and the cursor of the next poll. One poll is one page: at most
 * some hundred events. The engine sends them, waits for their outcomes, and
 * moves the checkpoint to a page's cursor when that page and all before it have
 * ended. */
#ifndef FETCHER_FEED_H
#define FETCHER_FEED_H

#include "common/conf.h"
#include "common/event.h"
#include "common/hubspot.h"
#include "common/salesforce.h"
#include "common/store.h"
#include <cJSON.h>

struct engine;

/* What a feed has to work with. */
struct feed_env {
    const struct conf *conf;
    struct store *store;           /* contacts, people, companies, counters */
    struct hubspot *hubspot;       /* NULL in the Salesforce fetcher */
    struct salesforce *salesforce; /* NULL in the HubSpot fetcher */
    struct hubspot *lists; /* to ask for contact lists; NULL: Salesforce's
                              fetcher, and no `only` names one */
    struct engine *engine;
    int64_t started_at; /* service's clock when the process began */
};

struct feed_page {
    cJSON *cursor;    /* of the next poll; NULL: unchanged. Taken over. */
    bool more;        /* poll again at once */
    int64_t pause_ms; /* as the feed's own, when that is known only now */
    bool held;        /* what is too fresh was left for the next poll: a pass
                         (--once) polls again in a moment */
    int64_t expected; /* records that are known to come yet, for the progress
                         bar; 0: not known */
};

struct feed {
    const char *name; /* "hubspot.calls": of its checkpoint and status */
    int64_t pause_ms; /* between two polls of a running chain when that is
                         longer than poll_interval; 0: poll_interval */
    const void *data; /* the feed's own */
    /* It is read to its end once, for an import: then its checkpoint is
     * forgotten. Its state is not kept, a refusal ends the pass with it. */
    bool ends;
    /* Is it switched on by the config? NULL: always. When it is off its
     * checkpoint is forgotten: switching it on again begins anew. */
    bool (*wanted)(const struct feed_env *env, const struct feed *feed);
    /* Poll once. `cursor` is NULL at the very first poll. Whatever it puts into
     * the store happens in the engine's transaction. 0, or -1 with err->code:
     *   EX_NOPERM    the account's tier or scopes refuse it: reported once, the
     *                other feeds go on, asked again now and then
     *   EX_TEMPFAIL  later (what was emitted is thrown away)
     *   EX_CONFIG    a person has to mend it: the fetcher ends
     *   others       as EX_TEMPFAIL, with a warning */
    int (*poll)(const struct feed_env *env, const struct feed *feed,
                const cJSON *cursor, struct feed_page *page, struct error *err);
};

/* The feeds of each service in the order in which they are polled (contacts
 * first), NULL-terminated. */
extern const struct feed *const hubspot_feeds[];
extern const struct feed *const salesforce_feeds[];

/* Why a feed gives an event. */
enum feed_why {
    FEED_CHANGED, /* it is new, or has changed */
    FEED_SETTLED, /* it has changed, but lies behind the overlap: it comes only
                     because the newest record comes with each pass */
    FEED_IMPORT,  /* event field `import` */
    FEED_ASKED    /* event field `asked` */
};
void feed_set_why(struct event *ev, enum feed_why why);

/* Has this version of a record ended for good, or is it on its way? Ask before
 * fetching what is only needed for new ones. Ended has what was written,
 * unchanged, dead, or dropped for a reason that cannot change (not for
 * no-contact, contact-not-synced and contact-ambiguous; what has settled has
 * ended with these, too).
 *
 * An import asks anew for what was dropped, and lets what was written be
 * compared again: only what was given up has ended, dead letters have a way
 * back of their own. Of what was asked for nothing has. */
bool feed_has_ended(const struct feed_env *env, const char *id,
                    enum feed_why why);

/* A record is alive, whatever was found before: if its deletion waits in the
 * state, that ends as dropped, "restored". */
int feed_is_alive(const struct feed_env *env, const char *key,
                  struct error *err);

/* Give an event to the engine: v, seq and source are the engine's to set; id,
 * key, op, modified_at, contact, native are the feed's. Copies; the caller
 * still ends `ev` with event_fini(). What has ended before is skipped (counted
 * as such): so is an event that ended for want of a tied contact and still has
 * none. What an import or a request gives is skipped as feed_has_ended() says.
 * A deletion that the rules would carry over may wait in the state first
 * (guard.h). -1: the state failed; or (EX_DATAERR) it is over the limits; a
 * dead letter "too-large" is kept with all but its native record, and the feed
 * goes on. */
int feed_emit(const struct feed_env *env, struct event *ev, struct error *err);

/* How many events this poll has given so far that were not skipped. */
size_t feed_given(const struct feed_env *env);

/* Say the state of something below the feed (an event type, say) once. */
void feed_note(const struct feed_env *env, const char *name, const char *status,
               const char *detail);

#endif
