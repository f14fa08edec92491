/* hubspot: see hubspot.h; what the families share. */
#include "stages/normalizer/hubspot/hubspot.h"

#include "stages/normalizer/native.h"

#include <string.h>

/* A value this long gets no further one joined: each joint is a copy. */
#define JOINED_MAX 2000 /* bytes */

static const struct {
    const char *name;
    hubspot_fn *fn;
} types[] = {
    {"call", hubspot_call},
    {"email", hubspot_email},
    {"meeting", hubspot_meeting},
    {"note", hubspot_note},
    {"task", hubspot_task},
    {"email_event", hubspot_email_event},
    {"form_submission", hubspot_form_submission},
    {"event", hubspot_occurrence},
    {"email_open", hubspot_email_open},
    {"email_click", hubspot_email_click},
    {"document_view", hubspot_document_view},
};

hubspot_fn *
hubspot_find(const char *type, size_t len)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (strlen(types[i].name) == len &&
            memcmp(types[i].name, type, len) == 0)
            return types[i].fn;
    return NULL;
}

int
hubspot_owner(struct props *p, struct span owner, struct error *err)
{
    static const struct native_field fields[] = {
        NATIVE_FIELD("id", PROP_OWNER_ID, NATIVE_TEXT),
        NATIVE_FIELD("email", PROP_OWNER_EMAIL, NATIVE_TEXT),
        NATIVE_FIELD("firstName", PROP_N_FIRST_NAME, NATIVE_TEXT),
        NATIVE_FIELD("lastName", PROP_N_LAST_NAME, NATIVE_TEXT),
    };
    struct span first, last;
    struct text name;

    if (NATIVE_TAKE(p, owner, fields, err) < 0)
        return error_wrap(err, "owner");
    first = p->v[PROP_N_FIRST_NAME].s;
    last = p->v[PROP_N_LAST_NAME].s;
    text_init(&name);
    text_putn(&name, (const char *)first.data, first.len);
    if (first.len > 0 && last.len > 0)
        text_putc(&name, ' ');
    text_putn(&name, (const char *)last.data, last.len);
    props_set_copy(p, PROP_OWNER_NAME, &name);
    text_fini(&name);
    props_default(p, PROP_OWNER_NAME, PROP_OWNER_EMAIL);
    return 0;
}

/* Both texts, "; " between them. */
static struct span
joined(struct props *p, struct span a, struct span b)
{
    char *both = props_take(p, a.len + 2 + b.len);

    memcpy(both, a.data, a.len);
    memcpy(both + a.len, "; ", 2);
    memcpy(both + a.len + 2, b.data, b.len);
    return (struct span){(uint8_t *)both, a.len + 2 + b.len};
}

void
hubspot_pair_add(struct props *p, struct hubspot_pairs *pairs, struct span name,
                 struct span value)
{
    if (name.len == 0 || value.len == 0)
        return;
    name = props_clean(p, name);
    value = props_clean(p, value);
    for (size_t i = 0; i < pairs->n; i++) {
        if (pairs->name[i].len != name.len ||
            memcmp(pairs->name[i].data, name.data, name.len) != 0)
            continue;
        if (pairs->value[i].len < JOINED_MAX)
            pairs->value[i] = joined(p, pairs->value[i], value);
        return;
    }
    if (pairs->n == HUBSPOT_PAIRS_MAX)
        return;
    pairs->name[pairs->n] = name;
    pairs->value[pairs->n++] = value;
}

void
hubspot_pairs_set(struct props *p, int prop, const struct hubspot_pairs *pairs)
{
    msgpack_sbuffer b;
    msgpack_packer pk;

    if (pairs->n == 0)
        return;
    msgpack_sbuffer_init(&b);
    msgpack_packer_init(&pk, &b, msgpack_sbuffer_write);
    msgpack_pack_map(&pk, pairs->n);
    for (size_t i = 0; i < pairs->n; i++) {
        mp_pack_strn(&pk, (const char *)pairs->name[i].data,
                     pairs->name[i].len);
        mp_pack_strn(&pk, (const char *)pairs->value[i].data,
                     pairs->value[i].len);
    }
    props_set_raw(p, prop, props_copy(p, b.data, b.size));
    msgpack_sbuffer_destroy(&b);
}
