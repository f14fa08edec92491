/* http: one HTTP call at a time over libcurl, for fetchers and the writer.
 *
 * TLS is always verified. http:// is refused but for loopback. A body is
 * bounded. While a call runs, a hook is called at least every 100 ms, so that a
 * stage goes on answering its control socket; when it returns false at a stop,
 * the call is still finished within its time limits. */
#ifndef COMMON_HTTP_H
#define COMMON_HTTP_H

#include "common/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http;

#define HTTP_BODY_MAX (64u * 1024 * 1024)

enum http_result {
    HTTP_OK,       /* an answer came, of whatever status */
    HTTP_NO_REPLY, /* nothing was done for sure: refused, no name, TLS failure
                    */
    HTTP_UNKNOWN   /* time-out or cut after sending: it may have been done */
};

struct http_request {
    const char *method; /* "GET", "POST", "PATCH", ... */
    const char *url;    /* absolute, query included */
    const char *const
        *headers;     /* "Name: value", NULL-terminated; may be NULL */
    const char *body; /* may be NULL */
    size_t body_len;
    int timeout_ms; /* whole call; 0: 60 s */
};

struct http_response {
    enum http_result result;
    int status; /* 0 when no answer came */
    char *body; /* NUL-terminated; never NULL after http_call */
    size_t body_len;
    int64_t retry_after_ms; /* from Retry-After (seconds or date); -1: none */
    int64_t date_ms;        /* the server's clock, from Date; 0: none */
    char content_type[64];
    char limit_info[128]; /* Sforce-Limit-Info */
    int rate_max;         /* X-HubSpot-RateLimit-Max; -1: none */
    int rate_remaining;   /* X-HubSpot-RateLimit-Remaining; -1: none */
    int rate_interval_ms; /* X-HubSpot-RateLimit-Interval-Milliseconds; -1 */
    int daily_max;        /* X-HubSpot-RateLimit-Daily; -1: none */
    int daily_remaining;  /* X-HubSpot-RateLimit-Daily-Remaining; -1: none */
    char error[256];      /* curl's words when result is not HTTP_OK */
};

/* `breathe` may be NULL. User-Agent: crmpipe/VERSION. */
int http_open(bool (*breathe)(void *ctx), void *ctx, struct http **out,
              struct error *err);
void http_close(struct http *http);

/* Make the call. Always fills `out`; the caller frees with
 * http_response_fini(). */
void http_call(struct http *http, const struct http_request *req,
               struct http_response *out);
void http_response_fini(struct http_response *res);

/* The call that waits for its answer just now, for who asks while it breathes.
 */
struct http_pending {
    const char *method, *url; /* borrowed while the call lasts */
    int64_t began, until;     /* monotonic ms; until: it is given up then */
};
/* false: there is none. */
bool http_is_pending(const struct http *http, struct http_pending *out);

/* 0 when a base URL may be used: https, or http on loopback; else EX_CONFIG. */
int http_check_url(const char *url, struct error *err);

/* Percent-encode everything but unreserved characters. Caller frees. */
char *http_encode(const char *text);

#endif
