/* html_clean: takes from untrusted HTML what html_to_text() needs, so that the
 * parser behind it sees some twenty harmless tags, a handful of attributes and
 * a bounded number of both.
 *
 * Elements that read alike become one (section, article, ... become div; h1 to
 * h6 become h1). Inline elements without a meaning for text, comments, and
 * scripts, styles and the like with all that is in them, are left out. Style
 * and size attributes become two flags: `hidden`, and `tight` for a paragraph
 * without margins. */
#ifndef COMMON_HTML_CLEAN_H
#define COMMON_HTML_CLEAN_H

#include "common/text.h"
#include <stdbool.h>

/* Does it hold anything that a browser would take for a tag or a comment? */
bool html_has_markup(const char *html, size_t len);

/* Append the cleaned HTML to `out`. Time and size are linear in len. Returns
 * true when there were more than `tags_max` tags; those beyond became blanks.
 */
bool html_clean(const char *html, size_t len, size_t tags_max,
                struct text *out);

#endif
