/* dry_test: planned writes as lines for a person. */
#include "stages/writer/dry.h"

#include "common/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define CALL "hubspot:call:512"
#define TASK "salesforce:Task:00T1"

static const struct row {
    const char *name;
    const char *from, *title;
    enum side to;
    enum write_verb verb;
    const char *object, *id;
    const char *flags;                    /* "k": it is known, 'f': a flip */
    const char *fields, *was, *conflicts; /* JSON with ' for "; NULL */
    const char *want;
} rows[] = {
    {"changed in HubSpot", CALL, "Kick-off", SIDE_SALESFORCE, WRITE_UPDATE,
     "Task", "00T1", "k", "{'Subject':'New'}", "{'Subject':'Old'}", "[]",
     "call 512 \"Kick-off\" -> Salesforce Task 00T1: Subject: \"Old\" -> "
     "\"New\" (changed in HubSpot)"},
    {"changed in Salesforce", TASK, NULL, SIDE_HUBSPOT, WRITE_UPDATE, "call",
     "512", "k", "{'a':'','b':'5','c':null}", "{'a':'x','b':4}", NULL,
     "Task 00T1 -> HubSpot call 512: a: \"x\" -> (empty), b: 4 -> \"5\", c: "
     "(empty) -> (empty) (changed in Salesforce)"},
    {"new in HubSpot", CALL, "", SIDE_SALESFORCE, WRITE_CREATE, "Task", "", "",
     "{'Subject':'A','N':60,'Z':null,'B':false}", NULL, NULL,
     "call 512 -> Salesforce Task created (new in HubSpot): Subject: \"A\", "
     "N: 60, B: false"},
    {"new in Salesforce", TASK, "A", SIDE_HUBSPOT, WRITE_CREATE, "call", "", "",
     "{}", NULL, NULL,
     "Task 00T1 \"A\" -> HubSpot call created (new in Salesforce)"},
    {"brought back by making it anew", TASK, NULL, SIDE_HUBSPOT, WRITE_CREATE,
     "call", "", "k", "{'a':'x'}", NULL, NULL,
     "Task 00T1 -> HubSpot call created (it lives on in Salesforce): a: "
     "\"x\""},
    {"brought back", CALL, NULL, SIDE_SALESFORCE, WRITE_RESTORE, "Task", "00T1",
     "k", "{}", NULL, NULL,
     "call 512 -> Salesforce Task 00T1 restored (it lives on in HubSpot)"},
    {"deleted", CALL, NULL, SIDE_SALESFORCE, WRITE_DELETE, "Task", "00T1", "k",
     NULL, NULL, "[]",
     "call 512 -> Salesforce Task 00T1 deleted (deleted in HubSpot)"},
    {"deleted with what was changed", CALL, NULL, SIDE_SALESFORCE, WRITE_DELETE,
     "Task", "00T1", "k", NULL, NULL,
     "[{'field':'Subject','lost':'x','kept_side':'hubspot'}]",
     "call 512 -> Salesforce Task 00T1 deleted (deleted in HubSpot; conflict: "
     "HubSpot is preferred, Salesforce's Subject \"x\" is lost)"},
    {"a conflict", TASK, NULL, SIDE_HUBSPOT, WRITE_UPDATE, "call", "512", "k",
     "{'a':'y'}", "{'a':'x'}",
     "[{'field':'a','lost':'x','kept_side':'salesforce'}]",
     "Task 00T1 -> HubSpot call 512: a: \"x\" -> \"y\" (conflict: Salesforce "
     "is preferred, HubSpot's \"x\" is lost)"},
    {"a conflict and a change", TASK, NULL, SIDE_HUBSPOT, WRITE_UPDATE, "call",
     "512", "k", "{'a':'y','b':'z'}", "{'a':'x'}",
     "[{'field':'a','lost':'x','kept_side':'salesforce'},"
     "{'field':'b','lost':'x','kept_side':'hubspot'}]",
     "Task 00T1 -> HubSpot call 512: a: \"x\" -> \"y\" (conflict: Salesforce "
     "is preferred, HubSpot's \"x\" is lost), b: (empty) -> \"z\" (changed in "
     "Salesforce)"},
    {"a person's choice", TASK, NULL, SIDE_HUBSPOT, WRITE_UPDATE, "call", "512",
     "kf", "{'a':'y'}", "{'a':'x'}", "[]",
     "Task 00T1 -> HubSpot call 512: a: \"x\" -> \"y\" (a person has chosen "
     "the other value of a conflict)"},
    {"nothing but printable", "hubspot:call:5\n", "a \"b\"", SIDE_SALESFORCE,
     WRITE_CREATE, "Task", "", "", "{'S':'\\u001b[2J\\n\\u0085'}", NULL, NULL,
     "call 5\\n \"a \\\"b\\\"\" -> Salesforce Task created (new in HubSpot): "
     "S: \"\\x1b[2J\\n\\u0085\""},
};

static cJSON *
parsed(const char *json)
{
    char text[2000];
    cJSON *value;

    if (json == NULL)
        return NULL;
    assert_true(strlen(json) < sizeof(text));
    strcpy(text, json);
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    value = json_parse(text, strlen(text), NULL);
    assert_non_null(value);
    return value;
}

static void
check_row(void **state)
{
    const struct row *row = *state;
    cJSON *fields = parsed(row->fields), *was = parsed(row->was);
    cJSON *conflicts = parsed(row->conflicts);
    struct dry_write w = {.from = row->from,
                          .title = row->title,
                          .to = row->to,
                          .verb = row->verb,
                          .object = row->object,
                          .id = row->id,
                          .is_known = strchr(row->flags, 'k') != NULL,
                          .is_flip = strchr(row->flags, 'f') != NULL,
                          .fields = fields,
                          .was = was,
                          .conflicts = conflicts};
    struct text t;

    text_init(&t);
    dry_line(&w, &t);
    assert_int_equal(t.data[t.len - 1], '\n');
    t.data[t.len - 1] = '\0';
    assert_string_equal(t.data, row->want);
    text_fini(&t);
    cJSON_Delete(conflicts);
    cJSON_Delete(was);
    cJSON_Delete(fields);
}

static void
long_values_are_cut(void **state)
{
    char value[2000];
    cJSON *fields = cJSON_CreateObject();
    struct dry_write w = {.from = CALL,
                          .who = "ann@example.com",
                          .to = SIDE_SALESFORCE,
                          .object = "Task",
                          .id = "",
                          .fields = fields};
    struct text t;

    (void)state;
    memset(value, 'v', sizeof(value) - 1);
    value[sizeof(value) - 1] = '\0';
    cJSON_AddStringToObject(fields, "D", value);
    text_init(&t);
    dry_line(&w, &t);
    text_putc(&t, '\0');
    assert_non_null(strstr(t.data, "Task created for ann@example.com (new in"));
    assert_non_null(strstr(t.data, "vvv\xe2\x80\xa6\"\n"));
    assert_true(t.len < 250);
    text_fini(&t);
    cJSON_Delete(fields);
}

static void
how_an_event_ends(void **state)
{
    struct text t;

    (void)state;
    text_init(&t);
    dry_end_line(CALL, "dead", "bad-record", "a\n", &t);
    dry_end_line("x", "unchanged", "no-difference", "", &t);
    text_putc(&t, '\0');
    assert_string_equal(t.data, "call 512 -> nothing: dead, bad-record (a\\n)\n"
                                "x -> nothing: unchanged, no-difference\n");
    text_fini(&t);
}

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

int
main(void)
{
    struct CMUnitTest tests[N_ROWS + 2] = {{0}};

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    tests[N_ROWS] = (struct CMUnitTest)cmocka_unit_test(long_values_are_cut);
    tests[N_ROWS + 1] = (struct CMUnitTest)cmocka_unit_test(how_an_event_ends);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
