/* zone: the date that the calendar on the wall shows at an instant, in a time
 * zone of the IANA database, and an instant of a date.
 *
 * Switches the process's TZ and leaves it switched: for single-threaded
 * programs that ask for UTC everywhere else (gmtime_r, timegm). */
#ifndef COMMON_ZONE_H
#define COMMON_ZONE_H

#include "common/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZONE_DATE_SIZE 11 /* "2024-04-25" and its NUL */

/* Is the zone ("Europe/Berlin") in the database of this machine ($TZDIR, else
 * /usr/share/zoneinfo)? UTC, GMT and Etc/UTC always are. */
bool zone_known(const char *zone);

/* The local date of an instant, ms since 1970 UTC. -1: no such zone
 * (EX_CONFIG), or the year is outside 1..9999 (EX_DATAERR). */
int zone_date(const char *zone, int64_t ms, char buf[ZONE_DATE_SIZE],
              struct error *err);

/* The instant of a date's local noon ("2024-04-25"): no clock is ever put
 * forward or back over it, so zone_date() of it is the date again. (But for a
 * day that a zone left out altogether when it crossed the date line: then an
 * instant of a day beside it.) -1: no such zone (EX_CONFIG), no such date, or
 * the instant is outside TIMETEXT_MIN..TIMETEXT_MAX (EX_DATAERR). */
int zone_noon(const char *zone, const char *date, size_t len, int64_t *ms,
              struct error *err);

#endif
