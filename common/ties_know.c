/* ties_know: see ties_know.h. */
#include "common/ties_know.h"

#include "common/json.h"
#include "common/person.h"
#include "common/sf_id.h"

#include <stdio.h>
#include <string.h>

/* ---- HubSpot ---- */

/* A contact of nobody, or of somebody deleted, has no one in Salesforce. */
static int
know_contact(struct store *store, struct tie *tie, struct error *err)
{
    struct store_contact c;
    int rv = store_contact_get(store, tie->id[SIDE_HUBSPOT], &c, err);

    if (rv == 1 && c.salesforce_id[0] != '\0' && c.synced_at != 0 &&
        person_follow(store, c.salesforce_id, NULL))
        snprintf(tie->id[SIDE_SALESFORCE], sizeof(tie->id[0]), "%s",
                 c.salesforce_id);
    return rv < 0 ? -1 : 0;
}

static int
know_company(struct store *store, struct tie *tie, struct error *err)
{
    struct store_company c;
    int rv = store_company_get(store, tie->id[SIDE_HUBSPOT], &c, err);

    if (rv == 1)
        snprintf(tie->id[SIDE_SALESFORCE], sizeof(tie->id[0]), "%s",
                 c.salesforce_id);
    return rv < 0 ? -1 : 0;
}

static int
know_hubspot(struct store *store, struct ties *ties, struct error *err)
{
    const struct tie_list *contacts = &ties->list[MAPPING_CONTACT];
    const struct tie_list *companies = &ties->list[MAPPING_ACCOUNT];
    int rv = 0;

    for (size_t i = 0; i < contacts->n && rv == 0; i++)
        rv = know_contact(store, &contacts->tie[i], err);
    for (size_t i = 0; i < companies->n && rv == 0; i++)
        rv = know_company(store, &companies->tie[i], err);
    return rv;
}

/* ---- Salesforce ---- */

static int
know_who(struct store *store, const char *who, struct tie_list *list,
         struct error *err)
{
    struct store_contact c;
    char id[20];
    int rv;

    if (!sf_id_normalise(who, id) || !person_follow(store, id, NULL))
        return 0;
    rv = store_contact_by_salesforce_id(store, id, &c, err);
    if (rv == 1 && c.synced_at != 0)
        tie_list_add(list, c.hubspot_id, id);
    return rv < 0 ? -1 : 0;
}

static int
know_account(struct store *store, const char *account, struct tie_list *list,
             struct error *err)
{
    struct store_company c;
    char id[SF_ID_SIZE];
    int rv;

    if (!sf_id_normalise(account, id))
        return 0;
    rv = store_company_by_salesforce_id(store, id, &c, err);
    if (rv == 1)
        tie_list_add(list, c.hubspot_id, id);
    return rv < 0 ? -1 : 0;
}

static int
know_salesforce(struct store *store, const cJSON *fields, struct ties *ties,
                struct error *err)
{
    const char *who = json_str(fields, "WhoId");
    const char *what = json_str(fields, "WhatId");
    const char *account = json_str(fields, "AccountId");

    if (account == NULL)
        account = what;
    if (store != NULL &&
        (know_who(store, who, &ties->list[MAPPING_CONTACT], err) < 0 ||
         know_account(store, account, &ties->list[MAPPING_ACCOUNT], err) < 0))
        return -1;
    ties_set_parents(ties, who, what, account);
    return 0;
}

int
ties_know(struct store *store, enum side side, struct current *record,
          struct error *err)
{
    if (record->state != CURRENT_ALIVE)
        return 0;
    if (side == SIDE_SALESFORCE)
        return know_salesforce(store, record->fields, &record->ties, err);
    return store != NULL ? know_hubspot(store, &record->ties, err) : 0;
}

/* ---- what was agreed ---- */

/* The person of a side's snapshot, as an id; "": there is none. */
static void
agreed_person(struct span snapshot, enum side side, char id[20])
{
    struct span base =
        snapshot.data != NULL ? mp_get(snapshot, side_name(side)) : snapshot;
    char value[32];

    if (base.data == NULL ||
        mp_get_str(base, MAPPING_CONTACT_NAME, value, sizeof(value)) == 0 ||
        !sf_id_normalise(value + value_is_alone(value), id))
        id[0] = '\0';
}

void
ties_know_agreed(struct store *store, struct span snapshot,
                 struct ties_agreed *out)
{
    char id[SIDE_COUNT][20];

    memset(out, 0, sizeof(*out));
    /* Both first: the snapshot may be the store's until its next answer. */
    for (int s = 0; s < SIDE_COUNT; s++)
        agreed_person(snapshot, (enum side)s, id[s]);
    for (int s = 0; s < SIDE_COUNT; s++) {
        if (id[s][0] == '\0')
            continue;
        if (person_follow(store, id[s], NULL))
            memcpy(out->became[s], id[s], sizeof(id[s]));
        else
            out->who_is_gone = out->who_is_gone || s == SIDE_SALESFORCE;
    }
}
