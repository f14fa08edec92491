/* token: one access token of a service for all processes of a pipeline. It is
 * kept in the state; one of them renews it, the others wait and take what it
 * got. */
#ifndef COMMON_TOKEN_H
#define COMMON_TOKEN_H

#include "common/store.h"

/* What a token is got with, so that one of other credentials is not taken:
 * SHA-256 of the texts, in hex. `parts` ends with NULL. */
void token_owner(const char *const *parts, char owner[65]);

struct token_ask {
    struct store *store; /* NULL: nobody shares it */
    const char *service;
    const char *owner;
    const char *refused; /* a token that the service does not take; "": none */
    /* As in http.h; may be NULL. */
    bool (*breathe)(void *ctx);
    void *ctx;
    /* Sign in: fill access, renew_at and what else there is; `refresh` holds
     * the one that the service has given before, or "". false: it failed, which
     * it has told. */
    bool (*sign_in)(void *sign_in_ctx, struct store_token *token);
    void *sign_in_ctx;
};

/* A token that is not the refused one and need not be renewed yet: from the
 * state, or from signing in. 1: `out` has it; 0: the sign-in failed; -1: the
 * state failed, or a stop came (EX_TEMPFAIL). Wipe `out` after use. Not in a
 * transaction of the store. */
int token_obtain(const struct token_ask *ask, struct store_token *out,
                 struct error *err);

/* When a token that lives so long is to be renewed: a while before its end, ms
 * since 1970 UTC. `lifetime_s` <= 0: not known, 0. */
int64_t token_renew_at(int64_t now_ms, int64_t lifetime_s);
/* Is it time? */
bool token_is_due(int64_t renew_at, int64_t now_ms);

#endif
