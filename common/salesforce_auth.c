/* salesforce_auth: sign-in at Salesforce's token endpoint
 * (salesforce-api.md, 1). The answer never says how long a token lives, so it
 * is renewed when a call is refused with 401, not before. */
#include "common/json.h"
#include "common/salesforce_private.h"
#include "common/secret.h"
#include "common/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int
salesforce_auth_read(struct salesforce *sf, const struct conf *conf,
                     struct error *err)
{
    const char *url = conf_str(conf, "salesforce", "login_url");
    size_t len = strlen(url);

    if (http_check_url(url, err) < 0)
        return error_wrap(err, "[salesforce] login_url");
    while (len > 0 && url[len - 1] == '/')
        len--;
    if (len >= sizeof(sf->login_url))
        return error_set(err, EX_CONFIG, "[salesforce] login_url is too long");
    snprintf(sf->login_url, sizeof(sf->login_url), "%.*s", (int)len, url);
    sf->by_refresh =
        strcmp(conf_str(conf, "salesforce", "auth"), "refresh_token") == 0;
    if (secret_read(conf, "salesforce", "client_id", sf->client_id,
                    sizeof(sf->client_id), err) < 0)
        return -1;
    if (!sf->by_refresh)
        return secret_read(conf, "salesforce", "client_secret",
                           sf->client_secret, sizeof(sf->client_secret), err);
    if (secret_read(conf, "salesforce", "refresh_token", sf->refresh_token,
                    sizeof(sf->refresh_token), err) < 0)
        return -1;
    return read_optional_secret(sf, conf, err);
}

static void
put_field(struct text *form, const char *name, const char *value)
{
    char *encoded = http_encode(value);

    text_printf(form, "%s%s=%s", form->len > 0 ? "&" : "", name, encoded);
    secret_wipe(encoded, strlen(encoded));
    free(encoded);
}

/* Room for all of it at once, so that growing leaves no copies of secrets. */
static void
make_form(const struct salesforce *sf, struct text *form)
{
    text_init(form);
    form->size = 3 * 3 * SALESFORCE_SECRET_MAX + 256;
    form->data = malloc(form->size);
    if (form->data == NULL)
        abort();
    put_field(form, "grant_type",
              sf->by_refresh ? "refresh_token" : "client_credentials");
    put_field(form, "client_id", sf->client_id);
    if (sf->client_secret[0] != '\0')
        put_field(form, "client_secret", sf->client_secret);
    if (sf->by_refresh)
        put_field(form, "refresh_token", sf->refresh_token);
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

static bool
is_header_safe(const char *token)
{
    for (const char *p = token; *p != '\0'; p++)
        if (*p <= ' ' || *p > '~')
            return false;
    return token[0] != '\0';
}

/* "id" is a URL whose last part is the user's id (salesforce-api.md, 1). */
static void
take_user(struct salesforce *sf, const cJSON *json)
{
    const char *url = json_str(json, "id");
    const char *last = url != NULL ? strrchr(url, '/') : NULL;

    sf_id_normalise(last != NULL ? last + 1 : NULL, sf->user);
}

/* Take token and instance over from a good answer. */
static bool
take_token(struct salesforce *sf, const cJSON *json,
           struct salesforce_answer *out)
{
    const char *token = json_str(json, "access_token");
    const char *url = json_str(json, "instance_url");
    struct error err;
    size_t len;

    if (token == NULL || url == NULL || strlen(token) >= sizeof(sf->token) ||
        !is_header_safe(token)) {
        salesforce_end(out, SALESFORCE_RETRY, "no-token",
                       "sign-in: the answer has no usable access_token and "
                       "instance_url");
        return false;
    }
    len = strlen(url);
    while (len > 0 && url[len - 1] == '/')
        len--;
    if (len >= sizeof(sf->instance) || http_check_url(url, &err) < 0) {
        salesforce_end(out, SALESFORCE_CONFIG, "bad-instance-url",
                       "sign-in: instance_url is neither https nor loopback");
        return false;
    }
    snprintf(sf->token, sizeof(sf->token), "%s", token);
    snprintf(sf->instance, sizeof(sf->instance), "%.*s", (int)len, url);
    take_user(sf, json);
    return true;
}

bool
salesforce_sign_in(struct salesforce *sf, struct salesforce_answer *out)
{
    static const char *const headers[] = {
        "Content-Type: application/x-www-form-urlencoded",
        "Accept: application/json", NULL};
    char url[600];
    struct http_request req = {
        .method = "POST", .url = url, .headers = headers};
    struct http_response res;
    struct error err;
    struct text form;
    cJSON *json = NULL;
    bool ok;

    if (!salesforce_spend(sf, out))
        return false;
    snprintf(url, sizeof(url), "%s/services/oauth2/token", sf->login_url);
    make_form(sf, &form);
    req.body = form.data;
    req.body_len = form.len;
    http_call(sf->http, &req, &res);
    secret_wipe(form.data, form.len);
    text_fini(&form);
    if (res.result == HTTP_OK)
        json = json_parse(res.body, res.body_len, &err);
    ok = res.result == HTTP_OK && res.status == 200 ? take_token(sf, json, out)
                                                    : refuse(&res, json, out);
    cJSON_Delete(json);
    secret_wipe(res.body, res.body_len);
    http_response_fini(&res);
    return ok;
}
