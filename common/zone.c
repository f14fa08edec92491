/* zone: see zone.h. glibc takes an unknown zone for UTC without a word, so the
 * zone's file is looked at first. */
#include "common/zone.h"

#include "common/timetext.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NAME_MAX_LEN 64
#define N_KNOWN      64

/* Zones that were found, so that no file is opened for each date. */
static char known[N_KNOWN][NAME_MAX_LEN];
static size_t n_known;
/* The zone that TZ stands at; "" before the first. */
static char current[NAME_MAX_LEN];

static bool
is_utc(const char *zone)
{
    return strcmp(zone, "UTC") == 0 || strcmp(zone, "GMT") == 0 ||
           strcmp(zone, "Etc/UTC") == 0;
}

/* A name that stays below the database's folder. */
static bool
is_name(const char *zone)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz"
                                  "0123456789_+-/";
    size_t len = strlen(zone);

    return len > 0 && len < NAME_MAX_LEN && strspn(zone, letters) == len &&
           zone[0] != '/' && zone[len - 1] != '/';
}

static bool
has_file(const char *zone)
{
    const char *dir = getenv("TZDIR");
    char path[4096], magic[4];
    FILE *f;
    bool ok;

    if (dir == NULL || dir[0] == '\0')
        dir = "/usr/share/zoneinfo";
    if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, zone) >=
        sizeof(path))
        return false;
    f = fopen(path, "re");
    if (f == NULL)
        return false;
    ok = fread(magic, 1, sizeof(magic), f) == sizeof(magic) &&
         memcmp(magic, "TZif", sizeof(magic)) == 0;
    fclose(f);
    return ok;
}

bool
zone_known(const char *zone)
{
    for (size_t i = 0; i < n_known; i++)
        if (strcmp(known[i], zone) == 0)
            return true;
    if (!is_name(zone) || (!is_utc(zone) && !has_file(zone)))
        return false;
    if (n_known < N_KNOWN)
        strcpy(known[n_known++], zone);
    return true;
}

static int
switch_to(const char *zone, struct error *err)
{
    char tz[NAME_MAX_LEN + 1];

    if (strcmp(current, zone) == 0)
        return 0;
    if (!zone_known(zone))
        return error_set(err, EX_CONFIG,
                         "time zone \"%.80s\" is not known on this machine; "
                         "give a name like Europe/Berlin (package tzdata)",
                         zone);
    snprintf(tz, sizeof(tz), ":%s", zone);
    /* "UTC0" needs no file. */
    if (setenv("TZ", is_utc(zone) ? "UTC0" : tz, 1) != 0)
        abort();
    tzset();
    strcpy(current, zone);
    return 0;
}

int
zone_date(const char *zone, int64_t ms, char buf[ZONE_DATE_SIZE],
          struct error *err)
{
    time_t t = (time_t)(ms / 1000 - (ms % 1000 < 0));
    struct tm tm;

    if (switch_to(zone, err) < 0)
        return -1;
    if (ms < TIMETEXT_MIN || ms > TIMETEXT_MAX ||
        localtime_r(&t, &tm) == NULL || tm.tm_year + 1900 < 1 ||
        tm.tm_year + 1900 > 9999)
        return error_set(err, EX_DATAERR,
                         "time %lld ms lies outside the years 1 to 9999",
                         (long long)ms);
    snprintf(buf, ZONE_DATE_SIZE, "%04u-%02u-%02u",
             (unsigned)(tm.tm_year + 1900) % 10000u,
             (unsigned)(tm.tm_mon + 1) % 100u, (unsigned)tm.tm_mday % 100u);
    return 0;
}

int
zone_noon(const char *zone, const char *date, size_t len, int64_t *ms,
          struct error *err)
{
    int64_t midnight;
    time_t t;
    struct tm tm;

    if (switch_to(zone, err) < 0)
        return -1;
    if (len != ZONE_DATE_SIZE - 1 || date[4] != '-' ||
        timetext_parse(date, len, &midnight) < 0)
        return error_set(err, EX_DATAERR, "no date like 2024-04-25");
    t = (time_t)(midnight / 1000);
    gmtime_r(&t, &tm);
    tm.tm_hour = 12;
    tm.tm_isdst = -1;
    t = mktime(&tm);
    *ms = (int64_t)t * 1000;
    if (*ms < TIMETEXT_MIN || *ms > TIMETEXT_MAX)
        return error_set(err, EX_DATAERR,
                         "noon of %.10s lies outside the years 1 to 9999",
                         date);
    return 0;
}
