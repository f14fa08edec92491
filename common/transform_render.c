/* transform_render: see transform.h. */
#include "common/transform_private.h"

#include "common/html_write.h"
#include "common/number.h"
#include "common/picklist.h"
#include "common/timetext.h"
#include "common/zone.h"

#include <stdlib.h>
#include <string.h>

/* The JSON, or NULL with step->err set. `v` has a NUL behind it. */
typedef cJSON *render_fn(const struct transform_step *step,
                         const struct text *v);

static cJSON *
string(const char *s)
{
    cJSON *json = cJSON_CreateString(s);

    if (json == NULL)
        abort(); /* out of memory */
    return json;
}

static cJSON *
as_it_is(const struct transform_step *step, const struct text *v)
{
    (void)step;
    return string(v->data);
}

static cJSON *
as_html(const struct transform_step *step, const struct text *v)
{
    struct text html;
    cJSON *json;

    (void)step;
    text_init(&html);
    html_write(v->data, v->len, &html);
    transform_terminate(&html);
    json = string(html.data);
    text_fini(&html);
    return json;
}

static cJSON *
no_canon(const struct transform_step *step)
{
    transform_fail(step, EX_DATAERR, "cannot take a value of this form");
    return NULL;
}

static cJSON *
as_number(const struct transform_step *step, const struct text *v)
{
    double number;
    cJSON *json;

    if (number_parse(v->data, v->len, &number) < 0)
        return no_canon(step);
    json = cJSON_CreateNumber(number);
    if (json == NULL)
        abort();
    return json;
}

static cJSON *
as_ms(const struct transform_step *step, const struct text *v)
{
    struct text ms;
    double number;
    cJSON *json;

    if (number_parse(v->data, v->len, &number) < 0)
        return no_canon(step);
    text_init(&ms);
    number_put(&ms, number * 1000);
    transform_terminate(&ms);
    json = string(ms.data);
    text_fini(&ms);
    return json;
}

static cJSON *
as_bool(const struct transform_step *step, const struct text *v)
{
    bool is_true = strcmp(v->data, "true") == 0;
    cJSON *json;

    if (!is_true && strcmp(v->data, "false") != 0)
        return no_canon(step);
    json = cJSON_CreateBool(is_true);
    if (json == NULL)
        abort();
    return json;
}

static cJSON *
as_time(const struct transform_step *step, const struct text *v)
{
    char buf[TIMETEXT_SIZE];
    int64_t ms;

    if (timetext_parse(v->data, v->len, &ms) < 0)
        return no_canon(step);
    return string(step->side == SIDE_HUBSPOT ? timetext_ms(ms, buf)
                                             : timetext_s(ms, buf));
}

static cJSON *
as_noon(const struct transform_step *step, const struct text *v)
{
    char buf[TIMETEXT_SIZE];
    int64_t ms;

    if (zone_noon(step->env->zone, v->data, v->len, &ms, step->err) < 0) {
        error_wrap(step->err, "%s", step->pair->name[step->side]);
        return NULL;
    }
    return string(timetext_ms(ms, buf));
}

static cJSON *
as_disposition(const struct transform_step *step, const struct text *v)
{
    const char *id = transform_disposition_id(step->env, v);

    return string(id != NULL ? id : v->data);
}

static cJSON *
as_owner(const struct transform_step *step, const struct text *v)
{
    const struct transform_env *env = step->env;
    const char *id = NULL;

    if (memchr(v->data, '@', v->len) != NULL && env->owner_id != NULL)
        id = env->owner_id(env->ctx, step->side, v->data);
    if (id == NULL) {
        transform_fail(step, EX_NOUSER, "has an owner whom nobody matches");
        return NULL;
    }
    return string(id);
}

static cJSON *
as_value(const struct transform_step *step, const struct text *v)
{
    const char *value = picklist_value(step->pair->transform, v->data, v->len);

    if (value == NULL) {
        transform_fail(step, EX_NOUSER, "has no such value");
        return NULL;
    }
    return string(value);
}

static render_fn *const renders[TRANSFORM_COUNT][SIDE_COUNT] = {
    [TRANSFORM_TEXT] = {as_it_is, as_it_is},
    [TRANSFORM_HTML] = {as_html, as_it_is},
    [TRANSFORM_NUMBER] = {as_it_is, as_number},
    [TRANSFORM_MS_TO_S] = {as_ms, as_number},
    [TRANSFORM_BOOL] = {as_it_is, as_bool},
    [TRANSFORM_TIME] = {as_time, as_time},
    [TRANSFORM_DATE] = {as_noon, as_it_is},
    [TRANSFORM_DISPOSITION] = {as_disposition, as_it_is},
    [TRANSFORM_OWNER] = {as_owner, as_owner},
    [TRANSFORM_TASK_STATUS] = {as_value, as_it_is},
    [TRANSFORM_TASK_PRIORITY] = {as_value, as_it_is},
    [TRANSFORM_CALL_STATUS] = {as_value, as_it_is},
    [TRANSFORM_CALL_DIRECTION] = {as_value, as_it_is},
    [TRANSFORM_EMAIL_STATUS] = {as_value, as_it_is},
};

static cJSON *
render_empty(const struct transform_step *step)
{
    cJSON *json;

    if (step->side == SIDE_HUBSPOT)
        return string("");
    if (step->pair->transform == TRANSFORM_OWNER) {
        transform_fail(step, EX_NOUSER, "cannot be empty");
        return NULL;
    }
    json = cJSON_CreateNull();
    if (json == NULL)
        abort();
    return json;
}

int
transform_render(const struct transform_env *env,
                 const struct mapping_pair *pair, enum side side,
                 const char *canon, size_t len, cJSON **out, struct error *err)
{
    const struct transform_step step = {env, pair, side, err};
    const char *standard = transform_standard(pair->transform);
    struct text v;

    text_init(&v);
    if (canon != NULL && len > 0)
        text_putn(&v, canon, len);
    else if (standard != NULL)
        text_puts(&v, standard);
    transform_terminate(&v);
    *out = v.len == 0 ? render_empty(&step)
                      : renders[pair->transform][side](&step, &v);
    text_fini(&v);
    return *out == NULL ? -1 : 0;
}
