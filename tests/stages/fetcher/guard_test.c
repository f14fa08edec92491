/* guard_test: which deletions count, and how many of them may go. */
#include "stages/fetcher/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static const struct limit_row {
    const char *name;
    int64_t max, percent, links, want;
} limit_rows[] = {
    {"a small account: the number", 20, 5, 100, 20},
    {"a large one: the share", 20, 5, 1000, 50},
    {"both alike", 20, 5, 400, 20},
    {"a share of what is no hundred", 0, 30, 10, 3},
    {"nothing at all", 0, 0, 1000000, 0},
    {"all of them", 0, 100, 12345, 12345},
};

static void
check_limit(void **state)
{
    const struct limit_row *r = *state;

    assert_true(guard_limit(r->max, r->percent, r->links) == r->want);
}

static const struct judge_row {
    const char *name;
    int64_t pending, held, released, limit;
    enum guard_verdict want;
} judge_rows[] = {
    {"none", 0, 0, 0, 0, GUARD_NOTHING},
    {"none besides those that are held", 0, 5, 9, 1, GUARD_NOTHING},
    {"as many as may go", 20, 0, 0, 20, GUARD_RELEASE},
    {"one more", 21, 0, 0, 20, GUARD_HOLD},
    {"one more with those of the last minutes", 1, 0, 20, 20, GUARD_HOLD},
    {"few, while others are held", 1, 1, 0, 20, GUARD_HOLD},
    {"none may go", 1, 0, 0, 0, GUARD_HOLD},
};

static void
check_judge(void **state)
{
    const struct judge_row *r = *state;

    assert_int_equal(guard_judge(r->pending, r->held, r->released, r->limit),
                     r->want);
}

/* {"hubspot": {}} and more, as the writer packs it. */
static msgpack_sbuffer
snapshot(const char *first, const char *gone)
{
    msgpack_sbuffer out;
    msgpack_packer pk;

    msgpack_sbuffer_init(&out);
    msgpack_packer_init(&pk, &out, msgpack_sbuffer_write);
    msgpack_pack_map(&pk, 3);
    mp_pack_str(&pk, first);
    msgpack_pack_map(&pk, 0);
    mp_pack_str(&pk, "deleted");
    msgpack_pack_map(&pk, gone != NULL ? 1 : 0);
    if (gone != NULL) {
        mp_pack_str(&pk, gone);
        msgpack_pack_true(&pk);
    }
    mp_pack_str(&pk, "seen");
    msgpack_pack_map(&pk, 1);
    mp_pack_kv_i64(&pk, "hubspot", 7);
    return out;
}

static const struct carry_row {
    const char *name, *kind, *first, *gone;
    enum side side;
    bool want;
} carry_rows[] = {
    {"a linked record", "call", "hubspot", NULL, SIDE_HUBSPOT, true},
    {"of the side whose rule is to ignore", "call", "hubspot", NULL,
     SIDE_SALESFORCE, false},
    {"of a kind whose rule is to ignore", "task", "hubspot", NULL, SIDE_HUBSPOT,
     false},
    {"known to be gone: our own doing", "call", "hubspot", "hubspot",
     SIDE_HUBSPOT, false},
    {"the other one is gone: it may have come back", "call", "hubspot",
     "salesforce", SIDE_HUBSPOT, true},
    {"of the timeline", "call", "digest", NULL, SIDE_HUBSPOT, false},
    {"of no kind", "note", "hubspot", NULL, SIDE_HUBSPOT, false},
};

static void
check_carry(void **state)
{
    const struct carry_row *r = *state;
    msgpack_sbuffer bytes = snapshot(r->first, r->gone);
    struct store_link link = {
        .snapshot = {(const uint8_t *)bytes.data, bytes.size}};
    struct guard_rules rules = {.carries[ACTIVITY_CALL][SIDE_HUBSPOT] = true};
    struct guard_link known;

    snprintf(link.kind, sizeof(link.kind), "%s", r->kind);
    guard_link_read(&link, &known);
    assert_int_equal(guard_carries(&rules, &known, r->side), r->want);
    if (r->want)
        assert_int_equal(known.seen[SIDE_HUBSPOT], 7);
    msgpack_sbuffer_destroy(&bytes);
}

static void
rules_of_a_config(void **state)
{
    char path[] = "/tmp/crmpipe-guard-XXXXXX";
    FILE *f = fdopen(mkstemp(path), "w");
    struct guard_rules rules;
    struct conf *conf;
    struct error err;

    (void)state;
    fputs("[activity.call]\nsync = on\ndeleted_in_salesforce = delete\n"
          "[activity.task]\ndeleted_in_hubspot = delete\n",
          f);
    fclose(f);
    assert_int_equal(conf_load(path, &conf, &err), 0);
    guard_rules_read(conf, &rules);
    assert_true(rules.carries[ACTIVITY_CALL][SIDE_SALESFORCE]);
    assert_true(guard_rules_any(&rules, SIDE_SALESFORCE));
    assert_false(guard_rules_any(&rules, SIDE_HUBSPOT)); /* the kind is off */
    conf_free(conf);
    unlink(path);
}

#define ADD(rows_, check)                                                      \
    for (size_t i = 0; i < sizeof(rows_) / sizeof(rows_[0]); i++)              \
        tests[n++] = (struct CMUnitTest){.name = rows_[i].name,                \
                                         .test_func = check,                   \
                                         .initial_state = (void *)&rows_[i]};

int
main(void)
{
    struct CMUnitTest tests[64] = {cmocka_unit_test(rules_of_a_config)};
    size_t n = 1;

    ADD(limit_rows, check_limit)
    ADD(judge_rows, check_judge)
    ADD(carry_rows, check_carry)
    return _cmocka_run_group_tests("guard", tests, n, NULL, NULL);
}
