/* hubspot: calls to HubSpot's API: the token, the paths of a version, rate
 * limits, the day's budget, tries. For the fetcher and the writer.
 *
 * Every call waits for its turn ([hubspot] rate in any 10 s; of these no more
 * than association_rate at associations; search_rate in any second), which all
 * processes share, and counts in the state's api_calls. hubspot_read() tries
 * 429, 423, 477, 5xx and lost answers again ([delivery] max_tries, retry_min,
 * retry_max, what the answer asks for), with the control socket served
 * meanwhile. hubspot_call() makes one try: who writes knows what may be
 * repeated. */
#ifndef COMMON_HUBSPOT_H
#define COMMON_HUBSPOT_H

#include "common/around.h"
#include "common/budget.h"
#include "common/conf.h"
#include "common/outage.h"
#include "common/store.h"
#include <cJSON.h>

struct hubspot;

/* The property of an activity that holds the id of its Salesforce record, where
 * the account has one. */
#define HUBSPOT_SALESFORCE_ID "crmpipe_salesforce_id"

/* `store` keeps the day's calls; NULL: they are only counted here. `breathe` as
 * in http.h: false asks a wait to end early. -1: EX_CONFIG (no token). */
int hubspot_open(const struct conf *conf, struct store *store,
                 bool (*breathe)(void *ctx), void *ctx, struct hubspot **out,
                 struct error *err);
void hubspot_close(struct hubspot *hs);

/* What the paths of the configured api_version are called. */
enum hubspot_api {
    HUBSPOT_OBJECTS,      /* + "/calls/search": /crm/objects/2026-09 or
                             /crm/v3/objects */
    HUBSPOT_ASSOCIATIONS, /* + "/calls/contacts/batch/read" */
    HUBSPOT_PROPERTIES,   /* + "/contacts" */
    HUBSPOT_OWNERS,
    HUBSPOT_EVENTS, /* /events/event-occurrences/2026-09 */
    HUBSPOT_FORMS,
    HUBSPOT_LISTS, /* + "/records/memberships/batch/read" */
    HUBSPOT_OAUTH, /* + "/token" */
    HUBSPOT_ROOT   /* "": paths without a version of that table */
};

/* Make a call that reads. `tail` follows the API's path and is encoded already
 * (query included); `body` NULL: GET, else POST. 0: *out is the parsed answer
 * of a 2xx (207 included), caller frees with cJSON_Delete(). -1, err->code:
 *   EX_CONFIG    401: the token is refused
 *   EX_NOPERM    403: tier or scope (the service's words, the scopes it wants)
 *   EX_DATAERR   400, 404 and the other 4xx: this call makes no sense to it
 *   EX_TEMPFAIL  given up for now: out of tries, the day's budget is spent, or
 *                a stop came meanwhile
 *   EX_PROTOCOL  an answer that is no JSON, again and again */
int hubspot_read(struct hubspot *hs, enum hubspot_api api, const char *tail,
                 const cJSON *body, cJSON **out, struct error *err);

/* How one call ended. */
enum hubspot_end {
    HUBSPOT_OK,      /* 2xx, 207 included */
    HUBSPOT_REFUSED, /* 4xx: this call makes no sense to it; nothing was done */
    HUBSPOT_RETRY,   /* nothing came of it for now: 429, 423, 477, no
                        connection; 5xx and lost answers of what only reads */
    HUBSPOT_UNSURE,  /* it may have been done: 5xx, a lost, cut or unreadable
                        answer. Look before a create is repeated */
    HUBSPOT_PAUSE,   /* the day's calls are spent: ours or the account's */
    HUBSPOT_CONFIG,  /* 401: the token is refused */
    HUBSPOT_NOPERM   /* 403: tier or scope */
};

struct hubspot_answer {
    enum hubspot_end end;
    int status;        /* HTTP; 0: no answer */
    cJSON *json;       /* the body, of errors too; NULL: none, or no JSON. Of
                          what only reads never NULL with HUBSPOT_OK */
    char code[64];     /* category, or policyName of a 429; or a name of ours:
                          no-answer, bad-answer, HTTP_NNN, daily-api-limit,
                          stopped, state */
    char message[512]; /* one line, no secret; the scopes it wants included */
    int64_t retry_after_ms; /* -1: the service did not say */
};

/* Make one try of one call that may write. `tail` as for hubspot_read(); `body`
 * may be NULL. Waits for its turn; a stop meanwhile is HUBSPOT_RETRY, code
 * "stopped". Always fills `out`; end it with hubspot_answer_fini(). */
void hubspot_call(struct hubspot *hs, const char *method, enum hubspot_api api,
                  const char *tail, const cJSON *body,
                  struct hubspot_answer *out);
void hubspot_answer_fini(struct hubspot_answer *answer);

/* What is asked around each hubspot_read(); copied. */
void hubspot_around(struct hubspot *hs, const struct around *around);

/* Calls made by this process. */
int64_t hubspot_calls(const struct hubspot *hs);
/* The rest that the service wants by its last answer to a reading call, ms; <
 * 0: none. */
int64_t hubspot_rest_ms(const struct hubspot *hs);
/* A call has been waiting for its answer for long: an outage of this moment,
 * for outage_pack(). */
bool hubspot_is_slow(const struct hubspot *hs, struct outage *out);
/* What has been spent, and what the account itself has left. Borrowed. */
const struct budget *hubspot_budget(const struct hubspot *hs);
/* The service's clock, ms since 1970 UTC: ours, or by its Date header when the
 * two differ by more than 2 s. */
int64_t hubspot_now_ms(const struct hubspot *hs);

/* Is it a record's id? In a batch one that is none makes HubSpot refuse all. */
bool hubspot_is_id(const char *id);

#endif
