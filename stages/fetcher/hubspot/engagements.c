/* engagements: see engagements.h. Properties: hubspot-api.md, 2.5. */
#include "stages/fetcher/hubspot/engagements.h"
#include "common/associations.h"
#include "common/json.h"
#include "common/mapping.h"
#include "stages/fetcher/hubspot/batch_read.h"
#include "stages/fetcher/hubspot/companies.h"
#include "stages/fetcher/hubspot/contacts.h"
#include "stages/fetcher/hubspot/dispositions.h"
#include "stages/fetcher/hubspot/keyset_page.h"
#include "stages/fetcher/hubspot/owners.h"
#include "stages/fetcher/ties.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (1024 * 1024) /* bytes of one property's value */
#define MODIFIED "hs_lastmodifieddate"

struct engagement_type {
    const char *type, *plural;
    const char *const *properties;
};

/* What is new on a page, and what it hangs on. */
struct batch {
    const struct engagement_type *type;
    struct {
        cJSON *object;
        const struct keyset_record *record;
        char key[EVENT_ID_MAX], id[EVENT_ID_MAX];
    } item[KEYSET_PAGE];
    const char *ids[KEYSET_PAGE];
    size_t n;
    bool is_asked;
    struct associations contacts, companies;
};

static void
name_version(const struct engagement_type *type, const struct keyset_record *r,
             char key[EVENT_ID_MAX], char id[EVENT_ID_MAX])
{
    snprintf(key, EVENT_ID_MAX, "hubspot:%s:%s", type->type, r->id);
    snprintf(id, EVENT_ID_MAX, "hubspot:%s:%s@%" PRId64, type->type, r->id,
             r->t);
}

static void
select_new(const struct feed_env *env, const struct keyset_page *page,
           struct batch *b)
{
    for (size_t i = 0; i < page->n && b->n < KEYSET_PAGE; i++) {
        const struct keyset_record *r = &page->records[i];

        if (page->objects[i] == NULL)
            continue;
        name_version(b->type, r, b->item[b->n].key, b->item[b->n].id);
        if (feed_has_ended(env, b->item[b->n].id))
            continue;
        b->item[b->n].object = page->objects[i];
        b->item[b->n].record = r;
        b->ids[b->n++] = r->id;
    }
}

/* Make all that the pairs lead to known. */
static int
know(const struct feed_env *env, const struct associations *a,
     int (*know_these)(const struct feed_env *env, const char *const *ids,
                       size_t n, struct error *err),
     struct error *err)
{
    const char **ids = calloc(a->n > 0 ? a->n : 1, sizeof(*ids));
    int rv;

    if (ids == NULL)
        abort();
    for (size_t i = 0; i < a->n; i++)
        ids[i] = a->pairs[i].to;
    rv = know_these(env, ids, a->n, err);
    free(ids);
    return rv;
}

static int
read_around(const struct feed_env *env, struct batch *b, struct error *err)
{
    if (associations_read(env->hubspot, b->type->plural, "contacts", b->ids,
                          b->n, &b->contacts, err) < 0 ||
        associations_read(env->hubspot, b->type->plural, "companies", b->ids,
                          b->n, &b->companies, err) < 0)
        return -1;
    return know(env, &b->contacts, contacts_know, err) < 0
               ? -1
               : know(env, &b->companies, companies_know, err);
}

/* The owner and the disposition's label go into the record. */
static int
complete(const struct feed_env *env, cJSON *object, struct error *err)
{
    const cJSON *properties =
        cJSON_GetObjectItemCaseSensitive(object, "properties");
    const char *disposition = json_str(properties, "hs_call_disposition");
    const char *label = NULL;
    const cJSON *owner = NULL;
    char id[32];

    if (json_id(properties, "hubspot_owner_id", id, sizeof(id)) &&
        id[0] != '\0' && owners_find(env, id, &owner, err) < 0)
        return -1;
    if (owner != NULL)
        cJSON_AddItemToObject(object, "owner", cJSON_Duplicate(owner, true));
    if (disposition != NULL && disposition[0] != '\0')
        label = dispositions_label(env, disposition);
    if (label != NULL)
        cJSON_AddStringToObject(object, "disposition_label", label);
    return 0;
}

/* The contact that it hangs on: the first one that is tied, else the first.
 * -1: an error; 0: there is none; else the number of contacts in `all`. */
static int
find_contacts(const struct feed_env *env, const struct batch *b, const char *id,
              struct store_contact **all, struct error *err)
{
    size_t n, known = 0, first = 0;
    const struct association *pairs = associations_of(&b->contacts, id, &n);
    struct store_contact *c = calloc(n > 0 ? n : 1, sizeof(*c));
    struct store_contact swap;
    bool is_found = false;

    if (c == NULL)
        abort();
    for (size_t i = 0; i < n; i++) {
        int rv = store_contact_get(env->store, pairs[i].to, &c[known], err);

        if (rv < 0) {
            free(c);
            return -1;
        }
        if (rv == 1 && !is_found && ties_is_tied(env, &c[known])) {
            is_found = true;
            first = known;
        }
        known += rv == 1;
    }
    swap = c[first];
    memmove(c + 1, c, first * sizeof(*c));
    c[0] = swap;
    *all = c;
    return (int)known;
}

static void
pack_contacts(const struct feed_env *env, struct event *ev,
              const struct store_contact *all, int n)
{
    msgpack_packer pk;

    if (n == 0)
        return;
    ties_set_contact(env, ev, &all[0]);
    if (n == 1)
        return;
    msgpack_packer_init(&pk, event_set(ev, EVENT_CONTACTS),
                        msgpack_sbuffer_write);
    msgpack_pack_array(&pk, (size_t)n - 1);
    for (int i = 1; i < n; i++)
        ties_pack_contact(env, &pk, &all[i]);
    event_set_done(ev, EVENT_CONTACTS);
}

static void
pack_companies(const struct feed_env *env, struct event *ev,
               const struct batch *b, const char *id)
{
    size_t n;
    const struct association *pairs = associations_of(&b->companies, id, &n);
    msgpack_packer pk;

    if (pairs == NULL)
        return;
    msgpack_packer_init(&pk, event_set(ev, EVENT_COMPANIES),
                        msgpack_sbuffer_write);
    msgpack_pack_array(&pk, n);
    for (size_t i = 0; i < n; i++)
        companies_pack(env, &pk, pairs[i].to);
    event_set_done(ev, EVENT_COMPANIES);
}

static int
emit(const struct feed_env *env, const struct batch *b, size_t i,
     struct error *err)
{
    const char *id = b->item[i].record->id;
    struct store_contact *contacts;
    struct event ev;
    msgpack_packer pk;
    int n, rv;

    if (complete(env, b->item[i].object, err) < 0 ||
        (n = find_contacts(env, b, id, &contacts, err)) < 0)
        return -1;
    event_init(&ev);
    event_set_str(&ev, EVENT_ID, b->item[i].id);
    event_set_str(&ev, EVENT_KEY, b->item[i].key);
    event_set_str(&ev, EVENT_OP, "upsert");
    event_set_i64(&ev, EVENT_MODIFIED_AT, b->item[i].record->t);
    if (b->is_asked)
        event_set_true(&ev, EVENT_ASKED);
    pack_contacts(env, &ev, contacts, n);
    pack_companies(env, &ev, b, id);
    msgpack_packer_init(&pk, event_set(&ev, EVENT_NATIVE),
                        msgpack_sbuffer_write);
    json_to_mp(b->item[i].object, TEXT_MAX, &pk);
    event_set_done(&ev, EVENT_NATIVE);
    rv = feed_emit(env, &ev, err);
    event_fini(&ev);
    free(contacts);
    /* One that is too large is a dead letter by now: the others go on. */
    return rv < 0 && err->code != EX_DATAERR ? -1 : 0;
}

static struct batch *
batch_new(const struct engagement_type *type)
{
    struct batch *b = calloc(1, sizeof(*b));

    if (b == NULL)
        abort();
    b->type = type;
    return b;
}

static int
emit_all(const struct feed_env *env, struct batch *b, struct error *err)
{
    int rv = b->n > 0 ? read_around(env, b, err) : 0;

    for (size_t i = 0; i < b->n && rv == 0; i++)
        rv = emit(env, b, i, err);
    associations_fini(&b->contacts);
    associations_fini(&b->companies);
    return rv;
}

static int
emit_new(const struct feed_env *env, const struct keyset_page *page,
         const struct engagement_type *type, struct error *err)
{
    struct batch *b = batch_new(type);
    int rv;

    select_new(env, page, b);
    rv = emit_all(env, b, err);
    free(b);
    return rv;
}

/* What is asked of a record: what the timeline shows, and what the config maps.
 * `mapping` keeps the names. */
#define PROPERTIES_MAX (32 + MAPPING_MAX)
static int
choose_properties(const struct feed_env *env,
                  const struct engagement_type *type, struct mapping *mapping,
                  const char *names[PROPERTIES_MAX], struct error *err)
{
    enum activity a = activity_parse(type->type, strlen(type->type));
    size_t n = 0;

    for (; type->properties[n] != NULL; n++)
        names[n] = type->properties[n];
    names[n] = NULL;
    if (a == ACTIVITY_NONE || !conf_bool(env->conf, conf_activity(a), "sync"))
        return 0;
    if (mapping_read(env->conf, a, mapping, err) < 0)
        return -1;
    for (size_t i = 0; i < mapping->n; i++) {
        const char *name = mapping->pairs[i].name[SIDE_HUBSPOT];
        size_t at = 0;

        while (at < n && strcmp(names[at], name) != 0)
            at++;
        if (at == n)
            names[n++] = name;
    }
    names[n] = NULL;
    return 0;
}

static int
poll_engagements(const struct feed_env *env, const struct feed *feed,
                 const cJSON *cursor, struct feed_page *out, struct error *err)
{
    const struct engagement_type *type = feed->data;
    const char *properties[PROPERTIES_MAX];
    struct mapping mapping;
    struct keyset_page page;
    int rv;

    if (choose_properties(env, type, &mapping, properties, err) < 0 ||
        keyset_page_read(env, type->plural, MODIFIED, properties,
                         conf_ms(env->conf, "hubspot", "first_look"), cursor,
                         &page, err) < 0)
        return -1;
    rv = emit_new(env, &page, type, err);
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

#define FEED(name_, type_)                                                    \
    static const struct engagement_type name_##_type = {type_, #name_,        \
                                                        of_##name_};          \
    const struct feed name_##_feed = {.name = "hubspot." #name_,              \
                                      .data = &name_##_type,                  \
                                      .poll = poll_engagements}
/* clang-format on */

FEED(calls, "call");
FEED(emails, "email");
FEED(meetings, "meeting");
FEED(notes, "note");
FEED(tasks, "task");

/* ---- by their ids ---- */

struct giving {
    const struct keyset_record *wanted;
    cJSON *objects[KEYSET_PAGE];
    size_t n;
};

static int
take_wanted(void *ctx, const cJSON *object, struct error *err)
{
    struct giving *g = ctx;
    char id[KEYSET_ID];

    (void)err;
    if (!json_id(object, "id", id, sizeof(id)))
        return 0;
    for (size_t i = 0; i < g->n; i++)
        if (g->objects[i] == NULL && strcmp(g->wanted[i].id, id) == 0)
            g->objects[i] = cJSON_Duplicate(object, true);
    return 0;
}

int
engagements_give(const struct feed_env *env, enum activity activity,
                 const struct keyset_record *wanted, size_t n,
                 struct error *err)
{
    static const struct engagement_type *const types[ACTIVITY_COUNT] = {
        [ACTIVITY_TASK] = &tasks_type,
        [ACTIVITY_EMAIL] = &emails_type,
        [ACTIVITY_CALL] = &calls_type,
        [ACTIVITY_MEETING] = &meetings_type};
    const struct engagement_type *type = types[activity];
    const char *properties[PROPERTIES_MAX], *ids[KEYSET_PAGE];
    struct giving g = {.wanted = wanted, .n = n};
    struct keyset_page page = {.n = n,
                               .records = (struct keyset_record *)wanted,
                               .objects = g.objects};
    struct mapping mapping;
    int rv;

    for (size_t i = 0; i < n; i++)
        ids[i] = wanted[i].id;
    rv = choose_properties(env, type, &mapping, properties, err);
    if (rv == 0)
        rv = batch_read(env, type->plural, NULL, properties, ids, n,
                        take_wanted, &g, err);
    if (rv == 0)
        rv = emit_new(env, &page, type, err);
    for (size_t i = 0; i < n; i++)
        cJSON_Delete(g.objects[i]);
    return rv;
}

/* ---- records that were asked for ---- */

static const struct engagement_type *const types[] = {
    &calls_type, &emails_type, &meetings_type, &notes_type, &tasks_type, NULL};

static const struct engagement_type *
find_type(const char *name)
{
    size_t i = 0;

    while (types[i] != NULL && strcmp(types[i]->type, name) != 0)
        i++;
    return types[i];
}

bool
engagements_has(const char *type)
{
    return find_type(type) != NULL;
}

struct asking {
    const struct feed_env *env;
    struct batch *b;
    struct keyset_record record[BATCH_READ_MAX];
    struct engagements_found *found;
};

static int
take_asked(void *ctx, const cJSON *object, struct error *err)
{
    struct asking *a = ctx;
    struct batch *b = a->b;
    struct keyset_record *r = &a->record[b->n];
    char *key = b->item[b->n].key, *id = b->item[b->n].id;

    (void)err;
    if (b->n == BATCH_READ_MAX || !keyset_page_record(object, MODIFIED, r))
        return 0;
    name_version(b->type, r, key, id);
    if (a->found->n < BATCH_READ_MAX)
        snprintf(a->found->id[a->found->n++], sizeof(a->found->id[0]), "%s",
                 r->id);
    if (feed_is_on_its_way(a->env, id)) {
        a->found->is_held = true;
        return 0;
    }
    b->item[b->n].object = cJSON_Duplicate(object, true);
    b->item[b->n].record = r;
    b->ids[b->n++] = r->id;
    return 0;
}

int
engagements_ask(const struct feed_env *env, const char *type,
                const char *const *ids, size_t n,
                struct engagements_found *found, struct error *err)
{
    const struct engagement_type *t = find_type(type);
    const char *properties[PROPERTIES_MAX];
    struct mapping mapping;
    struct asking a = {.env = env, .found = found};
    int rv;

    memset(found, 0, sizeof(*found));
    if (choose_properties(env, t, &mapping, properties, err) < 0)
        return -1;
    a.b = batch_new(t);
    a.b->is_asked = true;
    rv = batch_read(env, t->plural, NULL, properties, ids, n, take_asked, &a,
                    err);
    if (rv == 0)
        rv = emit_all(env, a.b, err);
    for (size_t i = 0; i < a.b->n; i++)
        cJSON_Delete(a.b->item[i].object);
    free(a.b);
    return rv;
}
