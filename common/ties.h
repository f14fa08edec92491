/* ties: whom and what a record hangs on, and what of it is kept equal: one
 * person and one account, as values of the merge. Pure.
 *
 * The value of both sides is the Salesforce id (18 characters) of the person or
 * the account. A HubSpot record may hang on many: its value is the one that was
 * agreed on, while that is among them, else the one that the Salesforce record
 * hangs on if that is, else the first that Salesforce has. A value that may not
 * go over begins with VALUE_ALONE, and behind it comes its id in Salesforce, or
 * if it has none there the id that it has on its own side. */
#ifndef COMMON_TIES_H
#define COMMON_TIES_H

#include "common/event.h"
#include "common/mapping.h"

/* One person or account, on both sides; "": that side has it not. */
struct tie {
    char id[SIDE_COUNT][24];
};

struct tie_list {
    struct tie *tie;
    size_t n, size;
};

/* What a record of either side hangs on. */
struct ties {
    struct tie_list list[MAPPING_TIES]; /* [MAPPING_NO_TIE] is not used */
    /* Of a Salesforce record: */
    char who[20], what[20];  /* 18 characters, or "" */
    struct tie_list derived; /* accounts that it does not name itself */
};

/* Nothing is added when both ids are empty, or one is too long. */
void tie_list_add(struct tie_list *list, const char *hubspot_id,
                  const char *salesforce_id);
/* NULL: none has that id on that side. Borrowed. */
const struct tie *tie_list_find(const struct tie_list *list, enum side side,
                                const char *id);
/* All of `from` that are not there yet, by their id on that side. */
void tie_list_join(struct tie_list *list, enum side side,
                   const struct tie_list *from);
/* Make `value`, a Salesforce id, one of a HubSpot record's list, by what
 * `known` says of it, and take away the one that was agreed before; both may be
 * "" or NULL. The others stay. */
void tie_list_move(struct tie_list *list, const struct tie_list *known,
                   const char *agreed, const char *value);
void tie_list_fini(struct tie_list *list);
void ties_fini(struct ties *ties);

/* Of an event's own record: what its fields say, and of one of Salesforce its
 * props. End with ties_fini(). */
void ties_of_event(const struct event *ev, enum side side, struct ties *out);
/* Of a Salesforce record: what its fields say, beside the person and the
 * account that HubSpot has too, which are there already. Each may be NULL. */
void ties_set_parents(struct ties *ties, const char *who, const char *what,
                      const char *account);

/* Is the person a lead? By the id, which may be NULL. */
bool tie_is_lead(const char *salesforce_id);

/* May WhatId not be overwritten by an account? It is something that is no
 * account; an opportunity only if `prefers_opportunity`. */
bool ties_keep_what(const struct ties *ties, bool prefers_opportunity);

/* The value of a list. `agreed`: the last value, or what has become of it; may
 * be NULL. NULL: there is nothing. Caller frees. */
char *tie_list_value(const struct tie_list *list, enum side side,
                     const char *agreed);

#endif
