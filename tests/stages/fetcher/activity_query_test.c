/* activity_query_test: which objects a config wants, and the queries for them,
 * row by row. */
#include "stages/fetcher/salesforce/activity_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define ALWAYS                                                                 \
    "Id, SystemModstamp, CreatedDate, CreatedById, LastModifiedById,"          \
    " IsDeleted, IsArchived, IsRecurrence, OwnerId, WhoId, Who.Type, WhatId,"  \
    " What.Type, AccountId, Subject, TYPEOF Owner WHEN User THEN Email END, "
#define SINCE                                                                  \
    "(SystemModstamp > 2026-05-28T20:26:40Z OR "                               \
    "(SystemModstamp = 2026-05-28T20:26:40Z))"                                 \
    " ORDER BY SystemModstamp, Id LIMIT 500"
#define TASK     " FROM Task WHERE " SINCE
#define EVENT    " FROM Event WHERE IsChild = FALSE AND " SINCE
#define ON(kind) "[activity." kind "]\nsync = on\n"

/* The queries of a config; NULL: nothing of that object is wanted. */
static const struct row {
    const char *name, *conf, *task, *event;
} rows[] = {
    {"all off", "", NULL, NULL},
    {"tasks", ON("task"),
     "SELECT " ALWAYS "TaskSubtype, HubSpot_Id__c, Description,"
     " Status, Priority, ActivityDate" TASK,
     NULL},
    {"meetings", ON("meeting"), NULL,
     "SELECT " ALWAYS "IsAllDayEvent, HubSpot_Id__c, Description,"
     " Location, StartDateTime, EndDateTime" EVENT},
    {"meetings by their iCal UID",
     ON("meeting") "[salesforce]\nical_uid_field = UID__c\n", NULL,
     "SELECT " ALWAYS "IsAllDayEvent, HubSpot_Id__c, UID__c, Description,"
     " Location, StartDateTime, EndDateTime" EVENT},
    {"e-mails and calls share most", ON("email") ON("call"),
     "SELECT " ALWAYS "TaskSubtype, HubSpot_Id__c, Description,"
     " Status, ActivityDate, CallType, CallDurationInSeconds,"
     " CallDisposition" TASK,
     NULL},
    {"all on", ON("task") ON("email") ON("call") ON("meeting"),
     "SELECT " ALWAYS "TaskSubtype, HubSpot_Id__c, Description,"
     " Status, Priority, ActivityDate, CallType, CallDurationInSeconds,"
     " CallDisposition" TASK,
     "SELECT " ALWAYS "IsAllDayEvent, HubSpot_Id__c, Description,"
     " Location, StartDateTime, EndDateTime" EVENT},
    {"fields of one's own",
     ON("task") "[salesforce]\nexternal_id_field = Key__c\n"
                "[activity.task.mapping]\nhs_task_body = Text__c\n"
                "hs_task_priority =\nhs_task_type = Type\n",
     "SELECT " ALWAYS "TaskSubtype, Key__c, Text__c, Status,"
     " ActivityDate, Type" TASK,
     NULL},
    {"fields that are read anyway, in any case",
     ON("task") "[owners]\nsync = on\n[activity.task.mapping]\n"
                "hs_task_type = tasksubtype\nhs_task_body = HUBSPOT_ID__C\n",
     "SELECT " ALWAYS "TaskSubtype, HubSpot_Id__c, Status, Priority,"
     " ActivityDate" TASK,
     NULL},
    {"a part of a name is another field",
     ON("task") "[activity.task.mapping]\nhs_task_type = Sub\n"
                "hs_task_body = Who\n",
     "SELECT " ALWAYS "TaskSubtype, HubSpot_Id__c, Who, Status,"
     " Priority, ActivityDate, Sub" TASK,
     NULL},
};

static struct conf *
conf_of(const char *text)
{
    char path[] = "/tmp/crmpipe-query-XXXXXX";
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
check_object(const struct conf *conf, const char *object, const char *want)
{
    struct place place = {.t = INT64_C(1780000000000)};
    struct error err;
    struct text q;

    assert_int_equal(activity_query_is_wanted(conf, object), want != NULL);
    if (want == NULL)
        return;
    text_init(&q);
    assert_int_equal(activity_query_put(&q, conf, object, &place, &err), 0);
    assert_string_equal(q.data, want);
    text_fini(&q);
}

static void
check_row(void **state)
{
    const struct row *row = *state;
    struct conf *conf = conf_of(row->conf);

    check_object(conf, "Task", row->task);
    check_object(conf, "Event", row->event);
    conf_free(conf);
}

#define CALLS " FROM Task WHERE IsDeleted = FALSE AND TaskSubtype = 'Call'"
#define DATE  INT64_C(1735689600000)

static const struct existing_row {
    const char *name;
    enum activity activity;
    int64_t since_ms;
    const char *after, *want; /* behind the fields, before the order */
} existing_rows[] = {
    {"all calls", ACTIVITY_CALL, INT64_MIN, "", CALLS},
    {"calls behind one", ACTIVITY_CALL, INT64_MIN, "00T1",
     CALLS " AND Id > '00T1'"},
    {"calls since a day", ACTIVITY_CALL, DATE, "00T1",
     CALLS " AND (ActivityDate >= 2025-01-01 OR (ActivityDate = NULL AND"
           " CreatedDate >= 2025-01-01T00:00:00Z)) AND Id > '00T1'"},
    {"a task may have no subtype", ACTIVITY_TASK, INT64_MIN, "",
     " FROM Task WHERE IsDeleted = FALSE AND (TaskSubtype = 'Task' OR"
     " TaskSubtype = NULL)"},
    {"meetings since a day", ACTIVITY_MEETING, DATE, "",
     " FROM Event WHERE IsChild = FALSE AND IsDeleted = FALSE AND"
     " StartDateTime >= 2025-01-01T00:00:00Z"},
};

static void
check_existing(void **state)
{
    const struct existing_row *row = *state;
    struct conf *conf = conf_of(ON("call") ON("task") ON("meeting"));
    struct text q, want;
    struct error err;

    text_init(&q);
    text_init(&want);
    assert_int_equal(activity_query_put_existing(&q, conf, row->activity,
                                                 row->since_ms, row->after,
                                                 &err),
                     0);
    text_printf(&want, "%s ORDER BY Id LIMIT 500", row->want);
    text_putc(&want, '\0');
    assert_memory_equal(q.data, "SELECT Id, ", 11);
    assert_string_equal(strstr(q.data, " FROM "), want.data);
    text_fini(&q);
    text_init(&q);
    want.len = 0;
    activity_query_put_count(&q, row->activity, row->since_ms, row->after);
    text_printf(&want, "SELECT COUNT()%s", row->want);
    text_putc(&want, '\0');
    assert_string_equal(q.data, want.data);
    text_fini(&q);
    text_fini(&want);
    conf_free(conf);
}

#define N_EXISTING (sizeof(existing_rows) / sizeof(existing_rows[0]))
#define N_ROWS     (sizeof(rows) / sizeof(rows[0]))

int
main(void)
{
    struct CMUnitTest tests[N_ROWS + N_EXISTING];

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    for (size_t i = 0; i < N_EXISTING; i++)
        tests[N_ROWS + i] =
            (struct CMUnitTest){.name = existing_rows[i].name,
                                .test_func = check_existing,
                                .initial_state = (void *)&existing_rows[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
