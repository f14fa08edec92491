/* activity_event: see activity_event.h. */
#include "stages/fetcher/salesforce/activity_event.h"
#include "common/json.h"
#include "common/person.h"
#include "common/sf_id.h"
#include "stages/fetcher/ties.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX (1024 * 1024) /* bytes of one field's value */

static void
put_id(const char *object, const struct place *version, char id[EVENT_ID_MAX])
{
    snprintf(id, EVENT_ID_MAX, "salesforce:%s:%s@%" PRId64, object, version->id,
             version->t);
}

bool
activity_event_is_known(const struct feed_env *env, const char *object,
                        const struct place *version, enum feed_why why)
{
    char id[EVENT_ID_MAX];

    put_id(object, version, id);
    return feed_has_ended(env, id, why);
}

/* Whoever the person has become is in HubSpot the same contact. */
static int
set_contact(const struct feed_env *env, struct event *ev, const cJSON *record,
            struct error *err)
{
    struct store_contact c;
    char id[20];
    int rv;

    if (!sf_id_normalise(json_str(record, "WhoId"), id))
        return 0;
    person_follow(env->store, id, NULL);
    rv = store_contact_by_salesforce_id(env->store, id, &c, err);
    if (rv == 1)
        ties_set_contact(env, ev, &c);
    return rv < 0 ? -1 : 0;
}

/* Salesforce derives AccountId; a deleted record may have lost it. */
static const char *
account_of(const cJSON *record)
{
    const char *what = json_str(record, "WhatId");
    const char *account = json_str(record, "AccountId");

    if (account == NULL && what != NULL &&
        strncmp(what, "001", 3) == 0) /* an Account's */
        return what;
    return account;
}

static int
set_companies(const struct feed_env *env, struct event *ev, const cJSON *record,
              struct error *err)
{
    struct store_company c;
    char id[SF_ID_SIZE];
    msgpack_packer pk;
    int rv;

    if (!sf_id_normalise(account_of(record), id))
        return 0;
    rv = store_company_by_salesforce_id(env->store, id, &c, err);
    if (rv <= 0)
        return rv;
    msgpack_packer_init(&pk, event_set(ev, EVENT_COMPANIES),
                        msgpack_sbuffer_write);
    msgpack_pack_array(&pk, 1);
    ties_pack_company(&pk, c.hubspot_id, c.salesforce_id);
    event_set_done(ev, EVENT_COMPANIES);
    return 0;
}

static void
set_facts(struct event *ev, const char *object, const struct place *version,
          const cJSON *record)
{
    bool is_deleted =
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(record, "IsDeleted"));
    char text[EVENT_ID_MAX];
    msgpack_packer pk;

    put_id(object, version, text);
    event_set_str(ev, EVENT_ID, text);
    *strchr(text, '@') = '\0';
    event_set_str(ev, EVENT_KEY, text);
    event_set_str(ev, EVENT_OP, is_deleted ? "delete" : "upsert");
    event_set_i64(ev, EVENT_MODIFIED_AT, version->t);
    msgpack_packer_init(&pk, event_set(ev, EVENT_NATIVE),
                        msgpack_sbuffer_write);
    json_to_mp(record, TEXT_MAX, &pk);
    event_set_done(ev, EVENT_NATIVE);
}

int
activity_event_emit(const struct feed_env *env, const char *object,
                    const struct place *version, const cJSON *record,
                    enum feed_why why, struct error *err)
{
    struct event ev;
    int rv;

    event_init(&ev);
    set_facts(&ev, object, version, record);
    feed_set_why(&ev, why);
    if (set_contact(env, &ev, record, err) < 0 ||
        set_companies(env, &ev, record, err) < 0) {
        event_fini(&ev);
        return -1;
    }
    rv = feed_emit(env, &ev, err);
    event_fini(&ev);
    return rv < 0 && err->code != EX_DATAERR ? -1 : 0;
}
