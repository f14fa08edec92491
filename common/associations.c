/* associations: see associations.h. The batch read of hubspot-api.md, 3: ids
 * are numbers or strings, a record with many is paged inside its own result,
 * one without any is left out or told as an error beside the results. */
#include "common/associations.h"
#include "common/json.h"
#include "common/paging.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGES_MAX 1000 /* inside the results of one call's records */

static void
add_pair(struct associations *a, const char *from, const char *to)
{
    struct association *pair;

    if (a->n == a->size) {
        a->size = a->size > 0 ? 2 * a->size : 64;
        a->pairs = realloc(a->pairs, a->size * sizeof(*a->pairs));
        if (a->pairs == NULL)
            abort();
    }
    pair = &a->pairs[a->n++];
    snprintf(pair->from, sizeof(pair->from), "%s", from);
    snprintf(pair->to, sizeof(pair->to), "%s", to);
}

static void
add_input(cJSON *inputs, const char *id, const char *after)
{
    cJSON *input = cJSON_CreateObject();

    cJSON_AddStringToObject(input, "id", id);
    if (after != NULL)
        cJSON_AddStringToObject(input, "after", after);
    cJSON_AddItemToArray(inputs, input);
}

/* Take one record's result; what goes on is asked for in `again`. */
static void
take_result(struct associations *a, const cJSON *result, cJSON *again)
{
    const cJSON *to;
    char from_id[ASSOCIATIONS_ID], to_id[ASSOCIATIONS_ID], after[256];

    if (!json_id(cJSON_GetObjectItemCaseSensitive(result, "from"), "id",
                 from_id, sizeof(from_id)))
        return;
    cJSON_ArrayForEach(to, cJSON_GetObjectItemCaseSensitive(result, "to"))
    {
        if (json_id(to, "toObjectId", to_id, sizeof(to_id)) ||
            json_id(to, "id", to_id, sizeof(to_id)))
            add_pair(a, from_id, to_id);
    }
    if (json_id(json_at(result, "paging.next"), "after", after, sizeof(after)))
        add_input(again, from_id, after);
}

/* One call. Takes `inputs` over; *again is what follows of them. */
static int
read_page(struct hubspot *hs, const char *tail, cJSON *inputs,
          struct associations *out, cJSON **again, struct error *err)
{
    cJSON *body = cJSON_CreateObject();
    const cJSON *result;
    cJSON *answer;
    int rv;

    *again = cJSON_CreateArray();
    cJSON_AddItemToObject(body, "inputs", inputs);
    rv = hubspot_read(hs, HUBSPOT_ASSOCIATIONS, tail, body, &answer, err);
    cJSON_Delete(body);
    if (rv < 0)
        return -1;
    cJSON_ArrayForEach(result,
                       cJSON_GetObjectItemCaseSensitive(answer, "results"))
        take_result(out, result, *again);
    cJSON_Delete(answer);
    return 0;
}

static bool
goes_on(struct paging *paging, const cJSON *again)
{
    char *text = cJSON_PrintUnformatted(again);
    bool rv;

    if (text == NULL)
        abort();
    rv = paging_goes_on(paging, text);
    cJSON_free(text);
    return rv;
}

/* Read these inputs and what follows of them. Takes `inputs` over. */
static int
read_inputs(struct hubspot *hs, const char *tail, cJSON *inputs,
            struct associations *out, struct error *err)
{
    struct paging paging = {0};
    cJSON *again;
    int rv = 0;

    for (int i = 0; i < PAGES_MAX && rv == 0; i++) {
        rv = read_page(hs, tail, inputs, out, &again, err);
        inputs = again;
        if (cJSON_GetArraySize(again) == 0)
            break;
        if (rv == 0 && !goes_on(&paging, again))
            rv = error_set(err, EX_PROTOCOL,
                           "the pages of associations go in a circle");
    }
    cJSON_Delete(inputs);
    return rv;
}

/* Stable, so that the order of each record's stays. */
static void
sort_pairs(struct associations *a)
{
    struct association *to = malloc((a->n > 0 ? a->n : 1) * sizeof(*to));

    if (to == NULL)
        abort();
    for (size_t width = 1; width < a->n; width *= 2) {
        struct association *from = a->pairs;

        for (size_t left = 0; left < a->n; left += 2 * width) {
            size_t mid = left + width < a->n ? left + width : a->n;
            size_t end = mid + width < a->n ? mid + width : a->n;
            size_t i = left, k = mid;

            for (size_t at = left; at < end; at++)
                to[at] = i < mid && (k >= end ||
                                     strcmp(from[i].from, from[k].from) <= 0)
                             ? from[i++]
                             : from[k++];
        }
        a->pairs = to;
        to = from;
        a->size = a->n;
    }
    free(to);
}

int
associations_read(struct hubspot *hs, const char *from, const char *to,
                  const char *const *ids, size_t n, struct associations *out,
                  struct error *err)
{
    char tail[96];

    memset(out, 0, sizeof(*out));
    snprintf(tail, sizeof(tail), "/%s/%s/batch/read", from, to);
    for (size_t at = 0; at < n; at += ASSOCIATIONS_INPUTS_MAX) {
        size_t end =
            n - at < ASSOCIATIONS_INPUTS_MAX ? n : at + ASSOCIATIONS_INPUTS_MAX;
        cJSON *inputs = cJSON_CreateArray();

        for (size_t i = at; i < end; i++)
            add_input(inputs, ids[i], NULL);
        if (read_inputs(hs, tail, inputs, out, err) < 0)
            return -1;
    }
    sort_pairs(out);
    return 0;
}

void
associations_fini(struct associations *a)
{
    free(a->pairs);
    *a = (struct associations){0};
}

const struct association *
associations_of(const struct associations *a, const char *from, size_t *n)
{
    size_t low = 0, high = a->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (strcmp(a->pairs[mid].from, from) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (*n = 0; low + *n < a->n && strcmp(a->pairs[low + *n].from, from) == 0;)
        ++*n;
    return *n > 0 ? &a->pairs[low] : NULL;
}
