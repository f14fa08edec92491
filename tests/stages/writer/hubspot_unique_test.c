/* hubspot_unique_test: what the answer to a property's GET says. */
#include "common/json.h"
#include "stages/writer/hubspot/unique.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

static const struct row {
    const char *name;
    enum hubspot_end end;
    const char *json; /* NULL: none */
    enum hubspot_unique want;
} rows[] = {
    {"unique", HUBSPOT_OK, "{\"hasUniqueValue\":true,\"archived\":false}",
     HUBSPOT_UNIQUE_YES},
    {"plain", HUBSPOT_OK, "{\"hasUniqueValue\":false}", HUBSPOT_UNIQUE_PLAIN},
    {"not told", HUBSPOT_OK, "{\"name\":\"x\"}", HUBSPOT_UNIQUE_PLAIN},
    {"a word", HUBSPOT_OK, "{\"hasUniqueValue\":\"true\"}",
     HUBSPOT_UNIQUE_PLAIN},
    {"archived", HUBSPOT_OK, "{\"hasUniqueValue\":true,\"archived\":true}",
     HUBSPOT_UNIQUE_NONE},
    {"an array", HUBSPOT_OK, "[]", HUBSPOT_UNIQUE_PLAIN},
    {"not there", HUBSPOT_REFUSED, "{\"category\":\"OBJECT_NOT_FOUND\"}",
     HUBSPOT_UNIQUE_NONE},
    {"not there, without a word", HUBSPOT_REFUSED, NULL, HUBSPOT_UNIQUE_NONE},
    {"not now", HUBSPOT_RETRY, NULL, HUBSPOT_UNIQUE_UNASKED},
    {"not today", HUBSPOT_PAUSE, NULL, HUBSPOT_UNIQUE_UNASKED},
    {"not with this token", HUBSPOT_CONFIG, "{}", HUBSPOT_UNIQUE_UNASKED},
    {"not with these scopes", HUBSPOT_NOPERM, "{}", HUBSPOT_UNIQUE_UNASKED},
};

static void
check_row(void **state)
{
    const struct row *row = *state;
    struct hubspot_answer answer = {.end = row->end};

    if (row->json != NULL)
        answer.json = json_parse(row->json, strlen(row->json), NULL);
    assert_int_equal(hubspot_unique_read(&answer), row->want);
    hubspot_answer_fini(&answer);
}

int
main(void)
{
    struct CMUnitTest tests[N(rows)];

    for (size_t i = 0; i < N(rows); i++)
        tests[i] =
            (struct CMUnitTest){.name = rows[i].name,
                                .test_func = check_row,
                                .initial_state = (void *)(uintptr_t)&rows[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
