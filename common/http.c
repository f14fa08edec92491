/* http: see http.h.
 *
 * Whether a failed call may have been done is decided by what left this
 * machine, not by curl's error code: curl tells us when the connection stands
 * (PREREQFUNCTION) and counts the bytes of the request that it sent. */
#include "common/http.h"
#include "common/clock.h"
#include "common/http_private.h"
#include "common/url.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define USER_AGENT         "crmpipe/0.1"
#define SLICE_MS           100
#define CONNECT_TIMEOUT_MS 10000L
#define TIMEOUT_MS         60000L /* when the request names none */
#define CONNECTIONS_MAX    8L

/* One call. */
struct call {
    const struct http_request *req;
    struct http_response *out;
    CURL *easy;
    size_t body_size;  /* of out->body */
    long sent_before;  /* bytes that went to a proxy before the request */
    bool is_connected; /* the request could be sent */
    bool is_too_large; /* the answer went over HTTP_BODY_MAX */
    bool was_cut;      /* curl would have sent it again */
    char reason[CURL_ERROR_SIZE];
};

struct http {
    CURLM *multi; /* keeps the connections */
    CURL *easy;
    bool (*breathe)(void *ctx);
    void *ctx;
    const struct http_request *pending; /* NULL: none */
    int64_t began;                      /* monotonic ms */
};

int
http_open(bool (*breathe)(void *ctx), void *ctx, struct http **out,
          struct error *err)
{
    static bool is_ready;
    struct http *http;

    if (!is_ready && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return error_set(err, EX_SOFTWARE, "libcurl cannot be started");
    is_ready = true;
    http = calloc(1, sizeof(*http));
    if (http == NULL)
        abort();
    http->multi = curl_multi_init();
    http->easy = curl_easy_init();
    if (http->multi == NULL || http->easy == NULL)
        abort();
    curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, CONNECTIONS_MAX);
    http->breathe = breathe;
    http->ctx = ctx;
    *out = http;
    return 0;
}

void
http_close(struct http *http)
{
    if (http == NULL)
        return;
    curl_easy_cleanup(http->easy);
    curl_multi_cleanup(http->multi);
    free(http);
}

int
http_check_url(const char *url, struct error *err)
{
    return url_check_http(url, err);
}

/* Check the part in front of the path: https, or http on loopback. */
static int
check_call_url(const char *url, struct error *err)
{
    const char *authority = strstr(url, "://");
    size_t len;
    char *base;
    int rv;

    if (authority == NULL)
        return error_set(err, EX_CONFIG, "no absolute URL");
    authority += strlen("://");
    len = (size_t)(authority - url) + strcspn(authority, "/?#");
    base = strndup(url, len);
    if (base == NULL)
        abort();
    rv = url_check_http(base, err);
    free(base);
    return rv;
}

/* Bytes of the request itself that were given to the network. */
static bool
was_sent(const struct call *c)
{
    long sent = 0;

    curl_easy_getinfo(c->easy, CURLINFO_REQUEST_SIZE, &sent);
    return c->is_connected && sent > c->sent_before;
}

static bool
may_repeat(const char *method)
{
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

/* curl calls this when a connection stands, before it sends. A second call
 * means that the first connection, kept from an earlier call, broke without an
 * answer, and that curl is about to send the request again. A request that is
 * no mere reading may have been done by then: the caller has to decide. */
static int
on_connected(void *ctx, char *ip, char *local_ip, int port, int local_port)
{
    struct call *c = ctx;

    (void)ip;
    (void)local_ip;
    (void)port;
    (void)local_port;
    if (was_sent(c) && !may_repeat(c->req->method)) {
        c->was_cut = true; /* curl writes words of its own over the reason */
        return CURL_PREREQFUNC_ABORT;
    }
    curl_easy_getinfo(c->easy, CURLINFO_REQUEST_SIZE, &c->sent_before);
    c->is_connected = true;
    return CURL_PREREQFUNC_OK;
}

static size_t
on_body(char *bytes, size_t one, size_t n, void *ctx)
{
    struct call *c = ctx;
    struct http_response *out = c->out;

    (void)one; /* always 1 */
    if (n > HTTP_BODY_MAX - out->body_len) {
        c->is_too_large = true;
        return 0;
    }
    if (c->body_size - out->body_len < n + 1) {
        size_t size = 2 * c->body_size + n + 1;

        out->body = realloc(out->body, size);
        if (out->body == NULL)
            abort();
        c->body_size = size;
    }
    memcpy(out->body + out->body_len, bytes, n);
    out->body_len += n;
    out->body[out->body_len] = '\0';
    return n;
}

static struct curl_slist *
add_header(struct curl_slist *list, const char *line)
{
    list = curl_slist_append(list, line);
    if (list == NULL)
        abort();
    return list;
}

static struct curl_slist *
headers_of(const struct http_request *req)
{
    static const char type[] = "Content-Type:";
    struct curl_slist *list = NULL;
    bool has_type = false;

    for (size_t i = 0; req->headers != NULL && req->headers[i] != NULL; i++) {
        has_type = has_type ||
                   strncasecmp(req->headers[i], type, sizeof(type) - 1) == 0;
        list = add_header(list, req->headers[i]);
    }
    if (!has_type && req->body != NULL)
        list = add_header(list, "Content-Type: application/json");
    /* A large body would else wait a second for "100 Continue". */
    return add_header(list, "Expect:");
}

static void
set_method(CURL *easy, const struct http_request *req)
{
    bool is_get = strcmp(req->method, "GET") == 0;

    if (strcmp(req->method, "HEAD") == 0) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
        return;
    }
    if (req->body != NULL || strcmp(req->method, "POST") == 0) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS,
                         req->body != NULL ? req->body : "");
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)(req->body != NULL ? req->body_len : 0));
    }
    if (!is_get || req->body != NULL)
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, req->method);
}

static long
timeout_of(const struct http_request *req)
{
    return req->timeout_ms > 0 ? (long)req->timeout_ms : TIMEOUT_MS;
}

static void
set_safety(CURL *easy, const struct http_request *req)
{
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    /* As OpenSSL's own tools: where a proxy of the house has a certificate of
     * its own. */
    if (getenv("SSL_CERT_FILE") != NULL)
        curl_easy_setopt(easy, CURLOPT_CAINFO, getenv("SSL_CERT_FILE"));
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_of(req));
    /* http:// is loopback: a proxy of the environment would look for it on its
     * own machine, and see the request in the clear. */
    if (strncasecmp(req->url, "http://", 7) == 0)
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
}

static void
set_call(struct call *c, struct curl_slist *headers)
{
    curl_easy_reset(c->easy);
    set_safety(c->easy, c->req);
    set_method(c->easy, c->req);
    curl_easy_setopt(c->easy, CURLOPT_URL, c->req->url);
    curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c->easy, CURLOPT_USERAGENT, USER_AGENT);
    curl_easy_setopt(c->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(c->easy, CURLOPT_HTTP_VERSION,
                     (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(c->easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(c->easy, CURLOPT_ERRORBUFFER, c->reason);
    curl_easy_setopt(c->easy, CURLOPT_PREREQFUNCTION, on_connected);
    curl_easy_setopt(c->easy, CURLOPT_PREREQDATA, c);
    curl_easy_setopt(c->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c->easy, CURLOPT_WRITEDATA, c);
}

/* Run the call to its end; curl's own time limits end it. */
static CURLcode
perform(struct http *http)
{
    CURLcode rv = CURLE_OK;
    int running = 1, left;
    CURLMsg *msg;

    if (curl_multi_add_handle(http->multi, http->easy) != CURLM_OK)
        abort();
    while (running > 0) {
        if (curl_multi_perform(http->multi, &running) != CURLM_OK)
            abort();
        if (running > 0)
            curl_multi_poll(http->multi, NULL, 0, SLICE_MS, NULL);
        if (http->breathe != NULL)
            http->breathe(http->ctx);
    }
    while ((msg = curl_multi_info_read(http->multi, &left)) != NULL)
        if (msg->msg == CURLMSG_DONE)
            rv = msg->data.result;
    curl_multi_remove_handle(http->multi, http->easy);
    return rv;
}

static void
tell_failure(struct call *c, CURLcode code)
{
    struct http_response *out = c->out;

    out->result = was_sent(c) ? HTTP_UNKNOWN : HTTP_NO_REPLY;
    if (c->is_too_large)
        snprintf(out->error, sizeof(out->error),
                 "the answer is larger than %u MiB",
                 HTTP_BODY_MAX / (1024 * 1024));
    else if (c->was_cut || code == CURLE_GOT_NOTHING)
        snprintf(out->error, sizeof(out->error),
                 "the connection was cut before an answer came");
    else
        snprintf(out->error, sizeof(out->error), "%s",
                 c->reason[0] != '\0' ? c->reason : curl_easy_strerror(code));
    out->body_len = 0; /* half an answer is none */
    out->body[0] = '\0';
}

void
http_call(struct http *http, const struct http_request *req,
          struct http_response *out)
{
    struct call c = {.req = req, .out = out, .easy = http->easy};
    struct curl_slist *headers;
    struct error err;
    CURLcode code;

    http_answer_init(out);
    out->body = calloc(1, 1);
    if (out->body == NULL)
        abort();
    c.body_size = 1;
    if (check_call_url(req->url, &err) < 0) {
        snprintf(out->error, sizeof(out->error), "%.*s",
                 (int)sizeof(out->error) - 1, err.text);
        return;
    }
    headers = headers_of(req);
    set_call(&c, headers);
    http->pending = req;
    http->began = clock_monotonic_ms();
    code = perform(http);
    http->pending = NULL;
    if (code == CURLE_OK) {
        out->result = HTTP_OK;
        http_answer_read(c.easy, out);
    } else {
        tell_failure(&c, code);
    }
    /* Nothing of the call may outlive it: the handle points to the caller's
     * body and to secrets in headers. */
    curl_easy_reset(c.easy);
    curl_slist_free_all(headers);
}

void
http_response_fini(struct http_response *res)
{
    free(res->body);
    res->body = NULL;
    res->body_len = 0;
}

bool
http_is_pending(const struct http *http, struct http_pending *out)
{
    const struct http_request *req = http->pending;

    if (req == NULL)
        return false;
    *out = (struct http_pending){req->method, req->url, http->began,
                                 http->began + timeout_of(req)};
    return true;
}
