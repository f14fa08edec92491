/* server: HTTP by libmicrohttpd. A connection has a thread of its own, so that
 * one that stalls holds nobody up; the services are called one at a time. */
#include "tests/sandbox/sandbox.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BODY_MAX (64u * 1024 * 1024)

/* One call while its body comes in. */
struct call {
    char *body;
    size_t len, size;
    bool is_too_large;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct MHD_Daemon *daemons[2];
static volatile bool is_closing;

static void
add_bytes(struct call *call, const char *bytes, size_t len)
{
    if (call->len + len > BODY_MAX) {
        call->is_too_large = true;
        return;
    }
    if (call->len + len + 1 > call->size) {
        call->size = 2 * (call->len + len) + 1024;
        call->body = realloc(call->body, call->size);
        if (call->body == NULL)
            abort();
    }
    memcpy(call->body + call->len, bytes, len);
    call->len += len;
}

/* In slices, so that closing does not wait for it. */
static void
pause_ms(int64_t ms)
{
    const struct timespec slice = {0, 20000000};

    for (; ms > 0 && !is_closing; ms -= 20)
        nanosleep(&slice, NULL);
}

/* The body's first half, then the connection breaks. */
struct half {
    char *bytes;
    size_t len;
};

static ssize_t
read_half(void *ctx, uint64_t at, char *buf, size_t max)
{
    struct half *half = ctx;
    size_t left = half->len - (size_t)at;

    if (at >= half->len)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (left > max)
        left = max;
    memcpy(buf, half->bytes + at, left);
    return (ssize_t)left;
}

static void
free_half(void *ctx)
{
    struct half *half = ctx;

    free(half->bytes);
    free(half);
}

static struct MHD_Response *
half_response(struct response *res)
{
    struct half *half = calloc(1, sizeof(*half));
    size_t whole = res->body_len > 0 ? res->body_len : 64;

    if (half == NULL)
        abort();
    half->bytes = res->body != NULL ? res->body : calloc(1, 1);
    half->len = res->body_len / 2;
    res->body = NULL;
    return MHD_create_response_from_callback(whole, 4096, read_half, half,
                                             free_half);
}

static enum MHD_Result
answer(struct MHD_Connection *connection, struct response *res, bool is_cut)
{
    struct MHD_Response *r;
    enum MHD_Result rv;
    time_t now = (time_t)(sandbox_now_ms() / 1000);
    char date[64];
    struct tm tm;

    if (is_cut)
        r = half_response(res);
    else
        r = MHD_create_response_from_buffer(
            res->body_len, res->body != NULL ? res->body : (void *)"",
            res->body != NULL ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    gmtime_r(&now, &tm);
    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
    MHD_add_response_header(r, "Date", date);
    for (int i = 0; i < res->n_headers; i++)
        MHD_add_response_header(r, res->headers[i][0], res->headers[i][1]);
    rv = MHD_queue_response(connection, (unsigned)res->status, r);
    MHD_destroy_response(r);
    return rv;
}

/* The service's answer, with the faults around it. */
static bool
handle(struct service *service, const struct request *req, struct response *res)
{
    int64_t delay_ms = 0;
    enum fault_action fault;

    pthread_mutex_lock(&lock);
    if (strncmp(req->path, "/__sandbox/", 11) == 0) {
        control_handle(service, req, res);
        pthread_mutex_unlock(&lock);
        return false;
    }
    fault = faults_apply(service, req, res, &delay_ms);
    if (fault == FAULT_DELAY) {
        pthread_mutex_unlock(&lock);
        pause_ms(delay_ms);
        pthread_mutex_lock(&lock);
    }
    if (fault == FAULT_EXPIRE)
        service->expire_tokens(service);
    if (fault != FAULT_STATUS && fault != FAULT_CUT)
        service->handle(service, req, res);
    if (fault == FAULT_PARTIAL)
        faults_done();
    control_count(service, req, res);
    pthread_mutex_unlock(&lock);
    return fault == FAULT_CUT || fault == FAULT_COMMIT_CUT;
}

static enum MHD_Result
on_request(void *ctx, struct MHD_Connection *connection, const char *url,
           const char *method, const char *version, const char *bytes,
           size_t *len, void **state)
{
    struct call *call = *state;
    struct request req = {.method = method, .connection = connection};
    struct response res = {.status = 200};
    bool is_cut;

    (void)version;
    if (call == NULL) {
        *state = call = calloc(1, sizeof(*call));
        if (call == NULL)
            abort();
        return MHD_YES;
    }
    if (*len > 0) {
        add_bytes(call, bytes, *len);
        *len = 0;
        return MHD_YES;
    }
    add_bytes(call, "", 0);
    if (call->is_too_large) {
        res.status = 413;
        return answer(connection, &res, false);
    }
    call->body[call->len] = '\0';
    req.path = url;
    req.body = call->body;
    req.body_len = call->len;
    is_cut = handle(ctx, &req, &res);
    return answer(connection, &res, is_cut);
}

static void
on_completed(void *ctx, struct MHD_Connection *connection, void **state,
             enum MHD_RequestTerminationCode code)
{
    struct call *call = *state;

    (void)ctx;
    (void)connection;
    (void)code;
    if (call != NULL)
        free(call->body);
    free(call);
    *state = NULL;
}

/* The path stays percent-encoded; request_part() decodes. */
static size_t
keep_encoded(void *ctx, struct MHD_Connection *connection, char *s)
{
    (void)ctx;
    (void)connection;
    return strlen(s);
}

int
server_open(struct service *service)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)service->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *d = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
            MHD_USE_POLL | MHD_USE_SUPPRESS_DATE_NO_CLOCK,
        (uint16_t)service->port, NULL, NULL, on_request, service,
        MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
        NULL, MHD_OPTION_UNESCAPE_CALLBACK, keep_encoded, NULL,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)256 * 1024, MHD_OPTION_END);

    if (d == NULL) {
        fprintf(stderr,
                "sandbox: port %d (%s) cannot be opened: is it taken?\n",
                service->port, service->name);
        return -1;
    }
    service->port = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port;
    daemons[daemons[0] != NULL] = d;
    return 0;
}

void
server_close(void)
{
    is_closing = true;
    for (int i = 0; i < 2; i++)
        if (daemons[i] != NULL)
            MHD_stop_daemon(daemons[i]);
}
