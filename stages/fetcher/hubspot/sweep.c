/* sweep: see sweep.h. */
#include "stages/fetcher/hubspot/sweep.h"

#include "common/json.h"

#include <stdio.h>
#include <string.h>

void
sweep_read(struct sweep *s, const cJSON *entry, int64_t fallback)
{
    const char *offset = json_str(entry, "offset");

    s->offset[0] = '\0';
    if (!json_i64(entry, "start", &s->start) || s->start < 0)
        s->start = fallback;
    if (!json_i64(entry, "looked_at", &s->looked_at) || s->looked_at < 0)
        s->looked_at = s->start;
    s->is_second_look =
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, "looks"));
    if (!json_i64(entry, "end", &s->end) || s->end < s->start)
        s->end = 0;
    else if (offset != NULL && strlen(offset) < sizeof(s->offset))
        snprintf(s->offset, sizeof(s->offset), "%s", offset);
}

void
sweep_begin(struct sweep *s, int64_t now, int64_t second_look_ms)
{
    if (s->offset[0] != '\0')
        return;
    s->is_second_look =
        second_look_ms > 0 && now - s->looked_at >= second_look_ms;
    if (s->is_second_look && s->looked_at - second_look_ms < s->start)
        s->start =
            s->looked_at > second_look_ms ? s->looked_at - second_look_ms : 0;
    s->end = now > s->start ? now : s->start;
}

int
sweep_turn(struct sweep *s, const char *next, int64_t overlap_ms,
           struct error *err)
{
    int64_t from = s->end - overlap_ms;

    if (next != NULL) {
        if (strlen(next) >= sizeof(s->offset))
            return error_set(err, EX_PROTOCOL,
                             "the offset of the next page has %zu bytes",
                             strlen(next));
        if (strcmp(next, s->offset) == 0)
            return error_set(err, EX_PROTOCOL,
                             "the next page has the offset of this one");
        snprintf(s->offset, sizeof(s->offset), "%s", next);
        return 0;
    }
    if (from > s->start)
        s->start = from;
    if (s->is_second_look)
        s->looked_at = s->end;
    s->is_second_look = false;
    s->end = 0;
    s->offset[0] = '\0';
    return 0;
}

cJSON *
sweep_write(const struct sweep *s)
{
    cJSON *entry = cJSON_CreateObject();

    cJSON_AddNumberToObject(entry, "start", (double)s->start);
    cJSON_AddNumberToObject(entry, "looked_at", (double)s->looked_at);
    if (s->offset[0] != '\0') {
        if (s->is_second_look)
            cJSON_AddTrueToObject(entry, "looks");
        cJSON_AddNumberToObject(entry, "end", (double)s->end);
        cJSON_AddStringToObject(entry, "offset", s->offset);
    }
    return entry;
}
