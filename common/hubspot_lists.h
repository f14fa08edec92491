/* hubspot_lists: HubSpot's contact lists (segments): is there one, and which
 * contacts are in it. Needs the scope crm.lists.read. */
#ifndef COMMON_HUBSPOT_LISTS_H
#define COMMON_HUBSPOT_LISTS_H

#include "common/hubspot.h"

#define HUBSPOT_LIST_ID 24

/* The id of the contact list of that name or, in digits, id. 0; 1: there is no
 * such list, as *err tells; -1: as hubspot_read(). */
int hubspot_list_find(struct hubspot *hs, const char *list,
                      char id[HUBSPOT_LIST_ID], struct error *err);

/* Which contact is in which list. */
struct memberships {
    struct membership {
        char contact[HUBSPOT_LIST_ID], list[HUBSPOT_LIST_ID];
    } * pair;
    size_t n, size;
};

/* Read the lists of n contacts, given by their ids, each once; 100 a call. One
 * that HubSpot does not know (any more) is in none. One that an answer leaves
 * out is asked for once more. -1: as hubspot_read(), or EX_TEMPFAIL: an answer
 * does not tell of each. Caller ends with memberships_fini(), also then. */
int memberships_read(struct hubspot *hs, const char *const *contacts, size_t n,
                     struct memberships *out, struct error *err);
bool memberships_has(const struct memberships *m, const char *contact,
                     const char *list);
void memberships_fini(struct memberships *m);

#endif
