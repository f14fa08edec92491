/* window: see window.h. */
#include "stages/window-filter/window.h"

#include <string.h>

/* Salesforce gives whole seconds: then it was at any moment of that second. */
static int64_t
changed_at(const struct event *ev, int64_t otherwise)
{
    int64_t at = event_i64(ev, EVENT_MODIFIED_AT, otherwise);

    return at % 1000 == 0 && at <= INT64_MAX - 999 ? at + 999 : at;
}

int
window_facts(const struct event *ev, struct window_facts *out,
             struct error *err)
{
    struct span contact = ev->field[EVENT_CONTACT];
    struct span rest = contact;
    bool is_activity = mp_is_str(ev->field[EVENT_SYNC], "activity");
    struct span kind, id;
    uint32_t n;

    *out = (struct window_facts){
        .kind = KIND_NONE,
        .is_activity = is_activity,
        .activity = ACTIVITY_NONE,
        .is_delete = is_activity && mp_is_str(ev->field[EVENT_OP], "delete"),
        .is_import = event_bool(ev, EVENT_IMPORT)};
    if (mp_str(ev->field[EVENT_KIND], &kind) && is_activity)
        out->activity = activity_parse((const char *)kind.data, kind.len);
    else if (mp_str(ev->field[EVENT_KIND], &kind))
        out->kind = kind_parse((const char *)kind.data, kind.len);
    if (!mp_i64(ev->field[EVENT_OCCURRED_AT], &out->at))
        return error_set(err, EX_DATAERR, "the event has no occurred_at");
    if (is_activity)
        out->at = changed_at(ev, out->at);
    if (!mp_map(&rest, &n) || n == 0)
        return 0;
    out->has_contact = true;
    out->is_tied = mp_str(mp_get(contact, "salesforce_id"), &id) && id.len > 0;
    out->synced_at = mp_get_i64(contact, "synced_at", 0);
    out->matches = mp_get_i64(contact, "matches", 0);
    return 0;
}

enum window_verdict
window_decide(const struct window_facts *facts,
              const struct window_rules *rules)
{
    struct window_rule rule = {.lookback_ms = 0};

    if (facts->is_activity ? facts->activity == ACTIVITY_NONE
                           : facts->kind == KIND_NONE)
        return WINDOW_UNKNOWN_KIND;
    if (facts->is_activity)
        rule.is_on = rules->activity[facts->activity];
    else
        rule = rules->timeline[facts->kind];
    if (!rule.is_on)
        return WINDOW_KIND_OFF;
    if (facts->is_delete)
        return WINDOW_IN;
    if (!facts->has_contact)
        return WINDOW_NO_CONTACT;
    if (!facts->is_tied || facts->synced_at == 0)
        return facts->matches > 1 ? WINDOW_AMBIGUOUS : WINDOW_NOT_SYNCED;
    if (facts->is_import)
        return WINDOW_IN;
    /* By difference: synced_at may be any number that a socket brought. */
    if (facts->at >= facts->synced_at ||
        (facts->synced_at >= INT64_MIN + rule.lookback_ms &&
         facts->at >= facts->synced_at - rule.lookback_ms))
        return WINDOW_IN;
    return rule.lookback_ms > 0 ? WINDOW_BEFORE_LOOKBACK : WINDOW_BEFORE_SYNC;
}

bool
window_is_in_if_linked(const struct window_facts *facts,
                       enum window_verdict verdict)
{
    return facts->is_activity && verdict != WINDOW_IN &&
           verdict != WINDOW_UNKNOWN_KIND && verdict != WINDOW_KIND_OFF;
}

const char *
window_reason(enum window_verdict verdict)
{
    static const char *const reasons[] = {
        [WINDOW_UNKNOWN_KIND] = "unknown-kind",
        [WINDOW_KIND_OFF] = "kind-off",
        [WINDOW_NO_CONTACT] = "no-contact",
        [WINDOW_NOT_SYNCED] = "contact-not-synced",
        [WINDOW_AMBIGUOUS] = "contact-ambiguous",
        [WINDOW_BEFORE_SYNC] = "before-contact-sync",
        [WINDOW_BEFORE_LOOKBACK] = "before-lookback",
    };

    return reasons[verdict];
}
