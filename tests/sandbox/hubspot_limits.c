/* hubspot_limits: how many calls there may be in which time (hubspot-api.md, 3
 * and 9). */
#include "tests/sandbox/hubspot.h"
#include "common/clock.h"

#include <inttypes.h>
#include <stdio.h>

#define WINDOW_MS 10000
#define DAY_MS    (24 * 3600 * INT64_C(1000))

/* Takes a place in the ring of the last `size` calls; false: the oldest one is
 * younger than the window. */
static bool
ring_take(int64_t *ring, size_t size, size_t *n, int64_t window_ms)
{
    int64_t now = clock_monotonic_ms(), *slot = &ring[*n % size];

    if (*n >= size && now - *slot < window_ms)
        return false;
    *slot = now;
    (*n)++;
    return true;
}

static int
ring_used(const int64_t *ring, size_t size, size_t n, int64_t window_ms)
{
    int64_t now = clock_monotonic_ms();
    int used = 0;

    for (size_t i = 0; i < size && i < n; i++)
        used += now - ring[i] < window_ms;
    return used;
}

static void
put_number(struct hs_call *call, const char *name, int64_t n)
{
    char text[32];

    snprintf(text, sizeof(text), "%" PRId64, n > 0 ? n : 0);
    response_header(call->res, name, text);
}

static void
rate_headers(struct hs_call *call)
{
    struct hubspot *hs = call->hs;

    put_number(call, "X-HubSpot-RateLimit-Max", HS_RATE);
    put_number(call, "X-HubSpot-RateLimit-Remaining",
               HS_RATE -
                   ring_used(hs->calls_ms, HS_RATE, hs->n_calls, WINDOW_MS));
    put_number(call, "X-HubSpot-RateLimit-Interval-Milliseconds", WINDOW_MS);
    put_number(call, "X-HubSpot-RateLimit-Daily", HS_DAY_LIMIT);
    put_number(call, "X-HubSpot-RateLimit-Daily-Remaining",
               HS_DAY_LIMIT - hs->day_calls);
    put_number(call, "X-HubSpot-RateLimit-Secondly", 19);
    put_number(call, "X-HubSpot-RateLimit-Secondly-Remaining", 18);
}

static bool
too_many(struct hs_call *call, const char *window, const char *policy)
{
    cJSON *body = cJSON_CreateObject();
    char id[37], message[80];

    snprintf(message, sizeof(message), "You have reached your %s limit.",
             window);
    cJSON_AddStringToObject(body, "status", "error");
    cJSON_AddStringToObject(body, "message", message);
    cJSON_AddStringToObject(body, "errorType", "RATE_LIMIT");
    cJSON_AddStringToObject(body, "correlationId", call->correlation);
    cJSON_AddStringToObject(body, "policyName", policy);
    hs_uuid(call->hs, id);
    cJSON_AddStringToObject(body, "requestId", id);
    response_json(call->res, 429, body);
    return false;
}

/* The day ends at midnight; the account's time zone is UTC. */
static bool
take_of_day(struct hubspot *hs)
{
    int64_t day = sandbox_now_ms() / DAY_MS;

    if (hs->day != day)
        hs->day_calls = 0;
    hs->day = day;
    if (hs->day_calls >= HS_DAY_LIMIT && !sandbox_options.no_limits)
        return false;
    hs->day_calls++;
    return true;
}

bool
hs_count_call(struct hs_call *call, enum hs_turn turn)
{
    struct hubspot *hs = call->hs;
    bool is_allowed;

    if (!take_of_day(hs))
        return too_many(call, "daily", "DAILY");
    if (sandbox_options.no_limits)
        return true;
    if (turn == HS_TURN_SEARCH)
        return ring_take(hs->searches_ms, HS_SEARCH_RATE, &hs->n_searches,
                         1000) ||
               too_many(call, "secondly", "SECONDLY");
    is_allowed = (turn != HS_TURN_ASSOCIATION ||
                  ring_take(hs->associations_ms, HS_ASSOCIATION_RATE,
                            &hs->n_associations, WINDOW_MS)) &&
                 ring_take(hs->calls_ms, HS_RATE, &hs->n_calls, WINDOW_MS);
    rate_headers(call);
    return is_allowed ||
           too_many(call, "ten_secondly_rolling", "TEN_SECONDLY_ROLLING");
}

void
hs_use(struct service *service, int64_t calls)
{
    struct hubspot *hs = service->data;

    hs->day = sandbox_now_ms() / DAY_MS;
    hs->day_calls = calls;
}
