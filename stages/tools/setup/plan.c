/* plan: see plan.h. What is said of HubSpot's side is in plan_property.c. */
#include "stages/tools/setup/plan.h"

#include "common/json.h"
#include "stages/tools/setup/plan_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define EDIT                                                                   \
    "Salesforce: Setup > Object Manager > Activity > Fields & Relationships "  \
    "> %s > Edit: "

void
facts_fini(struct facts *facts)
{
    for (int i = 0; i < ACTIVITY_COUNT; i++)
        cJSON_Delete(facts->properties[i]);
    for (int i = 0; i < WANTED_OBJECTS; i++)
        cJSON_Delete(facts->fields[i]);
    cJSON_Delete(facts->customs);
    cJSON_Delete(facts->grants);
    memset(facts, 0, sizeof(*facts));
}

struct step *
plan_add(struct plan *plan, enum step_kind kind, enum step_state state,
         const char *fmt, ...)
{
    struct step *s;
    va_list ap;

    if (plan->n == PLAN_STEPS)
        abort(); /* there are that many places */
    s = &plan->steps[plan->n++];
    memset(s, 0, sizeof(*s));
    s->kind = kind;
    s->state = state;
    s->side = kind == STEP_PROPERTY ? SIDE_HUBSPOT : SIDE_SALESFORCE;
    va_start(ap, fmt);
    vsnprintf(s->thing, sizeof(s->thing), fmt, ap);
    va_end(ap);
    return s;
}

bool
plan_is_true(const cJSON *object, const char *key)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, key));
}

const cJSON *
plan_named(const cJSON *list, const char *key, const char *name)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list)
    {
        const char *has = json_str(item, key);

        if (has != NULL && strcasecmp(has, name) == 0)
            return item;
    }
    return NULL;
}

/* ---- a field ---- */

/* How a field stands on the objects that use it. */
struct standing {
    const cJSON *seen;       /* its definition on one of them; NULL: on none */
    bool on[WANTED_OBJECTS]; /* it is seen and may be written, or not used */
    bool is_good;            /* all of these */
};

static void
stand(const struct wanted_field *f, const struct facts *facts,
      struct standing *out)
{
    *out = (struct standing){.is_good = true};
    for (int i = 0; i < WANTED_OBJECTS; i++) {
        const cJSON *def = plan_named(facts->fields[i], "name", f->name);

        out->on[i] = !f->on[i] || (plan_is_true(def, "createable") &&
                                   plan_is_true(def, "updateable"));
        out->is_good = out->is_good && out->on[i];
        if (def != NULL)
            out->seen = def;
    }
}

bool
plan_lacks_field(const struct wanted *wanted, const struct facts *facts)
{
    struct standing at;

    for (size_t i = 0; i < wanted->n; i++) {
        stand(&wanted->fields[i], facts, &at);
        if (!at.is_good)
            return true;
    }
    return false;
}

static enum field_type
type_of(const struct wanted_field *f, const struct facts *facts)
{
    const cJSON *list =
        f->activity != ACTIVITY_NONE ? facts->properties[f->activity] : NULL;
    const char *type = json_str(plan_named(list, "name", f->property), "type");

    return field_type_for(f->transform, type);
}

/* Salesforce takes both spellings for one field, but answers in its own. */
static bool
tell_case(struct step *s, const char *name)
{
    if (name == NULL || strcmp(name, s->name) == 0)
        return false;
    s->state = STEP_WRONG;
    snprintf(s->detail, sizeof(s->detail), "is there as %s", name);
    snprintf(s->fix, sizeof(s->fix), "write %s in pipeline.conf", name);
    return true;
}

/* What is wrong with a field that is there, by its definition of describe or of
 * the Metadata API. false: nothing. */
static bool
tell_unfit(struct step *s, const cJSON *def)
{
    const char *type = json_str(def, "type");
    const char *missing =
        !plan_is_true(def, "externalId") ? "External ID" : "Unique";

    if (type == NULL)
        return false; /* nobody says */
    s->state = STEP_WRONG;
    if (!field_fits(s->type, s->is_key, type)) {
        snprintf(s->detail, sizeof(s->detail),
                 "is there with the type %s, but %s is needed", type,
                 field_words(s->type));
        snprintf(s->fix, sizeof(s->fix),
                 "name another field in pipeline.conf, or change this one's "
                 "type in Salesforce: Setup > Object Manager > Activity > "
                 "Fields & Relationships > %.60s > Edit > Change Field Type",
                 s->name);
        return true;
    }
    if (s->is_key &&
        !(plan_is_true(def, "externalId") && plan_is_true(def, "unique"))) {
        snprintf(s->detail, sizeof(s->detail), "is there, but not as %s",
                 missing);
        snprintf(s->fix, sizeof(s->fix), EDIT "tick %s", s->name, missing);
        return true;
    }
    s->state = STEP_THERE;
    return false;
}

/* Nobody has made it, as far as is known. */
static void
put_missing(struct step *s, const struct wanted_field *f)
{
    const char *bad = field_bad_name(f->name);

    s->state = STEP_TODO;
    snprintf(s->detail, sizeof(s->detail), "%s%s", field_words(s->type),
             s->is_key ? ", External ID, Unique, case insensitive" : "");
    if (bad == NULL && s->type == FIELD_PERSON)
        bad = "a lookup to a user cannot be made over the API";
    if (bad == NULL && f->clash[0] == '\0')
        return;
    s->state = STEP_WRONG;
    if (bad != NULL)
        snprintf(s->detail, sizeof(s->detail), "is missing, and %s", bad);
    else
        snprintf(s->detail, sizeof(s->detail),
                 "is missing, and two lines want two types of it; the other "
                 "is %s",
                 f->clash);
    snprintf(s->fix, sizeof(s->fix),
             "make it by hand (Setup > Object Manager > Activity > Fields & "
             "Relationships > New), or name another field in pipeline.conf");
}

/* The line of a field. true: it is there or will be, and wants access. */
static bool
plan_field(struct plan *plan, const struct wanted_field *f,
           const struct facts *facts, const struct standing *at)
{
    struct step *s =
        plan_add(plan, STEP_FIELD, STEP_THERE, "field %s on Activity", f->name);
    const cJSON *custom, *def = at->seen;
    char name[64];

    snprintf(s->name, sizeof(s->name), "%s", f->name);
    snprintf(s->why, sizeof(s->why), "%s", f->why);
    s->type = type_of(f, facts);
    s->is_key = f->is_key;
    snprintf(s->detail, sizeof(s->detail), "is there");
    if (def == NULL) {
        field_short(f->name, false, name, sizeof(name));
        custom = plan_named(facts->customs, "DeveloperName", name);
        def = cJSON_GetObjectItemCaseSensitive(custom, "Metadata");
        if (custom == NULL) {
            put_missing(s, f);
            return s->state == STEP_TODO;
        }
        snprintf(s->detail, sizeof(s->detail),
                 "is there, but crmpipe's user does not see it");
    }
    return !tell_case(s, json_str(def, "name")) && !tell_unfit(s, def) &&
           !at->is_good;
}

/* ---- who may see it ---- */

/* Is the field granted whole in our set? *row: the row that is there. */
static bool
is_granted(const struct facts *facts, const char *object, const char *name,
           const cJSON **row)
{
    char field[MAPPING_NAME_MAX + 16];

    snprintf(field, sizeof(field), "%s.%s", object, name);
    *row = plan_named(facts->grants, "Field", field);
    return plan_is_true(*row, "PermissionsRead") &&
           plan_is_true(*row, "PermissionsEdit");
}

static struct step *
add_access(struct plan *plan, enum step_state state, const char *object,
           const struct wanted_field *f)
{
    struct step *s = plan_add(plan, STEP_ACCESS, state,
                              "access to %s of %s in permission set " PLAN_SET,
                              f->name, object);

    snprintf(s->name, sizeof(s->name), "%s", f->name);
    snprintf(s->why, sizeof(s->why),
             "a new field is seen by nobody, administrators included");
    s->object = object;
    return s;
}

/* Salesforce takes the grant of Task for Event too; where it has not, Event's
 * own row is made in the next round. */
static void
plan_access(struct plan *plan, const struct wanted_field *f,
            const struct facts *facts, const struct standing *at)
{
    const char *object = wanted_object_name(WANTED_TASK);
    const cJSON *row;
    struct step *s;

    if (is_granted(facts, object, f->name, &row) && at->on[WANTED_TASK])
        object = wanted_object_name(WANTED_EVENT);
    if (!is_granted(facts, object, f->name, &row)) {
        s = add_access(plan, STEP_TODO, object, f);
        snprintf(s->detail, sizeof(s->detail), "read and edit");
        if (row != NULL)
            json_id(row, "Id", s->grant, sizeof(s->grant));
        return;
    }
    s = add_access(plan, STEP_THERE, object, f);
    snprintf(s->detail, sizeof(s->detail), "is there");
    if (!facts->is_assigned)
        return;
    s->state = STEP_WRONG;
    snprintf(s->detail, sizeof(s->detail),
             "is granted and assigned, and crmpipe's user does not see the "
             "field yet");
    snprintf(s->fix, sizeof(s->fix),
             "look again in a minute: ./run.sh check; then look in Salesforce: "
             "Setup > Object Manager > Activity > Fields & Relationships > "
             "%.60s > Set Field-Level Security",
             f->name);
}

static void
plan_set(struct plan *plan, const struct facts *facts)
{
    bool is_there = facts->set[0] != '\0';
    struct step *s = plan_add(plan, STEP_SET, is_there ? STEP_THERE : STEP_TODO,
                              "permission set " PLAN_SET);

    snprintf(s->detail, sizeof(s->detail), "%s",
             is_there ? "is there" : "new, without any permission yet");
    snprintf(s->why, sizeof(s->why),
             "the fields are made visible by it, no profile is touched");
}

static void
plan_assignment(struct plan *plan, const struct facts *facts)
{
    struct step *s = plan_add(
        plan, STEP_ASSIGNMENT, facts->is_assigned ? STEP_THERE : STEP_TODO,
        "permission set " PLAN_SET " for user %s", facts->user);

    snprintf(s->detail, sizeof(s->detail), "%s",
             facts->is_assigned ? "is assigned" : "assigned");
    snprintf(s->why, sizeof(s->why), "crmpipe is signed in as this user");
}

static void
plan_salesforce(const struct wanted *w, const struct facts *facts,
                struct plan *plan)
{
    bool wants[WANTED_FIELDS_MAX] = {false}, any = false;
    struct standing at;

    for (size_t i = 0; i < w->n; i++) {
        stand(&w->fields[i], facts, &at);
        wants[i] = plan_field(plan, &w->fields[i], facts, &at);
        any = any || wants[i];
    }
    if (!any)
        return;
    plan_set(plan, facts);
    for (size_t i = 0; i < w->n; i++) {
        stand(&w->fields[i], facts, &at);
        if (wants[i])
            plan_access(plan, &w->fields[i], facts, &at);
    }
    plan_assignment(plan, facts);
}

/* ---- all of it ---- */

static bool
put_trouble(struct plan *plan, enum side side, const struct trouble *t)
{
    struct step *s;

    if (t->state == STEP_THERE)
        return false;
    s = plan_add(plan, STEP_SIGN_IN, t->state, "%s", t->thing);
    s->side = side;
    snprintf(s->detail, sizeof(s->detail), "%s", t->detail);
    snprintf(s->fix, sizeof(s->fix), "%s", t->fix);
    return true;
}

void
plan_make(const struct wanted *wanted, const struct facts *facts,
          struct plan *out)
{
    out->n = 0;
    if (!put_trouble(out, SIDE_SALESFORCE, &facts->troubles[SIDE_SALESFORCE]))
        plan_salesforce(wanted, facts, out);
    if (put_trouble(out, SIDE_HUBSPOT, &facts->troubles[SIDE_HUBSPOT]))
        return;
    for (int i = 0; i < ACTIVITY_COUNT; i++)
        if (wanted->activities[i])
            plan_property(out, (enum activity)i, facts->properties[i]);
}

size_t
plan_count(const struct plan *plan, enum step_state state)
{
    size_t n = 0;

    for (size_t i = 0; i < plan->n; i++)
        n += plan->steps[i].state == state;
    return n;
}
