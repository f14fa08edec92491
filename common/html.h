/* html: an HTML fragment as plain text, for people to read.
 *
 * Entities are decoded, blocks and <br> become lines, list items "- " or "1. ",
 * a table's cells are separated by " | ", quotations begin with "> ", links
 * read "text (https://...)", an image is its alt text. Scripts, styles,
 * comments, what is hidden and tracking pixels are left out; nothing is
 * executed or fetched. White space collapses as in a browser, a no-break space
 * becomes a blank; there are no blanks at a line's end and at most one empty
 * line between blocks.
 *
 * Bytes that are no UTF-8 become U+FFFD. Text without any tag comes out as it
 * is but for its line ends, and entities are decoded. */
#ifndef COMMON_HTML_H
#define COMMON_HTML_H

#include "common/text.h"
#include <stdbool.h>

/* What is over is not read. A parser's work grows with (tags x nesting), so the
 * number of tags is bounded, not only the bytes: tags beyond it count as
 * blanks. Nesting needs no bound of its own: nothing here or in the parser
 * recurses. */
#define HTML_INPUT_MAX (1024 * 1024) /* bytes */
#define HTML_TAGS_MAX  12000         /* start and end tags */
#define HTML_TEXT_MAX  (512 * 1024)  /* bytes of text */

/* Append the text of html[0..len) to `out`. Returns true when something was
 * left out because of a limit. */
bool html_to_text(const char *html, size_t len, struct text *out);

#endif
