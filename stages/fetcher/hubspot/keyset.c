/* keyset: see keyset.h. */
#include "stages/fetcher/hubspot/keyset.h"
#include "common/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t
number(const cJSON *cursor, const char *key)
{
    int64_t n;

    return json_i64(cursor, key, &n) && n > 0 ? n : 0;
}

void
keyset_read(struct keyset *k, const cJSON *cursor)
{
    *k =
        (struct keyset){.t = number(cursor, "t"),
                        .begun_at = number(cursor, "begun_at"),
                        .seen_at = number(cursor, "seen_at"),
                        .looked_at = number(cursor, "looked_at"),
                        .is_second_look = cJSON_IsTrue(
                            cJSON_GetObjectItemCaseSensitive(cursor, "looks"))};
    if (!json_id(cursor, "id", k->id, sizeof(k->id)))
        k->id[0] = '\0';
}

cJSON *
keyset_write(const struct keyset *k)
{
    cJSON *cursor = cJSON_CreateObject();

    cJSON_AddNumberToObject(cursor, "t", (double)k->t);
    if (k->id[0] != '\0')
        cJSON_AddStringToObject(cursor, "id", k->id);
    if (k->begun_at != 0)
        cJSON_AddNumberToObject(cursor, "begun_at", (double)k->begun_at);
    if (k->is_second_look)
        cJSON_AddTrueToObject(cursor, "looks");
    cJSON_AddNumberToObject(cursor, "seen_at", (double)k->seen_at);
    cJSON_AddNumberToObject(cursor, "looked_at", (double)k->looked_at);
    return cursor;
}

static int64_t
less_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void
keyset_begin(struct keyset *k, const struct keyset_rules *rules)
{
    if (k->begun_at != 0)
        return;
    k->begun_at = rules->now;
    k->id[0] = '\0';
    if (k->t == 0) {
        k->looked_at = rules->now;
        k->t = rules->first_look_ms < 0 ? KEYSET_FROM
                                        : rules->now - rules->first_look_ms;
    } else {
        /* Nothing newer than t was to be seen then: perhaps the index stood
         * still. What lies further back than t has been read. */
        k->t = less_of(k->t, k->seen_at - rules->overlap_ms);
    }
    if (rules->second_look_ms > 0 &&
        rules->now - k->looked_at >= rules->second_look_ms) {
        /* What was younger than a second look when the last one began. */
        k->t = less_of(k->t, k->looked_at - rules->second_look_ms);
        k->is_second_look = true;
    }
    if (k->t < KEYSET_FROM)
        k->t = KEYSET_FROM;
}

void
keyset_filter(cJSON *filters, const char *property, const char *op,
              const char *value)
{
    cJSON *f = cJSON_CreateObject();

    cJSON_AddStringToObject(f, "propertyName", property);
    cJSON_AddStringToObject(f, "operator", op);
    cJSON_AddStringToObject(f, "value", value);
    cJSON_AddItemToArray(filters, f);
}

void
keyset_rest(cJSON *body, const char *sorted_by, const char *const *wanted)
{
    cJSON *sort = cJSON_CreateObject();
    cJSON *names;

    cJSON_AddItemToArray(cJSON_AddArrayToObject(body, "sorts"), sort);
    cJSON_AddStringToObject(sort, "propertyName", sorted_by);
    cJSON_AddStringToObject(sort, "direction", "ASCENDING");
    names = cJSON_AddArrayToObject(body, "properties");
    for (size_t i = 0; wanted[i] != NULL; i++)
        cJSON_AddItemToArray(names, cJSON_CreateString(wanted[i]));
    cJSON_AddNumberToObject(body, "limit", KEYSET_PAGE);
}

cJSON *
keyset_search(const struct keyset *k, const char *property,
              const char *const *wanted)
{
    static const char by_id[] = "hs_object_id";
    bool is_tie = k->id[0] != '\0';
    cJSON *body = cJSON_CreateObject();
    cJSON *group = cJSON_CreateObject();
    cJSON *filters;
    char t[24];

    snprintf(t, sizeof(t), "%lld", (long long)k->t);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(body, "filterGroups"), group);
    filters = cJSON_AddArrayToObject(group, "filters");
    keyset_filter(filters, property, is_tie ? "EQ" : "GTE", t);
    if (is_tie)
        keyset_filter(filters, by_id, "GT", k->id);
    keyset_rest(body, is_tie ? by_id : property, wanted);
    return body;
}

bool
keyset_id_above(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);

    return n != m ? n > m : strcmp(a, b) > 0;
}

bool
keyset_is_asked(const struct keyset *k, const struct keyset_record *r)
{
    return k->id[0] != '\0' ? r->t == k->t && keyset_id_above(r->id, k->id)
                            : r->t >= k->t;
}

static bool
pass_is_over(struct keyset *k)
{
    k->seen_at = k->begun_at;
    if (k->is_second_look)
        k->looked_at = k->begun_at;
    k->is_second_look = false;
    k->begun_at = 0;
    return false;
}

/* After a page of a tie. */
static bool
next_of_tie(struct keyset *k, const struct keyset_record *page, size_t n)
{
    char last[KEYSET_ID];

    memcpy(last, k->id, sizeof(last));
    for (size_t i = 0; i < n; i++)
        if (keyset_id_above(page[i].id, last))
            memcpy(last, page[i].id, sizeof(last));
    if (n >= KEYSET_PAGE && keyset_id_above(last, k->id)) {
        memcpy(k->id, last, sizeof(k->id));
        return true;
    }
    k->id[0] = '\0';
    k->t++; /* times are whole ms */
    return true;
}

/* The last time of a page, -1 when nothing on it was asked for. A record that
 * was changed after the pass began does not count as long as there are others:
 * it stands at its old place with its new time. */
static int64_t
last_time(const struct keyset *k, const struct keyset_record *page, size_t n)
{
    int64_t settled = -1, any = -1;

    for (size_t i = 0; i < n; i++) {
        if (!keyset_is_asked(k, &page[i]))
            continue;
        any = page[i].t;
        if (page[i].t <= k->begun_at && page[i].t > settled)
            settled = page[i].t;
    }
    return settled >= 0 ? settled : any;
}

static bool
has_one_time(const struct keyset *k, const struct keyset_record *page, size_t n,
             int64_t t)
{
    for (size_t i = 0; i < n; i++)
        if (keyset_is_asked(k, &page[i]) && page[i].t != t &&
            (page[i].t <= k->begun_at || t > k->begun_at))
            return false;
    return true;
}

bool
keyset_next(struct keyset *k, const struct keyset_record *page, size_t n)
{
    int64_t t;

    if (k->id[0] != '\0')
        return next_of_tie(k, page, n);
    t = last_time(k, page, n);
    /* A full page of what nobody asked for: a service that does not heed the
     * filter would give it for ever. The next pass asks from here on again. */
    if (t < 0)
        return pass_is_over(k);
    if (n < KEYSET_PAGE) {
        k->t = t;
        return pass_is_over(k);
    }
    /* No further than where it stands: the rest of that time by id. */
    if (t == k->t || has_one_time(k, page, n, t))
        memcpy(k->id, "0", 2);
    k->t = t;
    return true;
}
