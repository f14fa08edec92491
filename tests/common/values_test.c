/* values_test: a record as canonical values, and what a link remembers. */
#include "common/values.h"

#include "common/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define H SIDE_HUBSPOT
#define S SIDE_SALESFORCE

static const struct transform_env env = {.zone = "UTC"};

static struct mapping map = {
    .n = 3,
    .pairs = {
        {{"hs_call_title", "Subject"}, MAPPING_BOTH, TRANSFORM_TEXT},
        {{"hs_call_duration", "CallDurationInSeconds"},
         MAPPING_BOTH,
         TRANSFORM_MS_TO_S},
        {{"hs_timestamp", "ActivityDate"}, MAPPING_BOTH, TRANSFORM_DATE}}};

static const struct row {
    const char *name;
    enum side side;
    const char *fields;
    const char *want[3]; /* all NULL and is_bad: refused */
    bool is_bad;
} rows[] = {
    {"HubSpot's texts",
     H,
     "{\"hs_call_title\":\" A \",\"hs_call_duration\":\"90499\","
     "\"hs_timestamp\":\"2024-04-25T16:00:00Z\"}",
     {"A", "90", "2024-04-25"},
     false},
    {"Salesforce's numbers",
     S,
     "{\"Subject\":\"A\",\"CallDurationInSeconds\":90,"
     "\"ActivityDate\":\"2024-04-25\"}",
     {"A", "90", "2024-04-25"},
     false},
    {"null, absent and empty are one",
     S,
     "{\"Subject\":\"\",\"CallDurationInSeconds\":null}",
     {NULL, NULL, NULL},
     false},
    {"a list is no value", H, "{\"hs_call_title\":[1]}", {NULL}, false},
    {"no record at all", H, NULL, {NULL}, false},
    {"the other side's names mean nothing",
     H,
     "{\"Subject\":\"A\"}",
     {NULL},
     false},
    {"nonsense is refused", H, "{\"hs_call_duration\":\"soon\"}", {NULL}, true},
};

static void
check_row(void **state)
{
    const struct row *row = *state;
    cJSON *fields = row->fields != NULL ? cJSON_Parse(row->fields) : NULL;
    struct values v;
    struct error err;

    assert_int_equal(values_read(&env, &map, row->side, fields, &v, &err),
                     row->is_bad ? -1 : 0);
    for (size_t i = 0; i < map.n; i++) {
        if (row->want[i] == NULL)
            assert_null(v.v[i]);
        else
            assert_string_equal(v.v[i], row->want[i]);
    }
    if (row->is_bad)
        assert_int_equal(err.code, EX_DATAERR);
    values_fini(&v);
    cJSON_Delete(fields);
}

/* In `out`, which the caller destroys. */
static struct span
packed(const cJSON *json, msgpack_sbuffer *out)
{
    msgpack_packer pk;

    msgpack_sbuffer_init(out);
    msgpack_packer_init(&pk, out, msgpack_sbuffer_write);
    json_to_mp(json, 1000, &pk);
    return (struct span){(const uint8_t *)out->data, out->size};
}

/* Another field is another pair: nothing was agreed on yet. */
static void
another_field_is_not_known(void **state)
{
    struct mapping own = {
        .n = 1,
        .pairs = {{{"my_rating", "CallObject"}, MAPPING_BOTH, TRANSFORM_TEXT}}};
    const char *hubspot[] = {"5"}, *salesforce[] = {"5"};
    const char **const base[SIDE_COUNT] = {hubspot, salesforce};
    const struct merge_life life[SIDE_COUNT] = {{false, false}};
    cJSON *decision = cJSON_CreateObject();
    struct snapshot s;
    msgpack_sbuffer out;
    struct span bytes;

    (void)state;
    snapshot_put(&own, base, life, decision);
    bytes = packed(json_at(decision, "base"), &out);
    for (int is_other = 0; is_other < 2; is_other++) {
        if (is_other)
            snprintf(own.pairs[0].name[S], sizeof(own.pairs[0].name[S]),
                     "Rating__c");
        snapshot_read(bytes, &own, &s);
        assert_true((s.base[H].v[0] == NULL) == is_other);
        assert_true((s.base[S].v[0] == NULL) == is_other);
        snapshot_fini(&s);
    }
    msgpack_sbuffer_destroy(&out);
    cJSON_Delete(decision);
}

static void
what_is_put_is_read_again(void **state)
{
    const char *hubspot[] = {"A", "90", NULL}, *salesforce[] = {"A", "", "x"};
    const char **const base[SIDE_COUNT] = {hubspot, salesforce};
    const struct merge_life life[SIDE_COUNT] = {{false, false}, {true, true}};
    cJSON *decision = cJSON_CreateObject();
    cJSON *kept = cJSON_CreateObject();
    struct snapshot s;
    msgpack_sbuffer out;

    (void)state;
    snapshot_put(&map, base, life, decision);
    /* As the writer does. */
    for (int side = 0; side < SIDE_COUNT; side++)
        cJSON_AddItemToObject(
            kept, side_name((enum side)side),
            cJSON_Duplicate(
                json_at(json_at(decision, "base"), side_name((enum side)side)),
                true));
    cJSON_AddItemToObject(kept, "deleted",
                          cJSON_Duplicate(json_at(decision, "deleted"), true));
    cJSON_AddItemToObject(kept, "seen", cJSON_Parse("{\"hubspot\":17}"));
    snapshot_read(packed(kept, &out), &map, &s);
    assert_true(s.is_activity);
    assert_string_equal(s.base[H].v[0], "A");
    assert_string_equal(s.base[H].v[1], "90");
    assert_null(s.base[H].v[2]);
    assert_null(s.base[S].v[1]);
    assert_string_equal(s.base[S].v[2], "x");
    assert_false(s.life[H].is_deleted);
    assert_true(s.life[S].is_deleted && s.life[S].by_sync);
    assert_int_equal(s.seen[H], 17);
    assert_int_equal(s.seen[S], 0);
    snapshot_fini(&s);
    msgpack_sbuffer_destroy(&out);
    cJSON_Delete(kept);
    cJSON_Delete(decision);
}

static void
what_is_no_snapshot_is_empty(void **state)
{
    static const uint8_t bytes[] = {0x81, 0xa6, 'd', 'i', 'g',
                                    'e',  's',  't', 0x01};
    struct span some[] = {{NULL, 0}, {bytes, sizeof(bytes)}, {bytes + 8, 1}};
    struct snapshot s;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        snapshot_read(some[i], &map, &s);
        assert_false(s.is_activity || s.life[H].is_deleted ||
                     s.life[S].is_deleted);
        assert_null(s.base[H].v[0]);
        snapshot_fini(&s);
    }
}

static void
empty_values_do_not_differ(void **state)
{
    char empty[] = "", some[] = "x";
    struct values a = {{NULL}}, b = {{empty}};

    (void)state;
    assert_false(values_differ(&a, &b, 3));
    b.v[1] = some;
    assert_true(values_differ(&a, &b, 3));
    assert_false(values_differ(&a, &b, 1));
}

int
main(void)
{
    enum { N = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N + 4] = {
        [N] = cmocka_unit_test(what_is_put_is_read_again),
        [N + 1] = cmocka_unit_test(what_is_no_snapshot_is_empty),
        [N + 2] = cmocka_unit_test(empty_values_do_not_differ),
        [N + 3] = cmocka_unit_test(another_field_is_not_known)};

    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("values", tests, NULL, NULL);
}
