/* html_element: what each element of an HTML tree does to the layout of its
 * text. */
#ifndef COMMON_HTML_ELEMENT_H
#define COMMON_HTML_ELEMENT_H

#include "common/html_layout.h"
#include <gumbo.h>
#include <stdbool.h>

struct html_view {
    struct layout layout;
    unsigned cells;        /* depth of cells of tables that hold data */
    const GumboNode *link; /* the <a> that we are in */
    bool link_has_image;   /* and it holds an image without alt text */
};

/* Returns false when what is in the element is to be left out;
 * html_element_end() must not be called for it then. */
bool html_element_begin(struct html_view *view, const GumboNode *element);
void html_element_end(struct html_view *view, const GumboNode *element);

#endif
