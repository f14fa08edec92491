/* hubspot_auth: what HubSpot knows us by: a token that does not change, or one
 * of an OAuth app, which is renewed before its 30 minutes are over
 * (hubspot-api.md, 1). */
#include "common/clock.h"
#include "common/hubspot_private.h"
#include "common/json.h"
#include "common/secret.h"
#include "common/token_request.h"

#include <stdio.h>
#include <string.h>

#define REFUSED_MAX 3 /* HubSpot answers 401 for a moment now and then */

static void
set_token(struct hubspot *hs, const char *token)
{
    snprintf(hs->auth, sizeof(hs->auth), "Authorization: Bearer %s", token);
}

static bool
is_oauth(const struct hubspot *hs)
{
    return hs->client_id[0] != '\0';
}

static int
read_app(struct hubspot *hs, const struct conf *conf, struct error *err)
{
    const char *const owner[] = {hs->base, hs->client_id, hs->client_secret,
                                 hs->refresh_token, NULL};

    if (secret_read(conf, "hubspot", "client_id", hs->client_id,
                    sizeof(hs->client_id), err) < 0 ||
        secret_read(conf, "hubspot", "client_secret", hs->client_secret,
                    sizeof(hs->client_secret), err) < 0 ||
        secret_read(conf, "hubspot", "refresh_token", hs->refresh_token,
                    sizeof(hs->refresh_token), err) < 0)
        return -1;
    token_owner(owner, hs->owner);
    return 0;
}

int
hubspot_auth_read(struct hubspot *hs, const struct conf *conf,
                  struct error *err)
{
    char token[STORE_TOKEN_MAX];
    int rv;

    if (conf_str(conf, "hubspot", "client_id")[0] != '\0')
        return read_app(hs, conf, err);
    rv = secret_read(conf, "hubspot", "token", token, sizeof(token), err);
    if (rv == 0)
        set_token(hs, token);
    secret_wipe(token, sizeof(token));
    return rv;
}

/* ---- a new token of an app ---- */

static void
make_form(const struct hubspot *hs, const char *refresh, struct text *form)
{
    token_form_init(form);
    token_form_put(form, "grant_type", "refresh_token");
    token_form_put(form, "client_id", hs->client_id);
    token_form_put(form, "client_secret", hs->client_secret);
    token_form_put(form, "refresh_token",
                   refresh[0] != '\0' ? refresh : hs->refresh_token);
}

static bool
read_token(const cJSON *json, struct store_token *token,
           struct hubspot_answer *out)
{
    int64_t lifetime_s = 0;

    if (!token_take(json, token)) {
        hubspot_end(out, HUBSPOT_RETRY, "no-token",
                    "sign-in: the answer has no usable access_token");
        return false;
    }
    json_i64(json, "expires_in", &lifetime_s);
    token->renew_at = token_renew_at(clock_now_ms(), lifetime_s);
    return true;
}

static bool
refuse(const struct http_response *res, const cJSON *json,
       struct hubspot_answer *out)
{
    const char *text = json_str(json, "message");
    bool passes_by = res->result != HTTP_OK || res->status >= 500 ||
                     res->status == 408 || res->status == 423 ||
                     res->status == 429 || res->status == 477;
    char words[600];

    out->status = res->status;
    out->retry_after_ms = res->retry_after_ms;
    if (text == NULL)
        text = res->result != HTTP_OK ? res->error : "no reason given";
    if (passes_by)
        snprintf(words, sizeof(words), "HubSpot: sign-in (%d): %s", res->status,
                 text);
    else
        snprintf(words, sizeof(words),
                 "HubSpot refuses the sign-in (%d): %s; see [hubspot] "
                 "client_id, client_secret, refresh_token, and install the app "
                 "again if its token was revoked",
                 res->status, text);
    hubspot_end(out, passes_by ? HUBSPOT_RETRY : HUBSPOT_CONFIG,
                "sign-in-refused", words);
    return false;
}

/* The client and where its answer goes. */
struct signing {
    struct hubspot *hs;
    struct hubspot_answer *out;
};

/* As token.h wants it. */
static bool
request_token(void *ctx, struct store_token *token)
{
    const struct signing *s = ctx;
    struct text url, form;
    struct http_response res;
    cJSON *json;
    bool ok;

    text_init(&url);
    text_puts(&url, s->hs->base);
    hubspot_put_path(s->hs, HUBSPOT_OAUTH, &url);
    text_puts(&url, "/token");
    text_putc(&url, '\0');
    make_form(s->hs, token->refresh, &form);
    ok = token_post(s->hs->http, url.data, &form, &res, &json)
             ? read_token(json, token, s->out)
             : refuse(&res, json, s->out);
    token_form_fini(&form);
    text_fini(&url);
    token_answer_fini(&res, json);
    return ok;
}

bool
hubspot_auth_get(struct hubspot *hs, struct hubspot_answer *out)
{
    struct signing signing = {hs, out};
    const struct token_ask ask = {.store = hs->budget.store,
                                  .service = "hubspot",
                                  .owner = hs->owner,
                                  .refused = hs->refused,
                                  .breathe = hs->breathe,
                                  .ctx = hs->ctx,
                                  .sign_in = request_token,
                                  .sign_in_ctx = &signing};
    struct store_token token;
    struct error err;
    int rv;

    if (!is_oauth(hs) ||
        (hs->auth[0] != '\0' && !token_is_due(hs->renew_at, clock_now_ms())))
        return true;
    rv = token_obtain(&ask, &token, &err);
    if (rv < 0)
        hubspot_end(out, HUBSPOT_RETRY, "state", err.text);
    if (rv == 1) {
        set_token(hs, token.access);
        hs->renew_at = token.renew_at;
    }
    secret_wipe(&token, sizeof(token));
    return rv == 1;
}

void
hubspot_auth_heed(struct hubspot *hs, int status, struct hubspot_answer *out)
{
    static const char bearer[] = "Authorization: Bearer ";
    char words[sizeof(out->message)], code[sizeof(out->code)];

    if (status != 401) {
        if (status > 0)
            hs->n_refused = 0;
        return;
    }
    hs->n_refused++;
    if (is_oauth(hs)) {
        snprintf(hs->refused, sizeof(hs->refused), "%s",
                 hs->auth + sizeof(bearer) - 1);
        secret_wipe(hs->auth, sizeof(hs->auth));
    }
    snprintf(words, sizeof(words),
             "HubSpot refuses the token of [hubspot] %s (401): %.400s",
             is_oauth(hs) ? "client_id and refresh_token" : "token",
             out->message);
    memcpy(code, out->code, sizeof(code));
    hubspot_end(out,
                hs->n_refused < REFUSED_MAX ? HUBSPOT_RETRY : HUBSPOT_CONFIG,
                code, words);
}
