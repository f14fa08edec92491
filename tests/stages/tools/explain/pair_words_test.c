/* pair_words_test: what two records say, and where they differ. */
#include "stages/tools/explain/pair.h"

#include "common/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const struct row {
    const char *name;
    const char *pair; /* JSON with ' for " */
    const char *want;
} rows[] = {
    {"equal",
     "{'key':'hubspot:call:512','target':'salesforce:Task:00T1','kind':'call',"
     "'version':1,'written_at':1714060800000,'prefer':'salesforce','deleted':{"
     "'hubspot':null,'salesforce':null},'properties':[{'property':"
     "'hs_call_title','field':'Subject','hubspot':'A','salesforce':'A',"
     "'differs':false}],'conflicts':[]}",
     "pair: call 512 = Task 00T1, agreed 1 time, last 2024-04-25 16:00:00 UTC\n"
     "  Where both sides have changed one property, Salesforce is preferred "
     "([activity.call] prefer).\n"
     "  As they were last agreed on (! where they differ):\n"
     "    hs_call_title = Subject: \"A\"\n"},
    {"different, deleted, with a conflict",
     "{'key':'hubspot:call:512','target':'salesforce:Task:00T1','kind':'call',"
     "'version':3,'written_at':1714060800000,'prefer':'hubspot','deleted':{"
     "'hubspot':'user','salesforce':'crmpipe'},'properties':[{'property':'a',"
     "'field':'A','hubspot':'x\\u001b','salesforce':'','differs':true}],"
     "'conflicts':[{'number':7,'at':1714060800000,'key':'hubspot:call:512',"
     "'target':'salesforce:Task:00T1','property':'a','kept':'x','kept_side':"
     "'hubspot','lost':'y','lost_side':'salesforce','flipped_at':0}]}",
     "pair: call 512 = Task 00T1, agreed 3 times, last 2024-04-25 16:00:00 "
     "UTC\n"
     "  Where both sides have changed one property, HubSpot is preferred "
     "([activity.call] prefer).\n"
     "  HubSpot's record is deleted: by a user.\n"
     "  Salesforce's record is deleted: by crmpipe, because the other side's "
     "was.\n"
     "  As they were last agreed on (! where they differ):\n"
     "  ! a = A: HubSpot \"x\\x1b\", Salesforce (empty)\n"
     "  Conflicts (./run.sh conflicts show N):\n"
     "    7  2024-04-25 16:00:00Z  call 512 = Task 00T1\n"
     "       a: kept HubSpot's \"x\", lost Salesforce's \"y\"\n"},
    {"gone, and held back",
     "{'key':'hubspot:call:512','target':'salesforce:Task:00T1','kind':'call',"
     "'version':1,'written_at':1714060800000,'prefer':'salesforce','deleted':{"
     "'hubspot':null,'salesforce':null},'deletions':[{'record':"
     "'salesforce:Task:00T1','verdict':'held','found_at':1714060800000},"
     "{'record':'hubspot:call:512','verdict':'released','found_at':"
     "1714060800000}],'properties':[],'conflicts':[]}",
     "pair: call 512 = Task 00T1, agreed 1 time, last 2024-04-25 16:00:00 UTC\n"
     "  Where both sides have changed one property, Salesforce is preferred "
     "([activity.call] prefer).\n"
     "  Task 00T1 was not there any more at 2024-04-25 16:00:00 UTC: too many "
     "were deleted at once, so the other record stays until a person decides "
     "(./run.sh deletes).\n"
     "  call 512 was not there any more at 2024-04-25 16:00:00 UTC: the other "
     "record is deleted with the next poll.\n"
     "  As they were last agreed on (! where they differ):\n"},
};

static void
check_row(void **state)
{
    const struct row *row = *state;
    char json[2000];
    cJSON *pair;
    struct text t;

    assert_true(strlen(row->pair) < sizeof(json));
    strcpy(json, row->pair);
    for (char *c = json; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    pair = json_parse(json, strlen(json), NULL);
    assert_non_null(pair);
    text_init(&t);
    pair_words(pair, &t);
    text_putc(&t, '\0');
    assert_string_equal(t.data, row->want);
    text_fini(&t);
    cJSON_Delete(pair);
}

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

int
main(void)
{
    struct CMUnitTest tests[N_ROWS] = {{0}};

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
