/* import: see import.h. */
#include "stages/fetcher/import.h"

#include "common/timetext.h"
#include "stages/fetcher/hubspot/contacts.h"
#include "stages/fetcher/hubspot/engagements.h"
#include "stages/fetcher/salesforce/people.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPES_MAX 8
#define NAME_SIZE 64

struct import {
    struct import_wish wishes[TYPES_MAX];
    char names[TYPES_MAX][NAME_SIZE];
    struct feed feeds[TYPES_MAX];
    const struct feed *list[TYPES_MAX + 2];
    size_t n;
};

struct service {
    const char *name;
    const struct feed *people;
    bool (*knows)(const char *type);
    int (*poll)(const struct feed_env *env, const struct feed *feed,
                const cJSON *cursor, struct feed_page *page, struct error *err);
};

static const struct service services[] = {
    {"hubspot", &contacts_feed, engagements_has, import_poll_hubspot},
    {"salesforce", &people_feed, import_knows_salesforce,
     import_poll_salesforce},
};

static int
add(struct import *import, const struct service *service, const char *type,
    size_t len, int64_t since_ms, struct error *err)
{
    size_t n = import->n;
    struct import_wish *wish = &import->wishes[n];
    char *name = import->names[n];

    if (n == TYPES_MAX || len >= sizeof(wish->type))
        return error_set(err, EX_USAGE, "--import has too much in it");
    memcpy(wish->type, type, len);
    wish->since_ms = since_ms;
    if (!service->knows(wish->type))
        return error_set(err, EX_USAGE, "--import: \"%s\" cannot be read there",
                         wish->type);
    if (since_ms == IMPORT_ALL)
        snprintf(name, NAME_SIZE, "%s.import.%.*s", service->name, (int)len,
                 type);
    else
        snprintf(name, NAME_SIZE, "%s.import.%.*s.%" PRId64, service->name,
                 (int)len, type, since_ms);
    import->feeds[n] = (struct feed){
        .name = name, .data = wish, .ends = true, .poll = service->poll};
    import->list[++import->n] = &import->feeds[n];
    return 0;
}

static int
add_all(struct import *import, const struct service *service, const char *types,
        int64_t since_ms, struct error *err)
{
    int rv = 0;

    import->list[0] = service->people;
    while (*types != '\0' && rv == 0) {
        size_t len = strcspn(types, ",");

        rv = add(import, service, types, len, since_ms, err);
        types += len + (types[len] == ',');
    }
    return rv;
}

int
import_new(const char *service, const char *types, const char *since,
           struct import **out, struct error *err)
{
    size_t which = strcmp(service, services[0].name) == 0 ? 0 : 1;
    int64_t since_ms = IMPORT_ALL;

    if (since != NULL && timetext_parse(since, strlen(since), &since_ms) < 0)
        return error_set(err, EX_USAGE, "--since is no time: \"%s\"", since);
    *out = calloc(1, sizeof(**out));
    if (*out == NULL)
        abort();
    if (add_all(*out, &services[which], types, since_ms, err) == 0)
        return 0;
    import_free(*out);
    *out = NULL;
    return -1;
}

void
import_free(struct import *import)
{
    free(import);
}

const struct feed *const *
import_feeds(const struct import *import)
{
    return import->list;
}
