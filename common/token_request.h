/* token_request: asking a token endpoint, as OAuth has it (RFC 6749): the form,
 * the call, and what a good answer has for either service. Forms and answers
 * hold secrets. */
#ifndef COMMON_TOKEN_REQUEST_H
#define COMMON_TOKEN_REQUEST_H

#include "common/http.h"
#include "common/store.h"
#include "common/text.h"
#include <cJSON.h>

/* Room for all of it at once, so that growing leaves no copies. */
void token_form_init(struct text *form);
void token_form_put(struct text *form, const char *name, const char *value);
/* Overwrites it, too. */
void token_form_fini(struct text *form);

/* Post it. Always fills `res`; *json is its body, NULL: none, or no JSON. Is it
 * a 200? End both with token_answer_fini(). */
bool token_post(struct http *http, const char *url, const struct text *form,
                struct http_response *res, cJSON **json);
void token_answer_fini(struct http_response *res, cJSON *json);

/* Take the access token over, and a refresh token if there is one. false: it
 * has none that can be used; nothing is changed. */
bool token_take(const cJSON *json, struct store_token *token);

#endif
