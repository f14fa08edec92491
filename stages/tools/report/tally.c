/* tally: see tally.h. */
#include "stages/tools/report/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *
figure_name(enum figure figure)
{
    static const char *const names[FIGURE_COUNT] = {
        "activities", "written", "unchanged", "dropped", "dead", "other"};

    return names[figure];
}

void
tally_init(struct tally *t)
{
    memset(t, 0, sizeof(*t));
}

void
tally_fini(struct tally *t)
{
    for (size_t i = 0; i < t->n; i++)
        free(t->rows[i].email);
    free(t->rows);
    tally_init(t);
}

static struct tally_row *
new_row(struct tally *t)
{
    if (t->n == t->size) {
        t->size = t->size > 0 ? 2 * t->size : 64;
        t->rows = realloc(t->rows, t->size * sizeof(*t->rows));
        if (t->rows == NULL)
            abort();
    }
    return &t->rows[t->n++];
}

static bool
is_kind_wanted(const struct tally_filter *f, const char *kind)
{
    for (int i = 0; i < f->n_kinds; i++)
        if (strcmp(f->kinds[i], kind) == 0)
            return true;
    return f->n_kinds == 0;
}

static bool
is_day_wanted(const struct tally_filter *f, const char *day)
{
    if (day[0] == '\0')
        return f->since[0] == '\0' && f->until[0] == '\0';
    return strcmp(day, f->since) >= 0 &&
           (f->until[0] == '\0' || strcmp(day, f->until) <= 0);
}

static int
compare(const void *a, const void *b)
{
    const struct tally_row *x = a, *y = b;
    int rv = (x->group[0] == '\0') - (y->group[0] == '\0');

    if (rv == 0)
        rv = strcmp(x->group, y->group);
    if (rv == 0)
        rv = strcmp(x->kind, y->kind);
    return rv != 0 ? rv : strcmp(x->source, y->source);
}

static int
compare_busy(const void *a, const void *b)
{
    const struct tally_row *x = a, *y = b;
    int rv = (x->group[0] == '\0') - (y->group[0] == '\0');

    if (rv == 0)
        rv = (x->of_group < y->of_group) - (x->of_group > y->of_group);
    return rv != 0 ? rv : compare(a, b);
}

/* Into the last row, if that is its row: else there would be one a quarter. */
static void
put(struct tally *t, const struct tally_row *row)
{
    struct tally_row *last = t->n > 0 ? &t->rows[t->n - 1] : NULL;

    if (last == NULL || compare(last, row) != 0) {
        *new_row(t) = *row;
        return;
    }
    for (int i = 0; i < FIGURE_COUNT; i++)
        last->n[i] += row->n[i];
}

int
tally_add(struct tally *t, const struct tally_filter *f,
          const struct store_quarter *q, struct error *err)
{
    struct tally_row row = {.n = {[FIGURE_ACTIVITIES] = q->records,
                                  [FIGURE_WRITTEN] = q->written,
                                  [FIGURE_UNCHANGED] = q->unchanged,
                                  [FIGURE_DROPPED] = q->dropped,
                                  [FIGURE_DEAD] = q->dead,
                                  [FIGURE_OTHER] = q->versions - q->written -
                                                   q->unchanged - q->dropped -
                                                   q->dead}};
    char day[ZONE_DATE_SIZE] = "";

    if (!is_kind_wanted(f, q->kind))
        return 0;
    /* No zone's midnight lies within a quarter of an hour, or none has since
     * 1972. */
    if (q->from != 0 &&
        zone_date(q->is_day ? "UTC" : f->zone, q->from, day, err) < 0)
        return -1;
    if (!is_day_wanted(f, day))
        return 0;
    if (f->by_contact)
        snprintf(row.group, sizeof(row.group), "%s", q->contact);
    else if (day[0] != '\0')
        period_of(f->by, day, row.group);
    snprintf(row.kind, sizeof(row.kind), "%s", q->kind);
    snprintf(row.source, sizeof(row.source), "%s", q->source);
    put(t, &row);
    return 0;
}

size_t
tally_group_end(const struct tally *t, size_t from)
{
    size_t i = from;

    while (i < t->n && strcmp(t->rows[i].group, t->rows[from].group) == 0)
        i++;
    return i;
}

int64_t
tally_group_activities(const struct tally *t, size_t from)
{
    size_t end = tally_group_end(t, from);
    int64_t n = 0;

    for (size_t i = from; i < end; i++)
        n += t->rows[i].n[FIGURE_ACTIVITIES];
    return n;
}

static void
sort_busy(struct tally *t)
{
    for (size_t i = 0, end; i < t->n; i = end) {
        int64_t n = tally_group_activities(t, i);

        end = tally_group_end(t, i);
        for (size_t k = i; k < end; k++)
            t->rows[k].of_group = n;
    }
    if (t->n > 0)
        qsort(t->rows, t->n, sizeof(*t->rows), compare_busy);
}

void
tally_sort(struct tally *t, const struct tally_filter *f)
{
    size_t n = t->n;

    if (n > 0)
        qsort(t->rows, n, sizeof(*t->rows), compare);
    /* In place: rows become fewer, so that none is read after it was written.
     */
    t->n = 0;
    for (size_t i = 0; i < n; i++) {
        struct tally_row row = t->rows[i];

        put(t, &row);
    }
    if (f->by_contact)
        sort_busy(t);
}

int
tally_find_emails(struct tally *t,
                  int (*find)(void *ctx, const char *id,
                              char email[TALLY_EMAIL_SIZE], struct error *err),
                  void *ctx, struct error *err)
{
    for (size_t i = 0, end; i < t->n; i = end) {
        char email[TALLY_EMAIL_SIZE] = "";

        end = tally_group_end(t, i);
        if (t->rows[i].group[0] != '\0' &&
            find(ctx, t->rows[i].group, email, err) < 0)
            return -1;
        for (size_t k = i; k < end && email[0] != '\0'; k++)
            if ((t->rows[k].email = strdup(email)) == NULL)
                abort();
    }
    return 0;
}

void
tally_total(const struct tally *t, int64_t total[FIGURE_COUNT])
{
    memset(total, 0, FIGURE_COUNT * sizeof(*total));
    for (size_t i = 0; i < t->n; i++)
        for (int f = 0; f < FIGURE_COUNT; f++)
            total[f] += t->rows[i].n[f];
}
