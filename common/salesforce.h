/* salesforce: calls to Salesforce's REST API: sign-in, renewal, the day's
 * budget, tries. For the fetcher, the writer and `check`.
 *
 * Signs in at the first call (client_credentials or refresh_token at
 * [salesforce] login_url; instance_url is where calls go then), again once a
 * call on any 401 but those that would loop (salesforce-api.md, 1.5). Every
 * call counts in the state's api_calls and never goes over daily_api_limit. */
#ifndef COMMON_SALESFORCE_H
#define COMMON_SALESFORCE_H

#include "common/around.h"
#include "common/budget.h"
#include "common/conf.h"
#include "common/http.h"
#include "common/outage.h"
#include "common/store.h"
#include <cJSON.h>

struct salesforce;

/* `store` keeps the day's calls; NULL: they are only counted here. `breathe` as
 * in http.h: false asks a wait to end early. -1: EX_CONFIG (a secret is
 * missing). Connects to nobody yet. */
int salesforce_open(const struct conf *conf, struct store *store,
                    bool (*breathe)(void *ctx), void *ctx,
                    struct salesforce **out, struct error *err);
void salesforce_close(struct salesforce *sf);

/* What is asked around each call of a query; copied. */
void salesforce_around(struct salesforce *sf, const struct around *around);

/* How one call ended. */
enum salesforce_end {
    SALESFORCE_OK,      /* 2xx: `json` is the answer (NULL for 204) */
    SALESFORCE_REFUSED, /* 4xx: `code` and `message` are the service's */
    SALESFORCE_RETRY,   /* nothing came of it for now: 5xx, 420, 429, no answer,
                           a concurrency limit; upserts may be sent again */
    SALESFORCE_PAUSE,   /* the day's quota is spent: ours or the org's */
    SALESFORCE_CONFIG   /* sign-in is refused: a person has to mend it */
};

struct salesforce_answer {
    enum salesforce_end end;
    int status; /* HTTP; 0: no answer */
    cJSON *json;
    char code[64];          /* errorCode, or a name of ours */
    char message[512];      /* one line, no secret */
    int64_t retry_after_ms; /* -1: the service did not say */
};

/* One try of one call (and one more after a renewed sign-in). `path` is behind
 * /services/data/vNN.N ("/query?q=..."), or absolute on the instance
 * ("/services/data/..."): nextRecordsUrl. `body` may be NULL. Always fills
 * `out`; end it with salesforce_answer_fini(). */
void salesforce_call(struct salesforce *sf, const char *method,
                     const char *path, const cJSON *body,
                     struct salesforce_answer *out);
void salesforce_answer_fini(struct salesforce_answer *answer);

/* Run SOQL to its end, all pages, with tries for what passes by ([delivery]
 * max_tries ...). `all`: queryAll. fn is called for each record; non-zero ends.
 * 0, or -1: EX_CONFIG, EX_NOPERM, EX_DATAERR (malformed or unknown field: the
 * service's words), EX_TEMPFAIL. */
int salesforce_query(struct salesforce *sf, const char *soql, bool all,
                     int (*fn)(void *ctx, const cJSON *record), void *ctx,
                     struct error *err);

/* How many records "SELECT COUNT() FROM ..." counts. 0, or -1 as above. */
int salesforce_count(struct salesforce *sf, const char *soql, bool all,
                     int64_t *out, struct error *err);

/* Put a text into a SOQL string literal: quotes included, escaped. Caller
 * frees. */
char *salesforce_quote(const char *text);

/* One GET with such tries. 0 and the answer's JSON (caller frees with
 * cJSON_Delete(); NULL: it has none), or -1 as salesforce_query(). */
int salesforce_get(struct salesforce *sf, const char *path, cJSON **out,
                   struct error *err);

int64_t salesforce_calls(const struct salesforce *sf);
/* As hubspot_rest_ms(). */
int64_t salesforce_rest_ms(const struct salesforce *sf);
/* As hubspot_is_slow(). */
bool salesforce_is_slow(const struct salesforce *sf, struct outage *out);
/* As hubspot_budget(). */
const struct budget *salesforce_budget(const struct salesforce *sf);
/* The service's clock, as hubspot_now_ms(). */
int64_t salesforce_now_ms(const struct salesforce *sf);
/* The user id that it is signed in as, 18 characters; "": not signed in yet, or
 * the service did not say. Borrowed. */
const char *salesforce_user(const struct salesforce *sf);
/* The address of the org, "https://YOURS.my.salesforce.com"; "": not signed in
 * yet. Borrowed. */
const char *salesforce_instance(const struct salesforce *sf);
/* The org's time zone ("Europe/Berlin"): TimeZoneSidKey of Organization, asked
 * once; "UTC" and a warning when it cannot be had for good. -1: EX_TEMPFAIL,
 * EX_CONFIG. Borrowed. */
int salesforce_time_zone(struct salesforce *sf, const char **out,
                         struct error *err);

#endif
