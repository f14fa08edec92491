/* html_layout: see html_layout.h. */
#include "common/html_layout.h"

#include <string.h>

void
layout_init(struct layout *l, struct text *out)
{
    memset(l, 0, sizeof(*l));
    l->out = out;
    l->from = out->len;
    text_init(&l->blanks);
}

void
layout_fini(struct layout *l)
{
    text_fini(&l->blanks);
}

static bool
is_line_empty(const struct layout *l)
{
    return l->breaks > 0 || l->out->len == l->from;
}

/* What stands at the start of a line within the first `n` boxes. */
static void
put_prefix(struct layout *l, size_t n, bool is_text)
{
    size_t start = l->out->len;

    for (size_t i = 0; i < n; i++) {
        struct layout_box *b = &l->boxes[i];

        if (b->kind == BOX_QUOTE) {
            text_puts(l->out, "> ");
        } else if (b->kind == BOX_ITEM && is_text && !b->is_marked) {
            text_puts(l->out, b->marker);
            b->is_marked = true;
        } else if (b->kind == BOX_ITEM) {
            for (size_t k = 0; k < strlen(b->marker); k++)
                text_putc(l->out, ' ');
        }
    }
    while (!is_text && l->out->len > start &&
           l->out->data[l->out->len - 1] == ' ')
        l->out->len--;
}

void
layout_ink(struct layout *l)
{
    if (is_line_empty(l)) {
        if (l->out->len > l->from)
            text_putc(l->out, '\n');
        else
            l->breaks = 1;
        for (; l->breaks > 1; l->breaks--) {
            put_prefix(l, l->n_common, false);
            text_putc(l->out, '\n');
        }
        put_prefix(l, l->n_boxes, true);
    } else if (l->is_cell_due) {
        text_puts(l->out, " | ");
        l->blanks.len = 0;
    }
    text_putn(l->out, l->blanks.data, l->blanks.len);
    l->blanks.len = 0;
    l->breaks = 0;
    l->is_cell_due = false;
    l->has_nbsp = false;
    l->has_row_text = true;
    l->n_common = l->n_boxes;
    if (l->ink_from == 0)
        l->ink_from = l->out->len + 1;
}

void
layout_block(struct layout *l, unsigned n)
{
    if (l->has_nbsp && l->breaks < 2)
        l->breaks++; /* a line of nothing but &nbsp; is an empty line */
    l->has_nbsp = false;
    l->blanks.len = 0;
    if (!l->is_cell_due && l->breaks < n)
        l->breaks = n;
}

void
layout_break(struct layout *l)
{
    l->blanks.len = 0;
    l->has_nbsp = false;
    if (l->is_cell_due)
        return;
    if (!is_line_empty(l))
        l->breaks = 1;
    else if (l->breaks < 2 || l->pre > 0)
        l->breaks++;
}

static void
blank(struct layout *l, char c)
{
    if (l->pre > 0) {
        if (c == '\n')
            layout_break(l);
        else if (c != '\r' && c != '\f')
            text_putc(&l->blanks, c);
    } else if (!is_line_empty(l) && l->blanks.len == 0) {
        text_putc(&l->blanks, ' ');
    }
}

static void
no_break_space(struct layout *l)
{
    l->has_nbsp = is_line_empty(l);
    text_putc(&l->blanks, ' ');
}

/* Characters beyond ASCII that are no ink. Returns the length of the one at s
 * when it is such a one and was dealt with, else 0. */
static size_t
special(struct layout *l, const char *s)
{
    static const struct {
        const char *bytes;
        enum { NOTHING, SPACE, LINE } is;
    } list[] = {
        {"\xc2\xa0", SPACE},     /* no-break space */
        {"\xe2\x80\xaf", SPACE}, /* narrow no-break space */
        {"\xe2\x80\x87", SPACE}, /* figure space */
        {"\xe2\x80\xa8", LINE},  /* line separator */
        {"\xe2\x80\xa9", LINE},  /* paragraph separator */
        {"\xc2\xad", NOTHING},   /* soft hyphen */
        {"\xcd\x8f", NOTHING},   /* grapheme joiner: filler of mail previews */
        {"\xe2\x80\x8b", NOTHING}, /* zero width space */
        {"\xe2\x81\xa0", NOTHING}, /* word joiner */
        {"\xef\xbb\xbf", NOTHING}, /* byte order mark */
    };

    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        size_t n = strlen(list[i].bytes);

        if (strncmp(s, list[i].bytes, n) != 0)
            continue;
        if (list[i].is == SPACE)
            no_break_space(l);
        else if (list[i].is == LINE)
            layout_break(l);
        return n;
    }
    return 0;
}

/* How many bytes at s are ink for sure. */
static size_t
ink_run(const char *s)
{
    size_t n = 0;

    while ((unsigned char)s[n] > ' ' && s[n] != 0x7f &&
           strchr("\xc2\xcd\xe2\xef", s[n]) == NULL)
        n++;
    return n;
}

void
layout_text(struct layout *l, const char *s)
{
    while (*s != '\0') {
        size_t n = ink_run(s);

        if (n == 0 && (unsigned char)*s >= 0x80) {
            n = special(l, s);
            if (n > 0) {
                s += n;
                continue;
            }
            n = 1 + ink_run(s + 1);
        }
        if (n > 0) {
            layout_ink(l);
            text_putn(l->out, s, n);
            s += n;
            continue;
        }
        if (*s == ' ' || (*s >= '\t' && *s <= '\r' && *s != '\v'))
            blank(l, *s);
        s++; /* other control characters are left out */
    }
}

void
layout_cell(struct layout *l)
{
    if (!l->has_row_text)
        return;
    l->breaks = 0;
    l->blanks.len = 0;
    l->has_nbsp = false;
    l->is_cell_due = true;
}

void
layout_row(struct layout *l)
{
    l->is_cell_due = false;
    layout_block(l, 1);
    l->has_row_text = false;
}

struct layout_box *
layout_push(struct layout *l, enum layout_box_kind kind, const void *owner)
{
    struct layout_box *b;

    if (l->n_boxes == LAYOUT_BOXES)
        return NULL;
    b = &l->boxes[l->n_boxes++];
    memset(b, 0, sizeof(*b));
    b->kind = kind;
    b->owner = owner;
    return b;
}

void
layout_pop(struct layout *l, const void *owner)
{
    if (l->n_boxes == 0 || l->boxes[l->n_boxes - 1].owner != owner)
        return;
    l->n_boxes--;
    if (l->n_common > l->n_boxes)
        l->n_common = l->n_boxes;
}
