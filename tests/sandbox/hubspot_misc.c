/* hubspot_misc: owners, call dispositions, the account, OAuth. */
#include "tests/sandbox/hubspot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cJSON *
get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* ---- owners ---- */

void
hs_complete_owner(struct hubspot *hs, cJSON *owner)
{
    char *id = hs_text_of(NULL, get(owner, "id"));
    int64_t n =
        id != NULL ? strtoll(id, NULL, 10) : cJSON_GetArraySize(hs->owners);
    bool is_archived = cJSON_IsTrue(get(owner, "archived"));
    const cJSON *user = get(owner, "userId");

    free(id);
    hs_put_default(owner, "type", cJSON_CreateString("PERSON"));
    hs_put_default(owner, "userIdIncludingInactive",
                   cJSON_IsNumber(user)
                       ? cJSON_Duplicate(user, true)
                       : cJSON_CreateNumber((double)(9000000 + n % 1000000)));
    hs_put_default(
        owner, "userId",
        is_archived
            ? cJSON_CreateNull()
            : cJSON_Duplicate(get(owner, "userIdIncludingInactive"), true));
}

static void
list_owners(struct hs_call *call)
{
    const char *after = request_query(call->req, "after");
    const char *email = request_query(call->req, "email");
    const char *archived = request_query(call->req, "archived");
    bool is_archived = archived != NULL && strcmp(archived, "true") == 0;
    long limit, at = 0, from = after ? strtol(after, NULL, 10) : 0;
    cJSON *answer, *results;
    const cJSON *owner;
    char next[24];

    if (!hs_query_limit(call, 100, 500, &limit))
        return;
    answer = cJSON_CreateObject();
    results = cJSON_AddArrayToObject(answer, "results");
    cJSON_ArrayForEach(owner, call->hs->owners)
    {
        const char *have = cJSON_GetStringValue(get(owner, "email"));

        if (cJSON_IsTrue(get(owner, "archived")) != is_archived ||
            (email != NULL && (have == NULL || strcasecmp(have, email) != 0)))
            continue;
        if (at++ < from)
            continue;
        if (limit-- == 0) {
            snprintf(next, sizeof(next), "%ld", at - 1);
            hs_add_paging(call, answer, next, true);
            break;
        }
        cJSON_AddItemToArray(results, cJSON_Duplicate(owner, true));
    }
    response_json(call->res, 200, answer);
}

static void
one_owner(struct hs_call *call)
{
    const char *by = request_query(call->req, "idProperty");
    const char *key = by && strcmp(by, "userId") == 0 ? "userId" : "id";
    const char *archived = request_query(call->req, "archived");
    bool is_archived = archived != NULL && strcmp(archived, "true") == 0;
    const cJSON *owner;

    cJSON_ArrayForEach(owner, call->hs->owners)
    {
        char *have = hs_text_of(NULL, get(owner, key));
        bool is_it = have != NULL && strcmp(have, call->parts[0]) == 0;

        free(have);
        if (!is_it || cJSON_IsTrue(get(owner, "archived")) != is_archived)
            continue;
        response_json(call->res, 200, cJSON_Duplicate(owner, true));
        return;
    }
    hs_not_found(call);
}

void
hs_owners(struct hs_call *call)
{
    hs_pattern(call, "%s", call->n > 0 ? "/{id}" : "");
    if (!hs_is(call, "GET"))
        hs_method_not_allowed(call);
    else if (call->n == 0)
        list_owners(call);
    else if (call->n == 1)
        one_owner(call);
    else
        hs_not_found(call);
}

/* ---- dispositions ---- */

void
hs_misc_init(struct hubspot *hs)
{
    static const char *const rows[][2] = {
        {"9d9162e7-6cf3-4944-bf63-4dff82258764", "Busy"},
        {"f240bbac-87c9-4f6e-bf70-924b57d47db7", "Connected"},
        {"a4c4c377-d246-4b32-a13b-75a56a4cd0ff", "Left live message"},
        {"b2cf5968-551e-4856-9783-52b3da59a7d0", "Left voicemail"},
        {"73a0d17f-1163-4015-bdd5-ec830791da20", "No answer"},
        {"17b47fee-58de-441e-a44c-c6300d46f273", "Wrong number"},
        {"1d0f1b5e-6a0c-4c6e-9b55-3c2a8d6f7e10", "Callback requested"},
    };
    static const char *const types[] = {
        "e_visited_page",
        "e_form_submission_v2",
        "e_submitted_form",
        "e_document_shared_v2",
        "e_document_viewed_v2",
        "e_document_completed_v2",
        "e_opened_tracked_inbox_email_v8",
        "e_clicked_link_in_tracked_inbox_email_v8",
        "e_v2_contact_replied_sequence_email",
        "e_v2_contact_booked_meeting_through_sequence",
        "e_call_ended",
        "e_deal_closed",
        "e_ad_interaction",
    };

    hs->dispositions = cJSON_CreateArray();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cJSON *one = cJSON_CreateObject();

        cJSON_AddStringToObject(one, "id", rows[i][0]);
        cJSON_AddStringToObject(one, "label", rows[i][1]);
        cJSON_AddBoolToObject(one, "deleted", false);
        if (i < 6 || !sandbox_options.bare)
            cJSON_AddItemToArray(hs->dispositions, one);
        else
            cJSON_Delete(one);
    }
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        hs_map_put(&hs->event_types, types[i], hs_strdup(types[i]));
}

void
hs_dispositions(struct hs_call *call)
{
    if (call->n > 0)
        hs_not_found(call);
    else if (!hs_is(call, "GET"))
        hs_method_not_allowed(call);
    else
        response_json(call->res, 200,
                      cJSON_Duplicate(call->hs->dispositions, true));
}

/* ---- account ---- */

static void
account_details(struct hs_call *call)
{
    cJSON *out = cJSON_CreateObject();

    cJSON_AddNumberToObject(out, "portalId", HS_PORTAL_ID);
    cJSON_AddStringToObject(out, "accountType", "STANDARD");
    cJSON_AddStringToObject(out, "timeZone", "UTC");
    cJSON_AddStringToObject(out, "companyCurrency", "USD");
    cJSON_AddArrayToObject(out, "additionalCurrencies");
    cJSON_AddStringToObject(out, "utcOffset", "+00:00");
    cJSON_AddNumberToObject(out, "utcOffsetMilliseconds", 0);
    cJSON_AddStringToObject(out, "uiDomain", "app.hubspot.com");
    cJSON_AddStringToObject(out, "dataHostingLocation", "na1");
    response_json(call->res, 200, out);
}

static void
account_usage(struct hs_call *call)
{
    cJSON *out = cJSON_CreateObject(), *one = cJSON_CreateObject();
    int64_t now = sandbox_now_ms();

    cJSON_AddStringToObject(one, "name", "private-apps-api-calls-daily");
    cJSON_AddNumberToObject(one, "usageLimit", HS_DAY_LIMIT);
    cJSON_AddNumberToObject(one, "currentUsage", (double)call->hs->day_calls);
    cJSON_AddItemToObject(one, "collectedAt", hs_iso(now));
    cJSON_AddStringToObject(one, "fetchStatus", "SUCCESS");
    cJSON_AddItemToObject(one, "resetsAt",
                          hs_iso(now - now % 86400000 + 86400000));
    cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "results"), one);
    response_json(call->res, 200, out);
}

void
hs_account(struct hs_call *call)
{
    bool is_usage = call->n == 3 && strcmp(call->parts[0], "api-usage") == 0 &&
                    strcmp(call->parts[1], "daily") == 0 &&
                    strcmp(call->parts[2], "private-apps") == 0;

    if (!hs_is(call, "GET")) {
        hs_method_not_allowed(call);
    } else if (call->n == 1 && strcmp(call->parts[0], "details") == 0) {
        hs_pattern(call, "/details");
        account_details(call);
    } else if (is_usage) {
        hs_pattern(call, "/api-usage/daily/private-apps");
        account_usage(call);
    } else {
        hs_not_found(call);
    }
}

/* ---- OAuth: client sandbox-client / sandbox-secret ---- */

static bool
form_is(const struct hs_call *call, const char *name, const char *want)
{
    char have[512];

    return request_form(call->req, name, have, sizeof(have)) &&
           strcmp(have, want) == 0;
}

static void
refuse_grant(struct hs_call *call, const char *error, const char *status,
             const char *why)
{
    cJSON *out = cJSON_CreateObject();

    cJSON_AddStringToObject(out, "error", error);
    cJSON_AddStringToObject(out, "error_description", why);
    cJSON_AddStringToObject(out, "status", status);
    cJSON_AddStringToObject(out, "message", why);
    response_json(call->res, 400, out);
}

static void
grant(struct hs_call *call, bool is_v1)
{
    struct hubspot *hs = call->hs;
    cJSON *out = cJSON_CreateObject();
    char token[64];
    uint64_t n = hs->n_oauth++;
    int life_s = sandbox_options.token_s > 0 ? sandbox_options.token_s : 1800;

    hs->oauth_until[n % 8] = sandbox_now_ms() + life_s * INT64_C(1000);
    snprintf(token, sizeof(token), "sandbox-oauth-%llu", (unsigned long long)n);
    cJSON_AddStringToObject(out, "token_type", "bearer");
    cJSON_AddStringToObject(out, "refresh_token", "sandbox-refresh");
    cJSON_AddStringToObject(out, "access_token", token);
    cJSON_AddNumberToObject(out, "expires_in", life_s);
    if (!is_v1) {
        cJSON_AddNumberToObject(out, "hub_id", HS_PORTAL_ID);
        cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "scopes"),
                             cJSON_CreateString("oauth"));
        cJSON_AddStringToObject(out, "token_use", "access_token");
    }
    response_json(call->res, 200, out);
}

void
hs_oauth(struct hs_call *call)
{
    bool is_refresh = form_is(call, "grant_type", "refresh_token");

    if (call->n != 1 || strcmp(call->parts[0], "token") != 0) {
        hs_not_found(call);
        return;
    }
    hs_pattern(call, "/token");
    if (!hs_is(call, "POST"))
        hs_method_not_allowed(call);
    else if (!is_refresh && !form_is(call, "grant_type", "authorization_code"))
        refuse_grant(call, "unsupported_grant_type", "BAD_GRANT_TYPE",
                     "missing or unknown grant type");
    else if (!form_is(call, "client_id", "sandbox-client") ||
             !form_is(call, "client_secret", "sandbox-secret"))
        refuse_grant(call, "invalid_client", "BAD_CLIENT_SECRET",
                     "missing or unknown client id or secret");
    else if (is_refresh && !form_is(call, "refresh_token", "sandbox-refresh"))
        refuse_grant(call, "invalid_grant", "BAD_REFRESH_TOKEN",
                     "refresh token is invalid, expired or revoked");
    else
        grant(call, strcmp(call->base, "/oauth/v1") == 0);
}
