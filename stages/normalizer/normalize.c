/* normalize: see normalize.h. */
#include "stages/normalizer/normalize.h"

#include "common/conf.h"
#include "stages/normalizer/hubspot/hubspot.h"

#include <stdlib.h>
#include <string.h>

void
normalize_conf_init(struct normalize_conf *conf)
{
    memset(conf, 0, sizeof(*conf));
    for (int k = 0; k < KIND_COUNT; k++) {
        const char *section = conf_timeline((enum kind)k);

        conf->subject[k] = template_new(conf_default(section, "subject"));
        conf->description[k] =
            template_new(conf_default(section, "description"));
        conf->standard[k] = template_new(conf_default(section, "subject"));
    }
}

void
normalize_conf_fini(struct normalize_conf *conf)
{
    for (int k = 0; k < KIND_COUNT; k++) {
        template_free(conf->subject[k]);
        template_free(conf->description[k]);
        template_free(conf->standard[k]);
    }
}

void
normalize_conf_set(struct normalize_conf *conf, enum kind kind,
                   const char *subject, const char *description)
{
    template_free(conf->subject[kind]);
    template_free(conf->description[kind]);
    conf->subject[kind] = template_new(subject);
    conf->description[kind] = template_new(description);
}

const char *
normalize_reason(enum normalize_verdict verdict)
{
    switch (verdict) {
    case NORMALIZE_OK:
    case NORMALIZE_AS_IS:
        return NULL;
    case NORMALIZE_NOT_AN_ACTIVITY:
        return "not-an-activity";
    case NORMALIZE_FILTERED_EVENT:
        return "filtered-event";
    case NORMALIZE_OBSOLETED:
        return "obsoleted";
    case NORMALIZE_NOT_SENT:
        return "not-sent";
    case NORMALIZE_INCOMING_EMAIL:
        return "incoming-email";
    case NORMALIZE_DELETED:
        return "deleted";
    case NORMALIZE_RECURRENCE:
        return "recurrence";
    case NORMALIZE_OWN_TASK:
        return "own-task";
    case NORMALIZE_EAC:
        return "eac";
    case NORMALIZE_UNKNOWN_TYPE:
        return "unknown-type";
    case NORMALIZE_BAD_RECORD:
        return "bad-record";
    }
    return NULL;
}

/* The rule for the event's native type: the second part of its key. */
static hubspot_fn *
rule_of(const struct event *ev)
{
    struct span source, key;
    const uint8_t *type, *end;

    if (!mp_str(ev->field[EVENT_SOURCE], &source) || source.len != 7 ||
        memcmp(source.data, "hubspot", 7) != 0 ||
        !mp_str(ev->field[EVENT_KEY], &key))
        return NULL;
    type = memchr(key.data, ':', key.len);
    if (type == NULL)
        return NULL;
    type++;
    end = memchr(type, ':', (size_t)(key.data + key.len - type));
    return end == NULL ? NULL
                       : hubspot_find((const char *)type, (size_t)(end - type));
}

static void
render(const struct normalize_conf *conf, struct record *r)
{
    struct props *p = &r->props;
    struct text t;

    props_set_time(p, PROP_OCCURRED_AT, r->occurred_at);
    text_init(&t);
    template_line(conf->subject[r->kind], p, &t);
    if (t.len == 0)
        template_line(conf->standard[r->kind], p, &t);
    text_cut_units(&t, NORMALIZE_SUBJECT_MAX, "\xe2\x80\xa6");
    props_set_copy(p, PROP_SUBJECT, &t);
    t.len = 0;
    template_text(conf->description[r->kind], p, &t);
    text_cut_units(&t, NORMALIZE_DESCRIPTION_MAX, PROPS_CUT_MARK);
    props_set_copy(p, PROP_DESCRIPTION, &t);
    text_fini(&t);
}

static void
put_into(struct event *ev, const struct record *r)
{
    msgpack_packer pk;

    event_set_str(ev, EVENT_KIND, kind_name(r->kind));
    event_set_i64(ev, EVENT_OCCURRED_AT, r->occurred_at);
    msgpack_packer_init(&pk, event_set(ev, EVENT_PROPS), msgpack_sbuffer_write);
    props_pack(&r->props, &pk);
    event_set_done(ev, EVENT_PROPS);
}

static bool
is_delete(const struct event *ev)
{
    struct span op;

    return mp_str(ev->field[EVENT_OP], &op) && op.len == 6 &&
           memcmp(op.data, "delete", 6) == 0;
}

enum normalize_verdict
normalize_event(struct event *ev, const struct normalize_conf *conf,
                struct error *err)
{
    struct span native = ev->field[EVENT_NATIVE];
    hubspot_fn *rule;
    enum normalize_verdict verdict;
    struct record r;

    if (native.data == NULL && ev->field[EVENT_KIND].data != NULL &&
        ev->field[EVENT_PROPS].data != NULL)
        return NORMALIZE_AS_IS;
    if (activity_is_one(ev, &conf->activity)) {
        verdict = activity_normalize(ev, &conf->activity, err);
        if (verdict == NORMALIZE_OK && !conf->keep_native)
            event_drop(ev, EVENT_NATIVE);
        return verdict;
    }
    if (is_delete(ev))
        return NORMALIZE_DELETED;
    rule = rule_of(ev);
    if (rule == NULL)
        return NORMALIZE_UNKNOWN_TYPE;
    if (native.data == NULL) {
        error_set(err, EX_DATAERR, "the event has no native record");
        return NORMALIZE_BAD_RECORD;
    }
    props_init(&r.props);
    verdict = rule(&r, native, err);
    if (verdict == NORMALIZE_OK) {
        render(conf, &r);
        put_into(ev, &r);
        if (!conf->keep_native)
            event_drop(ev, EVENT_NATIVE);
    }
    props_fini(&r.props);
    return verdict;
}
