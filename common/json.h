/* json: cJSON, with the look-ups that reading an API's answer needs, and the
 * crossing to MessagePack. */
#ifndef COMMON_JSON_H
#define COMMON_JSON_H

#include "common/codec.h"
#include "common/error.h"
#include <cJSON.h>
#include <stdbool.h>

/* Parse a whole body; NULL (EX_PROTOCOL) with a reason when it is no JSON, is
 * nested deeper than MP_DEPTH_MAX, or has bytes after its end. Every string in
 * it is UTF-8: U+FFFD stands for what is none, and for NUL. Caller frees with
 * cJSON_Delete(). */
cJSON *json_parse(const char *text, size_t len, struct error *err);

/* The string at a key; NULL when absent, null or no string. Borrowed. */
const char *json_str(const cJSON *object, const char *key);
/* An id that may be a JSON string or a whole number: copied to buf; false when
 * neither or too long. */
bool json_id(const cJSON *object, const char *key, char *buf, size_t size);
/* A whole number that may be a JSON number or a string of digits. */
bool json_i64(const cJSON *object, const char *key, int64_t *out);
/* A time: a text as timetext_parse() reads it, or ms since 1970 as a number.
 * false: there is none, or it lies out of timetext.h's bounds; *out is
 * unchanged then. */
bool json_time(const cJSON *object, const char *key, int64_t *out);
/* A nested object by a dotted path, "paging.next"; NULL when absent. */
const cJSON *json_at(const cJSON *object, const char *path);
/* The first object of a list whose string at `key` is `value`; NULL: none.
 * Borrowed. */
const cJSON *json_find(const cJSON *list, const char *key, const char *value);
/* Take the array at a key out of an answer, which is freed. NULL: it has none.
 * Caller frees. */
cJSON *json_take_array(cJSON *answer, const char *key);

/* Pack a JSON value as MessagePack. Whole numbers up to 2^53 become ints.
 * Strings longer than str_max bytes are cut at a character's border. */
void json_to_mp(const cJSON *value, size_t str_max, msgpack_packer *pk);
/* A MessagePack value as cJSON; bin becomes base16. NULL: out of bounds.
 * Caller frees with cJSON_Delete(). */
cJSON *json_from_mp(struct span value);

#endif
