/* occurrences: see occurrences.h.
 *
 *   {"types": {NAME: sweep}, "at": NAME}
 *
 * Each type that the config asks for is swept in turn, as the order of the
 * answers is not promised; `at` is the type under way, and absent between two
 * rounds. A type begins a little before this process did, one that appears
 * later where it can have appeared. */
#include "stages/fetcher/hubspot/occurrences.h"

#include "common/json.h"
#include "common/log.h"
#include "common/timetext.h"
#include "stages/fetcher/hubspot/contacts.h"
#include "stages/fetcher/hubspot/event_types.h"
#include "stages/fetcher/hubspot/moments.h"
#include "stages/fetcher/hubspot/more_feeds.h"
#include "stages/fetcher/hubspot/query.h"
#include "stages/fetcher/hubspot/sweep.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PAGE_SIZE 100
#define CALLS_MAX 5 /* in a poll */
#define REFUSED   "hubspot.occurrences.refused"

static int refused = -1; /* what this process was told; -1: nothing yet */

bool
occurrences_refused(const struct feed_env *env)
{
    struct error err;
    int64_t kept = 0;

    if (refused >= 0)
        return refused;
    return store_counter_get(env->store, REFUSED, &kept, &err) == 0 &&
           kept != 0;
}

int
occurrences_keep_refused(const struct feed_env *env, struct error *err)
{
    int64_t kept = 0;

    if (refused < 0)
        return 0;
    if (store_counter_get(env->store, REFUSED, &kept, err) < 0)
        return -1;
    return kept == refused
               ? 0
               : store_counter_put(env->store, REFUSED, refused, err);
}

/* One that is to be emitted. */
struct found {
    struct moment m;
    cJSON *native;    /* in the answer */
    char contact[24]; /* its contact's id; "": none */
};

/* A forwarded message's opens belong to its first recipient. 1/0/-1 */
static int
find_recipient(const struct feed_env *env, const cJSON *properties, char id[24],
               struct error *err)
{
    static const char *const names[] = {"hs_recipient", "hs_recipient_email",
                                        "recipient"};
    struct store_contact c;
    char address[256];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        int r = 0;

        if (contacts_address(json_str(properties, names[i]), address))
            r = store_contact_by_email(env->store, address, &c, err);
        if (r != 0) {
            if (r > 0)
                snprintf(id, 24, "%s", c.hubspot_id);
            return r;
        }
    }
    return 0;
}

static bool
is_contact(const cJSON *occurrence)
{
    const char *type = json_str(occurrence, "objectType");

    return type != NULL &&
           (strcasecmp(type, "CONTACT") == 0 || strcmp(type, "0-1") == 0);
}

/* 1: it is to be emitted; 0: it is not; -1. */
static int
take(const struct feed_env *env, cJSON *occurrence, struct found *f,
     struct error *err)
{
    char id[MOMENT_ID_MAX];
    int64_t at;
    int r;

    if (!json_id(occurrence, "id", id, sizeof(id))) {
        moment_skip(occurrences_feed.name, "", "an event without an id");
        return 0;
    }
    if (!json_time(occurrence, "occurredAt", &at) ||
        !moment_name(&f->m, at, "event:%s", id)) {
        moment_skip(occurrences_feed.name, id, "an event without a time");
        return 0;
    }
    if (feed_has_ended(env, f->m.id, FEED_CHANGED))
        return 0;
    f->native = occurrence;
    f->contact[0] = '\0';
    r = find_recipient(
        env, cJSON_GetObjectItemCaseSensitive(occurrence, "properties"),
        f->contact, err);
    if (r == 0 && is_contact(occurrence))
        json_id(occurrence, "objectId", f->contact, sizeof(f->contact));
    return r < 0 ? -1 : 1;
}

static int
emit(const struct feed_env *env, const struct found *f, const char *kind,
     struct error *err)
{
    struct store_contact c;
    int r = 0;

    if (f->contact[0] != '\0')
        r = store_contact_get(env->store, f->contact, &c, err);
    if (r < 0)
        return -1;
    cJSON_DeleteItemFromObjectCaseSensitive(f->native, "matched_kind");
    cJSON_AddStringToObject(f->native, "matched_kind", kind);
    return moment_emit(env, &f->m, r > 0 ? &c : NULL, f->native, err);
}

static int
take_page(const struct feed_env *env, const cJSON *answer, const char *kind,
          struct error *err)
{
    static struct found found[PAGE_SIZE];
    const char *ids[PAGE_SIZE];
    size_t n = 0, n_ids = 0;
    cJSON *occurrence = cJSON_GetObjectItemCaseSensitive(answer, "results");

    occurrence = cJSON_IsArray(occurrence) ? occurrence->child : NULL;
    while (occurrence != NULL) {
        n = n_ids = 0;
        for (; occurrence != NULL && n < PAGE_SIZE;
             occurrence = occurrence->next) {
            int r = take(env, occurrence, &found[n], err);

            if (r < 0)
                return -1;
            if (r > 0 && found[n].contact[0] != '\0')
                ids[n_ids++] = found[n].contact;
            n += (size_t)r;
        }
        if (n_ids > 0 && contacts_know(env, ids, n_ids, err) < 0)
            return -1;
        for (size_t i = 0; i < n; i++)
            if (emit(env, &found[i], kind, err) < 0)
                return -1;
    }
    return 0;
}

static int
read_page(const struct feed_env *env, const char *type, const struct sweep *s,
          cJSON **out, struct error *err)
{
    char time[TIMETEXT_SIZE];
    struct text tail;
    int r;

    text_init(&tail);
    query_put(&tail, "eventType", type);
    query_put(&tail, "occurredAfter", timetext_ms(s->start, time));
    query_put(&tail, "occurredBefore", timetext_ms(s->end, time));
    query_put_i64(&tail, "limit", PAGE_SIZE);
    if (s->offset[0] != '\0')
        query_put(&tail, "after", s->offset);
    r = hubspot_read(env->hubspot, HUBSPOT_EVENTS, query_text(&tail), NULL, out,
                     err);
    text_fini(&tail);
    return r;
}

/* One type may be refused while the others are given. */
static void
note(const struct feed_env *env, const char *type, const struct error *err)
{
    char name[64];

    snprintf(name, sizeof(name), "hubspot.occurrences.%s", type);
    feed_note(env, name, err != NULL ? "refused" : "ok",
              err != NULL ? err->text : "");
}

/* One page of a type. `entry` is its sweep in the cursor, *out the next one.
 * 1: the type is done for this round; 0: there is more; -1. */
static int
step(const struct feed_env *env, const char *type, const char *kind,
     const cJSON *entry, cJSON **out, struct error *err)
{
    bool was_refused =
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, "refused"));
    int64_t overlap = conf_ms(env->conf, "hubspot", "overlap");
    struct sweep s;
    cJSON *answer = NULL;
    const char *next;
    int r;

    sweep_read(&s, entry, moment_first_ms(env));
    sweep_begin(&s, hubspot_now_ms(env->hubspot),
                conf_ms(env->conf, "hubspot", "second_look"));
    if (read_page(env, type, &s, &answer, err) < 0) {
        refused = err->code == EX_NOPERM ? 1 : refused;
        if (err->code != EX_DATAERR)
            return -1;
        /* Its offset may have grown too old: from the beginning then. */
        note(env, type, err);
        s.offset[0] = '\0';
        *out = sweep_write(&s);
        cJSON_AddTrueToObject(*out, "refused");
        return 1;
    }
    refused = 0;
    if (was_refused)
        note(env, type, NULL);
    next = json_str(json_at(answer, "paging.next"), "after");
    r = take_page(env, answer, kind, err);
    if (r == 0)
        r = sweep_turn(&s, next != NULL && *next != '\0' ? next : NULL, overlap,
                       err);
    cJSON_Delete(answer);
    if (r < 0)
        return -1;
    *out = sweep_write(&s);
    return s.offset[0] == '\0';
}

/* The next cursor, before this poll: every type has its place in it. */
static cJSON *
begin(const struct feed_env *env, const cJSON *cursor, const cJSON *types)
{
    bool is_first = cursor == NULL;
    cJSON *next =
        is_first ? cJSON_CreateObject() : cJSON_Duplicate(cursor, true);
    cJSON *places = cJSON_GetObjectItemCaseSensitive(next, "types");
    int64_t now = hubspot_now_ms(env->hubspot);
    const cJSON *type;
    struct sweep s;

    if (!cJSON_IsObject(places)) {
        cJSON_DeleteItemFromObjectCaseSensitive(next, "types");
        places = cJSON_AddObjectToObject(next, "types");
    }
    sweep_read(&s, NULL,
               is_first ? moment_first_ms(env) : now - EVENT_TYPES_AGAIN_MS);
    cJSON_ArrayForEach(type, types) if (cJSON_GetObjectItemCaseSensitive(
                                            places, type->string) == NULL)
        cJSON_AddItemToObject(places, type->string, sweep_write(&s));
    return next;
}

static int
poll_occurrences(const struct feed_env *env, const struct feed *feed,
                 const cJSON *cursor, struct feed_page *page, struct error *err)
{
    const cJSON *types, *type = NULL;
    const char *at = json_str(cursor, "at");
    cJSON *next, *places;

    (void)feed;
    if (event_types_get(env, &types, err) < 0) {
        refused = err->code == EX_NOPERM ? 1 : refused;
        return -1;
    }
    if (at != NULL)
        type = cJSON_GetObjectItemCaseSensitive(types, at);
    if (type == NULL)
        type = types->child;
    next = begin(env, cursor, types);
    places = cJSON_GetObjectItemCaseSensitive(next, "types");
    for (int calls = 0; type != NULL && calls < CALLS_MAX; calls++) {
        cJSON *place = NULL;
        int r = step(env, type->string, type->valuestring,
                     cJSON_GetObjectItemCaseSensitive(places, type->string),
                     &place, err);

        if (r < 0) {
            cJSON_Delete(next);
            return -1;
        }
        cJSON_DeleteItemFromObjectCaseSensitive(places, type->string);
        cJSON_AddItemToObject(places, type->string, place);
        type = r > 0 ? type->next : type;
    }
    cJSON_DeleteItemFromObjectCaseSensitive(next, "at");
    if (type != NULL)
        cJSON_AddStringToObject(next, "at", type->string);
    page->cursor = next;
    page->more = type != NULL;
    return occurrences_keep_refused(env, err);
}

const struct feed occurrences_feed = {
    .name = "hubspot.occurrences",
    .pause_ms = 60000,
    .poll = poll_occurrences,
};
