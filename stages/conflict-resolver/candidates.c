/* candidates: see candidates.h. */
#include "stages/conflict-resolver/candidates.h"

#include "common/associations.h"
#include "common/batch_read.h"
#include "common/json.h"
#include "common/sf_id.h"
#include "common/timetext.h"
#include "common/values.h"
#include "common/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHO_MAX                                                                \
    250 /* ids in one query: its URL must stay below 16,384 bytes              \
           (salesforce-api.md, 3.1) */

#define DAY_MS INT64_C(86400000)

enum { TITLE, TIME };

struct reading {
    const struct candidates_ask *ask;
    enum side side;
    struct mapping pairs; /* the title's and the time's; none: records are only
                             known by their names */
    size_t from, to;      /* the events that are asked for */
    struct pairing *found;
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
    char id[SF_ID_SIZE], who[SF_ID_SIZE], day[ZONE_DATE_SIZE];
    struct values values;
    int64_t made_at;

    if (!sf_id_normalise(json_str(row, "Id"), id))
        return 0;
    sf_id_normalise(json_str(row, "WhoId"), who);
    read_values(r, row, &values);
    if (!json_time(row, "CreatedDate", &made_at))
        made_at = 0;
    for (size_t i = r->from; i < r->to; i++)
        compare(r, i,
                &(struct pairing_record){
                    .id = id,
                    .names = json_str(row, r->ask->external_id),
                    .who = who,
                    .title = values.v[TITLE],
                    .time = pairing_time(&r->pairs.pairs[TIME], values.v[TIME],
                                         r->ask->env->zone, made_at, day)});
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

/* A Task without a day: see pairing_time(). */
static void
put_dayless(struct text *soql, const char *name, const char *first,
            const char *last)
{
    char at[TIMETEXT_SIZE];
    int64_t from = 0, to = 0;

    timetext_parse(first, strlen(first), &from);
    timetext_parse(last, strlen(last), &to);
    text_printf(soql, "%s = NULL AND CreatedDate >= %s", name,
                timetext_s(from - DAY_MS, at));
    text_printf(soql, " AND CreatedDate <= %s",
                timetext_s(to + 2 * DAY_MS, at));
}

static void
put_range(struct text *soql, const struct mapping_pair *time, const char *first,
          const char *last)
{
    const char *name = time->name[SIDE_SALESFORCE];
    bool is_day = time->transform == TRANSFORM_DATE;

    text_printf(soql, ") AND (%s%s >= ", is_day ? "(" : "", name);
    put_time(soql, time, first);
    text_printf(soql, " AND %s <= ", name);
    put_time(soql, time, last);
    if (is_day) {
        text_puts(soql, ") OR (");
        put_dayless(soql, name, first, last);
        text_putc(soql, ')');
    }
    text_putc(soql, ')');
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
        put_range(soql, time, first, last);
        text_putc(soql, ')');
    }
    text_fini(&who);
}

static void
put_fields(struct text *soql, const struct reading *r)
{
    text_printf(soql, "SELECT Id, WhoId, CreatedDate, %s", r->ask->external_id);
    for (size_t i = 0; i < r->pairs.n; i++) {
        const char *name = r->pairs.pairs[i].name[SIDE_SALESFORCE];

        if (strcmp(name, "Id") != 0 && strcmp(name, "WhoId") != 0 &&
            strcmp(name, "CreatedDate") != 0 &&
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

/* Contacts that are being read, and what they have. */
struct round {
    struct reading *r;
    const char **contacts; /* sorted, each once */
    struct pool_contact **pools;
    size_t n;
    struct associations ties;
    const struct association **by_record; /* the ties, sorted by `to` */
};

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
by_to(const void *a, const void *b)
{
    return strcmp((*(const struct association *const *)a)->to,
                  (*(const struct association *const *)b)->to);
}

static void *
new_list(size_t n, size_t size)
{
    void *list = calloc(n > 0 ? n : 1, size);

    if (list == NULL)
        abort();
    return list;
}

/* The first tie of a record. */
static size_t
first_tie(const struct round *round, const char *id)
{
    size_t low = 0, high = round->ties.n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (strcmp(round->by_record[mid]->to, id) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static int
take_object(void *ctx, const cJSON *object, struct error *err)
{
    struct round *round = ctx;
    const cJSON *properties =
        cJSON_GetObjectItemCaseSensitive(object, "properties");
    char id[PAIRING_ID], names[SF_ID_SIZE];
    struct pairing_record record = {.id = id, .names = names};
    struct values values;

    (void)err;
    if (!json_id(object, "id", id, sizeof(id)) ||
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, "archived")))
        return 0;
    sf_id_normalise(json_str(properties, HUBSPOT_SALESFORCE_ID), names);
    read_values(round->r, properties, &values);
    record.title = values.v[TITLE];
    record.time = values.v[TIME];
    for (size_t i = first_tie(round, id);
         i < round->ties.n && strcmp(round->by_record[i]->to, id) == 0; i++) {
        const char *from = round->by_record[i]->from;
        const char **contact =
            bsearch(&from, round->contacts, round->n, sizeof(from), by_text);

        if (contact != NULL)
            pool_put(round->pools[contact - round->contacts], &record);
    }
    values_fini(&values);
    return 0;
}

/* The contacts of which nothing is known yet. */
static void
choose_contacts(struct round *round)
{
    const struct candidates_ask *ask = round->r->ask;
    const char **ids = new_list(ask->n * PAIRING_WHO_MAX, sizeof(*ids));
    size_t n = 0;

    for (size_t i = 0; i < ask->n; i++)
        for (size_t k = 0; k < ask->events[i].n_who; k++)
            if (pool_find(ask->pool, ask->activity, ask->events[i].who[k]) ==
                NULL)
                ids[n++] = ask->events[i].who[k];
    qsort(ids, n, sizeof(*ids), by_text);
    round->pools = new_list(n, sizeof(*round->pools));
    for (size_t i = 0; i < n; i++) {
        if (round->n > 0 && strcmp(ids[round->n - 1], ids[i]) == 0)
            continue;
        round->pools[round->n] = pool_add(ask->pool, ask->activity, ids[i]);
        ids[round->n++] = ids[i];
    }
    round->contacts = ids;
}

/* What they are tied to, each once. */
static int
read_objects(struct hubspot *hs, struct round *round, struct error *err)
{
    const struct reading *r = round->r;
    const char *wanted[] = {HUBSPOT_SALESFORCE_ID, NULL, NULL, NULL};
    const char **ids = new_list(round->ties.n, sizeof(*ids));
    size_t n = 0;
    int rv;

    round->by_record = new_list(round->ties.n, sizeof(*round->by_record));
    for (size_t i = 0; i < round->ties.n; i++)
        round->by_record[i] = &round->ties.pairs[i];
    qsort(round->by_record, round->ties.n, sizeof(*round->by_record), by_to);
    for (size_t i = 0; i < round->ties.n; i++)
        if (n == 0 || strcmp(ids[n - 1], round->by_record[i]->to) != 0)
            ids[n++] = round->by_record[i]->to;
    for (size_t i = 0; i < r->pairs.n; i++)
        wanted[1 + i] = r->pairs.pairs[i].name[SIDE_HUBSPOT];
    rv = batch_read(hs, activity_facts(r->ask->activity)->collection, NULL,
                    wanted, ids, n, take_object, round, err);
    free(ids);
    return rv;
}

static void
compare_pool(struct reading *r, size_t i)
{
    const struct pairing_event *event = &r->ask->events[i];
    const struct pool_contact *contact;
    struct pairing_record record;

    for (size_t k = 0; k < event->n_who; k++) {
        contact = pool_find(r->ask->pool, r->ask->activity, event->who[k]);
        for (size_t at = 0;
             contact != NULL && pool_record(contact, at, &record); at++)
            compare(r, i, &record);
    }
}

static int
read_hubspot(struct hubspot *hs, struct reading *r, struct error *err)
{
    struct round round = {.r = r};
    int rv = 0;

    choose_contacts(&round);
    if (round.n > 0)
        rv = associations_read(hs, "contacts",
                               activity_facts(r->ask->activity)->collection,
                               round.contacts, round.n, &round.ties, err);
    if (round.n > 0 && rv == 0)
        rv = read_objects(hs, &round, err);
    for (size_t i = 0; i < round.n && rv == 0; i++)
        pool_done(round.pools[i]);
    for (size_t i = 0; i < r->ask->n && rv == 0; i++)
        compare_pool(r, i);
    associations_fini(&round.ties);
    free(round.by_record);
    free(round.contacts);
    free(round.pools);
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
