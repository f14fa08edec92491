/* timetext: times as both services write them, to ms since 1970 UTC and back.
 * Pure. */
#ifndef COMMON_TIMETEXT_H
#define COMMON_TIMETEXT_H

#include <stddef.h>
#include <stdint.h>

/* 0001-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z */
#define TIMETEXT_MIN INT64_C(-62135596800000)
#define TIMETEXT_MAX INT64_C(253402300799999)

#define TIMETEXT_SIZE 25 /* "2024-04-25T16:00:00.123Z" and its NUL */

/* Read any of
 *   1714060800000                  ms since 1970 as digits, with or without '-'
 *   2024-04-25                     midnight UTC
 *   2024-04-25T16:00[:00[.123]]    UTC when no zone follows
 *     ... Z | +0200 | +02:00 | +02
 * A blank may stand for the T; more digits than ms are cut off; second 60 is
 * the next minute's 0. Blanks around it are refused. 0, or -1: no such time. */
int timetext_parse(const char *s, size_t len, int64_t *ms);

/* "2024-04-25T16:00:00.123Z" / "2024-04-25T16:00:00Z". A time outside of
 * TIMETEXT_MIN..TIMETEXT_MAX is written as the nearer of the two. Returns buf.
 */
char *timetext_ms(int64_t ms, char buf[TIMETEXT_SIZE]);
char *timetext_s(int64_t ms, char buf[TIMETEXT_SIZE]);
/* For people: "2024-04-25 16:00 UTC". */
char *timetext_plain(int64_t ms, char buf[TIMETEXT_SIZE]);

#endif
