/* rows: see rows.h. */
#include "stages/writer/salesforce/rows.h"

#include "common/json.h"
#include "common/text.h"

#include <string.h>
#include <strings.h>

struct code {
    const char *name;
    enum rows_verdict verdict;
    const char *mend; /* what a person can do; NULL: nothing to say */
};

#define SECURITY "check field-level security and the integration user's rights"

static const struct code codes[] = {
    {"UNABLE_TO_LOCK_ROW", ROWS_RETRY, NULL},
    {"REQUEST_LIMIT_EXCEEDED", ROWS_RETRY, NULL},
    {"SERVER_UNAVAILABLE", ROWS_RETRY, NULL},
    {"QUERY_TIMEOUT", ROWS_RETRY, NULL},
    {"REQUEST_RUNNING_TOO_LONG", ROWS_RETRY, NULL},
    {"UNKNOWN_EXCEPTION", ROWS_RETRY, NULL},
    {"INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", ROWS_RETRY, NULL},
    {"ORG_IN_MAINTENANCE", ROWS_RETRY, NULL},
    {"FUNCTIONALITY_TEMPORARILY_UNAVAILABLE", ROWS_RETRY, NULL},
    {"ALL_OR_NONE_OPERATION_ROLLED_BACK", ROWS_RETRY, NULL},
    {"PROCESSING_HALTED", ROWS_RETRY, NULL},
    {"INVALID_SESSION_ID", ROWS_RETRY, NULL},
    {"DUPLICATE_EXTERNAL_ID", ROWS_PERSON,
     "several tasks have this external id: delete all but one, and make the "
     "field unique"},
    {"DUPLICATE_VALUE", ROWS_PERSON,
     "another unique field of Task stands "
     "against it"},
    {"CANNOT_UPDATE_CONVERTED_LEAD", ROWS_CONVERTED, NULL},
    {"FIELD_CUSTOM_VALIDATION_EXCEPTION", ROWS_PERSON,
     "a validation rule of the org refuses it"},
    {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", ROWS_PERSON,
     "a trigger or flow of the org failed"},
    {"CUSTOM_APEX_ERROR", ROWS_PERSON, "a trigger of the org failed"},
    {"CANNOT_EXECUTE_FLOW_TRIGGER", ROWS_PERSON, "a flow of the org failed"},
    {"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", ROWS_PERSON,
     "add the value to the field's list, or set another task_type"},
    {"REQUIRED_FIELD_MISSING", ROWS_PERSON,
     "the org wants a field that crmpipe does not fill"},
    {"INVALID_FIELD_FOR_INSERT_UPDATE", ROWS_PERSON, SECURITY},
    {"INVALID_FIELD", ROWS_PERSON, SECURITY},
    {"FIELD_NOT_UPDATABLE", ROWS_PERSON, SECURITY},
    {"INSUFFICIENT_ACCESS_OR_READONLY", ROWS_PERSON, SECURITY},
    {"INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", ROWS_PERSON,
     "the integration user may not see the contact, lead or account"},
    {"INACTIVE_OWNER_OR_USER", ROWS_PERSON, "the owner is not active"},
};

static const struct code *
find_code(const char *name)
{
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (strcmp(codes[i].name, name) == 0)
            return &codes[i];
    return NULL;
}

/* A customer's trigger failed because of something that passes by. */
static bool
embeds_passing(const char *message)
{
    static const char *const passing[] = {"UNABLE_TO_LOCK_ROW",
                                          "unable to obtain exclusive access",
                                          "QUERY_TIMEOUT", NULL};

    for (size_t i = 0; passing[i] != NULL; i++)
        if (strstr(message, passing[i]) != NULL)
            return true;
    return false;
}

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
      const char *external_id, const struct code *known)
{
    if (strcmp(code, "DUPLICATE_VALUE") == 0 &&
        is_key_race(error, message, external_id))
        return ROWS_DUPLICATE;
    if (strcmp(code, "INVALID_FIELD_FOR_INSERT_UPDATE") == 0 &&
        names_field(error, message, "TaskSubtype"))
        return ROWS_EXISTS;
    if ((strncmp(code, "CANNOT_", 7) == 0 ||
         strcmp(code, "CUSTOM_APEX_ERROR") == 0) &&
        embeds_passing(message))
        return ROWS_RETRY;
    if (strncmp(code, "TXN_", 4) == 0)
        return ROWS_RETRY;
    return known != NULL ? known->verdict : ROWS_NEVER;
}

/* Words from outside in one line of valid text, cut to size. */
static void
put_line(const char *s, char *buf, size_t size)
{
    struct text t;

    text_init(&t);
    text_put_valid(&t, s, text_fit_bytes(s, strlen(s), 4 * size));
    text_cut_bytes(&t, size - 1, "...");
    for (size_t i = 0; i < t.len; i++)
        if ((unsigned char)t.data[i] < ' ' || t.data[i] == 0x7f)
            t.data[i] = ' ';
    if (t.len > 0)
        memcpy(buf, t.data, t.len);
    buf[t.len] = '\0';
    text_fini(&t);
}

static void
put_words(struct rows_result *out, const char *message, const char *mend)
{
    size_t own = mend != NULL ? strlen(mend) + 2 : 0;
    char *end;

    put_line(message, out->detail, sizeof(out->detail) - own);
    if (mend == NULL)
        return;
    end = out->detail + strlen(out->detail);
    memcpy(end, "; ", 2);
    memcpy(end + 2, mend, own - 1);
}

static void
put_error(const cJSON *error, const char *code, const char *message,
          const char *external_id, struct rows_result *out)
{
    const struct code *known = find_code(code);

    put_line(code, out->code, sizeof(out->code));
    out->verdict = judge(error, code, message, external_id, known);
    put_words(out, message, known != NULL ? known->mend : NULL);
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
    memset(out, 0, sizeof(*out));
    out->verdict = ROWS_PERSON;
    if (strcmp(code, "NOT_FOUND") == 0 &&
        strstr(message, "external ID field") != NULL) {
        put_line("external-id-field-missing", out->code, sizeof(out->code));
        put_words(out, message,
                  "make the field with setup, or check field-level security");
        return;
    }
    put_error(NULL, code, message, external_id, out);
    out->verdict = ROWS_PERSON;
}
