/* template: texts with {placeholders}, compiled once and filled from props.
 *
 *   {title}            the property; "" when it is not there or not known
 *   {fields}           a map, one "name: value" a line
 *   {fields.company}   one value of a map
 *   {{ and }}          the braces themselves
 *   \n                a line break; the config's values hold no empty lines
 *
 * What an empty placeholder leaves behind is tidied: "HubSpot call: {title}"
 * without a title reads "HubSpot call", "{a} - {b}" without a reads as b alone,
 * empty brackets go. In a description, a line of which every
 * placeholder is empty goes as a whole. Times read "2024-04-25 16:00 UTC". */
#ifndef NORMALIZER_TEMPLATE_H
#define NORMALIZER_TEMPLATE_H

#include "stages/normalizer/props.h"

struct template;

/* Compile; never fails (an unknown placeholder fills as empty). Caller frees
 * with template_free(). */
struct template *template_new(const char *text);
void template_free(struct template *t);

/* Are all its placeholders known? If not, the first unknown name is copied to
 * `unknown`. */
bool template_check(const char *text, char *unknown, size_t size);

/* Append it, filled, as one line: white space collapsed, none at the ends. */
void template_line(const struct template *t, const struct props *p,
                   struct text *out);
/* Append it, filled, as lines. */
void template_text(const struct template *t, const struct props *p,
                   struct text *out);

#endif
