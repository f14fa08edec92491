/* compare_test: both sides' values and those of the link, row by row. */
#include "common/compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define TITLE                                                                  \
    {                                                                          \
        "hs_call_title", "Subject"                                             \
    }

static const struct row {
    const char *name;
    struct mapping_pair pair;
    const char *carries; /* "h", "s", "hs" */
    const char *now[SIDE_COUNT], *base[SIDE_COUNT];
    enum compare_verdict want;
} rows[] = {
    {"equal, and agreed on",
     {TITLE, MAPPING_BOTH, TRANSFORM_TEXT},
     "hs",
     {"a", "a"},
     {"a", "a"},
     COMPARE_EQUAL},
    {"empty is as good as nothing",
     {TITLE, MAPPING_BOTH, TRANSFORM_TEXT},
     "hs",
     {"", NULL},
     {NULL, ""},
     COMPARE_EQUAL},
    {"changed in HubSpot",
     {TITLE, MAPPING_BOTH, TRANSFORM_TEXT},
     "hs",
     {"b", "a"},
     {"a", "a"},
     COMPARE_CHANGED},
    {"changed in Salesforce",
     {TITLE, MAPPING_BOTH, TRANSFORM_TEXT},
     "hs",
     {"a", "b"},
     {"a", "a"},
     COMPARE_CHANGED},
    {"emptied in Salesforce",
     {TITLE, MAPPING_BOTH, TRANSFORM_TEXT},
     "hs",
     {"a", NULL},
     {"a", "a"},
     COMPARE_CHANGED},
    {"the link knows another value",
     {TITLE, MAPPING_BOTH, TRANSFORM_TEXT},
     "hs",
     {"a", "a"},
     {"x", "x"},
     COMPARE_CHANGED},
    {"the link says that it is agreed",
     {TITLE, MAPPING_BOTH, TRANSFORM_TEXT},
     "hs",
     {"a", "b"},
     {"a", "b"},
     COMPARE_APART},
    {"and one is empty",
     {TITLE, MAPPING_BOTH, TRANSFORM_TEXT},
     "hs",
     {"a", NULL},
     {"a", NULL},
     COMPARE_APART},
    {"nobody in Salesforce, and that is agreed",
     {TITLE, MAPPING_BOTH, TRANSFORM_CONTACT},
     "hs",
     {"a", NULL},
     {"a", NULL},
     COMPARE_EQUAL},
    {"another one in Salesforce, and that is agreed",
     {TITLE, MAPPING_BOTH, TRANSFORM_CONTACT},
     "hs",
     {"a", "b"},
     {"a", "b"},
     COMPARE_APART},
    {"somebody whom the other side has not",
     {TITLE, MAPPING_BOTH, TRANSFORM_CONTACT},
     "hs",
     {"\00212", "a"},
     {"a", "a"},
     COMPARE_EQUAL},
    {"and the other side has changed",
     {TITLE, MAPPING_BOTH, TRANSFORM_CONTACT},
     "hs",
     {"\00212", "b"},
     {"a", "a"},
     COMPARE_CHANGED},
    {"both sides have somebody of their own",
     {TITLE, MAPPING_BOTH, TRANSFORM_CONTACT},
     "hs",
     {"\00212", "\002a"},
     {"b", "b"},
     COMPARE_EQUAL},
    {"to Salesforce only, changed there",
     {TITLE, MAPPING_TO_SALESFORCE, TRANSFORM_TEXT},
     "hs",
     {"a", "b"},
     {"a", "a"},
     COMPARE_EQUAL},
    {"to Salesforce only, changed in HubSpot",
     {TITLE, MAPPING_TO_SALESFORCE, TRANSFORM_TEXT},
     "hs",
     {"b", "a"},
     {"a", "a"},
     COMPARE_CHANGED},
    {"to HubSpot only, changed there",
     {TITLE, MAPPING_TO_HUBSPOT, TRANSFORM_TEXT},
     "hs",
     {"b", "a"},
     {"a", "a"},
     COMPARE_EQUAL},
    {"to HubSpot only, changed in Salesforce",
     {TITLE, MAPPING_TO_HUBSPOT, TRANSFORM_TEXT},
     "hs",
     {"a", "b"},
     {"a", "a"},
     COMPARE_CHANGED},
    {"one way, and different by agreement",
     {TITLE, MAPPING_TO_SALESFORCE, TRANSFORM_TEXT},
     "hs",
     {"a", "b"},
     {"a", "b"},
     COMPARE_EQUAL},
    {"updates in Salesforce are ignored",
     {TITLE, MAPPING_BOTH, TRANSFORM_TEXT},
     "h",
     {"a", "b"},
     {"a", "a"},
     COMPARE_EQUAL},
    {"and one in HubSpot is not",
     {TITLE, MAPPING_BOTH, TRANSFORM_TEXT},
     "h",
     {"b", "a"},
     {"a", "a"},
     COMPARE_CHANGED},
    {"all updates are ignored",
     {TITLE, MAPPING_BOTH, TRANSFORM_TEXT},
     "",
     {"c", "b"},
     {"a", "a"},
     COMPARE_EQUAL},
    {"a one-way pair whose updates are ignored",
     {TITLE, MAPPING_TO_SALESFORCE, TRANSFORM_TEXT},
     "s",
     {"b", "a"},
     {"a", "a"},
     COMPARE_EQUAL},
    {"an owner whom nobody matches",
     {{"hubspot_owner_id", "OwnerId"}, MAPPING_BOTH, TRANSFORM_OWNER},
     "hs",
     {"ann@x", "bob@x"},
     {"ann@x", "bob@x"},
     COMPARE_EQUAL},
    {"an owner who has changed",
     {{"hubspot_owner_id", "OwnerId"}, MAPPING_BOTH, TRANSFORM_OWNER},
     "hs",
     {"eve@x", "bob@x"},
     {"ann@x", "bob@x"},
     COMPARE_CHANGED},
    {"a meeting without an end",
     {{"hs_meeting_end_time", "EndDateTime"}, MAPPING_BOTH, TRANSFORM_TIME},
     "hs",
     {NULL, "5000"},
     {NULL, "5000"},
     COMPARE_EQUAL},
    {"a meeting with another end",
     {{"hs_meeting_end_time", "EndDateTime"}, MAPPING_BOTH, TRANSFORM_TIME},
     "hs",
     {"6000", "5000"},
     {"6000", "5000"},
     COMPARE_APART},
    {"a Task without a date",
     {{"hs_timestamp", "ActivityDate"}, MAPPING_BOTH, TRANSFORM_DATE},
     "hs",
     {"2024-04-25", NULL},
     {"2024-04-25", NULL},
     COMPARE_EQUAL},
    {"a date that HubSpot lacks",
     {{"hs_timestamp", "ActivityDate"}, MAPPING_BOTH, TRANSFORM_DATE},
     "hs",
     {NULL, "2024-04-25"},
     {NULL, "2024-04-25"},
     COMPARE_APART},
    {"nobody knows what was written",
     {TITLE, MAPPING_BOTH, TRANSFORM_TEXT},
     "hs",
     {"a", "a"},
     {"\001", "\001"},
     COMPARE_CHANGED},
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static void
check_row(void **state)
{
    const struct row *row = *state;
    bool carries[SIDE_COUNT] = {false, false};

    for (const char *c = row->carries; *c != '\0'; c++)
        carries[*c == 's'] = true;
    assert_int_equal(compare_pair(&row->pair, carries, row->now, row->base),
                     row->want);
}

int
main(void)
{
    struct CMUnitTest tests[N_ROWS];

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
