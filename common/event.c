/* event: see event.h. */
#include "common/event.h"

#include "common/sf_id.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[EVENT_FIELDS] = {
    [EVENT_V] = "v",
    [EVENT_ID] = "id",
    [EVENT_KEY] = "key",
    [EVENT_SOURCE] = "source",
    [EVENT_SEQ] = "seq",
    [EVENT_OP] = "op",
    [EVENT_LEAVE] = "leave",
    [EVENT_KIND] = "kind",
    [EVENT_SYNC] = "sync",
    [EVENT_OTHER] = "other",
    [EVENT_ASKED] = "asked",
    [EVENT_ABOUT] = "about",
    [EVENT_OCCURRED_AT] = "occurred_at",
    [EVENT_MODIFIED_AT] = "modified_at",
    [EVENT_IMPORT] = "import",
    [EVENT_CONTACT] = "contact",
    [EVENT_CONTACTS] = "contacts",
    [EVENT_COMPANIES] = "companies",
    [EVENT_LISTS] = "lists",
    [EVENT_NATIVE] = "native",
    [EVENT_PROPS] = "props",
    [EVENT_UNLESS_LINKED] = "unless_linked",
    [EVENT_UNLESS_DETAIL] = "unless_detail",
    [EVENT_FLIP] = "flip",
    [EVENT_DECISION] = "decision",
    [EVENT_TRACE] = "trace",
};

const char *
event_field_name(enum event_field field)
{
    assert(field >= 0 && field < EVENT_FIELDS);
    return names[field];
}

static int
field_of(struct span name)
{
    for (int i = 0; i < EVENT_FIELDS; i++)
        if (strlen(names[i]) == name.len &&
            memcmp(names[i], name.data, name.len) == 0)
            return i;
    return -1;
}

/* Put one pair of the map where it belongs. */
static int
take_pair(struct event *ev, struct span key, struct span value,
          struct error *err)
{
    struct span name;
    int i = mp_str(key, &name) ? field_of(name) : -1;

    if (i >= 0) {
        if (ev->field[i].data != NULL)
            return error_set(err, EX_DATAERR, "field %s stands twice",
                             names[i]);
        ev->field[i] = value;
        return 0;
    }
    if (ev->n_extra == EVENT_EXTRA_MAX)
        return error_set(err, EX_DATAERR, "more than %d unknown fields",
                         EVENT_EXTRA_MAX);
    ev->extra[2 * ev->n_extra] = key;
    ev->extra[2 * ev->n_extra + 1] = value;
    ev->n_extra++;
    return 0;
}

static bool
is_name(struct span value, size_t max)
{
    struct span s;

    return mp_str(value, &s) && s.len > 0 && s.len < max &&
           memchr(s.data, '\0', s.len) == NULL;
}

static int
check_required(const struct event *ev, struct error *err)
{
    int64_t v = 0;
    int64_t seq = -1;

    if (!mp_i64(ev->field[EVENT_V], &v) || v != EVENT_VERSION)
        return error_set(err, EX_DATAERR,
                         "event version %lld is not one that this stage knows "
                         "(%d); run stages of one release",
                         (long long)v, EVENT_VERSION);
    if (!is_name(ev->field[EVENT_ID], EVENT_ID_MAX) ||
        !is_name(ev->field[EVENT_KEY], EVENT_ID_MAX) ||
        !is_name(ev->field[EVENT_SOURCE], 16))
        return error_set(err, EX_DATAERR,
                         "event without a usable id, key or source");
    if (!mp_i64(ev->field[EVENT_SEQ], &seq) || seq < 0)
        return error_set(err, EX_DATAERR, "event without a seq");
    return 0;
}

int
event_parse(struct event *ev, const uint8_t *bytes, size_t len,
            struct error *err)
{
    struct span at = {bytes, len};
    enum mp_status st;
    uint32_t n;
    size_t size = 0;

    event_init(ev);
    st = mp_skip(bytes, len, MP_EVENT_MAX, &size);
    if (st != MP_OK)
        return error_set(err, EX_DATAERR, "event is %s", mp_status_text(st));
    if (size != len)
        return error_set(err, EX_DATAERR, "%zu bytes after the event's end",
                         len - size);
    if (!mp_map(&at, &n))
        return error_set(err, EX_DATAERR, "event is no map");
    while (n-- > 0) {
        struct span key = mp_next(&at);
        struct span value = mp_next(&at);

        if (take_pair(ev, key, value, err) < 0)
            return -1;
    }
    ev->raw_len = len;
    return check_required(ev, err);
}

void
event_init(struct event *ev)
{
    memset(ev->field, 0, sizeof(ev->field));
    memset(ev->own, 0, sizeof(ev->own));
    ev->n_extra = 0;
    ev->raw_len = 0;
}

void
event_fini(struct event *ev)
{
    for (int i = 0; i < EVENT_FIELDS; i++) {
        if (ev->own[i] != NULL)
            msgpack_sbuffer_free(ev->own[i]);
        ev->own[i] = NULL;
    }
}

const char *
event_str(const struct event *ev, enum event_field field, char *buf,
          size_t size)
{
    struct span s;
    size_t n;

    buf[0] = '\0';
    if (mp_str(ev->field[field], &s)) {
        n = s.len < size - 1 ? s.len : size - 1;
        memcpy(buf, s.data, n);
        buf[n] = '\0';
    }
    return buf;
}

int64_t
event_i64(const struct event *ev, enum event_field field, int64_t fallback)
{
    int64_t v;

    return mp_i64(ev->field[field], &v) ? v : fallback;
}

bool
event_bool(const struct event *ev, enum event_field field)
{
    bool v;

    return mp_bool(ev->field[field], &v) && v;
}

msgpack_sbuffer *
event_set(struct event *ev, enum event_field field)
{
    if (ev->own[field] == NULL) {
        ev->own[field] = msgpack_sbuffer_new();
        if (ev->own[field] == NULL)
            abort(); /* out of memory: the fetcher sends again */
    } else {
        msgpack_sbuffer_clear(ev->own[field]);
    }
    return ev->own[field];
}

void
event_set_done(struct event *ev, enum event_field field)
{
    ev->field[field] = (struct span){(const uint8_t *)ev->own[field]->data,
                                     ev->own[field]->size};
}

void
event_set_str(struct event *ev, enum event_field field, const char *value)
{
    msgpack_packer pk;

    msgpack_packer_init(&pk, event_set(ev, field), msgpack_sbuffer_write);
    mp_pack_str(&pk, value);
    event_set_done(ev, field);
}

void
event_set_i64(struct event *ev, enum event_field field, int64_t value)
{
    msgpack_packer pk;

    msgpack_packer_init(&pk, event_set(ev, field), msgpack_sbuffer_write);
    msgpack_pack_int64(&pk, value);
    event_set_done(ev, field);
}

void
event_set_true(struct event *ev, enum event_field field)
{
    msgpack_packer pk;

    msgpack_packer_init(&pk, event_set(ev, field), msgpack_sbuffer_write);
    msgpack_pack_true(&pk);
    event_set_done(ev, field);
}

void
event_set_span(struct event *ev, enum event_field field, struct span value)
{
    msgpack_sbuffer *fresh = msgpack_sbuffer_new();

    if (fresh == NULL)
        abort();
    /* Into a buffer of its own first: the value may lie in the old one. */
    msgpack_sbuffer_write(fresh, (const char *)value.data, value.len);
    if (ev->own[field] != NULL)
        msgpack_sbuffer_free(ev->own[field]);
    ev->own[field] = fresh;
    event_set_done(ev, field);
}

void
event_drop(struct event *ev, enum event_field field)
{
    ev->field[field] = (struct span){NULL, 0};
}

void
event_trace(struct event *ev, const char *name, const char *verdict,
            const char *reason)
{
    struct span old = ev->field[EVENT_TRACE];
    msgpack_sbuffer *fresh = msgpack_sbuffer_new();
    msgpack_packer pk;
    uint32_t n = 0;

    if (fresh == NULL)
        abort();
    if (!mp_array(&old, &n))
        n = 0;
    msgpack_packer_init(&pk, fresh, msgpack_sbuffer_write);
    msgpack_pack_array(&pk, n + 1);
    if (n > 0)
        msgpack_sbuffer_write(fresh, (const char *)old.data, old.len);
    msgpack_pack_array(&pk, 3);
    mp_pack_str(&pk, name);
    mp_pack_str(&pk, verdict);
    mp_pack_str(&pk, reason);
    if (ev->own[EVENT_TRACE] != NULL)
        msgpack_sbuffer_free(ev->own[EVENT_TRACE]);
    ev->own[EVENT_TRACE] = fresh;
    event_set_done(ev, EVENT_TRACE);
}

int
event_encode(const struct event *ev, msgpack_sbuffer *out, struct error *err)
{
    msgpack_packer pk;
    size_t before = out->size;
    size_t n = ev->n_extra;

    for (int i = 0; i < EVENT_FIELDS; i++)
        n += ev->field[i].data != NULL;
    msgpack_packer_init(&pk, out, msgpack_sbuffer_write);
    msgpack_pack_map(&pk, n);
    for (int i = 0; i < EVENT_FIELDS; i++) {
        if (ev->field[i].data == NULL)
            continue;
        mp_pack_str(&pk, names[i]);
        mp_pack_span(&pk, ev->field[i]);
    }
    for (size_t i = 0; i < 2 * ev->n_extra; i++)
        mp_pack_span(&pk, ev->extra[i]);
    if (out->size - before > MP_EVENT_MAX) {
        out->size = before;
        return error_set(err, EX_DATAERR, "event is over 4 MiB");
    }
    return 0;
}

void
event_whom(struct span contact, struct span record, char id[EVENT_WHOM_SIZE])
{
    char who[32];

    if (mp_get_str(contact, "hubspot_id", id, EVENT_WHOM_SIZE) >=
        EVENT_WHOM_SIZE)
        id[0] = '\0';
    if (id[0] != '\0')
        return;
    if (mp_get_str(contact, "salesforce_id", who, sizeof(who)) == 0)
        mp_get_str(record, "WhoId", who, sizeof(who));
    sf_id_normalise(who, id);
}

void
event_whom_of(struct span event, char id[EVENT_WHOM_SIZE])
{
    struct span record = mp_get(event, names[EVENT_NATIVE]);

    if (record.data == NULL)
        record = mp_get(event, names[EVENT_PROPS]);
    event_whom(mp_get(event, names[EVENT_CONTACT]), record, id);
}

void
outcome_encode(const struct outcome *o, msgpack_sbuffer *out)
{
    msgpack_packer pk;

    msgpack_packer_init(&pk, out, msgpack_sbuffer_write);
    msgpack_pack_map(&pk,
                     10 + (o->trace.data != NULL) + 2 * (o->kind[0] != '\0'));
    mp_pack_kv_str(&pk, "source", o->source);
    mp_pack_str(&pk, "seq");
    msgpack_pack_uint64(&pk, o->seq);
    mp_pack_kv_str(&pk, "id", o->id);
    mp_pack_kv_str(&pk, "outcome", o->outcome);
    mp_pack_kv_str(&pk, "reason", o->reason);
    mp_pack_kv_str(&pk, "stage", o->stage);
    mp_pack_kv_str(&pk, "target", o->target);
    mp_pack_kv_str(&pk, "detail", o->detail);
    mp_pack_kv_i64(&pk, "tries", o->tries);
    mp_pack_kv_i64(&pk, "conflicts", o->conflicts);
    if (o->trace.data != NULL) {
        mp_pack_str(&pk, "trace");
        mp_pack_span(&pk, o->trace);
    }
    if (o->kind[0] != '\0') {
        mp_pack_kv_str(&pk, names[EVENT_KIND], o->kind);
        mp_pack_kv_i64(&pk, names[EVENT_OCCURRED_AT], o->occurred_at);
    }
}

int
outcome_parse(struct outcome *o, const uint8_t *bytes, size_t len,
              struct error *err)
{
    struct span map = {bytes, len};
    struct span walk = map;
    uint32_t n;
    size_t size;
    int64_t seq;

    memset(o, 0, sizeof(*o));
    if (mp_skip(bytes, len, MP_EVENT_MAX, &size) != MP_OK || size != len ||
        !mp_map(&walk, &n))
        return error_set(err, EX_DATAERR, "outcome is no map");
    seq = mp_get_i64(map, "seq", -1);
    mp_get_str(map, "source", o->source, sizeof(o->source));
    mp_get_str(map, "outcome", o->outcome, sizeof(o->outcome));
    /* A text that begins with a NUL is none either. */
    if (o->source[0] == '\0' || o->outcome[0] == '\0' ||
        mp_get_str(map, "id", o->id, sizeof(o->id)) >= sizeof(o->id) || seq < 0)
        return error_set(err, EX_DATAERR,
                         "outcome without source, seq, id or outcome");
    o->seq = (uint64_t)seq;
    mp_get_str(map, "reason", o->reason, sizeof(o->reason));
    mp_get_str(map, "stage", o->stage, sizeof(o->stage));
    mp_get_str(map, "target", o->target, sizeof(o->target));
    mp_get_str(map, "detail", o->detail, sizeof(o->detail));
    o->tries = mp_get_i64(map, "tries", 0);
    o->conflicts = mp_get_i64(map, "conflicts", 0);
    o->trace = mp_get(map, "trace");
    mp_get_str(map, names[EVENT_KIND], o->kind, sizeof(o->kind));
    o->occurred_at = mp_get_i64(map, names[EVENT_OCCURRED_AT], 0);
    return 0;
}
