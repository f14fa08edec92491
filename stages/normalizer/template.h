/* template: compiled once and filled from props. Its syntax and its names are
 * in common/placeholder.h.
 *
 * What an empty placeholder leaves behind is tidied: "HubSpot call: {title}"
 * without a title reads "HubSpot call", "{a} - {b}" without a reads as b alone,
 * empty brackets go. In a description, a line of which every placeholder is
 * empty goes as a whole. Times read "2024-04-25 16:00 UTC". A map is filled in
 * as one "name: value" a line. */
#ifndef NORMALIZER_TEMPLATE_H
#define NORMALIZER_TEMPLATE_H

#include "stages/normalizer/props.h"

struct template;

/* Compile a template that placeholder_check() found good (asserted). Caller
 * frees with template_free(). */
struct template *template_new(const char *text);
void template_free(struct template *t);

/* Append it, filled, as one line: white space collapsed, none at the ends. */
void template_line(const struct template *t, const struct props *p,
                   struct text *out);
/* Append it, filled, as lines. */
void template_text(const struct template *t, const struct props *p,
                   struct text *out);

#endif
