/* occurrences: event occurrences (reference, section 6). The fetcher has
 * matched the event's type to a kind by the config's patterns. What the events'
 * own properties are called is documented nowhere and differs by type, so each
 * common property has several names here. */
#include "stages/normalizer/hubspot/hubspot.h"

#include "stages/normalizer/native.h"

#include <string.h>

/* "ae123_contract_signed" -> "contract signed", "e_document_viewed_v2" ->
 * "document viewed". */
static void
set_event_name(struct props *p)
{
    const char *s = (const char *)p->v[PROP_EVENT_TYPE].s.data;
    size_t len = p->v[PROP_EVENT_TYPE].s.len;
    const char *first = len > 0 ? memchr(s, '_', len) : NULL;
    struct text t;

    if (first == NULL)
        return;
    len -= (size_t)(first + 1 - s);
    s = first + 1;
    if (len > 3 && s[len - 3] == '_' && s[len - 2] == 'v' &&
        s[len - 1] >= '0' && s[len - 1] <= '9')
        len -= 3;
    text_init(&t);
    for (size_t i = 0; i < len; i++)
        text_putc(&t, s[i] == '_' ? ' ' : s[i]);
    props_set_copy(p, PROP_EVENT_NAME, &t);
    text_fini(&t);
}

static void
take_pairs(struct props *p, struct span map)
{
    struct hubspot_pairs pairs = {.n = 0};
    uint32_t n;

    if (!mp_map(&map, &n))
        return;
    while (n-- > 0) {
        struct span key = mp_next(&map);
        struct span value = mp_next(&map);
        struct span name, s;

        if (mp_str(key, &name) && native_text(p, value, &s))
            hubspot_pair_add(p, &pairs, name, s);
    }
    hubspot_pairs_set(p, PROP_EVENT_PROPERTIES, &pairs);
}

static int
take_properties(struct props *p, struct span map, struct error *err)
{
    static const struct native_field fields[] = {
        NATIVE_FIELD("hs_email_subject", PROP_EMAIL_SUBJECT, NATIVE_TEXT),
        NATIVE_FIELD("hs_subject", PROP_EMAIL_SUBJECT, NATIVE_TEXT),
        NATIVE_FIELD("subject", PROP_EMAIL_SUBJECT, NATIVE_TEXT),
        NATIVE_FIELD("hs_email_id", PROP_EMAIL_ID, NATIVE_TEXT),
        NATIVE_FIELD("hs_clicked_url", PROP_LINK_URL, NATIVE_TEXT),
        NATIVE_FIELD("hs_link_url", PROP_LINK_URL, NATIVE_TEXT),
        NATIVE_FIELD("hs_url", PROP_LINK_URL, NATIVE_TEXT),
        NATIVE_FIELD("hs_click_raw_url", PROP_LINK_URL, NATIVE_TEXT),
        NATIVE_FIELD("url", PROP_LINK_URL, NATIVE_TEXT),
        NATIVE_FIELD("hs_document_name", PROP_DOCUMENT_NAME, NATIVE_TEXT),
        NATIVE_FIELD("hs_document_title", PROP_DOCUMENT_NAME, NATIVE_TEXT),
        NATIVE_FIELD("document_name", PROP_DOCUMENT_NAME, NATIVE_TEXT),
        NATIVE_FIELD("hs_recipient", PROP_RECIPIENT, NATIVE_TEXT),
        NATIVE_FIELD("hs_recipient_email", PROP_RECIPIENT, NATIVE_TEXT),
        NATIVE_FIELD("recipient", PROP_RECIPIENT, NATIVE_TEXT),
        NATIVE_FIELD("hs_user_agent", PROP_USER_AGENT, NATIVE_TEXT),
        NATIVE_FIELD("hs_browser", PROP_USER_AGENT, NATIVE_TEXT),
        NATIVE_FIELD("hs_device_type", PROP_DEVICE, NATIVE_LOWER),
        NATIVE_FIELD("hs_city", PROP_LOCATION, NATIVE_TEXT),
        NATIVE_FIELD("hs_is_forwarded", PROP_IS_FORWARDED, NATIVE_BOOL),
        NATIVE_FIELD("is_forwarded", PROP_IS_FORWARDED, NATIVE_BOOL),
    };

    take_pairs(p, map);
    return NATIVE_TAKE(p, map, fields, err);
}

/* A title, from what suits the kind. */
static void
set_title(struct record *r)
{
    struct props *p = &r->props;

    if (r->kind == KIND_SALES_CONTENT_VIEWED)
        props_default(p, PROP_TITLE, PROP_DOCUMENT_NAME);
    else if (r->kind == KIND_INTEGRATION_EVENT)
        props_default(p, PROP_TITLE, PROP_EVENT_NAME);
    else
        props_default(p, PROP_TITLE, PROP_EMAIL_SUBJECT);
}

enum normalize_verdict
hubspot_occurrence(struct record *r, struct span native, struct error *err)
{
    static const struct native_field fields[] = {
        NATIVE_FIELD("occurredAt", PROP_N_TIMESTAMP, NATIVE_TIME_NEEDED),
        NATIVE_FIELD("eventType", PROP_EVENT_TYPE, NATIVE_TEXT),
        NATIVE_FIELD("matched_kind", PROP_N_TYPE, NATIVE_TEXT),
        NATIVE_FIELD("properties", PROP_N_PROPERTIES, NATIVE_MAP),
    };
    struct props *p = &r->props;
    struct span kind;

    if (NATIVE_TAKE(p, native, fields, err) < 0)
        return NORMALIZE_BAD_RECORD;
    kind = p->v[PROP_N_TYPE].s;
    r->kind = kind.len > 0 ? kind_parse((const char *)kind.data, kind.len)
                           : KIND_NONE;
    if (r->kind == KIND_NONE)
        return NORMALIZE_UNKNOWN_TYPE;
    if (!props_has(p, PROP_N_TIMESTAMP)) {
        error_set(err, EX_DATAERR, "the event has no \"occurredAt\"");
        return NORMALIZE_BAD_RECORD;
    }
    if (props_has(p, PROP_N_PROPERTIES) &&
        take_properties(p, p->v[PROP_N_PROPERTIES].s, err) < 0)
        return NORMALIZE_BAD_RECORD;
    set_event_name(p);
    set_title(r);
    r->occurred_at = p->v[PROP_N_TIMESTAMP].i;
    return NORMALIZE_OK;
}
