/* store: what must survive: checkpoints, contacts, links, outcomes, dead
 * letters. One interface; the backend is chosen by the URL's scheme
 * (store_sqlite.c; PostgreSQL comes behind the same interface).
 *
 * Writers group their changes in store_begin()/store_commit(); readers that
 * look up a batch put store_begin()/store_commit() around it too. Every call
 * may fail (disk full, locked, damaged): -1 and an error that says how to mend
 * it. Times are ms since 1970 UTC. */
#ifndef COMMON_STORE_H
#define COMMON_STORE_H

#include "common/codec.h"
#include "common/error.h"
#include "common/event.h"
#include <stdbool.h>
#include <stdint.h>

struct store;

enum store_mode {
    STORE_READ, /* state that is there; never creates or changes anything */
    STORE_WRITE /* creates and migrates the schema when needed */
};

/* Open `sqlite:PATH` (absolute). Checks the schema version (a newer one than we
 * know is refused, EX_CONFIG) and the integrity (PRAGMA quick_check at the
 * first open for writing). Files are made 0600, the folder 0700. */
int store_open(const char *url, enum store_mode mode, struct store **out,
               struct error *err);
void store_close(struct store *store);
/* Is there a state, or was there one that is gone? That is refused by
 * store_open(), EX_CONFIG. */
bool store_is_there(const char *url);
/* May other processes have it open, too? Not one on a device. NULL: no. */
bool store_is_shared(const struct store *store);
/* Copy the whole state to a new file, for dry runs. */
int store_copy(const char *url, const char *to_path, struct error *err);

int store_begin(struct store *store, struct error *err); /* write: IMMEDIATE */
int store_commit(struct store *store, struct error *err);
void store_rollback(struct store *store);

/* Checkpoints: where a feed goes on; `cursor` is the feed's own JSON text.
 * get: 1 found (caller frees *cursor), 0 none, -1 error. */
int store_checkpoint_get(struct store *store, const char *feed, char **cursor,
                         struct error *err);
/* `cursor` NULL: it is forgotten. */
int store_checkpoint_put(struct store *store, const char *feed,
                         const char *cursor, struct error *err);

/* How a feed is: status "ok"; "refused" by the account's tier or scopes;
 * "failing": tried again and again. Of the two, the service's words. */
struct store_feed {
    char feed[64];
    char status[16];
    char detail[512];
    int64_t since; /* when it got this status */
    int64_t ok_at; /* last success, to some seconds; 0: none yet */
};
int store_feed_put(struct store *store, const struct store_feed *feed,
                   struct error *err);
int store_feed_each(struct store *store,
                    int (*fn)(void *ctx, const struct store_feed *feed),
                    void *ctx, struct error *err);

/* Contacts, as HubSpot knows them, and what they are tied to. */
struct store_contact {
    char hubspot_id[24];
    char email[256];            /* lower case; may be "" */
    char more_emails[1024];     /* ';'-joined, lower case */
    char salesforce_id[20];     /* 18 characters; "" when tied to none */
    char salesforce_type[16];   /* Contact | Lead */
    int64_t synced_at;          /* 0: was never tied */
    int64_t modified_at;        /* of the record we saw */
    int64_t document_viewed_at; /* last value of hs_document_last_revisited */
    int64_t matches;   /* people in Salesforce that fit; > 1: ambiguous */
    bool lookback_due; /* its look-back is still to be fetched */
};
int store_contact_get(struct store *store, const char *hubspot_id,
                      struct store_contact *out,
                      struct error *err); /* 1/0/-1 */
/* By any of its addresses (compared in lower case). 1/0/-1 */
int store_contact_by_email(struct store *store, const char *email,
                           struct store_contact *out, struct error *err);
/* The one tied to this person of Salesforce, or to one that became it (18
 * characters); of several the one that was changed last. 1/0/-1 */
int store_contact_by_salesforce_id(struct store *store,
                                   const char *salesforce_id,
                                   struct store_contact *out,
                                   struct error *err);
int store_contact_put(struct store *store, const struct store_contact *contact,
                      struct error *err);
/* Contacts whose look-back is due, at most `limit`, by id. fn returns non-zero
 * to stop. */
int store_contacts_due(struct store *store, int limit,
                       int (*fn)(void *ctx, const struct store_contact *c),
                       void *ctx, struct error *err);
/* Contacts with an address but no tie (for a later match by e-mail), ids above
 * `after`, at most `limit`, ordered by id. */
int store_contacts_untied(struct store *store, const char *after, int limit,
                          int (*fn)(void *ctx, const struct store_contact *c),
                          void *ctx, struct error *err);

/* Companies: the Salesforce account of a HubSpot company. 1/0/-1 */
struct store_company {
    char hubspot_id[24];
    char salesforce_id[20]; /* "" when it has none */
    int64_t seen_at;
};
int store_company_get(struct store *store, const char *hubspot_id,
                      struct store_company *out, struct error *err);
/* The one with this account (18 characters); of several the one that was seen
 * last. 1/0/-1 */
int store_company_by_salesforce_id(struct store *store,
                                   const char *salesforce_id,
                                   struct store_company *out,
                                   struct error *err);
int store_company_put(struct store *store, const struct store_company *company,
                      struct error *err);

/* People: Salesforce contacts and leads, for the match by e-mail. */
struct store_person {
    char salesforce_id[20];
    char type[16];      /* Contact | Lead */
    char email[256];    /* lower case */
    char became_id[20]; /* converted or merged into; "" else */
    bool is_deleted;
};
int store_person_put(struct store *store, const struct store_person *person,
                     struct error *err);
int store_person_get(struct store *store, const char *salesforce_id,
                     struct store_person *out, struct error *err); /* 1/0/-1 */
/* Those alive (neither deleted nor converted nor merged) with this address;
 * fills at most `max`, returns how many there are in all, or -1. */
int store_people_by_email(struct store *store, const char *email,
                          struct store_person *out, int max, struct error *err);

/* Links: pairs of records. For timeline sync: an event's key, or the key of the
 * group that it repeats, and the task that was made of it. */
struct store_link {
    char key[EVENT_ID_MAX]; /* hubspot:call:512 */
    char kind[32];
    char target[96];     /* salesforce:Task:00T... */
    int64_t version;     /* grows by one with each agreement */
    int64_t modified_at; /* version of the source record it stands for */
    int64_t written_at;
    struct span snapshot; /* MessagePack, what was written; borrowed until the
                             next call with get */
};
int store_link_get(struct store *store, const char *key, struct store_link *out,
                   struct error *err); /* 1/0/-1 */
int store_link_by_target(struct store *store, const char *target,
                         struct store_link *out, struct error *err);
int store_link_put(struct store *store, const struct store_link *link,
                   struct error *err);
/* Its HubSpot record was made anew, and is `became` now: the link goes, also
 * when there is none, and what became of the key is kept. */
int store_link_move(struct store *store, const char *key, const char *became,
                    struct error *err);
int store_link_moved(struct store *store, const char *key, char *became,
                     size_t size, struct error *err); /* 1/0/-1 */
/* All of them, by key; the snapshot is borrowed for the call. fn returns
 * non-zero to stop. */
int store_link_each(struct store *store,
                    int (*fn)(void *ctx, const struct store_link *link),
                    void *ctx, struct error *err);

/* Requests: records that somebody wants to see go through the chain once more,
 * whether they have changed or not. */
struct store_request {
    int64_t number;         /* given by put; grows */
    char key[EVENT_ID_MAX]; /* hubspot:call:512, salesforce:Task:00T... */
    char why[64];
    int64_t at;
};
/* The same key again is a new request. */
int store_request_put(struct store *store, struct store_request *request,
                      struct error *err);
/* Those of a service ("hubspot"; NULL: of both) with a number above `after`, at
 * most `limit`, oldest first. fn returns non-zero to stop. */
int store_request_each(struct store *store, const char *source, int64_t after,
                       int limit,
                       int (*fn)(void *ctx, const struct store_request *r),
                       void *ctx, struct error *err);
/* Also when there is none. */
int store_request_drop(struct store *store, const char *key, struct error *err);

/* Pairs of the activity sync whose keys lie between `after` and `before`, both
 * not included ("hubspot:call:" and "hubspot:call;": all of calls), by key, at
 * most `limit`. The link and its snapshot are lent for the call; fn must not
 * use the store, and returns non-zero to stop. */
int store_pair_each(struct store *store, const char *after, const char *before,
                    int limit,
                    int (*fn)(void *ctx, const struct store_link *link),
                    void *ctx, struct error *err);
/* How many there are; or -1. */
int64_t store_pair_count(struct store *store, const char *after,
                         const char *before, struct error *err);

/* Deletions of linked records that would be carried over to the other side:
 * they wait here until it is known how many there are. One a record. */
#define STORE_LOOKED  "looked"  /* looked for once, and not found */
#define STORE_PENDING "pending" /* the pass that found it goes on */
#define STORE_HELD    "held"    /* they are too many: a person decides */
#define STORE_ALLOWED "allowed" /* by a person: to be sent */
#define STORE_FORGOTTEN                                                        \
    "forgotten" /* to be sent, so that the link learns of it; the other record \
                   stays */
#define STORE_RELEASED "released" /* few enough: to be sent */
#define STORE_CARRIED  "carried"  /* was released, and has ended */
struct store_deletion {
    int64_t number;           /* given by put */
    char key[EVENT_ID_MAX];   /* of the record that is gone */
    char id[EVENT_ID_MAX];    /* the event's; "" while only looked for */
    char source[16];          /* hubspot | salesforce */
    char kind[32];            /* of the link */
    char other[EVENT_ID_MAX]; /* key of the record that would be deleted */
    char verdict[16];
    int64_t found_at;  /* when it was found to be gone */
    int64_t judged_at; /* when it got its verdict */
    struct span event; /* borrowed for the call; absent: LOOKED, CARRIED */
};
int store_deletion_get(struct store *store, const char *key,
                       struct store_deletion *out,
                       struct error *err); /* 1/0/-1; without the event */
/* Replaces the one of the same key. */
int store_deletion_put(struct store *store, struct store_deletion *deletion,
                       struct error *err);
int store_deletion_drop(struct store *store, const char *key,
                        struct error *err);
/* Those with this verdict, of one source or of all (NULL), oldest first. fn
 * must not use the store, and returns non-zero to stop. */
int store_deletion_each(struct store *store, const char *source,
                        const char *verdict,
                        int (*fn)(void *ctx, const struct store_deletion *d),
                        void *ctx, struct error *err);
/* Give all with the verdict `from` another; of one source or of all (NULL).
 * Returns how many, or -1. */
int store_deletion_judge(struct store *store, const char *source,
                         const char *from, const char *to, int64_t at,
                         struct error *err);
/* This one is to be sent, whatever its verdict was. */
int store_deletion_allow(struct store *store, int64_t number, int64_t at,
                         struct error *err);
/* The event of one has ended: a released one is kept as carried, others go. */
int store_deletion_end(struct store *store, int64_t number, struct error *err);
/* Of one source or of all (NULL). */
struct store_deletion_counts {
    int64_t looked, pending, held;
    int64_t to_send;  /* allowed, forgotten, released */
    int64_t released; /* and carried, since `since` */
};
int store_deletion_count(struct store *store, const char *source, int64_t since,
                         struct store_deletion_counts *out, struct error *err);
/* Forget those that were carried before `before`. */
int store_deletion_trim(struct store *store, int64_t before, struct error *err);

/* Intents: a record is being made for another one, or was when the process
 * died: whether it is there has to be looked up before it is made again. */
struct store_intent {
    char key[EVENT_ID_MAX]; /* of the record that is there:
                               salesforce:Task:00T... */
    int64_t at;             /* when the call was made */
    char what[32];          /* what is made of it, if that does not say of which
                               record it was made: hubspot:call; else "" */
    int64_t version;        /* of that record, ms; 0: not known */
    struct span decision;   /* that it is made by (writer/decision.h); as the
                               snapshot of a store_link */
};
int store_intent_get(struct store *store, const char *key,
                     struct store_intent *out, struct error *err); /* 1/0/-1 */
int store_intent_put(struct store *store, const struct store_intent *intent,
                     struct error *err);
int store_intent_drop(struct store *store, const char *key, struct error *err);
/* Is there one that makes this, put since then, of which it is not known how it
 * ended? That is: since then no event of that version of the record, or of a
 * later one, has. 1/0/-1 */
int store_intent_open(struct store *store, const char *what, int64_t since,
                      struct error *err);

/* Conflicts: a value that gave way to another. */
struct store_conflict {
    int64_t number;          /* given by put */
    char key[EVENT_ID_MAX];  /* the link's */
    char property[128];      /* "": the whole record */
    const char *kept, *lost; /* borrowed for the call */
    char kept_side[16];      /* hubspot | salesforce */
    int64_t at;
    int64_t flipped_at; /* a person took the lost value; 0: the kept one stands
                         */
};
int store_conflict_put(struct store *store, struct store_conflict *conflict,
                       struct error *err);
/* Those of a link, or all (`key` NULL), oldest first. fn returns non-zero to
 * stop. */
int store_conflict_each(struct store *store, const char *key,
                        int (*fn)(void *ctx, const struct store_conflict *c),
                        void *ctx, struct error *err);
/* The other value stands from now on; `at` 0: the kept one again. Also when
 * there is no such conflict. */
int store_conflict_flip(struct store *store, int64_t number, int64_t at,
                        struct error *err);

/* Outcomes: the last end of each version of each record. `kind` and `at` go
 * with it. Put replaces the row with the same id, but for a contact that was
 * known and is not told again. */
struct store_outcome {
    struct outcome o; /* trace is stored; on reading borrowed for the call */
    char key[EVENT_ID_MAX];
    char kind[32];
    char contact[EVENT_WHOM_SIZE]; /* as event_whom() */
    int64_t at;
    int64_t occurred_at;
};
int store_outcome_put(struct store *store, const struct store_outcome *outcome,
                      struct error *err);
/* Has the event of this id ended? 1: `outcome` and `reason` filled; 0; -1. */
int store_outcome_get(struct store *store, const char *id,
                      struct store_outcome *out, struct error *err);
/* All outcomes whose id or key is `text`, or whose key ends in ":text"; newest
 * first. */
int store_outcome_find(struct store *store, const char *text,
                       int (*fn)(void *ctx, const struct store_outcome *o),
                       void *ctx, struct error *err);
/* How many ended how: one row a kind, outcome and reason. */
struct store_count {
    char kind[32], outcome[16], reason[64];
    int64_t n;
};
int store_outcome_counts(struct store *store,
                         int (*fn)(void *ctx, const struct store_count *c),
                         void *ctx, struct error *err);
/* How the versions of records have ended, in a row for each quarter of an hour,
 * kind and source, and each contact if they are told apart. A record is counted
 * once, with all of its versions, where the newest of them that says when it
 * happened has it. Ordered by contact, kind, source and quarter. Whom a contact
 * is tied to by now is that contact. */
struct store_quarter_filter {
    bool by_contact;
    const char *contact; /* that hang on this one alone; NULL: all */
};
struct store_quarter {
    char contact[EVENT_WHOM_SIZE]; /* "": not told apart, or not known */
    char kind[32], source[16];
    int64_t from; /* its begin, ms; 0: of no version it is known */
    bool is_day;  /* they are Tasks of Salesforce, of which nothing but the day
                     is known: that of `from` in UTC */
    int64_t records, versions;
    int64_t written, unchanged, dropped, dead; /* of the versions */
};
int store_outcome_quarters(struct store *store,
                           const struct store_quarter_filter *filter,
                           int (*fn)(void *ctx, const struct store_quarter *q),
                           void *ctx, struct error *err);
/* Drop outcomes older than `before`, the oldest first, at most `limit` a call;
 * not that of an event that is a dead letter. Returns how many. */
int store_outcome_trim(struct store *store, int64_t before, int limit,
                       struct error *err);

/* Dead letters: the whole event, as the fetcher sent it. What can be done about
 * one stands in dead_class.h. */
struct store_dead {
    int64_t number; /* given by put */
    char id[EVENT_ID_MAX], key[EVENT_ID_MAX];
    char kind[32], stage[64], reason[64], detail[512];
    int64_t tries;        /* put adds those of a letter that was there */
    int64_t at, first_at; /* last and first time it was given up */
    bool is_retrying;     /* a retry was asked for and is not decided yet */
    struct span event;    /* borrowed for the call */
};
/* The same id again replaces the letter, but for its number, its first time and
 * its tries. */
int store_dead_put(struct store *store, struct store_dead *dead,
                   struct error *err);
/* Letters that fit all filters that are not NULL/0, oldest first. fn must not
 * use the store, and returns non-zero to stop. */
struct store_dead_filter {
    int64_t number, since; /* since: of `at` */
    const char *kind, *reason, *stage;
    const char *source; /* hubspot | salesforce */
    const char *text;   /* as in outcome_find */
    bool retrying_only;
    bool without_event; /* do not read the events */
};
int store_dead_each(struct store *store, const struct store_dead_filter *filter,
                    int (*fn)(void *ctx, const struct store_dead *dead),
                    void *ctx, struct error *err);
/* How many there are, without that of the event `but` (NULL: of none). */
int store_dead_count(struct store *store, const char *but, int64_t *n,
                     struct error *err);
/* Ask for another try of a letter; take it away. 1: done, 0: there is none. */
int store_dead_retry(struct store *store, int64_t number, struct error *err);
int store_dead_drop(struct store *store, int64_t number, struct error *err);

/* Counters: a number by name (an e-mail's opens). get: 0 when there is none. */
int store_counter_get(struct store *store, const char *name, int64_t *out,
                      struct error *err);
int store_counter_put(struct store *store, const char *name, int64_t value,
                      struct error *err);

/* API calls of a service on a day (days since 1970 UTC): add, and what stands
 * after that. */
int store_api_add(struct store *store, const char *service, int64_t day,
                  int64_t calls, int64_t *total, struct error *err);

/* What a service itself has counted, of all apps of the account, by its last
 * answer that said so. */
struct store_quota {
    int64_t used, allowed; /* calls in its day; allowed 0: it has not said */
    int64_t at;
};
int store_quota_get(struct store *store, const char *service,
                    struct store_quota *out, struct error *err); /* 1/0/-1 */
int store_quota_put(struct store *store, const char *service,
                    const struct store_quota *quota, struct error *err);

/* Access tokens: what a sign-in has given, for all processes of a pipeline. All
 * of it is a secret. */
#define STORE_TOKEN_MAX 4096
struct store_token {
    char service[16];              /* hubspot | salesforce */
    char owner[65];                /* of what it was got with (token.h) */
    char access[STORE_TOKEN_MAX];  /* "": none */
    char refresh[STORE_TOKEN_MAX]; /* the service has given one; "": no */
    char instance[512], user[32];  /* of Salesforce */
    int64_t renew_at;              /* ms since 1970 UTC; 0: not known */
};
int store_token_get(struct store *store, const char *service,
                    struct store_token *out, struct error *err); /* 1/0/-1 */
/* Nobody renews it from then on. */
int store_token_put(struct store *store, const struct store_token *token,
                    struct error *err);
/* One at a time renews a service's token, and has until then (ms since 1970
 * UTC). `holder` is any number of its own. 1: it is this one, 0: another, -1 */
int store_token_hold(struct store *store, const char *service, int64_t holder,
                     int64_t now, int64_t until, struct error *err);
int store_token_leave(struct store *store, const char *service, int64_t holder,
                      struct error *err);

#endif
