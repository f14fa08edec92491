/* engagements: see engagements.h. Properties: hubspot-api.md, 2.5. */
#include "stages/fetcher/hubspot/engagements.h"
#include "common/json.h"
#include "common/mapping.h"
#include "stages/fetcher/hubspot/by_id.h"
#include "stages/fetcher/hubspot/engagement_event.h"
#include "stages/fetcher/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MODIFIED "hs_lastmodifieddate"

/* What is asked of a record. `mapping` keeps the names. */
#define PROPERTIES_MAX (32 + MAPPING_MAX)
struct properties {
    struct mapping mapping;
    const char *names[PROPERTIES_MAX]; /* NULL-terminated */
    size_t n;
};

static void
want(struct properties *p, const char *name)
{
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->names[i], name) == 0)
            return;
    p->names[p->n++] = name;
    p->names[p->n] = NULL;
}

/* What the timeline shows, and what the config maps. */
static int
choose_properties(const struct feed_env *env,
                  const struct engagement_type *type, struct properties *out,
                  struct error *err)
{
    enum activity a = activity_parse(type->type, strlen(type->type));

    for (out->n = 0; type->properties[out->n] != NULL; out->n++)
        out->names[out->n] = type->properties[out->n];
    out->names[out->n] = NULL;
    if (a == ACTIVITY_NONE || !conf_bool(env->conf, conf_activity(a), "sync"))
        return 0;
    if (mapping_read(env->conf, a, &out->mapping, err) < 0)
        return -1;
    for (size_t i = 0; i < out->mapping.n; i++)
        want(out, out->mapping.pairs[i].name[SIDE_HUBSPOT]);
    /* Which record it is over there, if it was made for one: there may be no
     * link yet. */
    want(out, HUBSPOT_SALESFORCE_ID);
    return 0;
}

static int
poll_engagements(const struct feed_env *env, const struct feed *feed,
                 const cJSON *cursor, struct feed_page *out, struct error *err)
{
    const struct engagement_type *type = feed->data;
    struct properties properties;
    struct keyset_page page;
    int rv;

    if (choose_properties(env, type, &properties, err) < 0 ||
        keyset_page_read(env, type->plural, MODIFIED, properties.names,
                         conf_ms(env->conf, "hubspot", "first_look"), cursor,
                         &page, err) < 0)
        return -1;
    rv = engagement_emit(env, type, &page, FEED_CHANGED, err);
    out->cursor = keyset_write(&page.next);
    out->more = page.more;
    out->expected = page.expected;
    keyset_page_fini(&page);
    return rv;
}

/* clang-format off */
#define COMMON "hs_timestamp", "hs_createdate", MODIFIED, "hubspot_owner_id", \
               "hs_engagement_source"
static const char *const of_calls[] = {
    COMMON, "hs_call_title", "hs_call_body", "hs_call_duration",
    "hs_call_direction", "hs_call_status", "hs_call_disposition",
    "hs_call_from_number", "hs_call_to_number", "hs_call_recording_url",
    "hs_activity_type", NULL};
static const char *const of_emails[] = {
    COMMON, "hs_email_subject", "hs_email_text", "hs_email_html",
    "hs_email_direction", "hs_email_status", "hs_email_from_email",
    "hs_email_to_email", "hs_email_cc_email", "hs_email_message_id",
    "hs_email_thread_id", "hs_email_open_count", "hs_email_click_count", NULL};
static const char *const of_meetings[] = {
    COMMON, "hs_meeting_title", "hs_meeting_body",
    "hs_internal_meeting_notes", "hs_meeting_start_time",
    "hs_meeting_end_time", "hs_meeting_outcome", "hs_meeting_location",
    "hs_meeting_external_url", "hs_i_cal_uid", "hs_guest_emails",
    "hs_activity_type", NULL};
static const char *const of_notes[] = {COMMON, "hs_note_body", NULL};
static const char *const of_tasks[] = {
    COMMON, "hs_task_subject", "hs_task_body", "hs_task_status",
    "hs_task_priority", "hs_task_type", "hs_task_completion_date", NULL};

/* When one happened; of a task hs_timestamp is when it is due. */
static const char *const when_called[] = {"hs_timestamp", NULL};
static const char *const when_met[] = {"hs_meeting_start_time", "hs_timestamp",
                                       NULL};
static const char *const when_made[] = {"hs_createdate", NULL};

#define FEED(name_, type_, times_)                                            \
    static const struct engagement_type name_##_type = {type_, #name_,        \
                                                        of_##name_, times_};  \
    const struct feed name_##_feed = {.name = "hubspot." #name_,              \
                                      .data = &name_##_type,                  \
                                      .poll = poll_engagements}
/* clang-format on */

FEED(calls, "call", when_called);
FEED(emails, "email", when_called);
FEED(meetings, "meeting", when_met);
FEED(notes, "note", when_called);
FEED(tasks, "task", when_made);

static const struct engagement_type *
find_type(const char *type)
{
    static const struct engagement_type *const types[] = {
        &calls_type, &emails_type, &meetings_type, &notes_type, &tasks_type};

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (strcmp(types[i]->type, type) == 0)
            return types[i];
    return NULL;
}

bool
engagements_has(const char *type)
{
    return find_type(type) != NULL;
}

/* ---- by their ids ---- */

struct reading {
    struct keyset_page *page;
    size_t size; /* of its arrays */
};

static int
take(void *ctx, const cJSON *object, struct error *err)
{
    const struct reading *r = ctx;
    struct keyset_page *page = r->page;
    cJSON *copy;

    (void)err;
    if (page->n == r->size ||
        !keyset_page_record(object, MODIFIED, &page->records[page->n]))
        return 0;
    copy = cJSON_Duplicate(object, true);
    if (copy == NULL)
        abort();
    cJSON_AddItemToArray(page->answer, copy);
    page->objects[page->n++] = copy;
    return 0;
}

/* Those that are there, as a page. Caller ends with keyset_page_fini(), also
 * after -1. */
static int
read_these(const struct feed_env *env, const struct engagement_type *type,
           const char *const *ids, size_t n, struct keyset_page *out,
           struct error *err)
{
    struct reading r = {.page = out, .size = n};
    struct properties properties;

    memset(out, 0, sizeof(*out));
    out->answer = cJSON_CreateArray();
    out->records = calloc(n + 1, sizeof(*out->records));
    out->objects = calloc(n + 1, sizeof(cJSON *));
    if (out->answer == NULL || out->records == NULL || out->objects == NULL)
        abort();
    if (choose_properties(env, type, &properties, err) < 0)
        return -1;
    return batch_read(env->hubspot, type->plural, NULL, properties.names, ids,
                      n, take, &r, err);
}

int
engagements_give(const struct feed_env *env, enum activity activity,
                 const struct keyset_record *wanted, size_t n,
                 struct error *err)
{
    const struct engagement_type *type =
        find_type(activity_facts(activity)->name);
    const char *ids[KEYSET_PAGE];
    struct keyset_page page;
    int rv;

    for (size_t i = 0; i < n; i++)
        ids[i] = wanted[i].id;
    rv = read_these(env, type, ids, n, &page, err);
    for (size_t i = 0; i < page.n; i++)
        for (size_t k = 0; k < n; k++)
            if (strcmp(page.records[i].id, wanted[k].id) == 0)
                page.records[i].t = wanted[k].t;
    if (rv == 0)
        rv = engagement_emit(env, type, &page, FEED_CHANGED, err);
    keyset_page_fini(&page);
    return rv;
}

int
engagements_ask(const struct feed_env *env, const char *type,
                const char *const *ids, size_t n,
                struct engagements_found *found, struct error *err)
{
    const struct engagement_type *t = find_type(type);
    struct keyset_page page;
    int rv = read_these(env, t, ids, n, &page, err);

    memset(found, 0, sizeof(*found));
    for (size_t i = 0; i < page.n; i++) {
        const struct keyset_record *r = &page.records[i];

        memcpy(found->id[found->n++], r->id, sizeof(r->id));
        found->is_held =
            found->is_held || engagement_has_ended(env, t, r, FEED_ASKED);
    }
    if (rv == 0)
        rv = engagement_emit(env, t, &page, FEED_ASKED, err);
    keyset_page_fini(&page);
    return rv;
}

/* ---- an import ---- */

int
import_poll_hubspot(const struct feed_env *env, const struct feed *feed,
                    const cJSON *cursor, struct feed_page *out,
                    struct error *err)
{
    const struct import_wish *wish = feed->data;
    const struct engagement_type *type = find_type(wish->type);
    struct properties properties;
    struct keyset_page page;
    char id[KEYSET_ID];
    cJSON *body;
    int rv;

    if (choose_properties(env, type, &properties, err) < 0)
        return -1;
    by_id_read(id, cursor);
    body = by_id_search(id, type->times, wish->since_ms, properties.names);
    rv = keyset_page_search(env, type->plural, MODIFIED, body, &page, err);
    cJSON_Delete(body);
    if (rv < 0)
        return -1;
    for (size_t i = 0; i < page.n; i++)
        if (!by_id_is_asked(id, &page.records[i]))
            page.objects[i] = NULL;
    rv = by_id_next(id, page.records, page.n, err);
    out->more = rv == 1;
    if (rv >= 0)
        rv = engagement_emit(env, type, &page, FEED_IMPORT, err);
    out->cursor = by_id_write(id);
    out->expected = page.expected;
    keyset_page_fini(&page);
    return rv;
}
