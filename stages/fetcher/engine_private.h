/* engine_private: what the engine's files share: engine.c (life, schedule),
 * poll.c (one poll of one feed), emit.c (what feeds give), holding.c (deletions
 * that wait), lists.c (contact lists), ending.c (outcomes, commits), letters.c
 * (dead letters), report.c (figures), trouble.c (what lasts and a person has to
 * know). */
#ifndef FETCHER_ENGINE_PRIVATE_H
#define FETCHER_ENGINE_PRIVATE_H

#include "common/hubspot_lists.h"
#include "common/only.h"
#include "stages/fetcher/checkpoint.h"
#include "stages/fetcher/engine.h"
#include "stages/fetcher/guard.h"
#include "stages/fetcher/inflight.h"

#define ENGINE_FEEDS_MAX 16
#define ENGINE_NOTES_MAX 128   /* feeds and what lies below them */
#define ENGINE_OUTAGE_MS 60000 /* longest pause before it is tried again */

struct feed_state {
    const struct feed *feed;
    struct checkpoint checkpoint;
    cJSON *cursor;    /* of the next poll; NULL: the very first */
    int64_t due_ms;   /* monotonic */
    int tries;        /* failed polls in a row */
    bool is_done;     /* has given all there is (--once), or is switched off */
    bool has_more;    /* is known to have, or was not polled yet */
    int64_t expected; /* records known to come yet */
    struct error err; /* why it could not be read to its end (--once) */
};

/* An event that has ended; how it ended is not committed yet. */
struct ended {
    struct store_outcome row;
    uint8_t *trace;
    struct inflight_item *item; /* NULL: of an event that a person put in */
};

/* What a feed gave in the poll that runs. */
struct staged {
    uint64_t seq;
    char *id;
    uint8_t *bytes;
    size_t len;
};

/* A contact list that an `only` names. */
struct named_list {
    char name[ONLY_LIST_MAX + 1]; /* as it is written, without quotes */
    char id[HUBSPOT_LIST_ID];     /* "": not known now */
    int64_t until_ms;             /* monotonic; then it is looked up again */
    bool is_wanted, is_asked;     /* of the event, in the call, in hand */
};

struct engine {
    struct stage_ctx *ctx;
    struct engine_options options;
    struct feed_env env;
    struct feed_state feeds[ENGINE_FEEDS_MAX];
    int n_feeds;
    struct feed_state *polled; /* whose poll runs, or ran last */
    bool ends_when_written;    /* the output is a file: no outcomes come */
    uint64_t next_seq;
    struct inflight inflight;
    struct staged *staged;
    size_t n_staged, staged_size;
    struct named_list *lists;
    size_t n_lists;
    bool has_reread;          /* the config, since lists were asked for */
    struct feed_state asking; /* for contact lists; as a feed, but its tries,
                                 due_ms and err alone */
    struct ended *ended;
    size_t n_ended, ended_size;
    size_t n_dying; /* of those that have ended: new dead letters */
    int64_t letters_max;
    struct store_feed notes[ENGINE_NOTES_MAX];
    int n_notes;
    bool in_tx;
    bool is_done;           /* --once: the summary is written */
    int commit_tries;       /* failed commits in a row */
    bool has_put;           /* this transaction writes something */
    bool told_stuck;        /* of an event that has no outcome: it was told */
    int64_t state_since;    /* ms since 1970: the state fails; 0: it works */
    char state_detail[512]; /* why */
    int64_t watch_due_ms;
    enum side side; /* of the service */
    struct guard_rules guard;
    int64_t commit_due_ms, dead_due_ms, trim_due_ms;
    int64_t deletions_due_ms, recheck_due_ms;
    bool has_told_held; /* in this pass, of those held before it */
    int64_t moved_ms;   /* something has ended or was read */
    int64_t n_fetched, n_resent, n_skipped, n_conflicts;
    int slowness; /* how many times longer pauses are, to save calls */
    int64_t poll_interval_ms, resend_after_ms, sync_timeout_ms;
    cJSON *sum;
};

/* Transactions of the store; a second begin is none. */
int engine_begin(struct engine *e, struct error *err);
int engine_commit(struct engine *e, struct error *err);

/* poll.c */
void engine_poll(struct engine *e, struct feed_state *fs);
/* The rest that the service that is asked wants by its last answer, within
 * reason; < 0: none. */
int64_t engine_rest_ms(const struct engine *e);
/* How long until what is polled is tried again, growing with its failures. */
int64_t engine_pause_ms(const struct engine *e);
/* emit.c */
void engine_unstage(struct engine *e);
/* Set the state of a feed or of something below it; logged when it changes. */
void engine_note(struct engine *e, const char *name, const char *status,
                 const char *detail);
/* lists.c */
/* Does its kind's `only` name contact lists? Then it waits until it is known
 * whether its contacts are in them. */
void engine_unlist(struct engine *e, struct inflight_item *item);
/* Is it time to ask? */
bool engine_may_ask(const struct engine *e, int64_t now);
void engine_ask_lists(struct engine *e);
/* The config no longer names any: nothing fails for want of them. */
void engine_reload_lists(struct engine *e);
/* ending.c */
void engine_keep_progress(struct engine *e);
void engine_end_written(struct engine *e, struct inflight_item *item);
/* letters.c */
int engine_put_letter(struct engine *e, const struct ended *end,
                      struct error *err);
/* May it become a dead letter? */
bool engine_has_room(struct engine *e, const struct inflight_item *item);
/* It may not: it waits until it may. */
void engine_park(struct engine *e, struct inflight_item *item,
                 const struct outcome *o);
/* Try what waits for room again, as far as there is some by now. */
void engine_unpark(struct engine *e);
/* -1 (EX_TEMPFAIL): there is no room for a letter of the event `id`. */
int engine_need_room(struct engine *e, const char *id, struct error *err);
/* Take up letters that a person wants to see tried again; true: some are left
 * for another time. */
bool engine_retry_dead(struct engine *e);
/* holding.c */
/* Does a deletion wait in the state instead of being sent? 1: it does, `bytes`
 * of it; 2: it waits there already; 0: send it; -1. */
int engine_hold(struct engine *e, const struct event *ev, struct span bytes,
                struct error *err);
/* A record was seen alive in this version (0: newer than all): its deletion
 * that waits has come to nothing. */
int engine_unhold(struct engine *e, const char *key, int64_t version,
                  struct error *err);
/* Judge what waits, when all was read, and take up what may be sent. */
void engine_judge(struct engine *e);
/* How many of this source are held; 0 also when that cannot be read. */
int64_t engine_held(struct engine *e);
/* trouble.c: the state could not be written, or could. */
void engine_state_fails(struct engine *e, const struct error *err);
void engine_state_works(struct engine *e);
/* The event that is under way for too long; NULL: none. Borrowed. */
const struct inflight_item *engine_stuck(const struct engine *e,
                                         int64_t now_ms);
/* When it was sent first, in ms since 1970. */
int64_t engine_stuck_since(const struct inflight_item *item, int64_t now_ms);
/* Look whether there is one, and log it when that begins and ends. */
void engine_watch(struct engine *e, int64_t now_ms);
/* report.c */
void engine_count(struct engine *e, const struct outcome *o);
int engine_write_summary(struct engine *e, struct error *err);

#endif
