/* candidates: see candidates.h. */
#include "stages/conflict-resolver/candidates.h"

#include "common/associations.h"
#include "common/batch_read.h"
#include "common/json.h"
#include "common/sf_id.h"
#include "common/timetext.h"
#include "stages/conflict-resolver/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHO_MAX                                                                \
    250 /* ids in one query: its URL must stay below 16,384 bytes              \
           (salesforce-api.md, 3.1) */

enum { TITLE, TIME };

struct reading {
    const struct candidates_ask *ask;
    enum side side;
    struct mapping pairs; /* the title's and the time's; none: records are only
                             known by their names */
    size_t from, to;      /* the events that are asked for */
    struct pairing *found;
    const struct associations *ties; /* of HubSpot's contacts */
};

/* The record's canonical values; of one that makes no sense none. */
static void
read_values(const struct reading *r, const cJSON *fields, struct values *out)
{
    struct error err;

    memset(out, 0, sizeof(*out));
    if (values_read(r->ask->env, &r->pairs, r->side, fields, out, &err) < 0)
        memset(out, 0, sizeof(*out));
}

static void
compare(struct reading *r, size_t i, const struct pairing_record *record)
{
    pairing_add(&r->found[i], record->id,
                pairing_compare(&r->ask->events[i], record));
}

/* ---- Salesforce ---- */

static int
take_row(void *ctx, const cJSON *row)
{
    struct reading *r = ctx;
    char id[SF_ID_SIZE], who[SF_ID_SIZE];
    struct values values;

    if (!sf_id_normalise(json_str(row, "Id"), id))
        return 0;
    sf_id_normalise(json_str(row, "WhoId"), who);
    read_values(r, row, &values);
    for (size_t i = r->from; i < r->to; i++)
        compare(r, i,
                &(struct pairing_record){.id = id,
                                         .names =
                                             json_str(row, r->ask->external_id),
                                         .who = who,
                                         .title = values.v[TITLE],
                                         .time = values.v[TIME]});
    values_fini(&values);
    return 0;
}

static const char *
put_quoted(struct text *soql, const char *comma, const char *text)
{
    char *quoted = salesforce_quote(text);

    text_printf(soql, "%s%s", comma, quoted);
    free(quoted);
    return ",";
}

static bool
has_time(const struct pairing_event *event)
{
    return event->time != NULL && event->time[0] != '\0';
}

/* The canonical time as a literal. */
static void
put_time(struct text *soql, const struct mapping_pair *pair, const char *time)
{
    char at[TIMETEXT_SIZE];
    int64_t ms = 0;

    if (pair->transform == TRANSFORM_DATE) {
        text_puts(soql, time);
        return;
    }
    timetext_parse(time, strlen(time), &ms);
    text_puts(soql, timetext_s(ms, at));
}

/* Is one canonical time before another? ms are digits of several lengths. */
static bool
is_before(const struct mapping_pair *pair, const char *a, const char *b)
{
    int64_t x = 0, y = 0;

    if (pair->transform == TRANSFORM_DATE)
        return strcmp(a, b) < 0;
    timetext_parse(a, strlen(a), &x);
    timetext_parse(b, strlen(b), &y);
    return x < y;
}

/* Of these contacts, from the first time to the last. Nothing when there is
 * nothing to compare by. */
static void
put_alike(struct text *soql, const struct reading *r)
{
    const struct mapping_pair *time = &r->pairs.pairs[TIME];
    const char *first = NULL, *last = NULL, *comma = "";
    struct text who;

    text_init(&who);
    for (size_t i = r->from; i < r->to && r->pairs.n > 0; i++) {
        const struct pairing_event *event = &r->ask->events[i];

        if (!has_time(event))
            continue;
        if (first == NULL || is_before(time, event->time, first))
            first = event->time;
        if (last == NULL || is_before(time, last, event->time))
            last = event->time;
        for (size_t k = 0; k < event->n_who; k++)
            comma = put_quoted(&who, comma, event->who[k]);
    }
    if (who.len > 0) {
        text_puts(soql, " OR (WhoId IN (");
        text_putn(soql, who.data, who.len);
        text_printf(soql, ") AND %s >= ", time->name[SIDE_SALESFORCE]);
        put_time(soql, time, first);
        text_printf(soql, " AND %s <= ", time->name[SIDE_SALESFORCE]);
        put_time(soql, time, last);
        text_putc(soql, ')');
    }
    text_fini(&who);
}

static void
put_fields(struct text *soql, const struct reading *r)
{
    static const char *const always[] = {"Id", "WhoId"};

    text_printf(soql, "SELECT Id, WhoId, %s", r->ask->external_id);
    for (size_t i = 0; i < r->pairs.n; i++) {
        const char *name = r->pairs.pairs[i].name[SIDE_SALESFORCE];

        if (strcmp(name, always[0]) != 0 && strcmp(name, always[1]) != 0 &&
            strcmp(name, r->ask->external_id) != 0)
            text_printf(soql, ", %s", name);
    }
}

static void
put_soql(struct text *soql, const struct reading *r)
{
    const struct activity_facts *facts = activity_facts(r->ask->activity);
    const char *comma = "";

    put_fields(soql, r);
    text_printf(soql,
                " FROM %s WHERE IsDeleted = FALSE AND IsRecurrence = FALSE",
                facts->object);
    if (r->ask->activity == ACTIVITY_TASK)
        text_printf(soql, " AND (TaskSubtype = '%s' OR TaskSubtype = NULL)",
                    facts->subtype);
    else if (facts->subtype != NULL)
        text_printf(soql, " AND TaskSubtype = '%s'", facts->subtype);
    else
        text_puts(soql, " AND IsChild = FALSE");
    text_printf(soql, " AND (%s IN (", r->ask->external_id);
    for (size_t i = r->from; i < r->to; i++)
        comma = put_quoted(soql, comma, r->ask->events[i].name);
    text_putc(soql, ')');
    put_alike(soql, r);
    text_putc(soql, ')');
    text_putc(soql, '\0');
}

/* As many events as fit into one query, archived ones too. */
static int
read_salesforce(struct salesforce *sf, struct reading *r, struct error *err)
{
    struct text soql;
    int rv = 0;

    for (r->from = 0; r->from < r->ask->n && rv == 0; r->from = r->to) {
        size_t n_who = 0;

        for (r->to = r->from; r->to < r->ask->n &&
                              (r->to == r->from ||
                               n_who + r->ask->events[r->to].n_who <= WHO_MAX);
             r->to++)
            n_who += r->ask->events[r->to].n_who;
        text_init(&soql);
        put_soql(&soql, r);
        rv = salesforce_query(sf, soql.data, true, take_row, r, err);
        text_fini(&soql);
    }
    return rv;
}

/* ---- HubSpot ---- */

static bool
is_tied(const struct associations *ties, const char *contact, const char *id)
{
    size_t n;
    const struct association *pairs = associations_of(ties, contact, &n);

    for (size_t i = 0; i < n; i++)
        if (strcmp(pairs[i].to, id) == 0)
            return true;
    return false;
}

static int
take_object(void *ctx, const cJSON *object, struct error *err)
{
    struct reading *r = ctx;
    const cJSON *properties =
        cJSON_GetObjectItemCaseSensitive(object, "properties");
    char id[PAIRING_ID], names[SF_ID_SIZE];
    struct values values;

    (void)err;
    if (!json_id(object, "id", id, sizeof(id)) ||
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, "archived")))
        return 0;
    sf_id_normalise(json_str(properties, HUBSPOT_SALESFORCE_ID), names);
    read_values(r, properties, &values);
    for (size_t i = 0; i < r->ask->n; i++) {
        const struct pairing_event *event = &r->ask->events[i];

        for (size_t k = 0; k < event->n_who; k++)
            if (is_tied(r->ties, event->who[k], id))
                compare(r, i,
                        &(struct pairing_record){.id = id,
                                                 .names = names,
                                                 .who = event->who[k],
                                                 .title = values.v[TITLE],
                                                 .time = values.v[TIME]});
    }
    values_fini(&values);
    return 0;
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, each once; returns how many. */
static size_t
make_unique(const char **ids, size_t n)
{
    size_t to = 0;

    qsort(ids, n, sizeof(*ids), by_text);
    for (size_t i = 0; i < n; i++)
        if (to == 0 || strcmp(ids[to - 1], ids[i]) != 0)
            ids[to++] = ids[i];
    return to;
}

static const char **
new_list(size_t n)
{
    const char **list = calloc(n > 0 ? n : 1, sizeof(*list));

    if (list == NULL)
        abort();
    return list;
}

static int
read_ties(struct hubspot *hs, const struct reading *r,
          struct associations *ties, struct error *err)
{
    const char **ids = new_list(r->ask->n * PAIRING_WHO_MAX);
    size_t n = 0;
    int rv;

    for (size_t i = 0; i < r->ask->n; i++)
        for (size_t k = 0; k < r->ask->events[i].n_who; k++)
            ids[n++] = r->ask->events[i].who[k];
    n = make_unique(ids, n);
    rv = associations_read(hs, "contacts",
                           activity_facts(r->ask->activity)->collection, ids, n,
                           ties, err);
    free(ids);
    return rv;
}

static int
read_hubspot(struct hubspot *hs, struct reading *r, struct error *err)
{
    const char *wanted[] = {HUBSPOT_SALESFORCE_ID, NULL, NULL, NULL};
    struct associations ties;
    const char **ids;
    size_t n;
    int rv = read_ties(hs, r, &ties, err);

    for (size_t i = 0; i < r->pairs.n; i++)
        wanted[1 + i] = r->pairs.pairs[i].name[SIDE_HUBSPOT];
    ids = new_list(ties.n);
    for (size_t i = 0; i < ties.n; i++)
        ids[i] = ties.pairs[i].to;
    n = make_unique(ids, ties.n);
    r->ties = &ties;
    if (rv == 0)
        rv = batch_read(hs, activity_facts(r->ask->activity)->collection, NULL,
                        wanted, ids, n, take_object, r, err);
    free(ids);
    associations_fini(&ties);
    return rv;
}

/* ---- either ---- */

int
candidates_read(const struct services *services, enum side side,
                const struct candidates_ask *ask, struct pairing *found,
                struct error *err)
{
    struct reading r = {.ask = ask, .side = side, .found = found};
    struct pairing_rule rule;

    if (pairing_rule_read(ask->map, ask->activity, &rule)) {
        r.pairs.n = 2;
        r.pairs.pairs[TITLE] = *rule.title;
        r.pairs.pairs[TIME] = *rule.time;
    }
    return side == SIDE_HUBSPOT
               ? read_hubspot(services->hubspot, &r, err)
               : read_salesforce(services->salesforce, &r, err);
}
