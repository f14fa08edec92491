/* Tests of common/outage.h: pauses, what lasts, what `stats` tells. */
#include "common/outage.h"
#include "common/codec.h"
#include "common/json.h"
#include "common/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NOON    (INT64_C(20000) * 86400000 + 12 * 3600000)
#define HOUR_MS INT64_C(3600000)

static const struct backoff pauses = {1000, 60000};

static struct outage
well(const char *service)
{
    return (struct outage){.service = service,
                           .begins = "takes nothing",
                           .ends = "takes records again"};
}

static cJSON *
told(const struct outage *const *o, size_t n, int64_t now)
{
    msgpack_sbuffer out;
    msgpack_packer pk;
    cJSON *json;

    msgpack_sbuffer_init(&out);
    msgpack_packer_init(&pk, &out, msgpack_sbuffer_write);
    msgpack_pack_map(&pk, 1);
    outage_pack(&pk, o, n, now, NOON);
    json = json_from_mp((struct span){(const uint8_t *)out.data, out.size});
    msgpack_sbuffer_destroy(&out);
    assert_non_null(json);
    return json;
}

/* Each pause may be twice as long as the one before, up to the longest; the
 * lowest chance is always the shortest. */
static void
test_pauses_grow(void **state)
{
    static const int64_t longest[] = {2000,  4000,  8000, 16000,
                                      32000, 60000, 60000};
    struct outage o = well("HubSpot"), p = well("HubSpot");

    (void)state;
    for (size_t i = 0; i < sizeof(longest) / sizeof(longest[0]); i++) {
        outage_fail(&o, 5000, &pauses, UINT32_MAX, -1, "HTTP_503", "tea");
        outage_fail(&p, 5000, &pauses, 0, -1, "HTTP_503", "tea");
        assert_int_equal(o.until, 5000 + longest[i]);
        assert_int_equal(p.until, 5000 + pauses.min_ms);
    }
}

static void
test_what_is_asked_for_is_kept(void **state)
{
    struct outage o = well("HubSpot");

    (void)state;
    outage_fail(&o, 0, &pauses, 0, 300000, "HTTP_503", "tea");
    assert_int_equal(o.until, 300000);
    outage_fail(&o, 0, &pauses, 0, 24 * HOUR_MS, "HTTP_477", "moves");
    assert_int_equal(o.until, HOUR_MS);
}

/* A look every hour, and one at midnight. */
static void
test_the_days_calls_are_spent(void **state)
{
    struct outage o = well("HubSpot");

    (void)state;
    outage_pause(&o, 100, NOON, "spent");
    assert_true(outage_is_on(&o) && o.is_paused);
    assert_int_equal(o.until, 100 + HOUR_MS);
    outage_pause(&o, 200, NOON + 12 * HOUR_MS - 60000, "spent");
    assert_int_equal(o.until, 200 + 60000);
    assert_int_equal(o.since, 100);
    outage_end(&o, 300);
    assert_false(outage_is_on(&o));
}

/* Only what is on is told, since its first failure, with its last words. */
static void
test_what_is_told(void **state)
{
    struct outage o = well("HubSpot"), other = well("Salesforce");
    const struct outage *const both[] = {&other, &o};
    cJSON *json, *wait;

    (void)state;
    json = told(both, 2, 0);
    assert_int_equal(cJSON_GetArraySize(json->child), 0);
    cJSON_Delete(json);
    outage_fail(&o, 1000, &pauses, 0, -1, "HTTP_503", "tea");
    outage_fail(&o, 3000, &pauses, 0, -1, NULL, "still tea");
    json = told(both, 2, 3500);
    assert_string_equal(json->child->string, "waits");
    assert_int_equal(cJSON_GetArraySize(json->child), 1);
    wait = json->child->child;
    assert_string_equal(json_str(wait, "service"), "HubSpot");
    assert_string_equal(json_str(wait, "reason"), "still tea");
    assert_int_equal(cJSON_GetObjectItem(wait, "since")->valuedouble,
                     NOON - 2500);
    assert_int_equal(cJSON_GetObjectItem(wait, "next")->valuedouble,
                     NOON + 500);
    cJSON_Delete(json);
    /* it is being tried at this moment */
    json = told(both, 2, 9000);
    assert_int_equal(
        cJSON_GetObjectItem(json->child->child, "next")->valuedouble, NOON);
    cJSON_Delete(json);
    outage_end(&o, 9000);
    assert_false(outage_is_on(&o));
    assert_string_equal(o.service, "HubSpot");
    assert_string_equal(o.begins, "takes nothing");
}

/* After 10 s; it is given up at its time limit. */
static void
test_a_call_without_an_answer(void **state)
{
    static const struct {
        const char *url, *path;
    } rows[] = {
        {"https://api.hubapi.com/crm/v3/owners?after=secret", "/crm/v3/owners"},
        {"https://x.example/services/data#a", "/services/data"},
        {"https://x.example", "/"}};
    struct outage o;

    (void)state;
    assert_false(
        outage_of_call(&o, "HubSpot", "GET", rows[0].url, 5000, 65000, 14999));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char want[80];

        assert_true(outage_of_call(&o, "HubSpot", "POST", rows[i].url, 5000,
                                   65000, 15000));
        assert_true(outage_is_on(&o));
        assert_int_equal(o.since, 5000);
        assert_int_equal(o.until, 65000);
        snprintf(want, sizeof(want), "no answer yet to POST %s", rows[i].path);
        assert_string_equal(o.reason, want);
    }
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pauses_grow),
        cmocka_unit_test(test_what_is_asked_for_is_kept),
        cmocka_unit_test(test_the_days_calls_are_spent),
        cmocka_unit_test(test_what_is_told),
        cmocka_unit_test(test_a_call_without_an_answer),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
