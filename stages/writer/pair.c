/* pair: see pair.h. */
#include "stages/writer/pair.h"

#include <stdio.h>
#include <string.h>

/* The timeline's says what was written, not what was agreed. */
static bool
is_of_timeline(const struct store_link *link)
{
    return link->snapshot.data != NULL &&
           mp_get(link->snapshot, "digest").data != NULL;
}

bool
pair_is_current(const struct decision *d, const struct store_link *link)
{
    if (link == NULL || (d->version == 0 && is_of_timeline(link)))
        return d->version == 0;
    return d->version == link->version;
}

static bool
is_of(const char *key, enum side side)
{
    const char *name = side_name(side);
    size_t n = strlen(name);

    return strncmp(key, name, n) == 0 && key[n] == ':';
}

void
pair_target(const struct write *write, const struct pair_made *made, char *buf,
            size_t size)
{
    const char *id = write_makes(write) ? made->id[write->side] : write->id;
    const char *object = write->side == SIDE_HUBSPOT
                             ? activity_facts(write->activity)->name
                             : write->object;

    buf[0] = '\0';
    if (id[0] != '\0')
        snprintf(buf, size, "%s:%s:%s", side_name(write->side), object, id);
}

/* As a write says, or as the event does. */
static void
by_decision(const struct decision *d, const struct pair_made *made,
            enum side side, char *key, size_t size)
{
    static const struct pair_made none;

    key[0] = '\0';
    for (size_t i = 0; i < d->n_writes && key[0] == '\0'; i++)
        if (d->writes[i].side == side)
            pair_target(&d->writes[i], made != NULL ? made : &none, key, size);
}

static void
by_event(const struct event *ev, enum side side, char *key, size_t size)
{
    event_str(ev, EVENT_KEY, key, size);
    if (!is_of(key, side))
        event_str(ev, EVENT_OTHER, key, size);
    if (!is_of(key, side))
        key[0] = '\0';
}

void
pair_salesforce(const struct event *ev, const struct decision *d,
                const struct store_link *link, const struct pair_made *made,
                char *key, size_t size)
{
    char own[EVENT_ID_MAX];

    by_decision(d, made, SIDE_SALESFORCE, key, size);
    /* The link may lead to another record, and be mended just now. */
    if (key[0] == '\0' &&
        is_of(event_str(ev, EVENT_KEY, own, sizeof(own)), SIDE_SALESFORCE))
        snprintf(key, size, "%s", own);
    if (key[0] == '\0' && link != NULL)
        snprintf(key, size, "%s", link->target);
    if (key[0] == '\0')
        by_event(ev, SIDE_SALESFORCE, key, size);
}

static void
pair_hubspot(const struct event *ev, const struct decision *d,
             const struct pair_made *made, char *key, size_t size)
{
    by_decision(d, made, SIDE_HUBSPOT, key, size);
    if (key[0] == '\0')
        snprintf(key, size, "%s", d->link);
    if (key[0] == '\0')
        by_event(ev, SIDE_HUBSPOT, key, size);
}

static void
pack_part(msgpack_packer *pk, const char *name, struct span value)
{
    mp_pack_str(pk, name);
    if (value.data != NULL)
        mp_pack_span(pk, value);
    else
        msgpack_pack_map(pk, 0);
}

/* What HubSpot's base says of a property instead, since the record could not be
 * tied; data NULL: what the decision says holds. */
static struct span
instead(const struct decision *d, const struct pair_made *made,
        struct span property)
{
    static const char *const names[] = {MAPPING_CONTACT_NAME,
                                        MAPPING_ACCOUNT_NAME};
    struct span none = {NULL, 0};

    for (size_t i = 0; i < 2 && made != NULL; i++) {
        if (!made->is_untied[i] || property.len != strlen(names[i]) ||
            memcmp(property.data, names[i], property.len) != 0)
            continue;
        for (size_t k = 0; k < d->n_writes; k++)
            if (d->writes[k].without.data != NULL)
                return mp_get(d->writes[k].without, names[i]);
    }
    return none;
}

static void
pack_hubspot(const struct decision *d, const struct pair_made *made,
             struct span base, msgpack_packer *pk)
{
    uint32_t n = 0;

    mp_pack_str(pk, side_name(SIDE_HUBSPOT));
    if (base.data == NULL || !mp_map(&base, &n))
        n = 0;
    msgpack_pack_map(pk, n);
    while (n-- > 0) {
        struct span name = mp_next(&base), value = mp_next(&base), text, other;

        mp_pack_span(pk, name);
        other = mp_str(name, &text) ? instead(d, made, text)
                                    : (struct span){NULL, 0};
        mp_pack_span(pk, other.data != NULL ? other : value);
    }
}

/* The base is what the decision says, not what the services have made of the
 * values written: who compares does so in a form that stands their trimming,
 * cutting and HTML. */
static struct span
base_of(const struct decision *d, enum side side)
{
    return d->base.data != NULL ? mp_get(d->base, side_name(side))
                                : (struct span){NULL, 0};
}

static void
pack_snapshot(const struct decision *d, const struct pair_made *made,
              msgpack_sbuffer *bytes)
{
    msgpack_packer pk;

    msgpack_packer_init(&pk, bytes, msgpack_sbuffer_write);
    msgpack_pack_map(&pk, 4);
    pack_hubspot(d, made, base_of(d, SIDE_HUBSPOT), &pk);
    pack_part(&pk, side_name(SIDE_SALESFORCE), base_of(d, SIDE_SALESFORCE));
    pack_part(&pk, "deleted", d->deleted);
    pack_part(&pk, "seen", d->known.data != NULL ? d->known : d->seen);
}

bool
pair_link(const struct event *ev, const struct decision *d,
          const struct store_link *link, const struct pair_made *made,
          int64_t now, struct store_link *out, msgpack_sbuffer *bytes)
{
    char target[EVENT_ID_MAX];

    memset(out, 0, sizeof(*out));
    pair_hubspot(ev, d, made, out->key, sizeof(out->key));
    pair_salesforce(ev, d, link, made, target, sizeof(target));
    if (out->key[0] == '\0' || target[0] == '\0' ||
        strlen(target) >= sizeof(out->target))
        return false;
    memcpy(out->target, target, strlen(target) + 1);
    event_str(ev, EVENT_KIND, out->kind, sizeof(out->kind));
    out->version = (link != NULL ? link->version : 0) + 1;
    out->modified_at = event_i64(ev, EVENT_MODIFIED_AT, 0);
    out->written_at = now;
    pack_snapshot(d, made, bytes);
    out->snapshot = (struct span){(const uint8_t *)bytes->data, bytes->size};
    return true;
}

bool
pair_same(const struct store_link *a, const struct store_link *b)
{
    return strcmp(a->key, b->key) == 0 && strcmp(a->target, b->target) == 0 &&
           a->snapshot.len == b->snapshot.len && a->snapshot.data != NULL &&
           memcmp(a->snapshot.data, b->snapshot.data, a->snapshot.len) == 0;
}
