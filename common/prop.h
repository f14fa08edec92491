/* prop: the common properties of an activity. This is the only place where
 * their names stand; templates may hold each of them but the two that are made
 * of templates. */
#ifndef COMMON_PROP_H
#define COMMON_PROP_H

#include <stddef.h>

enum prop {
    PROP_TITLE,
    PROP_BODY,    /* plain text */
    PROP_PREVIEW, /* the first line of the body, shortened (notes) */
    PROP_OWNER_ID,
    PROP_OWNER_EMAIL,
    PROP_OWNER_NAME,
    PROP_DIRECTION, /* inbound | outbound */
    PROP_STATUS,    /* the service's enumeration */
    PROP_OUTCOME,
    PROP_DURATION_MS,
    PROP_DISPOSITION, /* label */
    PROP_FROM_NUMBER,
    PROP_TO_NUMBER,
    PROP_RECORDING_URL,
    PROP_ACTIVITY_TYPE,
    PROP_FROM_EMAIL,
    PROP_TO_EMAILS, /* several joined by ';' */
    PROP_CC_EMAILS,
    PROP_MESSAGE_ID,
    PROP_THREAD_ID,
    PROP_START_AT, /* ms since 1970 UTC, as all *_at */
    PROP_END_AT,
    PROP_DUE_AT,
    PROP_COMPLETED_AT,
    PROP_LOCATION,
    PROP_MEETING_URL,
    PROP_NOTES, /* internal notes of a meeting, plain text */
    PROP_ICAL_UID,
    PROP_GUEST_EMAILS,
    PROP_PRIORITY,
    PROP_TASK_TYPE,
    PROP_FORM_ID,
    PROP_FORM_NAME,
    PROP_FORM_TYPE,
    PROP_PAGE_URL,
    PROP_PAGE_TITLE,
    PROP_FIELDS, /* map: name of a form's field -> text */
    PROP_CAMPAIGN_ID,
    PROP_CAMPAIGN_NAME,
    PROP_EMAIL_ID,
    PROP_EMAIL_SUBJECT,
    PROP_LINK_URL,
    PROP_RECIPIENT,
    PROP_USER_AGENT,
    PROP_DEVICE,
    PROP_IS_FORWARDED, /* bool */
    PROP_DOCUMENT_NAME,
    PROP_EVENT_TYPE,
    PROP_EVENT_NAME,       /* the type's name in words */
    PROP_EVENT_PROPERTIES, /* map: name -> text */
    PROP_COUNTER,          /* 3: the third open */
    PROP_ENGAGEMENT_SOURCE,
    PROP_SUBJECT,     /* rendered */
    PROP_DESCRIPTION, /* rendered */
    PROP_PUBLIC,      /* those before it go into the event */

    PROP_DURATION = PROP_PUBLIC, /* for templates: "4 min 5 s" */
    PROP_OCCURRED_AT,            /* for templates */
    PROP_COUNT                   /* those before it have a name */
};

/* "owner_name" of PROP_OWNER_NAME; borrowed for ever. */
const char *prop_name(enum prop prop);
/* The property of that name (not necessarily NUL-terminated); PROP_COUNT: there
 * is none. */
enum prop prop_find(const char *name, size_t len);

#endif
