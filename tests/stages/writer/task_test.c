/* task_test: what a Salesforce Task gets, kind by kind, and how a dry run says
 * it. */
#include "common/json.h"
#include "common/text.h"
#include "stages/writer/salesforce/task.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define T0                                                                     \
    INT64_C(1714082400000) /* 2024-04-25T22:00:00Z: the 26th in Berlin         \
                            */
#define NOW     INT64_C(1720000000000)
#define CONTACT "003000000000001AAA"
#define LEAD    "00Q000000000001EAA"
#define ACCOUNT "001000000000001AAA"

struct row {
    const char *name;
    enum kind kind;
    const char *props; /* JSON with ' for " */
    const char *who, *who_type, *what, *type;
    const char *zone;
    bool is_update, without_subtype;
    const char *want; /* Name=value lines that are there; -Name: is not */
    const char *error;
};

static const struct row rows[] = {
    {.name = "a call",
     .kind = KIND_CALL,
     .props = "{'subject':'HubSpot call: Hi','description':'Text',"
              "'direction':'outbound','duration_ms':245499,"
              "'disposition':'Connected'}",
     .who = CONTACT,
     .who_type = "Contact",
     .what = ACCOUNT,
     .want = "HubSpot_Id__c=\"hubspot:call:512\"\n"
             "Subject=\"HubSpot call: Hi\"\n"
             "Description=\"Text\\n[crmpipe hubspot:call:512]\"\n"
             "Status=\"Completed\"\nActivityDate=\"2024-04-25\"\n"
             "TaskSubtype=\"Call\"\nCallType=\"Outbound\"\n"
             "CallDurationInSeconds=245\nCallDisposition=\"Connected\"\n"
             "WhoId=\"" CONTACT "\"\nWhatId=\"" ACCOUNT "\"\n"
             "IsReminderSet=false\n-Type\n-Priority\n"
             "attributes={\"type\":\"Task\"}\n"},
    {.name = "the wall calendar of the org",
     .kind = KIND_CALL,
     .zone = "Europe/Berlin",
     .want = "ActivityDate=\"2024-04-26\"\n"},
    {.name = "an unknown zone",
     .kind = KIND_CALL,
     .zone = "Nowhere/Else",
     .error = "time zone"},
    {.name = "half a second is rounded up",
     .kind = KIND_CALL,
     .props = "{'duration_ms':1500,'direction':'inbound'}",
     .want = "CallDurationInSeconds=2\nCallType=\"Inbound\"\n"},
    {.name = "a call of no length",
     .kind = KIND_CALL,
     .props = "{'duration_ms':0}",
     .want = "CallDurationInSeconds=0\n-CallType\n-CallDisposition\n"},
    {.name = "a call without end",
     .kind = KIND_CALL,
     .props = "{'duration_ms':9007199254740991}",
     .want = "CallDurationInSeconds=99999999\n"},
    {.name = "a negative duration is none",
     .kind = KIND_CALL,
     .props = "{'duration_ms':-1}",
     .want = "-CallDurationInSeconds\n"},
    {.name = "an update clears what a call has lost",
     .kind = KIND_CALL,
     .is_update = true,
     .want = "CallType=null\nCallDurationInSeconds=null\n"
             "CallDisposition=null\n-TaskSubtype\n-IsReminderSet\n"},
    {.name = "the task is there though no link says so",
     .kind = KIND_CALL,
     .without_subtype = true,
     .want = "-TaskSubtype\nIsReminderSet=false\n-CallType\n"},
    {.name = "an e-mail",
     .kind = KIND_SALES_EMAIL_SENT,
     .props = "{'direction':'outbound','duration_ms':1}",
     .want = "TaskSubtype=\"Email\"\nStatus=\"Completed\"\n-CallType\n"
             "-CallDurationInSeconds\n"},
    {.name = "an open",
     .kind = KIND_SALES_EMAIL_OPENED,
     .want = "TaskSubtype=\"Task\"\nStatus=\"Completed\"\n"},
    {.name = "a type from the config",
     .kind = KIND_NOTE,
     .type = "Other",
     .want = "Type=\"Other\"\n"},
    {.name = "a lead has no account beside it",
     .kind = KIND_NOTE,
     .who = LEAD,
     .who_type = "Lead",
     .what = ACCOUNT,
     .want = "WhoId=\"" LEAD "\"\n-WhatId\n"},
    {.name = "a lead by its id",
     .kind = KIND_NOTE,
     .who = LEAD,
     .what = ACCOUNT,
     .want = "-WhatId\n"},
    {.name = "nobody", .kind = KIND_NOTE, .want = "-WhoId\n-WhatId\n"},
    {.name = "15 characters become 18",
     .kind = KIND_NOTE,
     .who = "003000000000001",
     .want = "WhoId=\"" CONTACT "\"\n"},
    {.name = "an id that is none",
     .kind = KIND_NOTE,
     .who = "003'; DROP",
     .error = "WhoId"},
    {.name = "no subject",
     .kind = KIND_NOTE,
     .want = "Subject=\"HubSpot note\"\n"},
    {.name = "no description",
     .kind = KIND_NOTE,
     .want = "Description=\"[crmpipe hubspot:call:512]\"\n"},
    {.name = "a subject is one line",
     .kind = KIND_NOTE,
     .props = "{'subject':'a\\nb\\tc'}",
     .want = "Subject=\"a b c\"\n"},
    {.name = "props that are no map",
     .kind = KIND_NOTE,
     .props = "[1]",
     .want = "Subject=\"HubSpot note\"\n"},
    {.name = "props of other types",
     .kind = KIND_CALL,
     .props = "{'subject':1,'description':{},'direction':[],"
              "'duration_ms':'x','disposition':null}",
     .want = "Subject=\"HubSpot call\"\n-CallType\n-CallDurationInSeconds\n"},
    {.name = "a meeting of the past",
     .kind = KIND_MEETING,
     .props = "{'start_at':1714082400000}",
     .want = "Status=\"Completed\"\n"},
    {.name = "a meeting that is to come",
     .kind = KIND_MEETING,
     .props = "{'start_at':1720000000001,'outcome':'SCHEDULED'}",
     .want = "Status=\"Not Started\"\n"},
    {.name = "a meeting that begins now",
     .kind = KIND_MEETING,
     .props = "{'start_at':1720000000000}",
     .want = "Status=\"Completed\"\n"},
    {.name = "a meeting that was called off",
     .kind = KIND_MEETING,
     .props = "{'start_at':1720000000001,'outcome':'CANCELED'}",
     .want = "Status=\"Completed\"\n"},
    {.name = "task: not started",
     .kind = KIND_TASK,
     .props = "{'status':'NOT_STARTED','priority':'HIGH',"
              "'due_at':1714255200000}",
     .want = "Status=\"Not Started\"\nPriority=\"High\"\n"
             "ActivityDate=\"2024-04-27\"\n"},
    {.name = "task: in progress",
     .kind = KIND_TASK,
     .props = "{'status':'IN_PROGRESS','priority':'LOW'}",
     .want = "Status=\"In Progress\"\nPriority=\"Low\"\n"
             "ActivityDate=\"2024-04-25\"\n"},
    {.name = "task: waiting",
     .kind = KIND_TASK,
     .props = "{'status':'WAITING','priority':'MEDIUM'}",
     .want = "Status=\"Waiting on someone else\"\nPriority=\"Normal\"\n"},
    {.name = "task: completed",
     .kind = KIND_TASK,
     .props = "{'status':'COMPLETED'}",
     .want = "Status=\"Completed\"\nPriority=\"Normal\"\n"},
    {.name = "task: deferred",
     .kind = KIND_TASK,
     .props = "{'status':'DEFERRED'}",
     .want = "Status=\"Deferred\"\n"},
    {.name = "task: a status of the account's own",
     .kind = KIND_TASK,
     .props = "{'status':'SNOOZED'}",
     .want = "Status=\"Not Started\"\n"},
    {.name = "a date that no calendar has",
     .kind = KIND_TASK,
     .props = "{'due_at':9007199254740991}",
     .error = ""},
};

/* A MessagePack map of a JSON text with ' for ". */
static msgpack_sbuffer *
props_of(const char *text)
{
    msgpack_sbuffer *out = msgpack_sbuffer_new();
    msgpack_packer pk;
    char *json = strdup(text);
    cJSON *value;

    for (char *p = json; *p != '\0'; p++)
        if (*p == '\'')
            *p = '"';
    value = json_parse(json, strlen(json), NULL);
    assert_non_null(value);
    msgpack_packer_init(&pk, out, msgpack_sbuffer_write);
    json_to_mp(value, 1 << 20, &pk);
    cJSON_Delete(value);
    free(json);
    return out;
}

static void
check_line(const cJSON *task, const char *line, size_t len)
{
    const char *equals = memchr(line, '=', len);
    char name[64], *got;

    if (line[0] == '-') {
        snprintf(name, sizeof(name), "%.*s", (int)len - 1, line + 1);
        assert_false(task_has(task, name));
        return;
    }
    snprintf(name, sizeof(name), "%.*s", (int)(equals - line), line);
    got = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(task, name));
    assert_non_null(got);
    len -= (size_t)(equals + 1 - line);
    if (strlen(got) != len || memcmp(got, equals + 1, len) != 0)
        fail_msg("%s=%s, want %.*s", name, got, (int)len, equals + 1);
    free(got);
}

static const char *
or_empty(const char *s)
{
    return s != NULL ? s : "";
}

static void
check_row(void **state)
{
    const struct row *r = *state;
    msgpack_sbuffer *props = props_of(r->props != NULL ? r->props : "{}");
    struct error err = {0, ""};
    const struct task_facts facts = {
        .kind = r->kind,
        .key = "hubspot:call:512",
        .external_id = "HubSpot_Id__c",
        .occurred_at = T0,
        .now = NOW,
        .props = {(const uint8_t *)props->data, props->size},
        .who_id = or_empty(r->who),
        .who_type = or_empty(r->who_type),
        .what_id = or_empty(r->what),
        .task_type = or_empty(r->type),
        .zone = r->zone != NULL ? r->zone : "UTC",
        .is_update = r->is_update,
        .without_subtype = r->without_subtype};
    cJSON *task = task_make(&facts, &err);

    if (r->error != NULL) {
        assert_null(task);
        assert_non_null(strstr(err.text, r->error));
    } else {
        assert_non_null(task);
        for (const char *line = r->want; *line != '\0';) {
            size_t len = strcspn(line, "\n");

            check_line(task, line, len);
            line += len + 1;
        }
    }
    cJSON_Delete(task);
    msgpack_sbuffer_free(props);
}

/* The description of a text of `n` times `piece`, then `end`. */
static char *
description(const char *piece, size_t n, const char *end, const char *key)
{
    msgpack_sbuffer *props = msgpack_sbuffer_new();
    msgpack_packer pk;
    struct text t;
    struct error err;
    cJSON *task;
    char *copy;

    text_init(&t);
    for (size_t i = 0; i < n; i++)
        text_puts(&t, piece);
    text_puts(&t, end);
    msgpack_packer_init(&pk, props, msgpack_sbuffer_write);
    msgpack_pack_map(&pk, 1);
    mp_pack_str(&pk, "description");
    mp_pack_strn(&pk, t.data, t.len);
    text_fini(&t);
    task =
        task_make(&(struct task_facts){.kind = KIND_NOTE,
                                       .key = key,
                                       .external_id = "X__c",
                                       .props = {(const uint8_t *)props->data,
                                                 props->size},
                                       .who_id = "",
                                       .who_type = "",
                                       .what_id = "",
                                       .task_type = "",
                                       .zone = "UTC"},
                  &err);
    msgpack_sbuffer_free(props);
    if (task == NULL)
        return NULL;
    copy = strdup(json_str(task, "Description"));
    cJSON_Delete(task);
    return copy;
}

#define MARK "\n[crmpipe k]"
#define CUT  "\n[cut here; the whole text is in HubSpot]"

static void
check_end(char *got, size_t units, const char *end)
{
    size_t n = strlen(end);

    assert_true(text_is_valid(got, strlen(got)));
    assert_int_equal(text_units(got, strlen(got)), units);
    assert_true(strlen(got) >= n);
    assert_string_equal(got + strlen(got) - n, end);
    free(got);
}

static void
the_mark_always_fits(void **state)
{
    size_t room = TASK_DESCRIPTION_MAX - strlen(MARK);
    char *got;

    (void)state;
    check_end(description("x", room, "", "k"), TASK_DESCRIPTION_MAX,
              "xxx" MARK);
    check_end(description("x", room + 1, "", "k"), TASK_DESCRIPTION_MAX,
              "xxx" CUT MARK);
    /* Two units a character, an odd number of them left. */
    got = description("\xf0\x9f\x98\x80", 40000, "", "k");
    assert_in_range(text_units(got, strlen(got)), TASK_DESCRIPTION_MAX - 1,
                    TASK_DESCRIPTION_MAX);
    assert_non_null(strstr(got, "\x80" CUT MARK));
    free(got);
    /* Cut by the normalizer already: one mark of it, whole. */
    got = description("x", TASK_DESCRIPTION_MAX - strlen(CUT), CUT, "k");
    assert_string_equal(strstr(got, "\n"), CUT MARK);
    assert_int_equal(strlen(got), TASK_DESCRIPTION_MAX);
    free(got);
    check_end(description("x", 3, CUT, "k"), 3 + strlen(CUT MARK),
              "xxx" CUT MARK);
}

static void
keys_that_are_no_external_id(void **state)
{
    char key[300];

    (void)state;
    memset(key, 'k', sizeof(key) - 1);
    key[sizeof(key) - 1] = '\0';
    assert_null(description("x", 1, "", key));
    key[TASK_TEXT_MAX] = '\0';
    check_end(description("x", 1, "", key), 2 + 10 + TASK_TEXT_MAX, "k]");
    assert_null(description("x", 1, "", "\xff"));
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
    tests[N_ROWS] = (struct CMUnitTest)cmocka_unit_test(the_mark_always_fits);
    tests[N_ROWS + 1] =
        (struct CMUnitTest)cmocka_unit_test(keys_that_are_no_external_id);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
