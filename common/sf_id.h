/* sf_id: Salesforce's record ids. Pure.
 *
 * 15 characters that are told apart by case, or those 15 and 3 more that hold
 * which of them are capitals, so that an id survives programs that lose case.
 * crmpipe keeps 18 everywhere (salesforce-api.md, 11). */
#ifndef COMMON_SF_ID_H
#define COMMON_SF_ID_H

#include <stdbool.h>

#define SF_ID_SIZE 19 /* 18 characters and NUL */

/* Fill `out` with the 18 characters of a 15- or 18-character id. An
 * 18-character id whose case was lost (all capitals or all small letters) is
 * mended. false: it is no id; `out` is "" then. `id` may be NULL. */
bool sf_id_normalise(const char *id, char out[SF_ID_SIZE]);

/* The object that an id belongs to by its first three characters: "Contact",
 * "Lead", "Account", "Opportunity", "Task", "Event", "User"; NULL: another or
 * no id. Borrowed for ever. */
const char *sf_id_object(const char *id);

#endif
