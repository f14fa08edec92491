/* native: see native.h. */
#include "stages/normalizer/native.h"

#include "common/html.h"
#include "common/timetext.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool
native_text(struct props *p, struct span value, struct span *out)
{
    char buf[40];
    int64_t i;
    double f;
    bool b;

    *out = (struct span){NULL, 0};
    if (mp_str(value, out))
        return true;
    if (mp_i64(value, &i))
        snprintf(buf, sizeof(buf), "%" PRId64, i);
    else if (mp_f64(value, &f))
        snprintf(buf, sizeof(buf), "%.15g", f);
    else if (mp_bool(value, &b))
        strcpy(buf, b ? "true" : "false");
    else
        return false;
    *out = props_copy(p, buf, strlen(buf));
    return true;
}

void
native_html(struct props *p, int prop, struct span html)
{
    struct text t;

    text_init(&t);
    if (html_to_text((const char *)html.data, html.len, &t)) {
        /* Cut for good here, so that the mark says so once. */
        text_cut_units(&t, PROPS_TEXT_MAX - sizeof(PROPS_CUT_MARK), "");
        text_puts(&t, PROPS_CUT_MARK);
    }
    props_set_copy(p, prop, &t);
    text_fini(&t);
}

static void
set_lower(struct props *p, int prop, struct span s)
{
    uint8_t *lower = props_take(p, s.len);

    text_lower((const char *)s.data, s.len, (char *)lower);
    props_set_text(p, prop, (struct span){lower, s.len});
}

static bool
time_of(struct span v, int64_t *ms)
{
    struct span s;
    double f;

    if (mp_str(v, &s))
        return timetext_parse((const char *)s.data, s.len, ms) == 0;
    if (!mp_f64(v, &f) || !(f >= (double)TIMETEXT_MIN) ||
        !(f <= (double)TIMETEXT_MAX))
        return false;
    if (!mp_i64(v, ms))
        *ms = (int64_t)f;
    return true;
}

/* The whole part of "3800", "3800.0", 3800 or 3800.0. */
static bool
int_of(struct span v, int64_t *out)
{
    struct span s;
    double f;
    size_t i = 0;
    int64_t n = 0;

    if (mp_i64(v, out))
        return true;
    if (mp_f64(v, &f)) {
        if (!(f > -9e15 && f < 9e15))
            return false;
        *out = (int64_t)f;
        return true;
    }
    if (!mp_str(v, &s) || s.len == 0)
        return false;
    i = s.data[0] == '-';
    for (; i < s.len && s.data[i] >= '0' && s.data[i] <= '9'; i++) {
        if (n > INT64_C(100000000000000000))
            return false;
        n = n * 10 + (s.data[i] - '0');
    }
    if (i == (size_t)(s.data[0] == '-') || (i < s.len && s.data[i] != '.'))
        return false;
    *out = s.data[0] == '-' ? -n : n;
    return true;
}

static bool
bool_of(struct span v, bool *out)
{
    struct span s;

    if (mp_bool(v, out))
        return true;
    if (!mp_str(v, &s))
        return false;
    *out = s.len == 4 && memcmp(s.data, "true", 4) == 0;
    return true;
}

static void
set_enum(struct props *p, int prop, struct span s)
{
    static const uint8_t canceled[] = "CANCELED";

    if (s.len == 9 && memcmp(s.data, "CANCELLED", 9) == 0)
        s = (struct span){canceled, 8};
    props_set_text(p, prop, s);
}

/* A text of a table's row. false: of the wrong type. */
static bool
take_text(struct props *p, const struct native_field *f, struct span v)
{
    struct span s;

    if (!native_text(p, v, &s))
        return false;
    if (f->as == NATIVE_RAW && s.len > 0)
        props_set_raw(p, f->prop, s);
    else if (f->as == NATIVE_LOWER)
        set_lower(p, f->prop, s);
    else if (f->as == NATIVE_ENUM)
        set_enum(p, f->prop, s);
    else if (f->as == NATIVE_HTML)
        native_html(p, f->prop, s);
    else
        props_set_text(p, f->prop, s);
    return true;
}

/* A time, number or truth value. false: of the wrong type, or a time that is
 * needed and cannot be read. */
static bool
take_scalar(struct props *p, const struct native_field *f, struct span v)
{
    struct span s;
    int64_t i;
    bool b;

    if (!native_text(p, v, &s))
        return false;
    if (s.len == 0)
        return true;
    if (f->as == NATIVE_BOOL && bool_of(v, &b))
        props_set_bool(p, f->prop, b);
    else if (f->as == NATIVE_INT && int_of(v, &i))
        props_set_int(p, f->prop, i);
    else if (f->as == NATIVE_TIME || f->as == NATIVE_TIME_NEEDED) {
        if (!time_of(v, &i))
            return f->as == NATIVE_TIME;
        props_set_time(p, f->prop, i);
    }
    return true;
}

static bool
take_value(struct props *p, const struct native_field *f, struct span v)
{
    struct span inner = v;
    uint32_t n;

    switch (f->as) {
    case NATIVE_MAP:
    case NATIVE_ARRAY:
        if (f->as == NATIVE_MAP ? !mp_map(&inner, &n) : !mp_array(&inner, &n))
            return false;
        props_set_raw(p, f->prop, v);
        return true;
    case NATIVE_TIME:
    case NATIVE_TIME_NEEDED:
    case NATIVE_INT:
    case NATIVE_BOOL:
        return take_scalar(p, f, v);
    default:
        return take_text(p, f, v);
    }
}

static const struct native_field *
field_find(const struct native_field *fields, size_t n, struct span name)
{
    for (size_t i = 0; i < n; i++)
        if (fields[i].len == name.len &&
            memcmp(fields[i].name, name.data, name.len) == 0)
            return &fields[i];
    return NULL;
}

int
native_take(struct props *p, struct span map, const struct native_field *fields,
            size_t n_fields, struct error *err)
{
    uint32_t n;

    if (!mp_map(&map, &n))
        return error_set(err, EX_DATAERR, "the record is no map");
    while (n-- > 0) {
        struct span key = mp_next(&map);
        struct span value = mp_next(&map);
        const struct native_field *f;
        struct span name;

        if (!mp_str(key, &name) || mp_is_nil(value))
            continue;
        f = field_find(fields, n_fields, name);
        if (f != NULL && !props_has(p, f->prop) && !take_value(p, f, value))
            return error_set(err, EX_DATAERR,
                             "%s has a value that makes no "
                             "sense",
                             f->name);
    }
    return 0;
}
