/* salesforce_auth: sign-in at Salesforce's token endpoint
 * (salesforce-api.md, 1). The answer never says how long a token lives, so it
 * is renewed when a call is refused with 401, not before. */
#include "common/json.h"
#include "common/jwt.h"
#include "common/salesforce_private.h"
#include "common/secret.h"
#include "common/token_request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASSERTED_S 180

/* A public client has no secret: the default of the config, unset, is none. */
static int
read_optional_secret(struct salesforce *sf, const struct conf *conf,
                     struct error *err)
{
    const char *value = conf_str(conf, "salesforce", "client_secret");

    if (strncmp(value, "env:", 4) == 0 && getenv(value + 4) == NULL) {
        sf->client_secret[0] = '\0';
        return 0;
    }
    return secret_read(conf, "salesforce", "client_secret", sf->client_secret,
                       sizeof(sf->client_secret), err);
}

static int
read_jwt(struct salesforce *sf, const struct conf *conf, struct error *err)
{
    const char *audience = conf_str(conf, "salesforce", "audience");
    bool is_test = strstr(sf->login_url, "//test.salesforce.com") != NULL ||
                   strstr(sf->login_url, ".sandbox.my.salesforce.com") != NULL;

    snprintf(sf->username, sizeof(sf->username), "%s",
             conf_str(conf, "salesforce", "username"));
    if (sf->username[0] == '\0')
        return error_set(err, EX_CONFIG,
                         "[salesforce] username is empty; auth = jwt signs in "
                         "as that user");
    if (audience[0] == '\0')
        audience = is_test ? "https://test.salesforce.com"
                           : "https://login.salesforce.com";
    snprintf(sf->audience, sizeof(sf->audience), "%s", audience);
    if (secret_read_lines(conf, "salesforce", "private_key", sf->private_key,
                          sizeof(sf->private_key), err) < 0)
        return -1;
    if (jwt_check_key(sf->private_key, err) < 0)
        return error_wrap(err, "[salesforce] private_key");
    return 0;
}

static int
read_secrets(struct salesforce *sf, const struct conf *conf, struct error *err)
{
    if (secret_read(conf, "salesforce", "client_id", sf->client_id,
                    sizeof(sf->client_id), err) < 0)
        return -1;
    if (sf->grant == SALESFORCE_JWT)
        return read_jwt(sf, conf, err);
    if (sf->grant == SALESFORCE_CLIENT_CREDENTIALS)
        return secret_read(conf, "salesforce", "client_secret",
                           sf->client_secret, sizeof(sf->client_secret), err);
    if (secret_read(conf, "salesforce", "refresh_token", sf->refresh_token,
                    sizeof(sf->refresh_token), err) < 0)
        return -1;
    return read_optional_secret(sf, conf, err);
}

int
salesforce_auth_read(struct salesforce *sf, const struct conf *conf,
                     struct error *err)
{
    const char *url = conf_str(conf, "salesforce", "login_url");
    const char *auth = conf_str(conf, "salesforce", "auth");
    const char *const owner[] = {
        sf->login_url,     auth,         sf->client_id,   sf->client_secret,
        sf->refresh_token, sf->username, sf->private_key, NULL};
    size_t len = strlen(url);

    if (http_check_url(url, err) < 0)
        return error_wrap(err, "[salesforce] login_url");
    while (len > 0 && url[len - 1] == '/')
        len--;
    if (len >= sizeof(sf->login_url))
        return error_set(err, EX_CONFIG, "[salesforce] login_url is too long");
    snprintf(sf->login_url, sizeof(sf->login_url), "%.*s", (int)len, url);
    sf->grant = strcmp(auth, "refresh_token") == 0 ? SALESFORCE_REFRESH_TOKEN
                : strcmp(auth, "jwt") == 0         ? SALESFORCE_JWT
                                           : SALESFORCE_CLIENT_CREDENTIALS;
    if (read_secrets(sf, conf, err) < 0)
        return -1;
    token_owner(owner, sf->owner);
    return 0;
}

/* An assertion of its own for each sign-in. Only its own end counts, and clocks
 * may differ a little. */
static bool
put_assertion(const struct salesforce *sf, struct text *form, struct error *err)
{
    const struct jwt_claims claims = {sf->client_id, sf->username, sf->audience,
                                      salesforce_now_ms(sf) / 1000 +
                                          ASSERTED_S};
    char *assertion = jwt_sign(sf->private_key, &claims, err);

    if (assertion == NULL)
        return false;
    token_form_put(form, "assertion", assertion);
    secret_wipe(assertion, strlen(assertion));
    free(assertion);
    return true;
}

/* `refresh`: the service has given another one; "": the config's. */
static bool
make_form(const struct salesforce *sf, const char *refresh, struct text *form,
          struct error *err)
{
    static const char *const grants[] = {
        [SALESFORCE_CLIENT_CREDENTIALS] = "client_credentials",
        [SALESFORCE_JWT] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
        [SALESFORCE_REFRESH_TOKEN] = "refresh_token"};

    token_form_init(form);
    token_form_put(form, "grant_type", grants[sf->grant]);
    if (sf->grant == SALESFORCE_JWT)
        return put_assertion(sf, form, err);
    token_form_put(form, "client_id", sf->client_id);
    if (sf->client_secret[0] != '\0')
        token_form_put(form, "client_secret", sf->client_secret);
    if (sf->grant == SALESFORCE_REFRESH_TOKEN)
        token_form_put(form, "refresh_token",
                       refresh[0] != '\0' ? refresh : sf->refresh_token);
    return true;
}

/* Refused in a way that passes by without anybody mending anything. */
static bool
passes_by(const struct http_response *res, const char *description)
{
    return res->result != HTTP_OK || res->status >= 500 || res->status == 408 ||
           res->status == 420 || res->status == 429 ||
           strstr(description, "rate exceeded") != NULL ||
           strstr(description, "retry your request") != NULL;
}

static bool
refuse(const struct http_response *res, const cJSON *json,
       struct salesforce_answer *out)
{
    const char *code = json_str(json, "error");
    const char *text = json_str(json, "error_description");
    char words[600];

    out->status = res->status;
    out->retry_after_ms = res->retry_after_ms;
    if (passes_by(res, text != NULL ? text : "")) {
        snprintf(words, sizeof(words), "sign-in: %s",
                 res->result != HTTP_OK ? res->error
                 : text != NULL         ? text
                                        : "the service is not available");
        salesforce_end(out, SALESFORCE_RETRY, code != NULL ? code : "no-answer",
                       words);
    } else {
        snprintf(words, sizeof(words),
                 "sign-in refused (status %d): %s; see [salesforce] login_url, "
                 "auth, client_id and the app's settings in Salesforce",
                 res->status, text != NULL ? text : "no reason given");
        salesforce_end(out, SALESFORCE_CONFIG,
                       code != NULL ? code : "sign-in-refused", words);
    }
    return false;
}

/* "id" is a URL whose last part is the user's id (salesforce-api.md, 1). */
static void
read_user(const cJSON *json, char *user, size_t size)
{
    const char *url = json_str(json, "id");
    const char *last = url != NULL ? strrchr(url, '/') : NULL;
    char id[SF_ID_SIZE];

    sf_id_normalise(last != NULL ? last + 1 : NULL, id);
    snprintf(user, size, "%s", id);
}

/* Token and instance of a good answer. */
static bool
read_token(const cJSON *json, struct store_token *token,
           struct salesforce_answer *out)
{
    const char *url = json_str(json, "instance_url");
    struct error err;
    size_t len;

    if (url == NULL || !token_take(json, token)) {
        salesforce_end(out, SALESFORCE_RETRY, "no-token",
                       "sign-in: the answer has no usable access_token and "
                       "instance_url");
        return false;
    }
    len = strlen(url);
    while (len > 0 && url[len - 1] == '/')
        len--;
    if (len >= sizeof(token->instance) || http_check_url(url, &err) < 0) {
        salesforce_end(out, SALESFORCE_CONFIG, "bad-instance-url",
                       "sign-in: instance_url is neither https nor loopback");
        return false;
    }
    snprintf(token->instance, sizeof(token->instance), "%.*s", (int)len, url);
    read_user(json, token->user, sizeof(token->user));
    return true;
}

static bool
post(struct salesforce *sf, const struct text *form, struct store_token *token,
     struct salesforce_answer *out)
{
    struct http_response res;
    char url[600];
    cJSON *json;
    bool ok;

    snprintf(url, sizeof(url), "%s/services/oauth2/token", sf->login_url);
    ok = token_post(sf->http, url, form, &res, &json)
             ? read_token(json, token, out)
             : refuse(&res, json, out);
    token_answer_fini(&res, json);
    return ok;
}

/* The client and where its answer goes. */
struct signing {
    struct salesforce *sf;
    struct salesforce_answer *out;
};

/* As token.h wants it. */
static bool
request_token(void *ctx, struct store_token *token)
{
    const struct signing *s = ctx;
    struct error err;
    struct text form;
    bool ok;

    if (!salesforce_spend(s->sf, s->out))
        return false;
    ok = make_form(s->sf, token->refresh, &form, &err);
    if (!ok)
        salesforce_end(s->out, SALESFORCE_CONFIG, "private-key", err.text);
    ok = ok && post(s->sf, &form, token, s->out);
    token_form_fini(&form);
    return ok;
}

bool
salesforce_sign_in(struct salesforce *sf, struct salesforce_answer *out)
{
    struct signing signing = {sf, out};
    const struct token_ask ask = {.store = sf->budget.store,
                                  .service = "salesforce",
                                  .owner = sf->owner,
                                  .refused = sf->refused,
                                  .breathe = sf->breathe,
                                  .ctx = sf->ctx,
                                  .sign_in = request_token,
                                  .sign_in_ctx = &signing};
    struct store_token token;
    struct error err;
    int rv = token_obtain(&ask, &token, &err);

    if (rv < 0)
        salesforce_end(out, SALESFORCE_RETRY, "state", err.text);
    if (rv == 1) {
        snprintf(sf->token, sizeof(sf->token), "%s", token.access);
        snprintf(sf->instance, sizeof(sf->instance), "%s", token.instance);
        snprintf(sf->user, sizeof(sf->user), "%.*s", SF_ID_SIZE - 1,
                 token.user);
    }
    secret_wipe(&token, sizeof(token));
    return rv == 1;
}
