/* activity_flip: see activity_flip.h. */
#include "stages/conflict-resolver/activity_flip.h"

#include "common/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
activity_is_flip(const struct event *ev)
{
    return ev->field[EVENT_FLIP].data != NULL;
}

static bool
refuse(struct outcome *o, const char *reason, const char *detail)
{
    snprintf(o->outcome, sizeof(o->outcome), "dropped");
    snprintf(o->reason, sizeof(o->reason), "%s", reason);
    snprintf(o->detail, sizeof(o->detail), "%s", detail);
    return false;
}

bool
activity_flip_read(const struct current *own, struct event *ev,
                   struct outcome *o)
{
    msgpack_packer pk;

    if (own->state != CURRENT_ALIVE)
        return refuse(o, "changed-since", "its record is not there any more");
    msgpack_packer_init(&pk, event_set(ev, EVENT_PROPS), msgpack_sbuffer_write);
    json_to_mp(own->fields, MP_EVENT_MAX, &pk);
    event_set_done(ev, EVENT_PROPS);
    event_set_i64(ev, EVENT_MODIFIED_AT, own->modified_at);
    return true;
}

static bool
is_equal(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

/* What a side gives back when it is given a value: cut to what it holds, for
 * one. -1: it cannot be given. */
static int
give(const struct transform_env *env, const struct mapping_pair *pair,
     enum side side, const char *value, struct values *back, struct error *err)
{
    struct mapping one = {1, {*pair}};
    cJSON *fields, *json;
    int rv;

    memset(back, 0, sizeof(*back));
    if (transform_render(env, pair, side, value, strlen(value), &json, err) < 0)
        return -1;
    fields = cJSON_CreateObject();
    cJSON_AddItemToObject(fields, pair->name[side], json);
    rv = values_read(env, &one, side, fields, back, err);
    cJSON_Delete(fields);
    return rv;
}

static bool
has(const struct transform_env *env, const struct mapping_pair *pair,
    enum side side, const char *now, const char *value)
{
    struct values back;
    struct error err;
    bool rv;

    if (is_equal(now, value))
        return true;
    rv = give(env, pair, side, value, &back, &err) == 0 &&
         is_equal(now, back.v[0]);
    values_fini(&back);
    return rv;
}

/* Caller frees. */
static char *
text_of(const struct event *ev, const char *name)
{
    struct span s = {(const uint8_t *)"", 0};
    char *text;

    mp_str(mp_get(ev->field[EVENT_FLIP], name), &s);
    text = malloc(s.len + 1);
    if (text == NULL)
        abort();
    memcpy(text, s.data, s.len);
    text[s.len] = '\0';
    return text;
}

/* Do both sides have `from` or `to`, and can they be given `to`? */
static bool
may_flip(const struct transform_env *env, const struct mapping_pair *pair,
         const struct merge_side *side, size_t i, const char *from,
         const char *to, struct outcome *o)
{
    char detail[200];

    for (enum side s = 0; s < SIDE_COUNT; s++) {
        struct values back;
        struct error err;

        if (!has(env, pair, s, side[s].now[i], from) &&
            !has(env, pair, s, side[s].now[i], to)) {
            snprintf(detail, sizeof(detail), "%s of %s has another value now",
                     pair->name[s], side_title(s));
            return refuse(o, "changed-since", detail);
        }
        if (!mapping_goes_to(pair, s))
            return refuse(o, "not-mapped", "it is mapped one way only");
        if (give(env, pair, s, to, &back, &err) < 0)
            return refuse(o, "cannot-write", err.text);
        values_fini(&back);
    }
    return true;
}

bool
activity_flip(const struct transform_env *env, const struct mapping *map,
              const struct merge_side *side, const struct event *ev,
              struct merge *m, char **to, struct outcome *o)
{
    char *property = text_of(ev, "property");
    char *from = text_of(ev, "from");
    size_t i = 0;
    bool rv;

    *to = text_of(ev, "to");
    while (i < map->n &&
           strcmp(map->pairs[i].name[SIDE_HUBSPOT], property) != 0)
        i++;
    if (side[SIDE_HUBSPOT].is_deleted || side[SIDE_SALESFORCE].is_deleted)
        rv = refuse(o, "changed-since", "one of the two records is deleted");
    else if (i == map->n)
        rv = refuse(o, "not-mapped", "");
    else if (mapping_tie_of(&map->pairs[i]) != MAPPING_NO_TIE)
        rv = refuse(o, "an-association",
                    "change whom or what it hangs on in HubSpot or Salesforce");
    else
        rv = may_flip(env, &map->pairs[i], side, i, from, *to, o);
    if (rv)
        merge_flip(m, i, *to);
    free(from);
    free(property);
    return rv;
}

void
activity_flip_put(const struct event *ev, cJSON *decision)
{
    struct span flip = ev->field[EVENT_FLIP];
    bool is_back = false;
    cJSON *item;

    if (flip.data == NULL)
        return;
    mp_bool(mp_get(flip, "is_back"), &is_back);
    item = cJSON_AddObjectToObject(decision, "flip");
    cJSON_AddNumberToObject(item, "number",
                            (double)mp_get_i64(flip, "number", 0));
    cJSON_AddBoolToObject(item, "is_back", is_back);
}
