/* query: see query.h. */
#include "stages/fetcher/hubspot/query.h"

#include "common/http.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
query_encode(struct text *t, const char *value)
{
    char *encoded = http_encode(value);

    text_puts(t, encoded);
    free(encoded);
}

void
query_put(struct text *t, const char *name, const char *value)
{
    bool has = t->len > 0 && memchr(t->data, '?', t->len) != NULL;

    text_putc(t, has ? '&' : '?');
    text_puts(t, name);
    text_putc(t, '=');
    query_encode(t, value);
}

void
query_put_i64(struct text *t, const char *name, int64_t value)
{
    char digits[24];

    snprintf(digits, sizeof(digits), "%" PRId64, value);
    query_put(t, name, digits);
}

const char *
query_text(struct text *t)
{
    text_putc(t, '\0');
    t->len--;
    return t->data;
}
