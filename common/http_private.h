/* http_private: what http.c (the call) and http_answer.c (its headers) share.
 */
#ifndef COMMON_HTTP_PRIVATE_H
#define COMMON_HTTP_PRIVATE_H

#include "common/http.h"
#include <curl/curl.h>

/* Set all of `out` but its body to "nothing came". */
void http_answer_init(struct http_response *out);
/* Read status and headers of a finished call. */
void http_answer_read(CURL *easy, struct http_response *out);

#endif
