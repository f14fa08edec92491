/* hubspot_private: what hubspot.c (calls), hubspot_auth.c (sign-in),
 * hubspot_answer.c (what answers mean) and hubspot_limit.c (when calls are
 * made) share. */
#ifndef COMMON_HUBSPOT_PRIVATE_H
#define COMMON_HUBSPOT_PRIVATE_H

#include "common/backoff.h"
#include "common/budget.h"
#include "common/hubspot.h"
#include "common/http.h"
#include "common/text.h"
#include "common/limiter_shared.h"
#include "common/token.h"

struct hubspot {
    struct http *http;
    struct budget budget;
    bool (*breathe)(void *ctx);
    void *ctx;
    struct around around;
    char base[512];
    char version[16];
    char auth[STORE_TOKEN_MAX + 32]; /* the header; a secret. "": to be got */
    int max_tries;
    struct backoff backoff;
    /* In any 10 s; searches in any second; of associations in any 10 s. */
    struct limiter_shared all, search, associations;
    int64_t rate; /* what `all` allows */
    int64_t clock_offset_ms;
    int64_t rest_ms; /* as of hubspot_rest_ms() */

    int n_refused; /* calls one after another that were answered with 401 */
    /* Of an OAuth app; else empty. */
    char client_id[512], client_secret[512];
    char refresh_token[STORE_TOKEN_MAX];
    char owner[65];                /* token.h */
    char refused[STORE_TOKEN_MAX]; /* the last token that was */
    int64_t renew_at;
};

void hubspot_answer_init(struct hubspot_answer *out);
/* How the call ended; `code` and `message` may come from outside: made one line
 * of valid text, cut to size. */
void hubspot_end(struct hubspot_answer *out, enum hubspot_end end,
                 const char *code, const char *message);
/* What an answer means. Pure. `reads`: the call changes nothing, so that it may
 * be repeated whatever came of it. Fills `out`, which was init'ed. */
void hubspot_judge(const struct http_response *res, bool reads,
                   struct hubspot_answer *out);

/* Copy the credentials out of the config. 0 or -1 (EX_CONFIG). */
int hubspot_auth_read(struct hubspot *hs, const struct conf *conf,
                      struct error *err);
/* There is a token that holds yet. false: `out` says why not. */
bool hubspot_auth_get(struct hubspot *hs, struct hubspot_answer *out);
/* A call was answered, with this status: what a 401 means. */
void hubspot_auth_heed(struct hubspot *hs, int status,
                       struct hubspot_answer *out);
/* Where an API's paths begin; appended. */
void hubspot_put_path(const struct hubspot *hs, enum hubspot_api api,
                      struct text *url);

/* Which of the service's limits a call counts in. */
enum hubspot_turn {
    HUBSPOT_TURN_CALL,
    HUBSPOT_TURN_SEARCH,     /* in none but its own */
    HUBSPOT_TURN_ASSOCIATION /* in its own, too */
};

int hubspot_limit_init(struct hubspot *hs, const struct conf *conf,
                       struct error *err);
void hubspot_limit_fini(struct hubspot *hs);
/* Wait for a call's turn and spend it. false: no call is to be made, `out` says
 * why: the day's calls are spent, the state cannot be written, a stop came. */
bool hubspot_limit_take(struct hubspot *hs, enum hubspot_turn turn,
                        struct hubspot_answer *out);
/* What the answer to such a call says of limits: those of the account are lower
 * than the configured ones; others have used them up, so that all processes
 * wait; how many of the day's calls the account has made. */
void hubspot_limit_heed(struct hubspot *hs, enum hubspot_turn turn,
                        const struct http_response *res,
                        const struct hubspot_answer *answer);
/* Wait in slices, breathing. -1, EX_TEMPFAIL: a stop came. */
int hubspot_wait(struct hubspot *hs, int64_t ms, struct error *err);

#endif
