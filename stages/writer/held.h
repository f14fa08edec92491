/* held: the events that the writer has in hand, from when they came until they
 * have ended.
 *
 * An event that is in hand already and comes again (a resend) joins the one
 * that is there: both end together, each with its own seq. */
#ifndef WRITER_HELD_H
#define WRITER_HELD_H

#include "common/event.h"
#include "common/stage.h"
#include "stages/writer/batch.h"
#include "stages/writer/decision.h"
#include "stages/writer/pair.h"
#include <stdbool.h>

/* Where an event of the activity sync is with its next write. */
enum held_phase {
    HELD_WRITE,
    HELD_LOOK, /* it may have been done: look whether the record is there */
    HELD_TIES  /* it is there: tie it to contacts and companies */
};

struct held {
    struct batch_item item; /* item.key is `key` */
    char *id, *key;
    uint8_t *bytes; /* the encoded event, without its native record */
    size_t len;
    uint8_t *came_as; /* bytes before another decision took the place of the
                         event's own: a job may still borrow them; or NULL */
    uint64_t id_hash;
    uint64_t *seqs; /* of the event and of those that joined it */
    size_t n_seqs, seqs_size;

    int64_t good_seen;    /* answered calls, when it last failed alone; -1 */
    int asked;            /* how often the service has answered for it */
    int tries;            /* of them, failures that count */
    bool without_subtype; /* there is a task already */
    bool was_duplicate;   /* the race for its key was lost once */
    char contact[20];     /* its lead became this contact; "": no */

    /* Of the activity sync. */
    bool is_activity;
    enum activity activity; /* its kind */
    enum held_phase phase;
    size_t next;               /* of its writes; those before it are done */
    struct pair_made made;     /* by them */
    char intent[EVENT_ID_MAX]; /* key of the one in the state; "": none */
    bool is_unsure;            /* what it is for may have been made */
    bool is_of_before;         /* it was, of another version of the record */
    bool ties_apart;           /* one that it is tied to is gone: not at once */
    bool may_be_gone;          /* since it was to be tied or untied */
    char target[64];           /* of its first write, when that is done */
    int64_t n_conflicts;       /* that were saved with the pair */
    bool is_late;              /* its other record has a pair by now */
    char group[48];            /* what item.group is */
};

struct hand {
    struct held **held; /* in the order of their arrival */
    size_t n, size;
};

/* Take an event over: a copy, or joined to what is there. */
void hand_take(struct hand *hand, const struct event *ev);
/* Has another event that is in hand made this HubSpot record? Records of two
 * kinds may have one id. */
bool hand_has_made(const struct hand *hand, const struct held *but,
                   enum activity activity, const char *id);
/* Index of the event's bytes; end with event_fini(). */
void held_event(const struct held *h, struct event *ev);
/* The event goes into the group of its phase and next write (NULL: all are
 * done), which may go at once. */
void held_turn(struct held *h, enum held_phase phase, const struct write *next);
/* Its record is there already, made by this decision (copied), which takes the
 * place of the event's own: what is missing of it is next. `id` is the
 * record's. false: that is no such decision; nothing is changed. */
bool held_made_before(struct held *h, struct span decision, const char *id);
/* End it: stage_end_later() once for each seq, with what `o` says (outcome,
 * reason, target, detail); everything else is filled in. Marks it as ended; it
 * leaves the hand with hand_sweep(). */
void held_end(struct stage_ctx *ctx, struct held *h, struct outcome *o);
/* Free those that have ended. */
void hand_sweep(struct hand *hand);
/* Put those behind all others (so that others are tried before them). `chosen`:
 * n ascending indices. */
void hand_to_back(struct hand *hand, const size_t *chosen, size_t n);
void hand_fini(struct hand *hand);

#endif
