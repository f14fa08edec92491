/* hubspot_assoc_test: bodies that tie activities to contacts and companies, and
 * what answers say of each pair (hubspot-api.md, 3). */
#include "common/json.h"
#include "stages/writer/hubspot/assoc.h"
#include "tests/common/quoted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

static const struct hubspot_pair pairs[3] = {
    {"1", "7"}, {"1", "8"}, {"2", "7"}};

struct row {
    const char *name;
    bool archive;
    const char *json; /* NULL: an empty body */
    bool is_answer;
    enum hubspot_verdict want[3]; /* of pairs */
};

#define TIED(from, to)                                                         \
    "{'fromObjectTypeId':'0-48','fromObjectId':" from                          \
    ",'toObjectTypeId':'0-1','toObjectId':" to ",'labels':[]}"
#define LOST(context)                                                          \
    "{'status':'error','category':'OBJECT_NOT_FOUND','message':'no','context'" \
    ":{" context "}}"
#define OK       HUBSPOT_ROW_OK
#define RETRY    HUBSPOT_ROW_RETRY
#define NEVER    HUBSPOT_ROW_NEVER
#define GONE     HUBSPOT_ROW_GONE
#define VANISHED HUBSPOT_ROW_VANISHED

static const struct row rows[] = {
    {"all tied, numbers and strings",
     false,
     "{'results':[" TIED("2", "7") "," TIED("'1'", "'8'") "," TIED("1",
                                                                   "'7'") "]}",
     true,
     {OK, OK, OK}},
    {"one is left out",
     false,
     "{'results':[" TIED("1", "7") "," TIED("2", "7") "]}",
     true,
     {OK, VANISHED, OK}},
    {"a record is gone",
     false,
     "{'results':[" TIED("2", "7") "],'errors':[" LOST(
         "'fromObjectId':['1'],'toObjectId':['7']") "]}",
     true,
     {GONE, VANISHED, OK}},
    {"all pairs of a record",
     false,
     "{'errors':[" LOST("'fromObjectId':[1]") "]}",
     true,
     {GONE, GONE, VANISHED}},
    {"all pairs with a record",
     false,
     "{'errors':[" LOST("'toObjectId':['7']") "]}",
     true,
     {GONE, VANISHED, GONE}},
    {"named by ids",
     false,
     "{'errors':[" LOST("'ids':['8']") "]}",
     true,
     {VANISHED, GONE, VANISHED}},
    {"nobody is named",
     false,
     "{'results':[" TIED("1", "7") "],'errors':[{'category':"
                                   "'VALIDATION_ERROR'}]}",
     true,
     {OK, NEVER, NEVER}},
    {"passing by", false, "{'errors':[{}]}", true, {RETRY, RETRY, RETRY}},
    {"results that are none",
     false,
     "{'results':[5,null,{},{'fromObjectId':'1'},[]],'errors':{}}",
     true,
     {VANISHED, VANISHED, VANISHED}},
    {"an empty body", false, NULL, false, {OK, OK, OK}},
    {"no answer", false, "{}", false, {OK, OK, OK}},
    {"an array", false, "[]", false, {OK, OK, OK}},
    {"archived", true, NULL, true, {OK, OK, OK}},
    {"archived, with a body",
     true,
     "{'status':'COMPLETE','results':[]}",
     true,
     {OK, OK, OK}},
    {"archived but for one",
     true,
     "{'results':[],'errors':[" LOST(
         "'fromObjectId':['1'],'toObjectId':['8']") "]}",
     true,
     {OK, GONE, OK}},
};

static void
check_row(void **state)
{
    const struct row *row = *state;
    char *json = row->json != NULL ? quoted(row->json) : NULL;
    cJSON *answer = json != NULL ? json_parse(json, strlen(json), NULL) : NULL;
    struct hubspot_result out[3];

    assert_int_equal(answer != NULL, json != NULL);
    assert_int_equal(hubspot_assoc_read(row->archive, answer, pairs, 3, out),
                     row->is_answer);
    for (size_t i = 0; i < 3 && row->is_answer; i++)
        assert_int_equal(out[i].verdict, row->want[i]);
    cJSON_Delete(answer);
    free(json);
}

static void
check_body(cJSON *body, const char *want)
{
    char *got = cJSON_PrintUnformatted(body), *json = quoted(want);

    assert_string_equal(got, json);
    cJSON_Delete(body);
    free(got);
    free(json);
}

static void
test_bodies(void **state)
{
    char tail[64];

    (void)state;
    check_body(
        hubspot_assoc_create(ACTIVITY_CALL, HUBSPOT_TIE_CONTACT, pairs, 2),
        "{'inputs':[{'from':{'id':'1'},'to':{'id':'7'},'types':[{"
        "'associationCategory':'HUBSPOT_DEFINED','associationTypeId':"
        "194}]},{'from':{'id':'1'},'to':{'id':'8'},'types':[{"
        "'associationCategory':'HUBSPOT_DEFINED','associationTypeId':"
        "194}]}]}");
    check_body(hubspot_assoc_archive(pairs + 2, 1),
               "{'inputs':[{'from':{'id':'2'},'to':[{'id':'7'}]}]}");
    hubspot_assoc_tail(false, ACTIVITY_EMAIL, HUBSPOT_TIE_COMPANY, tail,
                       sizeof(tail));
    assert_string_equal(tail, "/emails/companies/batch/create");
    hubspot_assoc_tail(true, ACTIVITY_TASK, HUBSPOT_TIE_CONTACT, tail,
                       sizeof(tail));
    assert_string_equal(tail, "/tasks/contacts/batch/archive");
}

static void
test_types(void **state)
{
    static const struct {
        enum activity from;
        int contact, company;
    } want[] = {{ACTIVITY_CALL, 194, 182},
                {ACTIVITY_EMAIL, 198, 186},
                {ACTIVITY_MEETING, 200, 188},
                {ACTIVITY_TASK, 204, 192}};

    (void)state;
    assert_int_equal(N(want), ACTIVITY_COUNT);
    for (size_t i = 0; i < N(want); i++) {
        assert_int_equal(hubspot_assoc_type(want[i].from, HUBSPOT_TIE_CONTACT),
                         want[i].contact);
        assert_int_equal(hubspot_assoc_type(want[i].from, HUBSPOT_TIE_COMPANY),
                         want[i].company);
    }
}

int
main(void)
{
    struct CMUnitTest tests[N(rows) + 2];

    for (size_t i = 0; i < N(rows); i++)
        tests[i] =
            (struct CMUnitTest){.name = rows[i].name,
                                .test_func = check_row,
                                .initial_state = (void *)(uintptr_t)&rows[i]};
    tests[N(rows)] = (struct CMUnitTest)cmocka_unit_test(test_bodies);
    tests[N(rows) + 1] = (struct CMUnitTest)cmocka_unit_test(test_types);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
