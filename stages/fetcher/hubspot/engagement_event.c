/* engagement_event: see engagement_event.h. */
#include "stages/fetcher/hubspot/engagement_event.h"
#include "common/json.h"
#include "common/associations.h"
#include "stages/fetcher/hubspot/companies.h"
#include "stages/fetcher/hubspot/contacts.h"
#include "stages/fetcher/hubspot/dispositions.h"
#include "stages/fetcher/hubspot/owners.h"
#include "stages/fetcher/ties.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (1024 * 1024) /* bytes of one property's value */

/* What is new on a page, and what it hangs on. */
struct batch {
    const struct engagement_type *type;
    enum feed_why why;
    struct {
        cJSON *object;
        const struct keyset_record *record;
        char key[EVENT_ID_MAX], id[EVENT_ID_MAX];
    } item[KEYSET_PAGE];
    const char *ids[KEYSET_PAGE];
    size_t n;
    struct associations contacts, companies;
};

static void
put_id(const struct engagement_type *type, const struct keyset_record *r,
       char id[EVENT_ID_MAX])
{
    snprintf(id, EVENT_ID_MAX, "hubspot:%s:%s@%" PRId64, type->type, r->id,
             r->t);
}

bool
engagement_has_ended(const struct feed_env *env,
                     const struct engagement_type *type,
                     const struct keyset_record *r, enum feed_why why)
{
    char id[EVENT_ID_MAX];

    put_id(type, r, id);
    return feed_has_ended(env, id, why);
}

static void
select_new(const struct feed_env *env, const struct keyset_page *page,
           struct batch *b)
{
    for (size_t i = 0; i < page->n && b->n < KEYSET_PAGE; i++) {
        const struct keyset_record *r = &page->records[i];

        if (page->objects[i] == NULL)
            continue;
        put_id(b->type, r, b->item[b->n].id);
        /* What hangs on nobody who is tied is looked at again within the
         * overlap and at each second look, not with each poll for ever. */
        if (feed_has_ended(env, b->item[b->n].id,
                           b->why == FEED_CHANGED && r->t < page->settled
                               ? FEED_SETTLED
                               : b->why))
            continue;
        snprintf(b->item[b->n].key, sizeof(b->item[0].key), "hubspot:%s:%s",
                 b->type->type, r->id);
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
    feed_set_why(&ev, b->why);
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

int
engagement_emit(const struct feed_env *env, const struct engagement_type *type,
                const struct keyset_page *page, enum feed_why why,
                struct error *err)
{
    struct batch *b = calloc(1, sizeof(*b));
    int rv = 0;

    if (b == NULL)
        abort();
    b->type = type;
    b->why = why;
    select_new(env, page, b);
    if (b->n > 0)
        rv = read_around(env, b, err);
    for (size_t i = 0; i < b->n && rv == 0; i++)
        rv = emit(env, b, i, err);
    associations_fini(&b->contacts);
    associations_fini(&b->companies);
    free(b);
    return rv;
}
