/* html_layout: puts text in lines, with quotations, lists and cells. Breaks and
 * blanks are only noted, and written when more text follows, so that none is
 * left over at the end of a line or of the whole. */
#ifndef COMMON_HTML_LAYOUT_H
#define COMMON_HTML_LAYOUT_H

#include "common/text.h"
#include <stdbool.h>

#define LAYOUT_BOXES                                                           \
    24 /* quotations, lists and items within each other; deeper                \
          ones are not indented further */

enum layout_box_kind { BOX_QUOTE, BOX_LIST, BOX_ITEM };

struct layout_box {
    enum layout_box_kind kind;
    const void *owner; /* the element that it stands for */
    long next;         /* of a list: the number of its next item */
    char marker[24];   /* of an item: "- ", "12. " */
    bool is_marked;    /* the marker was written */
};

struct layout {
    struct text *out;
    size_t from;        /* where this text begins in `out` */
    size_t ink_from;    /* 1 + where the first ink since it was set to 0 lies */
    unsigned breaks;    /* line breaks to come before the next text */
    struct text blanks; /* blanks to come before the next text */
    bool has_nbsp;      /* the empty line that we are in holds a &nbsp; */
    bool is_cell_due;   /* " | " comes before the next text */
    bool has_row_text;  /* the table row has text already */
    unsigned pre;       /* depth of <pre>: white space counts */
    struct layout_box boxes[LAYOUT_BOXES];
    size_t n_boxes;
    size_t n_common; /* boxes that were open all the time since the last text */
};

/* Text is appended to `out`, which must stay. */
void layout_init(struct layout *l, struct text *out);
void layout_fini(struct layout *l);

/* Text of the document, NUL-terminated UTF-8. */
void layout_text(struct layout *l, const char *s);
/* Write all that is due before text that the caller appends to `out` himself.
 */
void layout_ink(struct layout *l);

/* <br> */
void layout_break(struct layout *l);
/* At least n line breaks from here: 1 ends the line, 2 leave one empty. */
void layout_block(struct layout *l, unsigned n);
/* A table's row begins or ends; a cell of it begins. */
void layout_row(struct layout *l);
void layout_cell(struct layout *l);

/* A box within the others; NULL when there are too many. Popped by the same
 * owner; popping what was not pushed does nothing. */
struct layout_box *layout_push(struct layout *l, enum layout_box_kind kind,
                               const void *owner);
void layout_pop(struct layout *l, const void *owner);

#endif
