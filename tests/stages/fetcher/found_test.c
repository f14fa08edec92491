/* found_test: what a batch read says of three records. */
#include "stages/fetcher/hubspot/found.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#define MISSING(ids)                                                           \
    "{\"category\":\"OBJECT_NOT_FOUND\",\"context\":{\"ids\":[" ids "]}}"

static const struct row {
    const char *name, *answer;
    const char *want; /* of 1, 2, 3: 'u'nclear, 'a'live, 'x' archived,
                         'm'issing */
    int64_t at;       /* of 1 */
} rows[] = {
    {"alive, archived, missing",
     "{\"results\":[{\"id\":\"1\",\"properties\":{\"hs_lastmodifieddate\":"
     "\"2024-05-01T10:00:00.500Z\"},\"archived\":false},{\"id\":\"2\","
     "\"archived\":true}],\"errors\":[" MISSING("\"3\"") "]}",
     "axm", 1714557600500},
    {"since when it is archived",
     "{\"results\":[{\"id\":\"1\",\"archived\":true,\"archivedAt\":"
     "\"2024-05-01T10:00:00Z\",\"updatedAt\":\"2023-01-01T00:00:00Z\"}]}",
     "xuu", 1714557600000},
    {"alive, by its updatedAt",
     "{\"results\":[{\"id\":1,\"updatedAt\":\"2024-05-01T10:00:00Z\"}]}", "auu",
     1714557600000},
    {"of which nothing is said", "{\"results\":[]}", "uuu", 0},
    {"all missing in one error",
     "{\"errors\":[" MISSING("\"1\",\"2\",\"3\"") "]}", "mmm", 0},
    {"an error of another kind is no deletion",
     "{\"errors\":[{\"category\":\"MISSING_SCOPES\",\"context\":{\"ids\":"
     "[\"1\"]}},{\"context\":{\"ids\":[\"2\"]}},7]}",
     "uuu", 0},
    {"merged: another one is answered",
     "{\"results\":[{\"id\":\"9\",\"properties\":{}}],\"errors\":[]}", "uuu",
     0},
    {"merged: the other one names it",
     "{\"results\":[{\"id\":\"2\",\"properties\":{\"hs_merged_object_ids\":"
     "\"77;1\"}}],\"errors\":[" MISSING("\"1\",\"3\"") "]}",
     "uam", 0},
    {"there, although it is called missing",
     "{\"results\":[{\"id\":\"1\"}],\"errors\":[" MISSING("\"1\"") "]}", "auu",
     0},
    {"no object at all", "[7]", "uuu", 0},
    {"what is no id",
     "{\"results\":[{\"id\":{}},null],\"errors\":[" MISSING("1,null") "]}",
     "uuu", 0},
};

static void
check_row(void **state)
{
    const struct row *r = *state;
    static const char *const ids[] = {"1", "2", "3"};
    static const char letters[] = "uaxm";
    cJSON *answer = cJSON_Parse(r->answer);
    struct found found[3];

    assert_non_null(answer);
    found_read(answer, ids, 3, found);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(letters[found[i].state], r->want[i]);
    assert_true(found[0].at == r->at);
    cJSON_Delete(answer);
}

int
main(void)
{
    enum { N = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N];

    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("found", tests, NULL, NULL);
}
