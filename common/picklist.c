/* picklist: see picklist.h. Values: hubspot-api.md, 2.5; labels:
 * salesforce-api.md, 4.1. */
#include "common/picklist.h"

#include <string.h>
#include <strings.h>

/* A label's first row gives its HubSpot value. */
struct row {
    const char *word, *label;
};

static const struct row task_status[] = {
    {"NOT_STARTED", "Not Started"},
    {"IN_PROGRESS", "In Progress"},
    {"WAITING", "Waiting on someone else"},
    {"COMPLETED", "Completed"},
    {"DEFERRED", "Deferred"},
    {NULL, NULL},
};

static const struct row task_priority[] = {
    {"HIGH", "High"},   {"MEDIUM", "Normal"}, {"LOW", "Low"},
    {"NONE", "Normal"}, {NULL, NULL},
};

/* What a call can be in HubSpot only is one of three things in Salesforce; two
 * of Salesforce's standard labels have no value in HubSpot. */
static const struct row call_status[] = {
    {"COMPLETED", "Completed"},
    {"BUSY", "Completed"},
    {"FAILED", "Completed"},
    {"NO_ANSWER", "Completed"},
    {"MISSED", "Completed"},
    {"CANCELED", "Completed"},
    {"CANCELLED", "Completed"},
    {"IN_PROGRESS", "In Progress"},
    {"CONNECTING", "In Progress"},
    {"RINGING", "In Progress"},
    {"CALLING_CRM_USER", "In Progress"},
    {"Waiting on someone else", "In Progress"},
    {"QUEUED", "Not Started"},
    {"Deferred", "Not Started"},
    {NULL, NULL},
};

static const struct row call_direction[] = {
    {"INBOUND", "Inbound"},
    {"OUTBOUND", "Outbound"},
    {NULL, NULL},
};

/* An e-mail is out, or it is not yet: HubSpot has no value for the rest. */
static const struct row email_status[] = {
    {"SENT", "Completed"},
    {"BOUNCED", "Completed"},
    {"FAILED", "Completed"},
    {"SCHEDULED", "Not Started"},
    {"SENDING", "Not Started"},
    {"In Progress", "Not Started"},
    {"Waiting on someone else", "Not Started"},
    {"Deferred", "Not Started"},
    {NULL, NULL},
};

static const struct list {
    const struct row *rows;
    const char *standard;
} lists[TRANSFORM_COUNT] = {
    [TRANSFORM_TASK_STATUS] = {task_status, "Not Started"},
    [TRANSFORM_TASK_PRIORITY] = {task_priority, "Normal"},
    [TRANSFORM_CALL_STATUS] = {call_status, "Completed"},
    [TRANSFORM_CALL_DIRECTION] = {call_direction, NULL},
    [TRANSFORM_EMAIL_STATUS] = {email_status, "Completed"},
};

static bool
is_same(const char *known, const char *s, size_t len)
{
    return strlen(known) == len && strncasecmp(known, s, len) == 0;
}

const char *
picklist_label(enum transform list, const char *word, size_t len)
{
    for (const struct row *r = lists[list].rows; r->word != NULL; r++)
        if (is_same(r->word, word, len) || is_same(r->label, word, len))
            return r->label;
    return NULL;
}

const char *
picklist_value(enum transform list, const char *label, size_t len)
{
    for (const struct row *r = lists[list].rows; r->word != NULL; r++)
        if (is_same(r->label, label, len))
            return r->word;
    return NULL;
}

const char *
picklist_default(enum transform list)
{
    return lists[list].standard;
}

const char *
picklist_nth_label(enum transform list, size_t i)
{
    const struct row *r = lists[list].rows;

    while (r != NULL && r->word != NULL && i > 0)
        r++, i--;
    return r != NULL ? r->label : NULL;
}
