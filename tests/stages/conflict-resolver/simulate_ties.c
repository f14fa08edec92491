/* simulate_ties: the people that records hang on. A HubSpot record has any
 * number of them, "p0 p2 d"; a Salesforce one has one. d is in HubSpot only, x
 * in Salesforce only. */
#include "tests/stages/conflict-resolver/simulate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 64

static const char *const people_of[SIDE_COUNT][6] = {
    [SIDE_HUBSPOT] = {"p0", "p1", "p2", "p3", "d", "d"},
    [SIDE_SALESFORCE] = {"p0", "p1", "p2", "p3", "x", ""},
};

bool
sim_is_known(const char *person)
{
    return person != NULL && person[0] == 'p';
}

bool
sim_hangs_on(const char *people, const char *person)
{
    const char *at = people;

    if (people == NULL || person == NULL || *person == '\0')
        return false;
    while ((at = strstr(at, person)) != NULL) {
        if ((at == people || at[-1] == ' ') &&
            (at[strlen(person)] == ' ' || at[strlen(person)] == '\0'))
            return true;
        at++;
    }
    return false;
}

static void
read_people(const char *people, enum side side, struct tie_list *out)
{
    char text[TEXT_MAX], *save = NULL;

    memset(out, 0, sizeof(*out));
    snprintf(text, sizeof(text), "%s", people != NULL ? people : "");
    for (char *p = strtok_r(text, " ", &save); p != NULL;
         p = strtok_r(NULL, " ", &save)) {
        bool is_own = !sim_is_known(p);

        tie_list_add(out, is_own && side == SIDE_SALESFORCE ? "" : p,
                     is_own && side == SIDE_HUBSPOT ? "" : p);
    }
}

static const char *
print_people(struct sim *sim, const struct tie_list *list)
{
    char text[TEXT_MAX] = "";

    for (size_t i = 0; i < list->n; i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
                 i > 0 ? " " : "", list->tie[i].id[SIDE_HUBSPOT]);
    return list->n > 0 ? sim_keep(sim, text) : NULL;
}

const char *
sim_tie_value(struct sim *sim, enum side side, const char *people,
              const char *agreed)
{
    struct tie_list list;
    const char *kept;
    char *value;

    read_people(people, side, &list);
    value = tie_list_value(&list, side, agreed);
    kept = sim_keep(sim, value);
    free(value);
    tie_list_fini(&list);
    return kept;
}

const char *
sim_tie_moved(struct sim *sim, const char *people, const char *agreed,
              const char *value)
{
    struct tie_list list, known;
    const char *kept;

    read_people(people, SIDE_HUBSPOT, &list);
    read_people(value, SIDE_SALESFORCE, &known);
    tie_list_move(&list, &known, agreed, value);
    kept = print_people(sim, &list);
    tie_list_fini(&list);
    tie_list_fini(&known);
    return kept;
}

const char *
sim_first_known(struct sim *sim, const char *people)
{
    const char *value = sim_tie_value(sim, SIDE_HUBSPOT, people, NULL);

    return sim_is_known(value) ? value : NULL;
}

/* One more, or one less, or another. */
const char *
sim_invent_people(struct sim *sim, enum side side, const char *before)
{
    const char *one = people_of[side][sim_random(sim, 6)];
    struct tie_list list;
    const char *people;

    if (sim_chance(sim, 10))
        return NULL;
    if (side == SIDE_SALESFORCE || sim_chance(sim, 30))
        return *one != '\0' ? one : NULL;
    read_people(before, side, &list);
    if (sim_hangs_on(before, one)) {
        size_t n = 0;

        for (size_t i = 0; i < list.n; i++)
            if (strcmp(list.tie[i].id[side], one) != 0)
                list.tie[n++] = list.tie[i];
        list.n = n;
    } else {
        tie_list_add(&list, one, sim_is_known(one) ? one : "");
    }
    people = print_people(sim, &list);
    tie_list_fini(&list);
    return people;
}
