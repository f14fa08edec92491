/* field: see field.h. */
#include "stages/tools/setup/field.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_LEN 40 /* without "__c" */

#define TEXTS                                                                  \
    "string textarea combobox picklist multipicklist email phone url Text "    \
    "TextArea Picklist MultiselectPicklist Email Phone Url"

static const struct {
    const char *words, *fits, *meta;
} types[] = {
    [FIELD_TEXT] = {"Text(255)", TEXTS, "Text"},
    [FIELD_AREA] = {"Text Area(255)", TEXTS, "TextArea"},
    [FIELD_NUMBER] = {"Number(14, 4)",
                      "double int currency percent Number Currency Percent",
                      "Number"},
    [FIELD_CHECKBOX] = {"Checkbox", "boolean Checkbox", "Checkbox"},
    [FIELD_DATE] = {"Date", "date Date", "Date"},
    [FIELD_TIME] = {"Date/Time", "datetime DateTime", "DateTime"},
    [FIELD_PERSON] = {"Lookup(User)", "reference Lookup", NULL},
};

enum field_type
field_type_for(enum transform transform, const char *type)
{
    switch (transform) {
    case TRANSFORM_HTML:
        return FIELD_AREA;
    case TRANSFORM_NUMBER:
    case TRANSFORM_MS_TO_S:
        return FIELD_NUMBER;
    case TRANSFORM_BOOL:
        return FIELD_CHECKBOX;
    case TRANSFORM_TIME:
        return FIELD_TIME;
    case TRANSFORM_DATE:
        return FIELD_DATE;
    case TRANSFORM_OWNER:
        return FIELD_PERSON;
    default:
        /* A day without a time is the same text on both sides. */
        return type != NULL && strcmp(type, "date") == 0 ? FIELD_DATE
                                                         : FIELD_TEXT;
    }
}

const char *
field_words(enum field_type type)
{
    return types[type].words;
}

static bool
is_in(const char *list, const char *word)
{
    size_t len = strlen(word);

    for (const char *p = list; *p != '\0'; p += strspn(p, " ")) {
        size_t n = strcspn(p, " ");

        if (n == len && memcmp(p, word, n) == 0)
            return true;
        p += n;
    }
    return false;
}

bool
field_fits(enum field_type type, bool is_key, const char *has)
{
    return is_in(is_key ? "string email Text Email" : types[type].fits, has);
}

cJSON *
field_metadata(enum field_type type, bool is_key, const char *name)
{
    cJSON *meta = cJSON_CreateObject();
    char label[64];

    field_short(name, true, label, sizeof(label));
    cJSON_AddStringToObject(meta, "label", label);
    cJSON_AddStringToObject(meta, "type", types[type].meta);
    cJSON_AddStringToObject(meta, "description", "Made by crmpipe setup.");
    if (type == FIELD_TEXT)
        cJSON_AddNumberToObject(meta, "length", 255);
    if (type == FIELD_NUMBER) {
        cJSON_AddNumberToObject(meta, "precision", 18);
        cJSON_AddNumberToObject(meta, "scale", 4);
    }
    if (type == FIELD_CHECKBOX)
        cJSON_AddStringToObject(meta, "defaultValue", "false");
    else
        cJSON_AddBoolToObject(meta, "required", false);
    if (is_key) {
        cJSON_AddBoolToObject(meta, "externalId", true);
        cJSON_AddBoolToObject(meta, "unique", true);
        cJSON_AddBoolToObject(meta, "caseSensitive", false);
    }
    return meta;
}

bool
field_is_custom(const char *name)
{
    size_t n = strlen(name);

    return n > 3 && strcmp(name + n - 3, "__c") == 0;
}

void
field_short(const char *name, bool is_label, char *buf, size_t size)
{
    snprintf(buf, size, "%.*s",
             (int)(strlen(name) - (field_is_custom(name) ? 3 : 0)), name);
    for (char *p = buf; is_label && *p != '\0'; p++)
        if (*p == '_')
            *p = ' ';
}

const char *
field_bad_name(const char *name)
{
    size_t n = strlen(name);

    if (!field_is_custom(name))
        return "only custom fields can be made, and their names end in __c";
    n -= 3;
    for (size_t i = 0; i + 1 < n; i++)
        if (name[i] == '_' && name[i + 1] == '_')
            return "it is a field of a package, which makes it when it is "
                   "installed";
    if (n > NAME_MAX_LEN)
        return "Salesforce takes at most 40 characters in front of __c";
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)name[i]) && name[i] != '_')
            return "Salesforce takes letters, digits and _ only";
    if (!isalpha((unsigned char)name[0]) || name[n - 1] == '_')
        return "Salesforce wants a letter at its beginning and no _ at its end";
    return NULL;
}
