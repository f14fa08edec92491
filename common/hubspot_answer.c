/* hubspot_answer: what an answer of HubSpot means. Statuses, headers and error
 * bodies: hubspot-api.md, 9; every field of a body may be missing. */
#include "common/hubspot_private.h"
#include "common/json.h"
#include "common/text.h"

#include <stdio.h>
#include <string.h>

#define LOCKED_MS 2000 /* 423: how long a lock lasts */
#define WORDS_MAX 400  /* leaves room in an error for who refused what */

void
hubspot_answer_init(struct hubspot_answer *out)
{
    memset(out, 0, sizeof(*out));
    out->end = HUBSPOT_RETRY;
    out->retry_after_ms = -1;
}

void
hubspot_answer_fini(struct hubspot_answer *answer)
{
    cJSON_Delete(answer->json);
    answer->json = NULL;
}

/* Append words from outside as one line without control characters. */
static void
put_words(struct text *to, const char *words)
{
    text_put_line(to, words, text_fit_bytes(words, strlen(words), WORDS_MAX));
}

static void
keep(struct text *t, size_t max, char *buf)
{
    text_cut_bytes(t, max, "...");
    if (t->len > 0)
        memcpy(buf, t->data, t->len);
    buf[t->len] = '\0';
    text_fini(t);
}

void
hubspot_end(struct hubspot_answer *out, enum hubspot_end end, const char *code,
            const char *message)
{
    struct text t;

    out->end = end;
    text_init(&t);
    put_words(&t, code);
    keep(&t, sizeof(out->code) - 1, out->code);
    text_init(&t);
    put_words(&t, message);
    keep(&t, WORDS_MAX, out->message);
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

/* The service's own words. */
static void
read_words(int status, const cJSON *body, struct hubspot_answer *out)
{
    const char *message = json_str(body, "message");
    const char *code = status == 429 ? json_str(body, "policyName") : NULL;
    char by_status[32];
    struct text t;

    if (code == NULL)
        code = json_str(body, "category");
    if (code == NULL)
        code = json_str(body, "errorType");
    snprintf(by_status, sizeof(by_status), "HTTP_%d", status);
    hubspot_end(out, out->end, code != NULL ? code : by_status, "");
    text_init(&t);
    put_words(&t, message != NULL ? message : "no reason was given");
    put_scopes(&t, body);
    keep(&t, WORDS_MAX, out->message);
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

static void
too_many(const cJSON *body, struct hubspot_answer *out)
{
    out->end = HUBSPOT_RETRY;
    if (has_policy(body, "DAILY", "daily limit"))
        hubspot_end(out, HUBSPOT_PAUSE, out->code,
                    "HubSpot's daily limit of API calls is reached; it goes "
                    "on when the day of the account has ended");
    else if (out->retry_after_ms < 0)
        out->retry_after_ms =
            has_policy(body, "SECONDLY", " secondly") ? 1000 : 10000;
}

/* Not so: the page of a proxy. */
static bool
is_explained(const cJSON *body)
{
    return json_str(body, "message") != NULL ||
           json_str(body, "category") != NULL;
}

/* What a 3xx or 4xx means that has no meaning of its own. A page of a proxy
 * says nothing of what is to be written, so that it may not cost a record; but
 * a call that is too large stays so. What only reads goes on without. */
static enum hubspot_end
end_of_other(int status, bool reads, const cJSON *body)
{
    bool is_too_large = status == 413 || status == 414 || status == 431;

    return reads || is_explained(body) || is_too_large ? HUBSPOT_REFUSED
                                                       : HUBSPOT_RETRY;
}

static void
read_error(int status, bool reads, struct hubspot_answer *out)
{
    read_words(status, out->json, out);
    switch (status) {
    case 401:
        out->end = HUBSPOT_CONFIG;
        break;
    case 403:
        out->end =
            reads || is_explained(out->json) ? HUBSPOT_NOPERM : HUBSPOT_RETRY;
        break;
    case 429:
        too_many(out->json, out);
        break;
    case 423:
        if (out->retry_after_ms < LOCKED_MS)
            out->retry_after_ms = LOCKED_MS;
        out->end = HUBSPOT_RETRY;
        break;
    case 408: /* it never had the whole request */
    case 477: /* the account moves to another data centre */
        out->end = HUBSPOT_RETRY;
        break;
    default:
        if (status >= 500)
            out->end = reads ? HUBSPOT_RETRY : HUBSPOT_UNSURE;
        else
            out->end = end_of_other(status, reads, out->json);
    }
}

void
hubspot_judge(const struct http_response *res, bool reads,
              struct hubspot_answer *out)
{
    enum hubspot_end unsure = reads ? HUBSPOT_RETRY : HUBSPOT_UNSURE;

    out->status = res->status;
    out->retry_after_ms = res->retry_after_ms;
    if (res->result != HTTP_OK) {
        hubspot_end(out, res->result == HTTP_UNKNOWN ? unsure : HUBSPOT_RETRY,
                    "no-answer", res->error);
        return;
    }
    if (res->body_len > 0)
        out->json = json_parse(res->body, res->body_len, NULL);
    if (res->status < 200 || res->status > 299)
        read_error(res->status, reads, out);
    else if (out->json == NULL && (reads || res->body_len > 0))
        hubspot_end(out, unsure, "bad-answer", "the answer is no JSON");
    else
        hubspot_end(out, HUBSPOT_OK, "", "");
}
