/* whom: the contact that --contact names, and contacts' addresses, by the
 * state.
 */
#ifndef REPORT_WHOM_H
#define REPORT_WHOM_H

#include "common/store.h"

/* Can it be an id of HubSpot, of a person in Salesforce, or an address? */
bool whom_is_name(const char *word);
/* The contact of that name, by the id that outcomes know it by. An id that the
 * state does not know is one. -1: nobody has this address, or several people
 * have (EX_DATAERR). */
int whom_find(struct store *store, const char *word, char id[EVENT_WHOM_SIZE],
              struct error *err);
/* Its address; "": not known. */
int whom_email(struct store *store, const char *id, char email[256],
               struct error *err);

#endif
