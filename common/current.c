/* current: see current.h. */
#include "common/current.h"

#include "common/associations.h"
#include "common/json.h"
#include "common/sf_id.h"
#include "common/text.h"
#include "common/timetext.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What is asked for and where it goes. */
struct reading {
    const struct mapping *map;
    const char *const *ids;
    size_t n;
    struct current *out;
};

void
current_fini(struct current *c)
{
    cJSON_Delete(c->fields);
    ties_fini(&c->ties);
    memset(c, 0, sizeof(*c));
}

static int64_t
time_at(const cJSON *fields, const char *name)
{
    const char *text = json_str(fields, name);
    int64_t ms;

    return text != NULL && timetext_parse(text, strlen(text), &ms) == 0 ? ms
                                                                        : 0;
}

/* Two events may ask for one record. */
static void
take(struct reading *r, const char *id, bool is_deleted, const cJSON *fields,
     const char *time_name)
{
    for (size_t i = 0; i < r->n; i++) {
        struct current *c = &r->out[i];

        if (strcmp(r->ids[i], id) != 0)
            continue;
        current_fini(c);
        c->state = is_deleted ? CURRENT_DELETED : CURRENT_ALIVE;
        c->fields = is_deleted ? NULL : cJSON_Duplicate(fields, true);
        c->modified_at = time_at(fields, time_name);
    }
}

/* ---- HubSpot ---- */

static cJSON *
hubspot_body(const struct reading *r)
{
    cJSON *body = cJSON_CreateObject();
    cJSON *names = cJSON_AddArrayToObject(body, "properties");
    cJSON *inputs = cJSON_AddArrayToObject(body, "inputs");

    cJSON_AddItemToArray(names, cJSON_CreateString("hs_lastmodifieddate"));
    for (size_t i = 0; i < r->map->n; i++)
        if (mapping_tie_of(&r->map->pairs[i]) == MAPPING_NO_TIE)
            cJSON_AddItemToArray(
                names, cJSON_CreateString(r->map->pairs[i].name[SIDE_HUBSPOT]));
    for (size_t i = 0; i < r->n; i++) {
        cJSON *input;

        if (!hubspot_is_id(r->ids[i]))
            continue;
        input = cJSON_CreateObject();
        cJSON_AddStringToObject(input, "id", r->ids[i]);
        cJSON_AddItemToArray(inputs, input);
    }
    return body;
}

/* What those that are alive hang on, if it is kept equal. */
static int
read_ties(struct hubspot *hs, enum activity activity, enum mapping_tie tie,
          struct reading *r, struct error *err)
{
    const char *ids[CURRENT_MAX];
    struct associations all;
    size_t n = 0, n_pairs;
    int rv;

    for (size_t i = 0; i < r->n; i++)
        if (r->out[i].state == CURRENT_ALIVE)
            ids[n++] = r->ids[i];
    if (n == 0 || mapping_tie(r->map, tie) == NULL)
        return 0;
    rv = associations_read(hs, activity_facts(activity)->collection,
                           tie == MAPPING_CONTACT ? "contacts" : "companies",
                           ids, n, &all, err);
    for (size_t i = 0; i < r->n && rv == 0; i++) {
        const struct association *pairs =
            associations_of(&all, r->ids[i], &n_pairs);

        for (size_t k = 0; k < n_pairs; k++)
            tie_list_add(&r->out[i].ties.list[tie], pairs[k].to, "");
    }
    associations_fini(&all);
    return rv;
}

static int
read_hubspot(struct hubspot *hs, enum activity activity, bool archived,
             struct reading *r, struct error *err)
{
    cJSON *body = hubspot_body(r);
    const cJSON *item;
    cJSON *answer = NULL;
    char tail[64], id[32];
    int rv = 0;

    snprintf(tail, sizeof(tail), "/%s/batch/read?archived=%s",
             activity_facts(activity)->collection, archived ? "true" : "false");
    if (cJSON_GetObjectItemCaseSensitive(body, "inputs")->child != NULL)
        rv = hubspot_read(hs, HUBSPOT_OBJECTS, tail, body, &answer, err);
    cJSON_ArrayForEach(item,
                       cJSON_GetObjectItemCaseSensitive(answer, "results"))
    {
        if (json_id(item, "id", id, sizeof(id)))
            take(r, id,
                 cJSON_IsTrue(
                     cJSON_GetObjectItemCaseSensitive(item, "archived")),
                 cJSON_GetObjectItemCaseSensitive(item, "properties"),
                 "hs_lastmodifieddate");
    }
    cJSON_Delete(answer);
    cJSON_Delete(body);
    if (rv == 0)
        rv = read_ties(hs, activity, MAPPING_CONTACT, r, err);
    if (rv == 0)
        rv = read_ties(hs, activity, MAPPING_ACCOUNT, r, err);
    return rv;
}

/* ---- Salesforce ---- */

static int
take_row(void *ctx, const cJSON *record)
{
    const char *id = json_str(record, "Id");

    if (id != NULL)
        take(
            ctx, id,
            cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(record, "IsDeleted")),
            record, "SystemModstamp");
    return 0;
}

static const char *const always[] = {"Id",    "IsDeleted", "SystemModstamp",
                                     "WhoId", "WhatId",    "AccountId"};
#define N_ALWAYS (sizeof(always) / sizeof(always[0]))

/* Salesforce refuses a field that is asked for twice. */
static void
put_fields(const struct reading *r, struct text *soql)
{
    for (size_t i = 0; i < N_ALWAYS; i++)
        text_printf(soql, "%s%s", i > 0 ? ", " : "", always[i]);
    for (size_t i = 0; i < r->map->n; i++) {
        const char *name = r->map->pairs[i].name[SIDE_SALESFORCE];
        size_t k = 0;

        while (k < N_ALWAYS && strcasecmp(name, always[k]) != 0)
            k++;
        if (k == N_ALWAYS)
            text_printf(soql, ", %s", name);
    }
}

/* false: there is no id to ask for. */
static bool
make_soql(enum activity activity, const struct reading *r, struct text *soql)
{
    const char *comma = "";
    char id[SF_ID_SIZE];

    text_puts(soql, "SELECT ");
    put_fields(r, soql);
    text_printf(soql, " FROM %s WHERE Id IN (",
                activity_facts(activity)->object);
    for (size_t i = 0; i < r->n; i++) {
        if (!sf_id_normalise(r->ids[i], id))
            continue;
        text_printf(soql, "%s'%s'", comma, id);
        comma = ", ";
    }
    text_puts(soql, ")");
    text_putc(soql, '\0');
    return comma[0] != '\0';
}

static int
read_salesforce(struct salesforce *sf, enum activity activity,
                struct reading *r, struct error *err)
{
    struct text soql;
    int rv = 0;

    text_init(&soql);
    if (make_soql(activity, r, &soql))
        rv = salesforce_query(sf, soql.data, true, take_row, r, err);
    text_fini(&soql);
    return rv;
}

int
current_read(const struct services *services, enum side side,
             enum activity activity, const struct mapping *map,
             const char *const *ids, size_t n, struct current *out,
             struct error *err)
{
    struct reading r = {map, ids, n, out};

    memset(out, 0, n * sizeof(*out));
    return side == SIDE_HUBSPOT
               ? read_hubspot(services->hubspot, activity, false, &r, err)
               : read_salesforce(services->salesforce, activity, &r, err);
}

int
current_find_deleted(const struct services *services, enum activity activity,
                     const struct mapping *map, const char *const *ids,
                     size_t n, struct current *out, struct error *err)
{
    const char *missing[CURRENT_MAX];
    struct current found[CURRENT_MAX];
    size_t of[CURRENT_MAX];
    struct reading r = {map, missing, 0, found};
    int rv;

    for (size_t i = 0; i < n && i < CURRENT_MAX; i++)
        if (out[i].state == CURRENT_MISSING) {
            missing[r.n] = ids[i];
            of[r.n++] = i;
        }
    memset(found, 0, sizeof(found));
    rv = read_hubspot(services->hubspot, activity, true, &r, err);
    for (size_t i = 0; i < r.n; i++) {
        out[of[i]].state = found[i].state;
        out[of[i]].modified_at = found[i].modified_at;
        current_fini(&found[i]);
    }
    return rv;
}
