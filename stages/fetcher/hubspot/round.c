/* round: see round.h. */
#include "stages/fetcher/hubspot/round.h"

#include "common/json.h"

#include <stdio.h>
#include <string.h>

void
round_read(struct round *r, const cJSON *cursor)
{
    const char *kind = json_str(cursor, "kind");
    const char *after = json_str(cursor, "after");

    memset(r, 0, sizeof(*r));
    r->activity =
        kind != NULL ? activity_parse(kind, strlen(kind)) : ACTIVITY_NONE;
    if (r->activity == ACTIVITY_NONE)
        r->activity = (enum activity)0;
    else if (after != NULL && strlen(after) < sizeof(r->after))
        snprintf(r->after, sizeof(r->after), "%s", after);
    if (!json_i64(cursor, "left", &r->left) || r->left < 0)
        r->left = 0;
    if (!json_i64(cursor, "asked_at", &r->asked_at) || r->asked_at < 0)
        r->asked_at = 0;
}

cJSON *
round_write(const struct round *r)
{
    cJSON *cursor = cJSON_CreateObject();

    cJSON_AddStringToObject(cursor, "kind", activity_facts(r->activity)->name);
    cJSON_AddStringToObject(cursor, "after", r->after);
    cJSON_AddNumberToObject(cursor, "left", (double)r->left);
    cJSON_AddNumberToObject(cursor, "asked_at", (double)r->asked_at);
    return cursor;
}

void
round_begin(struct round *r, int64_t total, int64_t now, int64_t sweep_ms)
{
    int64_t since =
        r->asked_at > 0 && now > r->asked_at ? now - r->asked_at : 0;

    if (r->left > 0)
        return;
    r->left = total;
    if (since < sweep_ms)
        r->left = (int64_t)((double)total * ((double)since / (double)sweep_ms));
    if (r->left < ROUND_LEAST)
        r->left = ROUND_LEAST;
    if (r->left > total)
        r->left = total;
    r->asked_at = now;
}

void
round_next_kind(struct round *r, const bool wanted[ACTIVITY_COUNT])
{
    r->after[0] = '\0';
    for (int i = 0; i < ACTIVITY_COUNT; i++) {
        r->activity = (enum activity)((r->activity + 1) % ACTIVITY_COUNT);
        if (wanted[r->activity])
            return;
    }
}

void
round_keys(const struct round *r, char *after, char *before, size_t size)
{
    const char *name = activity_facts(r->activity)->name;

    if (r->after[0] != '\0')
        snprintf(after, size, "%s", r->after);
    else
        snprintf(after, size, "hubspot:%s:", name);
    snprintf(before, size, "hubspot:%s;", name); /* ';' comes after ':' */
}
