/* html_link: what a link's address looks like in plain text. Pure. */
#ifndef COMMON_HTML_LINK_H
#define COMMON_HTML_LINK_H

#include "common/text.h"
#include <stdbool.h>

/* Append the address of an href to `url`: http(s) as it is, the mail address of
 * a mailto:, the number of a tel:. false: of another scheme (javascript:,
 * data:,
 * ...), relative, or a mere anchor; nothing was appended then. */
bool link_address(const char *href, struct text *url);

/* Does the link's text say its address already (scheme, "www.", a last slash,
 * case and a number's punctuation aside)? */
bool link_says(const char *text, size_t len, const struct text *url);

#endif
