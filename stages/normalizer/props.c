/* props: see props.h. */
#include "stages/normalizer/props.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[PROP_NAMED] = {
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

void
props_init(struct props *p)
{
    memset(p->v, 0, sizeof(p->v));
    if (!msgpack_zone_init(&p->zone, 4096))
        abort(); /* out of memory: the fetcher sends again */
}

void
props_fini(struct props *p)
{
    msgpack_zone_destroy(&p->zone);
}

const char *
prop_name(enum prop prop)
{
    assert(prop < PROP_NAMED);
    return names[prop];
}

enum prop
prop_find(const char *name, size_t len)
{
    for (int i = 0; i < PROP_NAMED; i++)
        if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
            return (enum prop)i;
    return PROP_COUNT;
}

void *
props_take(struct props *p, size_t size)
{
    void *room = msgpack_zone_malloc(&p->zone, size > 0 ? size : 1);

    if (room == NULL)
        abort();
    return room;
}

struct span
props_copy(struct props *p, const char *s, size_t len)
{
    uint8_t *copy = props_take(p, len);

    if (len > 0)
        memcpy(copy, s, len);
    return (struct span){copy, len};
}

void
props_set_int(struct props *p, enum prop prop, int64_t value)
{
    p->v[prop] = (struct prop_value){.type = PROP_INT, .i = value};
}

void
props_set_time(struct props *p, enum prop prop, int64_t ms)
{
    p->v[prop] = (struct prop_value){.type = PROP_TIME, .i = ms};
}

void
props_set_bool(struct props *p, enum prop prop, bool value)
{
    p->v[prop] = (struct prop_value){.type = PROP_BOOL, .i = value};
}

void
props_set_raw(struct props *p, enum prop prop, struct span value)
{
    p->v[prop] = (struct prop_value){.type = PROP_RAW, .s = value};
}

/* CR LF and CR become LF. */
static void
unify_line_ends(struct text *t)
{
    size_t to = 0;

    for (size_t i = 0; i < t->len; i++) {
        bool is_cr = t->data[i] == '\r';

        if (is_cr && i + 1 < t->len && t->data[i + 1] == '\n')
            continue;
        t->data[to++] = is_cr ? '\n' : t->data[i];
    }
    t->len = to;
}

struct span
props_clean(struct props *p, struct span s)
{
    const char *bytes = (const char *)s.data;
    struct text t;

    if (s.len == 0 || (s.len <= PROPS_TEXT_MAX && text_is_valid(bytes, s.len) &&
                       memchr(bytes, '\r', s.len) == NULL))
        return s;
    text_init(&t);
    /* A unit takes three bytes at most: what is behind would be cut. */
    text_put_valid(&t, bytes, text_fit_bytes(bytes, s.len, 4 * PROPS_TEXT_MAX));
    unify_line_ends(&t);
    text_cut_units(&t, PROPS_TEXT_MAX, PROPS_CUT_MARK);
    s = props_copy(p, t.data, t.len);
    text_fini(&t);
    return s;
}

void
props_set_text(struct props *p, enum prop prop, struct span s)
{
    if (s.len > 0)
        p->v[prop] =
            (struct prop_value){.type = PROP_TEXT, .s = props_clean(p, s)};
}

void
props_set_copy(struct props *p, enum prop prop, const struct text *t)
{
    if (t->len > 0)
        props_set_text(p, prop, props_copy(p, t->data, t->len));
}

void
props_default(struct props *p, enum prop prop, enum prop from)
{
    if (!props_has(p, prop))
        p->v[prop] = p->v[from];
}

static void
pack_value(const struct prop_value *v, msgpack_packer *pk)
{
    switch (v->type) {
    case PROP_TEXT:
        mp_pack_strn(pk, (const char *)v->s.data, v->s.len);
        break;
    case PROP_INT:
    case PROP_TIME:
        msgpack_pack_int64(pk, v->i);
        break;
    case PROP_BOOL:
        if (v->i)
            msgpack_pack_true(pk);
        else
            msgpack_pack_false(pk);
        break;
    case PROP_RAW:
        mp_pack_span(pk, v->s);
        break;
    case PROP_NONE:
        break;
    }
}

void
props_pack(const struct props *p, msgpack_packer *pk)
{
    size_t n = 0;

    for (int i = 0; i < PROP_PUBLIC; i++)
        n += p->v[i].type != PROP_NONE;
    msgpack_pack_map(pk, n);
    for (int i = 0; i < PROP_PUBLIC; i++) {
        if (p->v[i].type == PROP_NONE)
            continue;
        mp_pack_str(pk, names[i]);
        pack_value(&p->v[i], pk);
    }
}
