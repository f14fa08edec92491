/* class: see class.h. */
#include "stages/tools/check/class.h"

#include "common/json.h"

#include <string.h>

struct row {
    const char *type;
    enum class class;
};

static const struct row hubspot[] = {
    {"string", CLASS_TEXT},        {"phone_number", CLASS_TEXT},
    {"enumeration", CLASS_CHOICE}, {"number", CLASS_NUMBER},
    {"bool", CLASS_BOOL},          {"date", CLASS_DAY},
    {"datetime", CLASS_TIME},      {NULL, CLASS_OTHER},
};

static const struct row salesforce[] = {
    {"string", CLASS_TEXT},     {"textarea", CLASS_TEXT},
    {"combobox", CLASS_TEXT},   {"email", CLASS_TEXT},
    {"phone", CLASS_TEXT},      {"url", CLASS_TEXT},
    {"id", CLASS_TEXT},         {"encryptedstring", CLASS_TEXT},
    {"picklist", CLASS_CHOICE}, {"multipicklist", CLASS_CHOICES},
    {"int", CLASS_NUMBER},      {"long", CLASS_NUMBER},
    {"double", CLASS_NUMBER},   {"currency", CLASS_NUMBER},
    {"percent", CLASS_NUMBER},  {"boolean", CLASS_BOOL},
    {"date", CLASS_DAY},        {"datetime", CLASS_TIME},
    {NULL, CLASS_OTHER},
};

static bool
is(const cJSON *definition, const char *key, const char *value)
{
    const char *has = json_str(definition, key);

    return has != NULL && strcmp(has, value) == 0;
}

static bool
refers_to_user(const cJSON *definition)
{
    const cJSON *item;

    cJSON_ArrayForEach(
        item, cJSON_GetObjectItemCaseSensitive(definition, "referenceTo"))
    {
        if (cJSON_IsString(item) && strcmp(item->valuestring, "User") == 0)
            return true;
    }
    return false;
}

enum class class_of(enum side side, const cJSON *definition) {
    const struct row *r = side == SIDE_HUBSPOT ? hubspot : salesforce;
    const char *type = json_str(definition, "type");

    while (r->type != NULL && (type == NULL || strcmp(r->type, type) != 0)) r++;
    if (side == SIDE_SALESFORCE) return is(definition, "type", "reference") &&
            refers_to_user(definition)
        ? CLASS_PERSON
        : r->class;
    if (r->class != CLASS_CHOICE) return r->class;
    if (is(definition, "referencedObjectType", "OWNER")) return CLASS_PERSON;
    /* Yes and no are a list, too, when the property is older. */
    if (is(definition, "fieldType", "booleancheckbox")) return CLASS_BOOL;
    return is(definition, "fieldType", "checkbox") ? CLASS_CHOICES
                                                   : CLASS_CHOICE;
}

const char *class_name(enum class class)
{
    static const char *const names[CLASS_COUNT] = {
        [CLASS_TEXT] = "a text",
        [CLASS_CHOICE] = "one of a list",
        [CLASS_CHOICES] = "any of a list",
        [CLASS_NUMBER] = "a number",
        [CLASS_BOOL] = "yes or no",
        [CLASS_DAY] = "a day",
        [CLASS_TIME] = "a point in time",
        [CLASS_PERSON] = "an owner",
        [CLASS_OTHER] = "of a type that cannot be mapped",
    };

    return names[class];
}
