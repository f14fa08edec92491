/* writer_private: what writer.c (when to send), send.c and sync.c (one call
 * and what follows from it) and rehearse.c (dry runs) share. */
#ifndef WRITER_WRITER_PRIVATE_H
#define WRITER_WRITER_PRIVATE_H

#include "common/outage.h"
#include "common/salesforce.h"
#include "stages/writer/held.h"
#include "stages/writer/hubspot/rows.h"
#include "stages/writer/hubspot/unique.h"
#include "stages/writer/record.h"
#include "stages/writer/writer.h"

/* How one of the two services does. One that is away does not stop writes into
 * the other. */
struct service {
    struct outage outage;
    size_t rows_most;     /* a call, at best */
    size_t rows_max;      /* of the next call; small after a call that failed */
    int64_t n_good;       /* calls that were answered */
    int64_t calls_before; /* of clients that a reload replaced */
};

struct writer {
    struct stage_ctx *ctx;
    bool is_live, is_dry;
    bool has_failed; /* stage_fail() was called */
    bool told_waiting;
    int64_t started_at;     /* ms since 1970 UTC */
    struct store *store;    /* NULL: a dry run without a state */
    struct store *accounts; /* of a dry run: counts calls; else NULL */
    struct salesforce *sf;  /* NULL: a dry run without credentials */
    struct hubspot *hs;     /* NULL: no activity is synced, or a dry run */
    struct rules rules;
    /* Of a reload, put in force between two calls. */
    bool has_next;
    struct salesforce *next_sf;
    struct hubspot *next_hs;
    struct rules next_rules;

    struct hand hand;
    size_t n_new; /* came since the last turn of work */
    struct service services[SIDE_COUNT];
    struct hubspot_uniques uniques;
    const char *zone; /* NULL: to be asked for */
    void *said;       /* lines of a dry run, a tree of tsearch() */

    int64_t n_batches, n_retries;
    int64_t n_again; /* events that were decided on what is out of date */
};

void writer_fail(struct writer *w, const struct error *err);
/* The zone for dates; false: it cannot be had now, which is dealt with. */
bool writer_zone(struct writer *w);

/* Send hand.held[chosen[0..n)], of the timeline, which are due. What ends,
 * ends. */
void send_batch(struct writer *w, const size_t *chosen, size_t n);

/* Dry run: say what would be written, and end the event. */
void rehearse(struct writer *w, struct event *ev);
void rehearse_end(struct writer *w); /* frees what it has noted */

#endif
