/* codec: MessagePack, bounded. Walking over values without decoding them, and
 * small readers and writers on top of msgpack-c.
 *
 * Everything that comes from a socket or a file goes through mp_skip() first:
 * it checks sizes, depth and well-formedness, so what follows may trust them.
 */
#ifndef COMMON_CODEC_H
#define COMMON_CODEC_H

#include <msgpack.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MP_DEPTH_MAX   32                 /* nesting of one event */
#define MP_EVENT_MAX   (4u * 1024 * 1024) /* bytes of one event */
#define MP_MESSAGE_MAX (8u * 1024 * 1024) /* bytes of one ZeroMQ message */

/* A stretch of bytes that somebody else owns; data NULL: absent. */
struct span {
    const uint8_t *data;
    size_t len;
};

enum mp_status {
    MP_OK,
    MP_MORE,      /* the value goes on after the end of the bytes */
    MP_MALFORMED, /* a byte that MessagePack does not know (0xc1) */
    MP_TOO_DEEP,
    MP_TOO_LARGE
};

/* "truncated", "malformed", ...; borrowed for ever. */
const char *mp_status_text(enum mp_status status);

/* Find the end of the value at p[0..len). On MP_OK *size is its length.
 * `max` bounds its size: a value that cannot fit is MP_TOO_LARGE at once, also
 * when its bytes are not there yet. Never reads past p+len. */
enum mp_status mp_skip(const uint8_t *p, size_t len, size_t max, size_t *size);

/* Read the header of a map / an array at the start of `s`. On success *n is the
 * number of pairs / elements and *s is moved to the first of them. */
bool mp_map(struct span *s, uint32_t *n);
bool mp_array(struct span *s, uint32_t *n);
/* Take the next whole value off the front of `s`; data NULL when there is none
 * (the caller has run mp_skip over the whole before). */
struct span mp_next(struct span *s);

/* Typed views of one value. false: it is of another type. */
bool mp_str(struct span v, struct span *out);    /* the string's bytes */
bool mp_is_str(struct span v, const char *text); /* a string, and this one */
bool mp_i64(struct span v, int64_t *out); /* any int that fits; no float */
bool mp_f64(struct span v, double *out);  /* ints too */
bool mp_bool(struct span v, bool *out);
bool mp_is_nil(struct span v);
/* The value of a key in a map value; data NULL when absent. */
struct span mp_get(struct span map, const char *key);
/* The string at a key: copied and NUL-terminated, cut to size; "" when absent
 * or no string. Returns the full length. */
size_t mp_get_str(struct span map, const char *key, char *buf, size_t size);
/* The int at a key, or `fallback`. */
int64_t mp_get_i64(struct span map, const char *key, int64_t fallback);

/* Writers: msgpack_pack_str + body in one call, and so on. */
void mp_pack_str(msgpack_packer *pk, const char *s); /* NULL packs nil */
void mp_pack_strn(msgpack_packer *pk, const char *s, size_t len);
void mp_pack_span(msgpack_packer *pk, struct span value); /* ready bytes */
void mp_pack_kv_str(msgpack_packer *pk, const char *key, const char *value);
void mp_pack_kv_i64(msgpack_packer *pk, const char *key, int64_t value);

#endif
