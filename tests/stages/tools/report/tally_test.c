/* tally_test: which day, week and month an activity is counted in, around
 * midnights and clock changes; what the bounds and kinds let in; contacts. */
#include "stages/tools/report/tally.h"

#include "common/timetext.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct store_quarter
quarter(const char *kind, const char *instant)
{
    struct store_quarter q = {
        .source = "hubspot", .records = 1, .versions = 1, .written = 1};

    snprintf(q.kind, sizeof(q.kind), "%s", kind);
    if (instant[0] != '\0')
        assert_int_equal(timetext_parse(instant, strlen(instant), &q.from), 0);
    return q;
}

static void
add(struct tally *t, const struct tally_filter *f, const struct store_quarter q)
{
    struct error err = {0, ""};

    if (tally_add(t, f, &q, &err) < 0)
        fail_msg("%s", err.text);
}

static const struct {
    const char *name, *zone, *instant;
    const char *day, *week, *month;
} periods[] = {{"a Sunday's last quarter", "UTC", "2024-04-28T23:45Z",
                "2024-04-28", "2024-04-22", "2024-04"},
               {"a Monday's first", "UTC", "2024-04-29T00:00Z", "2024-04-29",
                "2024-04-29", "2024-04"},
               {"a week across the year's end", "UTC", "2025-01-01T12:00Z",
                "2025-01-01", "2024-12-30", "2025-01"},
               {"before 1970", "UTC", "1969-12-31T23:45Z", "1969-12-31",
                "1969-12-29", "1969-12"},
               {"a Sunday before 1970", "UTC", "1969-12-28T01:00Z",
                "1969-12-28", "1969-12-22", "1969-12"},
               {"Berlin, the day of 23 hours begins", "Europe/Berlin",
                "2024-03-30T23:00Z", "2024-03-31", "2024-03-25", "2024-03"},
               {"Berlin, it ends", "Europe/Berlin", "2024-03-31T21:45Z",
                "2024-03-31", "2024-03-25", "2024-03"},
               {"Berlin, the day behind it: a new month", "Europe/Berlin",
                "2024-03-31T22:00Z", "2024-04-01", "2024-04-01", "2024-04"},
               {"Berlin, the day of 25 hours begins", "Europe/Berlin",
                "2024-10-26T22:00Z", "2024-10-27", "2024-10-21", "2024-10"},
               {"Berlin, it ends", "Europe/Berlin", "2024-10-27T22:45Z",
                "2024-10-27", "2024-10-21", "2024-10"},
               {"Berlin, the day behind it", "Europe/Berlin",
                "2024-10-27T23:00Z", "2024-10-28", "2024-10-28", "2024-10"},
               {"New York, the day of 23 hours begins", "America/New_York",
                "2024-03-10T05:00Z", "2024-03-10", "2024-03-04", "2024-03"},
               {"New York, it ends", "America/New_York", "2024-03-11T03:45Z",
                "2024-03-10", "2024-03-04", "2024-03"},
               {"New York, the day behind it", "America/New_York",
                "2024-03-11T04:00Z", "2024-03-11", "2024-03-11", "2024-03"},
               {"New York, the day of 25 hours begins", "America/New_York",
                "2024-11-03T04:00Z", "2024-11-03", "2024-10-28", "2024-11"},
               {"New York, it ends", "America/New_York", "2024-11-04T04:45Z",
                "2024-11-03", "2024-10-28", "2024-11"},
               {"New York, the day behind it", "America/New_York",
                "2024-11-04T05:00Z", "2024-11-04", "2024-11-04", "2024-11"},
               {"Kathmandu: a quarter before midnight", "Asia/Kathmandu",
                "2024-04-25T18:00Z", "2024-04-25", "2024-04-22", "2024-04"},
               {"Kathmandu: midnight", "Asia/Kathmandu", "2024-04-25T18:15Z",
                "2024-04-26", "2024-04-22", "2024-04"},
               {"unknown", "UTC", "", "", "", ""}};

static void
periods_are_those_of_the_zone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++) {
        const char *want[] = {periods[i].day, periods[i].week,
                              periods[i].month};

        for (int by = PERIOD_DAY; by <= PERIOD_MONTH; by++) {
            struct tally_filter f = {.by = (enum period)by,
                                     .zone = periods[i].zone};
            struct tally t;

            tally_init(&t);
            add(&t, &f, quarter("call", periods[i].instant));
            if (strcmp(t.rows[0].group, want[by]) != 0)
                fail_msg("%s: %s", periods[i].name, t.rows[0].group);
            tally_fini(&t);
        }
    }
}

/* Four quarters an hour: as many as the day is long. */
static int64_t
quarters_on(const char *zone, const char *day)
{
    struct tally_filter f = {.by = PERIOD_DAY, .zone = zone};
    struct store_quarter q = quarter("call", day);
    int64_t noon = q.from + INT64_C(12) * 3600000, n;
    struct tally t;

    snprintf(f.since, sizeof(f.since), "%s", day);
    snprintf(f.until, sizeof(f.until), "%s", day);
    tally_init(&t);
    for (q.from = noon - INT64_C(48) * 3600000;
         q.from < noon + INT64_C(48) * 3600000; q.from += 900000)
        add(&t, &f, q);
    tally_sort(&t, &f);
    assert_int_equal(t.n, 1);
    assert_string_equal(t.rows[0].group, day);
    n = t.rows[0].n[FIGURE_ACTIVITIES];
    tally_fini(&t);
    return n;
}

static void
a_day_is_as_long_as_the_clocks_make_it(void **state)
{
    (void)state;
    assert_int_equal(quarters_on("UTC", "2024-03-31"), 96);
    assert_int_equal(quarters_on("Europe/Berlin", "2024-03-30"), 96);
    assert_int_equal(quarters_on("Europe/Berlin", "2024-03-31"), 92);
    assert_int_equal(quarters_on("Europe/Berlin", "2024-10-27"), 100);
    assert_int_equal(quarters_on("America/New_York", "2024-03-10"), 92);
    assert_int_equal(quarters_on("America/New_York", "2024-11-03"), 100);
    /* Midnight came twice here, so that the day before comes back. */
    assert_int_equal(quarters_on("America/Sao_Paulo", "2019-02-16"), 100);
}

static const struct {
    const char *since, *until, *instant;
    bool is_in;
} bounds[] = {{"", "", "2024-04-25T12:00Z", true},
              {"", "", "", true},
              {"2024-04-25", "", "2024-04-24T21:45Z", false},
              {"2024-04-25", "", "2024-04-24T22:00Z", true},
              {"", "2024-04-25", "2024-04-25T21:45Z", true},
              {"", "2024-04-25", "2024-04-25T22:00Z", false},
              {"2024-04-25", "", "", false},
              {"", "2024-04-25", "", false}};

static void
bounds_are_days_of_the_zone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
        struct tally_filter f = {.by = PERIOD_MONTH, .zone = "Europe/Berlin"};
        struct tally t;

        snprintf(f.since, sizeof(f.since), "%s", bounds[i].since);
        snprintf(f.until, sizeof(f.until), "%s", bounds[i].until);
        tally_init(&t);
        add(&t, &f, quarter("call", bounds[i].instant));
        if ((t.n == 1) != bounds[i].is_in)
            fail_msg("row %zu: %s", i, bounds[i].instant);
        tally_fini(&t);
    }
}

static void
a_day_is_the_same_in_all_zones(void **state)
{
    static const char *const zones[] = {"UTC", "America/New_York",
                                        "Pacific/Kiritimati"};

    (void)state;
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        struct tally_filter f = {.by = PERIOD_DAY, .zone = zones[i]};
        struct store_quarter q = quarter("task", "2024-04-25");
        struct tally t;

        q.is_day = true;
        tally_init(&t);
        add(&t, &f, q);
        assert_string_equal(t.rows[0].group, "2024-04-25");
        tally_fini(&t);
    }
}

static void
rows_are_sorted_and_one_of_each(void **state)
{
    static const char *const kinds[] = {"note", "call"};
    struct tally_filter f = {
        .by = PERIOD_DAY, .zone = "UTC", .kinds = kinds, .n_kinds = 2};
    struct store_quarter much = quarter("call", "2024-04-25T12:00Z");
    int64_t total[FIGURE_COUNT];
    struct tally t;

    (void)state;
    much.records = 7;
    much.versions = 21;
    much.written = 1;
    much.unchanged = 2;
    much.dropped = 4;
    much.dead = 8;
    tally_init(&t);
    add(&t, &f, quarter("call", ""));
    add(&t, &f, much);
    add(&t, &f, quarter("note", "2024-04-25T12:00Z"));
    add(&t, &f, quarter("call", "2024-04-25T11:45Z"));
    add(&t, &f, quarter("task", "2024-04-25T12:00Z"));
    add(&t, &f, quarter("note", "2024-04-24T12:00Z"));
    tally_sort(&t, &f);
    assert_int_equal(t.n, 4);
    assert_string_equal(t.rows[0].group, "2024-04-24");
    assert_string_equal(t.rows[1].kind, "call");
    assert_int_equal(t.rows[1].n[FIGURE_ACTIVITIES], 8);
    assert_int_equal(t.rows[1].n[FIGURE_WRITTEN], 2);
    assert_string_equal(t.rows[2].kind, "note");
    assert_string_equal(t.rows[3].group, "");
    tally_total(&t, total);
    assert_int_equal(total[FIGURE_ACTIVITIES], 11);
    assert_int_equal(total[FIGURE_WRITTEN], 5);
    assert_int_equal(total[FIGURE_UNCHANGED], 2);
    assert_int_equal(total[FIGURE_DROPPED], 4);
    assert_int_equal(total[FIGURE_DEAD], 8);
    assert_int_equal(total[FIGURE_OTHER], 6);
    tally_fini(&t);
}

static void
an_unknown_zone_is_an_error(void **state)
{
    struct tally_filter f = {.by = PERIOD_DAY, .zone = "Europe/Nowhere"};
    struct store_quarter q = quarter("call", "2024-04-25");
    struct error err;
    struct tally t;

    (void)state;
    tally_init(&t);
    assert_int_equal(tally_add(&t, &f, &q, &err), -1);
    assert_int_equal(err.code, EX_CONFIG);
    tally_fini(&t);
}

static void
periods_have_names(void **state)
{
    (void)state;
    for (int by = PERIOD_DAY; by <= PERIOD_MONTH; by++)
        assert_int_equal(period_parse(period_name((enum period)by)), by);
    assert_int_equal(period_parse("year"), PERIOD_NONE);
    assert_int_equal(period_parse(""), PERIOD_NONE);
}

static void
add_of(struct tally *t, const struct tally_filter *f, const char *contact,
       const char *kind, int64_t records, const char *instant)
{
    struct store_quarter q = quarter(kind, instant);

    snprintf(q.contact, sizeof(q.contact), "%s", contact);
    q.records = q.versions = q.written = records;
    add(t, f, q);
}

/* Of each row "contact kind activities". */
static void
check_rows(const struct tally *t, const char *want)
{
    char said[512] = "";

    for (size_t i = 0; i < t->n; i++)
        snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s %s %d\n",
                 t->rows[i].group, t->rows[i].kind,
                 (int)t->rows[i].n[FIGURE_ACTIVITIES]);
    assert_string_equal(said, want);
}

static void
contacts_with_the_most_come_first(void **state)
{
    struct tally_filter f = {.by_contact = true, .zone = "UTC"};
    struct tally t;

    (void)state;
    tally_init(&t);
    add_of(&t, &f, "", "call", 50, "2024-04-25");
    add_of(&t, &f, "", "note", 50, "2024-04-25");
    add_of(&t, &f, "51", "call", 3, "2024-04-25");
    add_of(&t, &f, "51", "note", 5, "2024-04-25");
    add_of(&t, &f, "52", "call", 7, "2024-04-25T01:00Z");
    add_of(&t, &f, "52", "call", 1, "2024-04-26");
    add_of(&t, &f, "53", "call", 20, "2024-04-25");
    add_of(&t, &f, "54", "call", 2, "2024-04-25");
    /* One row of each, though in between was another. */
    add_of(&t, &f, "51", "call", 1, "2024-04-26");
    tally_sort(&t, &f);
    check_rows(&t, "53 call 20\n51 call 4\n51 note 5\n52 call 8\n54 call 2\n"
                   " call 50\n note 50\n");
    assert_int_equal(tally_group_end(&t, 1), 3);
    assert_int_equal(tally_group_activities(&t, 1), 9);
    tally_fini(&t);
}

static void
of_contacts_only_what_lies_in_the_bounds_counts(void **state)
{
    static const char *const kinds[] = {"call"};
    struct tally_filter f = {.by_contact = true,
                             .zone = "Europe/Berlin",
                             .since = "2024-04-25",
                             .until = "2024-04-25",
                             .kinds = kinds,
                             .n_kinds = 1};
    struct tally t;

    (void)state;
    tally_init(&t);
    add_of(&t, &f, "51", "call", 1, "2024-04-24T21:45Z");
    add_of(&t, &f, "51", "call", 2, "2024-04-24T22:00Z");
    add_of(&t, &f, "51", "note", 4, "2024-04-25T12:00Z");
    add_of(&t, &f, "51", "call", 8, "2024-04-25T22:00Z");
    add_of(&t, &f, "51", "call", 16, "");
    add_of(&t, &f, "", "call", 32, "2024-04-25T12:00Z");
    tally_sort(&t, &f);
    check_rows(&t, "51 call 2\n call 32\n");
    tally_fini(&t);
}

static int
find_email(void *ctx, const char *id, char email[TALLY_EMAIL_SIZE],
           struct error *err)
{
    ++*(int *)ctx;
    if (strcmp(id, "53") == 0)
        return error_set(err, EX_IOERR, "no disk");
    if (strcmp(id, "51") == 0)
        snprintf(email, TALLY_EMAIL_SIZE, "a@example.com");
    return 0;
}

static void
each_contact_is_asked_for_once(void **state)
{
    struct tally_filter f = {.by_contact = true, .zone = "UTC"};
    struct tally t;
    struct error err;
    int asked = 0;

    (void)state;
    tally_init(&t);
    add_of(&t, &f, "51", "call", 3, "2024-04-25");
    add_of(&t, &f, "51", "note", 3, "2024-04-25");
    add_of(&t, &f, "52", "call", 1, "2024-04-25");
    add_of(&t, &f, "", "call", 1, "2024-04-25");
    tally_sort(&t, &f);
    assert_int_equal(tally_find_emails(&t, find_email, &asked, &err), 0);
    assert_int_equal(asked, 2);
    assert_string_equal(t.rows[0].email, "a@example.com");
    assert_string_equal(t.rows[1].email, "a@example.com");
    assert_null(t.rows[2].email);
    assert_null(t.rows[3].email);
    tally_fini(&t);
    tally_init(&t);
    add_of(&t, &f, "53", "call", 3, "2024-04-25");
    tally_sort(&t, &f);
    assert_int_equal(tally_find_emails(&t, find_email, &asked, &err), -1);
    assert_int_equal(err.code, EX_IOERR);
    tally_fini(&t);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periods_are_those_of_the_zone),
        cmocka_unit_test(a_day_is_as_long_as_the_clocks_make_it),
        cmocka_unit_test(bounds_are_days_of_the_zone),
        cmocka_unit_test(a_day_is_the_same_in_all_zones),
        cmocka_unit_test(rows_are_sorted_and_one_of_each),
        cmocka_unit_test(contacts_with_the_most_come_first),
        cmocka_unit_test(of_contacts_only_what_lies_in_the_bounds_counts),
        cmocka_unit_test(each_contact_is_asked_for_once),
        cmocka_unit_test(an_unknown_zone_is_an_error),
        cmocka_unit_test(periods_have_names)};

    return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
