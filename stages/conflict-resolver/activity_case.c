/* activity_case: see activity_case.h. */
#include "stages/conflict-resolver/activity_case.h"

#include <stdio.h>
#include <string.h>

enum activity_step
activity_end(struct outcome *o, const char *outcome, const char *reason,
             const char *detail)
{
    snprintf(o->outcome, sizeof(o->outcome), "%s", outcome);
    snprintf(o->reason, sizeof(o->reason), "%s", reason);
    snprintf(o->detail, sizeof(o->detail), "%s", detail != NULL ? detail : "");
    return ACTIVITY_END;
}

/* "call" and "512" of "hubspot:call:512". */
static bool
split(const char *key, char type[32], const char **id)
{
    const char *first = strchr(key, ':');
    const char *second = first != NULL ? strchr(first + 1, ':') : NULL;

    if (second == NULL || second - first > 32)
        return false;
    snprintf(type, 32, "%.*s", (int)(second - first - 1), first + 1);
    *id = second + 1;
    return **id != '\0';
}

bool
activity_case_of(const struct event *ev, struct activity_case *c, char *id,
                 size_t size, struct outcome *o)
{
    char key[EVENT_ID_MAX], source[16], kind[32], type[32];
    const char *own;

    memset(c, 0, sizeof(*c));
    event_str(ev, EVENT_KEY, key, sizeof(key));
    event_str(ev, EVENT_SOURCE, source, sizeof(source));
    event_str(ev, EVENT_KIND, kind, sizeof(kind));
    c->activity = activity_parse(kind, strlen(kind));
    c->side = strcmp(source, side_name(SIDE_SALESFORCE)) == 0 ? SIDE_SALESFORCE
                                                              : SIDE_HUBSPOT;
    if (c->activity == ACTIVITY_NONE || !split(key, type, &own) ||
        strlen(own) >= size || strcmp(source, side_name(c->side)) != 0) {
        activity_end(o, "dead", "bad-record", "no activity of either side");
        return false;
    }
    snprintf(id, size, "%s", own);
    c->id = id;
    return true;
}

/* The event's own record, as the link has it. */
static const char *
linked_as(const struct activity_case *c)
{
    return c->side == SIDE_SALESFORCE ? c->link->target : c->link->key;
}

bool
activity_leads_elsewhere(const struct activity_case *c, const struct event *ev)
{
    char key[EVENT_ID_MAX];

    return c->link != NULL && strcmp(linked_as(c), event_str(ev, EVENT_KEY, key,
                                                             sizeof(key))) != 0;
}

bool
activity_fits(const struct activity_case *c, const struct event *ev,
              struct outcome *o)
{
    char type[32];
    const char *id;

    /* It was deleted and its pair went on without it. The task bears its name
     * still, so that it would be written over. */
    if (c->link == NULL && c->successor[0] != '\0') {
        activity_end(o, "dropped", "made-anew", c->successor);
        return false;
    }
    if (c->link == NULL)
        return true;
    /* A Task that the timeline sync made of something else, of a meeting say.
     */
    if (!split(c->link->key, type, &id) ||
        activity_parse(type, strlen(type)) != c->activity) {
        activity_end(o, "dropped", "own-task", NULL);
        return false;
    }
    /* What a record of Salesforce says itself may be right, and the link wrong;
     * that it is a twin takes nothing from a pair. */
    if (!activity_leads_elsewhere(c, ev) ||
        (c->side == SIDE_SALESFORCE && event_bool(ev, EVENT_ASKED) &&
         !c->is_twin))
        return true;
    activity_end(o, "dropped", "linked-elsewhere", linked_as(c));
    return false;
}

enum relation
activity_relation(const struct activity_case *c, const struct event *ev,
                  const struct snapshot *snapshot)
{
    char type[32];
    const char *id;

    if (c->link == NULL || activity_leads_elsewhere(c, ev))
        return ev->field[EVENT_OTHER].data != NULL ? RELATION_NAMED
                                                   : RELATION_NONE;
    if (snapshot->is_activity)
        return RELATION_LINK;
    /* Of a meeting the timeline sync makes a Task, this one an Event. */
    return split(c->link->target, type, &id) &&
                   strcmp(type, activity_facts(c->activity)->object) == 0
               ? RELATION_TIMELINE
               : RELATION_NONE;
}

bool
activity_is_delete(const struct event *ev)
{
    char op[16];

    return strcmp(event_str(ev, EVENT_OP, op, sizeof(op)), "delete") == 0;
}

bool
activity_is_old(const struct activity_case *c, const struct event *ev,
                enum relation relation, const struct snapshot *snapshot)
{
    int64_t seen = snapshot->seen[c->side];
    int64_t at = event_i64(ev, EVENT_MODIFIED_AT, 0);

    if (relation == RELATION_TIMELINE && c->side == SIDE_HUBSPOT)
        seen = c->link->modified_at;
    return at > 0 && at < seen;
}

bool
activity_may_be_old(const struct activity_case *c, const struct event *ev,
                    const struct snapshot *snapshot)
{
    return c->side == SIDE_SALESFORCE && !activity_is_delete(ev) &&
           event_i64(ev, EVENT_MODIFIED_AT, 0) == snapshot->seen[c->side];
}

void
activity_other_id(const struct activity_case *c, const struct event *ev,
                  char *buf, size_t size)
{
    char key[EVENT_ID_MAX], type[32];
    const char *id = "";

    if (c->link == NULL)
        event_str(ev, EVENT_OTHER, key, sizeof(key));
    else
        snprintf(key, sizeof(key), "%s",
                 c->side == SIDE_HUBSPOT ? c->link->target : c->link->key);
    if (!split(key, type, &id) || strlen(id) >= size)
        id = "";
    snprintf(buf, size, "%s", id);
}
