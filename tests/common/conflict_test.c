/* conflict_test: conflicts as a person reads them, on a terminal of any width.
 */
#include "common/conflict.h"

#include "common/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define AT 1714060800000 /* 2024-04-25 16:00 UTC */

static const struct row {
    const char *name;
    struct store_conflict c;
    const char *target;
    size_t width; /* 0: whole */
    const char *want;
} rows[] = {
    {"Salesforce's was kept",
     {.number = 7,
      .key = "hubspot:call:512",
      .property = "hs_call_title",
      .kept = "There",
      .lost = "Here",
      .kept_side = "salesforce",
      .at = AT},
     "salesforce:Task:00T1",
     100,
     "    7  2024-04-25 16:00:00Z  call 512 = Task 00T1\n"
     "       hs_call_title: kept Salesforce's \"There\", lost HubSpot's "
     "\"Here\"\n"},
    {"flipped",
     {.number = 12345,
      .key = "hubspot:call:512",
      .property = "p",
      .kept = "",
      .lost = "a\"\033\n",
      .kept_side = "hubspot",
      .at = AT,
      .flipped_at = AT + 1000},
     "salesforce:Task:00T1",
     100,
     "12345  2024-04-25 16:00:00Z  call 512 = Task 00T1\n"
     "       p: kept HubSpot's (empty), lost Salesforce's \"a\\\"\\x1b\\n\"\n"
     "       flipped 2024-04-25 16:00:01Z: Salesforce's stands\n"},
    {"narrow",
     {.number = 1,
      .key = "hubspot:call:512",
      .property = "p",
      .kept = "aaaaaaaaaaaaaaaaaaaaaaaa",
      .lost = "bbbbbbbbbbbb",
      .kept_side = "hubspot",
      .at = AT},
     "",
     20,
     "    1  2024-04-25 16:00:00Z  call 512 (not linked any more)\n"
     "       p: kept HubSpot's \"aaaaaaaaaaa…\", lost Salesforce's "
     "\"bbbbbbbbbbbb\"\n"},
    {"of a whole record",
     {.number = 1,
      .key = "x",
      .kept = "",
      .lost = "",
      .kept_side = "hubspot",
      .at = AT},
     "",
     100,
     "    1  2024-04-25 16:00:00Z  x (not linked any more)\n"
     "       the whole record: kept HubSpot's (empty), lost Salesforce's "
     "(empty)\n"},
    {"whole",
     {.number = 7,
      .key = "hubspot:call:512",
      .property = "p",
      .kept = "one\n\033two",
      .lost = "",
      .kept_side = "salesforce",
      .at = AT},
     "salesforce:Task:00T1",
     0,
     "conflict 7, 2024-04-25 16:00:00Z\n"
     "  call 512 = Task 00T1\n"
     "  p\n"
     "  kept, Salesforce's:\n"
     "    one\n"
     "    \\x1btwo\n"
     "  lost, HubSpot's:\n"
     "    (empty)\n"
     "  To take HubSpot's: ./run.sh conflicts flip 7\n"},
    {"whole, flipped",
     {.number = 7,
      .key = "hubspot:call:512",
      .property = "p",
      .kept = "a",
      .lost = "b",
      .kept_side = "salesforce",
      .at = AT,
      .flipped_at = AT},
     "salesforce:Task:00T1",
     0,
     "conflict 7, 2024-04-25 16:00:00Z\n"
     "  call 512 = Task 00T1\n"
     "  p\n"
     "  kept, Salesforce's:\n"
     "    a\n"
     "  lost, HubSpot's:\n"
     "    b\n"
     "  flipped 2024-04-25 16:00:00Z: HubSpot's stands now\n"
     "  To take Salesforce's: ./run.sh conflicts flip 7\n"},
};

static void
check_row(void **state)
{
    const struct row *row = *state;
    cJSON *json = conflict_json(&row->c, row->target);
    struct text t;

    text_init(&t);
    if (row->width > 0)
        conflict_line(json, row->width, &t);
    else
        conflict_whole(json, &t);
    text_putc(&t, '\0');
    assert_string_equal(t.data, row->want);
    text_fini(&t);
    cJSON_Delete(json);
}

static void
as_json(void **state)
{
    cJSON *json = conflict_json(&rows[0].c, "");

    (void)state;
    assert_string_equal(json_str(json, "kind"), "call");
    assert_string_equal(json_str(json, "kept_side"), "salesforce");
    assert_string_equal(json_str(json, "lost_side"), "hubspot");
    assert_true(
        cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(json, "is_linked")));
    cJSON_Delete(json);
}

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

int
main(void)
{
    struct CMUnitTest tests[N_ROWS + 1] = {{0}};

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    tests[N_ROWS] = (struct CMUnitTest)cmocka_unit_test(as_json);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
