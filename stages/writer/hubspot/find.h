/* find: the search for a record that may have been made for a Salesforce
 * record, and which of its results it is. Pure (hubspot-api.md, 2.3). */
#ifndef WRITER_HUBSPOT_FIND_H
#define WRITER_HUBSPOT_FIND_H

#include "common/activity.h"
#include <cJSON.h>
#include <stdbool.h>
#include <stdint.h>

struct hubspot_sought {
    enum activity activity;
    const char *salesforce_id;
    bool has_property;       /* there is a crmpipe_salesforce_id */
    const cJSON *properties; /* that it was to be made of: name -> string */
    int64_t since;           /* when: ms since 1970 UTC, by HubSpot's clock */
};

/* What follows HUBSPOT_OBJECTS in the path: "/calls/search". */
void hubspot_find_tail(enum activity activity, char *buf, size_t size);
/* The body: by the property, or by time and title, made since then. Caller
 * frees with cJSON_Delete(). */
cJSON *hubspot_find_body(const struct hubspot_sought *sought);

/* The id of the record in the answer: the one that bears the Salesforce id, or
 * else the first that bears none and that `is_free` says belongs to nobody.
 * false: it is not among them. */
bool hubspot_find_read(const struct hubspot_sought *sought, const cJSON *answer,
                       bool (*is_free)(void *ctx, const char *id), void *ctx,
                       char id[32]);

#endif
