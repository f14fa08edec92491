/* zone_test: the local date of an instant, around midnights, clock changes and
 * the date line, and a date's noon; unknown zones are refused. */
#include "common/zone.h"

#include "common/timetext.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct {
    const char *name;
    const char *zone;
    const char *instant;
    const char *want; /* NULL: no such zone */
} rows[] = {
    {"UTC, the last ms of a day", "UTC", "2024-04-25T23:59:59.999Z",
     "2024-04-25"},
    {"UTC, the first ms of a day", "UTC", "2024-04-26", "2024-04-26"},
    {"GMT", "GMT", "2024-07-01T12:00Z", "2024-07-01"},
    {"Etc/UTC", "Etc/UTC", "2024-07-01T12:00Z", "2024-07-01"},
    {"before 1970", "UTC", "1969-12-31T23:59:59.999Z", "1969-12-31"},
    {"Berlin in winter: UTC+1, before midnight", "Europe/Berlin",
     "2024-01-15T22:59:59.999Z", "2024-01-15"},
    {"Berlin in winter: at midnight", "Europe/Berlin", "2024-01-15T23:00Z",
     "2024-01-16"},
    {"Berlin in summer: UTC+2, before midnight", "Europe/Berlin",
     "2024-07-15T21:59:59.999Z", "2024-07-15"},
    {"Berlin in summer: at midnight", "Europe/Berlin", "2024-07-15T22:00Z",
     "2024-07-16"},
    {"Berlin, the night the clock goes forward", "Europe/Berlin",
     "2024-03-30T23:00Z", "2024-03-31"},
    {"Berlin, the night after it went forward", "Europe/Berlin",
     "2024-03-31T22:00Z", "2024-04-01"},
    {"Berlin, the night the clock goes back", "Europe/Berlin",
     "2024-10-26T22:00Z", "2024-10-27"},
    {"Berlin, an hour before the next midnight", "Europe/Berlin",
     "2024-10-27T22:59Z", "2024-10-27"},
    {"Berlin, the midnight after it went back", "Europe/Berlin",
     "2024-10-27T23:00Z", "2024-10-28"},
    {"New York is behind: still yesterday", "America/New_York",
     "2024-01-16T04:59Z", "2024-01-15"},
    {"New York at midnight", "America/New_York", "2024-01-16T05:00Z",
     "2024-01-16"},
    {"New York in summer at midnight", "America/New_York", "2024-07-16T04:00Z",
     "2024-07-16"},
    {"Los Angeles: the old year", "America/Los_Angeles", "2025-01-01T07:59Z",
     "2024-12-31"},
    {"Los Angeles: the new year", "America/Los_Angeles", "2025-01-01T08:00Z",
     "2025-01-01"},
    {"Los Angeles on a leap day", "America/Los_Angeles", "2024-03-01T07:59Z",
     "2024-02-29"},
    {"Tokyo has no summer time", "Asia/Tokyo", "2024-07-15T15:00Z",
     "2024-07-16"},
    {"Kolkata: half an hour", "Asia/Kolkata", "2024-07-15T18:29Z",
     "2024-07-15"},
    {"Kolkata: half an hour, at midnight", "Asia/Kolkata", "2024-07-15T18:30Z",
     "2024-07-16"},
    {"Kathmandu: three quarters", "Asia/Kathmandu", "2024-07-15T18:15Z",
     "2024-07-16"},
    {"Chatham: UTC+12:45", "Pacific/Chatham", "2024-07-15T11:15Z",
     "2024-07-16"},
    {"Kiritimati: UTC+14", "Pacific/Kiritimati", "2024-07-15T10:00Z",
     "2024-07-16"},
    {"Pago Pago: UTC-11", "Pacific/Pago_Pago", "2024-07-15T10:59Z",
     "2024-07-14"},
    {"Apia, before it crossed the date line", "Pacific/Apia",
     "2011-12-30T09:59:59Z", "2011-12-29"},
    {"Apia left 30 December 2011 out", "Pacific/Apia", "2011-12-30T10:00:00Z",
     "2011-12-31"},
    {"Sydney: summer in January", "Australia/Sydney", "2024-01-15T13:00Z",
     "2024-01-16"},
    {"Sydney: winter in July", "Australia/Sydney", "2024-07-15T13:59Z",
     "2024-07-15"},
    {"Sao Paulo has no summer time since 2019", "America/Sao_Paulo",
     "2024-01-15T02:59Z", "2024-01-14"},
    {"Sao Paulo had one in 2018", "America/Sao_Paulo", "2018-01-15T02:00Z",
     "2018-01-15"},
    {"a rule goes on beyond the file's last change", "Europe/Berlin",
     "2099-07-15T22:00Z", "2099-07-16"},
    {"an old alias", "US/Eastern", "2024-01-16T04:59Z", "2024-01-15"},
    {"Etc/GMT+5 is behind", "Etc/GMT+5", "2024-01-16T04:59Z", "2024-01-15"},
    {"a name of three parts", "America/Argentina/Buenos_Aires",
     "2024-01-16T02:59Z", "2024-01-15"},

    {"no zone", "", "2024-01-01", NULL},
    {"an unknown zone", "Europe/Bielefeld", "2024-01-01", NULL},
    {"a folder", "Europe", "2024-01-01", NULL},
    {"wrong case", "europe/berlin", "2024-01-01", NULL},
    {"a path", "/etc/localtime", "2024-01-01", NULL},
    {"out of the folder", "../../../etc/localtime", "2024-01-01", NULL},
    {"a POSIX rule", "CET-1CEST,M3.5.0,M10.5.0/3", "2024-01-01", NULL},
    {"no zone file", "tzdata.zi", "2024-01-01", NULL},
    {"blanks", "Europe/Berlin ", "2024-01-01", NULL},
    {"very long",
     "Europe/Berlin/Berlin/Berlin/Berlin/Berlin/Berlin/Berlin/Berlin/Berlin/B",
     "2024-01-01", NULL},
};

static int64_t
ms_of(const char *instant)
{
    int64_t ms;

    assert_int_equal(timetext_parse(instant, strlen(instant), &ms), 0);
    return ms;
}

static void
check(size_t i)
{
    struct error err = {0, ""};
    char buf[ZONE_DATE_SIZE] = "";
    int rc = zone_date(rows[i].zone, ms_of(rows[i].instant), buf, &err);

    assert_int_equal(zone_known(rows[i].zone), rows[i].want != NULL);
    if (rows[i].want == NULL) {
        assert_int_equal(rc, -1);
        assert_int_equal(err.code, EX_CONFIG);
        assert_non_null(strstr(err.text, "time zone"));
        return;
    }
    assert_int_equal(rc, 0);
    assert_string_equal(buf, rows[i].want);
}

static void
row(void **state)
{
    check((size_t)*state);
}

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

/* Each zone after each other one: no answer depends on the one before. */
static void
any_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_ROWS; i++)
        for (size_t k = 0; k < N_ROWS; k++) {
            check(i);
            check(k);
        }
}

static void
out_of_range(void **state)
{
    struct error err;
    char buf[ZONE_DATE_SIZE];

    (void)state;
    assert_int_equal(zone_date("UTC", INT64_MAX, buf, &err), -1);
    assert_int_equal(err.code, EX_DATAERR);
    assert_int_equal(zone_date("UTC", INT64_MIN, buf, &err), -1);
    assert_int_equal(zone_date("Pacific/Kiritimati", TIMETEXT_MAX, buf, &err),
                     -1);
    assert_int_equal(zone_date("UTC", TIMETEXT_MAX, buf, &err), 0);
    assert_string_equal(buf, "9999-12-31");
}

/* TZDIR is where the C library looks, too. */
static void
other_database(void **state)
{
    (void)state;
    assert_int_equal(setenv("TZDIR", "/nonexistent", 1), 0);
    assert_false(zone_known("Africa/Lagos"));
    assert_true(zone_known("UTC"));
    assert_int_equal(unsetenv("TZDIR"), 0);
    assert_true(zone_known("Africa/Lagos"));
}

static const struct noon {
    const char *name, *zone, *date, *want; /* NULL: refused */
} noons[] = {
    {"noon in UTC", "UTC", "2024-04-25", "2024-04-25T12:00Z"},
    {"noon before 1970", "UTC", "1969-12-31", "1969-12-31T12:00Z"},
    {"noon in Berlin in winter", "Europe/Berlin", "2024-01-15",
     "2024-01-15T11:00Z"},
    {"noon in Berlin in summer", "Europe/Berlin", "2024-07-15",
     "2024-07-15T10:00Z"},
    {"noon of the day the clock goes forward", "Europe/Berlin", "2024-03-31",
     "2024-03-31T10:00Z"},
    {"noon of the day the clock goes back", "Europe/Berlin", "2024-10-27",
     "2024-10-27T11:00Z"},
    {"noon of the day summer time begins at midnight", "America/Sao_Paulo",
     "2018-11-04", "2018-11-04T14:00Z"},
    {"noon at UTC+14 is yesterday's", "Pacific/Kiritimati", "2024-07-15",
     "2024-07-14T22:00Z"},
    {"noon at UTC-11", "Pacific/Pago_Pago", "2024-07-15", "2024-07-15T23:00Z"},
    {"noon at UTC+12:45", "Pacific/Chatham", "2024-07-15", "2024-07-14T23:15Z"},
    {"noon of a leap day", "Asia/Kolkata", "2024-02-29", "2024-02-29T06:30Z"},
    {"noon of the last day before the date line", "Pacific/Apia", "2011-12-29",
     "2011-12-29T22:00Z"},
    {"noon of the first day behind it", "Pacific/Apia", "2011-12-31",
     "2011-12-30T22:00Z"},
    {"noon far in the future", "Europe/Berlin", "2999-07-15",
     "2999-07-15T10:00Z"},
    {"noon of the last day", "UTC", "9999-12-31", "9999-12-31T12:00Z"},
    {"noon of the first day", "UTC", "0001-01-01", "0001-01-01T12:00Z"},
    {"noon of the first day, before year 1 in UTC", "Asia/Kolkata",
     "0001-01-01", "0001-01-01T06:06:32Z"},
    {"noon in no zone", "Europe/Bielefeld", "2024-04-25", NULL},
    {"noon of no date", "UTC", "2023-02-29", NULL},
    {"noon of an instant", "UTC", "2024-04-25T12:00Z", NULL},
    {"noon of ten digits", "UTC", "1714060800", NULL},
    {"noon of nothing", "UTC", "", NULL},
};

static void
noon(void **state)
{
    const struct noon *r = *state;
    struct error err = {0, ""};
    int64_t ms;
    int rc = zone_noon(r->zone, r->date, strlen(r->date), &ms, &err);

    assert_int_equal(rc, r->want == NULL ? -1 : 0);
    if (r->want == NULL)
        assert_true(err.code == EX_CONFIG || err.code == EX_DATAERR);
    else
        assert_int_equal(ms, ms_of(r->want));
}

/* Each day from 1970 to 2100, in each zone: the date of its noon is itself. */
static void
date_of_noon(void **state)
{
    static const char *const zones[] = {
        "UTC",
        "Europe/Berlin",
        "Europe/London",
        "America/New_York",
        "America/Sao_Paulo",
        "America/St_Johns",
        "America/Santiago",
        "Africa/Casablanca",
        "Asia/Tehran",
        "Asia/Kathmandu",
        "Asia/Gaza",
        "Australia/Lord_Howe",
        "Pacific/Kiritimati",
        "Pacific/Kwajalein",
        "Pacific/Apia",
        "Pacific/Chatham",
        "Antarctica/Troll",
        "Etc/GMT+12",
        "Etc/GMT-14",
    };
    /* Days that nobody there had, at the date line. */
    static const char skipped[] = "2011-12-30 1993-08-21 1994-12-31 1995-01-01";
    char date[TIMETEXT_SIZE], again[ZONE_DATE_SIZE];
    int64_t ms;

    (void)state;
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
        for (int64_t day = 0; day < 131 * 365; day++) {
            timetext_s(day * INT64_C(86400000), date);
            date[10] = '\0';
            assert_int_equal(zone_noon(zones[i], date, 10, &ms, NULL), 0);
            assert_int_equal(zone_date(zones[i], ms, again, NULL), 0);
            if (strncmp(zones[i], "Pacific/", 8) == 0 &&
                strstr(skipped, date) != NULL)
                continue;
            assert_string_equal(again, date);
        }
}

int
main(void)
{
    struct CMUnitTest tests[N_ROWS + sizeof(noons) / sizeof(noons[0]) + 4];
    size_t n;

    for (n = 0; n < N_ROWS; n++)
        tests[n] = (struct CMUnitTest){
            .name = rows[n].name, .test_func = row, .initial_state = (void *)n};
    for (size_t i = 0; i < sizeof(noons) / sizeof(noons[0]); i++)
        tests[n++] = (struct CMUnitTest){.name = noons[i].name,
                                         .test_func = noon,
                                         .initial_state = (void *)&noons[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(date_of_noon);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(any_order);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(out_of_range);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(other_database);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
