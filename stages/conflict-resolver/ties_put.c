/* ties_put: see ties_put.h. */
#include "stages/conflict-resolver/ties_put.h"

#include <string.h>

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

/* Who the record hangs on when it is written; NULL: nobody. */
static const char *
who_then(const struct activity_draft *d)
{
    const struct tie_list *now =
        &d->ties[SIDE_SALESFORCE].list[MAPPING_CONTACT];
    int at = place_of(d, MAPPING_CONTACT);

    if (goes_to(d, at, SIDE_SALESFORCE))
        return d->merge->pairs[at].value;
    return now->n > 0 ? now->tie[0].id[SIDE_SALESFORCE] : NULL;
}

bool
ties_put_clears_what(const struct activity_draft *d)
{
    return goes_to(d, place_of(d, MAPPING_CONTACT), SIDE_SALESFORCE) &&
           tie_is_lead(who_then(d)) && d->ties[SIDE_SALESFORCE].what[0] != '\0';
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
    if (ties_put_clears_what(d)) {
        cJSON_AddNullToObject(fields, "WhatId");
        if (what >= 0)
            given[what] = NULL;
    } else if (goes_to(d, what, SIDE_SALESFORCE) &&
               (is_empty(d->merge->pairs[what].value) ||
                !tie_is_lead(who_then(d)))) {
        given[what] = d->merge->pairs[what].value;
        put_parent(fields, "WhatId", given[what], is_new);
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

/* What was agreed before goes, if it is there still. */
static void
untie(struct tie_list *list, const char *agreed, cJSON *write, const char *name)
{
    size_t n = 0;

    for (size_t i = 0; i < list->n; i++) {
        if (!is_empty(agreed) &&
            strcmp(list->tie[i].id[SIDE_SALESFORCE], agreed) == 0)
            add_id(write, name, list->tie[i].id[SIDE_HUBSPOT]);
        else
            list->tie[n++] = list->tie[i];
    }
    list->n = n;
}

static void
tie(struct tie_list *list, const struct tie_list *from, cJSON *write,
    const char *name)
{
    size_t before = list->n;

    tie_list_join(list, SIDE_HUBSPOT, from);
    for (size_t i = before; i < list->n; i++)
        add_id(write, name, list->tie[i].id[SIDE_HUBSPOT]);
}

/* The one that the pair's value is of. */
static void
tie_to(struct tie_list *list, const struct tie_list *from, const char *value,
       cJSON *write, const char *name)
{
    const struct tie *one = tie_list_find(from, SIDE_SALESFORCE, value);
    struct tie_list only = {NULL, 0, 0};

    if (one == NULL || tie_list_find(list, SIDE_SALESFORCE, value) != NULL)
        return;
    tie_list_add(&only, one->id[SIDE_HUBSPOT], one->id[SIDE_SALESFORCE]);
    tie(list, &only, write, name);
    tie_list_fini(&only);
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
    const struct tie_list *from = &salesforce->list[kind];
    int at = place_of(d, kind);
    const char *value = at >= 0 ? d->merge->pairs[at].value : NULL;
    struct tie_list then = {NULL, 0, 0};

    if (at < 0 || !mapping_goes_to(&map_of(d)->pairs[at], SIDE_HUBSPOT) ||
        (!is_new && !goes_to(d, at, SIDE_HUBSPOT)))
        return;
    value = goes_to(d, at, SIDE_HUBSPOT) && value != NULL ? value : "";
    if (!is_new) {
        const char *agreed = d->side[SIDE_HUBSPOT].base[at];

        tie_list_join(&then, SIDE_HUBSPOT, &d->ties[SIDE_HUBSPOT].list[kind]);
        if (agreed != NULL && strcmp(agreed, value) != 0)
            untie(&then, agreed, write, unties[kind]);
    }
    tie_to(&then, from, value, write, names[kind]);
    if (is_new) {
        tie(&then, from, write, names[kind]);
        if (kind == MAPPING_ACCOUNT)
            tie(&then, &salesforce->derived, write, names[kind]);
    }
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
