/* hubspot_contacts: what only contacts have: merging two, and forgetting one
 * for good (hubspot-api.md, 11.16 and 11.23). */
#include "tests/sandbox/hubspot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void
merge_values(struct hubspot *hs, struct hs_record *into,
             const struct hs_record *from)
{
    char buf[HS_VALUE_SIZE];

    for (size_t i = 0; i < from->n_props; i++)
        if (from->props[i].value != NULL &&
            hs_value(hs, into, from->props[i].def, buf) == NULL)
            hs_value_set(hs, into, from->props[i].def, from->props[i].value);
}

static void
merge_emails(struct hubspot *hs, struct hs_record *into, const char *email)
{
    int def = hs_def_find(hs, HS_CONTACTS, "hs_additional_emails");
    char buf[HS_VALUE_SIZE], joined[1024];
    const char *old = hs_value(hs, into, def, buf);

    if (email == NULL)
        return;
    snprintf(joined, sizeof(joined), "%s%s%s", old ? old : "", old ? ";" : "",
             email);
    hs_value_set(hs, into, def, joined);
}

/* Both become a new record; the old ids lead to it. */
static struct hs_record *
merge(struct hubspot *hs, struct hs_record *a, struct hs_record *b)
{
    struct hs_record *old[2] = {a, b}, *rec;
    char ids[64], buf[HS_VALUE_SIZE];
    const char *second = hs_value_named(hs, b, "email", buf);
    char *email = second ? hs_strdup(second) : NULL;

    rec = hs_record_new(hs, a->type, 0, a->created_ms, sandbox_now_ms());
    for (int i = 0; i < 2; i++) {
        hs_record_archive(hs, old[i]);
        old[i]->gone = true;
        old[i]->merged_into = rec->id;
        merge_values(hs, rec, old[i]);
        hs_links_move(hs, old[i], rec);
    }
    if (hs_value_named(hs, a, "email", buf) != NULL)
        merge_emails(hs, rec, email);
    free(email);
    snprintf(ids, sizeof(ids), "%" PRId64 ";%" PRId64, a->id, b->id);
    hs_value_set(hs, rec, hs_def_find(hs, rec->type, "hs_merged_object_ids"),
                 ids);
    return rec;
}

void
hs_merge(struct hs_call *call, int type)
{
    int64_t a = 0, b = 0;
    struct hs_record *first = NULL, *second = NULL;

    if (hs_json_id(call->body, "primaryObjectId", &a))
        first = hs_find_live(call->hs, type, a);
    if (hs_json_id(call->body, "objectIdToMerge", &b))
        second = hs_find_live(call->hs, type, b);
    if (first == NULL || second == NULL || first == second)
        hs_answer_error(call, 400, "VALIDATION_ERROR",
                        "Cannot merge %" PRId64 " with %" PRId64, a, b);
    else
        hs_answer_record(call, 200, merge(call->hs, first, second));
}

void
hs_forget(struct hs_call *call, int type)
{
    const char *by = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(call->body, "idProperty"));
    struct hs_fail fail = {0};
    struct hs_record *rec = hs_lookup(
        call->hs, type, by,
        cJSON_GetObjectItemCaseSensitive(call->body, "objectId"), &fail);

    if (fail.status != 0) {
        hs_answer_fail(call, &fail);
        return;
    }
    if (rec != NULL) {
        hs_record_archive(call->hs, rec);
        rec->gone = true;
        for (size_t i = 0; i < rec->n_props; i++)
            hs_value_set(call->hs, rec, rec->props[i].def, NULL);
    }
    hs_empty(call, 204);
}
