/* prop: see prop.h. */
#include "common/prop.h"

#include <assert.h>
#include <string.h>

static const char *const names[PROP_COUNT] = {
    [PROP_TITLE] = "title",
    [PROP_BODY] = "body",
    [PROP_PREVIEW] = "preview",
    [PROP_OWNER_ID] = "owner_id",
    [PROP_OWNER_EMAIL] = "owner_email",
    [PROP_OWNER_NAME] = "owner_name",
    [PROP_DIRECTION] = "direction",
    [PROP_STATUS] = "status",
    [PROP_OUTCOME] = "outcome",
    [PROP_DURATION_MS] = "duration_ms",
    [PROP_DISPOSITION] = "disposition",
    [PROP_FROM_NUMBER] = "from_number",
    [PROP_TO_NUMBER] = "to_number",
    [PROP_RECORDING_URL] = "recording_url",
    [PROP_ACTIVITY_TYPE] = "activity_type",
    [PROP_FROM_EMAIL] = "from_email",
    [PROP_TO_EMAILS] = "to_emails",
    [PROP_CC_EMAILS] = "cc_emails",
    [PROP_MESSAGE_ID] = "message_id",
    [PROP_THREAD_ID] = "thread_id",
    [PROP_START_AT] = "start_at",
    [PROP_END_AT] = "end_at",
    [PROP_DUE_AT] = "due_at",
    [PROP_COMPLETED_AT] = "completed_at",
    [PROP_LOCATION] = "location",
    [PROP_MEETING_URL] = "meeting_url",
    [PROP_NOTES] = "notes",
    [PROP_ICAL_UID] = "ical_uid",
    [PROP_GUEST_EMAILS] = "guest_emails",
    [PROP_PRIORITY] = "priority",
    [PROP_TASK_TYPE] = "task_type",
    [PROP_FORM_ID] = "form_id",
    [PROP_FORM_NAME] = "form_name",
    [PROP_FORM_TYPE] = "form_type",
    [PROP_PAGE_URL] = "page_url",
    [PROP_PAGE_TITLE] = "page_title",
    [PROP_FIELDS] = "fields",
    [PROP_CAMPAIGN_ID] = "campaign_id",
    [PROP_CAMPAIGN_NAME] = "campaign_name",
    [PROP_EMAIL_ID] = "email_id",
    [PROP_EMAIL_SUBJECT] = "email_subject",
    [PROP_LINK_URL] = "link_url",
    [PROP_RECIPIENT] = "recipient",
    [PROP_USER_AGENT] = "user_agent",
    [PROP_DEVICE] = "device",
    [PROP_IS_FORWARDED] = "is_forwarded",
    [PROP_DOCUMENT_NAME] = "document_name",
    [PROP_EVENT_TYPE] = "event_type",
    [PROP_EVENT_NAME] = "event_name",
    [PROP_EVENT_PROPERTIES] = "event_properties",
    [PROP_COUNTER] = "counter",
    [PROP_ENGAGEMENT_SOURCE] = "engagement_source",
    [PROP_SUBJECT] = "subject",
    [PROP_DESCRIPTION] = "description",
    [PROP_DURATION] = "duration",
    [PROP_OCCURRED_AT] = "occurred_at",
};

const char *
prop_name(enum prop prop)
{
    assert(prop < PROP_COUNT);
    return names[prop];
}

enum prop
prop_find(const char *name, size_t len)
{
    for (int i = 0; i < PROP_COUNT; i++)
        if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
            return (enum prop)i;
    return PROP_COUNT;
}
