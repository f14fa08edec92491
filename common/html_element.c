/* html_element: see html_element.h. */
#include "common/html_element.h"

#include "common/html_link.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const GumboAttribute *
attribute(const GumboNode *node, const char *name)
{
    return gumbo_get_attribute(&node->v.element.attributes, name);
}

static long
number(const GumboNode *node, const char *name, long standard)
{
    const GumboAttribute *a = attribute(node, name);
    char *end;
    long v;

    if (a == NULL)
        return standard;
    v = strtol(a->value, &end, 10);
    return end == a->value || v > INT_MAX || v < INT_MIN ? standard : v;
}

static bool
is_in_item(const struct layout *l)
{
    for (size_t i = 0; i < l->n_boxes; i++)
        if (l->boxes[i].kind == BOX_ITEM)
            return true;
    return false;
}

/* How many breaks an element makes before and behind it; 0: it is no block.
 * Blocks with margins have none in list items and cells. */
static unsigned
breaks_of(const struct html_view *v, const GumboNode *node)
{
    switch (node->v.element.tag) {
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_CAPTION:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_HR:
        return 1;
    case GUMBO_TAG_P:
        if (attribute(node, "tight") != NULL)
            return 1;
        break;
    case GUMBO_TAG_H1:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL:
        break;
    default:
        return 0;
    }
    return v->cells > 0 || is_in_item(&v->layout) ? 1 : 2;
}

static void
begin_list(struct html_view *v, const GumboNode *node)
{
    struct layout_box *list = layout_push(&v->layout, BOX_LIST, node);

    if (list != NULL)
        list->next = number(node, "start", 1);
}

static void
begin_item(struct html_view *v, const GumboNode *node)
{
    struct layout *l = &v->layout;
    struct layout_box *list = l->n_boxes > 0 ? &l->boxes[l->n_boxes - 1] : NULL;
    const GumboNode *owner = list != NULL ? list->owner : NULL;
    struct layout_box *item;
    long n = 0;

    if (owner != NULL && owner->v.element.tag == GUMBO_TAG_OL) {
        n = number(node, "value", list->next);
        list->next = n + 1;
    } else {
        list = NULL;
    }
    item = layout_push(l, BOX_ITEM, node);
    if (item != NULL && list != NULL)
        snprintf(item->marker, sizeof(item->marker), "%ld. ", n);
    else if (item != NULL)
        strcpy(item->marker, "- ");
}

/* A table that holds tables is there for its looks: its cells are blocks. */
static bool
is_in_data_table(const GumboNode *node)
{
    while (node != NULL && (node->type != GUMBO_NODE_ELEMENT ||
                            node->v.element.tag != GUMBO_TAG_TABLE))
        node = node->parent;
    return node == NULL || attribute(node, "layout") == NULL;
}

static void
begin_cell(struct html_view *v, const GumboNode *node)
{
    if (is_in_data_table(node)) {
        v->cells++;
        layout_cell(&v->layout);
    } else {
        layout_block(&v->layout, 1);
    }
}

static void
end_cell(struct html_view *v, const GumboNode *node)
{
    if (!is_in_data_table(node))
        layout_block(&v->layout, 1);
    else if (v->cells > 0)
        v->cells--;
}

static void
begin_link(struct html_view *v, const GumboNode *node)
{
    v->link = node;
    v->link_has_image = false;
    v->layout.ink_from = 0;
}

/* " (https://...)" goes right behind the link's text, before the breaks and
 * blanks that are due. */
static void
end_link(struct html_view *v, const GumboNode *node)
{
    const GumboAttribute *href = attribute(node, "href");
    struct text *out = v->layout.out;
    size_t from = v->layout.ink_from;
    struct text url;

    if (v->link != node || href == NULL)
        return;
    v->link = NULL;
    text_init(&url);
    if (!link_address(href->value, &url)) {
        text_fini(&url);
        return;
    }
    if (from > 0 &&
        !link_says(out->data + from - 1, out->len - from + 1, &url)) {
        text_puts(out, " (");
        text_putn(out, url.data, url.len);
        text_putc(out, ')');
    } else if (from == 0 && v->link_has_image) {
        layout_ink(&v->layout);
        text_putn(out, url.data, url.len);
    }
    text_fini(&url);
}

static void
image(struct html_view *v, const GumboNode *node)
{
    const GumboAttribute *alt = attribute(node, "alt");

    if (alt != NULL && alt->value[strspn(alt->value, " \t\r\n")] != '\0')
        layout_text(&v->layout, alt->value);
    else
        v->link_has_image = true;
}

bool
html_element_begin(struct html_view *v, const GumboNode *node)
{
    struct layout *l = &v->layout;
    unsigned breaks;

    if (attribute(node, "hidden") != NULL)
        return false;
    breaks = breaks_of(v, node);
    if (breaks > 0)
        layout_block(l, breaks);
    switch (node->v.element.tag) {
    case GUMBO_TAG_A:
        begin_link(v, node);
        break;
    case GUMBO_TAG_BR:
        layout_break(l);
        break;
    case GUMBO_TAG_IMG:
        image(v, node);
        break;
    case GUMBO_TAG_HR:
        layout_text(l, "---");
        break;
    case GUMBO_TAG_PRE:
        l->pre++;
        break;
    case GUMBO_TAG_BLOCKQUOTE:
        layout_push(l, BOX_QUOTE, node);
        break;
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL:
        begin_list(v, node);
        break;
    case GUMBO_TAG_LI:
        begin_item(v, node);
        break;
    case GUMBO_TAG_TR:
        layout_row(l);
        break;
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
        begin_cell(v, node);
        break;
    default:
        break;
    }
    return true;
}

void
html_element_end(struct html_view *v, const GumboNode *node)
{
    struct layout *l = &v->layout;
    unsigned breaks;

    switch (node->v.element.tag) {
    case GUMBO_TAG_A:
        end_link(v, node);
        break;
    case GUMBO_TAG_PRE:
        l->pre--;
        break;
    case GUMBO_TAG_TR:
        layout_row(l);
        break;
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
        end_cell(v, node);
        break;
    default:
        break;
    }
    layout_pop(l, node);
    breaks = breaks_of(v, node);
    if (breaks > 0)
        layout_block(l, breaks);
}
