/* services: see services.h. Asking; what the answers come to is in kinds.c. */
#include "stages/tools/check/services.h"

#include "common/accounts.h"
#include "common/activity.h"
#include "common/hubspot_lists.h"
#include "common/json.h"
#include "common/salesforce.h"
#include "common/tool.h"
#include "stages/tools/check/kinds.h"
#include "stages/tools/check/lines.h"
#include "stages/tools/check/lists.h"

#include <stdio.h>
#include <string.h>

#define TRIES_MAX 3
#define AWAY_MEND                                                              \
    "look at the network and the service's status page, then check again"

/* A service while it is asked. `why` is set once it cannot be asked. */
struct asked {
    const char *name; /* "HubSpot" */
    const char *mend; /* of a sign-in that is refused */
    char why[sizeof(((struct error *)0)->text)];
    bool is_in; /* it has answered */
};

struct asking {
    const struct conf *conf;
    cJSON *lines;
    struct store *accounts; /* of calls and tokens; may be NULL */
    struct hubspot *hs;     /* NULL: it cannot be asked */
    struct salesforce *sf;  /* likewise */
    struct asked hubspot, salesforce;
};

static bool
again(void *ctx, int tries)
{
    (void)ctx;
    return tries < TRIES_MAX;
}

/* Nothing that could be asked with: why has its line in the config's part. */
static void
cannot(struct asking *a, struct asked *s, const char *line, const char *why)
{
    snprintf(s->why, sizeof(s->why), "cannot be asked now: %.480s", why);
    line_add(a->lines, line, LINE_UNASKED, s->why, NULL);
}

static void
open_both(struct asking *a)
{
    const struct around around = {.again = again};
    struct error err;

    if (accounts_open(a->conf, &a->accounts, &err) < 0) {
        cannot(a, &a->hubspot, "hubspot sign-in", err.text);
        cannot(a, &a->salesforce, "salesforce sign-in", err.text);
        return;
    }
    if (hubspot_open(a->conf, a->accounts, NULL, NULL, &a->hs, &err) < 0)
        cannot(a, &a->hubspot, "hubspot sign-in", err.text);
    else
        hubspot_around(a->hs, &around);
    if (salesforce_open(a->conf, a->accounts, NULL, NULL, &a->sf, &err) < 0)
        cannot(a, &a->salesforce, "salesforce sign-in", err.text);
    else
        salesforce_around(a->sf, &around);
}

/* A call has ended with `rv`: it may be the first that tells whether the
 * service lets us in. */
static void
take_sign_in(struct asking *a, struct asked *s, const char *line,
             const char *where, int rv, const struct error *err)
{
    bool is_refused = rv < 0 && err->code == EX_CONFIG;
    bool is_away =
        rv < 0 && (err->code == EX_TEMPFAIL || err->code == EX_PROTOCOL);

    if (is_refused || is_away)
        snprintf(s->why, sizeof(s->why), "%s%.480s",
                 is_away ? "cannot be asked now: " : "", err->text);
    if (s->is_in)
        return;
    if (is_away)
        line_add(a->lines, line, LINE_AWAY, s->why, AWAY_MEND);
    else
        line_note(a->lines, line, where, is_refused ? err : NULL, s->mend);
    s->is_in = !is_refused && !is_away;
}

/* The line of something that could not be read, once the sign-in has told of
 * its own. */
static void
tell_unread(struct asking *a, const struct asked *s, const char *line,
            const struct error *err, const char *mend)
{
    if (!s->is_in)
        return;
    if (err->code == EX_TEMPFAIL || err->code == EX_PROTOCOL)
        line_add(a->lines, line, LINE_AWAY, s->why, AWAY_MEND);
    else
        line_note(a->lines, line, "", err, mend);
}

/* As json_take_array(). false: it has none. */
static bool
take_list(cJSON *answer, const char *key, const char *name, cJSON **out,
          struct error *err)
{
    *out = json_take_array(answer, key);
    if (*out == NULL)
        error_set(err, EX_PROTOCOL, "%s gave an answer without %s", name, key);
    return *out != NULL;
}

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
    if (rv == 0 && !take_list(answer, "results", s->name, &list, &err))
        rv = -1;
    take_sign_in(a, s, "hubspot sign-in",
                 conf_str(a->conf, "hubspot", "api_base"), rv, &err);
    if (rv < 0)
        tell_unread(a, s, line, &err,
                    "give the token the scopes that the README names");
    return list;
}

/* The fields of an object, likewise. */
static cJSON *
read_fields(struct asking *a, const char *object)
{
    struct asked *s = &a->salesforce;
    cJSON *answer = NULL, *list = NULL;
    char path[64], line[64];
    struct error err;
    int rv;

    if (s->why[0] != '\0')
        return NULL;
    snprintf(path, sizeof(path), "/sobjects/%s/describe", object);
    snprintf(line, sizeof(line), "salesforce %s", object);
    rv = salesforce_get(a->sf, path, &answer, &err);
    if (rv == 0 && !take_list(answer, "fields", s->name, &list, &err))
        rv = -1;
    take_sign_in(a, s, "salesforce sign-in",
                 conf_str(a->conf, "salesforce", "login_url"), rv, &err);
    if (rv < 0)
        tell_unread(a, s, line, &err,
                    "let crmpipe's user see and edit this object: Access "
                    "Activities, Edit Tasks, Edit Events");
    return list;
}

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
    take_sign_in(a, s, "salesforce sign-in",
                 conf_str(a->conf, "salesforce", "login_url"), rv, &err);
    if (rv == 0)
        tell_version(a, answer);
    else
        tell_unread(a, s, "salesforce api version", &err, "");
    cJSON_Delete(answer);
}

static bool
is_on(const struct asking *a, enum activity activity)
{
    return conf_bool(a->conf, conf_activity(activity), "sync");
}

static void
check_activities(struct asking *a, const cJSON *task, const cJSON *event)
{
    for (int i = 0; i < ACTIVITY_COUNT; i++) {
        enum activity activity = (enum activity)i;
        const struct activity_facts *facts = activity_facts(activity);
        cJSON *properties;

        if (!is_on(a, activity))
            continue;
        properties = read_properties(a, facts->collection);
        kinds_check(a->conf, activity, properties,
                    strcmp(facts->object, "Event") == 0 ? event : task,
                    a->lines);
        cJSON_Delete(properties);
    }
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
    take_sign_in(a, &a->hubspot, "hubspot sign-in", "", rv < 0 ? -1 : 0, &err);
    if (rv == 0) {
        line_note(a->lines, line, where, NULL, "");
        return;
    }
    if (rv < 0 && (err.code == EX_TEMPFAIL || err.code == EX_PROTOCOL))
        snprintf(a->hubspot.why, sizeof(a->hubspot.why),
                 "cannot be asked now: %.480s", err.text);
    else
        error_wrap(&err, "%.120s", where);
    tell_unread(a, &a->hubspot, line, &err,
                rv > 0 ? "write the list's name as HubSpot has it, or the id "
                         "in its page's address; or make the list"
                       : "give the token the scope crm.lists.read");
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

void
services_check(const struct conf *conf, cJSON *lines)
{
    struct asking a = {
        .conf = conf,
        .lines = lines,
        .hubspot = {.name = "HubSpot",
                    .mend = "make a new token (service key or private app) "
                            "and put it where [hubspot] token says"},
        .salesforce = {.name = "Salesforce",
                       .mend = "correct [salesforce] login_url, auth, "
                               "client_id and what auth needs beside them; "
                               "the app needs its flow and a user to run as"}};
    cJSON *contacts, *task, *event = NULL;

    open_both(&a);
    contacts = read_properties(&a, "contacts");
    kinds_check_ties(conf, contacts, lines);
    check_lists(&a);
    check_version(&a);
    task = read_fields(&a, "Task");
    kinds_check_key(conf, "Task", task, lines);
    if (is_on(&a, ACTIVITY_MEETING)) {
        event = read_fields(&a, "Event");
        kinds_check_key(conf, "Event", event, lines);
    }
    check_activities(&a, task, event);
    cJSON_Delete(contacts);
    cJSON_Delete(task);
    cJSON_Delete(event);
    hubspot_close(a.hs);
    salesforce_close(a.sf);
    store_close(a.accounts);
}
