/* activity_pair: see activity_pair.h. */
#include "stages/conflict-resolver/activity_pair.h"

#include "common/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *
copy(const char *value)
{
    char *p = value != NULL ? strdup(value) : NULL;

    if (value != NULL && p == NULL)
        abort();
    return p;
}

/* The person was taken away because it is deleted, which is not to go over. */
static char *
value_of_nobody(const struct activity_case *c, const char *base)
{
    static const char alone[] = {VALUE_ALONE, '\0'};
    char value[64];

    if (!c->who_is_gone || base == NULL)
        return NULL;
    snprintf(value, sizeof(value), "%s%s", alone,
             base + (base[0] == VALUE_ALONE));
    return copy(value);
}

static char *
tie_value(const struct activity_case *c, const struct activity_pair *p,
          size_t i, enum mapping_tie tie, enum side side, bool keeps_what)
{
    const struct tie_list *list = &p->ties[side].list[tie];
    const char *base = p->snapshot.base[side].v[i];
    bool is_contact = tie == MAPPING_CONTACT;

    if (side == SIDE_HUBSPOT)
        return tie_list_value(list, side, base);
    if (is_contact && list->n == 0)
        return value_of_nobody(c, base);
    /* What stays as it is counts as agreed. */
    if (!is_contact && keeps_what && p->snapshot.is_activity)
        return copy(base);
    return tie_list_value(list, side, NULL);
}

void
activity_pair_tie(const struct activity_world *world,
                  const struct activity_case *c, struct activity_pair *p,
                  enum side side)
{
    const struct activity_rules *rules = &world->rules[c->activity];
    bool keeps_what =
        ties_keep_what(&p->ties[SIDE_SALESFORCE], rules->prefers_opportunity);

    for (size_t i = 0; i < rules->map.n; i++)
        if (mapping_tie_of(&rules->map.pairs[i]) != MAPPING_NO_TIE)
            p->now[side].v[i] =
                tie_value(c, p, i, mapping_tie_of(&rules->map.pairs[i]), side,
                          keeps_what);
}

static void
replace(char **value, char *by)
{
    free(*value);
    *value = by;
}

static void
hold(char **value)
{
    char held[32];

    snprintf(held, sizeof(held), "%c%s", VALUE_ALONE, *value);
    replace(value, copy(held));
}

/* A lead cannot go to a record whose WhatId stays. */
static void
hold_lead(const struct activity_rules *rules, struct activity_pair *p, size_t i)
{
    const struct mapping_pair *what = mapping_tie(&rules->map, MAPPING_ACCOUNT);
    char **value = &p->now[SIDE_HUBSPOT].v[i];

    if (p->ties[SIDE_SALESFORCE].what[0] == '\0' || !tie_is_lead(*value) ||
        (what != NULL && mapping_goes_to(what, SIDE_SALESFORCE) &&
         !ties_keep_what(&p->ties[SIDE_SALESFORCE],
                         rules->prefers_opportunity)))
        return;
    hold(value);
}

/* Of several in HubSpot, none of which was agreed on, that of Salesforce counts
 * if it is one of them. */
static void
take_shared(struct activity_pair *p, size_t i, enum mapping_tie tie)
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
activity_pair_fit(const struct activity_rules *rules, struct activity_pair *p)
{
    const struct ties *salesforce = &p->ties[SIDE_SALESFORCE];

    for (size_t i = 0; i < rules->map.n; i++) {
        enum mapping_tie tie = mapping_tie_of(&rules->map.pairs[i]);

        if (tie != MAPPING_NO_TIE)
            take_shared(p, i, tie);
        if (tie == MAPPING_CONTACT)
            hold_lead(rules, p, i);
        if (tie == MAPPING_ACCOUNT &&
            ties_keep_what(salesforce, rules->prefers_opportunity))
            replace(&p->now[SIDE_SALESFORCE].v[i],
                    copy(p->now[SIDE_HUBSPOT].v[i]));
    }
}

/* Will the Salesforce record hang on a lead when the merge is carried out? */
static bool
is_leads_then(const struct mapping *map, const struct activity_pair *p)
{
    const struct mapping_pair *contact = mapping_tie(map, MAPPING_CONTACT);
    const struct tie_list *now =
        &p->ties[SIDE_SALESFORCE].list[MAPPING_CONTACT];

    if (contact != NULL) {
        const struct merge_pair *who = &p->merge.pairs[contact - map->pairs];

        if (merge_writes_to(who, SIDE_SALESFORCE))
            return tie_is_lead(who->value);
    }
    return now->n > 0 && tie_is_lead(now->tie[0].id[SIDE_SALESFORCE]);
}

void
activity_pair_merge(const struct mapping *map, const struct merge_rules *rules,
                    struct activity_pair *p)
{
    const struct mapping_pair *what = mapping_tie(map, MAPPING_ACCOUNT);
    char **account;

    merge_records(map, p->side, rules, &p->merge);
    if (what == NULL || !mapping_goes_to(what, SIDE_SALESFORCE) ||
        !is_leads_then(map, p))
        return;
    account = &p->now[SIDE_HUBSPOT].v[what - map->pairs];
    if (*account == NULL || *account[0] == VALUE_ALONE)
        return;
    hold(account);
    merge_records(map, p->side, rules, &p->merge);
}

void
activity_pair_keep_ties(const struct mapping *map, struct activity_pair *p)
{
    for (size_t i = 0; i < map->n; i++)
        for (int s = 0; s < SIDE_COUNT; s++)
            if (mapping_tie_of(&map->pairs[i]) != MAPPING_NO_TIE)
                replace(&p->now[s].v[i], copy(p->snapshot.base[s].v[i]));
}

static const char *
whose(const char *value)
{
    return value == NULL ? "" : value + (value[0] == VALUE_ALONE);
}

bool
activity_pair_hangs_anew(const struct mapping *map,
                         const struct activity_case *c,
                         const struct activity_pair *p)
{
    for (size_t i = 0; i < map->n && c->side == SIDE_HUBSPOT; i++)
        if (mapping_tie_of(&map->pairs[i]) != MAPPING_NO_TIE &&
            strcmp(whose(p->now[SIDE_HUBSPOT].v[i]),
                   whose(p->snapshot.base[SIDE_HUBSPOT].v[i])) != 0)
            return true;
    return false;
}

int
activity_pair_read(const struct activity_world *world,
                   const struct activity_case *c, const struct event *ev,
                   struct activity_pair *p, struct error *err)
{
    cJSON *fields = ev->field[EVENT_PROPS].data != NULL
                        ? json_from_mp(ev->field[EVENT_PROPS])
                        : NULL;
    int rv = values_read(world->env, &world->rules[c->activity].map, c->side,
                         fields, &p->now[c->side], err);

    cJSON_Delete(fields);
    if (rv < 0)
        return -1;
    if (c->own_ties != NULL) {
        p->ties[c->side] = *c->own_ties;
        memset(c->own_ties, 0, sizeof(*c->own_ties));
    } else {
        ties_of_event(ev, c->side, &p->ties[c->side]);
    }
    activity_pair_tie(world, c, p, c->side);
    return 0;
}

/* The snapshot's person, who may have become another since. */
static void
follow_person(const struct activity_case *c, const struct mapping *map,
              struct activity_pair *p, enum side side)
{
    static const char alone[] = {VALUE_ALONE, '\0'};
    char value[32];

    for (size_t i = 0; i < map->n && c->became[side][0] != '\0'; i++) {
        char **base = &p->snapshot.base[side].v[i];

        if (mapping_tie_of(&map->pairs[i]) != MAPPING_CONTACT || *base == NULL)
            continue;
        snprintf(value, sizeof(value), "%s%s",
                 *base[0] == VALUE_ALONE ? alone : "", c->became[side]);
        replace(base, copy(value));
    }
}

void
activity_pair_init(struct activity_pair *p, const struct activity_world *world,
                   const struct activity_case *c, bool is_linked)
{
    struct span none = {NULL, 0};

    memset(p, 0, sizeof(*p));
    snapshot_read(is_linked ? c->link->snapshot : none,
                  &world->rules[c->activity].map, &p->snapshot);
    for (int s = 0; s < SIDE_COUNT; s++) {
        if (is_linked)
            follow_person(c, &world->rules[c->activity].map, p, (enum side)s);
        p->side[s].was = p->snapshot.life[s];
        p->side[s].now = (const char *const *)p->now[s].v;
        p->side[s].base = (const char *const *)p->snapshot.base[s].v;
    }
}

void
activity_pair_fini(struct activity_pair *p)
{
    for (int s = 0; s < SIDE_COUNT; s++) {
        values_fini(&p->now[s]);
        ties_fini(&p->ties[s]);
    }
    snapshot_fini(&p->snapshot);
    free(p->flipped_to);
}
