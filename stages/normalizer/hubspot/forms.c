/* forms: form submissions (reference, section 5). */
#include "stages/normalizer/hubspot/hubspot.h"

#include "stages/normalizer/native.h"

/* The text of a form's value: a scalar, or several in an array. */
static void
add_value(struct props *p, struct hubspot_pairs *pairs, struct span name,
          struct span value)
{
    struct span s, list = value;
    uint32_t n;

    if (native_text(p, value, &s)) {
        hubspot_pair_add(p, pairs, name, s);
        return;
    }
    if (!mp_array(&list, &n))
        return;
    while (n-- > 0)
        if (native_text(p, mp_next(&list), &s))
            hubspot_pair_add(p, pairs, name, s);
}

static void
take_values(struct props *p)
{
    struct span list = p->v[PROP_N_VALUES].s;
    struct hubspot_pairs pairs = {.n = 0};
    uint32_t n;

    if (!props_has(p, PROP_N_VALUES) || !mp_array(&list, &n))
        return;
    while (n-- > 0) {
        struct span pair = mp_next(&list);
        struct span name;

        if (mp_str(mp_get(pair, "name"), &name))
            add_value(p, &pairs, name, mp_get(pair, "value"));
    }
    hubspot_pairs_set(p, PROP_FIELDS, &pairs);
}

static int
take_form(struct props *p, struct error *err)
{
    static const struct native_field fields[] = {
        NATIVE_FIELD("id", PROP_FORM_ID, NATIVE_TEXT),
        NATIVE_FIELD("name", PROP_FORM_NAME, NATIVE_TEXT),
        NATIVE_FIELD("formType", PROP_FORM_TYPE, NATIVE_TEXT),
    };

    if (!props_has(p, PROP_N_FORM))
        return 0;
    return NATIVE_TAKE(p, p->v[PROP_N_FORM].s, fields, err);
}

enum normalize_verdict
hubspot_form_submission(struct record *r, struct span native, struct error *err)
{
    static const struct native_field fields[] = {
        NATIVE_FIELD("submittedAt", PROP_N_TIMESTAMP, NATIVE_TIME_NEEDED),
        NATIVE_FIELD("values", PROP_N_VALUES, NATIVE_ARRAY),
        NATIVE_FIELD("pageUrl", PROP_PAGE_URL, NATIVE_TEXT),
        NATIVE_FIELD("pageTitle", PROP_PAGE_TITLE, NATIVE_TEXT),
        NATIVE_FIELD("form", PROP_N_FORM, NATIVE_MAP),
    };
    struct props *p = &r->props;

    if (NATIVE_TAKE(p, native, fields, err) < 0 || take_form(p, err) < 0)
        return NORMALIZE_BAD_RECORD;
    if (!props_has(p, PROP_N_TIMESTAMP)) {
        error_set(err, EX_DATAERR, "the submission has no \"submittedAt\"");
        return NORMALIZE_BAD_RECORD;
    }
    take_values(p);
    props_default(p, PROP_TITLE, PROP_FORM_NAME);
    r->kind = KIND_FORM_SUBMISSION;
    r->occurred_at = p->v[PROP_N_TIMESTAMP].i;
    return NORMALIZE_OK;
}
