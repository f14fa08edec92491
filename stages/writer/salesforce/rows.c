/* rows: see rows.h. */
#include "stages/writer/salesforce/rows.h"

#include "common/dead_class.h"
#include "common/json.h"
#include "common/text.h"

#include <string.h>
#include <strings.h>

static bool
names_field(const cJSON *error, const char *message, const char *field)
{
    const cJSON *fields = cJSON_GetObjectItemCaseSensitive(error, "fields");
    const cJSON *item;

    if (cJSON_IsArray(fields))
        cJSON_ArrayForEach(item, fields)
        {
            if (cJSON_IsString(item) &&
                strcasecmp(item->valuestring, field) == 0)
                return true;
        }
    return strcasestr(message, field) != NULL;
}

/* One of the two rules of 5.3: a race for a new key, or the key twice. */
static bool
is_key_race(const cJSON *error, const char *message, const char *external_id)
{
    return names_field(error, message, external_id) ||
           strstr(message, "Duplicate external id specified") != NULL;
}

static enum rows_verdict
judge(const cJSON *error, const char *code, const char *message,
      const char *external_id)
{
    if (strcmp(code, "DUPLICATE_VALUE") == 0 &&
        is_key_race(error, message, external_id))
        return ROWS_DUPLICATE;
    if (strcmp(code, "INVALID_FIELD_FOR_INSERT_UPDATE") == 0 &&
        names_field(error, message, "TaskSubtype"))
        return ROWS_EXISTS;
    if (strcmp(code, "CANNOT_UPDATE_CONVERTED_LEAD") == 0)
        return ROWS_CONVERTED;
    return dead_reason_of(code, message)->class == DEAD_RETRYABLE
               ? ROWS_RETRY
               : ROWS_REFUSED;
}

static void
put_error(const cJSON *error, const char *code, const char *message,
          const char *external_id, struct rows_result *out)
{
    text_line(code, strlen(code), out->code, sizeof(out->code));
    text_line(message, strlen(message), out->detail, sizeof(out->detail));
    out->verdict = judge(error, code, message, external_id);
}

const cJSON *
rows_check(const cJSON *answer, size_t n)
{
    const cJSON *row;

    if (!cJSON_IsArray(answer) || (size_t)cJSON_GetArraySize(answer) != n)
        return NULL;
    cJSON_ArrayForEach(row, answer)
    {
        if (!cJSON_IsObject(row) ||
            !cJSON_IsBool(cJSON_GetObjectItemCaseSensitive(row, "success")))
            return NULL;
    }
    return answer;
}

void
rows_read(const cJSON *row, const char *external_id, struct rows_result *out)
{
    const cJSON *errors = cJSON_GetObjectItemCaseSensitive(row, "errors");
    const cJSON *error = cJSON_IsArray(errors) ? errors->child : NULL;
    const char *code, *message;

    memset(out, 0, sizeof(*out));
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "success"))) {
        out->verdict = ROWS_OK;
        out->created =
            cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "created"));
        if (sf_id_normalise(json_str(row, "id"), out->id))
            return;
        /* It says that it was done, not to what: ask again, an upsert does no
         * harm. */
        put_error(NULL, "UNKNOWN_EXCEPTION", "a row of success without an id",
                  external_id, out);
        return;
    }
    code = json_str(error, "statusCode");
    if (code == NULL)
        code = json_str(error, "errorCode");
    message = json_str(error, "message");
    put_error(error, code != NULL ? code : "UNKNOWN_EXCEPTION",
              message != NULL ? message : "the service gave no reason",
              external_id, out);
}

void
rows_refused(const char *code, const char *message, const char *external_id,
             struct rows_result *out)
{
    bool is_key = strcmp(code, "NOT_FOUND") == 0 &&
                  strstr(message, "external ID field") != NULL;

    memset(out, 0, sizeof(*out));
    put_error(NULL, is_key ? "external-id-field-missing" : code, message,
              external_id, out);
    out->verdict = ROWS_REFUSED;
}
