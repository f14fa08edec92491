/* guard: see guard.h. */
#include "stages/fetcher/guard.h"

#include <string.h>

void
guard_rules_read(const struct conf *conf, struct guard_rules *out)
{
    static const char *const names[SIDE_COUNT] = {
        [SIDE_HUBSPOT] = "deleted_in_hubspot",
        [SIDE_SALESFORCE] = "deleted_in_salesforce"};

    for (int a = 0; a < ACTIVITY_COUNT; a++) {
        const char *section = conf_activity((enum activity)a);

        for (int s = 0; s < SIDE_COUNT; s++)
            out->carries[a][s] =
                conf_bool(conf, section, "sync") &&
                strcmp(conf_str(conf, section, names[s]), "delete") == 0;
    }
}

bool
guard_rules_any(const struct guard_rules *rules, enum side side)
{
    for (int a = 0; a < ACTIVITY_COUNT; a++)
        if (rules->carries[a][side])
            return true;
    return false;
}

void
guard_link_read(const struct store_link *link, struct guard_link *out)
{
    struct span deleted, seen;

    memset(out, 0, sizeof(*out));
    out->activity = ACTIVITY_NONE;
    if (link->snapshot.data == NULL ||
        mp_get(link->snapshot, side_name(SIDE_HUBSPOT)).data == NULL)
        return; /* the timeline's */
    out->activity = activity_parse(link->kind, strlen(link->kind));
    deleted = mp_get(link->snapshot, "deleted");
    seen = mp_get(link->snapshot, "seen");
    for (int s = 0; s < SIDE_COUNT; s++) {
        const char *name = side_name((enum side)s);

        out->is_gone[s] =
            deleted.data != NULL && mp_get(deleted, name).data != NULL;
        if (seen.data != NULL)
            out->seen[s] = mp_get_i64(seen, name, 0);
    }
}

bool
guard_carries(const struct guard_rules *rules, const struct guard_link *link,
              enum side side)
{
    return link->activity != ACTIVITY_NONE &&
           rules->carries[link->activity][side] && !link->is_gone[side];
}

int64_t
guard_limit(int64_t max, int64_t percent, int64_t links)
{
    int64_t share =
        links / 100 * percent + links % 100 * percent / 100; /* no overflow */

    return share > max ? share : max;
}

enum guard_verdict
guard_judge(int64_t pending, int64_t held, int64_t released, int64_t limit)
{
    if (pending <= 0)
        return GUARD_NOTHING;
    return held > 0 || pending + released > limit ? GUARD_HOLD : GUARD_RELEASE;
}
