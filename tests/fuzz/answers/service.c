/* service: see service.h. */
#include "tests/fuzz/answers/service.h"

#include "common/clock.h"
#include "common/http.h"
#include "common/url.h"
#include "tests/fuzz/answers/recipe.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define FIRST_MS    INT64_C(1714060800000)
#define RUN_MS      (2 * INT64_C(86400000))
#define RUNS        1000000
#define ROUTES_MAX  24
#define CALLS_MAX   4096             /* of a poll */
#define SAME_MAX    64               /* answers to the same call in a poll */
#define PATIENCE_MS INT64_C(1800000) /* from one call to the next */
#define N(array)    (sizeof(array) / sizeof((array)[0]))

enum for_ever { EMPTY, AGAIN, GONE, FORBIDDEN, AWAY, FOR_EVER };

static struct service {
    const struct service_route *routes;
    struct input *in;
    int64_t run, now;
    int64_t asked_at;   /* the last call */
    enum for_ever last; /* what it does when the input is used up */
    int status;         /* service_say(); 0: the input decides */
    const char *body;
    struct text again[ROUTES_MAX]; /* last answer of each route */
    uint64_t asked[CALLS_MAX];     /* hashes of the calls that were answered */
    int n_calls, n_answers;
} svc;

struct http {
    bool (*breathe)(void *ctx);
    void *ctx;
};

int64_t
clock_now_ms(void)
{
    return svc.now;
}

int64_t
clock_monotonic_ms(void)
{
    return svc.now;
}

void
service_advance(int64_t ms)
{
    svc.now += ms;
}

/* All waits of the clients end here. */
int
nanosleep(const struct timespec *wanted, struct timespec *left)
{
    (void)left;
    svc.now += (int64_t)wanted->tv_sec * 1000 + wanted->tv_nsec / 1000000;
    check(svc.now - svc.asked_at < PATIENCE_MS);
    return 0;
}

void
service_begin(const struct service_route *routes, struct input *in)
{
    svc.routes = routes;
    svc.in = in;
    svc.run = (svc.run + 1) % RUNS;
    svc.now = FIRST_MS + svc.run * RUN_MS;
    svc.last = (enum for_ever)(input_byte(in) % FOR_EVER);
    svc.status = 0;
    for (size_t i = 0; i < ROUTES_MAX; i++)
        svc.again[i].len = 0;
    srand(1);
    service_poll();
}

void
service_poll(void)
{
    svc.n_calls = svc.n_answers = 0;
    svc.asked_at = svc.now;
}

int
service_calls(void)
{
    return svc.n_calls;
}

int
service_answers(void)
{
    return svc.n_answers;
}

void
service_say(int status, const char *body)
{
    svc.status = body != NULL ? status : 0;
    svc.body = body;
}

static size_t
route_of(const char *url)
{
    size_t i = 0;

    while (svc.routes[i].path != NULL &&
           strstr(url, svc.routes[i].path) == NULL)
        i++;
    check(i < ROUTES_MAX);
    return i;
}

static uint64_t
hash(uint64_t from, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        from = (from ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
    return from;
}

/* It was answered, and is not to be asked for ever. */
static void
note_answer(const struct http_request *req)
{
    uint64_t call =
        hash(hash(UINT64_C(14695981039346656037), req->url, strlen(req->url)),
             req->body, req->body_len);
    int same = 0;

    check(svc.n_answers < CALLS_MAX);
    for (int i = 0; i < svc.n_answers; i++)
        same += svc.asked[i] == call;
    check(same < SAME_MAX);
    svc.asked[svc.n_answers++] = call;
}

static void
put_headers(struct http_response *out)
{
    static const int64_t waits[] = {-1, 0, 1000, 120000, 604800000};
    static const int64_t dates[] = {0, 3000, -3000, 86400000, -86400000};
    static const int rates[] = {-1, 1, 0, 50, INT_MAX};
    uint8_t b = input_byte(svc.in);

    if (b < 128)
        return;
    out->retry_after_ms = waits[input_byte(svc.in) % N(waits)];
    out->rate_max = rates[input_byte(svc.in) % N(rates)];
    out->rate_interval_ms = b % 4 == 0 ? 1000 : b % 4 == 1 ? 10000 : -1;
    if (b % 2 == 1)
        out->date_ms = svc.now + dates[input_byte(svc.in) % N(dates)];
    if (b == 255)
        out->date_ms = INT64_C(253402300799000); /* the year 9999 */
}

static void
refuse(struct http_response *out, uint8_t b, struct text *body)
{
    static const int statuses[] = {403, 404, 400, 401, 408, 409, 423,
                                   429, 429, 477, 500, 502, 503, 204,
                                   300, 301, 413, 420, 599, 302};
    static const char words[] =
        "{\"status\":\"error\",\"message\":$s,\"category\":\"X\"$<,"
        "\"policyName\":$s$>$<,\"errors\":[{\"context\":{"
        "\"requiredGranularScopes\":[$s,$s]}}]$>$<,\"error\":$s,"
        "\"error_description\":$s$>}";
    static const char rows[] =
        "[{\"errorCode\":\"$<REQUEST_LIMIT_EXCEEDED$>$<QUERY_TIMEOUT$>"
        "$<INVALID_FIELD$>$<INSUFFICIENT_ACCESS$>\",\"message\":$s}]";

    if (b >= N(statuses)) {
        out->result = b % 2 ? HTTP_NO_REPLY : HTTP_UNKNOWN;
        snprintf(out->error, sizeof(out->error), "no answer");
        return;
    }
    out->status = statuses[b];
    recipe_write(input_byte(svc.in) % 4 == 3 ? rows : words, svc.in, svc.now,
                 body);
}

/* The answer that the input chooses. */
static void
answer(size_t route, struct http_response *out, struct text *body)
{
    uint8_t b = input_byte(svc.in);
    const char *bytes;
    size_t n;

    put_headers(out);
    if (b >= 230) {
        refuse(out, b - 230, body);
    } else if (b >= 215) {
        n = input_take(svc.in, (size_t)(b - 214) * 64, &bytes);
        text_putn(body, bytes, n);
    } else {
        out->status = b % 16 == 15 ? 207 : 200;
        recipe_write(svc.routes[route].recipe, svc.in, svc.now, body);
    }
}

static void
answer_for_ever(size_t route, struct http_response *out, struct text *body)
{
    static const char *const refusal = "{\"status\":\"error\"}";

    if (svc.last >= GONE || svc.routes[route].empty == NULL) {
        out->status = svc.last == FORBIDDEN ? 403
                      : svc.last == AWAY    ? 503
                                            : 404;
        text_puts(body, refusal);
    } else if (svc.last == AGAIN && svc.again[route].len > 0) {
        text_putn(body, svc.again[route].data, svc.again[route].len);
    } else {
        text_puts(body, svc.routes[route].empty);
    }
}

static void
respond(const struct http_request *req, struct http_response *out,
        struct text *body)
{
    size_t route = route_of(req->url);

    if (svc.status != 0) {
        out->status = svc.status;
        text_puts(body, svc.body);
        return;
    }
    if (input_is_over(svc.in))
        answer_for_ever(route, out, body);
    else
        answer(route, out, body);
    if (out->result == HTTP_OK && out->status / 100 == 2) {
        note_answer(req);
        svc.again[route].len = 0;
        text_putn(&svc.again[route], body->data, body->len);
    }
}

/* FUZZ_TRACE=1: what was asked and answered, to look into a finding. */
static void
trace(const struct http_request *req, const struct http_response *res)
{
    if (getenv("FUZZ_TRACE") != NULL)
        fprintf(stderr, "%s %s\n  %.300s\n  %d %.600s\n", req->method, req->url,
                req->body != NULL ? req->body : "", res->status, res->body);
}

int
http_open(bool (*breathe)(void *ctx), void *ctx, struct http **out,
          struct error *err)
{
    (void)err;
    *out = malloc(sizeof(**out));
    check(*out != NULL);
    **out = (struct http){.breathe = breathe, .ctx = ctx};
    return 0;
}

void
http_close(struct http *http)
{
    free(http);
}

void
http_call(struct http *http, const struct http_request *req,
          struct http_response *out)
{
    struct text body;

    *out = (struct http_response){.result = HTTP_OK,
                                  .status = 200,
                                  .retry_after_ms = -1,
                                  .rate_max = -1,
                                  .rate_remaining = -1,
                                  .rate_interval_ms = -1,
                                  .daily_max = -1,
                                  .daily_remaining = -1};
    if (http->breathe != NULL)
        http->breathe(http->ctx);
    svc.asked_at = svc.now++;
    svc.n_calls++;
    text_init(&body);
    respond(req, out, &body);
    if (out->result != HTTP_OK) {
        body.len = 0;
        out->status = 0;
    }
    /* Of exactly its size, so that who reads behind its end is found. */
    out->body = calloc(1, body.len + 1);
    check(out->body != NULL);
    if (body.len > 0)
        memcpy(out->body, body.data, body.len);
    out->body_len = body.len;
    text_fini(&body);
    trace(req, out);
}

/* An answer comes at once. */
bool
http_is_pending(const struct http *http, struct http_pending *out)
{
    (void)http;
    (void)out;
    return false;
}

void
http_response_fini(struct http_response *res)
{
    free(res->body);
    res->body = NULL;
    res->body_len = 0;
}

int
http_check_url(const char *url, struct error *err)
{
    return url_check_http(url, err);
}
