/* codec: see codec.h. The walker knows the lengths that MessagePack's first
 * byte announces (msgpack spec, "Formats") and keeps a small stack of how many
 * values each open container still wants; nothing is allocated. */
#include "common/codec.h"

#include <string.h>

const char *
mp_status_text(enum mp_status status)
{
    switch (status) {
    case MP_OK:
        return "ok";
    case MP_MORE:
        return "truncated";
    case MP_MALFORMED:
        return "no MessagePack";
    case MP_TOO_DEEP:
        return "nested too deeply (limit 32)";
    case MP_TOO_LARGE:
        return "too large (limit 4 MiB an event)";
    }
    return "";
}

static uint64_t
be(const uint8_t *p, size_t n)
{
    uint64_t v = 0;

    for (size_t i = 0; i < n; i++)
        v = v << 8 | p[i];
    return v;
}

/* What a first byte announces: `head` bytes of header, of which the last `size`
 * hold a count; `per` 0: the count is bytes of body, 1/2: values that follow an
 * array / a map. */
struct shape {
    uint8_t head; /* 0: malformed */
    uint8_t size; /* bytes of the count, at p[1] */
    uint8_t per;
    uint32_t fixed; /* count when size is 0 */
};

static struct shape
shape_of(uint8_t b)
{
    static const struct shape high[32] = {
        [0xc0 - 0xc0] = {1, 0, 0, 0},  [0xc1 - 0xc0] = {0, 0, 0, 0},
        [0xc2 - 0xc0] = {1, 0, 0, 0},  [0xc3 - 0xc0] = {1, 0, 0, 0},
        [0xc4 - 0xc0] = {2, 1, 0, 0},  [0xc5 - 0xc0] = {3, 2, 0, 0},
        [0xc6 - 0xc0] = {5, 4, 0, 0},  [0xc7 - 0xc0] = {2, 1, 0, 1},
        [0xc8 - 0xc0] = {3, 2, 0, 1},  [0xc9 - 0xc0] = {5, 4, 0, 1},
        [0xca - 0xc0] = {1, 0, 0, 4},  [0xcb - 0xc0] = {1, 0, 0, 8},
        [0xcc - 0xc0] = {1, 0, 0, 1},  [0xcd - 0xc0] = {1, 0, 0, 2},
        [0xce - 0xc0] = {1, 0, 0, 4},  [0xcf - 0xc0] = {1, 0, 0, 8},
        [0xd0 - 0xc0] = {1, 0, 0, 1},  [0xd1 - 0xc0] = {1, 0, 0, 2},
        [0xd2 - 0xc0] = {1, 0, 0, 4},  [0xd3 - 0xc0] = {1, 0, 0, 8},
        [0xd4 - 0xc0] = {1, 0, 0, 2},  [0xd5 - 0xc0] = {1, 0, 0, 3},
        [0xd6 - 0xc0] = {1, 0, 0, 5},  [0xd7 - 0xc0] = {1, 0, 0, 9},
        [0xd8 - 0xc0] = {1, 0, 0, 17}, [0xd9 - 0xc0] = {2, 1, 0, 0},
        [0xda - 0xc0] = {3, 2, 0, 0},  [0xdb - 0xc0] = {5, 4, 0, 0},
        [0xdc - 0xc0] = {3, 2, 1, 0},  [0xdd - 0xc0] = {5, 4, 1, 0},
        [0xde - 0xc0] = {3, 2, 2, 0},  [0xdf - 0xc0] = {5, 4, 2, 0},
    };

    if (b < 0x80 || b >= 0xe0)
        return (struct shape){1, 0, 0, 0}; /* fixint */
    if (b < 0x90)
        return (struct shape){1, 0, 2, b & 0x0fu}; /* fixmap */
    if (b < 0xa0)
        return (struct shape){1, 0, 1, b & 0x0fu}; /* fixarray */
    if (b < 0xc0)
        return (struct shape){1, 0, 0, b & 0x1fu}; /* fixstr */
    return high[b - 0xc0];
}

enum mp_status
mp_skip(const uint8_t *p, size_t len, size_t max, size_t *size)
{
    uint64_t left[MP_DEPTH_MAX]; /* values that each open container wants */
    size_t depth = 0;
    size_t at = 0;

    for (;;) {
        struct shape s;
        uint64_t count;

        if (at >= max)
            return MP_TOO_LARGE;
        if (at >= len)
            return MP_MORE;
        s = shape_of(p[at]);
        if (s.head == 0)
            return MP_MALFORMED;
        if (s.head > len - at)
            return s.head > max - at ? MP_TOO_LARGE : MP_MORE;
        count = s.fixed + (s.size > 0 ? be(p + at + 1, s.size) : 0);
        at += s.head;
        if (s.per == 0) {
            if (at > max || count > max - at)
                return MP_TOO_LARGE;
            if (count > len - at)
                return MP_MORE;
            at += (size_t)count;
        } else if (count > 0) {
            /* Each value takes a byte at least. */
            if (at > max || count * s.per > max - at)
                return MP_TOO_LARGE;
            if (depth == MP_DEPTH_MAX)
                return MP_TOO_DEEP;
            left[depth++] = count * s.per;
            continue;
        }
        while (depth > 0 && --left[depth - 1] == 0)
            depth--;
        if (depth == 0) {
            *size = at;
            return MP_OK;
        }
    }
}

static bool
container(struct span *s, uint8_t per, uint32_t *n)
{
    struct shape sh;

    if (s->data == NULL || s->len == 0)
        return false;
    sh = shape_of(s->data[0]);
    if (sh.per != per || sh.head > s->len)
        return false;
    *n = sh.fixed + (sh.size > 0 ? (uint32_t)be(s->data + 1, sh.size) : 0);
    s->data += sh.head;
    s->len -= sh.head;
    return true;
}

bool
mp_map(struct span *s, uint32_t *n)
{
    return container(s, 2, n);
}

bool
mp_array(struct span *s, uint32_t *n)
{
    return container(s, 1, n);
}

struct span
mp_next(struct span *s)
{
    struct span v = {NULL, 0};
    size_t size;

    if (s->data == NULL ||
        mp_skip(s->data, s->len, SIZE_MAX / 4, &size) != MP_OK)
        return v;
    v = (struct span){s->data, size};
    s->data += size;
    s->len -= size;
    return v;
}

bool
mp_str(struct span v, struct span *out)
{
    struct shape s;
    uint8_t b;

    if (v.data == NULL || v.len == 0)
        return false;
    b = v.data[0];
    if ((b < 0xa0 || b > 0xbf) && (b < 0xd9 || b > 0xdb))
        return false;
    s = shape_of(b);
    if (s.head > v.len)
        return false;
    *out = (struct span){v.data + s.head, v.len - s.head};
    return true;
}

bool
mp_is_str(struct span v, const char *text)
{
    struct span s;

    return mp_str(v, &s) && s.len == strlen(text) &&
           memcmp(s.data, text, s.len) == 0;
}

bool
mp_i64(struct span v, int64_t *out)
{
    uint8_t b;
    uint64_t u;

    if (v.data == NULL || v.len == 0)
        return false;
    b = v.data[0];
    if (b < 0x80) {
        *out = b;
    } else if (b >= 0xe0) {
        *out = (int8_t)b;
    } else if (b >= 0xcc && b <= 0xcf) {
        u = be(v.data + 1, v.len - 1);
        if (u > INT64_MAX)
            return false;
        *out = (int64_t)u;
    } else if (b >= 0xd0 && b <= 0xd3) {
        size_t bits = 8 * (v.len - 1);

        u = be(v.data + 1, v.len - 1);
        if (bits < 64 && (u >> (bits - 1)) != 0)
            u |= UINT64_MAX << bits; /* the sign reaches up */
        *out = (int64_t)u;
    } else {
        return false;
    }
    return true;
}

bool
mp_f64(struct span v, double *out)
{
    int64_t i;

    if (mp_i64(v, &i)) {
        *out = (double)i;
        return true;
    }
    if (v.data != NULL && v.len == 9 && v.data[0] == 0xcb) {
        uint64_t u = be(v.data + 1, 8);

        memcpy(out, &u, sizeof(*out));
        return true;
    }
    if (v.data != NULL && v.len == 5 && v.data[0] == 0xca) {
        uint32_t u = (uint32_t)be(v.data + 1, 4);
        float f;

        memcpy(&f, &u, sizeof(f));
        *out = (double)f;
        return true;
    }
    return false;
}

bool
mp_bool(struct span v, bool *out)
{
    if (v.data == NULL || v.len != 1 || (v.data[0] | 1) != 0xc3)
        return false;
    *out = v.data[0] == 0xc3;
    return true;
}

bool
mp_is_nil(struct span v)
{
    return v.data != NULL && v.len == 1 && v.data[0] == 0xc0;
}

struct span
mp_get(struct span map, const char *key)
{
    size_t key_len = strlen(key);
    uint32_t n;

    if (!mp_map(&map, &n))
        return (struct span){NULL, 0};
    while (n-- > 0) {
        struct span k = mp_next(&map);
        struct span v = mp_next(&map);
        struct span name;

        if (mp_str(k, &name) && name.len == key_len &&
            memcmp(name.data, key, key_len) == 0)
            return v;
    }
    return (struct span){NULL, 0};
}

size_t
mp_get_str(struct span map, const char *key, char *buf, size_t size)
{
    struct span s;
    size_t n;

    buf[0] = '\0';
    if (!mp_str(mp_get(map, key), &s))
        return 0;
    n = s.len < size - 1 ? s.len : size - 1;
    memcpy(buf, s.data, n);
    buf[n] = '\0';
    return s.len;
}

int64_t
mp_get_i64(struct span map, const char *key, int64_t fallback)
{
    int64_t v;

    return mp_i64(mp_get(map, key), &v) ? v : fallback;
}

void
mp_pack_strn(msgpack_packer *pk, const char *s, size_t len)
{
    msgpack_pack_str(pk, len);
    msgpack_pack_str_body(pk, s, len);
}

void
mp_pack_str(msgpack_packer *pk, const char *s)
{
    if (s == NULL)
        msgpack_pack_nil(pk);
    else
        mp_pack_strn(pk, s, strlen(s));
}

void
mp_pack_span(msgpack_packer *pk, struct span value)
{
    if (value.data == NULL)
        msgpack_pack_nil(pk);
    else
        pk->callback(pk->data, (const char *)value.data, value.len);
}

void
mp_pack_kv_str(msgpack_packer *pk, const char *key, const char *value)
{
    mp_pack_str(pk, key);
    mp_pack_str(pk, value);
}

void
mp_pack_kv_i64(msgpack_packer *pk, const char *key, int64_t value)
{
    mp_pack_str(pk, key);
    msgpack_pack_int64(pk, value);
}
