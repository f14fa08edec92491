/* mp_json: any MessagePack value as JSON text, for people and for pipes.
 *
 * Integers keep all their digits. Bytes that are no UTF-8 become U+FFFD,
 * control characters are escaped (so that a record's text cannot drive a
 * terminal), bin and ext become base16, NaN and infinity null; a key that is no
 * string becomes the string of its JSON. */
#ifndef COMMON_MP_JSON_H
#define COMMON_MP_JSON_H

#include "common/codec.h"
#include <stdio.h>

/* Print one value that mp_skip() has seen; no newline. */
void mp_json_print(FILE *out, struct span value);
/* A string of JSON, quotes included. */
void mp_json_string(FILE *out, const char *s, size_t len);

#endif
