/* decision: see decision.h. */
#include "stages/conflict-resolver/decision.h"

#include "common/kind.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool
is_text(struct span s, const char *text)
{
    return s.data != NULL && s.len == strlen(text) &&
           memcmp(s.data, text, s.len) == 0;
}

static struct span
text_at(struct span map, const char *key)
{
    struct span s;

    return mp_str(mp_get(map, key), &s) && s.len > 0 ? s
                                                     : (struct span){NULL, 0};
}

void
decision_parents(const struct event *ev, struct decision_parents *out)
{
    struct span contact = ev->field[EVENT_CONTACT];
    struct span companies = ev->field[EVENT_COMPANIES];
    uint32_t n;

    memset(out, 0, sizeof(*out));
    if (contact.data != NULL) {
        out->who_id = text_at(contact, "salesforce_id");
        out->who_type = text_at(contact, "salesforce_type");
    }
    if (is_text(out->who_type, "Lead") || !mp_array(&companies, &n))
        return;
    while (n-- > 0 && out->what_id.data == NULL)
        out->what_id = text_at(mp_next(&companies), "salesforce_id");
}

/* FNV-1a, 64 bits. */
static uint64_t
mix(uint64_t hash, struct span s)
{
    uint64_t len = s.len;

    /* The length too, so that no two parts can run into each other. */
    for (int i = 0; i < 8; i++)
        hash = (hash ^ ((len >> (8 * i)) & 0xff)) * 0x100000001b3u;
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ s.data[i]) * 0x100000001b3u;
    return hash;
}

void
decision_digest(const struct event *ev, const struct decision_parents *p,
                char out[DECISION_DIGEST_SIZE])
{
    uint64_t hash = 0xcbf29ce484222325u;

    hash = mix(hash, ev->field[EVENT_KIND]);
    hash = mix(hash, ev->field[EVENT_OCCURRED_AT]);
    hash = mix(hash, ev->field[EVENT_PROPS]);
    hash = mix(hash, p->who_id);
    hash = mix(hash, p->what_id);
    snprintf(out, DECISION_DIGEST_SIZE, "%016" PRIx64, hash);
}

bool
decision_group(const struct event *ev, char *key, size_t size)
{
    struct span props = ev->field[EVENT_PROPS];
    struct span kind, message, link = {NULL, 0};
    char contact[32];
    enum kind k;

    if (!mp_str(ev->field[EVENT_KIND], &kind) || props.data == NULL ||
        ev->field[EVENT_CONTACT].data == NULL)
        return false;
    k = kind_parse((const char *)kind.data, kind.len);
    if (k == KIND_MARKETING_EMAIL_OPENED || k == KIND_MARKETING_EMAIL_CLICKED)
        message = text_at(props, "campaign_id");
    else if (k == KIND_SALES_EMAIL_OPENED || k == KIND_SALES_EMAIL_CLICKED)
        message = text_at(props, "email_id");
    else
        return false;
    if (message.data == NULL ||
        mp_get_str(ev->field[EVENT_CONTACT], "hubspot_id", contact,
                   sizeof(contact)) == 0)
        return false;
    if (k == KIND_MARKETING_EMAIL_CLICKED || k == KIND_SALES_EMAIL_CLICKED)
        link = text_at(props, "link_url");
    /* A link's address is longer than an external id may be. */
    snprintf(key, size, "hubspot:%s:%s:%016" PRIx64, kind_name(k), contact,
             mix(mix(0xcbf29ce484222325u, message), link));
    return true;
}

enum decision_verdict
decision_make(const struct event *ev, const struct store_link *link,
              const char *digest, bool is_group)
{
    char written[DECISION_DIGEST_SIZE] = "";

    if (link == NULL)
        return ev->field[EVENT_UNLESS_LINKED].data != NULL ? DECISION_NOT_LINKED
                                                           : DECISION_CREATE;
    if (link->snapshot.data != NULL)
        mp_get_str(link->snapshot, "digest", written, sizeof(written));
    /* Somebody has seen that the task is not there any more. */
    if (strcmp(written, digest) == 0)
        return event_bool(ev, EVENT_ASKED) ? DECISION_UPDATE
                                           : DECISION_ALREADY_WRITTEN;
    if (is_group)
        return DECISION_DUPLICATE;
    if (link->modified_at > event_i64(ev, EVENT_MODIFIED_AT, 0))
        return DECISION_SUPERSEDED;
    return DECISION_UPDATE;
}

const char *
decision_reason(enum decision_verdict verdict)
{
    switch (verdict) {
    case DECISION_ALREADY_WRITTEN:
        return "already-written";
    case DECISION_SUPERSEDED:
        return "superseded";
    case DECISION_DUPLICATE:
        return "duplicate";
    case DECISION_NOT_LINKED:
    case DECISION_CREATE:
    case DECISION_UPDATE:
        break;
    }
    return NULL;
}

static void
pack_text(msgpack_packer *pk, const char *key, struct span text)
{
    if (text.data == NULL)
        return;
    mp_pack_str(pk, key);
    mp_pack_strn(pk, (const char *)text.data, text.len);
}

void
decision_put(struct event *ev, enum decision_verdict verdict, int64_t version,
             const struct decision_parents *p, const char *digest,
             const char *group)
{
    size_t n = 5 + (p->who_id.data != NULL) + (p->who_type.data != NULL) +
               (p->what_id.data != NULL) + (group != NULL);
    msgpack_packer pk;

    msgpack_packer_init(&pk, event_set(ev, EVENT_DECISION),
                        msgpack_sbuffer_write);
    msgpack_pack_map(&pk, n);
    mp_pack_kv_str(&pk, "target", "salesforce");
    mp_pack_kv_str(&pk, "object", "Task");
    mp_pack_kv_str(&pk, "action",
                   verdict == DECISION_UPDATE ? "update" : "create");
    mp_pack_kv_i64(&pk, "version", version);
    mp_pack_kv_str(&pk, "digest", digest);
    pack_text(&pk, "who_id", p->who_id);
    pack_text(&pk, "who_type", p->who_type);
    pack_text(&pk, "what_id", p->what_id);
    if (group != NULL)
        mp_pack_kv_str(&pk, "group", group);
    event_set_done(ev, EVENT_DECISION);
}
