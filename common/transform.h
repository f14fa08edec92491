/* transform: the values of an activity in a canonical form that both sides are
 * compared in, and back into what each side's API takes. Pure but for the
 * look-ups that the caller brings, and zone.h.
 *
 * What holds for every value v that transform_canon() takes, on either side:
 *   rendering c = canon(v) for a side and reading that gives c again, as long
 *   as the look-ups know the owner, and the zone did not leave the date out.
 * So a value that was brought over is equal to its origin, even if it had to be
 * shortened or lost a distinction on the way.
 *
 * Canonical, by transform:
 *   text         trimmed, LF line ends, cut to what the Salesforce field holds
 *                (on both sides; 65,536 UTF-16 units where that is not known)
 *   html         plain text, tidy (html_write.h), trimmed, cut likewise and to
 *                what fits into a HubSpot property as HTML
 *   number       number.h
 *   ms_to_s      whole seconds, rounded, of at most 8 digits
 *   bool         "true" | "false"
 *   time         ms since 1970, whole seconds (rounded down)
 *   date         "2024-04-25"; for HubSpot it is noon of that day in the zone
 *   disposition  the label; a GUID or label that nobody knows stays as it is
 *   owner        the e-mail in lower case; an id that nobody knows stays
 *   *_status, task_priority, call_direction
 *                the Salesforce label (picklist.h); an unknown one stays, and
 *                does not go to HubSpot, which refuses it */
#ifndef COMMON_TRANSFORM_H
#define COMMON_TRANSFORM_H

#include "common/mapping.h"
#include "common/text.h"
#include <cJSON.h>

/* What the world knows. A look-up returns NULL when it knows nothing, and what
 * it returns stays until the next call of any; each may be NULL. */
struct transform_env {
    const char *zone; /* the Salesforce org's time zone; never NULL */
    void *ctx;        /* for the look-ups */
    /* The e-mail address of a HubSpot owner id, of a Salesforce user id. */
    const char *(*owner_email)(void *ctx, enum side side, const char *id);
    /* And the id that an address, in lower case, has on that side. */
    const char *(*owner_id)(void *ctx, enum side side, const char *email);
    /* The account's own call dispositions, which come before HubSpot's six. */
    const char *(*disposition_label)(void *ctx, const char *id);
    const char *(*disposition_id)(void *ctx, const char *label); /* any case */
};

/* Append the canonical form of a value as that side gives it: its text, the
 * digits of a number, "true" or "false"; NULL: null or absent. What is no UTF-8
 * becomes U+FFFD.
 *   1   there is a value
 *   0   it is empty; nothing was appended
 *  -1   (EX_DATAERR) it makes no sense; the name is in the error, the value is
 *       not. (EX_CONFIG) the zone is not known on this machine.
 * A Status, a Priority and a truth value are never empty, since Salesforce's
 * cannot be: null is "Not Started" (a task's) or "Completed", "Normal",
 * "false". */
int transform_canon(const struct transform_env *env,
                    const struct mapping_pair *pair, enum side side,
                    const char *value, size_t len, struct text *out,
                    struct error *err);

/* The value for that side's API: for HubSpot always a string, "" clears; for
 * Salesforce a string, number or truth value, null clears. `canon` NULL or of
 * no length: empty. Caller frees with cJSON_Delete().
 *  -1   (EX_NOUSER) no owner of that side has the address, or Salesforce would
 *       be left without one, or HubSpot's enumeration has no such value;
 *       (EX_DATAERR) it is no canonical value; (EX_CONFIG) the zone is not
 *       known. *out is NULL then. */
int transform_render(const struct transform_env *env,
                     const struct mapping_pair *pair, enum side side,
                     const char *canon, size_t len, cJSON **out,
                     struct error *err);

/* What a text of this pair is cut to on both sides, in UTF-16 units. */
size_t transform_units_max(const struct mapping_pair *pair);

#endif
