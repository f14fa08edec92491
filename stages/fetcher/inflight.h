/* inflight: the events of a fetcher from when a feed gave them until they have
 * ended. Pure: the clock is an argument.
 *
 * An event waits for its first sending, then it is under way until its outcome
 * is back; at most `max` are under way at a time. It is due again when nothing
 * was heard of it for a while, or at once when a stage behind has restarted.
 * One that was given up while there was no room for a dead letter is parked;
 * when `max` are, feeds have to wait. One that lacks something that has to be
 * asked for is unlisted: it is not sent until it has it. */
#ifndef FETCHER_INFLIGHT_H
#define FETCHER_INFLIGHT_H

#include "common/codec.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inflight_item {
    uint64_t seq;
    char *id;
    uint8_t *bytes; /* the encoded event */
    size_t len;
    int feed;         /* whose it is; < 0: no feed's */
    uint64_t page;    /* of that feed's checkpoint; of no feed's its number */
    int64_t sent_ms;  /* last time; INFLIGHT_NOW: is due at once */
    int64_t first_ms; /* first time */
    uint32_t n_sent;
    bool was_sent, is_parked, is_unlisted;
    /* the table's own */
    struct inflight_item *by_seq, *by_id, *prev, *next;
};

#define INFLIGHT_NOW INT64_MIN

/* As a feed: a dead letter that is tried again; a deletion that waited. */
#define INFLIGHT_LETTER   (-1)
#define INFLIGHT_DELETION (-2)

struct inflight_queue {
    struct inflight_item *head, *tail;
    size_t n;
};

struct inflight {
    struct inflight_item **seqs, **ids; /* buckets */
    size_t n_buckets;
    size_t max;
    struct inflight_queue waiting;  /* never sent, in their order */
    struct inflight_queue sent;     /* the one sent longest ago first */
    struct inflight_queue parked;   /* in the order of their parking */
    struct inflight_queue unlisted; /* likewise */
};

/* `max` >= 1 events under way. */
void inflight_init(struct inflight *f, size_t max);
void inflight_fini(struct inflight *f);

/* Take up an event that waits; copies id and bytes. `seq` was not used before.
 * Borrowed: valid until inflight_take(). */
struct inflight_item *inflight_add(struct inflight *f, uint64_t seq,
                                   const char *id, struct span event, int feed,
                                   uint64_t page);
/* NULL: there is none. Borrowed. */
struct inflight_item *inflight_find(const struct inflight *f, uint64_t seq);
struct inflight_item *inflight_find_id(const struct inflight *f,
                                       const char *id);
/* Is any version of this record in it? */
bool inflight_has_key(const struct inflight *f, const char *key);
/* It has ended: out of the table. Caller frees with inflight_free(). */
void inflight_take(struct inflight *f, struct inflight_item *item);
void inflight_free(struct inflight_item *item);

/* What is to be sent now: first what is due again, then what waits as long as
 * fewer than max - `held` are under way; of no feed, but a dead letter that is
 * tried again, when `max` are parked. NULL: nothing. */
struct inflight_item *inflight_next(const struct inflight *f, int64_t now_ms,
                                    int64_t resend_after_ms, size_t held);
/* It was sent. */
void inflight_sent(struct inflight *f, struct inflight_item *item,
                   int64_t now_ms);
/* All that was sent before `since_ms` and is under way is due at once. */
void inflight_again(struct inflight *f, int64_t since_ms);
/* It is under way no more, and not due: there is no room for it. */
void inflight_park(struct inflight *f, struct inflight_item *item);
/* There is room for n: the n parked first are due at once. */
void inflight_unpark(struct inflight *f, size_t n);
/* It is not to be sent, or sent again, before inflight_list(). Nothing happens
 * to one that is parked. */
void inflight_unlist(struct inflight *f, struct inflight_item *item);
/* An unlisted one may be sent, as this event; copies it. */
void inflight_list(struct inflight *f, struct inflight_item *item,
                   struct span event);
/* This one is under way no more: it is due at once. */
void inflight_back(struct inflight *f, struct inflight_item *item);
/* What was sent first of all that is under way; NULL: nothing is. Borrowed. */
const struct inflight_item *inflight_oldest(const struct inflight *f);
/* In how many ms something is due again; -1: nothing is under way. */
int64_t inflight_due_ms(const struct inflight *f, int64_t now_ms,
                        int64_t resend_after_ms);

#endif
