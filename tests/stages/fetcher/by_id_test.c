/* by_id_test: what the searches of an import ask for, and where each page
 * leads. */
#include "stages/fetcher/hubspot/by_id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static const char *const times[] = {"hs_meeting_start_time", "hs_timestamp",
                                    NULL};
static const char *const wanted[] = {"x", NULL};

#define REST                                                                   \
    "\"sorts\":[{\"propertyName\":\"hs_object_id\",\"direction\":"             \
    "\"ASCENDING\"}],\"properties\":[\"x\"],\"limit\":200}"
#define ABOVE(id)                                                              \
    "{\"filters\":[{\"propertyName\":\"hs_object_id\",\"operator\":\"GT\","    \
    "\"value\":\"" id "\"}"
#define SINCE(time)                                                            \
    ",{\"propertyName\":\"" time "\",\"operator\":\"GTE\",\"value\":\"5\"}]}"

static const struct search_row {
    const char *name, *id;
    int64_t since_ms;
    const char *want;
} search_rows[] = {
    {"all, from the beginning", "", INT64_MIN,
     "{\"filterGroups\":[" ABOVE("0") "]}]," REST},
    {"all behind an id", "77", INT64_MIN,
     "{\"filterGroups\":[" ABOVE("77") "]}]," REST},
    {"since a time, by either property", "77", 5,
     "{\"filterGroups\":[" ABOVE("77") SINCE("hs_meeting_start_time") "," ABOVE(
         "77") SINCE("hs_timestamp") "]," REST},
};

static void
check_search(void **state)
{
    const struct search_row *r = *state;
    cJSON *body = by_id_search(r->id, times, r->since_ms, wanted);
    char *text = cJSON_PrintUnformatted(body);

    assert_string_equal(text, r->want);
    cJSON_free(text);
    cJSON_Delete(body);
}

static void
pages_follow_one_another(void **state)
{
    static struct keyset_record page[KEYSET_PAGE];
    char id[KEYSET_ID] = "";
    struct error err;
    cJSON *cursor;

    (void)state;
    for (int i = 0; i < KEYSET_PAGE; i++)
        snprintf(page[i].id, KEYSET_ID, "%d", 99999 + i);
    assert_true(by_id_is_asked("", &page[0]));
    assert_int_equal(by_id_next(id, page, KEYSET_PAGE, &err), 1);
    assert_string_equal(id, "100198"); /* numbers, not texts */
    cursor = by_id_write(id);
    id[0] = '\0';
    by_id_read(id, cursor);
    cJSON_Delete(cursor);
    assert_string_equal(id, "100198");
    assert_false(by_id_is_asked(id, &page[5]));
    assert_int_equal(by_id_next(id, page, KEYSET_PAGE, &err), -1);
    assert_int_equal(by_id_next(id, page, 3, &err), 0);
    assert_int_equal(by_id_next(id, page, 0, &err), 0);
    assert_string_equal(id, "100198");
    by_id_read(id, NULL);
    assert_string_equal(id, "");
}

#define N_SEARCH (sizeof(search_rows) / sizeof(search_rows[0]))

int
main(void)
{
    struct CMUnitTest tests[N_SEARCH + 1] = {
        cmocka_unit_test(pages_follow_one_another)};

    for (size_t i = 0; i < N_SEARCH; i++)
        tests[i + 1] =
            (struct CMUnitTest){.name = search_rows[i].name,
                                .test_func = check_search,
                                .initial_state = (void *)&search_rows[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
