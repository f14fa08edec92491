/* query: the query string of a call, percent-encoded. Pure. */
#ifndef FETCHER_HUBSPOT_QUERY_H
#define FETCHER_HUBSPOT_QUERY_H

#include "common/text.h"
#include <stdint.h>

/* Append a text of one path segment or value; all but unreserved characters
 * are encoded. */
void query_encode(struct text *t, const char *value);
/* Append ?NAME=VALUE, or &NAME=VALUE when `t` has a ? already. */
void query_put(struct text *t, const char *name, const char *value);
void query_put_i64(struct text *t, const char *name, int64_t value);
/* The text so far, NUL-terminated. Borrowed: valid until `t` changes. */
const char *query_text(struct text *t);

#endif
