/* hubspot_lists: contact lists: by id, by name, and which contacts are in them.
 * As load gives one it is {listId, name, members: [contact ids]}; of what a
 * real list has more only what every list has is there. */
#include "tests/sandbox/hubspot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTACTS    "0-1"
#define LIST_INPUTS 100

static const cJSON *
get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* ---- load ---- */

bool
hs_load_list(struct hubspot *hs, const cJSON *in, char *why)
{
    cJSON *copy, *one;
    const char *name = cJSON_GetStringValue(get(in, "name"));
    int64_t id, have;
    int at = 0;

    if (!hs_json_id(in, "listId", &id) || name == NULL) {
        snprintf(why, HS_WHY_SIZE, "a list has no listId, or no name");
        return false;
    }
    copy = cJSON_Duplicate(in, true);
    if (get(copy, "objectTypeId") == NULL)
        cJSON_AddStringToObject(copy, "objectTypeId", CONTACTS);
    cJSON_DeleteItemFromObjectCaseSensitive(copy, "listId");
    cJSON_AddItemToObject(copy, "listId", hs_id(id));
    cJSON_ArrayForEach(one, hs->lists)
    {
        if (hs_json_id(one, "listId", &have) && have == id)
            break;
        at++;
    }
    if (one != NULL)
        cJSON_ReplaceItemInArray(hs->lists, at, copy);
    else
        cJSON_AddItemToArray(hs->lists, copy);
    if (cJSON_IsTrue(get(in, "deleted")))
        cJSON_DeleteItemFromArray(hs->lists, at);
    return true;
}

/* ---- one list ---- */

static void
answer_list(struct hs_call *call, const cJSON *list)
{
    cJSON *answer, *copy;

    if (list == NULL) {
        hs_answer_error(call, 404, "OBJECT_NOT_FOUND",
                        "List does not exist: %.100s",
                        call->parts[call->n - 1]);
        return;
    }
    answer = cJSON_CreateObject();
    copy = cJSON_Duplicate(list, true);
    hs_put_default(copy, "processingType", cJSON_CreateString("MANUAL"));
    hs_put_default(copy, "processingStatus", cJSON_CreateString("COMPLETE"));
    hs_put_default(copy, "listVersion", cJSON_CreateNumber(1));
    hs_put_default(
        copy, "size",
        cJSON_CreateNumber(cJSON_GetArraySize(get(list, "members"))));
    cJSON_DeleteItemFromObjectCaseSensitive(copy, "members");
    cJSON_AddItemToObject(answer, "list", copy);
    response_json(call->res, 200, answer);
}

static void
by_name(struct hs_call *call)
{
    const cJSON *list;

    hs_pattern(call, "/object-type-id/{type}/name/{name}");
    cJSON_ArrayForEach(list, call->hs->lists)
    {
        if (strcmp(cJSON_GetStringValue(get(list, "name")), call->parts[3]) ==
                0 &&
            strcmp(cJSON_GetStringValue(get(list, "objectTypeId")),
                   call->parts[1]) == 0)
            break;
    }
    answer_list(call, list);
}

static void
by_id(struct hs_call *call)
{
    const cJSON *list;

    hs_pattern(call, "/{id}");
    cJSON_ArrayForEach(list, call->hs->lists)
    {
        if (strcmp(cJSON_GetStringValue(get(list, "listId")), call->parts[0]) ==
            0)
            break;
    }
    answer_list(call, list);
}

/* ---- memberships ---- */

static bool
is_member(const cJSON *list, int64_t contact)
{
    const cJSON *one, *members = get(list, "members");
    int64_t id;

    cJSON_ArrayForEach(one, members)
    {
        if (hs_json_id(one, NULL, &id) && id == contact)
            return true;
    }
    return false;
}

static cJSON *
memberships_of(struct hs_call *call, int64_t contact)
{
    cJSON *result = cJSON_CreateObject(), *lists;
    const cJSON *list;

    cJSON_AddStringToObject(result, "objectTypeId", CONTACTS);
    cJSON_AddItemToObject(result, "recordId", hs_id(contact));
    lists = cJSON_AddArrayToObject(result, "recordListMemberships");
    cJSON_ArrayForEach(list, call->hs->lists)
    {
        cJSON *one;

        if (!is_member(list, contact))
            continue;
        one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "listId",
                                cJSON_GetStringValue(get(list, "listId")));
        cJSON_AddNumberToObject(one, "listVersion", 1);
        cJSON_AddFalseToObject(one, "isPublicList");
        cJSON_AddItemToArray(lists, one);
    }
    return result;
}

static cJSON *
not_found(cJSON *ids)
{
    cJSON *error = cJSON_CreateObject();

    cJSON_AddStringToObject(error, "status", "error");
    cJSON_AddStringToObject(error, "category", "OBJECT_NOT_FOUND");
    cJSON_AddStringToObject(error, "message", "Some records do not exist");
    cJSON_AddItemToObject(cJSON_AddObjectToObject(error, "context"), "ids",
                          ids);
    return error;
}

static void
read_memberships(struct hs_call *call)
{
    int64_t started = sandbox_now_ms(), id;
    cJSON *results, *errors, *missing;
    const cJSON *input, *inputs;

    hs_pattern(call, "/records/memberships/batch/read");
    inputs = hs_batch_inputs(call, LIST_INPUTS);
    if (inputs == NULL)
        return;
    results = cJSON_CreateArray();
    errors = cJSON_CreateArray();
    missing = cJSON_CreateArray();
    cJSON_ArrayForEach(input, inputs)
    {
        const char *type = cJSON_GetStringValue(get(input, "objectTypeId"));
        const struct hs_record *rec = NULL;

        if (type != NULL && strcmp(type, CONTACTS) == 0 &&
            hs_json_id(input, "recordId", &id))
            rec = hs_find(call->hs, HS_CONTACTS, id);
        if (rec != NULL && !rec->archived)
            cJSON_AddItemToArray(results, memberships_of(call, id));
        else
            cJSON_AddItemToArray(missing,
                                 cJSON_Duplicate(get(input, "recordId"), true));
    }
    if (cJSON_GetArraySize(missing) > 0)
        cJSON_AddItemToArray(errors, not_found(missing));
    else
        cJSON_Delete(missing);
    hs_answer_batch(call, 200, results, errors, started);
}

void
hs_lists(struct hs_call *call)
{
    bool is_read = call->n == 4 && strcmp(call->parts[0], "records") == 0 &&
                   strcmp(call->parts[1], "memberships") == 0 &&
                   strcmp(call->parts[2], "batch") == 0 &&
                   strcmp(call->parts[3], "read") == 0;
    bool is_name = call->n == 4 &&
                   strcmp(call->parts[0], "object-type-id") == 0 &&
                   strcmp(call->parts[2], "name") == 0;

    if (!is_read && !is_name && call->n != 1)
        hs_not_found(call);
    else if (!hs_is(call, is_read ? "POST" : "GET"))
        hs_method_not_allowed(call);
    else if (is_read)
        read_memberships(call);
    else if (is_name)
        by_name(call);
    else
        by_id(call);
}
