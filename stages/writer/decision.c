/* decision: see decision.h. */
#include "stages/writer/decision.h"

#include "common/sf_id.h"

#include <stdio.h>
#include <string.h>

static const char *const verbs[] = {[WRITE_CREATE] = "create",
                                    [WRITE_UPDATE] = "update",
                                    [WRITE_DELETE] = "delete",
                                    [WRITE_RESTORE] = "restore"};

bool
decision_is_activity(const struct event *ev)
{
    struct span decision = ev->field[EVENT_DECISION];
    char sync[16];

    return decision.data != NULL &&
           mp_get_str(decision, "sync", sync, sizeof(sync)) > 0 &&
           strcmp(sync, "activity") == 0;
}

bool
write_makes(const struct write *write)
{
    return write->verb == WRITE_CREATE || write->verb == WRITE_RESTORE;
}

static bool
has_items(struct span array)
{
    uint32_t n;

    return array.data != NULL && mp_array(&array, &n) && n > 0;
}

bool
write_has_ties(const struct write *write)
{
    return has_items(write->contacts) || has_items(write->companies) ||
           has_items(write->untie_contacts) ||
           has_items(write->untie_companies);
}

bool
write_has_fields(const struct write *write)
{
    struct span fields = write->fields;
    uint32_t n;

    return fields.data != NULL && mp_map(&fields, &n) && n > 0;
}

const char *
write_verb_name(enum write_verb verb)
{
    return verbs[verb];
}

static bool
is_map(struct span v)
{
    uint32_t n;

    return v.data != NULL && mp_map(&v, &n);
}

static enum activity
of_collection(const char *collection)
{
    for (int a = 0; a < ACTIVITY_COUNT; a++)
        if (strcmp(activity_facts((enum activity)a)->collection, collection) ==
            0)
            return (enum activity)a;
    return ACTIVITY_NONE;
}

/* The id goes into a path. */
static bool
read_id(struct span map, struct write *out)
{
    char id[SF_ID_SIZE];
    size_t len = mp_get_str(map, "id", out->id, sizeof(out->id));

    if (out->verb == WRITE_CREATE) {
        out->id[0] = '\0';
        return true;
    }
    if (len == 0 || len >= sizeof(out->id))
        return false;
    if (out->side == SIDE_HUBSPOT)
        return strspn(out->id, "0123456789") == len;
    if (!sf_id_normalise(out->id, id))
        return false;
    snprintf(out->id, sizeof(out->id), "%s", id);
    return true;
}

static bool
read_target(struct span map, struct write *out)
{
    char target[16];

    mp_get_str(map, "target", target, sizeof(target));
    mp_get_str(map, "object", out->object, sizeof(out->object));
    out->activity = of_collection(out->object);
    if (strcmp(target, side_name(SIDE_HUBSPOT)) == 0) {
        out->side = SIDE_HUBSPOT;
        return out->activity != ACTIVITY_NONE;
    }
    out->side = SIDE_SALESFORCE;
    return strcmp(target, side_name(SIDE_SALESFORCE)) == 0 &&
           (strcmp(out->object, "Task") == 0 ||
            strcmp(out->object, "Event") == 0);
}

/* NULL, or what is wrong with it. */
static const char *
read_write(struct span map, struct write *out)
{
    char action[16];
    size_t verb = 0;

    if (!is_map(map))
        return "a write that is no map";
    mp_get_str(map, "action", action, sizeof(action));
    while (verb < sizeof(verbs) / sizeof(verbs[0]) &&
           strcmp(action, verbs[verb]) != 0)
        verb++;
    if (verb == sizeof(verbs) / sizeof(verbs[0]))
        return "a write with an unknown action";
    out->verb = (enum write_verb)verb;
    if (!read_target(map, out))
        return "a write of an unknown object";
    if (!read_id(map, out))
        return "a write without the id of its record";
    out->fields = mp_get(map, "fields");
    out->was = mp_get(map, "was");
    out->contacts = mp_get(map, "contacts");
    out->companies = mp_get(map, "companies");
    out->untie_contacts = mp_get(map, "untie_contacts");
    out->untie_companies = mp_get(map, "untie_companies");
    out->without = mp_get(map, "without");
    if (out->verb != WRITE_DELETE && !is_map(out->fields))
        return "a write without fields";
    return NULL;
}

static const char *
read_writes(struct span list, struct decision *out)
{
    const char *wrong = NULL;
    uint32_t n = 0;

    if (list.data == NULL)
        return NULL;
    if (!mp_array(&list, &n) || n > DECISION_WRITES_MAX)
        return "writes that are no array of at most two";
    for (out->n_writes = 0; out->n_writes < n && wrong == NULL; out->n_writes++)
        wrong = read_write(mp_next(&list), &out->writes[out->n_writes]);
    return wrong;
}

/* What a row that makes something is known by. */
static bool
knows_who(const struct decision *d)
{
    for (size_t i = 0; i < d->n_writes; i++)
        if (d->writes[i].side == SIDE_SALESFORCE &&
            write_makes(&d->writes[i]) && d->link[0] == '\0')
            return false;
    return true;
}

int
decision_read(const struct event *ev, struct decision *out, struct error *err)
{
    struct span d = ev->field[EVENT_DECISION];
    struct span flip;
    const char *wrong;

    memset(out, 0, sizeof(*out));
    if (mp_get_str(d, "link", out->link, sizeof(out->link)) >=
        sizeof(out->link))
        return error_set(err, EX_DATAERR, "a decision with too long a link");
    out->version = mp_get_i64(d, "version", 0);
    out->base = mp_get(d, "base");
    out->deleted = mp_get(d, "deleted");
    out->seen = mp_get(d, "seen");
    out->known = mp_get(d, "known");
    out->read_at = mp_get_i64(d, "read_at", 0);
    out->conflicts = mp_get(d, "conflicts");
    flip = mp_get(d, "flip");
    if (flip.data != NULL) {
        out->flip = mp_get_i64(flip, "number", 0);
        mp_bool(mp_get(flip, "is_back"), &out->flips_back);
    }
    wrong = read_writes(mp_get(d, "writes"), out);
    if (wrong == NULL && !knows_who(out))
        wrong = "a record to be made in Salesforce for none in HubSpot";
    if (wrong != NULL)
        return error_set(err, EX_DATAERR, "a decision with %s", wrong);
    return 0;
}

struct part {
    const char *name;
    struct span value; /* data NULL: it is left out */
};

static void
pack_map(msgpack_packer *pk, uint32_t n_more, const struct part *parts,
         size_t n)
{
    for (size_t i = 0; i < n; i++)
        n_more += parts[i].value.data != NULL;
    msgpack_pack_map(pk, n_more);
    for (size_t i = 0; i < n; i++)
        if (parts[i].value.data != NULL) {
            mp_pack_str(pk, parts[i].name);
            mp_pack_span(pk, parts[i].value);
        }
}

/* Without its fields, which are there. */
static void
pack_write(const struct write *write, msgpack_packer *pk)
{
    const struct part parts[] = {{"contacts", write->contacts},
                                 {"companies", write->companies},
                                 {"without", write->without}};

    pack_map(pk, 4, parts, 3);
    mp_pack_kv_str(pk, "target", side_name(write->side));
    mp_pack_kv_str(pk, "object", write->object);
    mp_pack_kv_str(pk, "action", verbs[WRITE_CREATE]);
    mp_pack_str(pk, "fields");
    msgpack_pack_map(pk, 0);
}

void
decision_pack_made(const struct decision *d, size_t at, msgpack_sbuffer *out)
{
    const struct part parts[] = {{"base", d->base},
                                 {"deleted", d->deleted},
                                 {"seen", d->seen},
                                 {"known", d->known},
                                 {"conflicts", d->conflicts}};
    msgpack_packer pk;

    msgpack_packer_init(&pk, out, msgpack_sbuffer_write);
    pack_map(&pk, 4, parts, 5);
    mp_pack_kv_str(&pk, "sync", "activity");
    mp_pack_kv_str(&pk, "link", d->link);
    mp_pack_kv_i64(&pk, "version", d->version);
    mp_pack_str(&pk, "writes");
    msgpack_pack_array(&pk, 1);
    pack_write(&d->writes[at], &pk);
}

int64_t
decision_seen(const struct decision *d, enum side side)
{
    return d->seen.data != NULL ? mp_get_i64(d->seen, side_name(side), 0) : 0;
}

void
decision_key(const struct event *ev, char *key, size_t size)
{
    if (mp_get_str(ev->field[EVENT_DECISION], "link", key, size) == 0)
        event_str(ev, EVENT_KEY, key, size);
}
