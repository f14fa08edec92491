/* server: HTTP by libmicrohttpd, all in the one thread of server_run(): calls
 * of both ports are served one after the other. A call that is to wait is
 * suspended, and a timer brings it back, so that it holds nobody up. */
#include "tests/sandbox/sandbox.h"
#include "common/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BODY_MAX    (64u * 1024 * 1024)
#define N_DAEMONS   2
#define MEMORY_EACH ((size_t)256 * 1024) /* a connection's: head and query */

/* One call, from its first line on. */
struct call {
    char *path; /* as sent, without the query */
    char *body;
    size_t len, size;
    bool is_begun, is_too_large;
    bool has_waited;                   /* a delay is over: serve it now */
    struct MHD_Connection *connection; /* while it waits */
    int64_t due_ms;                    /* when it has waited, steady clock */
    struct call *next;                 /* of those that wait */
};

static struct MHD_Daemon *daemons[N_DAEMONS];
static struct call *waiting; /* the next one due first */

/* ---- calls that wait ---- */

static void
wait_ms(struct call *call, struct MHD_Connection *connection, int64_t ms)
{
    struct call **at = &waiting;

    call->connection = connection;
    call->has_waited = true;
    call->due_ms = clock_monotonic_ms() + ms;
    while (*at != NULL && (*at)->due_ms <= call->due_ms)
        at = &(*at)->next;
    call->next = *at;
    *at = call;
    MHD_suspend_connection(connection);
}

static void
wake(int64_t now_ms)
{
    while (waiting != NULL && waiting->due_ms <= now_ms) {
        struct call *call = waiting;

        waiting = call->next;
        MHD_resume_connection(call->connection);
    }
}

/* ---- answers ---- */

/* The body's first half, then the connection breaks. */
struct half {
    char *bytes;
    size_t len;
};

static ssize_t
read_half(void *ctx, uint64_t at, char *buf, size_t max)
{
    struct half *half = ctx;
    size_t left;

    if (at >= half->len)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    left = half->len - (size_t)at;
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

    if (half == NULL)
        abort();
    half->bytes = res->body;
    half->len = res->body_len / 2;
    res->body = NULL;
    return MHD_create_response_from_callback(res->body_len, 4096, read_half,
                                             half, free_half);
}

static struct MHD_Response *
whole_response(struct response *res)
{
    if (res->body == NULL)
        return MHD_create_response_from_buffer(0, (void *)"",
                                               MHD_RESPMEM_PERSISTENT);
    return MHD_create_response_from_buffer(res->body_len, res->body,
                                           MHD_RESPMEM_MUST_FREE);
}

static void
add_date(struct MHD_Response *r)
{
    time_t now = (time_t)(sandbox_now_ms() / 1000);
    char date[64];
    struct tm tm;

    if (gmtime_r(&now, &tm) == NULL)
        return;
    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
    MHD_add_response_header(r, "Date", date);
}

/* Takes the body of `res`. An answer that is cut in half needs one: without,
 * the connection just closes. */
static enum MHD_Result
answer(struct MHD_Connection *connection, struct response *res,
       enum answer_part part)
{
    struct MHD_Response *r;
    enum MHD_Result rv;

    if (part == ANSWER_NONE || (part == ANSWER_HALF && res->body_len < 2)) {
        free(res->body);
        return MHD_NO;
    }
    r = part == ANSWER_HALF ? half_response(res) : whole_response(res);
    if (r == NULL)
        abort();
    add_date(r);
    for (int i = 0; i < res->n_headers; i++)
        MHD_add_response_header(r, res->headers[i][0], res->headers[i][1]);
    rv = MHD_queue_response(connection, (unsigned)res->status, r);
    MHD_destroy_response(r);
    return rv;
}

/* ---- a call ---- */

/* The service's answer, with the fault around it; how much of it to send. */
static enum answer_part
serve(struct service *service, const struct request *req, struct response *res,
      const struct fault *fault)
{
    enum fault_action action = fault->action;

    if (action == FAULT_EXPIRE)
        service->expire_tokens(service);
    if (action != FAULT_STATUS && action != FAULT_CUT)
        service->handle(service, req, res);
    if (action == FAULT_PARTIAL)
        faults_done();
    control_count(service, req, res);
    return fault->part;
}

/* The call is complete. */
static enum MHD_Result
take(struct service *service, struct call *call,
     struct MHD_Connection *connection, const char *method)
{
    struct request req = {.method = method,
                          .path = call->path,
                          .body = call->body,
                          .body_len = call->len,
                          .connection = connection};
    struct response res = {.status = 200};
    struct fault fault = {.action = FAULT_NONE, .part = ANSWER_ALL};

    if (strncmp(req.path, "/__sandbox/", 11) == 0) {
        control_handle(service, &req, &res);
        return answer(connection, &res, ANSWER_ALL);
    }
    if (call->is_too_large) {
        res.status = 413;
        control_count(service, &req, &res);
        return answer(connection, &res, ANSWER_ALL);
    }
    if (!call->has_waited)
        faults_apply(service, &req, &res, &fault);
    if (fault.action == FAULT_DELAY) {
        wait_ms(call, connection, fault.delay_ms);
        return MHD_YES;
    }
    return answer(connection, &res, serve(service, &req, &res, &fault));
}

/* Too much of it is read to its end, but not kept. */
static void
add_bytes(struct call *call, const char *bytes, size_t len)
{
    if (call->len + len > BODY_MAX) {
        call->is_too_large = true;
        call->len = 0;
    }
    if (call->is_too_large)
        len = 0;
    if (call->len + len + 1 > call->size) {
        call->size = 2 * (call->len + len) + 1024;
        call->body = realloc(call->body, call->size);
        if (call->body == NULL)
            abort();
    }
    memcpy(call->body + call->len, bytes, len);
    call->len += len;
    call->body[call->len] = '\0';
}

/* The first thing heard of a call. The path is taken from here, because what
 * on_request gets is decoded, and a slash in a name then looks like one in the
 * path. */
static void *
on_uri(void *ctx, const char *uri, struct MHD_Connection *connection)
{
    struct call *call = calloc(1, sizeof(*call));

    (void)ctx;
    (void)connection;
    if (call == NULL)
        abort();
    call->path = strndup(uri, strcspn(uri, "?"));
    if (call->path == NULL)
        abort();
    add_bytes(call, "", 0);
    return call;
}

static enum MHD_Result
on_request(void *ctx, struct MHD_Connection *connection, const char *url,
           const char *method, const char *version, const char *bytes,
           size_t *len, void **state)
{
    struct call *call = *state;

    (void)url;
    (void)version;
    if (!call->is_begun) {
        call->is_begun = true;
        return MHD_YES;
    }
    if (*len > 0) {
        add_bytes(call, bytes, *len);
        *len = 0;
        return MHD_YES;
    }
    return take(ctx, call, connection, method);
}

static void
on_completed(void *ctx, struct MHD_Connection *connection, void **state,
             enum MHD_RequestTerminationCode code)
{
    struct call *call = *state;

    (void)ctx;
    (void)connection;
    (void)code;
    if (call != NULL) {
        free(call->path);
        free(call->body);
    }
    free(call);
    *state = NULL;
}

/* ---- both ports ---- */

int
server_open(struct service *service)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)service->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *d = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
            MHD_USE_SUPPRESS_DATE_NO_CLOCK,
        (uint16_t)service->port, NULL, NULL, on_request, service,
        MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
        NULL, MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, MEMORY_EACH, MHD_OPTION_END);

    if (d == NULL) {
        fprintf(stderr, "sandbox: port %d (%s) cannot be opened: %s\n",
                service->port, service->name,
                errno != 0 ? strerror(errno) : "is it taken?");
        return -1;
    }
    service->port = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port;
    daemons[daemons[0] != NULL] = d;
    return 0;
}

/* Until when nothing is to be done, ms from now; -1: for ever. */
static int
idle_ms(void)
{
    int64_t least = -1;

    if (waiting != NULL) {
        least = waiting->due_ms - clock_monotonic_ms();
        if (least < 0)
            least = 0;
    }
    for (int i = 0; i < N_DAEMONS; i++) {
        MHD_UNSIGNED_LONG_LONG ms;

        if (MHD_get_timeout(daemons[i], &ms) == MHD_YES &&
            (least < 0 || (int64_t)ms < least))
            least = (int64_t)ms;
    }
    return least > 60000 ? 60000 : (int)least;
}

void
server_run(int stop_fd)
{
    struct pollfd fds[N_DAEMONS + 1] = {{.fd = stop_fd, .events = POLLIN}};

    for (int i = 0; i < N_DAEMONS; i++)
        fds[i + 1] = (struct pollfd){
            .fd = MHD_get_daemon_info(daemons[i], MHD_DAEMON_INFO_EPOLL_FD)
                      ->epoll_fd,
            .events = POLLIN};
    while ((fds[0].revents & POLLIN) == 0) {
        if (poll(fds, N_DAEMONS + 1, idle_ms()) < 0 && errno != EINTR)
            abort();
        wake(clock_monotonic_ms());
        for (int i = 0; i < N_DAEMONS; i++)
            MHD_run(daemons[i]);
    }
}

void
server_close(void)
{
    wake(INT64_MAX);
    for (int i = 0; i < N_DAEMONS; i++)
        if (daemons[i] != NULL)
            MHD_stop_daemon(daemons[i]);
}
