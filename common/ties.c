/* ties: see ties.h. */
#include "common/ties.h"

#include "common/sf_id.h"
#include "common/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- lists ---- */

const struct tie *
tie_list_find(const struct tie_list *list, enum side side, const char *id)
{
    for (size_t i = 0; i < list->n && id[0] != '\0'; i++)
        if (strcmp(list->tie[i].id[side], id) == 0)
            return &list->tie[i];
    return NULL;
}

void
tie_list_add(struct tie_list *list, const char *hubspot_id,
             const char *salesforce_id)
{
    struct tie *tie;

    if ((hubspot_id[0] == '\0' && salesforce_id[0] == '\0') ||
        strlen(hubspot_id) >= sizeof(tie->id[0]) ||
        strlen(salesforce_id) >= sizeof(tie->id[0]))
        return;
    if (list->n == list->size) {
        list->size = list->size > 0 ? 2 * list->size : 4;
        list->tie = realloc(list->tie, list->size * sizeof(*list->tie));
        if (list->tie == NULL)
            abort();
    }
    tie = &list->tie[list->n++];
    strcpy(tie->id[SIDE_HUBSPOT], hubspot_id);
    strcpy(tie->id[SIDE_SALESFORCE], salesforce_id);
}

void
tie_list_join(struct tie_list *list, enum side side,
              const struct tie_list *from)
{
    for (size_t i = 0; i < from->n; i++) {
        const struct tie *tie = &from->tie[i];

        if (tie->id[side][0] != '\0' &&
            tie_list_find(list, side, tie->id[side]) == NULL)
            tie_list_add(list, tie->id[SIDE_HUBSPOT], tie->id[SIDE_SALESFORCE]);
    }
}

static bool
is_it(const struct tie *tie, const char *salesforce_id)
{
    return salesforce_id != NULL && salesforce_id[0] != '\0' &&
           strcmp(tie->id[SIDE_SALESFORCE], salesforce_id) == 0;
}

void
tie_list_move(struct tie_list *list, const struct tie_list *known,
              const char *agreed, const char *value)
{
    const struct tie *one =
        value != NULL ? tie_list_find(known, SIDE_SALESFORCE, value) : NULL;
    bool has_it = false;
    size_t n = 0;

    for (size_t i = 0; i < list->n; i++) {
        has_it = has_it || is_it(&list->tie[i], value);
        if (is_it(&list->tie[i], value) || !is_it(&list->tie[i], agreed))
            list->tie[n++] = list->tie[i];
    }
    list->n = n;
    if (one != NULL && !has_it)
        tie_list_add(list, one->id[SIDE_HUBSPOT], one->id[SIDE_SALESFORCE]);
}

void
tie_list_fini(struct tie_list *list)
{
    free(list->tie);
    memset(list, 0, sizeof(*list));
}

void
ties_fini(struct ties *ties)
{
    for (int k = 0; k < MAPPING_TIES; k++)
        tie_list_fini(&ties->list[k]);
    tie_list_fini(&ties->derived);
}

/* ---- of an event ---- */

static void
add_one(struct tie_list *list, struct span map)
{
    char hubspot_id[32], salesforce_id[32];

    if (map.data == NULL)
        return;
    mp_get_str(map, "hubspot_id", hubspot_id, sizeof(hubspot_id));
    mp_get_str(map, "salesforce_id", salesforce_id, sizeof(salesforce_id));
    tie_list_add(list, hubspot_id, salesforce_id);
}

static void
add_all(struct tie_list *list, struct span maps)
{
    uint32_t n;

    if (maps.data == NULL || !mp_array(&maps, &n))
        return;
    while (n-- > 0)
        add_one(list, mp_next(&maps));
}

bool
tie_is_lead(const char *salesforce_id)
{
    const char *object =
        salesforce_id != NULL ? sf_id_object(salesforce_id) : NULL;

    return object != NULL && strcmp(object, "Lead") == 0;
}

static bool
is_of(const char *id, const char *object)
{
    const char *what = sf_id_object(id);

    return what != NULL && strcmp(what, object) == 0;
}

/* The person is whoever the record names, known or not. */
static void
set_who(struct tie_list *list, const char *who)
{
    if (who[0] == '\0')
        tie_list_fini(list);
    else if (list->n == 0)
        tie_list_add(list, "", who);
    else if (list->tie[0].id[SIDE_SALESFORCE][0] == '\0')
        strcpy(list->tie[0].id[SIDE_SALESFORCE], who);
}

void
ties_set_parents(struct ties *ties, const char *who, const char *what,
                 const char *account)
{
    struct tie_list *accounts = &ties->list[MAPPING_ACCOUNT];
    char id[SF_ID_SIZE];

    sf_id_normalise(who, ties->who);
    sf_id_normalise(what, ties->what);
    set_who(&ties->list[MAPPING_CONTACT], ties->who);
    if (ties->what[0] == '\0') {
        /* Salesforce shows the account of its person. */
        ties->derived = *accounts;
        memset(accounts, 0, sizeof(*accounts));
    } else if (accounts->n == 0 &&
               sf_id_normalise(is_of(ties->what, "Account") ? what : account,
                               id)) {
        tie_list_add(accounts, "", id);
    }
}

void
ties_of_event(const struct event *ev, enum side side, struct ties *out)
{
    struct span props = ev->field[EVENT_PROPS];
    char who[32], what[32], account[32];

    memset(out, 0, sizeof(*out));
    add_one(&out->list[MAPPING_CONTACT], ev->field[EVENT_CONTACT]);
    add_all(&out->list[MAPPING_CONTACT], ev->field[EVENT_CONTACTS]);
    add_all(&out->list[MAPPING_ACCOUNT], ev->field[EVENT_COMPANIES]);
    /* Without, the event is what a stage of somebody else's has made. */
    if (side == SIDE_HUBSPOT || props.data == NULL ||
        mp_get(props, "WhoId").data == NULL)
        return;
    mp_get_str(props, "WhoId", who, sizeof(who));
    mp_get_str(props, "WhatId", what, sizeof(what));
    mp_get_str(props, "AccountId", account, sizeof(account));
    ties_set_parents(out, who, what, account);
}

/* ---- values ---- */

bool
ties_keep_what(const struct ties *ties, bool prefers_opportunity)
{
    if (ties->what[0] == '\0' || is_of(ties->what, "Account"))
        return false;
    return prefers_opportunity || !is_of(ties->what, "Opportunity");
}

static char *
copy(const char *mark, const char *id)
{
    char *value = malloc(strlen(mark) + strlen(id) + 1);

    if (value == NULL)
        abort();
    strcpy(value, mark);
    return strcat(value, id);
}

char *
tie_list_value(const struct tie_list *list, enum side side, const char *agreed)
{
    static const char alone[] = {VALUE_ALONE, '\0'};

    if (list->n == 0)
        return NULL;
    if (agreed != NULL && side == SIDE_HUBSPOT &&
        tie_list_find(list, SIDE_SALESFORCE, agreed + value_is_alone(agreed)))
        return copy("", agreed + value_is_alone(agreed));
    for (size_t i = 0; i < list->n; i++)
        if (list->tie[i].id[SIDE_HUBSPOT][0] != '\0' &&
            list->tie[i].id[SIDE_SALESFORCE][0] != '\0')
            return copy("", list->tie[i].id[SIDE_SALESFORCE]);
    return copy(alone, list->tie[0].id[side]);
}
