/* act: see act.h. */
#include "stages/tools/setup/act.h"

#include "common/json.h"
#include "common/step.h"

#include <stdio.h>
#include <string.h>

/* ---- Salesforce ---- */

static cJSON *
body_of_field(const struct step *s)
{
    cJSON *body = cJSON_CreateObject();
    char name[MAPPING_NAME_MAX + 16];

    snprintf(name, sizeof(name), "Activity.%s", s->name);
    cJSON_AddStringToObject(body, "FullName", name);
    cJSON_AddItemToObject(body, "Metadata",
                          field_metadata(s->type, s->is_key, s->name));
    return body;
}

static cJSON *
body_of_set(void)
{
    cJSON *body = cJSON_CreateObject();

    cJSON_AddStringToObject(body, "Name", PLAN_SET);
    cJSON_AddStringToObject(body, "Label", PLAN_SET);
    cJSON_AddStringToObject(body, "Description",
                            "Lets crmpipe see and edit its own fields. Made by "
                            "crmpipe setup.");
    return body;
}

static cJSON *
body_of_access(const struct step *s, const char *set)
{
    cJSON *body = cJSON_CreateObject();
    char name[MAPPING_NAME_MAX + 16];

    cJSON_AddBoolToObject(body, "PermissionsRead", true);
    cJSON_AddBoolToObject(body, "PermissionsEdit", true);
    if (s->grant[0] != '\0')
        return body;
    snprintf(name, sizeof(name), "%s.%s", s->object, s->name);
    cJSON_AddStringToObject(body, "ParentId", set);
    cJSON_AddStringToObject(body, "SobjectType", s->object);
    cJSON_AddStringToObject(body, "Field", name);
    return body;
}

static cJSON *
body_of_assignment(const struct facts *facts)
{
    cJSON *body = cJSON_CreateObject();

    cJSON_AddStringToObject(body, "AssigneeId", facts->user);
    cJSON_AddStringToObject(body, "PermissionSetId", facts->set);
    return body;
}

static cJSON *
body_of(const struct step *s, const struct facts *facts)
{
    switch (s->kind) {
    case STEP_FIELD:
        return body_of_field(s);
    case STEP_SET:
        return body_of_set();
    case STEP_ACCESS:
        return body_of_access(s, facts->set);
    default:
        return body_of_assignment(facts);
    }
}

static void
path_of(const struct step *s, char *buf, size_t size)
{
    static const char *const paths[] = {
        [STEP_FIELD] = "/tooling/sobjects/CustomField",
        [STEP_SET] = "/sobjects/PermissionSet",
        [STEP_ACCESS] = "/sobjects/FieldPermissions",
        [STEP_ASSIGNMENT] = "/sobjects/PermissionSetAssignment"};

    snprintf(buf, size, "%s%s%s", paths[s->kind],
             s->grant[0] != '\0' ? "/" : "", s->grant);
}

static enum refusal
act_salesforce(struct salesforce *sf, struct facts *facts, struct step *s)
{
    struct salesforce_answer answer;
    cJSON *body = body_of(s, facts);
    enum refusal refusal = REFUSAL_NONE;
    char path[128];

    path_of(s, path, sizeof(path));
    salesforce_call(sf, s->grant[0] != '\0' ? "PATCH" : "POST", path, body,
                    &answer);
    cJSON_Delete(body);
    step("setup-made");
    if (answer.end == SALESFORCE_OK)
        s->state = STEP_MADE;
    else
        refusal = refusal_salesforce(s, &answer);
    if (s->state == STEP_MADE && s->kind == STEP_SET)
        json_id(answer.json, "id", facts->set, sizeof(facts->set));
    salesforce_answer_fini(&answer);
    return refusal;
}

/* ---- HubSpot ---- */

static void
post_property(struct hubspot *hs, const struct step *s, bool is_unique,
              struct hubspot_answer *answer)
{
    cJSON *body = cJSON_CreateObject();
    char tail[MAPPING_NAME_MAX + 8];

    cJSON_AddStringToObject(body, "groupName", s->group);
    cJSON_AddStringToObject(body, "name", HUBSPOT_SALESFORCE_ID);
    cJSON_AddStringToObject(body, "label", "crmpipe: Salesforce id");
    cJSON_AddStringToObject(body, "type", "string");
    cJSON_AddStringToObject(body, "fieldType", "text");
    cJSON_AddStringToObject(body, "description",
                            "The record in Salesforce that this one was made "
                            "for. Made by crmpipe setup.");
    if (is_unique)
        cJSON_AddBoolToObject(body, "hasUniqueValue", true);
    snprintf(tail, sizeof(tail), "/%s", s->name);
    hubspot_call(hs, "POST", HUBSPOT_PROPERTIES, tail, body, answer);
    cJSON_Delete(body);
    step("setup-made");
}

/* Whether activities take unique properties is documented nowhere: the answer
 * decides. */
static enum refusal
act_hubspot(struct hubspot *hs, struct step *s)
{
    struct hubspot_answer answer;
    enum refusal refusal = REFUSAL_NONE;
    bool is_plain = false;

    post_property(hs, s, true, &answer);
    if (answer.end == HUBSPOT_REFUSED && answer.status == 400) {
        hubspot_answer_fini(&answer);
        is_plain = true;
        post_property(hs, s, false, &answer);
    }
    if (answer.end == HUBSPOT_OK) {
        s->state = STEP_MADE;
        snprintf(s->detail, sizeof(s->detail), "%s",
                 is_plain ? "text, not unique: HubSpot does not accept that "
                            "here; after a crash new records are looked up by "
                            "a search"
                          : "text, unique");
    } else {
        refusal = refusal_hubspot(s, &answer);
    }
    hubspot_answer_fini(&answer);
    return refusal;
}

enum refusal
act(const struct services *services, struct facts *facts, struct step *s)
{
    return s->side == SIDE_HUBSPOT
               ? act_hubspot(services->hubspot, s)
               : act_salesforce(services->salesforce, facts, s);
}
