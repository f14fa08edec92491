/* keyset: how a search feed walks through all that has changed, in the order of
 * the time of change, without offsets (a search shows no more than 10,000
 * records). Pure.
 *
 * A search can be sorted by one property only. So it asks for what changed at
 * or after t, sorted by time, page after page, t being the last time seen; a
 * record that comes twice is known by its id. When a whole page has one and the
 * same time, it asks for that time alone, sorted by record id, from the last id
 * on (tie mode), and then for what is later.
 *
 * A pass is over when a page is not full. The next one begins where this one
 * began, less an overlap, and now and then further back, because the search
 * index lags (hubspot-api.md, 11.1, 11.2). */
#ifndef FETCHER_HUBSPOT_KEYSET_H
#define FETCHER_HUBSPOT_KEYSET_H

#include "common/error.h"
#include <cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEYSET_PAGE 200           /* the search's largest page */
#define KEYSET_FROM INT64_C(1000) /* at 0 the service fails */
#define KEYSET_ID   24

struct keyset {
    int64_t t;           /* from this time of change on, ms */
    char id[KEYSET_ID];  /* tie mode: at t, above this id; else "" */
    int64_t begun_at;    /* when the pass that runs began; 0: none runs */
    int64_t seen_at;     /* when the last complete pass began; 0: never */
    int64_t looked_at;   /* when the last second look began */
    bool is_second_look; /* the pass that runs is one */
};

struct keyset_rules {
    int64_t now;           /* the service's clock */
    int64_t first_look_ms; /* the first pass reads so far back; < 0: all */
    int64_t overlap_ms;
    int64_t second_look_ms; /* 0: never */
};

/* A record of a page. */
struct keyset_record {
    int64_t t;
    char id[KEYSET_ID];
};

/* Read a cursor; one that is NULL or lacks everything is the very first. */
void keyset_read(struct keyset *k, const cJSON *cursor);
/* The cursor for the next poll. Caller frees with cJSON_Delete(). */
cJSON *keyset_write(const struct keyset *k);

/* Before a page: when no pass runs, one begins. */
void keyset_begin(struct keyset *k, const struct keyset_rules *rules);
/* The body of the search for the next page. `property` is the time of change,
 * `wanted` a NULL-terminated list. Caller frees with cJSON_Delete(). */
cJSON *keyset_search(const struct keyset *k, const char *property,
                     const char *const *wanted);
/* Parts of a search: one more filter; how it is sorted, the properties that are
 * wanted (NULL-terminated), the largest page. */
void keyset_filter(cJSON *filters, const char *property, const char *op,
                   const char *value);
void keyset_rest(cJSON *body, const char *sorted_by, const char *const *wanted);
/* Is an id above another? They are numbers that may not fit into a double. */
bool keyset_id_above(const char *a, const char *b);

/* Was a record asked for? One that is being changed meanwhile can come although
 * it lies outside of the range; it comes again in its place. */
bool keyset_is_asked(const struct keyset *k, const struct keyset_record *r);
/* After a page of all its records, in their order. Returns whether the pass
 * goes on. */
bool keyset_next(struct keyset *k, const struct keyset_record *page, size_t n);

#endif
