/* salesforce: see salesforce.h. One call, and what its answer means. Sign-in is
 * in salesforce_auth.c, queries in salesforce_query.c, the day's calls in
 * salesforce_limit.c. */
#include "common/salesforce.h"
#include "common/clock.h"
#include "common/json.h"
#include "common/salesforce_private.h"
#include "common/secret.h"
#include "common/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALL_TIMEOUT_MS 120000 /* 200 rows and an org full of triggers */

int
salesforce_open(const struct conf *conf, struct store *store,
                bool (*breathe)(void *ctx), void *ctx, struct salesforce **out,
                struct error *err)
{
    struct salesforce *sf = calloc(1, sizeof(*sf));

    if (sf == NULL)
        abort();
    sf->budget = (struct budget){
        .service = "salesforce",
        .store = store,
        .limit = conf_int(conf, "salesforce", "daily_api_limit")};
    sf->breathe = breathe;
    sf->ctx = ctx;
    snprintf(sf->version, sizeof(sf->version), "%s",
             conf_str(conf, "salesforce", "api_version"));
    sf->max_tries = (int)conf_int(conf, "delivery", "max_tries");
    sf->backoff.min_ms = conf_ms(conf, "delivery", "retry_min");
    sf->backoff.max_ms = conf_ms(conf, "delivery", "retry_max");
    if (sf->backoff.max_ms < sf->backoff.min_ms)
        sf->backoff.max_ms = sf->backoff.min_ms;
    if (salesforce_auth_read(sf, conf, err) < 0 ||
        http_open(breathe, ctx, &sf->http, err) < 0) {
        salesforce_close(sf);
        return -1;
    }
    *out = sf;
    return 0;
}

void
salesforce_close(struct salesforce *sf)
{
    if (sf == NULL)
        return;
    http_close(sf->http);
    secret_wipe(sf, sizeof(*sf));
    free(sf);
}

void
salesforce_around(struct salesforce *sf, const struct around *around)
{
    sf->around = *around;
}

int64_t
salesforce_now_ms(const struct salesforce *sf)
{
    return clock_now_ms() + sf->clock_offset_ms;
}

int64_t
salesforce_calls(const struct salesforce *sf)
{
    return sf->budget.calls;
}

bool
salesforce_is_slow(const struct salesforce *sf, struct outage *out)
{
    struct http_pending p;

    return http_is_pending(sf->http, &p) &&
           outage_of_call(out, "Salesforce", p.method, p.url, p.began, p.until,
                          clock_monotonic_ms());
}

const struct budget *
salesforce_budget(const struct salesforce *sf)
{
    return &sf->budget;
}

int64_t
salesforce_rest_ms(const struct salesforce *sf)
{
    return sf->rest_ms;
}

const char *
salesforce_user(const struct salesforce *sf)
{
    return sf->user;
}

const char *
salesforce_instance(const struct salesforce *sf)
{
    return sf->instance;
}

void
salesforce_answer_init(struct salesforce_answer *out)
{
    memset(out, 0, sizeof(*out));
    out->end = SALESFORCE_RETRY;
    out->retry_after_ms = -1;
}

void
salesforce_answer_fini(struct salesforce_answer *answer)
{
    cJSON_Delete(answer->json);
    answer->json = NULL;
}

void
salesforce_end(struct salesforce_answer *out, enum salesforce_end end,
               const char *code, const char *message)
{
    out->end = end;
    text_line(code, strlen(code), out->code, sizeof(out->code));
    text_line(message, strlen(message), out->message, sizeof(out->message));
}

/* The first error of an answer: data errors are an array of objects with
 * errorCode, row errors have statusCode, token errors are an object. */
static void
error_of(const cJSON *json, const char **code, const char **message)
{
    const cJSON *first = cJSON_IsArray(json) ? json->child : json;

    *code = json_str(first, "errorCode");
    if (*code == NULL)
        *code = json_str(first, "statusCode");
    if (*code == NULL)
        *code = json_str(first, "error");
    *message = json_str(first, "message");
    if (*message == NULL)
        *message = json_str(first, "error_description");
}

static bool
is_one_of(const char *code, const char *const *codes)
{
    for (; *codes != NULL; codes++)
        if (strcmp(code, *codes) == 0)
            return true;
    return false;
}

/* What a refusal means that came with a code of the service. */
static enum salesforce_end
end_of(int status, const char *code, const char *message)
{
    /* salesforce-api.md, 5.5 and 10 */
    static const char *const passing[] = {
        "SERVER_UNAVAILABLE",
        "UNABLE_TO_LOCK_ROW",
        "QUERY_TIMEOUT",
        "REQUEST_RUNNING_TOO_LONG",
        "UNKNOWN_EXCEPTION",
        "ORG_IN_MAINTENANCE",
        "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE",
        "FUNCTIONALITY_TEMPORARILY_UNAVAILABLE",
        NULL};
    static const char *const for_a_person[] = {"API_DISABLED_FOR_ORG",
                                               "API_CURRENTLY_DISABLED",
                                               "UNSUPPORTED_API_VERSION", NULL};

    if (strcmp(code, "REQUEST_LIMIT_EXCEEDED") == 0)
        return strstr(message, "Concurrent") != NULL ? SALESFORCE_RETRY
                                                     : SALESFORCE_PAUSE;
    if (status == 408 || status == 420 || status == 429 || status >= 500 ||
        is_one_of(code, passing))
        return SALESFORCE_RETRY;
    if (is_one_of(code, for_a_person))
        return SALESFORCE_CONFIG;
    return SALESFORCE_REFUSED;
}

/* An answer of an error status without a reason that we understand: of a proxy,
 * or of a service in maintenance. Only a too large request is our own fault. */
static void
read_unexplained(const struct http_response *res, struct salesforce_answer *out)
{
    bool too_large =
        res->status == 413 || res->status == 414 || res->status == 431;
    char code[32], words[128];

    snprintf(code, sizeof(code), "HTTP_%d", res->status);
    snprintf(words, sizeof(words), "status %d without a reason", res->status);
    salesforce_end(out, too_large ? SALESFORCE_REFUSED : SALESFORCE_RETRY, code,
                   words);
}

static void
read_answer(const struct http_response *res, struct salesforce_answer *out)
{
    const char *code, *message;
    struct error err;
    cJSON *json = NULL;

    out->status = res->status;
    out->retry_after_ms = res->retry_after_ms;
    if (res->result != HTTP_OK) {
        salesforce_end(out, SALESFORCE_RETRY, "no-answer", res->error);
        return;
    }
    if (res->body_len > 0)
        json = json_parse(res->body, res->body_len, &err);
    if (res->status >= 200 && res->status < 300) {
        out->json = json;
        if (json == NULL && res->body_len > 0)
            salesforce_end(out, SALESFORCE_RETRY, "bad-answer", err.text);
        else
            salesforce_end(out, SALESFORCE_OK, "", "");
        return;
    }
    error_of(json, &code, &message);
    if (code == NULL && res->status == 300)
        salesforce_end(out, SALESFORCE_REFUSED, "HTTP_300",
                       "more than one record has this external id");
    else if (code == NULL)
        read_unexplained(res, out);
    else
        salesforce_end(
            out, end_of(res->status, code, message != NULL ? message : ""),
            code, message != NULL ? message : "");
    cJSON_Delete(json);
}

/* Signing in anew would loop for ever (1.5). */
static bool
would_loop(const struct http_response *res)
{
    return strstr(res->body, "This session is not valid for use with the "
                             "REST API") != NULL ||
           strstr(res->body, "Connected app is not attached to Agent") != NULL;
}

static char *
make_url(const struct salesforce *sf, const char *path)
{
    bool is_absolute = strncmp(path, "/services/", 10) == 0;
    char *url;

    if (asprintf(&url, "%s%s%s%s", sf->instance,
                 is_absolute ? "" : "/services/data/v",
                 is_absolute ? "" : sf->version, path) < 0)
        abort();
    return url;
}

static void
make_call(struct salesforce *sf, const char *method, const char *path,
          const char *body, struct http_response *res)
{
    char authorization[SALESFORCE_SECRET_MAX + 32];
    const char *const headers[] = {authorization,
                                   "Content-Type: application/json",
                                   "Accept: application/json",
                                   "Sforce-Auto-Assign: FALSE",
                                   "Sforce-Call-Options: client=crmpipe",
                                   NULL};
    struct http_request req = {.method = method,
                               .headers = headers,
                               .body = body,
                               .body_len = body != NULL ? strlen(body) : 0,
                               .timeout_ms = CALL_TIMEOUT_MS};
    char *url = make_url(sf, path);

    snprintf(authorization, sizeof(authorization), "Authorization: Bearer %s",
             sf->token);
    req.url = url;
    http_call(sf->http, &req, res);
    secret_wipe(authorization, sizeof(authorization));
    free(url);
}

/* One call with the token that is there, or a new one. true: 401, and a new
 * sign-in may help. */
static bool
try_call(struct salesforce *sf, const char *method, const char *path,
         const char *body, struct salesforce_answer *out)
{
    struct http_response res;
    int64_t used, allowed;
    bool is_expired = false;

    if ((sf->token[0] == '\0' && !salesforce_sign_in(sf, out)) ||
        !salesforce_spend(sf, out))
        return false;
    make_call(sf, method, path, body, &res);
    if (res.date_ms > 0)
        sf->clock_offset_ms = clock_ahead_ms(res.date_ms, clock_now_ms());
    if (salesforce_read_usage(res.limit_info, &used, &allowed))
        budget_heed(&sf->budget, used, allowed);
    read_answer(&res, out);
    if (res.result == HTTP_OK && res.status == 401) {
        is_expired = !would_loop(&res);
        memcpy(sf->refused, sf->token, sizeof(sf->refused));
        secret_wipe(sf->token, sizeof(sf->token));
        /* No row is to blame for it: kept until somebody mends it, or it was a
         * matter of a moment. */
        out->end = is_expired ? SALESFORCE_RETRY : SALESFORCE_CONFIG;
    }
    http_response_fini(&res);
    return is_expired;
}

void
salesforce_call(struct salesforce *sf, const char *method, const char *path,
                const cJSON *body, struct salesforce_answer *out)
{
    char *text = NULL;

    salesforce_answer_init(out);
    if (body != NULL && (text = cJSON_PrintUnformatted(body)) == NULL)
        abort(); /* out of memory: the fetcher sends again */
    if (try_call(sf, method, path, text, out)) {
        salesforce_answer_fini(out);
        salesforce_answer_init(out);
        try_call(sf, method, path, text, out);
    }
    free(text);
}
