/* transform_world: owners and dispositions for the tests of transform. */
#ifndef TESTS_COMMON_TRANSFORM_WORLD_H
#define TESTS_COMMON_TRANSFORM_WORLD_H

#include "common/transform.h"

#include <string.h>
#include <strings.h>

#define OWN_GUID   "1d0f1b5e-6a0c-4c6e-9b55-3c2a8d6f7e10"
#define LATER_GUID "2d0f1b5e-6a0c-4c6e-9b55-3c2a8d6f7e10"
#define AGAIN_GUID "3d0f1b5e-6a0c-4c6e-9b55-3c2a8d6f7e10"
#define CONNECTED  "f240bbac-87c9-4f6e-bf70-924b57d47db7"
#define BUSY       "9d9162e7-6cf3-4944-bf63-4dff82258764"

static const struct {
    const char *email, *id[SIDE_COUNT]; /* NULL: none there */
} world_owners[] = {
    {"anna@example.com", {"41629779", "005A0000000AAAAAA0"}},
    {"Bob.Ö@Example.com", {"41629780", "005A0000000BBBBBB0"}},
    {"only@hubspot.example", {"41629781", NULL}},
    {"only@salesforce.example", {NULL, "005A0000000CCCCCC0"}},
};
#define WORLD_OWNERS (sizeof(world_owners) / sizeof(world_owners[0]))

static const char *
world_email(void *ctx, enum side side, const char *id)
{
    (void)ctx;
    for (size_t i = 0; i < WORLD_OWNERS; i++)
        if (world_owners[i].id[side] != NULL &&
            strcmp(world_owners[i].id[side], id) == 0)
            return world_owners[i].email;
    return NULL;
}

static const char *
world_owner(void *ctx, enum side side, const char *email)
{
    (void)ctx;
    for (size_t i = 0; i < WORLD_OWNERS; i++)
        if (strcasecmp(world_owners[i].email, email) == 0)
            return world_owners[i].id[side];
    return NULL;
}

/* One that is the account's own, one of HubSpot's by another name, and two of
 * one name. */
static const char *const world_dispositions[][2] = {
    {OWN_GUID, "Rückruf gewünscht"},
    {CONNECTED, "Erreicht"},
    {LATER_GUID, "Later"},
    {AGAIN_GUID, "LATER"},
};
#define WORLD_DISPOSITIONS                                                     \
    (sizeof(world_dispositions) / sizeof(world_dispositions[0]))

static const char *
world_disposition(int from, int to, const char *what)
{
    for (size_t i = 0; i < WORLD_DISPOSITIONS; i++)
        if (strcasecmp(world_dispositions[i][from], what) == 0)
            return world_dispositions[i][to];
    return NULL;
}

static const char *
world_label(void *ctx, const char *id)
{
    (void)ctx;
    return world_disposition(0, 1, id);
}

static const char *
world_guid(void *ctx, const char *label)
{
    (void)ctx;
    return world_disposition(1, 0, label);
}

static const struct transform_env world = {
    .zone = "Europe/Berlin",
    .owner_email = world_email,
    .owner_id = world_owner,
    .disposition_label = world_label,
    .disposition_id = world_guid,
};

/* hs_x = FIELD, both, TRANSFORM */
static struct mapping_pair
world_pair(enum transform transform, const char *field)
{
    struct mapping_pair pair = {.transform = transform};

    strcpy(pair.name[SIDE_HUBSPOT], "hs_x");
    strcpy(pair.name[SIDE_SALESFORCE], field);
    return pair;
}

#endif
