/* counters: opens, clicks and document views that an account without the events
 * API shows only as a counter on the e-mail or a date on the contact; the
 * fetcher makes an event of each step of the counter. */
#include "stages/normalizer/hubspot/engagements.h"

/* The n-th open or click of an e-mail: its "at", "n", and the e-mail itself. */
static enum normalize_verdict
count_step(struct record *r, enum kind kind, struct span native,
           struct error *err)
{
    static const struct native_field fields[] = {
        NATIVE_FIELD("email", PROP_N_EMAIL, NATIVE_MAP),
        NATIVE_FIELD("n", PROP_COUNTER, NATIVE_INT),
        NATIVE_FIELD("at", PROP_OCCURRED_AT, NATIVE_TIME_NEEDED),
    };
    static const struct native_field of_email[] = {
        NATIVE_FIELD("hs_email_subject", PROP_EMAIL_SUBJECT, NATIVE_TEXT),
        NATIVE_FIELD("hs_email_from_email", PROP_FROM_EMAIL, NATIVE_TEXT),
        NATIVE_FIELD("hs_email_to_email", PROP_TO_EMAILS, NATIVE_TEXT),
        NATIVE_FIELD("hs_object_id", PROP_EMAIL_ID, NATIVE_TEXT),
    };
    struct props *p = &r->props;
    enum normalize_verdict v;

    if (NATIVE_TAKE(p, native, fields, err) < 0)
        return NORMALIZE_BAD_RECORD;
    if (!props_has(p, PROP_N_EMAIL) || !props_has(p, PROP_OCCURRED_AT)) {
        error_set(err, EX_DATAERR, "the record has no \"email\" or no \"at\"");
        return NORMALIZE_BAD_RECORD;
    }
    v = engagement_take(r, p->v[PROP_N_EMAIL].s, of_email,
                        sizeof(of_email) / sizeof(of_email[0]), err);
    if (v != NORMALIZE_OK)
        return v;
    props_default(p, PROP_RECIPIENT, PROP_TO_EMAILS);
    props_default(p, PROP_TITLE, PROP_EMAIL_SUBJECT);
    r->kind = kind;
    r->occurred_at = p->v[PROP_OCCURRED_AT].i;
    return NORMALIZE_OK;
}

enum normalize_verdict
hubspot_email_open(struct record *r, struct span native, struct error *err)
{
    return count_step(r, KIND_SALES_EMAIL_OPENED, native, err);
}

enum normalize_verdict
hubspot_email_click(struct record *r, struct span native, struct error *err)
{
    return count_step(r, KIND_SALES_EMAIL_CLICKED, native, err);
}

enum normalize_verdict
hubspot_document_view(struct record *r, struct span native, struct error *err)
{
    static const struct native_field fields[] = {
        NATIVE_FIELD("at", PROP_OCCURRED_AT, NATIVE_TIME_NEEDED),
        NATIVE_FIELD("document_name", PROP_DOCUMENT_NAME, NATIVE_TEXT),
    };
    struct props *p = &r->props;

    if (NATIVE_TAKE(p, native, fields, err) < 0)
        return NORMALIZE_BAD_RECORD;
    if (!props_has(p, PROP_OCCURRED_AT)) {
        error_set(err, EX_DATAERR, "the record has no \"at\"");
        return NORMALIZE_BAD_RECORD;
    }
    props_default(p, PROP_TITLE, PROP_DOCUMENT_NAME);
    r->kind = KIND_SALES_CONTENT_VIEWED;
    r->occurred_at = p->v[PROP_OCCURRED_AT].i;
    return NORMALIZE_OK;
}
