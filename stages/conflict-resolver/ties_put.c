/* ties_put: see ties_put.h. */
#include "stages/conflict-resolver/ties_put.h"

#include <stdlib.h>

static const struct mapping *
map_of(const struct activity_draft *d)
{
    return &d->world->rules[d->activity].map;
}

/* The pair's place; -1: the association is off. */
static int
place_of(const struct activity_draft *d, enum mapping_tie tie)
{
    const struct mapping_pair *pair = mapping_tie(map_of(d), tie);

    return pair != NULL ? (int)(pair - map_of(d)->pairs) : -1;
}

/* Is the pair's value to be written to that side? */
static bool
goes_to(const struct activity_draft *d, int at, enum side side)
{
    return at >= 0 && merge_writes(&d->merge->pairs[at]) &&
           d->merge->pairs[at].to == side;
}

static bool
is_empty(const char *value)
{
    return value == NULL || value[0] == '\0';
}

/* ---- Salesforce ---- */

/* Is a WhatId to be taken away because a lead comes? */
static bool
clears_what(const struct activity_draft *d)
{
    int who = place_of(d, MAPPING_CONTACT);

    return goes_to(d, who, SIDE_SALESFORCE) &&
           tie_is_lead(d->merge->pairs[who].value) &&
           d->ties[SIDE_SALESFORCE].what[0] != '\0';
}

/* Nothing is a field of its own only where there may have been something. */
static void
put_parent(cJSON *fields, const char *name, const char *value, bool is_new)
{
    if (!is_empty(value))
        cJSON_AddStringToObject(fields, name, value);
    else if (!is_new)
        cJSON_AddNullToObject(fields, name);
}

void
ties_put_salesforce(const struct activity_draft *d, bool is_new, cJSON *fields,
                    const char **given)
{
    int who = place_of(d, MAPPING_CONTACT), what = place_of(d, MAPPING_ACCOUNT);

    if (goes_to(d, who, SIDE_SALESFORCE)) {
        given[who] = d->merge->pairs[who].value;
        put_parent(fields, "WhoId", given[who], is_new);
    }
    if (clears_what(d)) {
        cJSON_AddNullToObject(fields, "WhatId");
        if (what >= 0)
            given[what] = NULL;
    } else if (goes_to(d, what, SIDE_SALESFORCE)) {
        given[what] = d->merge->pairs[what].value;
        put_parent(fields, "WhatId",
                   is_new && !is_empty(given[what]) && !is_empty(d->opportunity)
                       ? d->opportunity
                       : given[what],
                   is_new);
    }
}

/* ---- HubSpot ---- */

static void
add_id(cJSON *write, const char *name, const char *id)
{
    cJSON *ids = cJSON_GetObjectItemCaseSensitive(write, name);

    if (ids == NULL)
        ids = cJSON_AddArrayToObject(write, name);
    cJSON_AddItemToArray(ids, cJSON_CreateString(id));
}

/* Those of `list` that are not in `but`. */
static void
add_ids(cJSON *write, const char *name, const struct tie_list *list,
        const struct tie_list *but)
{
    for (size_t i = 0; i < list->n; i++) {
        const char *id = list->tie[i].id[SIDE_HUBSPOT];

        if (id[0] != '\0' && tie_list_find(but, SIDE_HUBSPOT, id) == NULL)
            add_id(write, name, id);
    }
}

/* Who goes when Salesforce's person is another: nobody, if there was none that
 * both had agreed on. What may not go over gives way anyhow (merge.h). */
static const char *
agreed(const struct activity_draft *d, int at)
{
    bool goes_over =
        mapping_goes_to(&map_of(d)->pairs[at], SIDE_SALESFORCE) &&
        d->world->rules[d->activity].merge.carries_updates[SIDE_HUBSPOT];

    return goes_over && is_empty(d->side[SIDE_SALESFORCE].base[at])
               ? NULL
               : d->side[SIDE_HUBSPOT].base[at];
}

/* What the record says of itself if it cannot be tied anew: whoever it was to
 * be tied to may be gone by now. */
static void
put_without(const struct activity_draft *d, int at,
            const struct tie_list *before, const char *value, cJSON *write)
{
    const struct tie_list none = {NULL, 0, 0};
    struct tie_list rest = {NULL, 0, 0};
    cJSON *without = cJSON_GetObjectItemCaseSensitive(write, "without");
    char *says;

    if (without == NULL)
        without = cJSON_AddObjectToObject(write, "without");
    tie_list_join(&rest, SIDE_HUBSPOT, before);
    tie_list_move(&rest, &none, agreed(d, at), value);
    says = tie_list_value(&rest, SIDE_HUBSPOT, value);
    cJSON_AddStringToObject(without, map_of(d)->pairs[at].name[SIDE_HUBSPOT],
                            says != NULL ? says : "");
    free(says);
    tie_list_fini(&rest);
}

static void
put_kind(const struct activity_draft *d, enum mapping_tie kind, bool is_new,
         cJSON *write, struct values *back, const char **given)
{
    static const char *const names[MAPPING_TIES] = {
        [MAPPING_CONTACT] = "contacts", [MAPPING_ACCOUNT] = "companies"};
    static const char *const unties[MAPPING_TIES] = {
        [MAPPING_CONTACT] = "untie_contacts",
        [MAPPING_ACCOUNT] = "untie_companies"};
    const struct ties *salesforce = &d->ties[SIDE_SALESFORCE];
    const struct tie_list none = {NULL, 0, 0};
    const struct tie_list *before =
        is_new ? &none : &d->ties[SIDE_HUBSPOT].list[kind];
    struct tie_list then = {NULL, 0, 0};
    int at = place_of(d, kind);
    const char *value = "";

    if (at < 0 || !mapping_goes_to(&map_of(d)->pairs[at], SIDE_HUBSPOT) ||
        (!is_new && !goes_to(d, at, SIDE_HUBSPOT)))
        return;
    if (goes_to(d, at, SIDE_HUBSPOT) && d->merge->pairs[at].value != NULL)
        value = d->merge->pairs[at].value;
    tie_list_join(&then, SIDE_HUBSPOT, before);
    tie_list_move(&then, &salesforce->list[kind], agreed(d, at), value);
    if (is_new)
        tie_list_join(&then, SIDE_HUBSPOT, &salesforce->list[kind]);
    if (is_new && kind == MAPPING_ACCOUNT)
        tie_list_join(&then, SIDE_HUBSPOT, &salesforce->derived);
    add_ids(write, names[kind], &then, before);
    add_ids(write, unties[kind], before, &then);
    if (cJSON_GetObjectItemCaseSensitive(write, names[kind]) != NULL)
        put_without(d, at, before, value, write);
    back->v[at] = tie_list_value(&then, SIDE_HUBSPOT, value);
    given[at] = back->v[at];
    tie_list_fini(&then);
}

void
ties_put_hubspot(const struct activity_draft *d, bool is_new, cJSON *write,
                 struct values *back, const char **given)
{
    put_kind(d, MAPPING_CONTACT, is_new, write, back, given);
    put_kind(d, MAPPING_ACCOUNT, is_new, write, back, given);
}
