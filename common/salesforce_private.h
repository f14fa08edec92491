/* salesforce_private: what salesforce.c (calls), salesforce_auth.c (sign-in),
 * salesforce_limit.c (the day's calls) and salesforce_query.c (SOQL) share. */
#ifndef COMMON_SALESFORCE_PRIVATE_H
#define COMMON_SALESFORCE_PRIVATE_H

#include "common/backoff.h"
#include "common/budget.h"
#include "common/salesforce.h"
#include "common/sf_id.h"
#include "common/token.h"

#define SALESFORCE_SECRET_MAX STORE_TOKEN_MAX

enum salesforce_grant {
    SALESFORCE_CLIENT_CREDENTIALS,
    SALESFORCE_JWT,
    SALESFORCE_REFRESH_TOKEN
};

struct salesforce {
    struct http *http;
    struct budget budget;
    bool (*breathe)(void *ctx);
    void *ctx;
    struct around around;

    /* Copied from the config: a reload may free it in the middle of a call. */
    char login_url[512];
    enum salesforce_grant grant;
    char version[16];
    int max_tries;
    struct backoff backoff;
    char client_id[SALESFORCE_SECRET_MAX];
    char client_secret[SALESFORCE_SECRET_MAX]; /* "": none */
    char refresh_token[SALESFORCE_SECRET_MAX];
    char username[256], audience[256];
    char private_key[2 * SALESFORCE_SECRET_MAX];

    char owner[65];                      /* token.h */
    char refused[SALESFORCE_SECRET_MAX]; /* the last token that was; "": none */
    char token[SALESFORCE_SECRET_MAX];   /* "": not signed in */
    char instance[512];                  /* without a slash at its end */
    char user[SF_ID_SIZE]; /* whom the token is of; "": not known */
    char zone[64];         /* "": not asked yet */
    int64_t clock_offset_ms;
    int64_t rest_ms; /* as of salesforce_rest_ms() */
};

/* Copy the credentials out of the config. 0 or -1 (EX_CONFIG). */
int salesforce_auth_read(struct salesforce *sf, const struct conf *conf,
                         struct error *err);
/* Get a token and the instance's URL. false: `out` says why not. */
bool salesforce_sign_in(struct salesforce *sf, struct salesforce_answer *out);
/* May one more call be made today? Counts it. false: `out` says why not. */
bool salesforce_spend(struct salesforce *sf, struct salesforce_answer *out);

/* What Sforce-Limit-Info says of the calls of the whole org in the last 24
 * hours (salesforce-api.md, 2). false: nothing. Pure. */
bool salesforce_read_usage(const char *info, int64_t *used, int64_t *allowed);

void salesforce_answer_init(struct salesforce_answer *out);
/* How the call ended, in words that came from outside: made one line of valid
 * text, cut to size. */
void salesforce_end(struct salesforce_answer *out, enum salesforce_end end,
                    const char *code, const char *message);

#endif
