/* hubspot_find_test: the search for a record that may have been made. */
#include "stages/writer/hubspot/find.h"
#include "tests/common/quoted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SF_ID "00T000000000001EAA"

static const struct asking {
    const char *name;
    const char *properties;
    bool has_property;
    const char *want; /* the filter groups */
} askings[] = {
    {"by what it says of itself, or by its likeness",
     "{'hs_timestamp':'2023-11-14T22:13:20Z','hs_call_title':'a'}", true,
     "[{'filters':[{'propertyName':'crmpipe_salesforce_id','operator':'EQ',"
     "'value':'" SF_ID "'}]},{'filters':[{'propertyName':'hs_createdate',"
     "'operator':'GTE','value':'5000'},{'propertyName':'hs_timestamp',"
     "'operator':'EQ','value':'2023-11-14T22:13:20Z'},{'propertyName':"
     "'hs_call_title','operator':'EQ','value':'a'}]}]"},
    {"without a property, or a title",
     "{'hs_timestamp':'7','hs_call_title':''}", false,
     "[{'filters':[{'propertyName':'hs_createdate','operator':'GTE','value':"
     "'5000'},{'propertyName':'hs_timestamp','operator':'EQ','value':'7'}]}]"},
};

static void
check_asking(void **state)
{
    const struct asking *a = *state;
    cJSON *properties = quoted_json(a->properties);
    const struct hubspot_sought sought = {ACTIVITY_CALL, SF_ID, a->has_property,
                                          properties, 5000};
    cJSON *body = hubspot_find_body(&sought), *want = quoted_json(a->want);
    char *text = cJSON_PrintUnformatted(body);
    char tail[32];

    if (!cJSON_Compare(cJSON_GetObjectItemCaseSensitive(body, "filterGroups"),
                       want, true))
        fail_msg("%s", text);
    hubspot_find_tail(ACTIVITY_CALL, tail, sizeof(tail));
    assert_string_equal(tail, "/calls/search");
    free(text);
    cJSON_Delete(want);
    cJSON_Delete(body);
    cJSON_Delete(properties);
}

static void
a_title_that_is_too_long_is_not_asked_for(void **state)
{
    cJSON *properties = cJSON_CreateObject();
    const struct hubspot_sought sought = {ACTIVITY_CALL, SF_ID, true,
                                          properties, 5000};
    char title[4000], *text;
    cJSON *body;

    (void)state;
    memset(title, 'x', sizeof(title) - 1);
    title[sizeof(title) - 1] = '\0';
    cJSON_AddStringToObject(properties, "hs_call_title", title);
    body = hubspot_find_body(&sought);
    text = cJSON_PrintUnformatted(body);
    assert_true(strlen(text) < 1000);
    free(text);
    cJSON_Delete(body);
    cJSON_Delete(properties);
}

static const struct answer {
    const char *name;
    const char *results;
    const char *want; /* "": it is not there */
} answers[] = {
    {"nothing", "[]", ""},
    {"the one that bears the id, also when others come first",
     "[{'id':'1','properties':{}},{'id':'2','properties':{"
     "'crmpipe_salesforce_id':'" SF_ID "'}}]",
     "2"},
    {"it may be linked, it is ours all the same",
     "[{'id':'7','properties':{'crmpipe_salesforce_id':'" SF_ID "'}}]", "7"},
    {"the first that belongs to nobody",
     "[{'id':'7','properties':{}},{'id':'3','properties':{"
     "'crmpipe_salesforce_id':null}},{'id':'4','properties':{}}]",
     "3"},
    {"one that bears another id",
     "[{'id':'1','properties':{'crmpipe_salesforce_id':'00T9'}}]", ""},
    {"what makes no sense", "[7,{},{'id':{}}]", ""},
};

static bool
is_free(void *ctx, const char *id)
{
    (void)ctx;
    return strcmp(id, "7") != 0;
}

static void
check_answer(void **state)
{
    static const struct hubspot_sought sought = {ACTIVITY_CALL, SF_ID, true,
                                                 NULL, 0};
    const struct answer *a = *state;
    cJSON *json = cJSON_CreateObject();
    char id[32];

    cJSON_AddItemToObject(json, "results", quoted_json(a->results));
    assert_int_equal(hubspot_find_read(&sought, json, is_free, NULL, id),
                     a->want[0] != '\0');
    assert_string_equal(id, a->want);
    cJSON_Delete(json);
}

#define N_ASKINGS (sizeof(askings) / sizeof(askings[0]))
#define N_ANSWERS (sizeof(answers) / sizeof(answers[0]))

int
main(void)
{
    struct CMUnitTest tests[N_ASKINGS + N_ANSWERS + 1] = {{0}};
    size_t n = 0;

    for (size_t i = 0; i < N_ASKINGS; i++)
        tests[n++] = (struct CMUnitTest){.name = askings[i].name,
                                         .test_func = check_asking,
                                         .initial_state = (void *)&askings[i]};
    for (size_t i = 0; i < N_ANSWERS; i++)
        tests[n++] = (struct CMUnitTest){.name = answers[i].name,
                                         .test_func = check_answer,
                                         .initial_state = (void *)&answers[i]};
    tests[n] = (struct CMUnitTest)cmocka_unit_test(
        a_title_that_is_too_long_is_not_asked_for);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
