/* salesforce_token: signing in and out, and is a call signed in
 * (salesforce-api.md, 1). */
#include "tests/sandbox/salesforce.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static void
token_error(struct response *res, const char *error, const char *description)
{
    cJSON *e = cJSON_CreateObject();

    cJSON_AddStringToObject(e, "error", error);
    cJSON_AddStringToObject(e, "error_description", description);
    response_json(res, 400, e);
}

static void
print_token(const struct salesforce *sf, char *buf, size_t size)
{
    snprintf(buf, size, "%.15s!sandbox%lld", SF_ORG,
             (long long)sf->token_number);
}

/* "sandbox-refresh", and those that it was rotated to. */
static void
print_refresh(const struct salesforce *sf, char *buf, size_t size)
{
    snprintf(buf, size,
             sf->refresh_number > 0 ? "sandbox-refresh-%lld"
                                    : "sandbox-refresh",
             (long long)sf->refresh_number);
}

/* It is sent to where it has asked: something may stand between. */
static void
give_token(struct salesforce *sf, const struct request *req, bool is_refresh,
           struct response *res)
{
    const char *host = request_header(req, "Host");
    cJSON *t = cJSON_CreateObject();
    char text[64], base[64], id[160];

    if (sf->token_until <= sandbox_now_ms()) {
        sf->token_number++;
        sf->token_until =
            sandbox_options.token_s > 0
                ? sandbox_now_ms() + sandbox_options.token_s * INT64_C(1000)
                : INT64_MAX;
    }
    print_token(sf, text, sizeof(text));
    snprintf(base, sizeof(base), "http://127.0.0.1:%d", sf->service->port);
    if (host != NULL && strlen(host) < sizeof(base) - sizeof("http://"))
        snprintf(base, sizeof(base), "http://%s", host);
    snprintf(id, sizeof(id), "%s/id/%s/%s", base, SF_ORG, SF_USER);
    cJSON_AddStringToObject(t, "access_token", text);
    if (is_refresh && sandbox_options.rotate) {
        sf->refresh_number++;
        print_refresh(sf, text, sizeof(text));
        cJSON_AddStringToObject(t, "refresh_token", text);
    }
    cJSON_AddStringToObject(t, "signature",
                            "c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveCE=");
    cJSON_AddStringToObject(t, "scope", "api");
    cJSON_AddStringToObject(t, "instance_url", base);
    cJSON_AddStringToObject(t, "id", id);
    cJSON_AddStringToObject(t, "token_type", "Bearer");
    snprintf(text, sizeof(text), "%lld", (long long)sandbox_now_ms());
    cJSON_AddStringToObject(t, "issued_at", text);
    response_json(res, 200, t);
}

static void
sign_in_by_jwt(struct salesforce *sf, const struct request *req,
               struct response *res)
{
    char assertion[4096];
    const char *error = "invalid_grant", *why;

    request_form(req, "assertion", assertion, sizeof(assertion));
    why = sf_jwt_refusal(assertion, &error);
    if (why != NULL)
        token_error(res, error, why);
    else
        give_token(sf, req, false, res);
}

static void
sign_in(struct salesforce *sf, const struct request *req, struct response *res)
{
    /* base64 of sandbox-client:sandbox-secret */
    static const char basic[] =
        "Basic c2FuZGJveC1jbGllbnQ6c2FuZGJveC1zZWNyZXQ=";
    const char *header = request_header(req, "Authorization");
    char grant[64], id[128], secret[128], refresh[128], good[64];
    bool is_refresh, known;

    request_form(req, "grant_type", grant, sizeof(grant));
    request_form(req, "client_id", id, sizeof(id));
    request_form(req, "client_secret", secret, sizeof(secret));
    request_form(req, "refresh_token", refresh, sizeof(refresh));
    is_refresh = strcmp(grant, "refresh_token") == 0;
    print_refresh(sf, good, sizeof(good));
    known = (strcmp(id, "sandbox-client") == 0 &&
             (strcmp(secret, "sandbox-secret") == 0 ||
              (is_refresh && secret[0] == '\0'))) ||
            (header != NULL && strcmp(header, basic) == 0);
    if (strcmp(grant, "urn:ietf:params:oauth:grant-type:jwt-bearer") == 0)
        sign_in_by_jwt(sf, req, res);
    else if (!is_refresh && strcmp(grant, "client_credentials") != 0)
        token_error(res, "unsupported_grant_type", "grant type not supported");
    else if (!known)
        token_error(res, "invalid_client", "invalid client credentials");
    else if (is_refresh && strcmp(refresh, good) != 0)
        token_error(res, "invalid_grant", "expired access/refresh token");
    else
        give_token(sf, req, is_refresh, res);
}

void
sf_oauth(struct salesforce *sf, const struct request *req, struct response *res)
{
    struct sf_call call = {.sf = sf, .req = req, .res = res};
    char what[32];

    request_part(req, 2, what, sizeof(what));
    if (strcmp(what, "token") != 0 && strcmp(what, "revoke") != 0) {
        sf_answer_error(res, 404, "NOT_FOUND", SF_MISSING);
        return;
    }
    snprintf(res->pattern, sizeof(res->pattern), "/services/oauth2/%s", what);
    if (!sf_is_method(&call, "POST")) {
        sf_answer_method(&call, "POST");
    } else if (strcmp(what, "token") == 0) {
        sign_in(sf, req, res);
    } else {
        sf->token_until = 0;
        sf_answer_empty(res, 200);
    }
}

bool
sf_is_signed_in(struct salesforce *sf, const struct request *req)
{
    const char *header = request_header(req, "Authorization");
    char good[80];

    print_token(sf, good, sizeof(good));
    return sf->token_until > sandbox_now_ms() && header != NULL &&
           strncasecmp(header, "Bearer ", 7) == 0 &&
           strcmp(header + 7, good) == 0;
}
