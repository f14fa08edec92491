/* kind: see kind.h. */
#include "common/kind.h"

#include <assert.h>
#include <string.h>

static const char *const names[KIND_COUNT] = {
    [KIND_FORM_SUBMISSION] = "form_submission",
    [KIND_MARKETING_EMAIL_SENT] = "marketing_email_sent",
    [KIND_MARKETING_EMAIL_OPENED] = "marketing_email_opened",
    [KIND_MARKETING_EMAIL_CLICKED] = "marketing_email_clicked",
    [KIND_SALES_EMAIL_SENT] = "sales_email_sent",
    [KIND_SALES_EMAIL_OPENED] = "sales_email_opened",
    [KIND_SALES_EMAIL_CLICKED] = "sales_email_clicked",
    [KIND_MEETING] = "meeting",
    [KIND_CALL] = "call",
    [KIND_NOTE] = "note",
    [KIND_SALES_CONTENT_VIEWED] = "sales_content_viewed",
    [KIND_TASK] = "task",
    [KIND_INTEGRATION_EVENT] = "integration_event",
};

const char *
kind_name(enum kind kind)
{
    assert(kind >= 0 && kind < KIND_COUNT);
    return names[kind];
}

enum kind
kind_parse(const char *name, size_t len)
{
    for (int i = 0; i < KIND_COUNT; i++)
        if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
            return (enum kind)i;
    return KIND_NONE;
}

bool
kind_is_of_crm(enum kind kind)
{
    switch (kind) {
    case KIND_SALES_EMAIL_SENT:
    case KIND_MEETING:
    case KIND_CALL:
    case KIND_NOTE:
    case KIND_TASK:
        return true;
    default:
        return false;
    }
}
