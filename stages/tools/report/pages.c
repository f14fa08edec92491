/* pages: see pages.h. */
#include "stages/tools/report/pages.h"

#include "common/shown.h"

#include <inttypes.h>
#include <stdio.h>
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

/* How wide each column is; 0: it is left out. */
struct widths {
    size_t kind, source;
    size_t figure[FIGURE_COUNT];
};

static struct widths
measure(const struct tally *t, const int64_t *total)
{
    struct widths w = {strlen("kind"), strlen("source"), {0}};

    for (size_t i = 0; i < t->n; i++) {
        w.kind = larger(w.kind, strlen(t->rows[i].kind));
        w.source = larger(w.source, strlen(t->rows[i].source));
    }
    for (int f = 0; f < FIGURE_COUNT; f++)
        if (f != FIGURE_OTHER || total[f] != 0)
            w.figure[f] = larger(strlen(figure_name(f)), digits(total[f]));
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
put_line(const struct widths *w, const char *const names[3], const int64_t *n,
         struct text *out)
{
    put_padded(names[0], PERIOD_SIZE - 1, out);
    put_padded(names[1], w->kind, out);
    put_padded(names[2], w->source, out);
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
pages_table(const struct tally *t, enum period by, struct text *out)
{
    int64_t total[FIGURE_COUNT];
    struct widths w;

    if (t->n == 0) {
        text_puts(out, "no activities\n");
        return;
    }
    tally_total(t, total);
    w = measure(t, total);
    put_line(&w, (const char *[]){period_name(by), "kind", "source"}, NULL,
             out);
    for (size_t i = 0; i < t->n; i++) {
        const struct tally_row *r = &t->rows[i];

        put_line(&w,
                 (const char *[]){or_unknown(r->period), or_unknown(r->kind),
                                  or_unknown(r->source)},
                 r->n, out);
    }
    put_line(&w, (const char *[]){"all", "", ""}, total, out);
}

/* The activities of the period that begins with row *i; moves *i behind it. */
static int64_t
take_period(const struct tally *t, size_t *i)
{
    const char *period = t->rows[*i].period;
    int64_t n = 0;

    for (; *i < t->n && strcmp(t->rows[*i].period, period) == 0; (*i)++)
        n += t->rows[*i].n[FIGURE_ACTIVITIES];
    return n;
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
    size_t used, room;
    int64_t max = 1;

    for (size_t i = 0; i < t->n;) {
        int64_t n = take_period(t, &i);

        max = n > max ? n : max;
    }
    used = PERIOD_SIZE - 1 + GAP + 1 + digits(max);
    room = width > used ? width - used : 1;
    if (room > BAR_MAX)
        room = BAR_MAX;
    for (size_t i = 0; i < t->n;) {
        const char *period = or_unknown(t->rows[i].period);
        int64_t n = take_period(t, &i);

        put_padded(period, PERIOD_SIZE - 1, out);
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
pages_csv(const struct tally *t, struct text *out)
{
    text_puts(out, "period,kind,source");
    for (int f = 0; f < FIGURE_COUNT; f++)
        text_printf(out, ",%s", figure_name(f));
    text_putc(out, '\n');
    for (size_t i = 0; i < t->n; i++) {
        const struct tally_row *r = &t->rows[i];

        pages_csv_field(r->period, out);
        text_putc(out, ',');
        pages_csv_field(r->kind, out);
        text_putc(out, ',');
        pages_csv_field(r->source, out);
        for (int f = 0; f < FIGURE_COUNT; f++)
            text_printf(out, ",%" PRId64, r->n[f]);
        text_putc(out, '\n');
    }
}

static void
add_text(cJSON *object, const char *name, const char *s)
{
    if (s[0] != '\0')
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

cJSON *
pages_json(const struct tally *t, const struct tally_filter *f)
{
    cJSON *doc = cJSON_CreateObject();
    cJSON *rows;
    int64_t total[FIGURE_COUNT];

    cJSON_AddStringToObject(doc, "by", period_name(f->by));
    cJSON_AddStringToObject(doc, "time_zone", f->zone);
    add_text(doc, "since", f->since);
    add_text(doc, "until", f->until);
    rows = cJSON_AddArrayToObject(doc, "rows");
    for (size_t i = 0; i < t->n; i++) {
        cJSON *row = cJSON_CreateObject();

        add_text(row, "period", t->rows[i].period);
        add_text(row, "kind", t->rows[i].kind);
        add_text(row, "source", t->rows[i].source);
        add_figures(row, t->rows[i].n);
        cJSON_AddItemToArray(rows, row);
    }
    tally_total(t, total);
    add_figures(cJSON_AddObjectToObject(doc, "total"), total);
    return doc;
}
