/* pattern: which kind an event type of HubSpot belongs to, by the names that
 * the config lists ([timeline.*] event_types). Pure. */
#ifndef FETCHER_HUBSPOT_PATTERN_H
#define FETCHER_HUBSPOT_PATTERN_H

#include "common/kind.h"
#include <stdbool.h>

/* Kinds that have event types, in the order in which they are asked. */
#define PATTERN_KINDS 4
extern const enum kind pattern_kinds[PATTERN_KINDS];

/* Does the name match one of the patterns? They are separated by blanks or
 * commas; * stands for any characters (none too), ? for exactly one; capitals
 * count. An empty list matches nothing. */
bool pattern_matches(const char *patterns, const char *name);

/* The first kind, by the order of pattern_kinds, one of whose patterns matches;
 * KIND_NONE: none. `lists` go with pattern_kinds; NULL is an empty one. */
enum kind pattern_kind(const char *const lists[PATTERN_KINDS],
                       const char *name);

#endif
