/* period: the day, week or month that a day lies in. Pure. */
#ifndef REPORT_PERIOD_H
#define REPORT_PERIOD_H

#include "common/zone.h"

enum period { PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH, PERIOD_NONE = -1 };

#define PERIOD_SIZE ZONE_DATE_SIZE

/* "day", "week", "month"; borrowed for ever. */
const char *period_name(enum period period);
/* The one of that name, or PERIOD_NONE. */
enum period period_parse(const char *name);
/* The period that a day ("2024-04-25") lies in: that day, the Monday of its
 * week, "2024-04". Sorts as time goes. */
void period_of(enum period period, const char *day, char out[PERIOD_SIZE]);

#endif
