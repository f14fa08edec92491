/* assoc: see assoc.h. */
#include "stages/writer/hubspot/assoc.h"

#include "common/json.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int types[ACTIVITY_COUNT][HUBSPOT_TIE_COUNT] = {
    [ACTIVITY_CALL] = {194, 182},
    [ACTIVITY_EMAIL] = {198, 186},
    [ACTIVITY_MEETING] = {200, 188},
    [ACTIVITY_TASK] = {204, 192},
};

int
hubspot_assoc_type(enum activity from, enum hubspot_tie to)
{
    return types[from][to];
}

void
hubspot_assoc_tail(bool archive, enum activity from, enum hubspot_tie to,
                   char *buf, size_t size)
{
    snprintf(buf, size, "/%s/%s/batch/%s", activity_facts(from)->collection,
             to == HUBSPOT_TIE_CONTACT ? "contacts" : "companies",
             archive ? "archive" : "create");
}

static cJSON *
add_id(cJSON *parent, const char *key, const char *id)
{
    cJSON *object = cJSON_AddObjectToObject(parent, key);

    if (cJSON_AddStringToObject(object, "id", id) == NULL)
        abort(); /* out of memory: the fetcher sends again */
    return object;
}

static cJSON *
add_input(cJSON *inputs, const struct hubspot_pair *pair)
{
    cJSON *input = cJSON_CreateObject();

    if (!cJSON_AddItemToArray(inputs, input))
        abort();
    add_id(input, "from", pair->from);
    return input;
}

static cJSON *
new_body(size_t n, cJSON **inputs)
{
    cJSON *body = cJSON_CreateObject();

    assert(n > 0 && n <= HUBSPOT_PAIRS_MAX);
    *inputs = cJSON_AddArrayToObject(body, "inputs");
    return body;
}

cJSON *
hubspot_assoc_create(enum activity from, enum hubspot_tie to,
                     const struct hubspot_pair *pairs, size_t n)
{
    cJSON *inputs, *body = new_body(n, &inputs);

    for (size_t i = 0; i < n; i++) {
        cJSON *input = add_input(inputs, &pairs[i]);
        cJSON *kind = cJSON_CreateObject();

        add_id(input, "to", pairs[i].to);
        cJSON_AddItemToArray(cJSON_AddArrayToObject(input, "types"), kind);
        if (cJSON_AddStringToObject(kind, "associationCategory",
                                    "HUBSPOT_DEFINED") == NULL ||
            cJSON_AddNumberToObject(kind, "associationTypeId",
                                    types[from][to]) == NULL)
            abort();
    }
    return body;
}

cJSON *
hubspot_assoc_archive(const struct hubspot_pair *pairs, size_t n)
{
    cJSON *inputs, *body = new_body(n, &inputs);

    for (size_t i = 0; i < n; i++) {
        cJSON *to = cJSON_AddArrayToObject(add_input(inputs, &pairs[i]), "to");
        cJSON *target = cJSON_CreateObject();

        if (!cJSON_AddItemToArray(to, target) ||
            cJSON_AddStringToObject(target, "id", pairs[i].to) == NULL)
            abort();
    }
    return body;
}

/* ---- answers ---- */

static const char *const naming_keys[] = {"fromObjectId", "toObjectId", "ids",
                                          NULL};

/* Listed at the key, or nothing is listed there. */
static bool
fits(const cJSON *error, const char *key, const char *id)
{
    return hubspot_error_lists(error, key, id) ||
           !hubspot_error_lists(error, key, NULL);
}

static bool
names_pair(const void *inputs, size_t i, const cJSON *error)
{
    const struct hubspot_pair *pair = (const struct hubspot_pair *)inputs + i;

    if (hubspot_error_lists(error, "ids", pair->from) ||
        hubspot_error_lists(error, "ids", pair->to))
        return true;
    return (hubspot_error_lists(error, "fromObjectId", pair->from) &&
            fits(error, "toObjectId", pair->to)) ||
           (hubspot_error_lists(error, "toObjectId", pair->to) &&
            fits(error, "fromObjectId", pair->from));
}

static void
take_result(const cJSON *result, const struct hubspot_pair *pairs, size_t n,
            struct hubspot_result *out)
{
    char from[32], to[32];

    if (!json_id(result, "fromObjectId", from, sizeof(from)) ||
        !json_id(result, "toObjectId", to, sizeof(to)))
        return;
    for (size_t i = 0; i < n; i++)
        if (strcmp(pairs[i].from, from) == 0 && strcmp(pairs[i].to, to) == 0)
            hubspot_result_set(&out[i], HUBSPOT_ROW_OK, "", "");
}

bool
hubspot_assoc_read(bool archive, const cJSON *answer,
                   const struct hubspot_pair *pairs, size_t n,
                   struct hubspot_result *out)
{
    const struct hubspot_naming by = {naming_keys, names_pair, pairs};
    const cJSON *results = cJSON_GetObjectItemCaseSensitive(answer, "results");
    const cJSON *errors = cJSON_GetObjectItemCaseSensitive(answer, "errors");
    const cJSON *result;

    if (answer == NULL ? !archive
                       : !cJSON_IsArray(results) && !cJSON_IsArray(errors))
        return false;
    for (size_t i = 0; i < n; i++)
        hubspot_result_set(&out[i], HUBSPOT_ROW_VANISHED, "vanished",
                           "the answer says nothing of this association");
    if (!archive && cJSON_IsArray(results))
        cJSON_ArrayForEach(result, results)
        {
            take_result(result, pairs, n, out);
        }
    hubspot_result_spread(errors, &by, out, n);
    for (size_t i = 0; archive && i < n; i++)
        if (out[i].verdict == HUBSPOT_ROW_VANISHED)
            hubspot_result_set(&out[i], HUBSPOT_ROW_OK, "", "");
    return true;
}
