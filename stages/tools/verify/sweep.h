/* sweep: both sides compared whole, in two looks: what a first one finds may be
 * a change that is under way. */
#ifndef VERIFY_SWEEP_H
#define VERIFY_SWEEP_H

#include "common/org.h"
#include "stages/tools/verify/claims.h"

struct sweep_kind {
    struct mapping map;       /* with the associations */
    bool prefers_opportunity; /* related_to = opportunity */
    bool carries[SIDE_COUNT]; /* updated_in_SIDE = update */
    bool has_property;        /* HubSpot's records name their counterpart */
    char after[24];           /* the search goes on behind this id */
    int64_t total;            /* records that name one */
    bool is_searched;         /* to the end */
};

struct sweep {
    const struct conf *conf;
    struct store *store;
    struct services services;
    struct org org;
    const char *external_id;
    struct kinds kinds;
    struct claims_rules rules;
    struct sweep_kind kind[ACTIVITY_COUNT];
    struct links links;
    struct claims claims[SIDE_COUNT];
    struct findings findings;
    size_t n_wanted, n_checked; /* links */
    int64_t told[SIDE_COUNT];   /* calls, those made included */
};

/* Open all; connects to nobody yet. `store` and `conf` have to outlive it.
 * Caller ends with sweep_close(), also after -1 (EX_CONFIG). */
int sweep_open(struct sweep *s, const struct conf *conf, struct store *store,
               const struct kinds *kinds, struct error *err);
void sweep_close(struct sweep *s);
int64_t sweep_calls(const struct sweep *s, enum side side);

/* Read the links and what has to be known before: then s->told stands. May be
 * called again, for a new sweep. */
int sweep_begin(struct sweep *s, struct error *err);
/* The first look: s->findings. */
int sweep_look(struct sweep *s, struct error *err);
/* The second: only what stands out still is left. `plan` is first: its calls
 * are added to s->told. */
void sweep_plan_again(struct sweep *s);
int sweep_look_again(struct sweep *s, struct error *err);

/* ---- between its files ---- */

/* sweep_claims.c: HubSpot's property and the first page of each search; all
 * else. */
int sweep_claims_begin(struct sweep *s, struct error *err);
int sweep_claims_read(struct sweep *s, struct error *err);
/* Calls that sweep_claims_read() will make. */
void sweep_claims_plan(const struct sweep *s, int64_t calls[SIDE_COUNT]);
/* sweep_pairs.c: compare the records of these links, of either sync. */
int sweep_pairs(struct sweep *s, struct linked *const *links, size_t n,
                struct error *err);
/* Calls that this takes. */
void sweep_pairs_plan(const struct sweep *s, struct linked *const *links,
                      size_t n, int64_t calls[SIDE_COUNT]);

#endif
