/* native: takes what a table names out of a service's own record, typed.
 *
 * Services give numbers, truth values and times as JSON numbers or as strings,
 * and leave things out by omission, by null or by "". All three mean absent
 * here, and a value of an impossible type is an error with the property's name.
 */
#ifndef NORMALIZER_NATIVE_H
#define NORMALIZER_NATIVE_H

#include "common/error.h"
#include "stages/normalizer/props.h"

enum native_as {
    NATIVE_TEXT,        /* numbers and truth values become text */
    NATIVE_LOWER,       /* text in lower case (ASCII) */
    NATIVE_ENUM,        /* text; CANCELLED becomes CANCELED */
    NATIVE_HTML,        /* HTML to plain text */
    NATIVE_TIME,        /* any form of timetext.h, or ms as a number */
    NATIVE_TIME_NEEDED, /* one that cannot be read is an error, not absent */
    NATIVE_INT,         /* a fraction is cut off; what is no number is absent */
    NATIVE_BOOL,
    NATIVE_MAP,   /* kept as it is; borrowed */
    NATIVE_ARRAY, /* kept as it is; borrowed */
    NATIVE_RAW    /* a text, kept as it is; borrowed */
};

struct native_field {
    const char *name;
    size_t len;
    int prop;
    enum native_as as;
};
#define NATIVE_FIELD(name, prop, as)                                           \
    {                                                                          \
        name, sizeof(name) - 1, prop, as                                       \
    }

/* Walk once through `map` and set each property that the table names. What is
 * already set stays. -1 (EX_DATAERR): a value is of the wrong type. */
int native_take(struct props *p, struct span map,
                const struct native_field *fields, size_t n_fields,
                struct error *err);
#define NATIVE_TAKE(p, map, table, err)                                        \
    native_take(p, map, table, sizeof(table) / sizeof((table)[0]), err)

/* A text, number or truth value as text (borrowed, or in the zone of `p`).
 * false: it is of another type or null; *out is empty then. */
bool native_text(struct props *p, struct span value, struct span *out);

/* Set a property to the plain text of HTML. */
void native_html(struct props *p, int prop, struct span html);

#endif
