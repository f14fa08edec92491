/* hubspot_limit_test: which calls wait for their turn, against the sandbox. */
#include "tests/common/hubspot_fixture.h"

/* Is a call made now, or does it wait for its turn? */
static bool
is_made(struct hubspot *hs, enum hubspot_api api, const char *tail)
{
    int64_t before = hubspot_calls(hs);
    struct hubspot_answer a;

    is_hurried = true;
    post(hs, api, tail, "{'inputs':[],'limit':1}", &a);
    is_hurried = is_stopped = false;
    if (a.status == 0)
        assert_string_equal(a.code, "stopped");
    hubspot_answer_fini(&a);
    return hubspot_calls(hs) > before;
}

/* What has refused a call for its rate would refuse the next one, too. */
static void
test_refused_for_rate(void **state)
{
    static const struct {
        enum hubspot_api api;
        const char *tail, *answer;
        bool search, call, association; /* which are made right after it */
    } rows[] = {
        {HUBSPOT_OBJECTS, "/calls/search", "{'policyName':'SECONDLY'}", false,
         true, true},
        {HUBSPOT_OBJECTS, "/calls/batch/read",
         "{'policyName':'TEN_SECONDLY_ROLLING'}", true, false, false},
        {HUBSPOT_ASSOCIATIONS, "/calls/contacts/batch/read",
         "{'policyName':'TEN_SECONDLY_ROLLING'}", true, false, false},
        /* The day's: the writer and the fetcher rest of themselves. */
        {HUBSPOT_OBJECTS, "/calls/batch/read", "{'policyName':'DAILY'}", true,
         true, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hubspot *hs = open_hubspot("");
        struct hubspot_answer a;
        char action[160];

        snprintf(action, sizeof(action),
                 "'action':'status','code':429,'body':%s", rows[i].answer);
        fault(hs, "/crm/*", action);
        post(hs, rows[i].api, rows[i].tail, "{'inputs':[]}", &a);
        assert_int_equal(a.status, 429);
        hubspot_answer_fini(&a);
        assert_int_equal(is_made(hs, HUBSPOT_OBJECTS, "/calls/search"),
                         rows[i].search);
        assert_int_equal(is_made(hs, HUBSPOT_OBJECTS, "/calls/batch/read"),
                         rows[i].call);
        assert_int_equal(
            is_made(hs, HUBSPOT_ASSOCIATIONS, "/calls/contacts/batch/read"),
            rows[i].association);
        hubspot_close(hs);
    }
}

/* No more of them than that, whatever other calls there are. */
static void
test_associations_have_a_limit_of_their_own(void **state)
{
    static const char tail[] = "/calls/contacts/batch/read";
    struct hubspot *hs = open_hubspot("association_rate = 2");

    (void)state;
    assert_true(is_made(hs, HUBSPOT_ASSOCIATIONS, tail));
    assert_true(is_made(hs, HUBSPOT_ASSOCIATIONS, tail));
    assert_false(is_made(hs, HUBSPOT_ASSOCIATIONS, tail));
    assert_true(is_made(hs, HUBSPOT_OBJECTS, "/calls/batch/read"));
    hubspot_close(hs);
    hs = open_hubspot("rate = 2");
    assert_true(is_made(hs, HUBSPOT_ASSOCIATIONS, tail));
    assert_true(is_made(hs, HUBSPOT_OBJECTS, "/calls/batch/read"));
    assert_false(is_made(hs, HUBSPOT_ASSOCIATIONS, tail));
    hubspot_close(hs);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused_for_rate),
        cmocka_unit_test(test_associations_have_a_limit_of_their_own)};

    return cmocka_run_group_tests_name("hubspot_limit", tests, start_sandbox,
                                       stop_sandbox);
}
