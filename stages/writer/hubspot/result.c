/* result: see result.h. */
#include "stages/writer/hubspot/result.h"

#include "common/json.h"
#include "common/text.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 100 /* of a property */

static const cJSON *
get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* ---- whom it names ---- */

static bool
is_value(const cJSON *item, const char *value)
{
    char digits[32];

    if (cJSON_IsNumber(item)) {
        snprintf(digits, sizeof(digits), "%.0f", item->valuedouble);
        return value == NULL || strcmp(digits, value) == 0;
    }
    return cJSON_IsString(item) &&
           (value == NULL || strcmp(item->valuestring, value) == 0);
}

static bool
context_lists(const cJSON *error, const char *key, const char *value)
{
    const cJSON *list = get(get(error, "context"), key), *item;

    if (is_value(list, value))
        return true;
    if (!cJSON_IsArray(list))
        return false;
    cJSON_ArrayForEach(item, list)
    {
        if (is_value(item, value))
            return true;
    }
    return false;
}

bool
hubspot_error_lists(const cJSON *error, const char *key, const char *value)
{
    const cJSON *inner;

    if (context_lists(error, key, value))
        return true;
    cJSON_ArrayForEach(inner, get(error, "errors"))
    {
        if (context_lists(inner, key, value))
            return true;
    }
    return false;
}

/* ---- what it says ---- */

static bool
has_name(const char *list, const char *name, size_t len)
{
    for (const char *p = list; *p != '\0';) {
        size_t n = strcspn(p, ",");

        if (n == len && memcmp(p, name, n) == 0)
            return true;
        p += n + (p[n] == ',');
    }
    return false;
}

/* A name that does not fit is left out: half of one would be another's. */
static void
add_name(const cJSON *item, struct hubspot_result *out)
{
    const char *name = cJSON_GetStringValue(item);
    size_t at = strlen(out->bad_names), len;

    if (name == NULL || *name == '\0')
        return;
    len = strcspn(name, ",");
    if (name[len] == ',' || len > NAME_MAX_BYTES || !text_is_valid(name, len) ||
        has_name(out->bad_names, name, len) ||
        at + 1 + len >= sizeof(out->bad_names))
        return;
    snprintf(out->bad_names + at, sizeof(out->bad_names) - at, "%s%s",
             at > 0 ? "," : "", name);
}

/* "Property values were not valid: [{"name":...,"error":...,"message":...}]" as
 * words for a person. false: it is no such message. */
static bool
read_values(const char *message, struct hubspot_result *out)
{
    const char *list = strstr(message, "Property values were not valid");
    cJSON *items = NULL;
    const cJSON *item;
    struct text t;

    if (list != NULL && (list = strchr(list, '[')) != NULL)
        items = json_parse(list, strlen(list), NULL);
    if (items == NULL || items->child == NULL) {
        cJSON_Delete(items);
        return false;
    }
    text_init(&t);
    cJSON_ArrayForEach(item, items)
    {
        const char *name = json_str(item, "name");
        const char *words = json_str(item, "message");
        const char *code = json_str(item, "error");

        add_name(get(item, "name"), out);
        text_printf(&t, "%s%s: %s (%s)", t.len > 0 ? "; " : "",
                    name != NULL ? name : "?", words != NULL ? words : "?",
                    code != NULL ? code : "?");
    }
    text_line(t.data, t.len, out->detail, sizeof(out->detail));
    text_fini(&t);
    cJSON_Delete(items);
    return true;
}

static void
read_names(const cJSON *error, struct hubspot_result *out)
{
    const cJSON *inner, *name;

    cJSON_ArrayForEach(inner, get(error, "errors"))
    {
        const cJSON *names = json_at(inner, "context.propertyName");

        cJSON_ArrayForEach(name, names)
        {
            add_name(name, out);
        }
    }
}

/* Not every category is told of anywhere: what is not known to be for good is
 * tried again, which the number of tries bounds. */
static enum hubspot_verdict
verdict_of(const char *category)
{
    static const char *const for_good[] = {"VALIDATION_ERROR",
                                           "CONFLICT",
                                           "OBJECT_ALREADY_EXISTS",
                                           "METHOD_NOT_ALLOWED",
                                           "MISSING_SCOPES",
                                           "USER_DOES_NOT_HAVE_PERMISSIONS",
                                           NULL};

    if (strcmp(category, "OBJECT_NOT_FOUND") == 0)
        return HUBSPOT_ROW_GONE;
    for (size_t i = 0; for_good[i] != NULL; i++)
        if (strcmp(for_good[i], category) == 0)
            return HUBSPOT_ROW_NEVER;
    return HUBSPOT_ROW_RETRY;
}

void
hubspot_result_set(struct hubspot_result *out, enum hubspot_verdict verdict,
                   const char *code, const char *detail)
{
    memset(out, 0, sizeof(*out));
    out->verdict = verdict;
    text_line(code, strlen(code), out->code, sizeof(out->code));
    text_line(detail, strlen(detail), out->detail, sizeof(out->detail));
}

void
hubspot_result_read(const cJSON *error, struct hubspot_result *out)
{
    const cJSON *errors = get(error, "errors");
    const cJSON *inner = cJSON_IsArray(errors) ? errors->child : NULL;
    const char *category = json_str(error, "category");
    const char *message = json_str(error, "message");

    if (category == NULL)
        category = json_str(inner, "code");
    if (message == NULL)
        message = json_str(inner, "message");
    if (category == NULL)
        category = "UNKNOWN";
    if (message == NULL)
        message = "the service gave no reason";
    hubspot_result_set(out, verdict_of(category), category, message);
    if (read_values(message, out))
        out->verdict = HUBSPOT_ROW_NEVER;
    read_names(error, out);
}

/* ---- a whole answer ---- */

static bool
names_nobody(const cJSON *error, const struct hubspot_naming *by)
{
    for (size_t i = 0; by->keys[i] != NULL; i++)
        if (hubspot_error_lists(error, by->keys[i], NULL))
            return false;
    return true;
}

/* To those without a result that it names; `by` NULL: to all of them. */
static void
give(const cJSON *error, const struct hubspot_naming *by,
     struct hubspot_result *out, size_t n)
{
    struct hubspot_result result;

    hubspot_result_read(error, &result);
    for (size_t i = 0; i < n; i++)
        if (out[i].verdict == HUBSPOT_ROW_VANISHED &&
            (by == NULL || by->names(by->inputs, i, error)))
            out[i] = result;
}

void
hubspot_result_spread(const cJSON *errors, const struct hubspot_naming *by,
                      struct hubspot_result *out, size_t n)
{
    const cJSON *error, *for_all = NULL;

    if (!cJSON_IsArray(errors))
        return;
    cJSON_ArrayForEach(error, errors)
    {
        if (!cJSON_IsObject(error))
            continue;
        if (!names_nobody(error, by))
            give(error, by, out, n);
        else if (for_all == NULL)
            for_all = error;
    }
    if (for_all != NULL)
        give(for_all, NULL, out, n);
}
