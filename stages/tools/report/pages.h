/* pages: a tally as a table and bars for a person, as CSV, as JSON. Pure. */
#ifndef REPORT_PAGES_H
#define REPORT_PAGES_H

#include "common/text.h"
#include "stages/tools/report/tally.h"

/* A table with the sums under it; "no activities" when there are none. Columns
 * are as wide as what is in them. */
void pages_table(const struct tally *t, const struct tally_filter *f,
                 struct text *out);
/* A bar for the activities of each period or contact, the longest as long as
 * fits into `width` columns. */
void pages_bars(const struct tally *t, size_t width, struct text *out);
/* RFC 4180, but that lines end in a newline alone; with a head. */
void pages_csv(const struct tally *t, const struct tally_filter *f,
               struct text *out);
/* A field of it, in quotes where it needs them. */
void pages_csv_field(const char *s, struct text *out);
/* {by, time_zone, since, until, rows: [{period, kind, source, figures}], total:
 * {figures}} on a line, in rows contact and email instead of period if they are
 * of contacts, and contact if one alone is counted; what is not known is null.
 */
void pages_json(const struct tally *t, const struct tally_filter *f,
                struct text *out);

#endif
