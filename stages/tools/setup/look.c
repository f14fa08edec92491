/* look: see look.h. */
#include "stages/tools/setup/look.h"

#include "common/http.h"
#include "common/json.h"
#include "common/text.h"
#include "stages/tools/setup/refusal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct looking {
    const struct services *services;
    const struct wanted *wanted;
    struct facts *facts;
};

static bool
has_trouble(const struct looking *l, enum side side)
{
    return l->facts->troubles[side].state != STEP_THERE;
}

/* A call has failed: the side's trouble, told in its own words. `mend` is what
 * to do when it is for lack of a permission. */
static void
note(struct looking *l, enum side side, const char *thing,
     const struct error *err, const char *mend)
{
    struct trouble *t = &l->facts->troubles[side];
    bool is_away = err->code == EX_TEMPFAIL || err->code == EX_PROTOCOL;

    t->state = is_away ? STEP_AWAY : STEP_WRONG;
    t->thing = err->code == EX_CONFIG ? "sign-in" : thing;
    snprintf(t->detail, sizeof(t->detail), "%s%s",
             is_away ? "cannot be asked now: " : "", err->text);
    snprintf(t->fix, sizeof(t->fix), "%s",
             is_away                  ? REFUSAL_AWAY
             : err->code == EX_CONFIG ? refusal_sign_in(side)
                                      : mend);
}

/* Take the array at a key out of an answer, which is freed. -1: it has none,
 * and nothing follows from what it does not say. */
static int
take_list(cJSON *answer, const char *key, cJSON **out, struct error *err)
{
    *out = json_take_array(answer, key);
    return *out != NULL
               ? 0
               : error_set(err, EX_PROTOCOL, "an answer came without %s", key);
}

static void
look_hubspot(struct looking *l)
{
    for (int i = 0; i < ACTIVITY_COUNT; i++) {
        cJSON *answer = NULL;
        struct error err;
        char tail[64];

        if (!l->wanted->activities[i] || has_trouble(l, SIDE_HUBSPOT))
            continue;
        snprintf(tail, sizeof(tail), "/%s",
                 activity_facts((enum activity)i)->collection);
        if (hubspot_read(l->services->hubspot, HUBSPOT_PROPERTIES, tail, NULL,
                         &answer, &err) < 0 ||
            take_list(answer, "results", &l->facts->properties[i], &err) < 0)
            note(l, SIDE_HUBSPOT, "properties", &err,
                 "give the token the scopes that the README names");
    }
}

/* ---- Salesforce ---- */

static void
look_objects(struct looking *l)
{
    for (int i = 0; i < WANTED_OBJECTS; i++) {
        cJSON *answer = NULL;
        struct error err;
        char path[64];

        if (!l->wanted->uses[i] || has_trouble(l, SIDE_SALESFORCE))
            continue;
        cJSON_Delete(l->facts->fields[i]);
        l->facts->fields[i] = NULL;
        snprintf(path, sizeof(path), "/sobjects/%s/describe",
                 wanted_object_name((enum wanted_object)i));
        if (salesforce_get(l->services->salesforce, path, &answer, &err) < 0 ||
            take_list(answer, "fields", &l->facts->fields[i], &err) < 0)
            note(l, SIDE_SALESFORCE, "fields", &err,
                 "let crmpipe's user see and edit tasks and events: Access "
                 "Activities, Edit Tasks, Edit Events");
    }
}

/* Activity's fields are told as Activity's, as far as is known; other objects
 * may have fields of the same name. */
static bool
is_of_activity(const cJSON *custom)
{
    static const char *const tables[] = {"Activity", "Task", "Event"};
    const char *table = json_str(custom, "TableEnumOrId");

    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        if (table != NULL && strcmp(table, tables[i]) == 0)
            return true;
    return false;
}

/* Read the definition of a CustomField: only one by one it can be had. Where it
 * cannot, nothing is known of its type. */
static int
look_metadata(struct looking *l, cJSON *custom, struct error *err)
{
    const char *id = json_str(custom, "Id");
    cJSON *answer = NULL, *meta;
    char path[96];

    snprintf(path, sizeof(path), "/tooling/sobjects/CustomField/%.20s",
             id != NULL ? id : "");
    if (salesforce_get(l->services->salesforce, path, &answer, err) < 0)
        return err->code == EX_DATAERR || err->code == EX_NOPERM ? 0 : -1;
    meta = cJSON_DetachItemFromObjectCaseSensitive(answer, "Metadata");
    if (meta != NULL)
        cJSON_AddItemToObject(custom, "Metadata", meta);
    cJSON_Delete(answer);
    return 0;
}

/* The names of the fields that can be custom ones, as a SOQL list. */
static void
put_names(const struct wanted *w, struct text *out)
{
    char name[MAPPING_NAME_MAX + 1];

    text_putc(out, '(');
    for (size_t i = 0; i < w->n; i++) {
        char *quoted;

        field_short(w->fields[i].name, false, name, sizeof(name));
        quoted = salesforce_quote(name);
        text_printf(out, "%s%s", i > 0 ? "," : "", quoted);
        free(quoted);
    }
    text_putc(out, ')');
}

static int
read_customs(struct looking *l, struct error *err)
{
    cJSON *answer = NULL, *all = NULL, *custom;
    char *encoded, *path;
    struct text soql;
    int rv;

    text_init(&soql);
    text_puts(&soql, "SELECT Id, DeveloperName, TableEnumOrId FROM CustomField "
                     "WHERE DeveloperName IN ");
    put_names(l->wanted, &soql);
    text_putc(&soql, '\0');
    encoded = http_encode(soql.data);
    text_fini(&soql);
    if (asprintf(&path, "/tooling/query?q=%s", encoded) < 0)
        abort();
    free(encoded);
    rv = salesforce_get(l->services->salesforce, path, &answer, err);
    free(path);
    if (rv < 0 || take_list(answer, "records", &all, err) < 0)
        return -1;
    l->facts->customs = cJSON_CreateArray();
    while (rv == 0 && (custom = cJSON_DetachItemFromArray(all, 0)) != NULL) {
        if (is_of_activity(custom)) {
            cJSON_AddItemToArray(l->facts->customs, custom);
            rv = look_metadata(l, custom, err);
        } else {
            cJSON_Delete(custom);
        }
    }
    cJSON_Delete(all);
    return rv;
}

static int
keep_set(void *ctx, const cJSON *row)
{
    struct facts *facts = ctx;

    json_id(row, "Id", facts->set, sizeof(facts->set));
    return 0;
}

static int
keep_grant(void *ctx, const cJSON *row)
{
    struct facts *facts = ctx;

    cJSON_AddItemToArray(facts->grants, cJSON_Duplicate(row, true));
    return 0;
}

static int
keep_assignment(void *ctx, const cJSON *row)
{
    struct facts *facts = ctx;

    (void)row;
    facts->is_assigned = true;
    return 0;
}

static int
read_set(struct looking *l, struct error *err)
{
    struct salesforce *sf = l->services->salesforce;
    struct facts *facts = l->facts;
    char soql[256];

    facts->grants = cJSON_CreateArray();
    if (salesforce_query(
            sf, "SELECT Id FROM PermissionSet WHERE Name = '" PLAN_SET "'",
            false, keep_set, facts, err) < 0)
        return -1;
    if (facts->set[0] == '\0')
        return 0;
    snprintf(soql, sizeof(soql),
             "SELECT Id, Field, PermissionsRead, PermissionsEdit FROM "
             "FieldPermissions WHERE ParentId = '%s'",
             facts->set);
    if (salesforce_query(sf, soql, false, keep_grant, facts, err) < 0)
        return -1;
    snprintf(soql, sizeof(soql),
             "SELECT Id FROM PermissionSetAssignment WHERE PermissionSetId = "
             "'%s' AND AssigneeId = '%s'",
             facts->set, facts->user);
    return salesforce_query(sf, soql, false, keep_assignment, facts, err);
}

/* What is hidden, and why: only asked where something is missing. */
static void
look_behind(struct looking *l)
{
    char mend[500];
    struct error err;

    refusal_mend(REFUSAL_VIEW, mend, sizeof(mend));
    if (read_customs(l, &err) < 0)
        note(l, SIDE_SALESFORCE, "custom fields of Activity", &err, mend);
    else if (read_set(l, &err) < 0)
        note(l, SIDE_SALESFORCE, "permission set " PLAN_SET, &err, mend);
}

static void
look_salesforce(struct looking *l)
{
    struct error err;

    look_objects(l);
    if (has_trouble(l, SIDE_SALESFORCE))
        return;
    snprintf(l->facts->user, sizeof(l->facts->user), "%s",
             salesforce_user(l->services->salesforce));
    if (!plan_lacks_field(l->wanted, l->facts))
        return;
    if (l->facts->user[0] == '\0') {
        error_set(&err, EX_CONFIG,
                  "Salesforce does not say as which user it let us in");
        note(l, SIDE_SALESFORCE, "user", &err, "");
        return;
    }
    look_behind(l);
    /* What is granted was read before what is seen, so that what somebody else
     * does meanwhile looks like no contradiction. */
    look_objects(l);
}

void
look(const struct services *services, const struct wanted *wanted,
     struct facts *out)
{
    struct looking l = {services, wanted, out};

    memset(out, 0, sizeof(*out));
    look_salesforce(&l);
    look_hubspot(&l);
}
