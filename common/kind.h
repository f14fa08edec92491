/* kind: the thirteen kinds of activity (design: timeline sync). */
#ifndef COMMON_KIND_H
#define COMMON_KIND_H

#include <stdbool.h>
#include <stddef.h>

enum kind {
    KIND_FORM_SUBMISSION,
    KIND_MARKETING_EMAIL_SENT,
    KIND_MARKETING_EMAIL_OPENED,
    KIND_MARKETING_EMAIL_CLICKED,
    KIND_SALES_EMAIL_SENT,
    KIND_SALES_EMAIL_OPENED,
    KIND_SALES_EMAIL_CLICKED,
    KIND_MEETING,
    KIND_CALL,
    KIND_NOTE,
    KIND_SALES_CONTENT_VIEWED,
    KIND_TASK,
    KIND_INTEGRATION_EVENT,
    KIND_COUNT,
    KIND_NONE = -1
};

/* "form_submission", ... ; borrowed for ever. */
const char *kind_name(enum kind kind);
/* The kind of that name (not necessarily NUL-terminated), or KIND_NONE. */
enum kind kind_parse(const char *name, size_t len);
/* Are these records of HubSpot's CRM? Others are events, which have no owner
 * and no companies. */
bool kind_is_of_crm(enum kind kind);

#endif
