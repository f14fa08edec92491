/* twin_test: what names a mail or a meeting, and how its twin is asked for. */
#include "stages/conflict-resolver/twin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void
a_uid_without_its_frame(void **state)
{
    static const struct {
        const char *text, *uid; /* NULL: it is none */
    } rows[] = {
        {"a@b.test", "a@b.test"},
        {" <a@b.test>\r\n", "a@b.test"},
        {"<a@b.test", "<a@b.test"},
        {"", NULL},
        {" \t", NULL},
        {"<>", "<>"},
    };
    char out[TWIN_UID_MAX], longest[TWIN_UID_MAX + 1];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool is_one = twin_uid(rows[i].text, strlen(rows[i].text), out);

        assert_int_equal(is_one, rows[i].uid != NULL);
        if (is_one)
            assert_string_equal(out, rows[i].uid);
    }
    assert_false(twin_uid("a\0b", 3, out));
    memset(longest, 'x', sizeof(longest));
    assert_false(twin_uid(longest, TWIN_UID_MAX, out));
    assert_true(twin_uid(longest, TWIN_UID_MAX - 1, out));
}

static void
queries(void **state)
{
    struct twin a = {.uid = "A'b@x.test"}, b = {.uid = "c"};
    struct twin *const both[] = {&a, &b};
    char *soql;

    (void)state;
    assert_int_equal(twin_soql(ACTIVITY_EMAIL, "", both, 2, &soql), 2);
    assert_string_equal(
        soql, "SELECT ActivityId, MessageIdentifier FROM EmailMessage WHERE "
              "ActivityId != NULL AND MessageIdentifier IN ('A\\'b@x.test',"
              "'<A\\'b@x.test>','c','<c>') ORDER BY Id");
    free(soql);
    assert_int_equal(twin_soql(ACTIVITY_MEETING, "UID__c", both, 2, &soql), 2);
    assert_string_equal(
        soql, "SELECT Id, UID__c, StartDateTime FROM Event WHERE IsChild = "
              "FALSE AND UID__c IN ('A\\'b@x.test','c') ORDER BY Id");
    free(soql);
}

static void
searches(void **state)
{
    struct twin a = {.uid = "A@x.test"};
    struct twin *const one[] = {&a};
    cJSON *body;
    char *text;

    (void)state;
    assert_int_equal(twin_search(ACTIVITY_EMAIL, one, 1, &body), 1);
    text = cJSON_PrintUnformatted(body);
    assert_string_equal(
        text, "{\"filterGroups\":[{\"filters\":[{\"propertyName\":"
              "\"hs_email_message_id\",\"operator\":\"IN\",\"values\":["
              "\"a@x.test\",\"<a@x.test>\"]}]}],\"properties\":["
              "\"hs_email_message_id\"],\"limit\":200}");
    free(text);
    cJSON_Delete(body);
    assert_int_equal(twin_search(ACTIVITY_MEETING, one, 1, &body), 1);
    text = cJSON_PrintUnformatted(body);
    assert_string_equal(text,
                        "{\"filterGroups\":[{\"filters\":[{\"propertyName\":"
                        "\"hs_i_cal_uid\",\"operator\":\"IN\",\"values\":["
                        "\"a@x.test\"]}]}],\"properties\":[\"hs_i_cal_uid\","
                        "\"hs_meeting_start_time\"],\"limit\":200}");
    free(text);
    cJSON_Delete(body);
}

/* Whatever the uids are, a call stays within what the services take. */
static void
calls_are_bounded(void **state)
{
    enum { N = 100 };
    static struct twin all[N];
    struct twin *twin[N];

    (void)state;
    for (size_t len = 1; len < TWIN_UID_MAX; len += 57) {
        for (size_t i = 0; i < N; i++) {
            memset(all[i].uid, '\'', len);
            twin[i] = &all[i];
        }
        for (size_t done = 0; done < N;) {
            char *text, *path;
            size_t n =
                twin_soql(ACTIVITY_EMAIL, "", twin + done, N - done, &text);

            path = http_encode(text);
            assert_true(n > 0 && strlen(path) < 16384 - 200);
            done += n;
            free(path);
            free(text);
        }
        for (size_t done = 0; done < N;) {
            cJSON *body;
            char *text;
            size_t n =
                twin_search(ACTIVITY_EMAIL, twin + done, N - done, &body);

            text = cJSON_PrintUnformatted(body);
            assert_true(n > 0 && strlen(text) <= 3000);
            done += n;
            free(text);
            cJSON_Delete(body);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_uid_without_its_frame),
        cmocka_unit_test(queries),
        cmocka_unit_test(searches),
        cmocka_unit_test(calls_are_bounded),
    };

    return cmocka_run_group_tests_name("twin", tests, NULL, NULL);
}
