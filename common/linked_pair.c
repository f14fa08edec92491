/* linked_pair: see linked_pair.h. */
#include "common/linked_pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char alone[] = {VALUE_ALONE, '\0'};

static char *
copy(const char *value)
{
    char *p = value != NULL ? strdup(value) : NULL;

    if (value != NULL && p == NULL)
        abort();
    return p;
}

static void
replace(char **value, char *by)
{
    free(*value);
    *value = by;
}

void
linked_pair_init(struct linked_pair *p, const struct mapping *map,
                 bool prefers_opportunity, struct span snapshot)
{
    memset(p, 0, sizeof(*p));
    p->map = map;
    p->prefers_opportunity = prefers_opportunity;
    snapshot_read(snapshot, map, &p->snapshot);
}

void
linked_pair_fini(struct linked_pair *p)
{
    for (int s = 0; s < SIDE_COUNT; s++) {
        values_fini(&p->now[s]);
        ties_fini(&p->ties[s]);
    }
    snapshot_fini(&p->snapshot);
}

static void
follow_person(struct linked_pair *p, enum side side, const char *became)
{
    char value[32];

    for (size_t i = 0; i < p->map->n && became[0] != '\0'; i++) {
        char **base = &p->snapshot.base[side].v[i];

        if (mapping_tie_of(&p->map->pairs[i]) != MAPPING_CONTACT ||
            *base == NULL)
            continue;
        snprintf(value, sizeof(value), "%s%s",
                 value_is_alone(*base) ? alone : "", became);
        replace(base, copy(value));
    }
}

void
linked_pair_follow(struct linked_pair *p, const struct ties_agreed *agreed)
{
    p->who_is_gone = agreed->who_is_gone;
    for (int s = 0; s < SIDE_COUNT; s++)
        follow_person(p, (enum side)s, agreed->became[s]);
}

/* ---- values of associations ---- */

/* The person was taken away because it is deleted, which is not to go over. */
static char *
value_of_nobody(const struct linked_pair *p, const char *base)
{
    char value[64];

    if (!p->who_is_gone || base == NULL)
        return NULL;
    snprintf(value, sizeof(value), "%s%s", alone, base + value_is_alone(base));
    return copy(value);
}

static bool
keeps_what(const struct linked_pair *p)
{
    return ties_keep_what(&p->ties[SIDE_SALESFORCE], p->prefers_opportunity);
}

static char *
tie_value(const struct linked_pair *p, size_t i, enum mapping_tie tie,
          enum side side)
{
    const struct tie_list *list = &p->ties[side].list[tie];
    const char *base = p->snapshot.base[side].v[i];
    bool is_contact = tie == MAPPING_CONTACT;

    if (side == SIDE_HUBSPOT)
        return tie_list_value(list, side, base);
    if (is_contact && list->n == 0)
        return value_of_nobody(p, base);
    /* What stays as it is counts as agreed. */
    if (!is_contact && keeps_what(p) && p->snapshot.is_activity)
        return copy(base);
    return tie_list_value(list, side, NULL);
}

bool
linked_pair_is_leads(const struct linked_pair *p)
{
    const struct tie_list *who =
        &p->ties[SIDE_SALESFORCE].list[MAPPING_CONTACT];

    return who->n > 0 && tie_is_lead(who->tie[0].id[SIDE_SALESFORCE]);
}

static void
hold(char **value)
{
    char held[32];

    snprintf(held, sizeof(held), "%s%s", alone, *value);
    replace(value, copy(held));
}

/* That there is no account beside a lead is no choice of anybody's: it may be
 * that we have taken it away ourselves and could not save the link. So nothing
 * counts as agreed, and HubSpot's waits. */
static void
forget_account(struct linked_pair *p)
{
    const struct mapping_pair *what = mapping_tie(p->map, MAPPING_ACCOUNT);
    struct values *base = p->snapshot.base;
    size_t i;

    if (what == NULL || p->ties[SIDE_SALESFORCE].what[0] != '\0' ||
        !linked_pair_is_leads(p))
        return;
    i = (size_t)(what - p->map->pairs);
    replace(&base[SIDE_SALESFORCE].v[i], NULL);
    if (base[SIDE_HUBSPOT].v[i] != NULL &&
        !value_is_alone(base[SIDE_HUBSPOT].v[i]) &&
        mapping_goes_to(what, SIDE_SALESFORCE))
        hold(&base[SIDE_HUBSPOT].v[i]);
}

void
linked_pair_tie(struct linked_pair *p, enum side side)
{
    for (size_t i = 0; i < p->map->n; i++) {
        enum mapping_tie tie = mapping_tie_of(&p->map->pairs[i]);

        if (tie != MAPPING_NO_TIE)
            replace(&p->now[side].v[i], tie_value(p, i, tie, side));
    }
    if (side == SIDE_SALESFORCE)
        forget_account(p);
}

/* A lead cannot go to a record whose WhatId stays. */
static void
hold_lead(struct linked_pair *p, size_t i)
{
    const struct mapping_pair *what = mapping_tie(p->map, MAPPING_ACCOUNT);
    char **value = &p->now[SIDE_HUBSPOT].v[i];

    if (p->ties[SIDE_SALESFORCE].what[0] == '\0' || !tie_is_lead(*value) ||
        (what != NULL && mapping_goes_to(what, SIDE_SALESFORCE) &&
         !keeps_what(p)))
        return;
    hold(value);
}

/* Of several in HubSpot, none of which was agreed on, that of Salesforce counts
 * if it is one of them. */
static void
take_shared(struct linked_pair *p, size_t i, enum mapping_tie tie)
{
    char **here = &p->now[SIDE_HUBSPOT].v[i];
    const char *base = p->snapshot.base[SIDE_HUBSPOT].v[i];
    const char *there = p->now[SIDE_SALESFORCE].v[i];

    if (*here != NULL && there != NULL &&
        (base == NULL || strcmp(*here, base) != 0) &&
        tie_list_find(&p->ties[SIDE_HUBSPOT].list[tie], SIDE_SALESFORCE,
                      there) != NULL)
        replace(here, copy(there));
}

void
linked_pair_fit(struct linked_pair *p)
{
    for (size_t i = 0; i < p->map->n; i++) {
        enum mapping_tie tie = mapping_tie_of(&p->map->pairs[i]);

        if (tie != MAPPING_NO_TIE)
            take_shared(p, i, tie);
        if (tie == MAPPING_CONTACT)
            hold_lead(p, i);
        if (tie == MAPPING_ACCOUNT && keeps_what(p))
            replace(&p->now[SIDE_SALESFORCE].v[i],
                    copy(p->now[SIDE_HUBSPOT].v[i]));
    }
}

bool
linked_pair_hold_account(struct linked_pair *p)
{
    const struct mapping_pair *what = mapping_tie(p->map, MAPPING_ACCOUNT);
    char **account;

    if (what == NULL || !mapping_goes_to(what, SIDE_SALESFORCE))
        return false;
    account = &p->now[SIDE_HUBSPOT].v[what - p->map->pairs];
    if (*account == NULL || value_is_alone(*account))
        return false;
    hold(account);
    return true;
}

void
linked_pair_keep_ties(struct linked_pair *p)
{
    for (size_t i = 0; i < p->map->n; i++)
        for (int s = 0; s < SIDE_COUNT; s++)
            if (mapping_tie_of(&p->map->pairs[i]) != MAPPING_NO_TIE)
                replace(&p->now[s].v[i], copy(p->snapshot.base[s].v[i]));
}
