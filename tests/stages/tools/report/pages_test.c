/* pages_test: a tally as a table, bars, CSV and JSON. */
#include "stages/tools/report/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define B "\xe2\x96\x88"

static struct tally_row rows[] = {
    {"2024-04-24", "call", "hubspot", {3, 2, 1, 1, 0, 0}, 0, NULL},
    {"2024-04-24", "note", "hubspot", {5, 0, 0, 5, 0, 0}, 0, NULL},
    {"2024-04-25",
     "call",
     "salesforce",
     {120000, 0, 1234567890, 0, 0, 0},
     0,
     NULL},
    {"", "", "hubspot", {1, 0, 0, 0, 1, 0}, 0, NULL}};

static char address[] = "ann@example.com", long_one[] = "\x1b,@example.com";
static struct tally_row of_contacts[] = {
    {"512", "call", "hubspot", {3, 3, 0, 0, 0, 0}, 4, address},
    {"512", "note", "hubspot", {1, 1, 0, 0, 0, 0}, 4, address},
    {"003000000000001AAA", "call", "salesforce", {2, 0, 2, 0, 0, 0}, 2, NULL},
    {"7", "call", "hubspot", {1, 0, 0, 1, 0, 0}, 1, long_one},
    {"", "call", "hubspot", {8, 8, 0, 0, 0, 0}, 8, NULL}};

static const struct tally_filter all = {.by = PERIOD_DAY, .zone = "UTC"};
static const struct tally_filter monthly = {.by = PERIOD_MONTH, .zone = "UTC"};
static const struct tally_filter by_contact = {.by_contact = true,
                                               .zone = "UTC"};

static void
check(struct text *t, const char *want)
{
    text_putc(t, '\0');
    assert_string_equal(t->data, want);
    text_fini(t);
}

static void
a_table_is_as_wide_as_what_is_in_it(void **state)
{
    struct tally t = {rows, 4, 4};
    struct text out;

    (void)state;
    text_init(&out);
    pages_table(&t, &all, &out);
    check(&out,
          "day         kind  source      activities  written   unchanged  "
          "dropped  dead\n"
          "2024-04-24  call  hubspot              3        2           1  "
          "      1     0\n"
          "2024-04-24  note  hubspot              5        0           0  "
          "      5     0\n"
          "2024-04-25  call  salesforce      120000        0  1234567890  "
          "      0     0\n"
          "-           -     hubspot              1        0           0  "
          "      0     1\n"
          "all                               120009        2  1234567891  "
          "      6     1\n");
}

static void
other_ends_have_a_column_when_there_are_any(void **state)
{
    struct tally_row row = {"2024-04",          "\x1b[31m", "hubspot",
                            {1, 0, 0, 0, 0, 1}, 0,          NULL};
    struct tally t = {&row, 1, 1};
    struct text out;

    (void)state;
    text_init(&out);
    pages_table(&t, &monthly, &out);
    text_putc(&out, '\0');
    assert_non_null(strstr(out.data, "  dead  other\n"));
    assert_non_null(strstr(out.data, "     0      1\n"));
    assert_ptr_equal(strstr(out.data, "month "), out.data);
    assert_null(strchr(out.data, '\x1b'));
    text_fini(&out);
}

static void
contacts_have_their_address_beside_them(void **state)
{
    struct tally t = {of_contacts, 5, 5};
    struct text out;

    (void)state;
    text_init(&out);
    pages_table(&t, &by_contact, &out);
    check(&out,
          "contact             email              kind  source      activities"
          "  written  unchanged  dropped  dead\n"
          "512                 ann@example.com    call  hubspot              3"
          "        3          0        0     0\n"
          "512                 ann@example.com    note  hubspot              1"
          "        1          0        0     0\n"
          "003000000000001AAA  -                  call  salesforce           2"
          "        0          2        0     0\n"
          "7                   \\x1b,@example.com  call  hubspot              1"
          "        0          0        1     0\n"
          "-                   -                  call  hubspot              8"
          "        8          0        0     0\n"
          "all                                                              15"
          "       12          2        1     0\n");
}

static void
bars_of_contacts_begin_behind_the_longest_id(void **state)
{
    struct tally t = {of_contacts, 5, 5};
    struct text out;

    (void)state;
    text_init(&out);
    pages_bars(&t, 26, &out);
    check(&out, "512                 " B B " 4\n003000000000001AAA  " B
                " 2\n7                   " B " 1\n-                   " B B B B
                " 8\n");
}

static const struct {
    size_t width;
    const char *want;
} widths[] = {
    /* 12 columns before the bar, 7 behind it */
    {29, "2024-04-24  " B " 8\n2024-04-25  " B B B B B B B B B B
         " 120000\n-           " B " 1\n"},
    {0, "2024-04-24  " B " 8\n2024-04-25  " B " 120000\n-           " B " 1\n"},
    {20,
     "2024-04-24  " B " 8\n2024-04-25  " B " 120000\n-           " B " 1\n"}};

static void
bars_fit_the_terminal(void **state)
{
    struct tally t = {rows, 4, 4};
    struct text out;

    (void)state;
    for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
        text_init(&out);
        pages_bars(&t, widths[i].width, &out);
        check(&out, widths[i].want);
    }
}

static size_t
bar_of(const struct text *t, const char *period)
{
    const char *bar = strstr(t->data, period) + 12;
    size_t n = 0;

    for (; strncmp(bar, B, strlen(B)) == 0; bar += strlen(B))
        n++;
    return n;
}

static void
bars_are_in_proportion_and_none_is_endless(void **state)
{
    struct tally_row some[] = {
        {"2024-01", "call", "hubspot", {50, 0}, 0, NULL},
        {"2024-02", "call", "hubspot", {100, 0}, 0, NULL},
        {"2024-03", "call", "hubspot", {31, 0}, 0, NULL},
        {"2024-04", "call", "hubspot", {0, 0}, 0, NULL}};
    struct tally t = {some, 4, 4};
    struct text out;

    (void)state;
    text_init(&out);
    pages_bars(&t, 1000, &out);
    text_putc(&out, '\0');
    assert_int_equal(bar_of(&out, "2024-01"), 25);
    assert_int_equal(bar_of(&out, "2024-02"), 50);
    assert_int_equal(bar_of(&out, "2024-03"), 16);
    assert_int_equal(bar_of(&out, "2024-04"), 0);
    text_fini(&out);
}

static void
nothing_is_said(void **state)
{
    struct tally t = {NULL, 0, 0};
    struct text out;

    (void)state;
    text_init(&out);
    pages_table(&t, &all, &out);
    pages_bars(&t, 80, &out);
    check(&out, "no activities\n");
    text_init(&out);
    pages_csv(&t, &all, &out);
    check(&out, "period,kind,source,activities,written,unchanged,dropped,dead,"
                "other\n");
}

static const struct {
    const char *field, *want;
} fields[] = {{"", ""},
              {"call", "call"},
              {"a b", "a b"},
              {"a,b", "\"a,b\""},
              {"a\"b", "\"a\"\"b\""},
              {"\"", "\"\"\"\""},
              {"a\nb", "\"a\nb\""},
              {"a\r", "\"a\r\""},
              {"\xc3\xa4;", "\xc3\xa4;"}};

static void
csv_is_quoted_where_it_must(void **state)
{
    struct text out;

    (void)state;
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        text_init(&out);
        pages_csv_field(fields[i].field, &out);
        check(&out, fields[i].want);
    }
}

static void
csv_has_a_line_a_row(void **state)
{
    struct tally_row some[] = {
        {"2024-04-24", "a,b", "hubspot", {1, 2, 3, 4, 5, 6}, 0, NULL},
        {"", "call", "salesforce", {INT64_MAX, 0, 0, 0, 0, 0}, 0, NULL}};
    struct tally t = {some, 2, 2};
    struct text out;

    (void)state;
    text_init(&out);
    pages_csv(&t, &all, &out);
    check(&out, "period,kind,source,activities,written,unchanged,dropped,dead,"
                "other\n2024-04-24,\"a,b\",hubspot,1,2,3,4,5,6\n"
                ",call,salesforce,9223372036854775807,0,0,0,0,0\n");
}

static void
csv_of_contacts_has_their_address(void **state)
{
    struct tally t = {of_contacts + 2, 3, 3};
    struct text out;

    (void)state;
    text_init(&out);
    pages_csv(&t, &by_contact, &out);
    check(&out, "contact,email,kind,source,activities,written,unchanged,"
                "dropped,dead,other\n"
                "003000000000001AAA,,call,salesforce,2,0,2,0,0,0\n"
                "7,\"\x1b,@example.com\",call,hubspot,1,0,0,1,0,0\n"
                ",,call,hubspot,8,8,0,0,0,0\n");
}

#define FIGURES_OF_8                                                           \
    "\"activities\":8,\"written\":8,\"unchanged\":0,\"dropped\":0,"            \
    "\"dead\":0,\"other\":0}"

static void
json_of_one_contact_names_it(void **state)
{
    struct tally_filter f = by_contact;
    struct tally_row row = of_contacts[4];
    struct tally t = {&row, 1, 1};
    struct text out;

    (void)state;
    f.contact = "512";
    strcpy(row.group, "512");
    row.email = address;
    text_init(&out);
    pages_json(&t, &f, &out);
    check(&out, "{\"by\":\"contact\",\"time_zone\":\"UTC\",\"since\":null,"
                "\"until\":null,\"contact\":\"512\",\"rows\":[{\"contact\":"
                "\"512\",\"email\":\"ann@example.com\",\"kind\":\"call\","
                "\"source\":\"hubspot\"," FIGURES_OF_8
                "],\"total\":{" FIGURES_OF_8 "}\n");
}

static void
json_says_null_of_what_is_not_known(void **state)
{
    struct tally t = {rows + 3, 1, 1};
    struct text out;

    (void)state;
    text_init(&out);
    pages_json(&t, &all, &out);
    check(&out, "{\"by\":\"day\",\"time_zone\":\"UTC\",\"since\":null,"
                "\"until\":null,\"rows\":[{\"period\":null,\"kind\":null,"
                "\"source\":\"hubspot\",\"activities\":1,\"written\":0,"
                "\"unchanged\":0,\"dropped\":0,\"dead\":1,\"other\":0}],"
                "\"total\":{\"activities\":1,\"written\":0,\"unchanged\":0,"
                "\"dropped\":0,\"dead\":1,\"other\":0}}\n");
}

static void
json_of_nothing_is_whole(void **state)
{
    struct tally t = {NULL, 0, 0};
    struct text out;

    (void)state;
    text_init(&out);
    pages_json(&t, &all, &out);
    text_putc(&out, '\0');
    assert_non_null(strstr(out.data, "\"rows\":[],\"total\":{"));
    text_fini(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_is_as_wide_as_what_is_in_it),
        cmocka_unit_test(other_ends_have_a_column_when_there_are_any),
        cmocka_unit_test(contacts_have_their_address_beside_them),
        cmocka_unit_test(bars_of_contacts_begin_behind_the_longest_id),
        cmocka_unit_test(bars_fit_the_terminal),
        cmocka_unit_test(bars_are_in_proportion_and_none_is_endless),
        cmocka_unit_test(nothing_is_said),
        cmocka_unit_test(csv_is_quoted_where_it_must),
        cmocka_unit_test(csv_has_a_line_a_row),
        cmocka_unit_test(csv_of_contacts_has_their_address),
        cmocka_unit_test(json_of_one_contact_names_it),
        cmocka_unit_test(json_of_nothing_is_whole),
        cmocka_unit_test(json_says_null_of_what_is_not_known)};

    return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
