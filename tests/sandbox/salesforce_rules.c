/* salesforce_rules: what may be written (salesforce-api.md, 4 and 5.5). */
#include "tests/sandbox/salesforce.h"

#include "common/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool
sf_refuse(struct sf_error *err, const char *code, const char *field,
          const char *format, ...)
{
    va_list args;

    snprintf(err->code, sizeof(err->code), "%s", code);
    snprintf(err->field, sizeof(err->field), "%s", field);
    va_start(args, format);
    vsnprintf(err->message, sizeof(err->message), format, args);
    va_end(args);
    return false;
}

/* ---- one value ---- */

/* A reference has to point to what lives and is of a right kind. */
static bool
check_reference(struct salesforce *sf, const struct sf_field *f, const char *id,
                struct sf_error *err)
{
    const struct sf_object *kind = sf_object_of_id(id);
    const struct sf_record *to;
    char id18[SF_ID_SIZE];

    if (!sf_id_normalise(id, id18))
        return sf_refuse(err, "MALFORMED_ID", f->name,
                         "%s: id value of incorrect type: %.80s", f->label, id);
    if (kind != NULL && !sf_listed(f->values, kind->name))
        return sf_refuse(err, "FIELD_INTEGRITY_EXCEPTION", f->name,
                         "%s: id value of incorrect type: %s", f->label, id18);
    to = sf_find(sf, id18);
    if (to == NULL)
        return sf_refuse(err, "INVALID_CROSS_REFERENCE_KEY", f->name,
                         "invalid cross reference id");
    if (to->is_deleted)
        return sf_refuse(err, "ENTITY_IS_DELETED", f->name, SF_DELETED);
    if (strcmp(f->name, "WhoId") == 0 && sf_true(to, "IsConverted"))
        return sf_refuse(err, "CANNOT_UPDATE_CONVERTED_LEAD", f->name,
                         "cannot reference converted lead");
    if (strcmp(f->name, "OwnerId") == 0 && !sf_true(to, "IsActive"))
        return sf_refuse(err, "INACTIVE_OWNER_OR_USER", f->name,
                         "operation performed with inactive user [%.15s]",
                         to->id);
    return true;
}

static bool
is_email(const char *s)
{
    const char *at = strchr(s, '@');

    return at != NULL && at > s && strchr(at + 1, '@') == NULL &&
           strchr(at, '.') != NULL && strpbrk(s, " ,;<>\t\n") == NULL &&
           at[1] != '.' && s[strlen(s) - 1] != '.';
}

/* "2026-01-31"; "2026-01-31T10:00:00[.000]" and a zone. */
static bool
check_time(const struct sf_field *f, const char *s, struct sf_error *err)
{
    const char *kind = f->type == SF_DATE ? "date" : "datetime";
    size_t n = strlen(s);
    int64_t ms;
    bool is_good = timetext_parse(s, n, &ms) == 0 && n >= 10 && s[4] == '-';

    if (f->type == SF_DATE)
        is_good = is_good && n == 10;
    else
        is_good =
            is_good && n > 10 && s[10] == 'T' && strpbrk(s + 11, "Z+-") != NULL;
    return is_good ||
           sf_refuse(err, "JSON_PARSER_ERROR", f->name,
                     "Cannot deserialize instance of %s from VALUE_STRING "
                     "value %.80s or request may be missing a required field "
                     "at [line:1, column:1]",
                     kind, s);
}

static bool
check_kind(struct salesforce *sf, const struct sf_field *f, const char *value,
           struct sf_error *err)
{
    if (f->type == SF_REF)
        return check_reference(sf, f, value, err);
    if (f->type == SF_RESTRICTED && !sf_listed(f->values, value))
        return sf_refuse(
            err, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", f->name,
            "%s: bad value for restricted picklist field: %s", f->label, value);
    if (f->type == SF_EMAIL && !is_email(value))
        return sf_refuse(err, "INVALID_EMAIL_ADDRESS", f->name,
                         "%s: invalid email address: %s", f->label, value);
    if (f->type == SF_DATE || f->type == SF_DATETIME)
        return check_time(f, value, err);
    return true;
}

static bool
check_text(struct salesforce *sf, const struct sf_field *f, const char *s,
           size_t len, struct sf_error *err)
{
    char *value;
    bool is_good;

    if (f->length > 0 && f->type != SF_REF &&
        text_units(s, len) > (size_t)f->length)
        return sf_refuse(err, "STRING_TOO_LONG", f->name,
                         "%s: data value too large: %.*s (max length=%d)",
                         f->label, (int)text_fit_bytes(s, len, 300), s,
                         f->length);
    value = hs_alloc(len + 1);
    memcpy(value, s, len);
    is_good = check_kind(sf, f, value, err);
    free(value);
    return is_good;
}

static bool
check_value(struct salesforce *sf, const struct sf_field *f, const cJSON *value,
            struct sf_error *err)
{
    bool is_number = f->type == SF_INT || f->type == SF_DOUBLE;
    double d = value->valuedouble;
    const char *s;
    size_t len;

    if (cJSON_IsNull(value))
        return true;
    if ((f->type == SF_BOOL && !cJSON_IsBool(value)) ||
        (is_number && !cJSON_IsNumber(value)) ||
        (f->type != SF_BOOL && !is_number && !cJSON_IsString(value)) ||
        (f->type == SF_INT && d > -1e15 && d < 1e15 && d != (double)(int64_t)d))
        return sf_refuse(err, "INVALID_TYPE_ON_FIELD_IN_RECORD", f->name,
                         "%s: value not of required type: %.80s", f->label,
                         cJSON_IsString(value) ? value->valuestring : "");
    if (f->type == SF_INT && (d > 2147483647.0 || d < -2147483648.0))
        return sf_refuse(err, "NUMBER_OUTSIDE_VALID_RANGE", f->name,
                         "%s: value outside of valid range: %.0f", f->label, d);
    if (!cJSON_IsString(value))
        return true;
    s = value->valuestring;
    len = strlen(s);
    text_trim(&s, &len);
    return len == 0 || check_text(sf, f, s, len, err);
}

/* ---- all of a row ---- */

bool
sf_is_nothing(const cJSON *v)
{
    const char *s = cJSON_GetStringValue(v);
    size_t len = s != NULL ? strlen(s) : 0;

    text_trim(&s, &len);
    return cJSON_IsNull(v) || (cJSON_IsString(v) && len == 0);
}

static bool
check_required(const struct sf_object *object, const struct sf_record *rec,
               const cJSON *row, struct sf_error *err)
{
    char missing[64] = "", words[96] = "";
    size_t n = 0, m = 0;

    for (size_t i = 0; i < object->n_fields; i++) {
        const struct sf_field *f = &object->fields[i];
        const cJSON *v;

        if ((f->flags & (SF_REQUIRED | SF_FILLED)) == 0 ||
            (f->flags & SF_CU) == 0)
            continue;
        v = cJSON_GetObjectItem(row, f->name);
        if (v != NULL ? !sf_is_nothing(v)
                      : rec != NULL || (f->flags & SF_REQUIRED) == 0)
            continue;
        if (n < sizeof(missing) && m < sizeof(words)) {
            n += (size_t)snprintf(missing + n, sizeof(missing) - n, "%s%s",
                                  n > 0 ? "," : "", f->name);
            m += (size_t)snprintf(words + m, sizeof(words) - m, "%s%s",
                                  m > 0 ? ", " : "", f->name);
        }
    }
    return n == 0 || sf_refuse(err, "REQUIRED_FIELD_MISSING", missing,
                               "Required fields are missing: [%s]", words);
}

/* What the field will be once the row is written; NULL: null. */
static const char *
text_after(const struct sf_record *rec, const cJSON *row, const char *field)
{
    const cJSON *v = cJSON_GetObjectItem(row, field);

    if (v == NULL)
        return rec != NULL ? sf_text(rec, field) : NULL;
    return sf_is_nothing(v) ? NULL : cJSON_GetStringValue(v);
}

/* A lead's activity relates to nothing else. */
static bool
check_parents(struct salesforce *sf, const struct sf_record *rec,
              const cJSON *row, struct sf_error *err)
{
    const char *who = text_after(rec, row, "WhoId");
    const char *what = text_after(rec, row, "WhatId");
    const struct sf_record *person = who != NULL ? sf_find(sf, who) : NULL;

    if (person == NULL || what == NULL ||
        strcmp(person->object->name, "Lead") != 0)
        return true;
    return sf_refuse(err, "FIELD_INTEGRITY_EXCEPTION", "WhatId",
                     "WhoId: a lead's activity cannot have a related record "
                     "(WhatId)");
}

/* A text that is a time; false: it is NULL or none. */
static bool
as_time(const char *s, int64_t *ms)
{
    return s != NULL && timetext_parse(s, strlen(s), ms) == 0;
}

/* ActivityDateTime is another name of StartDateTime: given alone, it moves the
 * event; given with it, it is the same or null. */
static bool
check_start(const struct sf_record *rec, const cJSON *row, const char **start,
            struct sf_error *err)
{
    const char *other = text_after(NULL, row, "ActivityDateTime");
    int64_t at, other_at;

    *start = text_after(rec, row, "StartDateTime");
    if (cJSON_GetObjectItem(row, "StartDateTime") == NULL && other != NULL)
        *start = other;
    if (*start == NULL)
        *start = text_after(rec, row, "ActivityDateTime");
    return !as_time(other, &other_at) || !as_time(*start, &at) ||
           at == other_at ||
           sf_refuse(err, "FIELD_INTEGRITY_EXCEPTION", "ActivityDateTime",
                     "Due Date Time: has to be the start or null");
}

/* Does its end fit its start and its length? */
static bool
check_end(const char *start, const char *end, const cJSON *minutes,
          struct sf_error *err)
{
    bool has_length = cJSON_IsNumber(minutes);
    int64_t from, to;

    if (has_length && minutes->valuedouble < 0)
        return sf_refuse(err, "FIELD_INTEGRITY_EXCEPTION", "DurationInMinutes",
                         "Duration: has to be 0 or more");
    if (!as_time(start, &from) || !as_time(end, &to))
        return true;
    return (to >= from && (!has_length || (double)(to - from) ==
                                              minutes->valuedouble * 60000)) ||
           sf_refuse(err, "FIELD_INTEGRITY_EXCEPTION", "EndDateTime",
                     "End Date Time: the event's duration does not fit");
}

/* Has an event a start, and an end or a length? */
static bool
check_event(const struct sf_record *rec, const cJSON *row, struct sf_error *err)
{
    const char *start, *end = text_after(NULL, row, "EndDateTime");
    const cJSON *minutes = cJSON_GetObjectItem(row, "DurationInMinutes");
    const cJSON *all_day = cJSON_GetObjectItem(row, "IsAllDayEvent");
    bool is_all_day = all_day != NULL
                          ? cJSON_IsTrue(all_day)
                          : rec != NULL && sf_true(rec, "IsAllDayEvent");

    if (!check_start(rec, row, &start, err))
        return false;
    if (start == NULL && !(is_all_day && text_after(rec, row, "ActivityDate")))
        return sf_refuse(err, "REQUIRED_FIELD_MISSING", "StartDateTime",
                         "Required fields are missing: [StartDateTime]");
    if (end == NULL && !cJSON_IsNumber(minutes) && !is_all_day && rec == NULL)
        return sf_refuse(err, "REQUIRED_FIELD_MISSING", "EndDateTime",
                         "Required fields are missing: [EndDateTime]");
    return check_end(start, end, minutes, err);
}

static bool
check_field(struct salesforce *sf, const struct sf_object *object, bool is_new,
            const cJSON *value, struct sf_error *err)
{
    const struct sf_field *f = sf_field_find(object, value->string);

    if (f == NULL)
        return sf_refuse(err, "INVALID_FIELD", value->string,
                         "No such column '%.80s' on sobject of type %s",
                         value->string, object->name);
    if ((sf_field_flags(f) & (is_new ? SF_CREATE : SF_UPDATE)) == 0)
        return sf_refuse(
            err, "INVALID_FIELD_FOR_INSERT_UPDATE", f->name,
            "Unable to create/update fields: %s. Please check the security "
            "settings of this field and verify that it is read/write for your "
            "profile or permission set.",
            f->name);
    return check_value(sf, f, value, err);
}

bool
sf_check(struct salesforce *sf, const struct sf_object *object,
         const struct sf_record *rec, const cJSON *row, struct sf_error *err)
{
    const cJSON *value;
    bool is_task = strcmp(object->name, "Task") == 0;
    bool is_event = strcmp(object->name, "Event") == 0;

    if (!sf_check_access(object, err))
        return false;
    if (rec != NULL && sf_true(rec, "IsConverted"))
        return sf_refuse(err, "CANNOT_UPDATE_CONVERTED_LEAD", "",
                         "cannot reference converted lead");
    cJSON_ArrayForEach(value, row)
    {
        if (strcasecmp(value->string, "attributes") != 0 &&
            strcasecmp(value->string, "Id") != 0 &&
            !check_field(sf, object, rec == NULL, value, err))
            return false;
    }
    return check_required(object, rec, row, err) &&
           (!(is_task || is_event) || check_parents(sf, rec, row, err)) &&
           (!is_event || check_event(rec, row, err));
}
