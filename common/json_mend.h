/* json_mend: a look over JSON text before it is parsed. Pure. */
#ifndef COMMON_JSON_MEND_H
#define COMMON_JSON_MEND_H

#include <stdbool.h>
#include <stddef.h>

/* What the text will ask of a parser. */
struct json_extent {
    size_t depth;   /* deepest nesting of [ and { */
    size_t values;  /* at most so many values */
    bool is_broken; /* has \u escapes that no C string can hold */
};

void json_measure(const char *text, size_t len, struct json_extent *out);

/* Replace in place \u0000 (it would end a C string) and surrogates without
 * their other half (no UTF-8 has them) by \ufffd. */
void json_mend(char *text, size_t len);

#endif
