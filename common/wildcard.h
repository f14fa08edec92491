/* wildcard: does a text fit a pattern with * and ?. Pure. */
#ifndef COMMON_WILDCARD_H
#define COMMON_WILDCARD_H

#include <stdbool.h>
#include <stddef.h>

enum wildcard_case { WILDCARD_CASE, WILDCARD_ANY_CASE };

/* * stands for any characters (none too), ? for exactly one character of UTF-8.
 * WILDCARD_ANY_CASE: A to Z are the same as a to z. Never takes longer than
 * pattern times text. */
bool wildcard_fits(const char *pattern, size_t pattern_len, const char *text,
                   size_t len, enum wildcard_case how);

#endif
