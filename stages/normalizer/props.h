/* props: the properties of an activity, typed, while it is being normalized:
 * the common ones (enum prop), and behind them those of its native record (enum
 * native_prop). A parameter `prop` is one of either.
 *
 * Texts are UTF-8 without NUL and bounded. They are borrowed from the event's
 * native record or lie in the props' own zone. */
#ifndef NORMALIZER_PROPS_H
#define NORMALIZER_PROPS_H

#include "common/codec.h"
#include "common/prop.h"
#include "common/text.h"
#include <msgpack.h>
#include <stdbool.h>
#include <stdint.h>

#define PROPS_TEXT_MAX                                                         \
    65536 /* UTF-16 units of one text; HubSpot's own bound                     \
           */
/* Stands at the end of a text that was cut. */
#define PROPS_CUT_MARK "\n[cut here; the whole text is in HubSpot]"

/* What the native record says on the way there; behind the named ones. */
enum native_prop {
    PROP_N_TIMESTAMP = PROP_COUNT, /* ms */
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
    PROPS_COUNT
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
    struct prop_value v[PROPS_COUNT];
    msgpack_zone zone;
};

void props_init(struct props *p);
void props_fini(struct props *p);

/* Room in the zone; never NULL. */
void *props_take(struct props *p, size_t size);
/* A copy in the zone. */
struct span props_copy(struct props *p, const char *s, size_t len);

void props_set_int(struct props *p, int prop, int64_t value);
void props_set_time(struct props *p, int prop, int64_t ms);
void props_set_bool(struct props *p, int prop, bool value);
void props_set_raw(struct props *p, int prop, struct span value);
/* The same text as valid UTF-8 without NUL and CR, at most PROPS_TEXT_MAX long:
 * `s` itself, or a copy in the zone. */
struct span props_clean(struct props *p, struct span s);
/* Borrows bytes that live as long as `p`; cleans them. An
 * empty text leaves the property absent. */
void props_set_text(struct props *p, int prop, struct span s);
/* Copies. */
void props_set_copy(struct props *p, int prop, const struct text *t);

static inline bool
props_has(const struct props *p, int prop)
{
    return p->v[prop].type != PROP_NONE;
}

/* Take over the value of `from`, when it has one and `prop` has none. */
void props_default(struct props *p, int prop, int from);

/* Append the map of all that are there and public. */
void props_pack(const struct props *p, msgpack_packer *pk);

#endif
