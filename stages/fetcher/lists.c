/* lists: which of the contact lists that `only` names an event's contacts are
 * in: HubSpot is asked before the event is sent on, for all that wait at once.
 * While that cannot be had they wait, and their feeds with them. */
#include "common/activity.h"
#include "common/named_lists.h"
#include "stages/fetcher/engine_private.h"
#include "stages/fetcher/ties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KNOWN_MS 60000 /* so long a list's id is taken to be the same */

/* ---- which lists ---- */

static void
want(void *ctx, const char *section, const struct only_value *list)
{
    struct engine *e = ctx;
    struct named_list *l = e->lists;
    size_t n = 0;

    (void)section;
    while (n < e->n_lists && (strlen(l[n].name) != list->len ||
                              memcmp(l[n].name, list->s, list->len) != 0))
        n++;
    if (n == e->n_lists) {
        e->lists = realloc(e->lists, ++e->n_lists * sizeof(*e->lists));
        if (e->lists == NULL)
            abort();
        e->lists[n] = (struct named_list){.id = ""};
        snprintf(e->lists[n].name, sizeof(e->lists[n].name), "%.*s",
                 (int)list->len, list->s);
    }
    e->lists[n].is_wanted = true;
}

static void
want_by(struct engine *e, const char *section)
{
    named_lists_of(e->env.conf, section, want, e);
}

/* The kind that records of HubSpot's CRM have, which is told by their type. */
static enum kind
kind_of_type(struct span type, enum activity activity)
{
    if (activity != ACTIVITY_NONE)
        return activity_facts(activity)->timeline;
    return kind_parse((const char *)type.data, type.len) == KIND_NOTE
               ? KIND_NOTE
               : KIND_NONE;
}

/* Whether an e-mail event is an open or a click the normalizer finds out: all
 * that such a type may become. */
static void
want_by_type(struct engine *e, struct span type)
{
    enum activity activity = activity_parse((const char *)type.data, type.len);
    enum kind kind = kind_of_type(type, activity);

    if (activity != ACTIVITY_NONE &&
        conf_bool(e->env.conf, conf_activity(activity), "sync")) {
        want_by(e, conf_activity(activity));
        return;
    }
    for (int k = 0; k < KIND_COUNT; k++)
        if (kind == KIND_NONE ? !kind_is_of_crm((enum kind)k)
                              : kind == (enum kind)k)
            want_by(e, conf_timeline((enum kind)k));
}

static void
want_by_object(struct engine *e, struct span type, struct span native)
{
    char object[32], subtype[64];
    enum activity activity;

    snprintf(object, sizeof(object), "%.*s", (int)type.len,
             (const char *)type.data);
    mp_get_str(native, "TaskSubtype", subtype, sizeof(subtype));
    activity = activity_of_salesforce(object, subtype);
    if (activity != ACTIVITY_NONE)
        want_by(e, conf_activity(activity));
}

/* "call" of "hubspot:call:512". */
static struct span
type_of(struct span key)
{
    const char *end = (const char *)key.data + key.len;
    const char *type = memchr(key.data, ':', key.len);
    const char *colon;

    if (type == NULL)
        return (struct span){key.data, 0};
    type++;
    colon = memchr(type, ':', (size_t)(end - type));
    return (struct span){(const uint8_t *)type,
                         (size_t)((colon != NULL ? colon : end) - type)};
}

/* Mark the lists that an event's filter asks for: only of what hangs on
 * somebody who is tied. false: none. */
static bool
mark_wanted(struct engine *e, const struct inflight_item *item)
{
    struct span event = {item->bytes, item->len}, key;
    bool has_any = false;

    for (size_t i = 0; i < e->n_lists; i++)
        e->lists[i].is_wanted = false;
    if (!mp_str(mp_get(event, event_field_name(EVENT_KEY)), &key) ||
        mp_is_str(mp_get(event, event_field_name(EVENT_OP)), "delete") ||
        !ties_says_tied(mp_get(event, event_field_name(EVENT_CONTACT))))
        return false;
    if (e->side == SIDE_HUBSPOT)
        want_by_type(e, type_of(key));
    else
        want_by_object(e, type_of(key),
                       mp_get(event, event_field_name(EVENT_NATIVE)));
    for (size_t i = 0; i < e->n_lists; i++)
        has_any = has_any || e->lists[i].is_wanted;
    return has_any;
}

void
engine_unlist(struct engine *e, struct inflight_item *item)
{
    if (e->env.lists == NULL || e->n_lists == 0 || !mark_wanted(e, item))
        return;
    inflight_unlist(&e->inflight, item);
    if (e->options.once)
        e->asking.due_ms = 0;
}

/* ---- asking ---- */

/* One that is asked for and not known. Meanwhile the array may move. */
static int
find_list(struct engine *e, size_t i, struct error *err)
{
    struct named_list one = e->lists[i];
    struct error why;
    int rv = 0;

    if (one.until_ms <= clock_monotonic_ms())
        one.id[0] = '\0';
    if (one.is_asked && one.id[0] == '\0') {
        rv = hubspot_list_find(e->env.lists, one.name, one.id, &why);
        one.until_ms = clock_monotonic_ms() + KNOWN_MS;
    }
    if (rv != 0) {
        one.id[0] = '\0';
        *err = why;
    }
    memcpy(e->lists[i].id, one.id, sizeof(one.id));
    e->lists[i].until_ms = one.until_ms;
    return rv;
}

/* 0; 1: some are not there, as *err tells; -1. */
static int
find_lists(struct engine *e, struct error *err)
{
    int rv = 0;

    for (size_t i = 0; i < e->n_lists; i++)
        e->lists[i].is_asked = false;
    for (const struct inflight_item *item = e->inflight.unlisted.head;
         item != NULL; item = item->next) {
        mark_wanted(e, item);
        for (size_t i = 0; i < e->n_lists; i++)
            e->lists[i].is_asked |= e->lists[i].is_wanted;
    }
    for (size_t i = 0; i < e->n_lists; i++) {
        int found = find_list(e, i, err);

        if (found < 0)
            return -1;
        rv = found > 0 ? 1 : rv;
    }
    return rv;
}

/* Can be told what its filter asks for? */
static bool
is_askable(struct engine *e, const struct inflight_item *item)
{
    mark_wanted(e, item);
    for (size_t i = 0; i < e->n_lists; i++)
        if (e->lists[i].is_wanted &&
            (!e->lists[i].is_asked || e->lists[i].id[0] == '\0'))
            return false;
    return true;
}

/* Ids of contacts, some more than once. */
struct ids {
    char (*id)[HUBSPOT_LIST_ID];
    size_t n, size;
};

static void
add_contact(struct ids *ids, struct span contact)
{
    char id[HUBSPOT_LIST_ID];

    if (contact.data == NULL ||
        mp_get_str(contact, "hubspot_id", id, sizeof(id)) >= sizeof(id) ||
        !hubspot_is_id(id))
        return;
    if (ids->n == ids->size) {
        ids->size = ids->size > 0 ? 2 * ids->size : 64;
        ids->id = realloc(ids->id, ids->size * sizeof(*ids->id));
        if (ids->id == NULL)
            abort();
    }
    memcpy(ids->id[ids->n++], id, sizeof(id));
}

static void
add_contacts(struct ids *ids, const struct inflight_item *item)
{
    struct span event = {item->bytes, item->len};
    struct span more = mp_get(event, event_field_name(EVENT_CONTACTS));
    uint32_t n;

    add_contact(ids, mp_get(event, event_field_name(EVENT_CONTACT)));
    if (more.data == NULL || !mp_array(&more, &n))
        return;
    while (n-- > 0)
        add_contact(ids, mp_next(&more));
}

static int
compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static int
read_contacts(struct engine *e, struct ids *ids, struct memberships *out,
              struct error *err)
{
    const char **each;
    size_t n = 0;
    int rv;

    if (ids->n > 0)
        qsort(ids->id, ids->n, sizeof(*ids->id), compare);
    each = calloc(ids->n + 1, sizeof(*each));
    if (each == NULL)
        abort();
    for (size_t i = 0; i < ids->n; i++)
        if (i == 0 || strcmp(ids->id[i - 1], ids->id[i]) != 0)
            each[n++] = ids->id[i];
    rv = memberships_read(e->env.lists, each, n, out, err);
    free(each);
    return rv;
}

static bool
has_any(const struct memberships *m, const struct ids *contacts,
        const char *list)
{
    for (size_t i = 0; i < contacts->n; i++)
        if (memberships_has(m, contacts->id[i], list))
            return true;
    return false;
}

/* `ev` is the item's, whose lists are marked. */
static void
set_lists(struct engine *e, struct event *ev, const struct ids *contacts,
          const struct memberships *m)
{
    msgpack_packer pk;
    size_t n = 0;

    for (size_t i = 0; i < e->n_lists; i++)
        n += e->lists[i].is_wanted;
    msgpack_packer_init(&pk, event_set(ev, EVENT_LISTS), msgpack_sbuffer_write);
    msgpack_pack_map(&pk, n);
    for (size_t i = 0; i < e->n_lists; i++) {
        if (!e->lists[i].is_wanted)
            continue;
        mp_pack_str(&pk, e->lists[i].name);
        if (has_any(m, contacts, e->lists[i].id))
            msgpack_pack_true(&pk);
        else
            msgpack_pack_false(&pk);
    }
    event_set_done(ev, EVENT_LISTS);
}

static void
end_too_large(struct engine *e, const struct inflight_item *item,
              const struct error *why)
{
    struct outcome o = {
        .seq = item->seq, .outcome = "dead", .reason = "too-large"};

    snprintf(o.source, sizeof(o.source), "%s", e->options.source);
    snprintf(o.stage, sizeof(o.stage), "%s", stage_name(e->ctx));
    snprintf(o.detail, sizeof(o.detail), "%s", why->text);
    engine_outcome(e, &o);
}

static void
list_item(struct engine *e, struct inflight_item *item,
          const struct memberships *m)
{
    struct ids contacts = {.n = 0};
    msgpack_sbuffer out;
    struct event ev;
    struct error err;
    int rv;

    add_contacts(&contacts, item);
    msgpack_sbuffer_init(&out);
    rv = event_parse(&ev, item->bytes, item->len, &err);
    if (rv == 0) {
        set_lists(e, &ev, &contacts, m);
        rv = event_encode(&ev, &out, &err);
        event_fini(&ev);
    }
    if (rv == 0)
        inflight_list(&e->inflight, item,
                      (struct span){(const uint8_t *)out.data, out.size});
    else
        end_too_large(e, item, &err);
    msgpack_sbuffer_destroy(&out);
    free(contacts.id);
}

/* When the config has changed while HubSpot was asked, all is asked anew. */
static int
ask(struct engine *e, struct error *err)
{
    struct memberships m = {.n = 0};
    struct ids contacts = {.n = 0};
    struct inflight_item *item, *next;
    struct error why;
    int rv;

    e->has_reread = false;
    rv = find_lists(e, err);
    if (rv < 0)
        return -1;
    for (item = e->inflight.unlisted.head; item != NULL; item = item->next)
        if (is_askable(e, item))
            add_contacts(&contacts, item);
    if (read_contacts(e, &contacts, &m, &why) < 0) {
        *err = why;
        rv = -1;
    }
    for (item = e->inflight.unlisted.head; rv >= 0 && item != NULL;
         item = next) {
        next = item->next;
        if (!e->has_reread && is_askable(e, item))
            list_item(e, item, &m);
    }
    memberships_fini(&m);
    free(contacts.id);
    return rv;
}

/* ---- when ---- */

static const char *
name(const struct engine *e)
{
    return e->side == SIDE_HUBSPOT ? "hubspot.lists" : "salesforce.lists";
}

bool
engine_may_ask(const struct engine *e, int64_t now)
{
    return e->inflight.unlisted.n > 0 && e->asking.due_ms <= now;
}

/* A pass does not wait: the feeds of what it has no answer for are not read
 * further, and their checkpoints stay before it. */
static void
leave(struct engine *e, const struct error *err)
{
    e->asking.err = *err;
    e->asking.due_ms = INT64_MAX;
    for (const struct inflight_item *item = e->inflight.unlisted.head;
         item != NULL; item = item->next) {
        if (item->feed < 0)
            continue;
        e->feeds[item->feed].is_done = true;
        e->feeds[item->feed].err = *err;
    }
}

static void
went_wrong(struct engine *e, struct error *err, bool is_for_person)
{
    if (err->code != EX_CONFIG && stage_is_draining(e->ctx))
        return; /* a stop, no outage */
    engine_note(e, name(e), "failing", err->text);
    if (err->code == EX_CONFIG) {
        stage_fail(e->ctx, err);
        return;
    }
    if (e->options.once) {
        err->code = is_for_person ? EX_CONFIG : EX_TEMPFAIL;
        error_wrap(err, "the contact lists of \"only\" cannot be asked for");
        leave(e, err);
        return;
    }
    e->asking.tries++;
    e->asking.due_ms = clock_monotonic_ms() + engine_pause_ms(e);
}

void
engine_ask_lists(struct engine *e)
{
    struct error err = {0}, commit_err;
    int rv = engine_begin(e, &err);

    e->polled = &e->asking;
    if (rv == 0) {
        rv = ask(e, &err);
        if (rv == 0)
            engine_note(e, name(e), "ok", "");
        if (engine_commit(e, &commit_err) < 0 && rv == 0) {
            err = commit_err;
            rv = -1;
        }
    }
    if (rv >= 0)
        e->moved_ms = clock_monotonic_ms();
    if (rv != 0) {
        went_wrong(e, &err, rv > 0 || err.code == EX_NOPERM);
        return;
    }
    e->asking.tries = 0;
    e->asking.due_ms = 0;
}

void
engine_reload_lists(struct engine *e)
{
    bool has_any_list = false;

    for (size_t i = 0; i < e->n_lists; i++)
        e->lists[i].is_wanted = false;
    named_lists_each(e->env.conf, want, e);
    for (size_t i = 0; i < e->n_lists; i++)
        has_any_list = has_any_list || e->lists[i].is_wanted;
    e->has_reread = true;
    e->asking.due_ms = 0;
    for (int i = 0; i < e->n_notes && !has_any_list; i++)
        if (strcmp(e->notes[i].feed, name(e)) == 0)
            engine_note(e, name(e), "ok", "");
}
