/* ties: see ties.h. */
#include "stages/fetcher/ties.h"
#include "common/person.h"

/* `tied` is a copy: its Salesforce id becomes that of now. */
static bool
follow(const struct feed_env *env, struct store_contact *tied)
{
    return tied->salesforce_id[0] != '\0' && tied->synced_at != 0 &&
           person_follow(env->store, tied->salesforce_id,
                         tied->salesforce_type);
}

bool
ties_is_tied(const struct feed_env *env, const struct store_contact *c)
{
    struct store_contact copy = *c;

    return follow(env, &copy);
}

bool
ties_says_tied(struct span contact)
{
    char id[24];

    return contact.data != NULL &&
           mp_get_str(contact, "salesforce_id", id, sizeof(id)) > 0 &&
           mp_get_i64(contact, "synced_at", 0) != 0;
}

void
ties_pack_contact(const struct feed_env *env, msgpack_packer *pk,
                  const struct store_contact *c)
{
    struct store_contact tied = *c;
    bool is_tied = follow(env, &tied);

    msgpack_pack_map(pk, is_tied ? 6 : 3);
    mp_pack_kv_str(pk, "hubspot_id", c->hubspot_id);
    mp_pack_kv_str(pk, "email", c->email);
    mp_pack_kv_i64(pk, "matches", c->matches);
    if (!is_tied)
        return;
    mp_pack_kv_str(pk, "salesforce_id", tied.salesforce_id);
    mp_pack_kv_str(pk, "salesforce_type", tied.salesforce_type);
    mp_pack_kv_i64(pk, "synced_at", c->synced_at);
}

void
ties_set_contact(const struct feed_env *env, struct event *ev,
                 const struct store_contact *c)
{
    msgpack_packer pk;

    msgpack_packer_init(&pk, event_set(ev, EVENT_CONTACT),
                        msgpack_sbuffer_write);
    ties_pack_contact(env, &pk, c);
    event_set_done(ev, EVENT_CONTACT);
}

void
ties_pack_company(msgpack_packer *pk, const char *hubspot_id,
                  const char *salesforce_id)
{
    bool has_account = salesforce_id[0] != '\0';

    msgpack_pack_map(pk, has_account ? 2 : 1);
    mp_pack_kv_str(pk, "hubspot_id", hubspot_id);
    if (has_account)
        mp_pack_kv_str(pk, "salesforce_id", salesforce_id);
}
