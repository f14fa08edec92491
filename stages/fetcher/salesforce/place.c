/* place: see place.h. */
#include "stages/fetcher/salesforce/place.h"
#include "common/json.h"
#include "common/timetext.h"

#include <string.h>

void
place_read(struct place *p, const cJSON *cursor)
{
    *p = (struct place){0};
    if (!json_i64(cursor, "t", &p->t) || p->t < 0)
        p->t = 0;
    else
        sf_id_normalise(json_str(cursor, "id"), p->id);
    if (!json_i64(cursor, "since", &p->since))
        p->since = 0;
}

void
place_write(const struct place *p, cJSON *cursor)
{
    cJSON_DeleteItemFromObjectCaseSensitive(cursor, "t");
    cJSON_DeleteItemFromObjectCaseSensitive(cursor, "id");
    cJSON_DeleteItemFromObjectCaseSensitive(cursor, "since");
    cJSON_AddNumberToObject(cursor, "t", (double)p->t);
    cJSON_AddStringToObject(cursor, "id", p->id);
    if (p->since > 0)
        cJSON_AddNumberToObject(cursor, "since", (double)p->since);
}

bool
place_of(const cJSON *record, struct place *out)
{
    out->since = 0;
    return sf_id_normalise(json_str(record, "Id"), out->id) &&
           json_time(record, "SystemModstamp", &out->t) && out->t > 0;
}

int
place_check(const struct place *p, const struct place *from, const char *object,
            struct error *err)
{
    if (p->t > from->t || (p->t == from->t && strcmp(p->id, from->id) > 0))
        return 0;
    return error_set(err, EX_TEMPFAIL,
                     "Salesforce: a page of %s goes no further than the one "
                     "before",
                     object);
}

/* Stamps have whole seconds. */
static int64_t
second_of(int64_t ms)
{
    return ms / 1000 * 1000;
}

void
place_begin_at(struct place *p, int64_t now)
{
    *p = (struct place){.t = second_of(now), .since = second_of(now)};
}

void
place_catch_up(struct place *p, int64_t now)
{
    int64_t from = second_of(now) - PLACE_OVERLAP_MS;

    if (from < p->since)
        from = p->since;
    if (p->t > from)
        *p = (struct place){.t = from, .since = p->since};
}

void
place_put_where(const struct place *p, struct text *q)
{
    char time[TIMETEXT_SIZE];

    /* Should a stamp have ms one day, it must still be equal to itself. */
    if (p->t % 1000 != 0)
        timetext_ms(p->t, time);
    else
        timetext_s(p->t, time);
    text_printf(q, "(SystemModstamp > %s OR (SystemModstamp = %s", time, time);
    if (p->id[0] != '\0')
        text_printf(q, " AND Id > '%s'", p->id);
    text_puts(q, "))");
}

void
place_put_order(struct text *q, int limit)
{
    text_printf(q, " ORDER BY SystemModstamp, Id LIMIT %d", limit);
}
