/* simulate: two model services, their users, and a chain between them that does
 * what resolver and writer do around merge. No threads, no clock: one seed, one
 * course of things. */
#ifndef SIMULATE_H
#define SIMULATE_H

#include "stages/conflict-resolver/merge.h"
#include "common/ties.h"

#include <stdint.h>

#define SIM_PAIRS     7
#define SIM_TIE       6   /* the pair that is no property but a person */
#define SIM_RECORDS   64  /* of a side */
#define SIM_EVENTS    512 /* of a run */
#define SIM_IN_FLIGHT 8
#define SIM_CONFLICTS 256
#define SIM_NONE      (-1)

/* Values are kept until the end of the run, so anyone may hold on to them. That
 * of SIM_TIE are the names of people, in HubSpot many, in Salesforce one; what
 * they are to the merge is sim_tie_value()'s. */
struct sim_record {
    int64_t version; /* grows with each change */
    bool is_deleted;
    bool is_ours; /* the last change was the chain's */
    int origin;   /* the other side's record it was made of; SIM_NONE: a user
                     made it. The service keeps it unique. */
    const char *value[SIM_PAIRS];
    bool was_restored;    /* by a user, at some time */
    bool is_user_deleted; /* the last of a user's deletions and restorations */
};

/* One version of a record on its way. */
struct sim_event {
    enum side side;
    int id;
    bool is_ended;
    struct sim_record record;
};

struct sim_decision {
    int event;
    int link; /* SIM_NONE: none yet */
    int64_t link_version;
    int64_t seen[SIDE_COUNT]; /* the versions it was made on */
    bool is_deleted[SIDE_COUNT];
    const char *now[SIDE_COUNT][SIM_PAIRS];
    const char *agreed; /* HubSpot's person of the base */
    struct merge m;
};

struct sim_link {
    int64_t version;
    int id[SIDE_COUNT]; /* SIM_NONE: there is no such record yet */
    int64_t seen[SIDE_COUNT];
    struct merge_life life[SIDE_COUNT];
    const char *base[SIDE_COUNT][SIM_PAIRS];
    bool has_intent; /* what was about to be written when the writer died */
    struct sim_decision intent;
};

struct sim_conflict {
    int link, pair; /* SIM_NONE: of the whole records */
    enum merge_verdict verdict;
    enum side kept;
    const char *value[SIDE_COUNT];
};

struct sim_judge; /* what the judge remembers */

struct sim {
    uint64_t seed, random;
    bool is_loud;
    struct mapping map;
    struct merge_rules rules;
    bool has_users[SIDE_COUNT];
    bool has_crashes;
    int64_t clock;
    size_t n_records[SIDE_COUNT];
    struct sim_record record[SIDE_COUNT][SIM_RECORDS];
    size_t n_events, n_links, n_in_flight, n_conflicts;
    struct sim_event event[SIM_EVENTS];
    struct sim_link link[SIM_RECORDS * SIDE_COUNT];
    struct sim_decision in_flight[SIM_IN_FLIGHT];
    struct sim_conflict conflict[SIM_CONFLICTS];
    int n_actions, n_writes, n_crashes;
    int n_verdicts[MERGE_CLOSED + 1];         /* carried out or ended with */
    int n_pair_verdicts[MERGE_PAIR_LOST + 1]; /* carried out */
    int n_anew, n_superseded, n_unknown;
    struct sim_judge *judge;
    char failure[300]; /* empty: all is well */
    size_t n_texts, room_texts;
    char **texts;
};

/* ---- simulate_test.c ---- */

/* 0 .. n - 1 */
int sim_random(struct sim *sim, int n);
bool sim_chance(struct sim *sim, int percent);
/* Only the first failure is kept. */
void sim_fail(struct sim *sim, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A line of the course of things, if it is to be told. */
void sim_say(const struct sim *sim, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- simulate_service.c ---- */

const char *sim_keep(struct sim *sim, const char *text);
bool sim_same(const char *a, const char *b); /* NULL and "" are */
/* What the service makes of a value. */
const char *sim_given_back(struct sim *sim, enum side side, size_t pair,
                           const char *value);
/* A user of either side does something. */
void sim_user(struct sim *sim);
/* The chain's writes. The decision says which values. create returns the
 * record's id. */
int sim_create(struct sim *sim, enum side side, int origin,
               const struct sim_decision *d);
void sim_write(struct sim *sim, enum side side, int id,
               const struct sim_decision *d);
void sim_delete(struct sim *sim, enum side side, int id);
/* The record that was made of that one of the other side, or SIM_NONE. */
int sim_made_of(const struct sim *sim, enum side side, int origin);
/* The record as it is now, once more as an event. */
void sim_send(struct sim *sim, enum side side, int id);

/* ---- simulate_ties.c ---- */

/* A user's choice of people. */
const char *sim_invent_people(struct sim *sim, enum side side,
                              const char *before);
/* Is that person among them? */
bool sim_hangs_on(const char *people, const char *person);
/* Has the other side this person? */
bool sim_is_known(const char *person);
/* The one of them that the other side has; NULL: none. */
const char *sim_first_known(struct sim *sim, const char *people);
/* People as the value that the merge compares. */
const char *sim_tie_value(struct sim *sim, enum side side, const char *people,
                          const char *agreed);
/* HubSpot's people after a write of `value`. */
const char *sim_tie_moved(struct sim *sim, const char *people,
                          const char *agreed, const char *value);

/* ---- simulate_chain.c ---- */

void sim_resolve(struct sim *sim, int event);
/* Carry out a decision in flight; it may crash in the middle. */
void sim_carry_out(struct sim *sim, size_t decision);
/* What was in flight is gone. */
void sim_restart(struct sim *sim);

/* ---- simulate_judge.c: knows the services and the users, not the links ----
 */

void judge_open(struct sim *sim);
void judge_close(struct sim *sim);
/* A record's values have become this. */
void judge_note(struct sim *sim, enum side side, int id);
/* The chain is about to write `value` over the pair's value in that record. */
void judge_write(struct sim *sim, enum side side, int id, size_t pair,
                 const char *value);
void judge_delete(struct sim *sim, enum side side, int id);
/* All is quiet. */
void judge_end(struct sim *sim);

#endif
