/* html: see html.h. html_clean() bounds and simplifies the HTML, gumbo makes a
 * tree of it (implied tags, misnested tags, entities), html_element and
 * html_layout put the tree's text in lines.
 *
 * gumbo allocates from a zone that is thrown away as a whole: freeing its tree
 * node by node would recurse as deep as the tags nest. */
#include "common/html.h"

#include "common/html_clean.h"
#include "common/html_element.h"

#include <stdlib.h>
#include <string.h>

#include <gumbo.h>
#include <msgpack.h>

/* Where the walk is: a node, and which of its children comes next. */
struct place {
    const GumboNode *node;
    unsigned next;
};

struct walk {
    struct place *places;
    size_t n, size;
};

static void
enter(struct walk *w, const GumboNode *node)
{
    if (w->n == w->size) {
        w->size = w->size == 0 ? 64 : w->size * 2;
        w->places = realloc(w->places, w->size * sizeof(*w->places));
        if (w->places == NULL)
            abort(); /* out of memory: the fetcher sends again */
    }
    w->places[w->n++] = (struct place){node, 0};
}

static const GumboVector *
children(const GumboNode *node)
{
    static const GumboVector none;

    if (node->type == GUMBO_NODE_DOCUMENT)
        return &node->v.document.children;
    if (node->type == GUMBO_NODE_ELEMENT)
        return &node->v.element.children;
    return &none;
}

/* A node begins; true: its children come next. */
static bool
visit(struct html_view *v, const GumboNode *node)
{
    switch (node->type) {
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_WHITESPACE:
    case GUMBO_NODE_CDATA:
        layout_text(&v->layout, node->v.text.text);
        return false;
    case GUMBO_NODE_DOCUMENT:
        return true;
    case GUMBO_NODE_ELEMENT:
        return html_element_begin(v, node);
    default:
        return false;
    }
}

/* In document order, without recursion. */
static void
walk_tree(struct html_view *v, const GumboNode *root)
{
    struct walk w = {NULL, 0, 0};

    enter(&w, root);
    while (w.n > 0 && v->layout.out->len <= HTML_TEXT_MAX) {
        struct place *p = &w.places[w.n - 1];
        const GumboVector *kids = children(p->node);

        if (p->next < kids->length) {
            const GumboNode *kid = kids->data[p->next++];

            if (visit(v, kid))
                enter(&w, kid);
            continue;
        }
        if (p->node->type == GUMBO_NODE_ELEMENT)
            html_element_end(v, p->node);
        w.n--;
    }
    free(w.places);
}

static void *
zone_take(void *zone, size_t size)
{
    void *p = msgpack_zone_malloc(zone, size);

    if (p == NULL)
        abort();
    return p;
}

static void
zone_leave(void *zone, void *p)
{
    (void)zone;
    (void)p;
}

static void
parse_and_lay_out(const struct text *html, struct text *out)
{
    GumboOptions options = kGumboDefaultOptions;
    struct html_view view = {.link = NULL};
    msgpack_zone zone;
    GumboOutput *tree;

    if (!msgpack_zone_init(&zone, 16 * 1024))
        abort();
    options.allocator = zone_take;
    options.deallocator = zone_leave;
    options.userdata = &zone;
    options.max_errors = 0;
    tree = gumbo_parse_with_options(&options, html->data, html->len);
    layout_init(&view.layout, out);
    walk_tree(&view, tree->document);
    layout_fini(&view.layout);
    msgpack_zone_destroy(&zone);
}

static bool
has_entity(const char *s, size_t len)
{
    const char *p, *end = s + len;

    for (; (p = memchr(s, '&', (size_t)(end - s))) != NULL; s = p + 1)
        if (p + 1 < end && (p[1] == '#' || (p[1] >= 'a' && p[1] <= 'z') ||
                            (p[1] >= 'A' && p[1] <= 'Z')))
            return true;
    return false;
}

/* Text without tags: its lines are lines. */
static void
put_plain(const char *s, size_t len, struct text *out)
{
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '\r') {
            text_putc(out, '\n');
            i += i + 1 < len && s[i + 1] == '\n';
        } else {
            text_putc(out, s[i]);
        }
    }
}

static bool
valid_to_text(const char *html, size_t len, struct text *out)
{
    struct text clean;
    bool is_cut;

    text_init(&clean);
    if (html_has_markup(html, len)) {
        is_cut = html_clean(html, len, HTML_TAGS_MAX, &clean);
    } else if (has_entity(html, len)) {
        text_puts(&clean, "<pre>\n");
        html_clean(html, len, 0, &clean);
        is_cut = false;
    } else {
        put_plain(html, len, out);
        return false;
    }
    parse_and_lay_out(&clean, out);
    text_fini(&clean);
    return is_cut;
}

/* The part of it that is read: no half character and no half tag at its end. */
static size_t
readable(const char *html, size_t len)
{
    size_t fit = text_fit_bytes(html, len, HTML_INPUT_MAX);
    size_t at = fit;

    if (fit == len)
        return len;
    while (at > 0 && fit - at < 4096 && html[at - 1] != '>') {
        at--;
        if (html[at] == '<')
            return at;
    }
    return fit;
}

bool
html_to_text(const char *html, size_t len, struct text *out)
{
    size_t fit = readable(html, len);
    bool is_cut = fit < len;
    struct text valid, text;
    size_t from = out->len;

    if (len == 0)
        return false;
    text_init(&text);
    text_init(&valid);
    if (!text_is_valid(html, fit)) {
        text_put_valid(&valid, html, fit);
        html = valid.data;
        fit = valid.len;
    }
    is_cut |= valid_to_text(html, fit, &text);
    /* gumbo makes broken UTF-8 of a number like &#xAAAAAAAAAAAAAAAA; */
    text_put_valid(out, text.data, text.len);
    if (out->len - from > HTML_TEXT_MAX) {
        is_cut = true;
        out->len = from + text_fit_bytes(out->data + from, out->len - from,
                                         HTML_TEXT_MAX);
    }
    text_fini(&text);
    text_fini(&valid);
    return is_cut;
}
