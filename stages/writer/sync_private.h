/* sync_private: what the files of sync share. */
#ifndef WRITER_SYNC_PRIVATE_H
#define WRITER_SYNC_PRIVATE_H

#include "stages/writer/sync.h"

#include <cJSON.h>

/* One event whose turn it is. */
struct job {
    struct held *held;
    struct event ev;
    struct decision decision;
    const struct write *write; /* the next; NULL: all are done */
    bool has_link;
    int64_t linked_at;             /* when the link was saved; 0: none */
    char salesforce[EVENT_ID_MAX]; /* key of that record; "": not known */
    const char *salesforce_id;     /* in it */
};

/* ---- sync.c ---- */

/* The next write of each is done: on to the one behind it, or the pair is saved
 * and the event ends. */
void sync_done(struct writer *w, struct held *const *done, size_t n);
/* What was decided is out of date. */
void sync_again(struct writer *w, struct held *h, const char *why);

/* ---- sync_intent.c: records that are being made ---- */

/* The key of the record that another one is made of. Borrowed. */
const char *sync_made_of(const struct job *job);
/* How. */
struct making {
    bool repeats;  /* an upsert, which may be done twice */
    bool is_named; /* the record says of which one it was made */
};
/* Note that they are to be made. Those for which that was noted before have to
 * be looked for first: they get that phase. -1: failed. */
int sync_intend(struct writer *w, struct job *jobs, size_t n,
                struct making how);
/* They were not made by the last call, for sure. */
void sync_forget(struct writer *w, struct held *const *helds, size_t n);
/* It may have been made. If the call is not to be repeated it is looked for, in
 * a while. */
void sync_unsure(struct writer *w, struct held *h, bool repeats);

/* ---- sync_salesforce.c, sync_hubspot.c ---- */

void sync_salesforce(struct writer *w, struct job *jobs, size_t n);
void sync_hubspot(struct writer *w, struct job *jobs, size_t n);

/* Is there a unique property? HUBSPOT_UNIQUE_UNASKED: it cannot be had now,
 * which is seen to. */
enum hubspot_unique sync_unique(struct writer *w, enum activity activity);

/* A call that came to nothing, or may have: what it means for the service. What
 * is in hand stays there. `first` of the n in the call; NULL, 0: a call without
 * any. Not for HUBSPOT_OK, REFUSED, NOPERM. */
void sync_hubspot_trouble(struct writer *w, struct held *first, size_t n,
                          const struct hubspot_answer *answer);

/* ---- sync_check.c ---- */

/* Of jobs that change or delete: end those whose record has moved on since it
 * was read. false: not answered, which is seen to; all stay in hand. */
bool sync_check(struct writer *w, const struct job *jobs, size_t n);
/* Which of these jobs, all of one kind, change a HubSpot record that is not
 * there any more? false: likewise. */
bool sync_find_gone(struct writer *w, const struct job *const *jobs, size_t n,
                    bool *is_gone);

/* ---- sync_conflicts.c: values that give way are kept before they do ---- */

/* Of jobs that change or delete. false: the state failed, which is seen to. */
bool sync_conflicts(struct writer *w, const struct job *jobs, size_t n);
/* Keep a decision's conflicts with a link, but for those that were kept since
 * it was saved last (ms since 1970 UTC). -1: failed. */
int sync_conflicts_save(struct writer *w, const char *link, int64_t since,
                        struct span conflicts, struct error *err);

/* ---- sync_look.c: is the record there that may have been made? ---- */

void sync_look(struct writer *w, struct job *jobs, size_t n);

/* ---- sync_named.c: records that bear a unique name ---- */

/* The one of a job that makes a record. Borrowed. */
const char *sync_name(const struct job *job);
/* {name: id} of those that are there, for such jobs of one kind; the caller
 * frees. NULL: not answered, or refused, which is seen to. */
cJSON *sync_named(struct writer *w, const struct job *const *jobs, size_t n);

/* ---- sync_ties.c: what a record hangs on ---- */

void sync_ties(struct writer *w, struct job *jobs, size_t n);

/* What a write ties its record to, or unties it from. */
struct tie_list {
    struct hubspot_tied *ties;
    size_t n, size;
};
/* Caller frees with tie_list_fini(). */
void tie_list_read(const struct write *write, struct tie_list *out);
void tie_list_read_unties(const struct write *write, struct tie_list *out);
void tie_list_fini(struct tie_list *list);

#endif
