/* json_mp: JSON values to MessagePack and back. */
#include "common/json.h"
#include "common/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EXACT_MAX 9007199254740992.0 /* 2^53 */

/* A string that goes on: valid UTF-8, at most `max` bytes. */
static void
pack_string(const char *s, size_t max, msgpack_packer *pk)
{
    size_t len = strlen(s);
    struct text t;

    if (text_is_valid(s, len)) {
        mp_pack_strn(pk, s, text_fit_bytes(s, len, max));
        return;
    }
    text_init(&t);
    text_put_valid(&t, s, len);
    mp_pack_strn(pk, t.data, text_fit_bytes(t.data, t.len, max));
    text_fini(&t);
}

static void
pack_number(double d, msgpack_packer *pk)
{
    if (fabs(d) <= EXACT_MAX && floor(d) >= d)
        msgpack_pack_int64(pk, (int64_t)d);
    else
        msgpack_pack_double(pk, d);
}

static void
pack_children(const cJSON *value, size_t str_max, msgpack_packer *pk)
{
    const cJSON *child;
    size_t n = (size_t)cJSON_GetArraySize(value);

    if (cJSON_IsObject(value))
        msgpack_pack_map(pk, n);
    else
        msgpack_pack_array(pk, n);
    cJSON_ArrayForEach(child, value)
    {
        if (cJSON_IsObject(value))
            pack_string(child->string, str_max, pk);
        json_to_mp(child, str_max, pk);
    }
}

void
json_to_mp(const cJSON *value, size_t str_max, msgpack_packer *pk)
{
    if (cJSON_IsString(value))
        pack_string(value->valuestring, str_max, pk);
    else if (cJSON_IsNumber(value))
        pack_number(value->valuedouble, pk);
    else if (cJSON_IsBool(value) && cJSON_IsTrue(value))
        msgpack_pack_true(pk);
    else if (cJSON_IsBool(value))
        msgpack_pack_false(pk);
    else if (cJSON_IsObject(value) || cJSON_IsArray(value))
        pack_children(value, str_max, pk);
    else
        msgpack_pack_nil(pk);
}

static cJSON *
checked(cJSON *item)
{
    if (item == NULL)
        abort();
    return item;
}

/* A C string of the bytes; the caller frees. */
static char *
text_of(struct span s)
{
    struct text t;

    text_init(&t);
    text_put_valid(&t, (const char *)s.data, s.len);
    text_putc(&t, '\0');
    return t.data;
}

static cJSON *
base16(struct span v)
{
    static const char hex[] = "0123456789abcdef";
    uint8_t b = v.data[0];
    /* The head of bin, ext and fixext; an ext's type is shown with its bytes.
     */
    size_t head = b >= 0xd4                ? 1
                  : b == 0xc4 || b == 0xc7 ? 2
                  : b == 0xc5 || b == 0xc8 ? 3
                                           : 5;
    size_t len;
    char *text;
    cJSON *item;

    len = v.len - head;
    text = malloc(2 * len + 1);
    if (text == NULL)
        abort();
    for (size_t i = 0; i < len; i++) {
        text[2 * i] = hex[v.data[head + i] >> 4];
        text[2 * i + 1] = hex[v.data[head + i] & 15];
    }
    text[2 * len] = '\0';
    item = checked(cJSON_CreateString(text));
    free(text);
    return item;
}

static cJSON *
scalar(struct span v)
{
    struct span s;
    double d;
    bool b;
    char *text;
    cJSON *item;

    if (mp_str(v, &s)) {
        text = text_of(s);
        item = checked(cJSON_CreateString(text));
        free(text);
        return item;
    }
    if (mp_bool(v, &b))
        return checked(cJSON_CreateBool(b));
    if (mp_f64(v, &d))
        return checked(isfinite(d) ? cJSON_CreateNumber(d)
                                   : cJSON_CreateNull());
    if (v.len == 1)
        return checked(cJSON_CreateNull());
    return base16(v);
}

static cJSON *from_mp(struct span value);

/* A key that is no string becomes the string of its JSON. */
static char *
key_of(struct span key)
{
    struct span s;
    cJSON *item;
    char *text;

    if (mp_str(key, &s))
        return text_of(s);
    item = from_mp(key);
    text = cJSON_PrintUnformatted(item);
    cJSON_Delete(item);
    if (text == NULL)
        abort();
    return text;
}

static cJSON *
from_mp(struct span value)
{
    struct span rest = value;
    uint32_t n;
    cJSON *out;

    if (mp_array(&rest, &n)) {
        out = checked(cJSON_CreateArray());
        while (n-- > 0)
            cJSON_AddItemToArray(out, from_mp(mp_next(&rest)));
    } else if (mp_map(&rest, &n)) {
        out = checked(cJSON_CreateObject());
        while (n-- > 0) {
            char *key = key_of(mp_next(&rest));

            cJSON_AddItemToObject(out, key, from_mp(mp_next(&rest)));
            free(key);
        }
    } else {
        out = scalar(value);
    }
    return out;
}

cJSON *
json_from_mp(struct span value)
{
    size_t size;

    if (value.data == NULL ||
        mp_skip(value.data, value.len, MP_MESSAGE_MAX, &size) != MP_OK ||
        size != value.len)
        return NULL;
    return from_mp(value);
}
