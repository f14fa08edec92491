/* hubspot_write: property values: what may be written, and writing it.
 *
 * Refusals have the body of hubspot-api.md 9: the message holds the list of
 * what is wrong as JSON, `errors` holds it again. */
#include "tests/sandbox/hubspot.h"

#include "common/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STRING_MAX 65536 /* characters of a property */

static char *
time_text(const struct hs_def *def, const char *text)
{
    char buf[TIMETEXT_SIZE];
    int64_t ms;

    if (timetext_parse(text, strlen(text), &ms) < 0)
        return hs_strdup(text);
    timetext_ms(ms, buf);
    if (strcmp(def->type, "date") == 0)
        buf[10] = '\0';
    return hs_strdup(buf);
}

char *
hs_text_of(const struct hs_def *def, const cJSON *value)
{
    char buf[64];
    const char *text = cJSON_GetStringValue(value);

    if (cJSON_IsBool(value)) {
        text = cJSON_IsTrue(value) ? "true" : "false";
    } else if (cJSON_IsNumber(value)) {
        double number = value->valuedouble;
        bool is_whole = floor(number) == number && fabs(number) < 9.1e15;

        snprintf(buf, sizeof(buf), is_whole ? "%.0f" : "%.15g", number);
        text = buf;
    }
    if (text == NULL || *text == '\0')
        return NULL;
    if (def != NULL && strncmp(def->type, "date", 4) == 0)
        return time_text(def, text);
    if (def != NULL && strcmp(def->type, "bool") == 0)
        return hs_lower(text);
    if (def != NULL && strcmp(def->name, "email") == 0)
        return hs_lower(text);
    return hs_strdup(text);
}

/* ---- checking ---- */

static bool
is_email(const char *text)
{
    const char *at = strchr(text, '@');

    return at != NULL && at != text && strchr(at + 1, '@') == NULL &&
           strchr(at, '.') != NULL && strpbrk(text, " \t\r\n,;<>") == NULL &&
           at[1] != '.' && text[strlen(text) - 1] != '.';
}

static bool
is_number(const char *text)
{
    char *end;

    strtod(text, &end);
    return *end == '\0' && !isspace((unsigned char)*text);
}

static bool
is_option(const struct hs_def *def, const char *text)
{
    const cJSON *option;

    cJSON_ArrayForEach(option, def->options)
    {
        const char *value = cJSON_GetStringValue(
            cJSON_GetObjectItemCaseSensitive(option, "value"));

        if (value != NULL && strcmp(value, text) == 0)
            return true;
    }
    return false;
}

static bool
is_owner(const struct hubspot *hs, const char *text)
{
    const cJSON *owner;

    cJSON_ArrayForEach(owner, hs->owners)
    {
        const char *id =
            cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(owner, "id"));

        if (id != NULL && strcmp(id, text) == 0)
            return true;
    }
    return false;
}

/* The error's code, NULL: the value is fine. */
static const char *
value_error(const struct hubspot *hs, const struct hs_def *def,
            const char *text)
{
    int64_t ms;

    if (strcmp(def->name, "email") == 0 && !is_email(text))
        return "INVALID_EMAIL";
    if (strcmp(def->type, "owner") == 0 && !is_owner(hs, text))
        return "INVALID_OPTION";
    if (strcmp(def->type, "number") == 0 && !is_number(text))
        return "INVALID_INTEGER";
    if (strcmp(def->type, "bool") == 0 && strcmp(text, "true") != 0 &&
        strcmp(text, "false") != 0)
        return "INVALID_OPTION";
    if (strncmp(def->type, "date", 4) == 0 &&
        timetext_parse(text, strlen(text), &ms) < 0)
        return "INVALID_DATE";
    if (def->options != NULL && strcmp(def->field_type, "checkbox") != 0 &&
        !is_option(def, text))
        return "INVALID_OPTION";
    if (text_units(text, strlen(text)) > STRING_MAX)
        return "VALUE_TOO_LONG";
    return NULL;
}

static void
error_message(const char *name, const char *text, const char *code, char *buf,
              size_t size)
{
    if (strcmp(code, "PROPERTY_DOESNT_EXIST") == 0)
        snprintf(buf, size, "Property \"%s\" does not exist", name);
    else if (strcmp(code, "INVALID_EMAIL") == 0)
        snprintf(buf, size, "Email address %.100s is invalid", text);
    else if (strcmp(code, "INVALID_OPTION") == 0)
        snprintf(buf, size, "%.100s was not one of the allowed options", text);
    else if (strcmp(code, "INVALID_INTEGER") == 0)
        snprintf(buf, size, "%.100s was not a valid number.", text);
    else if (strcmp(code, "INVALID_DATE") == 0)
        snprintf(buf, size, "%.100s was not a valid date.", text);
    else
        snprintf(buf, size, "The value of %s is longer than %d characters",
                 name, STRING_MAX);
}

/* One line into both lists. */
static void
add_error(cJSON *list, cJSON *errors, const char *name, const char *text,
          const char *code)
{
    cJSON *item = cJSON_CreateObject(), *error = cJSON_CreateObject();
    cJSON *context = cJSON_CreateObject();
    char message[256];

    error_message(name, text, code, message, sizeof(message));
    cJSON_AddBoolToObject(item, "isValid", false);
    cJSON_AddStringToObject(item, "message", message);
    cJSON_AddStringToObject(item, "error", code);
    cJSON_AddStringToObject(item, "name", name);
    cJSON_AddStringToObject(item, "localizedErrorMessage", message);
    cJSON_AddNumberToObject(item, "portalId", HS_PORTAL_ID);
    cJSON_AddItemToArray(list, item);
    cJSON_AddStringToObject(error, "message", message);
    cJSON_AddStringToObject(error, "code", code);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(context, "propertyName"),
                         cJSON_CreateString(name));
    cJSON_AddItemToObject(error, "context", context);
    cJSON_AddItemToArray(errors, error);
}

/* Is it somebody else's, then that is a conflict. */
static void
check_unique(struct hubspot *hs, int type, const struct hs_record *rec, int def,
             const char *text, struct hs_fail *fail)
{
    const struct hs_record *holder = hs_find_unique(hs, type, def, text);

    if (holder == NULL || holder == rec || holder->archived)
        return;
    if (type == HS_CONTACTS && rec == NULL)
        hs_fail(fail, 409, "CONFLICT",
                "Contact already exists. Existing ID: %lld",
                (long long)holder->id);
    else
        hs_fail(fail, type == HS_CONTACTS ? 409 : 400,
                type == HS_CONTACTS ? "CONFLICT" : "VALIDATION_ERROR",
                "Cannot set %s=%s on %lld. %lld already has that value.",
                hs->tables[type].defs[def].name, text,
                rec ? (long long)rec->id : 0LL, (long long)holder->id);
}

static void
check_one(struct hubspot *hs, int type, const struct hs_record *rec,
          const cJSON *prop, cJSON *list, cJSON *errors, struct hs_fail *fail)
{
    int index = hs_def_find(hs, type, prop->string);
    const struct hs_def *def;
    const char *code;
    char *text;

    if (index < 0) {
        add_error(list, errors, prop->string, "", "PROPERTY_DOESNT_EXIST");
        return;
    }
    def = &hs->tables[type].defs[index];
    text = def->read_only ? NULL : hs_text_of(def, prop);
    if (text == NULL)
        return;
    code = value_error(hs, def, text);
    if (code != NULL)
        add_error(list, errors, prop->string, text, code);
    else if (def->is_unique && fail->status == 0)
        check_unique(hs, type, rec, index, text, fail);
    free(text);
}

/* What a new record cannot do without: any one of each ';'-part. */
static const char *const required[HS_N_TYPES] = {
    [HS_COMPANIES] = "name,domain",
    [HS_CALLS] = "hs_timestamp",
    [HS_EMAILS] = "hs_timestamp;hs_email_direction",
    [HS_MEETINGS] = "hs_timestamp,hs_meeting_start_time",
    [HS_NOTES] = "hs_timestamp",
    [HS_TASKS] = "hs_timestamp",
    [HS_COMMUNICATIONS] = "hs_timestamp;hs_communication_channel_type",
};

static bool
has_value(const cJSON *props, const char *name, size_t len)
{
    char key[64];
    char *text;
    bool is_there;

    snprintf(key, sizeof(key), "%.*s", (int)len, name);
    text = hs_text_of(NULL, cJSON_GetObjectItemCaseSensitive(props, key));
    is_there = text != NULL;
    free(text);
    return is_there;
}

static void
check_required(int type, const cJSON *props, struct hs_fail *fail)
{
    bool has_one = false;
    const char *part = required[type];

    for (const char *p = part; p != NULL && *p != '\0';) {
        size_t len = strcspn(p, ",;");

        has_one = has_one || has_value(props, p, len);
        p += len;
        if (*p == ',') {
            p++;
            continue;
        }
        if (!has_one) {
            hs_fail(fail, 400, "VALIDATION_ERROR",
                    "Error creating %s. Some required properties were not "
                    "set.",
                    hs_types[type].upper);
            fail->errors = cJSON_Parse("[{\"code\":\"MISSING_REQUIRED_"
                                       "PROPERTY\",\"context\":{}}]");
            cJSON_AddStringToObject(fail->errors->child, "message",
                                    fail->message);
            p = part;
            len = strcspn(p, ",;");
            cJSON_AddItemToArray(
                cJSON_AddArrayToObject(
                    cJSON_GetObjectItem(fail->errors->child, "context"),
                    "properties"),
                cJSON_CreateString(part));
            return;
        }
        has_one = false;
        if (*p == ';')
            part = ++p;
    }
}

void
hs_check(struct hubspot *hs, int type, const struct hs_record *rec,
         const cJSON *props, struct hs_fail *fail)
{
    cJSON *list = cJSON_CreateArray(), *errors = cJSON_CreateArray();
    const cJSON *prop;
    char *text;

    if (props != NULL && !cJSON_IsObject(props)) {
        hs_fail(fail, 400, "VALIDATION_ERROR",
                "Invalid input JSON: 'properties' is no object");
        props = NULL;
    }
    cJSON_ArrayForEach(prop, props)
    {
        check_one(hs, type, rec, prop, list, errors, fail);
    }
    if (cJSON_GetArraySize(list) > 0) {
        text = cJSON_PrintUnformatted(list);
        hs_fail_fini(fail);
        hs_fail(fail, 400, "VALIDATION_ERROR",
                "Property values were not valid: %s", text);
        fail->errors = errors;
        errors = NULL;
        free(text);
    } else if (fail->status == 0 && rec == NULL) {
        check_required(type, props, fail);
    }
    cJSON_Delete(list);
    cJSON_Delete(errors);
}

/* ---- applying ---- */

static void
set_named(struct hubspot *hs, struct hs_record *rec, const char *name,
          const char *value)
{
    hs_value_set(hs, rec, hs_def_find(hs, rec->type, name), value);
}

/* {"email": ...} or an array of those to hs_email_<who>_*, ;-joined. */
static void
set_address(struct hubspot *hs, struct hs_record *rec, const cJSON *list,
            const char *who)
{
    static const char *const fields[][2] = {{"email", "email"},
                                            {"firstName", "firstname"},
                                            {"lastName", "lastname"}};

    for (int f = 0; f < 3; f++) {
        const cJSON *one = cJSON_IsArray(list) ? list->child : list;
        char name[64];
        struct text joined;

        text_init(&joined);
        for (; one != NULL; one = cJSON_IsArray(list) ? one->next : NULL) {
            const char *value = cJSON_GetStringValue(
                cJSON_GetObjectItemCaseSensitive(one, fields[f][0]));

            if (joined.len > 0)
                text_putc(&joined, ';');
            text_puts(&joined, value ? value : "");
        }
        text_putc(&joined, '\0');
        snprintf(name, sizeof(name), "hs_email_%s_%s", who, fields[f][1]);
        set_named(hs, rec, name, joined.data);
        text_fini(&joined);
    }
}

/* hs_email_headers is the only way to set who wrote to whom. */
static void
take_headers(struct hubspot *hs, struct hs_record *rec, const cJSON *props)
{
    static const char *const who[] = {"from", "to", "cc", "bcc", "sender"};
    const char *text = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(props, "hs_email_headers"));
    cJSON *headers = text ? cJSON_Parse(text) : NULL;

    for (size_t i = 0; headers != NULL && i < 5; i++) {
        const cJSON *list = cJSON_GetObjectItemCaseSensitive(headers, who[i]);

        if (list != NULL)
            set_address(hs, rec, list, who[i]);
    }
    cJSON_Delete(headers);
}

static void
take_task_status(struct hubspot *hs, struct hs_record *rec, const cJSON *props)
{
    const char *status = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(props, "hs_task_status"));
    bool is_done = status != NULL && strcmp(status, "COMPLETED") == 0;
    char buf[TIMETEXT_SIZE], value[HS_VALUE_SIZE];

    if (status == NULL)
        return;
    set_named(hs, rec, "hs_task_is_completed", is_done ? "true" : "false");
    if (!is_done)
        set_named(hs, rec, "hs_task_completion_date", NULL);
    else if (hs_value_named(hs, rec, "hs_task_completion_date", value) == NULL)
        set_named(hs, rec, "hs_task_completion_date",
                  timetext_ms(sandbox_now_ms(), buf));
}

static void
take_meeting_start(struct hubspot *hs, struct hs_record *rec)
{
    char buf[HS_VALUE_SIZE];

    if (hs_value_named(hs, rec, "hs_timestamp", buf) == NULL)
        set_named(hs, rec, "hs_timestamp",
                  hs_value_named(hs, rec, "hs_meeting_start_time", buf));
}

void
hs_apply(struct hubspot *hs, struct hs_record *rec, const cJSON *props,
         bool as_user)
{
    const cJSON *prop;

    cJSON_ArrayForEach(prop, props)
    {
        struct hs_table *table = &hs->tables[rec->type];
        int def = hs_def_find(hs, rec->type, prop->string);
        char *text;

        if (def < 0 && as_user) {
            hs_def_add(hs, rec->type, prop->string, "string", NULL);
            def = (int)table->n_defs - 1;
        }
        if (def < 0 || table->defs[def].sys != HS_PLAIN ||
            (table->defs[def].read_only && !as_user))
            continue;
        text = hs_text_of(&table->defs[def], prop);
        hs_value_set(hs, rec, def, text);
        free(text);
    }
    if (rec->type == HS_EMAILS)
        take_headers(hs, rec, props);
    if (rec->type == HS_TASKS)
        take_task_status(hs, rec, props);
    if (rec->type == HS_MEETINGS)
        take_meeting_start(hs, rec);
}
