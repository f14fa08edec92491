/* services: see services.h. Asking; what the answers come to is in kinds.c. */
#include "stages/tools/check/services.h"

#include "common/activity.h"
#include "common/clock.h"
#include "common/hubspot_lists.h"
#include "common/json.h"
#include "stages/tools/check/asking.h"
#include "stages/tools/check/calls.h"
#include "stages/tools/check/kinds.h"
#include "stages/tools/check/lists.h"
#include "stages/tools/check/rights.h"
#include "stages/tools/check/scopes.h"
#include "stages/tools/check/screens.h"

#include <stdio.h>
#include <string.h>

/* ---- HubSpot ---- */

/* The properties of a type of record; NULL: they cannot be had, and it was
 * told. Caller frees. */
static cJSON *
read_properties(struct asking *a, const char *type)
{
    struct asked *s = &a->hubspot;
    cJSON *answer = NULL, *list = NULL;
    char tail[64], line[64];
    struct error err;
    int rv;

    if (s->why[0] != '\0')
        return NULL;
    snprintf(tail, sizeof(tail), "/%s", type);
    snprintf(line, sizeof(line), "hubspot %s", type);
    rv = hubspot_read(a->hs, HUBSPOT_PROPERTIES, tail, NULL, &answer, &err);
    if (rv == 0 && (list = json_take_array(answer, "results")) == NULL)
        rv = error_set(&err, EX_PROTOCOL, "%s gave an answer without results",
                       s->name);
    asking_take(a, s, rv, &err);
    if (rv < 0)
        asking_tell(a, s, line, LINE_WRONG, &err,
                    "tick crm.objects.contacts.read: " SCREEN_SCOPES);
    return list;
}

/* A list that `only` names: is it there, and may the token see it? */
static void
check_list(struct asking *a, const char *list, const char *where)
{
    char line[300], id[HUBSPOT_LIST_ID];
    struct error err;
    int rv;

    if (a->hubspot.why[0] != '\0')
        return;
    snprintf(line, sizeof(line), "hubspot list %s", list);
    rv = hubspot_list_find(a->hs, list, id, &err);
    asking_take(a, &a->hubspot, rv < 0 ? -1 : 0, &err);
    if (rv == 0) {
        line_note(a->lines, line, where, NULL, "");
        return;
    }
    if (rv < 0 && asking_is_away(&err))
        snprintf(a->hubspot.why, sizeof(a->hubspot.why),
                 "cannot be asked now: %.480s", err.text);
    else
        error_wrap(&err, "%.120s", where);
    asking_tell(a, &a->hubspot, line, LINE_WRONG, &err,
                rv > 0 ? "write the list's name as HubSpot has it, or the id "
                         "in its page's address; or make the list"
                       : "tick crm.lists.read: " SCREEN_SCOPES);
}

static void
check_lists(struct asking *a)
{
    cJSON *named = lists_named(a->conf);
    const cJSON *one;

    cJSON_ArrayForEach(one, named)
    {
        check_list(a, json_str(one, "name"), json_str(one, "where"));
    }
    cJSON_Delete(named);
}

/* ---- Salesforce ---- */

/* Does the org have the API version of the config? */
static void
tell_version(struct asking *a, const cJSON *versions)
{
    const char *want = conf_str(a->conf, "salesforce", "api_version");
    const char *first = json_str(versions->child, "version"), *last = first;
    const cJSON *version;
    bool is_there = false;
    struct error err;

    cJSON_ArrayForEach(version, versions)
    {
        last = json_str(version, "version");
        is_there = is_there || (last != NULL && strcmp(last, want) == 0);
    }
    error_set(&err, EX_CONFIG, "this org has no API version %s, but %s to %s",
              want, first != NULL ? first : "none",
              last != NULL ? last : "none");
    line_note(a->lines, "salesforce api version", want, is_there ? NULL : &err,
              "write one of them as [salesforce] api_version");
    if (!is_there)
        snprintf(a->salesforce.why, sizeof(a->salesforce.why), "%s", err.text);
}

static void
check_version(struct asking *a)
{
    struct asked *s = &a->salesforce;
    cJSON *answer = NULL;
    struct error err;
    int rv;

    if (s->why[0] != '\0')
        return;
    rv = salesforce_get(a->sf, "/services/data", &answer, &err);
    if (rv == 0 && !cJSON_IsArray(answer))
        rv = error_set(&err, EX_PROTOCOL,
                       "Salesforce gave an answer without API versions");
    asking_take(a, s, rv, &err);
    if (rv == 0)
        tell_version(a, answer);
    else
        asking_tell(a, s, "salesforce api version", LINE_WRONG, &err, "");
    cJSON_Delete(answer);
}

/* ---- what is mapped ---- */

static const cJSON *
fields_of(const cJSON *describe)
{
    return cJSON_GetObjectItemCaseSensitive(describe, "fields");
}

static void
check_activities(struct asking *a, const cJSON *task, const cJSON *event)
{
    for (int i = 0; i < ACTIVITY_COUNT; i++) {
        enum activity activity = (enum activity)i;
        const struct activity_facts *facts = activity_facts(activity);
        cJSON *properties;

        if (!conf_bool(a->conf, conf_activity(activity), "sync"))
            continue;
        properties = read_properties(a, facts->collection);
        kinds_check(a->conf, activity, properties,
                    strcmp(facts->object, "Event") == 0 ? event : task,
                    a->lines);
        cJSON_Delete(properties);
    }
}

/* Last: the answers to all of the above have told of the accounts'. */
static void
check_calls(struct asking *a)
{
    int64_t now = clock_now_ms();

    if (a->hubspot.is_in)
        calls_check(hubspot_budget(a->hs), now, a->lines);
    if (a->salesforce.is_in)
        calls_check(salesforce_budget(a->sf), now, a->lines);
}

void
services_check(const struct conf *conf, cJSON *lines)
{
    cJSON *contacts, *task, *event;
    struct asking a;

    asking_open(&a, conf, lines);
    contacts = read_properties(&a, "contacts");
    kinds_check_ties(conf, contacts, lines);
    check_lists(&a);
    check_version(&a);
    rights_check(&a, &task, &event);
    kinds_check_key(conf, "Task", fields_of(task), lines);
    kinds_check_key(conf, "Event", fields_of(event), lines);
    kinds_check_ical(conf, fields_of(event), lines);
    check_activities(&a, fields_of(task), fields_of(event));
    scopes_check(&a);
    check_calls(&a);
    cJSON_Delete(contacts);
    cJSON_Delete(task);
    cJSON_Delete(event);
    asking_close(&a);
}
