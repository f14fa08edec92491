/* hubspot_test: what an answer of HubSpot means (hubspot-api.md, 9), to a call
 * that writes and to one that only reads. */
#include "common/hubspot_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

struct row {
    const char *name;
    enum http_result result;
    int status;
    const char *body; /* with ' for "; or curl's words */
    int64_t retry_after_ms;
    enum hubspot_end writing, reading;
    const char *code;
    const char *message; /* a part of it */
    int64_t wait_ms;
};

#define RATE(policy)                                                           \
    "{'status':'error','message':'You have reached your limit.','errorType':"  \
    "'RATE_LIMIT','policyName':'" policy "'}"
#define ERROR(category, message)                                               \
    "{'status':'error','message':'" message "','category':'" category "'}"

static const struct row rows[] = {
    {"200", HTTP_OK, 200, "{'results':[]}", -1, HUBSPOT_OK, HUBSPOT_OK, "", "",
     -1},
    {"201", HTTP_OK, 201, "{}", -1, HUBSPOT_OK, HUBSPOT_OK, "", "", -1},
    {"207", HTTP_OK, 207, "{'numErrors':1}", -1, HUBSPOT_OK, HUBSPOT_OK, "", "",
     -1},
    {"204", HTTP_OK, 204, "", -1, HUBSPOT_OK, HUBSPOT_RETRY, NULL, "", -1},
    {"half an answer", HTTP_OK, 200, "{'results':[", -1, HUBSPOT_UNSURE,
     HUBSPOT_RETRY, "bad-answer", "no JSON", -1},
    {"no connection", HTTP_NO_REPLY, 0, "Connection refused", -1, HUBSPOT_RETRY,
     HUBSPOT_RETRY, "no-answer", "Connection refused", -1},
    {"cut after sending", HTTP_UNKNOWN, 0, "Empty reply", -1, HUBSPOT_UNSURE,
     HUBSPOT_RETRY, "no-answer", "Empty reply", -1},
    {"bad request", HTTP_OK, 400, ERROR("VALIDATION_ERROR", "it\\nis"), -1,
     HUBSPOT_REFUSED, HUBSPOT_REFUSED, "VALIDATION_ERROR", "it is", -1},
    {"not found", HTTP_OK, 404, ERROR("OBJECT_NOT_FOUND", "resource"), -1,
     HUBSPOT_REFUSED, HUBSPOT_REFUSED, "OBJECT_NOT_FOUND", "resource", -1},
    {"conflict", HTTP_OK, 409, ERROR("CONFLICT", "exists"), -1, HUBSPOT_REFUSED,
     HUBSPOT_REFUSED, "CONFLICT", "exists", -1},
    {"without a category", HTTP_OK, 400, "{'message':'no'}", -1,
     HUBSPOT_REFUSED, HUBSPOT_REFUSED, "HTTP_400", "no", -1},
    {"without words", HTTP_OK, 400, "{'category':'X'}", -1, HUBSPOT_REFUSED,
     HUBSPOT_REFUSED, "X", "no reason", -1},
    {"a proxy's page", HTTP_OK, 404, "<html>", -1, HUBSPOT_RETRY,
     HUBSPOT_REFUSED, "HTTP_404", "no reason", -1},
    {"a redirect", HTTP_OK, 302, "", -1, HUBSPOT_RETRY, HUBSPOT_REFUSED,
     "HTTP_302", "no reason", -1},
    {"a body of other types", HTTP_OK, 400, "{'message':5,'category':[]}", -1,
     HUBSPOT_RETRY, HUBSPOT_REFUSED, "HTTP_400", "no reason", -1},
    {"an array", HTTP_OK, 400, "[1]", -1, HUBSPOT_RETRY, HUBSPOT_REFUSED,
     "HTTP_400", "no reason", -1},
    {"too large", HTTP_OK, 413, "", -1, HUBSPOT_REFUSED, HUBSPOT_REFUSED,
     "HTTP_413", "no reason", -1},
    {"the token", HTTP_OK, 401, ERROR("INVALID_AUTHENTICATION", "not found"),
     -1, HUBSPOT_CONFIG, HUBSPOT_CONFIG, "INVALID_AUTHENTICATION", "not found",
     -1},
    {"scopes", HTTP_OK, 403,
     "{'message':'no scope','category':'MISSING_SCOPES','errors':[{'context':"
     "{'requiredGranularScopes':['a','b',7]}},{},5]}",
     -1, HUBSPOT_NOPERM, HUBSPOT_NOPERM, "MISSING_SCOPES",
     "no scope (scopes: a, b)", -1},
    {"a proxy's refusal", HTTP_OK, 403, "<html>", -1, HUBSPOT_RETRY,
     HUBSPOT_NOPERM, "HTTP_403", "no reason", -1},
    {"ten seconds", HTTP_OK, 429, RATE("TEN_SECONDLY_ROLLING"), -1,
     HUBSPOT_RETRY, HUBSPOT_RETRY, "TEN_SECONDLY_ROLLING", "limit", 10000},
    {"a second", HTTP_OK, 429, RATE("SECONDLY"), -1, HUBSPOT_RETRY,
     HUBSPOT_RETRY, "SECONDLY", "limit", 1000},
    {"a second by its words", HTTP_OK, 429,
     ERROR("RATE_LIMITS", "You have reached your secondly limit."), -1,
     HUBSPOT_RETRY, HUBSPOT_RETRY, "RATE_LIMITS", "secondly", 1000},
    {"what it asks for", HTTP_OK, 429, RATE("SECONDLY"), 3000, HUBSPOT_RETRY,
     HUBSPOT_RETRY, "SECONDLY", "limit", 3000},
    {"a day", HTTP_OK, 429, RATE("DAILY"), -1, HUBSPOT_PAUSE, HUBSPOT_PAUSE,
     "DAILY", "daily limit", -1},
    {"a day by its words", HTTP_OK, 429,
     ERROR("RATE_LIMITS", "You have reached your daily limit."), -1,
     HUBSPOT_PAUSE, HUBSPOT_PAUSE, "RATE_LIMITS", "daily limit", -1},
    {"429 without a body", HTTP_OK, 429, "", -1, HUBSPOT_RETRY, HUBSPOT_RETRY,
     "HTTP_429", "no reason", 10000},
    {"locked", HTTP_OK, 423, ERROR("LOCKED", "locked"), -1, HUBSPOT_RETRY,
     HUBSPOT_RETRY, "LOCKED", "locked", 2000},
    {"locked for long", HTTP_OK, 423, "", 9000, HUBSPOT_RETRY, HUBSPOT_RETRY,
     "HTTP_423", "", 9000},
    {"locked for short", HTTP_OK, 423, "", 1000, HUBSPOT_RETRY, HUBSPOT_RETRY,
     "HTTP_423", "", 2000},
    {"moving", HTTP_OK, 477, ERROR("MIGRATION", "moving"), 3600000,
     HUBSPOT_RETRY, HUBSPOT_RETRY, "MIGRATION", "moving", 3600000},
    {"request time-out", HTTP_OK, 408, "", -1, HUBSPOT_RETRY, HUBSPOT_RETRY,
     "HTTP_408", "", -1},
    {"500", HTTP_OK, 500, ERROR("INTERNAL_ERROR", "oops"), -1, HUBSPOT_UNSURE,
     HUBSPOT_RETRY, "INTERNAL_ERROR", "oops", -1},
    {"503", HTTP_OK, 503, "<html>", 5000, HUBSPOT_UNSURE, HUBSPOT_RETRY,
     "HTTP_503", "no reason", 5000},
    {"524", HTTP_OK, 524, "", -1, HUBSPOT_UNSURE, HUBSPOT_RETRY, "HTTP_524", "",
     -1},
};

static void
check(const struct row *row, bool reads)
{
    char *body = strdup(row->body);
    struct http_response res = {.result = row->result,
                                .status = row->status,
                                .body = body,
                                .body_len = strlen(body),
                                .retry_after_ms = row->retry_after_ms};
    struct hubspot_answer a;

    assert_non_null(body);
    for (char *p = body; *p != '\0'; p++)
        if (*p == '\'')
            *p = '"';
    strncpy(res.error, row->body, sizeof(res.error) - 1);
    hubspot_answer_init(&a);
    hubspot_judge(&res, reads, &a);
    assert_int_equal(a.end, reads ? row->reading : row->writing);
    assert_int_equal(a.status, row->status);
    assert_int_equal(a.retry_after_ms, row->wait_ms);
    if (row->code != NULL)
        assert_string_equal(a.code, row->code);
    assert_non_null(strstr(a.message, row->message));
    if (reads && a.end == HUBSPOT_OK)
        assert_non_null(a.json);
    hubspot_answer_fini(&a);
    free(body);
}

static void
check_row(void **state)
{
    check(*state, false);
    check(*state, true);
}

/* Words from outside are valid text of one line, cut to size. */
static void
test_words(void **state)
{
    char long_word[2000];
    struct hubspot_answer a;

    (void)state;
    memset(long_word, 'x', sizeof(long_word) - 1);
    long_word[sizeof(long_word) - 1] = '\0';
    hubspot_answer_init(&a);
    hubspot_end(&a, HUBSPOT_REFUSED, long_word, long_word);
    assert_true(strlen(a.code) < sizeof(a.code));
    assert_true(strlen(a.message) < sizeof(a.message));
    hubspot_end(&a, HUBSPOT_REFUSED, "a\xff\n", "\x7f\tb");
    assert_string_equal(a.code, "a\xef\xbf\xbd ");
    assert_string_equal(a.message, "  b");
}

int
main(void)
{
    struct CMUnitTest tests[N(rows) + 1];

    for (size_t i = 0; i < N(rows); i++)
        tests[i] =
            (struct CMUnitTest){.name = rows[i].name,
                                .test_func = check_row,
                                .initial_state = (void *)(uintptr_t)&rows[i]};
    tests[N(rows)] = (struct CMUnitTest)cmocka_unit_test(test_words);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
