/* hubspot: see hubspot.h. Calls and their tries; what answers mean is in
 * hubspot_answer.c, what may be called when in hubspot_limit.c. */
#include "common/hubspot.h"
#include "common/chance.h"
#include "common/clock.h"
#include "common/hubspot_private.h"
#include "common/log.h"
#include "common/secret.h"
#include "common/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALL_TIMEOUT_MS 100000 /* HubSpot itself gives up after 100 s */

int
hubspot_open(const struct conf *conf, struct store *store,
             bool (*breathe)(void *ctx), void *ctx, struct hubspot **out,
             struct error *err)
{
    struct hubspot *hs = calloc(1, sizeof(*hs));

    if (hs == NULL)
        abort();
    hs->budget =
        (struct budget){.service = "hubspot",
                        .store = store,
                        .limit = conf_int(conf, "hubspot", "daily_api_limit")};
    hs->breathe = breathe;
    hs->ctx = ctx;
    snprintf(hs->base, sizeof(hs->base), "%s",
             conf_str(conf, "hubspot", "api_base"));
    while (hs->base[0] != '\0' && hs->base[strlen(hs->base) - 1] == '/')
        hs->base[strlen(hs->base) - 1] = '\0';
    snprintf(hs->version, sizeof(hs->version), "%s",
             conf_str(conf, "hubspot", "api_version"));
    hs->max_tries = (int)conf_int(conf, "delivery", "max_tries");
    hs->backoff.min_ms = conf_ms(conf, "delivery", "retry_min");
    hs->backoff.max_ms = conf_ms(conf, "delivery", "retry_max");
    if (hs->backoff.max_ms < hs->backoff.min_ms)
        hs->backoff.max_ms = hs->backoff.min_ms;
    if (hubspot_limit_init(hs, conf, err) < 0 ||
        hubspot_auth_read(hs, conf, err) < 0 ||
        http_check_url(hs->base, err) < 0 ||
        http_open(breathe, ctx, &hs->http, err) < 0) {
        hubspot_close(hs);
        return -1;
    }
    *out = hs;
    return 0;
}

void
hubspot_close(struct hubspot *hs)
{
    if (hs == NULL)
        return;
    http_close(hs->http);
    hubspot_limit_fini(hs);
    secret_wipe(hs, sizeof(*hs));
    free(hs);
}

void
hubspot_around(struct hubspot *hs, const struct around *around)
{
    hs->around = *around;
}

int64_t
hubspot_calls(const struct hubspot *hs)
{
    return hs->budget.calls;
}

bool
hubspot_is_slow(const struct hubspot *hs, struct outage *out)
{
    struct http_pending p;

    return http_is_pending(hs->http, &p) &&
           outage_of_call(out, "HubSpot", p.method, p.url, p.began, p.until,
                          clock_monotonic_ms());
}

const struct budget *
hubspot_budget(const struct hubspot *hs)
{
    return &hs->budget;
}

int64_t
hubspot_rest_ms(const struct hubspot *hs)
{
    return hs->rest_ms;
}

int64_t
hubspot_now_ms(const struct hubspot *hs)
{
    return clock_now_ms() + hs->clock_offset_ms;
}

void
hubspot_put_path(const struct hubspot *hs, enum hubspot_api api,
                 struct text *url)
{
    /* hubspot-api.md, 0.1; forms are dated as a beta only; 2026-03 is the last
     * version of lists that is none. */
    static const char *const v3[] = {"/crm/v3/objects",
                                     "/crm/v4/associations",
                                     "/crm/v3/properties",
                                     "/crm/v3/owners",
                                     "/events/v3/events",
                                     "/marketing/v3/forms",
                                     "/crm/v3/lists",
                                     "/oauth/v1",
                                     ""};
    static const char *const dated[] = {"/crm/objects/%s",
                                        "/crm/associations/%s",
                                        "/crm/properties/%s",
                                        "/crm/owners/%s",
                                        "/events/event-occurrences/%s",
                                        "/marketing/forms/%s-beta",
                                        "/crm/lists/2026-03",
                                        "/oauth/%s",
                                        ""};
    const char *at;

    if (strcmp(hs->version, "v3") == 0) {
        text_puts(url, v3[api]);
        return;
    }
    at = strstr(dated[api], "%s");
    if (at == NULL) {
        text_puts(url, dated[api]);
        return;
    }
    text_putn(url, dated[api], (size_t)(at - dated[api]));
    text_puts(url, hs->version);
    text_puts(url, at + 2);
}

static char *
make_url(const struct hubspot *hs, enum hubspot_api api, const char *tail)
{
    struct text url;

    text_init(&url);
    text_puts(&url, hs->base);
    hubspot_put_path(hs, api, &url);
    text_puts(&url, tail);
    text_putc(&url, '\0');
    return url.data;
}

static char *
make_body(const cJSON *body)
{
    char *text = body != NULL ? cJSON_PrintUnformatted(body) : NULL;

    if (body != NULL && text == NULL)
        abort(); /* out of memory: the fetcher sends again */
    return text;
}

/* Does the path of `tail` end in these words? */
static bool
has_end(const char *tail, const char *words)
{
    size_t path = strcspn(tail, "?"), len = strlen(words);

    return path >= len && memcmp(tail + path - len, words, len) == 0;
}

/* A call that is ready to be made, as often as need be. */
struct call {
    const char *method, *tail;
    char *url, *body;
    enum hubspot_turn turn;
    bool reads; /* changes nothing */
};

static enum hubspot_turn
turn_of(enum hubspot_api api, const char *tail)
{
    if (api == HUBSPOT_ASSOCIATIONS)
        return HUBSPOT_TURN_ASSOCIATION;
    return has_end(tail, "/search") ? HUBSPOT_TURN_SEARCH : HUBSPOT_TURN_CALL;
}

/* One try. false: no call was made, which `out` tells, too. */
static bool
try_once(struct hubspot *hs, const struct call *c, struct hubspot_answer *out)
{
    const char *const headers[] = {hs->auth, "Accept: application/json", NULL};
    struct http_request req = {.method = c->method,
                               .url = c->url,
                               .headers = headers,
                               .body = c->body,
                               .body_len =
                                   c->body != NULL ? strlen(c->body) : 0,
                               .timeout_ms = CALL_TIMEOUT_MS};
    struct http_response res;

    hubspot_answer_init(out);
    if (!hubspot_auth_get(hs, out) || !hubspot_limit_take(hs, c->turn, out))
        return false;
    http_call(hs->http, &req, &res);
    if (res.date_ms > 0)
        hs->clock_offset_ms = clock_ahead_ms(res.date_ms, clock_now_ms());
    hubspot_judge(&res, c->reads, out);
    hubspot_limit_heed(hs, c->turn, &res, out);
    hubspot_auth_heed(hs, res.status, out);
    http_response_fini(&res);
    return true;
}

void
hubspot_call(struct hubspot *hs, const char *method, enum hubspot_api api,
             const char *tail, const cJSON *body, struct hubspot_answer *out)
{
    struct call c = {.method = method,
                     .tail = tail,
                     .url = make_url(hs, api, tail),
                     .body = make_body(body),
                     .turn = turn_of(api, tail),
                     .reads = strcmp(method, "GET") == 0 ||
                              has_end(tail, "/search") ||
                              has_end(tail, "/batch/read")};

    try_once(hs, &c, out);
    free(c.url);
    free(c.body);
}

/* ---- reading, with tries ---- */

/* Put an answer that is not HUBSPOT_OK into an error. Returns -1. */
static int
tell(const struct hubspot_answer *a, const char *tail, struct error *err)
{
    int path = (int)strcspn(tail, "?");
    int code = a->end == HUBSPOT_NOPERM    ? EX_NOPERM
               : a->end == HUBSPOT_REFUSED ? EX_DATAERR
                                           : EX_TEMPFAIL;

    if (a->end == HUBSPOT_CONFIG)
        return error_set(err, EX_CONFIG, "%s", a->message);
    if (strcmp(a->code, "bad-answer") == 0)
        return error_set(err, EX_PROTOCOL,
                         "HubSpot's answer to %.*s is no JSON", path, tail);
    if (strcmp(a->code, "no-answer") == 0)
        return error_set(err, code, "HubSpot gave no answer: %s", a->message);
    if (a->status == 0 || a->end == HUBSPOT_PAUSE)
        return error_set(err, code, "%s", a->message);
    return error_set(err, code, "HubSpot refuses %.*s (%d): %s", path, tail,
                     a->status, a->message);
}

static bool
may_again(const struct hubspot *hs, const struct hubspot_answer *a, int tries)
{
    return a->end == HUBSPOT_RETRY && tries < hs->max_tries &&
           a->retry_after_ms <= BACKOFF_LONG_MS &&
           around_again(&hs->around, tries);
}

static int
read_call(struct hubspot *hs, const struct call *c, cJSON **out,
          struct error *err)
{
    for (int tries = 1;; tries++) {
        struct hubspot_answer a;
        bool was_made = try_once(hs, c, &a);
        int64_t wait_ms;

        hs->rest_ms = was_made && a.end == HUBSPOT_PAUSE ? BACKOFF_SPENT_MS
                                                         : a.retry_after_ms;
        if (a.end == HUBSPOT_OK) {
            *out = a.json;
            return 0;
        }
        hubspot_answer_fini(&a);
        if (!was_made || !may_again(hs, &a, tries))
            return tell(&a, c->tail, err);
        log_write(LOG_DEBUG, "a call is tried again", "reason", a.message,
                  NULL);
        wait_ms =
            backoff_ms(&hs->backoff, tries, chance_bits(), a.retry_after_ms);
        if (hubspot_wait(hs, wait_ms, err) < 0)
            return -1;
    }
}

int
hubspot_read(struct hubspot *hs, enum hubspot_api api, const char *tail,
             const cJSON *body, cJSON **out, struct error *err)
{
    struct call c = {.method = body != NULL ? "POST" : "GET",
                     .tail = tail,
                     .url = make_url(hs, api, tail),
                     .body = make_body(body),
                     .turn = turn_of(api, tail),
                     .reads = true};
    int rv;

    *out = NULL;
    rv = around_before(&hs->around, err);
    if (rv == 0)
        rv = read_call(hs, &c, out, err);
    rv = around_after(&hs->around, rv, err);
    if (rv < 0) {
        cJSON_Delete(*out);
        *out = NULL;
    }
    free(c.url);
    free(c.body);
    return rv;
}

bool
hubspot_is_id(const char *id)
{
    size_t len = strspn(id, "0123456789");

    return len > 0 && len <= 19 && id[len] == '\0';
}
