/* tally: the figures of a report, a row for each period or contact, kind and
 * source. Pure but for zone.h, which looks time zones up. */
#ifndef REPORT_TALLY_H
#define REPORT_TALLY_H

#include "common/store.h"
#include "stages/tools/report/period.h"

#define TALLY_EMAIL_SIZE 256

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
    bool by_contact; /* not by period */
    enum period by;
    const char *contact; /* what hangs on it alone, which the state sees to;
                            NULL: all */
    const char *zone;
    char since[ZONE_DATE_SIZE], until[ZONE_DATE_SIZE]; /* days, both included;
                                                          "": no bound */
    const char *const *kinds;
    int n_kinds; /* 0: all */
};

/* A group is a period or a contact. */
struct tally_row {
    char group[EVENT_WHOM_SIZE]; /* the contact's id; "": not known, a period
                                    that is not a bound leaves out */
    char kind[32], source[16];
    int64_t n[FIGURE_COUNT];
    int64_t of_group; /* activities, when rows are sorted by contact */
    char *email;      /* of a contact, where it is known; else NULL */
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
/* All is in: one row of each group, kind and source, in that order; what is not
 * known last. Of contacts those with the most activities first. */
void tally_sort(struct tally *t, const struct tally_filter *f);
/* Give each contact of a sorted tally its e-mail address, where `find` fills it
 * in: 0; or -1, which ends it. */
int tally_find_emails(struct tally *t,
                      int (*find)(void *ctx, const char *id,
                                  char email[TALLY_EMAIL_SIZE],
                                  struct error *err),
                      void *ctx, struct error *err);
/* Where the group of row `from` of a sorted tally ends; its activities, if it
 * begins there. */
size_t tally_group_end(const struct tally *t, size_t from);
int64_t tally_group_activities(const struct tally *t, size_t from);
/* The figures of all rows. */
void tally_total(const struct tally *t, int64_t total[FIGURE_COUNT]);

#endif
