/* activity_query: see activity_query.h. Fields: salesforce-api.md, 4.1, 4.2. */
#include "stages/fetcher/salesforce/activity_query.h"
#include "common/mapping.h"
#include "common/timetext.h"

#include <string.h>
#include <strings.h>

/* What is needed whatever is mapped. */
static const char *const always[] = {
    "Id",          "SystemModstamp",   "CreatedDate",
    "CreatedById", "LastModifiedById", "IsDeleted",
    "IsArchived",  "IsRecurrence",     "OwnerId",
    "WhoId",       "Who.Type",         "WhatId",
    "What.Type",   "AccountId",        "Subject",
};
/* A queue or a calendar may own it; what they all have has no e-mail. */
#define OWNER    "TYPEOF Owner WHEN User THEN Email END"
#define N_ALWAYS (sizeof(always) / sizeof(always[0]))

static bool
is_of(const struct conf *conf, enum activity activity, const char *object)
{
    return strcmp(activity_facts(activity)->object, object) == 0 &&
           conf_bool(conf, conf_activity(activity), "sync");
}

bool
activity_query_is_wanted(const struct conf *conf, const char *object)
{
    for (int a = 0; a < ACTIVITY_COUNT; a++)
        if (is_of(conf, (enum activity)a, object))
            return true;
    return false;
}

/* Is the name in "A, B, C"? Salesforce does not tell case apart, and refuses a
 * field that is asked for twice. */
static bool
has(const struct text *fields, const char *name)
{
    size_t len = strlen(name);

    for (size_t at = 0; at < fields->len;) {
        const char *comma = memchr(fields->data + at, ',', fields->len - at);
        size_t end =
            comma != NULL ? (size_t)(comma - fields->data) : fields->len;

        if (end - at == len && strncasecmp(fields->data + at, name, len) == 0)
            return true;
        at = end + 2;
    }
    return false;
}

static void
add(struct text *fields, const char *name)
{
    if (has(fields, name))
        return;
    if (fields->len > 0)
        text_puts(fields, ", ");
    text_puts(fields, name);
}

static int
add_mapped(struct text *fields, const struct conf *conf, enum activity activity,
           struct error *err)
{
    struct mapping mapping;

    if (mapping_read(conf, activity, &mapping, err) < 0)
        return -1;
    for (size_t i = 0; i < mapping.n; i++)
        add(fields, mapping.pairs[i].name[SIDE_SALESFORCE]);
    return 0;
}

static int
add_all(struct text *fields, const struct conf *conf, const char *object,
        struct error *err)
{
    bool is_event = strcmp(object, "Event") == 0;

    for (size_t i = 0; i < N_ALWAYS; i++)
        add(fields, always[i]);
    add(fields, OWNER);
    /* The times of one that lasts all day are dates. */
    add(fields, is_event ? "IsAllDayEvent" : "TaskSubtype");
    add(fields, conf_str(conf, "salesforce", "external_id_field"));
    if (is_event && conf_str(conf, "salesforce", "ical_uid_field")[0] != '\0')
        add(fields, conf_str(conf, "salesforce", "ical_uid_field"));
    for (int a = 0; a < ACTIVITY_COUNT; a++)
        if (is_of(conf, (enum activity)a, object) &&
            add_mapped(fields, conf, (enum activity)a, err) < 0)
            return -1;
    return 0;
}

static int
put_select(struct text *q, const struct conf *conf, const char *object,
           struct error *err)
{
    struct text fields;
    int rv;

    text_init(&fields);
    rv = add_all(&fields, conf, object, err);
    text_puts(q, "SELECT ");
    text_putn(q, fields.data, fields.len);
    text_fini(&fields);
    return rv;
}

static void
put_from(struct text *q, const char *object)
{
    text_printf(q, " FROM %s WHERE ", object);
    /* Each invitee has a copy of the event. */
    if (strcmp(object, "Event") == 0)
        text_puts(q, "IsChild = FALSE AND ");
}

int
activity_query_put_ids(struct text *q, const struct conf *conf,
                       const char *object, const char *const *ids, size_t n,
                       struct error *err)
{
    const char *before = "Id IN ('";
    char id[SF_ID_SIZE];
    int rv = put_select(q, conf, object, err);

    put_from(q, object);
    for (size_t i = 0; i < n; i++) {
        if (!sf_id_normalise(ids[i], id))
            continue;
        text_printf(q, "%s%s", before, id);
        before = "', '";
    }
    if (before[0] == 'I')
        q->len = 0;
    else
        text_putn(q, "')", sizeof("')"));
    return rv;
}

int
activity_query_put(struct text *q, const struct conf *conf, const char *object,
                   const struct place *place, struct error *err)
{
    int rv = put_select(q, conf, object, err);

    put_from(q, object);
    place_put_where(place, q);
    place_put_order(q, PLACE_PAGE);
    text_putc(q, '\0');
    return rv;
}

/* A Task has no more than the day that it is due; without that, it happened
 * when it was made. */
static void
put_since(struct text *q, const char *object, int64_t since_ms)
{
    char at[TIMETEXT_SIZE];

    timetext_s(since_ms, at);
    if (strcmp(object, "Event") == 0)
        text_printf(q, " AND StartDateTime >= %s", at);
    else
        text_printf(q,
                    " AND (ActivityDate >= %.10s OR (ActivityDate = NULL AND "
                    "CreatedDate >= %s))",
                    at, at);
}

/* All of the kind behind `after`, in an import. */
static void
put_existing(struct text *q, enum activity activity, int64_t since_ms,
             const char *after)
{
    const struct activity_facts *facts = activity_facts(activity);

    put_from(q, facts->object);
    text_puts(q, "IsDeleted = FALSE");
    if (activity == ACTIVITY_TASK)
        text_printf(q, " AND (TaskSubtype = '%s' OR TaskSubtype = NULL)",
                    facts->subtype);
    else if (facts->subtype != NULL)
        text_printf(q, " AND TaskSubtype = '%s'", facts->subtype);
    if (since_ms != INT64_MIN)
        put_since(q, facts->object, since_ms);
    if (after[0] != '\0')
        text_printf(q, " AND Id > '%s'", after);
}

int
activity_query_put_existing(struct text *q, const struct conf *conf,
                            enum activity activity, int64_t since_ms,
                            const char *after, struct error *err)
{
    int rv = put_select(q, conf, activity_facts(activity)->object, err);

    put_existing(q, activity, since_ms, after);
    text_printf(q, " ORDER BY Id LIMIT %d", PLACE_PAGE);
    text_putc(q, '\0');
    return rv;
}

void
activity_query_put_count(struct text *q, enum activity activity,
                         int64_t since_ms, const char *after)
{
    text_puts(q, "SELECT COUNT()");
    put_existing(q, activity, since_ms, after);
    text_putc(q, '\0');
}
