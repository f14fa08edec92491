/* template: see template.h. */
#include "stages/normalizer/template.h"

#include "common/placeholder.h"
#include "common/timetext.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct template
{
    char *text; /* the pieces point into it */
    struct piece *pieces;
    size_t n;
};

static void
add(struct template *t, struct piece piece)
{
    assert(piece.kind != PIECE_UNKNOWN && piece.kind != PIECE_BRACE);
    t->pieces = realloc(t->pieces, (t->n + 1) * sizeof(*t->pieces));
    if (t->pieces == NULL)
        abort();
    t->pieces[t->n++] = piece;
}

struct template *
template_new(const char *text)
{
    struct template *t = calloc(1, sizeof(*t));
    const char *s;

    if (t == NULL || (t->text = strdup(text)) == NULL)
        abort();
    for (s = t->text; *s != '\0';)
        add(t, placeholder_next(&s));
    return t;
}

void
template_free(struct template *t)
{
    if (t == NULL)
        return;
    free(t->pieces);
    free(t->text);
    free(t);
}

static void
put_duration(int64_t ms, struct text *out)
{
    int64_t s = ms / 1000;

    if (s >= 3600)
        text_printf(out, "%" PRId64 " h ", s / 3600);
    if (s >= 60)
        text_printf(out, "%" PRId64 " min", s / 60 % 60);
    if (s < 60 || (s < 3600 && s % 60 != 0))
        text_printf(out, "%s%" PRId64 " s", s < 60 ? "" : " ", s % 60);
}

/* A map as "name: value" lines, or the value of one key of it. */
static void
put_map(struct span map, const char *key, size_t key_len, struct text *out)
{
    struct span name, value;
    uint32_t n;
    bool is_first = true;

    if (!mp_map(&map, &n))
        return;
    while (n-- > 0) {
        if (!mp_str(mp_next(&map), &name) || !mp_str(mp_next(&map), &value))
            return; /* made by us: cannot be */
        if (key_len > 0 &&
            (name.len != key_len || memcmp(name.data, key, key_len) != 0))
            continue;
        if (!is_first)
            text_putc(out, '\n');
        is_first = false;
        if (key_len == 0) {
            text_putn(out, (const char *)name.data, name.len);
            text_puts(out, ": ");
        }
        text_putn(out, (const char *)value.data, value.len);
    }
}

static void
put_value(const struct piece *piece, const struct props *p, struct text *out)
{
    const struct prop_value *v = &p->v[piece->prop];
    char when[TIMETEXT_SIZE];

    if (piece->prop == PROP_DURATION) {
        v = &p->v[PROP_DURATION_MS];
        if (v->type == PROP_INT)
            put_duration(v->i, out);
        return;
    }
    switch (v->type) {
    case PROP_TEXT:
        text_putn(out, (const char *)v->s.data, v->s.len);
        break;
    case PROP_INT:
        text_printf(out, "%" PRId64, v->i);
        break;
    case PROP_TIME:
        text_puts(out, timetext_plain(v->i, when));
        break;
    case PROP_BOOL:
        text_puts(out, v->i ? "yes" : "no");
        break;
    case PROP_RAW:
        put_map(v->s, piece->s, piece->len, out);
        break;
    case PROP_NONE:
        break;
    }
}

static bool
is_separator(char c)
{
    return c != '\0' && strchr(" \t:;,|/-", c) != NULL;
}

/* One line in the making: where it begins in `out`, and what an empty
 * placeholder asks for. */
struct line {
    size_t from;
    bool has_value;   /* a placeholder that was not empty */
    bool has_empty;   /* one that was */
    bool after_empty; /* right behind such a one */
};

static void
strip_separators(struct text *out, size_t from)
{
    while (out->len > from && is_separator(out->data[out->len - 1]))
        out->len--;
}

/* A literal right behind an empty placeholder: its separators or closing
 * bracket may have nothing to separate or to close any more. */
static void
put_literal_tidied(struct line *line, const char *s, size_t len,
                   struct text *out)
{
    char last = out->len > line->from ? out->data[out->len - 1] : '\0';

    if (len > 0 &&
        ((last == '(' && s[0] == ')') || (last == '[' && s[0] == ']'))) {
        out->len--;
        while (out->len > line->from && out->data[out->len - 1] == ' ')
            out->len--;
        s++;
        len--;
    } else if (last == '\0' || is_separator(last)) {
        while (len > 0 && is_separator(*s)) {
            s++;
            len--;
        }
    }
    text_putn(out, s, len);
}

static void
put_piece(const struct piece *piece, const struct props *p, struct line *line,
          struct text *out)
{
    size_t before = out->len;

    if (piece->kind == PIECE_LITERAL) {
        if (line->after_empty)
            put_literal_tidied(line, piece->s, piece->len, out);
        else
            text_putn(out, piece->s, piece->len);
        line->after_empty = false;
        return;
    }
    put_value(piece, p, out);
    line->after_empty = out->len == before;
    line->has_value |= !line->after_empty;
    line->has_empty |= line->after_empty;
}

/* Fill the line that begins at piece `i`; returns the piece behind it. */
static size_t
put_line(const struct template *t, size_t i, const struct props *p,
         struct line *line, struct text *out)
{
    memset(line, 0, sizeof(*line));
    line->from = out->len;
    for (; i < t->n && t->pieces[i].kind != PIECE_NEWLINE; i++)
        put_piece(&t->pieces[i], p, line, out);
    if (line->has_empty)
        strip_separators(out, line->from);
    return i < t->n ? i + 1 : i;
}

void
template_line(const struct template *t, const struct props *p, struct text *out)
{
    struct text whole;
    struct line line;
    bool is_blank_due = false;
    size_t from = out->len;

    text_init(&whole);
    for (size_t i = 0; i < t->n;) {
        i = put_line(t, i, p, &line, &whole);
        text_putc(&whole, ' ');
    }
    for (size_t i = 0; i < whole.len; i++) {
        char c = whole.data[i];

        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            is_blank_due = out->len > from;
            continue;
        }
        if (is_blank_due)
            text_putc(out, ' ');
        is_blank_due = false;
        text_putc(out, c);
    }
    text_fini(&whole);
}

void
template_text(const struct template *t, const struct props *p, struct text *out)
{
    size_t from = out->len;
    size_t breaks = 0; /* due before the next line that is not empty */

    for (size_t i = 0; i < t->n;) {
        struct text one;
        struct line line;

        text_init(&one);
        i = put_line(t, i, p, &line, &one);
        if (one.len == 0 && !line.has_empty) {
            breaks = 2;
        } else if (one.len > 0 && (line.has_value || !line.has_empty)) {
            if (out->len > from)
                text_puts(out, breaks > 1 ? "\n\n" : "\n");
            breaks = 0;
            text_putn(out, one.data, one.len);
        }
        text_fini(&one);
    }
}
