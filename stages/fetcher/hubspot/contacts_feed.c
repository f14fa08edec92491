/* contacts_feed: follows HubSpot's contacts into the store. With [contacts]
 * match = email it also looks again at those that are tied to nobody, whenever
 * the people of Salesforce have changed.
 *
 * Cursor: that of keyset.h and, for match = email, "people" (the checkpoint of
 * the people that all untied contacts were compared with) and, while that goes
 * on, "tie_after" (the last contact compared). */
#include "common/json.h"
#include "stages/fetcher/hubspot/contacts.h"
#include "stages/fetcher/hubspot/contacts_private.h"
#include "stages/fetcher/hubspot/counters.h"
#include "stages/fetcher/hubspot/keyset_page.h"

#include <stdlib.h>
#include <string.h>

#define UNTIED_A_POLL 200
#define PEOPLE_FEED   "salesforce.people"

/* A document was viewed: HubSpot keeps the last time only. That time is kept
 * when its event has ended or there is none, not before: after a crash the
 * contact is read again, and has to tell it again. */
static int
take_view(const struct feed_env *env, const cJSON *object,
          struct store_contact *c, struct error *err)
{
    size_t given = feed_given(env);
    int64_t at =
        contacts_time(cJSON_GetObjectItemCaseSensitive(object, "properties"),
                      "hs_document_last_revisited");

    if (at <= c->document_viewed_at)
        return 0;
    if (counters_document_viewed(env, c, at, err) < 0)
        return -1;
    if (feed_given(env) != given)
        return 0;
    c->document_viewed_at = at;
    return store_contact_put(env->store, c, err);
}

static int
take_page(const struct feed_env *env, const struct keyset_page *page,
          struct error *err)
{
    struct store_contact c;

    for (size_t i = 0; i < page->n; i++) {
        if (page->objects[i] == NULL)
            continue;
        if (contacts_take(env, page->objects[i], &c, err) < 0 ||
            take_view(env, page->objects[i], &c, err) < 0)
            return -1;
    }
    return 0;
}

struct untied {
    struct store_contact c[UNTIED_A_POLL];
    int n;
};

static int
collect(void *ctx, const struct store_contact *c)
{
    struct untied *u = ctx;

    u->c[u->n++] = *c;
    return u->n == UNTIED_A_POLL;
}

/* Some more of the untied ones. *more: there may be others. */
static int
tie_some(const struct feed_env *env, cJSON *cursor, bool *more,
         struct error *err)
{
    const char *after = json_str(cursor, "tie_after");
    struct untied *u = calloc(1, sizeof(*u));
    int rv;

    if (u == NULL)
        abort();
    rv = store_contacts_untied(env->store, after, UNTIED_A_POLL, collect, u,
                               err);
    for (int i = 0; i < u->n && rv >= 0; i++)
        rv = contacts_tie_again(env, &u->c[i], err);
    *more = rv >= 0 && u->n == UNTIED_A_POLL;
    if (*more)
        cJSON_ReplaceItemInObjectCaseSensitive(
            cursor, "tie_after", cJSON_CreateString(u->c[u->n - 1].hubspot_id));
    else
        cJSON_DeleteItemFromObjectCaseSensitive(cursor, "tie_after");
    free(u);
    return rv < 0 ? -1 : 0;
}

/* Have the people changed since the untied contacts were compared with them?
 * Then a new comparison begins. */
static int
look_at_people(const struct feed_env *env, cJSON *cursor, bool *more,
               struct error *err)
{
    const char *before = json_str(cursor, "people");
    char *now = NULL;
    int rv;

    if (!contacts_match_by_email(env))
        return 0;
    rv = store_checkpoint_get(env->store, PEOPLE_FEED, &now, err);
    if (rv == 1 && (before == NULL || strcmp(before, now) != 0)) {
        cJSON_DeleteItemFromObjectCaseSensitive(cursor, "people");
        cJSON_AddStringToObject(cursor, "people", now);
        cJSON_AddStringToObject(cursor, "tie_after", "");
        *more = true;
    }
    if (rv == 1)
        free(now);
    return rv < 0 ? -1 : 0;
}

/* The cursor's part for the ties goes over to the new one. */
static void
keep_ties(cJSON *cursor, const cJSON *old)
{
    const char *people = json_str(old, "people");

    if (people != NULL)
        cJSON_AddStringToObject(cursor, "people", people);
}

static int
poll_contacts(const struct feed_env *env, const struct feed *feed,
              const cJSON *cursor, struct feed_page *out, struct error *err)
{
    struct keyset_page page;
    int rv;

    (void)feed;
    if (json_str(cursor, "tie_after") != NULL) {
        out->cursor = cJSON_Duplicate(cursor, true);
        return tie_some(env, out->cursor, &out->more, err);
    }
    if (keyset_page_read(env, "contacts", "lastmodifieddate",
                         contact_properties, -1, cursor, &page, err) < 0)
        return -1;
    rv = take_page(env, &page, err);
    out->cursor = keyset_write(&page.next);
    out->more = page.more;
    out->expected = page.expected;
    keep_ties(out->cursor, cursor);
    if (rv == 0 && !out->more)
        rv = look_at_people(env, out->cursor, &out->more, err);
    keyset_page_fini(&page);
    return rv;
}

const struct feed contacts_feed = {.name = "hubspot.contacts",
                                   .poll = poll_contacts};
