/* pages: see pages.h. */
#include "stages/tools/report/pages.h"

#include "common/shown.h"

#include <cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GAP     2
#define BAR_MAX 50 /* columns: longer ones tell no more */
#define BAR     "\xe2\x96\x88"
#define UNKNOWN "-"

static size_t
larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* ---- for a person ---- */

static const char *
or_unknown(const char *s)
{
    return s[0] != '\0' ? s : UNKNOWN;
}

static size_t
digits(int64_t n)
{
    char buf[24];

    return (size_t)snprintf(buf, sizeof(buf), "%" PRId64, n);
}

/* The columns before the figures. */
enum { GROUP, EMAIL, KIND, SOURCE, NAMES };

static const char *
by_name(const struct tally_filter *f)
{
    return f->by_contact ? "contact" : period_name(f->by);
}

static void
names_of(const struct tally_row *r, const char *names[NAMES])
{
    names[GROUP] = or_unknown(r->group);
    names[EMAIL] = or_unknown(r->email != NULL ? r->email : "");
    names[KIND] = or_unknown(r->kind);
    names[SOURCE] = or_unknown(r->source);
}

/* How wide it is when it is written. */
static size_t
width_of(const char *s, struct text *scratch)
{
    scratch->len = 0;
    shown_put(scratch, s, strlen(s));
    return scratch->len;
}

/* How wide each column is; 0: it is left out. */
struct widths {
    size_t name[NAMES];
    size_t figure[FIGURE_COUNT];
};

static struct widths
measure(const struct tally *t, const struct tally_filter *f,
        const char *const heads[NAMES], const int64_t *total)
{
    struct widths w = {.name = {[GROUP] = f->by_contact ? 0 : PERIOD_SIZE - 1}};
    const char *names[NAMES];
    struct text scratch;

    text_init(&scratch);
    for (int c = 0; c < NAMES; c++)
        w.name[c] = larger(w.name[c], strlen(heads[c]));
    for (size_t i = 0; i < t->n; i++) {
        names_of(&t->rows[i], names);
        for (int c = 0; c < NAMES; c++)
            w.name[c] = larger(w.name[c], width_of(names[c], &scratch));
    }
    text_fini(&scratch);
    if (!f->by_contact)
        w.name[EMAIL] = 0;
    for (int i = 0; i < FIGURE_COUNT; i++)
        if (i != FIGURE_OTHER || total[i] != 0)
            w.figure[i] = larger(strlen(figure_name(i)), digits(total[i]));
    return w;
}

static void
put_padded(const char *s, size_t width, struct text *out)
{
    size_t from = out->len;

    shown_put(out, s, strlen(s));
    while (out->len - from < width + GAP)
        text_putc(out, ' ');
}

static void
put_line(const struct widths *w, const char *const names[NAMES],
         const int64_t *n, struct text *out)
{
    for (int c = 0; c < NAMES; c++)
        if (w->name[c] > 0)
            put_padded(names[c], w->name[c], out);
    /* The gap before the first figure is there already. */
    for (int f = 0; f < FIGURE_COUNT; f++) {
        int width = (int)(w->figure[f] + (f > 0 ? GAP : 0));

        if (w->figure[f] == 0)
            continue;
        if (n != NULL)
            text_printf(out, "%*" PRId64, width, n[f]);
        else
            text_printf(out, "%*s", width, figure_name(f));
    }
    text_putc(out, '\n');
}

void
pages_table(const struct tally *t, const struct tally_filter *f,
            struct text *out)
{
    const char *const heads[NAMES] = {by_name(f), "email", "kind", "source"};
    const char *names[NAMES];
    int64_t total[FIGURE_COUNT];
    struct widths w;

    if (t->n == 0) {
        text_puts(out, "no activities\n");
        return;
    }
    tally_total(t, total);
    w = measure(t, f, heads, total);
    put_line(&w, heads, NULL, out);
    for (size_t i = 0; i < t->n; i++) {
        names_of(&t->rows[i], names);
        put_line(&w, names, t->rows[i].n, out);
    }
    put_line(&w, (const char *[NAMES]){"all", "", "", ""}, total, out);
}

/* To the nearest column; what is there is seen. */
static void
put_bar(int64_t n, int64_t max, size_t room, struct text *out)
{
    size_t len = (size_t)((double)n / (double)max * (double)room + 0.5);

    for (size_t i = 0; i < larger(len, n > 0); i++)
        text_puts(out, BAR);
}

void
pages_bars(const struct tally *t, size_t width, struct text *out)
{
    size_t name = PERIOD_SIZE - 1, used, room;
    int64_t max = 1;

    for (size_t i = 0; i < t->n; i = tally_group_end(t, i)) {
        int64_t n = tally_group_activities(t, i);

        max = n > max ? n : max;
        name = larger(name, strlen(t->rows[i].group));
    }
    used = name + GAP + 1 + digits(max);
    room = width > used ? width - used : 1;
    if (room > BAR_MAX)
        room = BAR_MAX;
    for (size_t i = 0; i < t->n; i = tally_group_end(t, i)) {
        int64_t n = tally_group_activities(t, i);

        put_padded(or_unknown(t->rows[i].group), name, out);
        put_bar(n, max, room, out);
        text_printf(out, " %" PRId64 "\n", n);
    }
}

/* ---- for programs ---- */

void
pages_csv_field(const char *s, struct text *out)
{
    bool is_quoted = strpbrk(s, ",\"\r\n") != NULL;

    if (is_quoted)
        text_putc(out, '"');
    for (; *s != '\0'; s++) {
        if (*s == '"')
            text_putc(out, '"');
        text_putc(out, *s);
    }
    if (is_quoted)
        text_putc(out, '"');
}

void
pages_csv(const struct tally *t, const struct tally_filter *f, struct text *out)
{
    text_puts(out, f->by_contact ? "contact,email" : "period");
    text_puts(out, ",kind,source");
    for (int i = 0; i < FIGURE_COUNT; i++)
        text_printf(out, ",%s", figure_name(i));
    text_putc(out, '\n');
    for (size_t i = 0; i < t->n; i++) {
        const struct tally_row *r = &t->rows[i];

        pages_csv_field(r->group, out);
        text_putc(out, ',');
        if (f->by_contact) {
            pages_csv_field(r->email != NULL ? r->email : "", out);
            text_putc(out, ',');
        }
        pages_csv_field(r->kind, out);
        text_putc(out, ',');
        pages_csv_field(r->source, out);
        for (int n = 0; n < FIGURE_COUNT; n++)
            text_printf(out, ",%" PRId64, r->n[n]);
        text_putc(out, '\n');
    }
}

static void
add_text(cJSON *object, const char *name, const char *s)
{
    if (s != NULL && s[0] != '\0')
        cJSON_AddStringToObject(object, name, s);
    else
        cJSON_AddNullToObject(object, name);
}

static void
add_figures(cJSON *object, const int64_t *n)
{
    for (int f = 0; f < FIGURE_COUNT; f++)
        cJSON_AddNumberToObject(object, figure_name(f), (double)n[f]);
}

/* Append it, and free it. */
static void
put_object(cJSON *object, struct text *out)
{
    char *text = cJSON_PrintUnformatted(object);

    if (text == NULL)
        abort();
    text_puts(out, text);
    free(text);
    cJSON_Delete(object);
}

static cJSON *
head_of(const struct tally_filter *f)
{
    cJSON *head = cJSON_CreateObject();

    cJSON_AddStringToObject(head, "by", by_name(f));
    cJSON_AddStringToObject(head, "time_zone", f->zone);
    add_text(head, "since", f->since);
    add_text(head, "until", f->until);
    if (f->contact != NULL)
        add_text(head, "contact", f->contact);
    return head;
}

static cJSON *
json_row(const struct tally_row *r, bool by_contact)
{
    cJSON *row = cJSON_CreateObject();

    add_text(row, by_contact ? "contact" : "period", r->group);
    if (by_contact)
        add_text(row, "email", r->email);
    add_text(row, "kind", r->kind);
    add_text(row, "source", r->source);
    add_figures(row, r->n);
    return row;
}

/* Row by row: as one document, those of many contacts would take ten times the
 * memory. */
void
pages_json(const struct tally *t, const struct tally_filter *f,
           struct text *out)
{
    cJSON *total = cJSON_CreateObject();
    int64_t sums[FIGURE_COUNT];

    put_object(head_of(f), out);
    out->len--; /* the object goes on */
    text_puts(out, ",\"rows\":[");
    for (size_t i = 0; i < t->n; i++) {
        if (i > 0)
            text_putc(out, ',');
        put_object(json_row(&t->rows[i], f->by_contact), out);
    }
    tally_total(t, sums);
    add_figures(total, sums);
    text_puts(out, "],\"total\":");
    put_object(total, out);
    text_puts(out, "}\n");
}
