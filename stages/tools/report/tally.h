/* tally: the figures of a report, a row for each period, kind and source. Pure
 * but for zone.h, which looks time zones up. */
#ifndef REPORT_TALLY_H
#define REPORT_TALLY_H

#include "common/store.h"
#include "stages/tools/report/period.h"

enum figure {
    FIGURE_ACTIVITIES, /* how many records; then how their versions ended: */
    FIGURE_WRITTEN,
    FIGURE_UNCHANGED,
    FIGURE_DROPPED,
    FIGURE_DEAD,
    FIGURE_OTHER, /* in a way that only a stage of the user's own knows */
    FIGURE_COUNT
};

/* "activities", ...; borrowed for ever. */
const char *figure_name(enum figure figure);

/* What is to be counted. Days are those of `zone`. */
struct tally_filter {
    enum period by;
    const char *zone;
    char since[ZONE_DATE_SIZE], until[ZONE_DATE_SIZE]; /* days, both included;
                                                          "": no bound */
    const char *const *kinds;
    int n_kinds; /* 0: all */
};

struct tally_row {
    char period[PERIOD_SIZE]; /* "": not known, which a bound leaves out */
    char kind[32], source[16];
    int64_t n[FIGURE_COUNT];
};

struct tally {
    struct tally_row *rows;
    size_t n, size;
};

void tally_init(struct tally *t);
void tally_fini(struct tally *t);
/* Count what fits the filter. -1: the zone is not known (EX_CONFIG), or there
 * is no such year (EX_DATAERR). */
int tally_add(struct tally *t, const struct tally_filter *f,
              const struct store_quarter *q, struct error *err);
/* All is in: one row of each period, kind and source, in that order; the
 * unknown period last. */
void tally_sort(struct tally *t);
/* The figures of all rows. */
void tally_total(const struct tally *t, int64_t total[FIGURE_COUNT]);

#endif
