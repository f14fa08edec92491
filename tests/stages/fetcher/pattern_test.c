/* pattern_test: which kind an event type belongs to, row by row. */
#include "stages/fetcher/hubspot/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const struct row {
    const char *name;
    const char *patterns, *type;
    bool matches;
} rows[] = {
    {"the name itself", "e_document_viewed_v2", "e_document_viewed_v2", true},
    {"a part is not enough", "e_document_viewed", "e_document_viewed_v2",
     false},
    {"nor is more", "e_document_viewed_v2", "e_document_viewed", false},
    {"a star takes the rest", "e_document_viewed*", "e_document_viewed_v2",
     true},
    {"a star takes nothing too", "e_document_viewed*", "e_document_viewed",
     true},
    {"a star in front", "*_viewed_v2", "e_document_viewed_v2", true},
    {"a star tries each place", "*_v2", "e_v2_seen_v2", true},
    {"an app's event", "ae*_*", "ae123_contract_signed", true},
    {"no app's event", "ae*_*", "pe123_contract", false},
    {"an app without a name", "ae*_*", "ae123", false},
    {"only a star", "*", "e_visited_page", true},
    {"stars side by side", "**", "x", true},
    {"a star and the empty name", "*", "", true},
    {"a question mark is one", "e_opened_v?", "e_opened_v8", true},
    {"not none", "e_opened_v?", "e_opened_v", false},
    {"not two", "e_opened_v?", "e_opened_v10", false},
    {"both", "*_v??", "e_opened_v10", true},
    {"capitals count", "E_OPENED", "e_opened", false},
    {"the second of two", "e_a e_b", "e_b", true},
    {"commas too", "e_a,e_b", "e_b", true},
    {"commas and blanks", " ,e_a ,\n\te_b, ", "e_a", true},
    {"neither of two", "e_a e_b", "e_a e_b", false},
    {"an empty list", "", "e_a", false},
    {"only separators", " , ", "", false},
    {"no list", NULL, "e_a", false},
    {"made to take long", "*a*a*a*a*a*a*a*a*b",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "a",
     false},
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct kind_row {
    const char *name;
    const char *lists[PATTERN_KINDS];
    const char *type;
    enum kind want;
} kind_rows[] = {
    {"an open",
     {"e_opened*", "e_clicked*", "e_document*", "ae*_*"},
     "e_opened_tracked_inbox_email_v8",
     KIND_SALES_EMAIL_OPENED},
    {"a click",
     {"e_opened*", "e_clicked*", "e_document*", "ae*_*"},
     "e_clicked_link_in_tracked_inbox_email_v8",
     KIND_SALES_EMAIL_CLICKED},
    {"a document",
     {"e_opened*", "e_clicked*", "e_document*", "ae*_*"},
     "e_document_viewed_v2",
     KIND_SALES_CONTENT_VIEWED},
    {"an app's",
     {"e_opened*", "e_clicked*", "e_document*", "ae*_*"},
     "ae7_x",
     KIND_INTEGRATION_EVENT},
    {"none's",
     {"e_opened*", "e_clicked*", "e_document*", "ae*_*"},
     "e_visited_page",
     KIND_NONE},
    {"the first of several",
     {NULL, "*", "e_document*", "*"},
     "e_document_viewed_v2",
     KIND_SALES_EMAIL_CLICKED},
    {"no lists", {NULL, NULL, "", NULL}, "e_a", KIND_NONE},
};
#define N_KIND_ROWS (sizeof(kind_rows) / sizeof(kind_rows[0]))

static void
check_row(void **state)
{
    const struct row *row = *state;

    assert_int_equal(pattern_matches(row->patterns, row->type), row->matches);
}

static void
check_kind(void **state)
{
    const struct kind_row *row = *state;

    assert_int_equal(pattern_kind(row->lists, row->type), row->want);
}

int
main(void)
{
    struct CMUnitTest tests[N_ROWS + N_KIND_ROWS];

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    for (size_t i = 0; i < N_KIND_ROWS; i++)
        tests[N_ROWS + i] =
            (struct CMUnitTest){.name = kind_rows[i].name,
                                .test_func = check_kind,
                                .initial_state = (void *)&kind_rows[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
