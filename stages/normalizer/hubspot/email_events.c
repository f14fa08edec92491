/* email_events: marketing e-mail events of the v1 API (reference, section 4).
 * SENT, OPEN and CLICK are activities. An event of a forwarded message bears
 * the original recipient, so it belongs to that contact. */
#include "stages/normalizer/hubspot/hubspot.h"

#include "stages/normalizer/native.h"

#include <string.h>

static enum kind
kind_of(struct span type)
{
    static const struct {
        const char *type;
        enum kind kind;
    } kinds[] = {
        {"SENT", KIND_MARKETING_EMAIL_SENT},
        {"OPEN", KIND_MARKETING_EMAIL_OPENED},
        {"CLICK", KIND_MARKETING_EMAIL_CLICKED},
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strlen(kinds[i].type) == type.len &&
            memcmp(kinds[i].type, type.data, type.len) == 0)
            return kinds[i].kind;
    return KIND_NONE;
}

static int
take_campaign(struct props *p, struct error *err)
{
    static const struct native_field fields[] = {
        NATIVE_FIELD("name", PROP_CAMPAIGN_NAME, NATIVE_TEXT),
        NATIVE_FIELD("subject", PROP_EMAIL_SUBJECT, NATIVE_TEXT),
    };

    if (!props_has(p, PROP_N_CAMPAIGN))
        return 0;
    return NATIVE_TAKE(p, p->v[PROP_N_CAMPAIGN].s, fields, err);
}

/* Where it was opened: "Berlin, Germany". */
static int
take_place(struct props *p, struct error *err)
{
    static const struct native_field fields[] = {
        NATIVE_FIELD("city", PROP_N_CITY, NATIVE_TEXT),
        NATIVE_FIELD("country", PROP_N_COUNTRY, NATIVE_TEXT),
    };
    struct text t;

    if (!props_has(p, PROP_N_PLACE))
        return 0;
    if (NATIVE_TAKE(p, p->v[PROP_N_PLACE].s, fields, err) < 0)
        return -1;
    text_init(&t);
    if (props_has(p, PROP_N_CITY))
        text_putn(&t, (const char *)p->v[PROP_N_CITY].s.data,
                  p->v[PROP_N_CITY].s.len);
    if (props_has(p, PROP_N_COUNTRY)) {
        text_puts(&t, t.len > 0 ? ", " : "");
        text_putn(&t, (const char *)p->v[PROP_N_COUNTRY].s.data,
                  p->v[PROP_N_COUNTRY].s.len);
    }
    props_set_copy(p, PROP_LOCATION, &t);
    text_fini(&t);
    return 0;
}

/* The mail program's or browser's name rather than its whole signature. */
static int
take_browser(struct props *p, struct error *err)
{
    static const struct native_field fields[] = {
        NATIVE_FIELD("name", PROP_USER_AGENT, NATIVE_TEXT),
    };
    struct prop_value whole = p->v[PROP_USER_AGENT];

    if (!props_has(p, PROP_N_BROWSER))
        return 0;
    p->v[PROP_USER_AGENT].type = PROP_NONE;
    if (NATIVE_TAKE(p, p->v[PROP_N_BROWSER].s, fields, err) < 0)
        return -1;
    if (!props_has(p, PROP_USER_AGENT))
        p->v[PROP_USER_AGENT] = whole;
    return 0;
}

enum normalize_verdict
hubspot_email_event(struct record *r, struct span native, struct error *err)
{
    static const struct native_field fields[] = {
        NATIVE_FIELD("created", PROP_N_TIMESTAMP, NATIVE_TIME_NEEDED),
        NATIVE_FIELD("type", PROP_N_TYPE, NATIVE_TEXT),
        NATIVE_FIELD("recipient", PROP_RECIPIENT, NATIVE_TEXT),
        NATIVE_FIELD("filteredEvent", PROP_N_IS_FILTERED, NATIVE_BOOL),
        NATIVE_FIELD("obsoletedBy", PROP_N_OBSOLETED_BY, NATIVE_MAP),
        NATIVE_FIELD("emailCampaignId", PROP_CAMPAIGN_ID, NATIVE_TEXT),
        NATIVE_FIELD("campaign", PROP_N_CAMPAIGN, NATIVE_MAP),
        NATIVE_FIELD("subject", PROP_EMAIL_SUBJECT, NATIVE_TEXT),
        NATIVE_FIELD("from", PROP_FROM_EMAIL, NATIVE_TEXT),
        NATIVE_FIELD("url", PROP_LINK_URL, NATIVE_TEXT),
        NATIVE_FIELD("userAgent", PROP_USER_AGENT, NATIVE_TEXT),
        NATIVE_FIELD("browser", PROP_N_BROWSER, NATIVE_MAP),
        NATIVE_FIELD("location", PROP_N_PLACE, NATIVE_MAP),
        NATIVE_FIELD("deviceType", PROP_DEVICE, NATIVE_LOWER),
    };
    struct props *p = &r->props;

    if (NATIVE_TAKE(p, native, fields, err) < 0)
        return NORMALIZE_BAD_RECORD;
    r->kind = kind_of(p->v[PROP_N_TYPE].s);
    if (r->kind == KIND_NONE)
        return NORMALIZE_NOT_AN_ACTIVITY;
    if (props_has(p, PROP_N_OBSOLETED_BY))
        return NORMALIZE_OBSOLETED;
    if (props_has(p, PROP_N_IS_FILTERED) && p->v[PROP_N_IS_FILTERED].i)
        return NORMALIZE_FILTERED_EVENT;
    if (take_campaign(p, err) < 0 || take_place(p, err) < 0 ||
        take_browser(p, err) < 0)
        return NORMALIZE_BAD_RECORD;
    if (!props_has(p, PROP_N_TIMESTAMP)) {
        error_set(err, EX_DATAERR, "the event has no \"created\" time");
        return NORMALIZE_BAD_RECORD;
    }
    props_default(p, PROP_EMAIL_SUBJECT, PROP_CAMPAIGN_NAME);
    props_default(p, PROP_TITLE, PROP_EMAIL_SUBJECT);
    r->occurred_at = p->v[PROP_N_TIMESTAMP].i;
    return NORMALIZE_OK;
}
