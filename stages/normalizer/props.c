/* props: see props.h. */
#include "stages/normalizer/props.h"

#include <stdlib.h>
#include <string.h>

void
props_init(struct props *p)
{
    memset(p->v, 0, sizeof(p->v));
    if (!msgpack_zone_init(&p->zone, 4096))
        abort(); /* out of memory: the fetcher sends again */
}

void
props_fini(struct props *p)
{
    msgpack_zone_destroy(&p->zone);
}

void *
props_take(struct props *p, size_t size)
{
    void *room = msgpack_zone_malloc(&p->zone, size > 0 ? size : 1);

    if (room == NULL)
        abort();
    return room;
}

struct span
props_copy(struct props *p, const char *s, size_t len)
{
    uint8_t *copy = props_take(p, len);

    if (len > 0)
        memcpy(copy, s, len);
    return (struct span){copy, len};
}

void
props_set_int(struct props *p, int prop, int64_t value)
{
    p->v[prop] = (struct prop_value){.type = PROP_INT, .i = value};
}

void
props_set_time(struct props *p, int prop, int64_t ms)
{
    p->v[prop] = (struct prop_value){.type = PROP_TIME, .i = ms};
}

void
props_set_bool(struct props *p, int prop, bool value)
{
    p->v[prop] = (struct prop_value){.type = PROP_BOOL, .i = value};
}

void
props_set_raw(struct props *p, int prop, struct span value)
{
    p->v[prop] = (struct prop_value){.type = PROP_RAW, .s = value};
}

/* CR LF and CR become LF. */
static void
unify_line_ends(struct text *t)
{
    size_t to = 0;

    for (size_t i = 0; i < t->len; i++) {
        bool is_cr = t->data[i] == '\r';

        if (is_cr && i + 1 < t->len && t->data[i + 1] == '\n')
            continue;
        t->data[to++] = is_cr ? '\n' : t->data[i];
    }
    t->len = to;
}

struct span
props_clean(struct props *p, struct span s)
{
    const char *bytes = (const char *)s.data;
    struct text t;

    if (s.len == 0 || (s.len <= PROPS_TEXT_MAX && text_is_valid(bytes, s.len) &&
                       memchr(bytes, '\r', s.len) == NULL))
        return s;
    text_init(&t);
    /* A unit takes three bytes at most: what is behind would be cut. */
    text_put_valid(&t, bytes, text_fit_bytes(bytes, s.len, 4 * PROPS_TEXT_MAX));
    unify_line_ends(&t);
    text_cut_units(&t, PROPS_TEXT_MAX, PROPS_CUT_MARK);
    s = props_copy(p, t.data, t.len);
    text_fini(&t);
    return s;
}

void
props_set_text(struct props *p, int prop, struct span s)
{
    if (s.len > 0)
        p->v[prop] =
            (struct prop_value){.type = PROP_TEXT, .s = props_clean(p, s)};
}

void
props_set_copy(struct props *p, int prop, const struct text *t)
{
    if (t->len > 0)
        props_set_text(p, prop, props_copy(p, t->data, t->len));
}

void
props_default(struct props *p, int prop, int from)
{
    if (!props_has(p, prop))
        p->v[prop] = p->v[from];
}

static void
pack_value(const struct prop_value *v, msgpack_packer *pk)
{
    switch (v->type) {
    case PROP_TEXT:
        mp_pack_strn(pk, (const char *)v->s.data, v->s.len);
        break;
    case PROP_INT:
    case PROP_TIME:
        msgpack_pack_int64(pk, v->i);
        break;
    case PROP_BOOL:
        if (v->i)
            msgpack_pack_true(pk);
        else
            msgpack_pack_false(pk);
        break;
    case PROP_RAW:
        mp_pack_span(pk, v->s);
        break;
    case PROP_NONE:
        break;
    }
}

void
props_pack(const struct props *p, msgpack_packer *pk)
{
    size_t n = 0;

    for (int i = 0; i < PROP_PUBLIC; i++)
        n += p->v[i].type != PROP_NONE;
    msgpack_pack_map(pk, n);
    for (int i = 0; i < PROP_PUBLIC; i++) {
        if (p->v[i].type == PROP_NONE)
            continue;
        mp_pack_str(pk, prop_name((enum prop)i));
        pack_value(&p->v[i], pk);
    }
}
