/* shown: values of users for a person's terminal: on one line, cut where they
 * are long, and with nothing in them that a terminal takes for a command. Pure.
 */
#ifndef COMMON_SHOWN_H
#define COMMON_SHOWN_H

#include "common/text.h"
#include <cJSON.h>

/* Append valid UTF-8 with its quotes, backslashes and control characters
 * escaped. */
void shown_put(struct text *out, const char *s, size_t len);
/* Append "it" in quotes, of more than `max` UTF-16 units their beginning with
 * an ellipsis; (empty) for NULL and "". */
void shown_quoted(struct text *out, const char *s, size_t max);
/* The same of a JSON value: a text in quotes, a number, true, false. */
void shown_value(struct text *out, const cJSON *value, size_t max);
/* Append "call 512" of the key "hubspot:call:512"; what is no key as it is. */
void shown_record(struct text *out, const char *key);
/* Append it whole, each line with `indent` before and a newline behind it. */
void shown_lines(struct text *out, const char *s, const char *indent);

#endif
