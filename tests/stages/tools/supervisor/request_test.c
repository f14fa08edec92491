/* request_test: what may be imported with a config, row by row. */
#include "stages/tools/supervisor/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define ON(kind)  "[activity." kind "]\nsync = on\n"
#define OFF(kind) "[timeline." kind "]\nsync = off\n"

static const struct row {
    const char *name, *conf;
    const char *kinds[4]; /* NULL-terminated */
    const char *since, *from;
    int code;
    const char *types; /* or what the error has in it */
    const char *since_ms;
} rows[] = {
    {"all that is on",
     ON("call"),
     {NULL},
     NULL,
     NULL,
     0,
     "task,email,call,meeting,note",
     ""},
    {"not what is off",
     ON("call") OFF("call") OFF("note") OFF("task"),
     {NULL},
     NULL,
     NULL,
     0,
     "email,call,meeting",
     ""},
    {"all from Salesforce",
     ON("call") ON("email"),
     {NULL},
     NULL,
     "salesforce",
     0,
     "email,call",
     ""},
    {"two, one of them twice",
     ON("call"),
     {"call", "note", "call"},
     NULL,
     "hubspot",
     0,
     "call,note",
     ""},
    {"e-mails of the timeline",
     "",
     {"sales_email_sent"},
     NULL,
     NULL,
     0,
     "email",
     ""},
    {"a day",
     ON("call"),
     {"call"},
     "2025-01-01",
     NULL,
     0,
     "call",
     "1735689600000"},
    {"a time",
     ON("call"),
     {"call"},
     "2025-01-01T02:00:00+02:00",
     NULL,
     0,
     "call",
     "1735689600000"},
    {"before 1970",
     ON("call"),
     {"call"},
     "1969-12-31",
     NULL,
     0,
     "call",
     "-86400000"},

    {"no such kind", "", {"fax"}, NULL, NULL, EX_USAGE, "no kind \"fax\"", ""},
    {"one with a look-back",
     "",
     {"form_submission"},
     NULL,
     NULL,
     EX_USAGE,
     "lookback",
     ""},
    {"one of moments",
     "",
     {"integration_event"},
     NULL,
     NULL,
     EX_USAGE,
     "moments",
     ""},
    {"of the timeline, beside its twin",
     ON("email"),
     {"sales_email_sent"},
     NULL,
     NULL,
     EX_USAGE,
     "--kind email",
     ""},
    {"an activity that is off",
     "",
     {"email"},
     NULL,
     NULL,
     EX_CONFIG,
     "sales_email_sent",
     ""},
    {"a kind that is off",
     OFF("call"),
     {"call"},
     NULL,
     NULL,
     EX_CONFIG,
     "[timeline.call] sync = on",
     ""},
    {"the timeline does not come from Salesforce",
     "",
     {"note"},
     NULL,
     "salesforce",
     EX_USAGE,
     "only task",
     ""},
    {"nor an activity that is off",
     "",
     {"call"},
     NULL,
     "salesforce",
     EX_CONFIG,
     "[activity.call] sync is off",
     ""},
    {"nothing is on",
     "",
     {NULL},
     NULL,
     "salesforce",
     EX_CONFIG,
     "no kind is switched on",
     ""},
    {"another service", "", {NULL}, NULL, "excel", EX_USAGE, "excel", ""},
    {"a year is no date", "", {NULL}, "2025", NULL, EX_USAGE, "no date", ""},
    {"a word is no date",
     "",
     {NULL},
     "last-month!",
     NULL,
     EX_USAGE,
     "no date",
     ""},
    {"a day that is none",
     "",
     {NULL},
     "2025-02-30",
     NULL,
     EX_USAGE,
     "no date",
     ""},
};

static struct conf *
conf_of(const char *text)
{
    char path[] = "/tmp/crmpipe-request-XXXXXX";
    int fd = mkstemp(path);
    struct conf *conf;
    struct error err;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    if (conf_load(path, &conf, &err) < 0)
        fail_msg("%s", err.text);
    unlink(path);
    return conf;
}

static void
check_row(void **state)
{
    const struct row *row = *state;
    struct conf *conf = conf_of(row->conf);
    struct error err = {0};
    struct request r;
    int n = 0;

    while (row->kinds[n] != NULL)
        n++;
    assert_int_equal(
        request_read(conf, row->kinds, n, row->since, row->from, &r, &err),
        row->code == 0 ? 0 : -1);
    assert_int_equal(err.code, row->code);
    if (row->code == 0) {
        assert_string_equal(r.types, row->types);
        assert_string_equal(r.since, row->since_ms);
    } else {
        assert_non_null(strstr(err.text, row->types));
    }
    conf_free(conf);
}

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

int
main(void)
{
    struct CMUnitTest tests[N_ROWS];

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
