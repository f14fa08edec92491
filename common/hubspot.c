/* hubspot: see hubspot.h. Calls, their tries, and what their answers mean; what
 * may be called when is in hubspot_limit.c. Limits, headers and error bodies:
 * hubspot-api.md, 9. */
#include "common/hubspot.h"
#include "common/clock.h"
#include "common/hubspot_private.h"
#include "common/json.h"
#include "common/log.h"
#include "common/secret.h"
#include "common/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN_MAX       2048
#define CALL_TIMEOUT_MS 100000 /* HubSpot itself gives up after 100 s */
#define LOCKED_MS       2000   /* 423: how long a lock lasts */
#define CLOCKS_AGREE_MS 2000

static int
read_token(struct hubspot *hs, const struct conf *conf, struct error *err)
{
    char token[TOKEN_MAX];
    int rv = secret_read(conf, "hubspot", "token", token, sizeof(token), err);

    if (rv == 0)
        snprintf(hs->auth, sizeof(hs->auth), "Authorization: Bearer %s", token);
    secret_wipe(token, sizeof(token));
    return rv;
}

int
hubspot_open(const struct conf *conf, struct store *store,
             bool (*breathe)(void *ctx), void *ctx, struct hubspot **out,
             struct error *err)
{
    struct hubspot *hs = calloc(1, sizeof(*hs));

    if (hs == NULL)
        abort();
    hs->budget =
        (struct budget){.service = "hubspot",
                        .store = store,
                        .limit = conf_int(conf, "hubspot", "daily_api_limit")};
    hs->breathe = breathe;
    hs->ctx = ctx;
    snprintf(hs->base, sizeof(hs->base), "%s",
             conf_str(conf, "hubspot", "api_base"));
    while (hs->base[0] != '\0' && hs->base[strlen(hs->base) - 1] == '/')
        hs->base[strlen(hs->base) - 1] = '\0';
    snprintf(hs->version, sizeof(hs->version), "%s",
             conf_str(conf, "hubspot", "api_version"));
    hs->max_tries = (int)conf_int(conf, "delivery", "max_tries");
    hs->backoff.min_ms = conf_ms(conf, "delivery", "retry_min");
    hs->backoff.max_ms = conf_ms(conf, "delivery", "retry_max");
    if (hs->backoff.max_ms < hs->backoff.min_ms)
        hs->backoff.max_ms = hs->backoff.min_ms;
    hubspot_limit_init(hs, conf);
    if (read_token(hs, conf, err) < 0 || http_check_url(hs->base, err) < 0 ||
        http_open(breathe, ctx, &hs->http, err) < 0) {
        hubspot_close(hs);
        return -1;
    }
    *out = hs;
    return 0;
}

void
hubspot_close(struct hubspot *hs)
{
    if (hs == NULL)
        return;
    http_close(hs->http);
    hubspot_limit_fini(hs);
    secret_wipe(hs, sizeof(*hs));
    free(hs);
}

void
hubspot_around(struct hubspot *hs, const struct around *around)
{
    hs->around = *around;
}

int64_t
hubspot_calls(const struct hubspot *hs)
{
    return hs->budget.calls;
}

int64_t
hubspot_now_ms(const struct hubspot *hs)
{
    return clock_now_ms() + hs->clock_offset_ms;
}

/* Date has whole seconds, so it tells nothing of a smaller difference. */
static void
compare_clocks(struct hubspot *hs, const struct http_response *res)
{
    int64_t offset = res->date_ms - clock_now_ms();

    if (res->date_ms > 0)
        hs->clock_offset_ms =
            offset > CLOCKS_AGREE_MS || offset < -CLOCKS_AGREE_MS ? offset : 0;
}

static void
put_path(const struct hubspot *hs, enum hubspot_api api, struct text *url)
{
    /* hubspot-api.md, 0.1; forms are dated as a beta only. */
    static const char *const v3[] = {"/crm/v3/objects",
                                     "/crm/v4/associations",
                                     "/crm/v3/properties",
                                     "/crm/v3/owners",
                                     "/events/v3/events",
                                     "/marketing/v3/forms",
                                     ""};
    static const char *const dated[] = {"/crm/objects/%s",
                                        "/crm/associations/%s",
                                        "/crm/properties/%s",
                                        "/crm/owners/%s",
                                        "/events/event-occurrences/%s",
                                        "/marketing/forms/%s-beta",
                                        ""};
    const char *at;

    if (strcmp(hs->version, "v3") == 0) {
        text_puts(url, v3[api]);
        return;
    }
    at = strstr(dated[api], "%s");
    if (at == NULL)
        return;
    text_putn(url, dated[api], (size_t)(at - dated[api]));
    text_puts(url, hs->version);
    text_puts(url, at + 2);
}

/* Append the service's words as one line without control characters. */
static void
put_words(struct text *to, const char *words)
{
    size_t from = to->len;

    text_put_valid(to, words, text_fit_bytes(words, strlen(words), 400));
    for (size_t i = from; i < to->len; i++)
        if ((unsigned char)to->data[i] < ' ' || to->data[i] == 0x7f)
            to->data[i] = ' ';
}

static void
put_scopes(struct text *to, const cJSON *body)
{
    const cJSON *error, *scope;
    const char *comma = " (scopes: ";

    cJSON_ArrayForEach(error, cJSON_GetObjectItemCaseSensitive(body, "errors"))
    {
        const cJSON *scopes = json_at(error, "context.requiredGranularScopes");

        cJSON_ArrayForEach(scope, scopes)
        {
            if (!cJSON_IsString(scope))
                continue;
            text_puts(to, comma);
            put_words(to, scope->valuestring);
            comma = ", ";
        }
    }
    if (comma[0] == ',')
        text_putc(to, ')');
}

/* What the service says of a call that it refuses. */
static int
refuse(const struct http_response *res, const cJSON *body, const char *tail,
       int code, struct error *err)
{
    const char *message = json_str(body, "message");
    struct text t;

    text_init(&t);
    put_words(&t, message != NULL ? message : "no reason was given");
    put_scopes(&t, body);
    text_cut_bytes(&t, 400, "...");
    if (code == EX_CONFIG)
        error_set(err, code,
                  "HubSpot refuses the token of [hubspot] token (%d): %.*s",
                  res->status, (int)t.len, t.data);
    else
        error_set(err, code, "HubSpot refuses %.*s (%d): %.*s",
                  (int)strcspn(tail, "?"), tail, res->status, (int)t.len,
                  t.data);
    text_fini(&t);
    return -1;
}

static bool
has_policy(const cJSON *body, const char *word, const char *message_word)
{
    const char *policy = json_str(body, "policyName");
    const char *message = json_str(body, "message");

    if (policy != NULL)
        return strncmp(policy, word, strlen(word)) == 0;
    return message != NULL && strstr(message, message_word) != NULL;
}

/* A 429. 0: the wait is in *wait_ms; -1: not today. */
static int
too_many(const struct http_response *res, const cJSON *body, int64_t *wait_ms,
         struct error *err)
{
    if (has_policy(body, "DAILY", "daily limit"))
        return error_set(err, EX_TEMPFAIL,
                         "HubSpot's daily limit of API calls is reached; it "
                         "goes on when the day of the account has ended");
    *wait_ms = res->retry_after_ms;
    if (*wait_ms < 0)
        *wait_ms = has_policy(body, "SECONDLY", " secondly") ? 1000 : 10000;
    return 0;
}

/* Is it worth another try? 1: after *wait_ms (-1: by backoff); 0: *out is
 * filled; -1: `err` says why not. */
static int
judge(const struct http_response *res, const char *tail, int64_t *wait_ms,
      cJSON **out, struct error *err)
{
    cJSON *body;
    int rv = 1;

    *wait_ms = res->retry_after_ms;
    if (res->result != HTTP_OK) {
        error_set(err, EX_TEMPFAIL, "HubSpot gave no answer: %s", res->error);
        return 1;
    }
    body = res->body_len > 0 ? json_parse(res->body, res->body_len, err) : NULL;
    if (res->status >= 200 && res->status < 300) {
        if (body == NULL) {
            error_set(err, EX_PROTOCOL, "HubSpot's answer to %.*s is no JSON",
                      (int)strcspn(tail, "?"), tail);
            return 1;
        }
        *out = body;
        return 0;
    }
    if (res->status == 401)
        rv = refuse(res, body, tail, EX_CONFIG, err);
    else if (res->status == 403)
        rv = refuse(res, body, tail, EX_NOPERM, err);
    else if (res->status == 429 && too_many(res, body, wait_ms, err) < 0)
        rv = -1;
    else if (res->status >= 500 || res->status == 429 || res->status == 423 ||
             res->status == 477 || res->status == 408)
        refuse(res, body, tail, EX_TEMPFAIL, err);
    else
        rv = refuse(res, body, tail, EX_DATAERR, err);
    if (res->status == 423 && *wait_ms < LOCKED_MS)
        *wait_ms = LOCKED_MS;
    cJSON_Delete(body);
    return rv;
}

/* One try. As judge(). */
static int
try_once(struct hubspot *hs, const char *url, const char *tail,
         const char *body, int64_t *wait_ms, cJSON **out, struct error *err)
{
    const char *const headers[] = {hs->auth, "Accept: application/json", NULL};
    struct http_request req = {.method = body != NULL ? "POST" : "GET",
                               .url = url,
                               .headers = headers,
                               .body = body,
                               .body_len = body != NULL ? strlen(body) : 0,
                               .timeout_ms = CALL_TIMEOUT_MS};
    struct http_response res;
    size_t path = strcspn(tail, "?");
    bool is_search = path >= 7 && memcmp(tail + path - 7, "/search", 7) == 0;
    int rv;

    if (hubspot_limit_take(hs, is_search, err) < 0)
        return -1;
    http_call(hs->http, &req, &res);
    compare_clocks(hs, &res);
    hubspot_limit_heed(hs, &res);
    rv = judge(&res, tail, wait_ms, out, err);
    http_response_fini(&res);
    return rv;
}

static int
read_url(struct hubspot *hs, const char *url, const char *tail,
         const char *body, cJSON **out, struct error *err)
{
    for (int tries = 1;; tries++) {
        struct error why;
        int64_t wait_ms = -1;
        int rv = try_once(hs, url, tail, body, &wait_ms, out, &why);

        if (rv <= 0) {
            if (rv < 0 && err != NULL)
                *err = why;
            return rv;
        }
        if (tries >= hs->max_tries || wait_ms > BACKOFF_LONG_MS ||
            !around_again(&hs->around, tries)) {
            if (err != NULL)
                *err = why;
            return -1;
        }
        log_write(LOG_DEBUG, "a call is tried again", "reason", why.text, NULL);
        wait_ms = backoff_ms(&hs->backoff, tries, (uint32_t)rand(), wait_ms);
        if (hubspot_wait(hs, wait_ms, err) < 0)
            return -1;
    }
}

int
hubspot_read(struct hubspot *hs, enum hubspot_api api, const char *tail,
             const cJSON *body, cJSON **out, struct error *err)
{
    char *text = body != NULL ? cJSON_PrintUnformatted(body) : NULL;
    struct text url;
    int rv;

    *out = NULL;
    if (body != NULL && text == NULL)
        abort();
    text_init(&url);
    text_puts(&url, hs->base);
    put_path(hs, api, &url);
    text_puts(&url, tail);
    text_putc(&url, '\0');
    rv = around_before(&hs->around, err);
    if (rv == 0)
        rv = read_url(hs, url.data, tail, text, out, err);
    rv = around_after(&hs->around, rv, err);
    if (rv < 0) {
        cJSON_Delete(*out);
        *out = NULL;
    }
    text_fini(&url);
    free(text);
    return rv;
}
