/* hubspot_lists: see hubspot_lists.h. */
#include "common/hubspot_lists.h"
#include "common/http.h"
#include "common/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTACTS   "0-1"
#define INPUTS_MAX 100
#define SCOPE      "contact lists need the scope crm.lists.read"

/* ---- one list ---- */

static char *
tail_of(const char *list)
{
    static const char by_name[] = "/object-type-id/" CONTACTS "/name/";
    char *word = http_encode(list);
    size_t size = strlen(word) + sizeof(by_name);
    char *tail = malloc(size);

    if (tail == NULL)
        abort();
    snprintf(tail, size, "%s%s", hubspot_is_id(list) ? "/" : by_name, word);
    free(word);
    return tail;
}

int
hubspot_list_find(struct hubspot *hs, const char *list,
                  char id[HUBSPOT_LIST_ID], struct error *err)
{
    char *tail = tail_of(list);
    const cJSON *found;
    const char *type;
    cJSON *answer;
    int rv = hubspot_read(hs, HUBSPOT_LISTS, tail, NULL, &answer, err);

    free(tail);
    if (rv < 0 && err->code == EX_DATAERR) {
        error_wrap(err, "HubSpot has no contact list \"%.80s\"", list);
        return 1;
    }
    if (rv < 0)
        return err->code == EX_NOPERM ? error_wrap(err, SCOPE) : -1;
    found = cJSON_GetObjectItemCaseSensitive(answer, "list");
    type = json_str(found, "objectTypeId");
    if (!json_id(found, "listId", id, HUBSPOT_LIST_ID))
        rv = error_set(err, EX_TEMPFAIL,
                       "HubSpot's answer about the list \"%.80s\" has no "
                       "listId",
                       list);
    else if (type != NULL && strcmp(type, CONTACTS) != 0) {
        error_set(err, EX_DATAERR,
                  "HubSpot's list \"%.80s\" is one of other records than "
                  "contacts",
                  list);
        rv = 1;
    }
    cJSON_Delete(answer);
    return rv;
}

/* ---- memberships ---- */

static void
add(struct memberships *m, const char *contact, const char *list)
{
    struct membership *pair;

    if (m->n == m->size) {
        m->size = m->size > 0 ? 2 * m->size : 64;
        m->pair = realloc(m->pair, m->size * sizeof(*m->pair));
        if (m->pair == NULL)
            abort();
    }
    pair = &m->pair[m->n++];
    snprintf(pair->contact, sizeof(pair->contact), "%s", contact);
    snprintf(pair->list, sizeof(pair->list), "%s", list);
}

/* Contacts while they are asked for. */
struct asked {
    const char *id[INPUTS_MAX]; /* those that no answer has told of yet */
    size_t n;
    bool is_unclear; /* an error does not say of whom it tells */
};

static void
is_told(struct asked *a, const char *id)
{
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->id[i], id) == 0)
            a->id[i--] = a->id[--a->n];
}

static void
take_result(struct memberships *m, struct asked *a, const cJSON *result)
{
    const cJSON *lists =
        cJSON_GetObjectItemCaseSensitive(result, "recordListMemberships");
    const cJSON *one;
    char contact[HUBSPOT_LIST_ID], list[HUBSPOT_LIST_ID];

    if (!json_id(result, "recordId", contact, sizeof(contact)) ||
        !cJSON_IsArray(lists))
        return;
    cJSON_ArrayForEach(one, lists)
    {
        if (json_id(one, "listId", list, sizeof(list)))
            add(m, contact, list);
    }
    is_told(a, contact);
}

/* A contact that is not there any more is in no list. */
static void
take_error(struct asked *a, bool is_alone, const cJSON *error)
{
    const char *category = json_str(error, "category");
    const cJSON *ids = json_at(error, "context.ids"), *id;
    bool is_gone = category != NULL && strstr(category, "NOT_FOUND") != NULL;

    if (is_gone && is_alone)
        a->n = 0;
    else if (!is_gone || cJSON_GetArraySize(ids) == 0)
        a->is_unclear = true;
    else
        cJSON_ArrayForEach(id, ids)
        {
            if (cJSON_IsString(id))
                is_told(a, id->valuestring);
        }
}

static int
take_answer(struct memberships *m, struct asked *a, const cJSON *answer,
            struct error *err)
{
    const cJSON *errors = cJSON_GetObjectItemCaseSensitive(answer, "errors");
    const cJSON *results = cJSON_GetObjectItemCaseSensitive(answer, "results");
    const char *status = json_str(answer, "status");
    const char *message = json_str(cJSON_GetArrayItem(errors, 0), "message");
    bool is_alone = a->n == 1;
    const cJSON *one;

    if (!cJSON_IsArray(results) ||
        (status != NULL && strcmp(status, "COMPLETE") != 0))
        return error_set(err, EX_TEMPFAIL,
                         "HubSpot's answer about the lists of contacts is not "
                         "complete");
    cJSON_ArrayForEach(one, results)
    {
        take_result(m, a, one);
    }
    cJSON_ArrayForEach(one, errors)
    {
        take_error(a, is_alone, one);
    }
    if (a->n > 0 && is_alone && a->is_unclear)
        return error_set(err, EX_TEMPFAIL,
                         "HubSpot does not tell the lists of contact %s: "
                         "%.200s",
                         a->id[0], message != NULL ? message : "an error");
    return 0;
}

static cJSON *
body_of(const struct asked *a)
{
    cJSON *body = cJSON_CreateObject();
    cJSON *inputs = cJSON_AddArrayToObject(body, "inputs");

    for (size_t i = 0; i < a->n; i++) {
        cJSON *input = cJSON_CreateObject();

        cJSON_AddStringToObject(input, "objectTypeId", CONTACTS);
        cJSON_AddStringToObject(input, "recordId", a->id[i]);
        cJSON_AddItemToArray(inputs, input);
    }
    return body;
}

/* Ask; of `a` remain those that the answer leaves out. */
static int
read_once(struct hubspot *hs, struct asked *a, struct memberships *out,
          struct error *err)
{
    cJSON *body = body_of(a);
    cJSON *answer;
    int rv = hubspot_read(hs, HUBSPOT_LISTS, "/records/memberships/batch/read",
                          body, &answer, err);

    cJSON_Delete(body);
    if (rv < 0)
        return err->code == EX_NOPERM ? error_wrap(err, SCOPE) : -1;
    rv = take_answer(out, a, answer, err);
    cJSON_Delete(answer);
    return rv;
}

static int
read_each(struct hubspot *hs, const struct asked *a, struct memberships *out,
          struct error *err)
{
    for (size_t i = 0; i < a->n; i++) {
        struct asked one = {.id = {a->id[i]}, .n = 1};

        if (read_once(hs, &one, out, err) < 0)
            return -1;
    }
    return 0;
}

/* What is left out may be in no list; or the answer was not whole. */
static int
read_part(struct hubspot *hs, struct asked *a, struct memberships *out,
          struct error *err)
{
    for (int i = 0; i < 2 && a->n > 0 && !a->is_unclear; i++)
        if (read_once(hs, a, out, err) < 0)
            return -1;
    return a->is_unclear ? read_each(hs, a, out, err) : 0;
}

static int
compare(const void *a, const void *b)
{
    const struct membership *x = a, *y = b;
    int by_contact = strcmp(x->contact, y->contact);

    return by_contact != 0 ? by_contact : strcmp(x->list, y->list);
}

int
memberships_read(struct hubspot *hs, const char *const *contacts, size_t n,
                 struct memberships *out, struct error *err)
{
    *out = (struct memberships){.n = 0};
    for (size_t at = 0; at < n; at += INPUTS_MAX) {
        struct asked a = {.n = n - at < INPUTS_MAX ? n - at : INPUTS_MAX};

        memcpy(a.id, contacts + at, a.n * sizeof(a.id[0]));
        if (read_part(hs, &a, out, err) < 0)
            return -1;
    }
    if (out->n > 0)
        qsort(out->pair, out->n, sizeof(*out->pair), compare);
    return 0;
}

bool
memberships_has(const struct memberships *m, const char *contact,
                const char *list)
{
    struct membership key;

    if (m->n == 0)
        return false;
    snprintf(key.contact, sizeof(key.contact), "%s", contact);
    snprintf(key.list, sizeof(key.list), "%s", list);
    return bsearch(&key, m->pair, m->n, sizeof(key), compare) != NULL;
}

void
memberships_fini(struct memberships *m)
{
    free(m->pair);
    *m = (struct memberships){.n = 0};
}
