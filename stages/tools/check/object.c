/* object: see object.h. */
#include "stages/tools/check/object.h"

#include "common/json.h"
#include "stages/tools/check/class.h"
#include "stages/tools/check/screens.h"

#include <string.h>
#include <strings.h>

#define KEY_FIELDS                                                             \
    SCREEN_SET " > Object Settings > Tasks > Edit > Field Permissions: tick "  \
               "Edit Access"

static bool
is_true(const cJSON *object, const char *key)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static bool
is_false(const cJSON *object, const char *key)
{
    return cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(object, key));
}

static void
tell_no_key(const cJSON *fields, const char *object, const char *name,
            struct findings *out)
{
    const char *near = finding_near(fields, name);

    finding_add(out, FINDING_ERROR, "missing",
                "%s has no field %s that crmpipe's user may see%s%s", object,
                name, near != NULL ? "; the nearest is " : "",
                near != NULL ? near : "");
    finding_mend(out,
                 "./run.sh setup makes it and shows it to the user; or make it "
                 "(Setup > Object Manager > Activity > Fields & Relationships "
                 "> New: Text(255), External ID, Unique); or, where it is "
                 "there: " SCREEN_FIELDS ": tick Read Access and Edit Access; "
                 "or name yours in [salesforce] external_id_field",
                 "Tasks");
}

void
object_check_key(const cJSON *fields, const char *object, const char *name,
                 struct findings *out)
{
    static const struct {
        const char *flag, *code, *words, *mend;
    } needed[] = {
        {"externalId", "not-external", "is no external id",
         "tick External ID in the field's definition"},
        {"unique", "not-unique", "is not unique: a record may come twice",
         "tick Unique in the field's definition"},
        {"createable", "read-only", "cannot be set in a new record",
         "./run.sh setup lets the user edit it; or " KEY_FIELDS},
        {"updateable", "read-only", "cannot be changed",
         "./run.sh setup lets the user edit it; or " KEY_FIELDS},
    };
    const cJSON *field = json_find(fields, "name", name);

    if (field == NULL) {
        tell_no_key(fields, object, name, out);
        return;
    }
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        if (is_true(field, needed[i].flag))
            continue;
        finding_add(out, FINDING_ERROR, needed[i].code, "%s of %s %s", name,
                    object, needed[i].words);
        finding_mend(out, "%s", needed[i].mend);
    }
    if (class_of(SIDE_SALESFORCE, field) == CLASS_TEXT)
        return;
    finding_add(out, FINDING_ERROR, "type",
                "%s of %s is %s, but it has to hold a text", name, object,
                class_name(class_of(SIDE_SALESFORCE, field)));
    finding_mend(out, "make a field Text(255) for it");
}

static bool
is_mapped(const struct mapping *map, const char *name)
{
    for (size_t i = 0; i < map->n; i++)
        if (strcasecmp(map->pairs[i].name[SIDE_SALESFORCE], name) == 0 &&
            mapping_goes_to(&map->pairs[i], SIDE_SALESFORCE))
            return true;
    return false;
}

/* What every new record gets (activity_put.c); WhoId is never missing. */
static bool
is_filled(enum activity activity, const char *name)
{
    static const char *const task[] = {"TaskSubtype", "WhoId", NULL};
    static const char *const event[] = {"StartDateTime", "EndDateTime", "WhoId",
                                        NULL};
    const char *const *p =
        strcmp(activity_facts(activity)->object, "Event") == 0 ? event : task;

    while (*p != NULL && strcmp(*p, name) != 0)
        p++;
    return *p != NULL;
}

void
object_check_required(const cJSON *fields, enum activity activity,
                      const struct mapping *map, const char *external_id,
                      struct findings *out)
{
    const cJSON *field;

    cJSON_ArrayForEach(field, fields)
    {
        const char *name = json_str(field, "name");

        if (name == NULL || !is_true(field, "createable") ||
            !is_false(field, "nillable") ||
            !is_false(field, "defaultedOnCreate") || is_mapped(map, name) ||
            is_filled(activity, name) || strcasecmp(name, external_id) == 0)
            continue;
        finding_add(out, FINDING_ERROR, "required",
                    "a new %s has to have %s, but no line of the mapping "
                    "fills it",
                    activity_facts(activity)->object, name);
        finding_mend(out,
                     "map a property to %s, or give the field a default in "
                     "Salesforce",
                     name);
    }
}
