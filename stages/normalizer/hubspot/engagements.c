/* engagements: calls, e-mails, meetings, notes and tasks. Properties and their
 * values: reference, section 2.5. hs_timestamp is when it happened, but for a
 * task when it is due. */
#include "stages/normalizer/hubspot/engagements.h"

#include "common/disposition.h"
#include "common/timetext.h"

#include <string.h>

#define PREVIEW_MAX 100 /* UTF-16 units of a note's first line */

enum normalize_verdict
engagement_take(struct record *r, struct span native,
                const struct native_field *fields, size_t n_fields,
                struct error *err)
{
    static const struct native_field envelope[] = {
        NATIVE_FIELD("properties", PROP_N_PROPERTIES, NATIVE_MAP),
        NATIVE_FIELD("createdAt", PROP_N_CREATED_AT, NATIVE_TIME),
        NATIVE_FIELD("archived", PROP_N_IS_ARCHIVED, NATIVE_BOOL),
        NATIVE_FIELD("owner", PROP_N_OWNER, NATIVE_MAP),
        NATIVE_FIELD("disposition_label", PROP_DISPOSITION, NATIVE_TEXT),
    };
    static const struct native_field common[] = {
        NATIVE_FIELD("hs_timestamp", PROP_N_TIMESTAMP, NATIVE_TIME_NEEDED),
        NATIVE_FIELD("hs_createdate", PROP_N_CREATED_AT, NATIVE_TIME_NEEDED),
        NATIVE_FIELD("hubspot_owner_id", PROP_OWNER_ID, NATIVE_TEXT),
        NATIVE_FIELD("hs_engagement_source", PROP_ENGAGEMENT_SOURCE,
                     NATIVE_TEXT),
    };
    struct props *p = &r->props;
    struct prop_value created;

    if (NATIVE_TAKE(p, native, envelope, err) < 0)
        return NORMALIZE_BAD_RECORD;
    if (!props_has(p, PROP_N_PROPERTIES)) {
        error_set(err, EX_DATAERR, "the record has no properties");
        return NORMALIZE_BAD_RECORD;
    }
    if (props_has(p, PROP_N_IS_ARCHIVED) && p->v[PROP_N_IS_ARCHIVED].i)
        return NORMALIZE_DELETED;
    /* hs_createdate comes first, createdAt stands in for it. */
    created = p->v[PROP_N_CREATED_AT];
    p->v[PROP_N_CREATED_AT].type = PROP_NONE;
    if (native_take(p, p->v[PROP_N_PROPERTIES].s, fields, n_fields, err) < 0 ||
        NATIVE_TAKE(p, p->v[PROP_N_PROPERTIES].s, common, err) < 0)
        return NORMALIZE_BAD_RECORD;
    if (!props_has(p, PROP_N_CREATED_AT))
        p->v[PROP_N_CREATED_AT] = created;
    if (props_has(p, PROP_N_OWNER) &&
        hubspot_owner(p, p->v[PROP_N_OWNER].s, err) < 0)
        return NORMALIZE_BAD_RECORD;
    return NORMALIZE_OK;
}
#define ENGAGEMENT_TAKE(r, native, table, err)                                 \
    engagement_take(r, native, table, sizeof(table) / sizeof((table)[0]), err)

/* When it happened: the first of the two that is there. */
static enum normalize_verdict
happened(struct record *r, enum kind kind, int at, int else_at,
         struct error *err)
{
    const struct props *p = &r->props;
    int when = props_has(p, at) ? at : else_at;

    r->kind = kind;
    if (!props_has(p, when)) {
        error_set(err, EX_DATAERR,
                  "the record has neither hs_timestamp nor hs_createdate");
        return NORMALIZE_BAD_RECORD;
    }
    r->occurred_at = p->v[when].i;
    return NORMALIZE_OK;
}

/* An account may have more dispositions than HubSpot's own, whose labels the
 * fetcher asks for. What is not known stays as it is. */
static void
set_disposition(struct props *p)
{
    struct span id = p->v[PROP_N_DISPOSITION].s;
    const char *label;

    if (props_has(p, PROP_DISPOSITION) || !props_has(p, PROP_N_DISPOSITION))
        return;
    label = disposition_label((const char *)id.data, id.len);
    if (label != NULL)
        id = (struct span){(const uint8_t *)label, strlen(label)};
    props_set_text(p, PROP_DISPOSITION, id);
}

enum normalize_verdict
hubspot_call(struct record *r, struct span native, struct error *err)
{
    static const struct native_field fields[] = {
        NATIVE_FIELD("hs_call_title", PROP_TITLE, NATIVE_TEXT),
        NATIVE_FIELD("hs_call_body", PROP_BODY, NATIVE_HTML),
        NATIVE_FIELD("hs_call_duration", PROP_DURATION_MS, NATIVE_INT),
        NATIVE_FIELD("hs_call_direction", PROP_DIRECTION, NATIVE_LOWER),
        NATIVE_FIELD("hs_call_status", PROP_STATUS, NATIVE_ENUM),
        NATIVE_FIELD("hs_call_disposition", PROP_N_DISPOSITION, NATIVE_TEXT),
        NATIVE_FIELD("hs_call_from_number", PROP_FROM_NUMBER, NATIVE_TEXT),
        NATIVE_FIELD("hs_call_to_number", PROP_TO_NUMBER, NATIVE_TEXT),
        NATIVE_FIELD("hs_call_recording_url", PROP_RECORDING_URL, NATIVE_TEXT),
        NATIVE_FIELD("hs_activity_type", PROP_ACTIVITY_TYPE, NATIVE_TEXT),
    };
    struct props *p = &r->props;
    enum normalize_verdict v = ENGAGEMENT_TAKE(r, native, fields, err);

    if (v != NORMALIZE_OK)
        return v;
    set_disposition(p);
    if (props_has(p, PROP_DURATION_MS) && p->v[PROP_DURATION_MS].i < 0)
        p->v[PROP_DURATION_MS].type = PROP_NONE;
    return happened(r, KIND_CALL, PROP_N_TIMESTAMP, PROP_N_CREATED_AT, err);
}

static bool
says(const struct props *p, int prop, const char *word)
{
    struct span s = p->v[prop].s;

    return props_has(p, prop) && s.len == strlen(word) &&
           memcmp(s.data, word, s.len) == 0;
}

/* What went out: EMAIL and FORWARDED_EMAIL, unless it is not out yet or failed.
 * A bounced message was sent. */
static enum normalize_verdict
is_sent(const struct props *p)
{
    if (says(p, PROP_N_TYPE, "INCOMING_EMAIL"))
        return NORMALIZE_INCOMING_EMAIL;
    if (says(p, PROP_N_TYPE, "DRAFT_EMAIL") ||
        says(p, PROP_STATUS, "SCHEDULED") || says(p, PROP_STATUS, "SENDING") ||
        says(p, PROP_STATUS, "FAILED"))
        return NORMALIZE_NOT_SENT;
    return NORMALIZE_OK;
}

enum normalize_verdict
hubspot_email(struct record *r, struct span native, struct error *err)
{
    static const struct native_field fields[] = {
        NATIVE_FIELD("hs_email_subject", PROP_EMAIL_SUBJECT, NATIVE_TEXT),
        NATIVE_FIELD("hs_email_text", PROP_BODY, NATIVE_TEXT),
        NATIVE_FIELD("hs_email_html", PROP_N_HTML, NATIVE_RAW),
        NATIVE_FIELD("hs_email_direction", PROP_N_TYPE, NATIVE_TEXT),
        NATIVE_FIELD("hs_email_status", PROP_STATUS, NATIVE_ENUM),
        NATIVE_FIELD("hs_email_from_email", PROP_FROM_EMAIL, NATIVE_TEXT),
        NATIVE_FIELD("hs_email_to_email", PROP_TO_EMAILS, NATIVE_TEXT),
        NATIVE_FIELD("hs_email_cc_email", PROP_CC_EMAILS, NATIVE_TEXT),
        NATIVE_FIELD("hs_email_message_id", PROP_MESSAGE_ID, NATIVE_TEXT),
        NATIVE_FIELD("hs_email_thread_id", PROP_THREAD_ID, NATIVE_TEXT),
    };
    struct props *p = &r->props;
    enum normalize_verdict v = ENGAGEMENT_TAKE(r, native, fields, err);

    if (v != NORMALIZE_OK || (v = is_sent(p)) != NORMALIZE_OK)
        return v;
    if (!props_has(p, PROP_BODY) && props_has(p, PROP_N_HTML))
        native_html(p, PROP_BODY, p->v[PROP_N_HTML].s);
    if (says(p, PROP_N_TYPE, "FORWARDED_EMAIL"))
        props_set_bool(p, PROP_IS_FORWARDED, true);
    props_set_text(p, PROP_DIRECTION,
                   (struct span){(const uint8_t *)"outbound", 8});
    props_default(p, PROP_TITLE, PROP_EMAIL_SUBJECT);
    return happened(r, KIND_SALES_EMAIL_SENT, PROP_N_TIMESTAMP,
                    PROP_N_CREATED_AT, err);
}

enum normalize_verdict
hubspot_meeting(struct record *r, struct span native, struct error *err)
{
    static const struct native_field fields[] = {
        NATIVE_FIELD("hs_meeting_title", PROP_TITLE, NATIVE_TEXT),
        NATIVE_FIELD("hs_meeting_body", PROP_BODY, NATIVE_HTML),
        NATIVE_FIELD("hs_internal_meeting_notes", PROP_NOTES, NATIVE_HTML),
        NATIVE_FIELD("hs_meeting_start_time", PROP_START_AT, NATIVE_TIME),
        NATIVE_FIELD("hs_meeting_end_time", PROP_END_AT, NATIVE_TIME),
        NATIVE_FIELD("hs_meeting_outcome", PROP_OUTCOME, NATIVE_ENUM),
        NATIVE_FIELD("hs_meeting_location", PROP_LOCATION, NATIVE_TEXT),
        NATIVE_FIELD("hs_meeting_external_url", PROP_MEETING_URL, NATIVE_TEXT),
        NATIVE_FIELD("hs_i_cal_uid", PROP_ICAL_UID, NATIVE_TEXT),
        NATIVE_FIELD("hs_guest_emails", PROP_GUEST_EMAILS, NATIVE_TEXT),
        NATIVE_FIELD("hs_activity_type", PROP_ACTIVITY_TYPE, NATIVE_TEXT),
    };
    struct props *p = &r->props;
    enum normalize_verdict v = ENGAGEMENT_TAKE(r, native, fields, err);

    if (v != NORMALIZE_OK)
        return v;
    props_default(p, PROP_START_AT, PROP_N_TIMESTAMP);
    if (props_has(p, PROP_START_AT) && props_has(p, PROP_END_AT) &&
        p->v[PROP_END_AT].i >= p->v[PROP_START_AT].i)
        props_set_int(p, PROP_DURATION_MS,
                      p->v[PROP_END_AT].i - p->v[PROP_START_AT].i);
    return happened(r, KIND_MEETING, PROP_START_AT, PROP_N_CREATED_AT, err);
}

/* A note has no title: its first line stands for it. */
static void
set_preview(struct props *p)
{
    const char *s = (const char *)p->v[PROP_BODY].s.data;
    size_t len = p->v[PROP_BODY].s.len;
    const char *end;
    struct text line;

    text_trim(&s, &len);
    if (!props_has(p, PROP_BODY) || len == 0)
        return;
    end = memchr(s, '\n', len);
    text_init(&line);
    text_putn(&line, s, end == NULL ? len : (size_t)(end - s));
    text_cut_units(&line, PREVIEW_MAX, "\xe2\x80\xa6");
    props_set_copy(p, PROP_PREVIEW, &line);
    text_fini(&line);
}

enum normalize_verdict
hubspot_note(struct record *r, struct span native, struct error *err)
{
    static const struct native_field fields[] = {
        NATIVE_FIELD("hs_note_body", PROP_BODY, NATIVE_HTML),
    };
    enum normalize_verdict v = ENGAGEMENT_TAKE(r, native, fields, err);

    if (v != NORMALIZE_OK)
        return v;
    set_preview(&r->props);
    return happened(r, KIND_NOTE, PROP_N_TIMESTAMP, PROP_N_CREATED_AT, err);
}

/* A task happens when somebody makes it; hs_timestamp is when it is due. */
enum normalize_verdict
hubspot_task(struct record *r, struct span native, struct error *err)
{
    static const struct native_field fields[] = {
        NATIVE_FIELD("hs_task_subject", PROP_TITLE, NATIVE_TEXT),
        NATIVE_FIELD("hs_task_body", PROP_BODY, NATIVE_HTML),
        NATIVE_FIELD("hs_task_status", PROP_STATUS, NATIVE_ENUM),
        NATIVE_FIELD("hs_task_priority", PROP_PRIORITY, NATIVE_TEXT),
        NATIVE_FIELD("hs_task_type", PROP_TASK_TYPE, NATIVE_TEXT),
        NATIVE_FIELD("hs_task_completion_date", PROP_COMPLETED_AT, NATIVE_TIME),
    };
    struct props *p = &r->props;
    enum normalize_verdict v = ENGAGEMENT_TAKE(r, native, fields, err);

    if (v != NORMALIZE_OK)
        return v;
    props_default(p, PROP_DUE_AT, PROP_N_TIMESTAMP);
    return happened(r, KIND_TASK, PROP_N_CREATED_AT, PROP_N_TIMESTAMP, err);
}
