/* transform: see transform.h. Reading; transform_render.c has the way back. */
#include "common/transform_private.h"

#include "common/disposition.h"
#include "common/html.h"
#include "common/html_write.h"
#include "common/number.h"
#include "common/picklist.h"
#include "common/timetext.h"
#include "common/zone.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#define HUBSPOT_MAX 65536 /* UTF-16 units of a property */

const char *
transform_standard(enum transform transform)
{
    return transform == TRANSFORM_BOOL ? "false" : picklist_default(transform);
}

int
transform_fail(const struct transform_step *step, int code, const char *what)
{
    return error_set(step->err, code, "%s %s", step->pair->name[step->side],
                     what);
}

void
transform_terminate(struct text *t)
{
    text_putc(t, '\0');
    t->len--;
}

static void
replace(struct text *v, const char *s)
{
    v->len = 0;
    text_puts(v, s);
}

static void
trim(struct text *v)
{
    const char *s = v->data;
    size_t len = v->len;

    text_trim(&s, &len);
    if (len > 0)
        memmove(v->data, s, len);
    v->len = len;
}

/* Lengths of fields: salesforce-api.md, 4. */
size_t
transform_units_max(const struct mapping_pair *pair)
{
    static const struct {
        const char *field;
        size_t max;
    } known[] = {
        {"Subject", 255},
        {"Description", 32000},
        {"Location", 255},
        {"CallDisposition", 255},
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcasecmp(known[i].field, pair->name[SIDE_SALESFORCE]) == 0)
            return known[i].max;
    return HUBSPOT_MAX;
}

/* A cut can leave blanks at the end, which Salesforce would take away. */
static int
canon_text(const struct transform_step *step, struct text *v)
{
    v->len = text_fit_units(v->data, v->len, transform_units_max(step->pair));
    trim(v);
    return 0;
}

static int
canon_html(const struct transform_step *step, struct text *v)
{
    struct text plain;

    text_init(&plain);
    if (step->side == SIDE_HUBSPOT)
        html_to_text(v->data, v->len, &plain);
    else
        text_putn(&plain, v->data, v->len);
    v->len = 0;
    html_tidy(plain.data, plain.len, v);
    text_fini(&plain);
    trim(v);
    v->len = html_fit(v->data, v->len, HUBSPOT_MAX);
    return canon_text(step, v);
}

static int
canon_number(const struct transform_step *step, struct text *v)
{
    double number;

    if (number_parse(v->data, v->len, &number) < 0)
        return transform_fail(step, EX_DATAERR,
                              "has a value that is no number of at most 18 "
                              "digits");
    v->len = 0;
    number_put(v, number);
    return 0;
}

static int
canon_ms_to_s(const struct transform_step *step, struct text *v)
{
    double number;

    if (number_parse(v->data, v->len, &number) < 0)
        return transform_fail(step, EX_DATAERR,
                              "has a value that is no length of time");
    if (step->side == SIDE_HUBSPOT)
        number /= 1000;
    v->len = 0;
    number_put(v, round(fmax(-TRANSFORM_S_MAX, fmin(TRANSFORM_S_MAX, number))));
    return 0;
}

static bool
is_word(const struct text *v, const char *word)
{
    return v->len == strlen(word) && strncasecmp(v->data, word, v->len) == 0;
}

static int
canon_bool(const struct transform_step *step, struct text *v)
{
    if (is_word(v, "true") || is_word(v, "1"))
        replace(v, "true");
    else if (is_word(v, "false") || is_word(v, "0"))
        replace(v, "false");
    else
        return transform_fail(step, EX_DATAERR,
                              "has a value that is neither true nor false");
    return 0;
}

/* Salesforce keeps whole seconds. */
static int
canon_time(const struct transform_step *step, struct text *v)
{
    int64_t ms;

    if (timetext_parse(v->data, v->len, &ms) < 0)
        return transform_fail(step, EX_DATAERR, "has a value that is no time");
    v->len = 0;
    text_printf(v, "%" PRId64, ms - (ms % 1000 + 1000) % 1000);
    return 0;
}

/* A date without a time is the same everywhere. */
static int
canon_date(const struct transform_step *step, struct text *v)
{
    char date[ZONE_DATE_SIZE];
    int64_t ms;

    if (timetext_parse(v->data, v->len, &ms) < 0)
        return transform_fail(step, EX_DATAERR, "has a value that is no date");
    if (v->len == ZONE_DATE_SIZE - 1 && v->data[4] == '-')
        return 0;
    if (zone_date(step->env->zone, ms, date, step->err) < 0)
        return error_wrap(step->err, "%s", step->pair->name[step->side]);
    replace(v, date);
    return 0;
}

const char *
transform_disposition_id(const struct transform_env *env,
                         const struct text *label)
{
    const char *id = NULL;

    if (env->disposition_id != NULL)
        id = env->disposition_id(env->ctx, label->data);
    return id != NULL ? id : disposition_id(label->data, label->len);
}

/* The label of the GUID in `v`, if it is one that is known. */
static void
take_label(const struct transform_env *env, struct text *v)
{
    const char *label = NULL;

    if (env->disposition_label != NULL)
        label = env->disposition_label(env->ctx, v->data);
    if (label == NULL)
        label = disposition_label(v->data, v->len);
    if (label != NULL) {
        replace(v, label);
        transform_terminate(v);
    }
}

/* A known label goes by its GUID, too: so its case is the account's, and one
 * that the account gave another name is the same as HubSpot's own. */
static int
canon_disposition(const struct transform_step *step, struct text *v)
{
    const char *id;

    take_label(step->env, v);
    id = transform_disposition_id(step->env, v);
    if (id != NULL) {
        replace(v, id);
        transform_terminate(v);
        take_label(step->env, v);
    }
    return canon_text(step, v);
}

static int
canon_owner(const struct transform_step *step, struct text *v)
{
    const struct transform_env *env = step->env;
    const char *email = NULL;

    if (memchr(v->data, '@', v->len) == NULL) {
        if (env->owner_email != NULL)
            email = env->owner_email(env->ctx, step->side, v->data);
        if (email == NULL)
            return 0; /* its id tells it from others, at least */
        replace(v, email);
    }
    for (size_t i = 0; i < v->len; i++)
        if (v->data[i] >= 'A' && v->data[i] <= 'Z')
            v->data[i] = (char)(v->data[i] + ('a' - 'A'));
    return 0;
}

static int
canon_picklist(const struct transform_step *step, struct text *v)
{
    const char *label = picklist_label(step->pair->transform, v->data, v->len);

    if (label != NULL)
        replace(v, label);
    return canon_text(step, v);
}

typedef int canon_fn(const struct transform_step *step, struct text *v);

static canon_fn *const canons[TRANSFORM_COUNT] = {
    [TRANSFORM_TEXT] = canon_text,
    [TRANSFORM_HTML] = canon_html,
    [TRANSFORM_NUMBER] = canon_number,
    [TRANSFORM_MS_TO_S] = canon_ms_to_s,
    [TRANSFORM_BOOL] = canon_bool,
    [TRANSFORM_TIME] = canon_time,
    [TRANSFORM_DATE] = canon_date,
    [TRANSFORM_DISPOSITION] = canon_disposition,
    [TRANSFORM_OWNER] = canon_owner,
    [TRANSFORM_TASK_STATUS] = canon_picklist,
    [TRANSFORM_TASK_PRIORITY] = canon_picklist,
    [TRANSFORM_CALL_STATUS] = canon_picklist,
    [TRANSFORM_CALL_DIRECTION] = canon_picklist,
    [TRANSFORM_EMAIL_STATUS] = canon_picklist,
};

/* What all of them begin with: valid UTF-8, LF line ends, no blanks around it,
 * a NUL behind it. */
static void
prepare(const char *value, size_t len, struct text *v)
{
    size_t n = 0;

    text_put_valid(v, value, len);
    for (size_t i = 0; i < v->len; i++) {
        bool is_cr = v->data[i] == '\r';

        v->data[n++] = is_cr ? '\n' : v->data[i];
        i += is_cr && i + 1 < v->len && v->data[i + 1] == '\n';
    }
    v->len = n;
    trim(v);
    transform_terminate(v);
}

int
transform_canon(const struct transform_env *env,
                const struct mapping_pair *pair, enum side side,
                const char *value, size_t len, struct text *out,
                struct error *err)
{
    const struct transform_step step = {env, pair, side, err};
    const char *standard = transform_standard(pair->transform);
    struct text v;
    int rv = 0;

    text_init(&v);
    prepare(value, value == NULL ? 0 : len, &v);
    if (v.len > 0)
        rv = canons[pair->transform](&step, &v);
    if (v.len == 0 && standard != NULL)
        text_puts(&v, standard);
    if (rv == 0) {
        rv = v.len > 0;
        text_putn(out, v.data, v.len);
    }
    text_fini(&v);
    return rv;
}
