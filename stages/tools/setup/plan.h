/* plan: what is to be done, made from what was read of both accounts. Pure. */
#ifndef SETUP_PLAN_H
#define SETUP_PLAN_H

#include "common/sf_id.h"
#include "stages/tools/setup/wanted.h"

#define PLAN_SET   "crmpipe" /* the name of our permission set */
#define PLAN_STEPS (2 * WANTED_FIELDS_MAX + ACTIVITY_COUNT + 8)

/* In the order in which they are done. */
enum step_kind {
    STEP_SIGN_IN,    /* nothing to do: why a service cannot be read */
    STEP_FIELD,      /* a custom field on Activity */
    STEP_SET,        /* the permission set */
    STEP_ACCESS,     /* field-level security of a field in it */
    STEP_ASSIGNMENT, /* of the set to the user */
    STEP_PROPERTY    /* of a type of HubSpot's activities */
};

enum step_state {
    STEP_THERE,
    STEP_TODO,
    STEP_MADE,
    STEP_WRONG, /* a person has to mend it */
    STEP_AWAY   /* the service cannot be asked now */
};

struct step {
    enum step_kind kind;
    enum step_state state;
    enum side side;
    char thing[200];  /* "field HubSpot_Id__c on Activity"; tells it apart */
    char detail[900]; /* what it is, or what is wrong with it */
    char why[700];
    char fix[500]; /* how to mend it; "": no word */
    /* What its call needs. */
    char name[MAPPING_NAME_MAX + 1]; /* field; HubSpot's collection */
    enum field_type type;
    bool is_key;
    const char *object;     /* of an access: "Task" | "Event" */
    char grant[SF_ID_SIZE]; /* of an access: the row that is too narrow */
    char group[128];        /* of a property */
};

struct plan {
    size_t n;
    struct step steps[PLAN_STEPS];
};

/* Why something could not be read: a line of the plan. */
struct trouble {
    enum step_state state; /* STEP_WRONG or STEP_AWAY; STEP_THERE: none */
    const char *thing;     /* "sign-in", "custom fields" */
    char detail[600];
    char fix[500];
};

/* What was read. NULL: not asked for, or not known, and a trouble tells. */
struct facts {
    cJSON *properties[ACTIVITY_COUNT]; /* HubSpot's definitions */
    cJSON *fields[WANTED_OBJECTS];     /* of describe */
    /* [{Id, DeveloperName, Metadata: {type, externalId, unique}}] of Activity;
     * Metadata may be missing */
    cJSON *customs;
    char user[SF_ID_SIZE];
    char set[SF_ID_SIZE]; /* "": there is none */
    cJSON *grants; /* [{Id, Field, PermissionsRead, PermissionsEdit}] of it */
    bool is_assigned;
    struct trouble troubles[SIDE_COUNT];
};
void facts_fini(struct facts *facts);

/* Is there a field that is not seen, or one that may not be written? Then the
 * custom fields and the permission set have to be known. */
bool plan_lacks_field(const struct wanted *wanted, const struct facts *facts);
void plan_make(const struct wanted *wanted, const struct facts *facts,
               struct plan *out);
size_t plan_count(const struct plan *plan, enum step_state state);

#endif
