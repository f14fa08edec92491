/* found: what a batch read says of the records that it was asked for
 * (hubspot-api.md, 2.2). Pure.
 *
 * Only a record that HubSpot names as not to be found is missing. One that was
 * merged into another, that may not be read, or of which the answer says
 * nothing, is none of that. */
#ifndef FETCHER_HUBSPOT_FOUND_H
#define FETCHER_HUBSPOT_FOUND_H

#include <cJSON.h>
#include <stddef.h>
#include <stdint.h>

enum found_state { FOUND_UNCLEAR, FOUND_ALIVE, FOUND_ARCHIVED, FOUND_MISSING };

struct found {
    enum found_state state;
    int64_t at; /* ms; alive: its last change, archived: since when; 0: it is
                   not said */
};

/* Property that names the records which were merged into one. */
#define FOUND_MERGED  "hs_merged_object_ids"
#define FOUND_CHANGED "hs_lastmodifieddate"

/* To `out` for each of the n ids. */
void found_read(const cJSON *answer, const char *const *ids, size_t n,
                struct found *out);

#endif
