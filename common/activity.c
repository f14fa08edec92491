/* activity: see activity.h. */
#include "common/activity.h"

#include <assert.h>
#include <string.h>

static const struct activity_facts facts[ACTIVITY_COUNT] = {
    [ACTIVITY_TASK] = {"task", "tasks", "Task", "Task", KIND_TASK,
                       "hs_task_subject", "hs_timestamp"},
    [ACTIVITY_EMAIL] = {"email", "emails", "Task", "Email",
                        KIND_SALES_EMAIL_SENT, "hs_email_subject",
                        "hs_timestamp"},
    [ACTIVITY_CALL] = {"call", "calls", "Task", "Call", KIND_CALL,
                       "hs_call_title", "hs_timestamp"},
    [ACTIVITY_MEETING] = {"meeting", "meetings", "Event", NULL, KIND_MEETING,
                          "hs_meeting_title", "hs_meeting_start_time"},
};

const struct activity_facts *
activity_facts(enum activity activity)
{
    assert(activity >= 0 && activity < ACTIVITY_COUNT);
    return &facts[activity];
}

enum activity
activity_parse(const char *name, size_t len)
{
    for (int i = 0; i < ACTIVITY_COUNT; i++)
        if (strlen(facts[i].name) == len &&
            memcmp(facts[i].name, name, len) == 0)
            return (enum activity)i;
    return ACTIVITY_NONE;
}

enum activity
activity_of_salesforce(const char *object, const char *subtype)
{
    if (strcmp(object, "Event") == 0)
        return ACTIVITY_MEETING;
    if (strcmp(object, "Task") != 0)
        return ACTIVITY_NONE;
    if (subtype == NULL || subtype[0] == '\0')
        return ACTIVITY_TASK;
    for (int i = 0; i < ACTIVITY_COUNT; i++)
        if (facts[i].subtype != NULL && strcmp(facts[i].subtype, subtype) == 0)
            return (enum activity)i;
    return ACTIVITY_NONE;
}
