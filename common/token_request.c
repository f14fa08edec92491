/* token_request: see token_request.h. */
#include "common/token_request.h"

#include "common/json.h"
#include "common/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIGN_IN_MS 30000

void
token_form_init(struct text *form)
{
    text_init(form);
    form->size = 3 * 3 * STORE_TOKEN_MAX + 256;
    form->data = malloc(form->size);
    if (form->data == NULL)
        abort();
}

void
token_form_put(struct text *form, const char *name, const char *value)
{
    char *encoded = http_encode(value);

    text_printf(form, "%s%s=%s", form->len > 0 ? "&" : "", name, encoded);
    secret_wipe(encoded, strlen(encoded));
    free(encoded);
}

void
token_form_fini(struct text *form)
{
    secret_wipe(form->data, form->len);
    text_fini(form);
}

bool
token_post(struct http *http, const char *url, const struct text *form,
           struct http_response *res, cJSON **json)
{
    static const char *const headers[] = {
        "Content-Type: application/x-www-form-urlencoded",
        "Accept: application/json", NULL};
    const struct http_request req = {.method = "POST",
                                     .url = url,
                                     .headers = headers,
                                     .body = form->data,
                                     .body_len = form->len,
                                     .timeout_ms = SIGN_IN_MS};
    struct error err;

    http_call(http, &req, res);
    *json = res->result == HTTP_OK ? json_parse(res->body, res->body_len, &err)
                                   : NULL;
    return res->result == HTTP_OK && res->status == 200;
}

void
token_answer_fini(struct http_response *res, cJSON *json)
{
    cJSON_Delete(json);
    secret_wipe(res->body, res->body_len);
    http_response_fini(res);
}

static bool
is_header_safe(const char *token)
{
    for (const char *p = token; *p != '\0'; p++)
        if (*p <= ' ' || *p > '~')
            return false;
    return token[0] != '\0';
}

bool
token_take(const cJSON *json, struct store_token *token)
{
    const char *access = json_str(json, "access_token");
    const char *refresh = json_str(json, "refresh_token");

    if (access == NULL || strlen(access) >= sizeof(token->access) ||
        !is_header_safe(access))
        return false;
    snprintf(token->access, sizeof(token->access), "%s", access);
    if (refresh != NULL && strlen(refresh) < sizeof(token->refresh))
        snprintf(token->refresh, sizeof(token->refresh), "%s", refresh);
    return true;
}
