/* pairing: see pairing.h. */
#include "stages/conflict-resolver/pairing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct mapping_pair *
find_pair(const struct mapping *map, const char *property, size_t *at)
{
    for (*at = 0; *at < map->n; ++*at)
        if (strcmp(map->pairs[*at].name[SIDE_HUBSPOT], property) == 0)
            return &map->pairs[*at];
    return NULL;
}

bool
pairing_rule_read(const struct mapping *map, enum activity activity,
                  struct pairing_rule *out)
{
    const struct activity_facts *facts = activity_facts(activity);

    out->title = find_pair(map, facts->title, &out->title_at);
    out->time = find_pair(map, facts->time, &out->time_at);
    return out->title != NULL && out->time != NULL &&
           (out->time->transform == TRANSFORM_DATE ||
            out->time->transform == TRANSFORM_TIME);
}

const char *
pairing_time(const struct mapping_pair *pair, const char *time,
             const char *zone, int64_t made_at, char *day)
{
    struct error err;

    if (time != NULL && time[0] != '\0')
        return time;
    return pair->transform == TRANSFORM_DATE && made_at != 0 &&
                   zone_date(zone, made_at, day, &err) == 0
               ? day
               : NULL;
}

static bool
is_same(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static bool
has_contact(const struct pairing_event *event, const char *who)
{
    for (size_t i = 0; i < event->n_who && who != NULL; i++)
        if (strcmp(event->who[i], who) == 0)
            return true;
    return false;
}

enum pairing_likeness
pairing_compare(const struct pairing_event *event,
                const struct pairing_record *record)
{
    /* An external id that is unique does not tell case apart. */
    if (record->names != NULL && record->names[0] != '\0')
        return strcasecmp(record->names, event->name) == 0 ? PAIRING_NAMED
                                                           : PAIRING_UNLIKE;
    if (event->time == NULL || event->time[0] == '\0')
        return PAIRING_UNLIKE;
    return has_contact(event, record->who) &&
                   is_same(event->time, record->time) &&
                   is_same(event->title, record->title)
               ? PAIRING_ALIKE
               : PAIRING_UNLIKE;
}

void
pairing_add(struct pairing *p, const char *id, enum pairing_likeness likeness)
{
    if (likeness == PAIRING_UNLIKE || strlen(id) >= PAIRING_ID)
        return;
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->found[i].id, id) == 0)
            return;
    if (p->n == p->size) {
        p->size = p->size > 0 ? 2 * p->size : 4;
        p->found = realloc(p->found, p->size * sizeof(*p->found));
        if (p->found == NULL)
            abort();
    }
    snprintf(p->found[p->n].id, PAIRING_ID, "%s", id);
    p->found[p->n++].is_named = likeness == PAIRING_NAMED;
}

void
pairing_fini(struct pairing *p)
{
    free(p->found);
    memset(p, 0, sizeof(*p));
}

/* Among those that are named, or among the others. */
static enum pairing_verdict
choose(const struct pairing *p, bool is_named,
       int (*is_taken)(void *ctx, const char *id), void *ctx, char *id,
       struct text *ids)
{
    size_t n = 0;

    for (size_t i = 0; i < p->n; i++) {
        int taken;

        if (p->found[i].is_named != is_named)
            continue;
        taken = is_taken(ctx, p->found[i].id);
        if (taken < 0)
            return PAIRING_FAILED;
        if (taken)
            continue;
        if (n++ > 0)
            text_puts(ids, ", ");
        text_puts(ids, p->found[i].id);
        memcpy(id, p->found[i].id, PAIRING_ID);
    }
    return n == 0 ? PAIRING_NONE : n == 1 ? PAIRING_ONE : PAIRING_SEVERAL;
}

enum pairing_verdict
pairing_choose(const struct pairing *p,
               int (*is_taken)(void *ctx, const char *id), void *ctx, char *id,
               struct text *ids)
{
    enum pairing_verdict verdict = choose(p, true, is_taken, ctx, id, ids);

    return verdict != PAIRING_NONE ? verdict
                                   : choose(p, false, is_taken, ctx, id, ids);
}
