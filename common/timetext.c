/* timetext: see timetext.h. */
#include "common/timetext.h"

#include <stdbool.h>
#include <stdio.h>

#define DAY_MS INT64_C(86400000)

/* Days since 1970 of a Gregorian date. Years are counted from March, so that
 * the leap day is the last of its year. */
static int64_t
days_of(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t in_era = y - era * 400;
    int64_t in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year -
           719468;
}

static void
date_of(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t in_era = z - era * 146097;
    int64_t y =
        (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * in_year + 2) / 153;

    *day = (int)(in_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(y + era * 400 + (*month <= 2));
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Exactly n digits with a value of lo..hi at *s; moves *s behind them. */
static bool
number(const char **s, const char *end, int n, int lo, int hi, int *out)
{
    int v = 0;

    if (end - *s < n)
        return false;
    for (int i = 0; i < n; i++) {
        if (!is_digit((*s)[i]))
            return false;
        v = v * 10 + ((*s)[i] - '0');
    }
    *s += n;
    *out = v;
    return v >= lo && v <= hi;
}

static bool
take(const char **s, const char *end, char c)
{
    if (*s == end || **s != c)
        return false;
    (*s)++;
    return true;
}

static int
parse_epoch(const char *s, const char *end, int64_t *ms)
{
    bool is_negative = take(&s, end, '-');
    int64_t v = 0;

    if (s == end || end - s > 16)
        return -1;
    for (; s < end; s++) {
        if (!is_digit(*s))
            return -1;
        v = v * 10 + (*s - '0');
    }
    if (is_negative)
        v = -v;
    if (v < TIMETEXT_MIN || v > TIMETEXT_MAX)
        return -1;
    *ms = v;
    return 0;
}

static bool
parse_date(const char **s, const char *end, int64_t *days)
{
    static const int lengths[] = {31, 29, 31, 30, 31, 30,
                                  31, 31, 30, 31, 30, 31};
    int y, m, d;

    if (!number(s, end, 4, 1, 9999, &y) || !take(s, end, '-') ||
        !number(s, end, 2, 1, 12, &m) || !take(s, end, '-') ||
        !number(s, end, 2, 1, lengths[m - 1], &d))
        return false;
    if (m == 2 && d == 29 && (y % 4 != 0 || (y % 100 == 0 && y % 400 != 0)))
        return false;
    *days = days_of(y, m, d);
    return true;
}

/* ":00" and ".123" behind HH:MM, both optional. */
static bool
parse_seconds(const char **s, const char *end, int64_t *ms)
{
    int sec, unit = 100;

    if (!take(s, end, ':'))
        return true;
    if (!number(s, end, 2, 0, 60, &sec))
        return false;
    *ms += sec * 1000;
    if (!take(s, end, '.') && !take(s, end, ','))
        return true;
    if (*s == end || !is_digit(**s))
        return false;
    for (; *s < end && is_digit(**s); (*s)++) {
        *ms += (**s - '0') * unit;
        unit /= 10;
    }
    return true;
}

static bool
parse_zone(const char **s, const char *end, int64_t *offset_ms)
{
    int sign, h, m = 0;

    *offset_ms = 0;
    if (*s == end || take(s, end, 'Z') || take(s, end, 'z'))
        return true;
    sign = take(s, end, '+') ? 1 : take(s, end, '-') ? -1 : 0;
    if (sign == 0 || !number(s, end, 2, 0, 23, &h))
        return false;
    if (*s < end) {
        take(s, end, ':');
        if (!number(s, end, 2, 0, 59, &m))
            return false;
    }
    *offset_ms = sign * (h * 60 + m) * INT64_C(60000);
    return true;
}

int
timetext_parse(const char *s, size_t len, int64_t *ms)
{
    const char *end = s + len;
    int64_t days, in_day, offset_ms = 0;
    int h, m;

    if (len < 5 || s[4] != '-')
        return parse_epoch(s, end, ms);
    if (!parse_date(&s, end, &days))
        return -1;
    in_day = 0;
    if (s < end) {
        if (!take(&s, end, 'T') && !take(&s, end, 't') && !take(&s, end, ' '))
            return -1;
        if (!number(&s, end, 2, 0, 23, &h) || !take(&s, end, ':') ||
            !number(&s, end, 2, 0, 59, &m))
            return -1;
        in_day = (h * 60 + m) * INT64_C(60000);
        if (!parse_seconds(&s, end, &in_day) ||
            !parse_zone(&s, end, &offset_ms) || s != end)
            return -1;
    }
    in_day += days * DAY_MS - offset_ms;
    if (in_day < TIMETEXT_MIN || in_day > TIMETEXT_MAX)
        return -1;
    *ms = in_day;
    return 0;
}

/* Split into date and time of day; outside of the range: its end. */
struct parts {
    int year, month, day;
    int hour, minute, second, ms;
};

static struct parts
split(int64_t ms)
{
    struct parts p;
    int64_t days;
    int in_day;

    if (ms < TIMETEXT_MIN)
        ms = TIMETEXT_MIN;
    if (ms > TIMETEXT_MAX)
        ms = TIMETEXT_MAX;
    days = ms / DAY_MS - (ms % DAY_MS < 0);
    in_day = (int)(ms - days * DAY_MS);
    date_of(days, &p.year, &p.month, &p.day);
    p.ms = in_day % 1000;
    p.second = in_day / 1000 % 60;
    p.minute = in_day / 60000 % 60;
    p.hour = in_day / 3600000;
    return p;
}

char *
timetext_ms(int64_t ms, char buf[TIMETEXT_SIZE])
{
    struct parts p = split(ms);

    snprintf(buf, TIMETEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
             p.year % 10000u, p.month % 100u, p.day % 100u, p.hour % 100u,
             p.minute % 100u, p.second % 100u, p.ms % 1000u);
    return buf;
}

char *
timetext_s(int64_t ms, char buf[TIMETEXT_SIZE])
{
    struct parts p = split(ms);

    snprintf(buf, TIMETEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ",
             p.year % 10000u, p.month % 100u, p.day % 100u, p.hour % 100u,
             p.minute % 100u, p.second % 100u);
    return buf;
}

char *
timetext_plain(int64_t ms, char buf[TIMETEXT_SIZE])
{
    struct parts p = split(ms);

    snprintf(buf, TIMETEXT_SIZE, "%04u-%02u-%02u %02u:%02u UTC",
             p.year % 10000u, p.month % 100u, p.day % 100u, p.hour % 100u,
             p.minute % 100u);
    return buf;
}
