/* activity_world: the owners and the rules that activity_decide_test decides
 * by. */
#ifndef TESTS_ACTIVITY_WORLD_H
#define TESTS_ACTIVITY_WORLD_H

#include "stages/conflict-resolver/activity_decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const char *
owner_email(void *ctx, enum side side, const char *id)
{
    (void)ctx;
    if (strcmp(id, side == SIDE_HUBSPOT ? "11" : "005ann") == 0)
        return "ann@example.com";
    return strcmp(id, "005me") == 0 ? "me@example.com" : NULL;
}

static const char *
owner_id(void *ctx, enum side side, const char *email)
{
    (void)ctx;
    if (strcmp(email, "ann@example.com") != 0)
        return NULL;
    return side == SIDE_HUBSPOT ? "11" : "005ann";
}

static const struct transform_env env = {
    .zone = "UTC", .owner_email = owner_email, .owner_id = owner_id};

static void
make_rules(const char *flags, struct activity_rules rules[ACTIVITY_COUNT])
{
    static const char *const lines[][2] = {
        {"hs_call_title", "Subject"},
        {"hs_call_duration", "CallDurationInSeconds, both, ms_to_s"},
        {"hubspot_owner_id", "OwnerId, both, owner"}};
    struct activity_rules *r = &rules[ACTIVITY_CALL];
    struct error err;

    memset(rules, 0, ACTIVITY_COUNT * sizeof(*rules));
    r->is_on = strchr(flags, 'x') == NULL;
    r->merge.prefer =
        strchr(flags, 'p') != NULL ? SIDE_HUBSPOT : SIDE_SALESFORCE;
    for (int s = 0; s < SIDE_COUNT; s++) {
        r->creates_from[s] = strchr(flags, 'i') == NULL;
        r->merge.carries_updates[s] = strchr(flags, 'u') == NULL;
        r->merge.carries_deletes[s] = strchr(flags, 'd') != NULL;
    }
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(mapping_parse(lines[i][0], lines[i][1],
                                       &r->map.pairs[r->map.n++], &err),
                         0);
}

#endif
