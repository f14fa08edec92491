/* props: the common properties of an activity, typed, while it is being
 * normalized. This is the only place where their names stand.
 *
 * Texts are UTF-8 without NUL and bounded. They are borrowed from the event's
 * native record or lie in the props' own zone. */
#ifndef NORMALIZER_PROPS_H
#define NORMALIZER_PROPS_H

#include "common/codec.h"
#include "common/text.h"
#include <msgpack.h>
#include <stdbool.h>
#include <stdint.h>

#define PROPS_TEXT_MAX                                                         \
    65536 /* UTF-16 units of one text; HubSpot's own bound                     \
           */
/* Stands at the end of a text that was cut. */
#define PROPS_CUT_MARK "\n[cut here; the whole text is in HubSpot]"

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
    PROP_NAMED,                  /* those before it have a name */

    /* What the native record says on the way there. */
    PROP_N_TIMESTAMP = PROP_NAMED, /* ms */
    PROP_N_CREATED_AT,             /* ms */
    PROP_N_TYPE,
    PROP_N_HTML, /* raw */
    PROP_N_DISPOSITION,
    PROP_N_IS_FILTERED,
    PROP_N_IS_ARCHIVED,
    PROP_N_PROPERTIES, /* raw maps */
    PROP_N_OWNER,
    PROP_N_OBSOLETED_BY,
    PROP_N_CAMPAIGN,
    PROP_N_FORM,
    PROP_N_VALUES,
    PROP_N_EMAIL,
    PROP_N_BROWSER,
    PROP_N_PLACE,
    PROP_N_FIRST_NAME,
    PROP_N_LAST_NAME,
    PROP_N_CITY,
    PROP_N_COUNTRY,
    PROP_COUNT
};

enum prop_type {
    PROP_NONE,
    PROP_TEXT,
    PROP_INT,
    PROP_TIME,
    PROP_BOOL,
    PROP_RAW
};

struct prop_value {
    enum prop_type type;
    struct span s; /* text; or the encoded value of PROP_RAW */
    int64_t i;     /* int, ms, bool */
};

struct props {
    struct prop_value v[PROP_COUNT];
    msgpack_zone zone;
};

void props_init(struct props *p);
void props_fini(struct props *p);

/* "owner_name" of PROP_OWNER_NAME; of those below PROP_NAMED. */
const char *prop_name(enum prop prop);
/* The named property, not necessarily NUL-terminated; PROP_COUNT: there is
 * none. */
enum prop prop_find(const char *name, size_t len);

/* Room in the zone; never NULL. */
void *props_take(struct props *p, size_t size);
/* A copy in the zone. */
struct span props_copy(struct props *p, const char *s, size_t len);

void props_set_int(struct props *p, enum prop prop, int64_t value);
void props_set_time(struct props *p, enum prop prop, int64_t ms);
void props_set_bool(struct props *p, enum prop prop, bool value);
void props_set_raw(struct props *p, enum prop prop, struct span value);
/* The same text as valid UTF-8 without NUL and CR, at most PROPS_TEXT_MAX long:
 * `s` itself, or a copy in the zone. */
struct span props_clean(struct props *p, struct span s);
/* Borrows bytes that live as long as `p`; cleans them. An
 * empty text leaves the property absent. */
void props_set_text(struct props *p, enum prop prop, struct span s);
/* Copies. */
void props_set_copy(struct props *p, enum prop prop, const struct text *t);

static inline bool
props_has(const struct props *p, enum prop prop)
{
    return p->v[prop].type != PROP_NONE;
}

/* Take over the value of `from`, when it has one and `prop` has none. */
void props_default(struct props *p, enum prop prop, enum prop from);

/* Append the map of all that are there and public. */
void props_pack(const struct props *p, msgpack_packer *pk);

#endif
