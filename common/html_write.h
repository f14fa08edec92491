/* html_write: plain text as an HTML fragment, and the form of plain text that
 * survives the way into HTML and back. Pure.
 *
 * A *tidy* text is one that HTML can hold: LF line ends, at most one empty line
 * between two others and none at the ends, no blanks at a line's end, blanks in
 * front and runs of them kept; a tab and a no-break space are a blank, control
 * characters, soft hyphens, zero width spaces and Unicode's noncharacters are
 * left out. For every valid UTF-8 text, html_to_text() of html_write() of it is
 * the tidy text, as long as html_fit() takes all of that. */
#ifndef COMMON_HTML_WRITE_H
#define COMMON_HTML_WRITE_H

#include "common/text.h"

/* Append the tidy form of valid UTF-8. Never longer than it was. */
void html_tidy(const char *s, size_t len, struct text *out);

/* Append valid UTF-8 as a <p> with a <br> for each line end; a text that is
 * tidied to nothing gives nothing. */
void html_write(const char *s, size_t len, struct text *out);

/* How many bytes of a tidy text have an HTML of at most `max` UTF-16 units that
 * html_to_text() reads whole. Ends at a character's border. */
size_t html_fit(const char *s, size_t len, size_t max);

#endif
