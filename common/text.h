/* text: bytes that are UTF-8 text: growing, mending, cutting, trimming.
 *
 * Lengths in bytes say so; "units" are UTF-16 units, which is what Salesforce
 * and HubSpot count when they say characters. */
#ifndef COMMON_TEXT_H
#define COMMON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A text that grows. `data` is not NUL-terminated. Out of memory ends the
 * process. */
struct text {
    char *data;
    size_t len;
    size_t size;
};

void text_init(struct text *t);
void text_fini(struct text *t);
void text_putc(struct text *t, char c);
void text_putn(struct text *t, const char *s, size_t len);
void text_puts(struct text *t, const char *s);
void text_printf(struct text *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Is it all UTF-8 (no overlong forms, no surrogates), without a NUL? */
bool text_is_valid(const char *s, size_t len);
/* Append it, U+FFFD in place of each stretch that is no UTF-8 and of each NUL.
 */
void text_put_valid(struct text *t, const char *s, size_t len);
/* The same, a blank in place of each control character: words from outside as
 * one line that no terminal obeys. */
void text_put_line(struct text *t, const char *s, size_t len);

/* How many UTF-16 units valid UTF-8 takes. */
size_t text_units(const char *s, size_t len);
/* How many of its bytes fit into `max` units / bytes, ending at a character's
 * border. */
size_t text_fit_units(const char *s, size_t len, size_t max);
size_t text_fit_bytes(const char *s, size_t len, size_t max);
/* Cut valid UTF-8 to `max` units, `marker` included; true when it was cut. A
 * marker that does not fit itself is left out. */
bool text_cut_units(struct text *t, size_t max, const char *marker);
bool text_cut_bytes(struct text *t, size_t max, const char *marker);

/* Leave out blanks (ASCII white space) at both ends: moves *s, changes *len. */
void text_trim(const char **s, size_t *len);
/* Copy with the ASCII letters in lower case; `out` has room for `len` bytes and
 * is not terminated. */
void text_lower(const char *s, size_t len, char *out);

/* Such a line in a buffer, cut to its size; `size` >= 4. */
void text_line(const char *s, size_t len, char *buf, size_t size);

#endif
