/* html_tag: where a tag or a comment ends, and the few attributes of it that
 * matter for text. Pure; borrows from the HTML. */
#ifndef COMMON_HTML_TAG_H
#define COMMON_HTML_TAG_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the HTML; s NULL: absent. */
struct html_piece {
    const char *s;
    size_t len;
};

enum html_attr {
    HTML_HREF,
    HTML_ALT,
    HTML_STYLE,
    HTML_HIDDEN,
    HTML_WIDTH,
    HTML_HEIGHT,
    HTML_START,
    HTML_VALUE,
    HTML_ATTRS
};

struct html_tag {
    struct html_piece name; /* empty: a comment, a doctype, ... */
    bool is_end;
    struct html_piece attr[HTML_ATTRS]; /* the first of each name */
};

/* Read the tag or comment at s[0..len), s[0] = '<'. Returns its length: up to
 * `len` when it does not end before; 0 when this '<' is only a character. What
 * looks like an address in angle brackets, <anna@example.com> or
 * <https://...>, is text too: so it is meant in mail, though a browser hides
 * it. */
size_t html_tag_read(const char *s, size_t len, struct html_tag *tag);

#endif
