/* record: see record.h. */
#include "stages/writer/record.h"

#include "common/json.h"
#include "common/kind.h"
#include "stages/writer/salesforce/task.h"

#include <stdio.h>
#include <string.h>

static int
end(struct outcome *o, const char *outcome, const char *reason,
    const char *detail)
{
    snprintf(o->outcome, sizeof(o->outcome), "%s", outcome);
    snprintf(o->reason, sizeof(o->reason), "%s", reason);
    snprintf(o->detail, sizeof(o->detail), "%s", detail);
    return 0;
}

static bool
is_for_us(struct span decision)
{
    char target[32], object[32];

    if (decision.data == NULL)
        return false;
    mp_get_str(decision, "target", target, sizeof(target));
    mp_get_str(decision, "object", object, sizeof(object));
    return strcmp(target, "salesforce") == 0 && strcmp(object, "Task") == 0;
}

/* The task is missing, and was not written since that was decided. */
static bool
is_wanted_anew(const struct event *ev, const struct store_link *link)
{
    return event_bool(ev, EVENT_ASKED) &&
           mp_get_i64(ev->field[EVENT_DECISION], "version", 0) == link->version;
}

/* false: the link says that it need not be written; `o` says why. */
static bool
goes_on(const struct record *r, const struct event *ev,
        const struct store_link *link, struct outcome *o)
{
    struct span decision = ev->field[EVENT_DECISION];
    char written[64] = "";
    bool is_group = mp_get(decision, "group").data != NULL;
    bool is_same;

    if (link == NULL)
        return true;
    snprintf(o->target, sizeof(o->target), "%.*s", (int)sizeof(o->target) - 1,
             link->target);
    is_same =
        link->snapshot.data != NULL &&
        mp_get_str(link->snapshot, "digest", written, sizeof(written)) > 0 &&
        strcmp(written, r->digest) == 0;
    if (is_same && !is_group && is_wanted_anew(ev, link))
        return true;
    if (is_same && (is_group || link->modified_at == r->modified_at))
        end(o, "unchanged", "already-written", "");
    else if (is_group)
        end(o, "dropped", "duplicate", "");
    else if (link->modified_at > r->modified_at)
        end(o, "unchanged", "superseded", "");
    else
        return true;
    return false;
}

static int
make_task(struct record *r, const struct event *ev, struct task_facts *facts,
          struct outcome *o, struct error *err)
{
    struct span decision = ev->field[EVENT_DECISION];
    char who_type[16], what_id[24];

    mp_get_str(decision, "who_id", r->who_id, sizeof(r->who_id));
    mp_get_str(decision, "who_type", who_type, sizeof(who_type));
    mp_get_str(decision, "what_id", what_id, sizeof(what_id));
    if (r->held != NULL && r->held->contact[0] != '\0') {
        snprintf(r->who_id, sizeof(r->who_id), "%s", r->held->contact);
        snprintf(who_type, sizeof(who_type), "Contact");
    }
    facts->key = r->key;
    facts->occurred_at = event_i64(ev, EVENT_OCCURRED_AT, 0);
    facts->props = ev->field[EVENT_PROPS];
    facts->who_id = r->who_id;
    facts->who_type = who_type;
    facts->what_id = what_id;
    facts->is_update = r->is_update;
    facts->without_subtype = r->held != NULL && r->held->without_subtype;
    r->task = task_make(facts, err);
    if (r->task != NULL)
        return 1;
    return err->code == EX_CONFIG ? -1
                                  : end(o, "dead", "bad-record", err->text);
}

void
record_key(const struct event *ev, char *key, size_t size)
{
    if (mp_get_str(ev->field[EVENT_DECISION], "group", key, size) == 0)
        event_str(ev, EVENT_KEY, key, size);
}

int
record_make(const struct event *ev, const struct rules *rules, const char *zone,
            int64_t now, const struct store_link *link, struct held *held,
            struct record *out, struct outcome *o, struct error *err)
{
    struct span decision = ev->field[EVENT_DECISION];
    struct task_facts facts = {
        .external_id = rules->external_id, .zone = zone, .now = now};

    memset(out, 0, sizeof(*out));
    memset(o, 0, sizeof(*o));
    out->held = held;
    out->modified_at = event_i64(ev, EVENT_MODIFIED_AT, 0);
    record_key(ev, out->key, sizeof(out->key));
    event_str(ev, EVENT_KIND, out->kind, sizeof(out->kind));
    facts.kind = kind_parse(out->kind, strlen(out->kind));
    if (!is_for_us(decision))
        return end(o, "dead", "no-decision",
                   "no decision to write a Task into Salesforce: is there a "
                   "conflict-resolver in front of the writer?");
    if (facts.kind == KIND_NONE ||
        event_i64(ev, EVENT_OCCURRED_AT, INT64_MIN) == INT64_MIN)
        return end(o, "dead", "bad-event", "no kind or no occurred_at");
    mp_get_str(decision, "digest", out->digest, sizeof(out->digest));
    if (!goes_on(out, ev, link, o))
        return 0;
    out->is_update = link != NULL && !event_bool(ev, EVENT_ASKED);
    out->version = link != NULL ? link->version : 0;
    facts.task_type = rules->task_type[facts.kind];
    return make_task(out, ev, &facts, o, err);
}

void
record_fini(struct record *r)
{
    cJSON_Delete(r->task);
    r->task = NULL;
}

void
record_snapshot(const struct record *r, msgpack_sbuffer *out)
{
    msgpack_packer pk;
    const cJSON *field;
    uint32_t n = 0;

    cJSON_ArrayForEach(field, r->task)
    {
        n += strcmp(field->string, "attributes") != 0;
    }
    msgpack_packer_init(&pk, out, msgpack_sbuffer_write);
    msgpack_pack_map(&pk, 2);
    mp_pack_kv_str(&pk, "digest", r->digest);
    mp_pack_str(&pk, "task");
    msgpack_pack_map(&pk, n);
    cJSON_ArrayForEach(field, r->task)
    {
        if (strcmp(field->string, "attributes") == 0)
            continue;
        mp_pack_str(&pk, field->string);
        json_to_mp(field, MP_EVENT_MAX, &pk);
    }
}
