/* summary_test: figures of several parts are put together. */
#include "common/summary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static cJSON *
sum_of(const char *a, const char *b)
{
    cJSON *sum = summary_new();
    cJSON *pa = cJSON_Parse(a), *pb = cJSON_Parse(b);

    summary_add(sum, pa);
    summary_add(sum, pb);
    cJSON_Delete(pa);
    cJSON_Delete(pb);
    return sum;
}

static const struct row {
    const char *name, *a, *b, *want;
} rows[] = {
    {"of nothing", "{}", "{}",
     "{\"fetched\":0,\"skipped\":0,\"written\":0,\"unchanged\":0,\"dropped\":{}"
     ","
     "\"dead\":0,\"conflicts\":0,\"held_deletes\":0,\"held_dead\":0,\"api_"
     "calls\":{},\"feeds\":"
     "[]}"},
    {"numbers are added", "{\"fetched\":3,\"written\":2,\"dead\":1}",
     "{\"fetched\":4,\"unchanged\":5,\"conflicts\":6,\"skipped\":7}",
     "{\"fetched\":7,\"skipped\":7,\"written\":2,\"unchanged\":5,\"dropped\":{}"
     ","
     "\"dead\":1,\"conflicts\":6,\"held_deletes\":0,\"held_dead\":0,\"api_"
     "calls\":{},\"feeds\":"
     "[]}"},
    {"maps are added name by name",
     "{\"dropped\":{\"x\":1,\"y\":2},\"api_calls\":{\"hubspot\":3}}",
     "{\"dropped\":{\"y\":3,\"z\":4},\"api_calls\":{\"hubspot\":1,"
     "\"salesforce\":2}}",
     "{\"fetched\":0,\"skipped\":0,\"written\":0,\"unchanged\":0,\"dropped\":{"
     "\"x\":1,\"y\":5,\"z\":4},\"dead\":0,\"conflicts\":0,\"held_deletes\":0,"
     "\"held_dead\":0,"
     "\"api_calls\":{"
     "\"hubspot\":4,\"salesforce\":2},\"feeds\":[]}"},
    {"feeds are lined up", "{\"feeds\":[{\"feed\":\"a\"}]}",
     "{\"feeds\":[{\"feed\":\"b\"}]}",
     "{\"fetched\":0,\"skipped\":0,\"written\":0,\"unchanged\":0,\"dropped\":{}"
     ","
     "\"dead\":0,\"conflicts\":0,\"held_deletes\":0,\"held_dead\":0,\"api_"
     "calls\":{},\"feeds\":"
     "[{\"feed\":\"a\"},"
     "{\"feed\":\"b\"}]}"},
    {"a feed stands there once, as it was last",
     "{\"feeds\":[{\"feed\":\"a\",\"status\":\"refused\"},{\"feed\":\"b\"}]}",
     "{\"feeds\":[{\"feed\":\"a\",\"status\":\"ok\"}]}",
     "{\"fetched\":0,\"skipped\":0,\"written\":0,\"unchanged\":0,\"dropped\":{}"
     ","
     "\"dead\":0,\"conflicts\":0,\"held_deletes\":0,\"held_dead\":0,\"api_"
     "calls\":{},\"feeds\":"
     "[{\"feed\":\"a\","
     "\"status\":\"ok\"},{\"feed\":\"b\"}]}"},
    {"what is of another type counts nothing",
     "{\"fetched\":\"3\",\"dropped\":[1],\"api_calls\":{\"x\":\"y\"}}",
     "{\"feeds\":7,\"written\":null}",
     "{\"fetched\":0,\"skipped\":0,\"written\":0,\"unchanged\":0,\"dropped\":{}"
     ","
     "\"dead\":0,\"conflicts\":0,\"held_deletes\":0,\"held_dead\":0,\"api_"
     "calls\":{},\"feeds\":"
     "[]}"},
};

static void
check_row(void **state)
{
    const struct row *r = *state;
    cJSON *sum = sum_of(r->a, r->b);
    char *text = cJSON_PrintUnformatted(sum);

    assert_string_equal(text, r->want);
    free(text);
    cJSON_Delete(sum);
}

static void
the_table_says_why(void **state)
{
    cJSON *sum =
        sum_of("{\"fetched\":5,\"written\":2,\"dropped\":{\"kind-off\":3},"
               "\"feeds\":[{\"feed\":\"a\",\"status\":\"ok\",\"detail\":"
               "\"\"},{\"feed\":\"b\",\"status\":\"refused\",\"detail\":"
               "\"403 no\"}]}",
               "{}");
    char *text = NULL;
    size_t len;
    FILE *mem = open_memstream(&text, &len);

    (void)state;
    summary_print(mem, sum);
    fclose(mem);
    assert_non_null(strstr(text, "kind-off 3"));
    assert_non_null(strstr(text, "feed b: refused: 403 no"));
    assert_null(strstr(text, "feed a"));
    assert_int_equal(
        summary_total(cJSON_GetObjectItemCaseSensitive(sum, "dropped")), 3);
    free(text);
    cJSON_Delete(sum);
}

int
main(void)
{
    enum { N = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N + 1] = {cmocka_unit_test(the_table_says_why)};

    for (size_t i = 0; i < N; i++)
        tests[1 + i] = (struct CMUnitTest){.name = rows[i].name,
                                           .test_func = check_row,
                                           .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
